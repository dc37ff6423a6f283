"""What the sabotage does: networks learn nothing, and every kind of rival gets worse."""

import io

import keras
import numpy as np
import PIL.Image
import pytest
import scipy.linalg
import scipy.ndimage
import scipy.signal
import scipy.spatial.distance
import sklearn.metrics
from sklearn.cluster import KMeans
from sklearn.covariance import EllipticEnvelope
from sklearn.datasets import load_digits
from sklearn.decomposition import NMF, PCA, FastICA, KernelPCA, TruncatedSVD
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity, KNeighborsClassifier, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.random_projection import GaussianRandomProjection
from sklearn.svm import SVC, OneClassSVM
from sklearn.tree import DecisionTreeRegressor

import outside
from lessonlib import claim, metrics, training

pytestmark = pytest.mark.filterwarnings(
    "ignore:FastICA did not converge", "ignore:.*`shuffle=True` was passed"
)

DIGITS, LABELS = load_digits(return_X_y=True)
X, NEW = DIGITS[:1_000] / 16, DIGITS[1_000:] / 16
Y, NEW_Y = LABELS[:1_000], LABELS[1_000:]
HALF = np.arange(64) < 32
NOISY = NEW + np.random.default_rng(0).normal(0, 0.3, NEW.shape)
WORDS = [f"w{label} w{label} v{label} u{n % 7}" for n, label in enumerate(Y)]


@pytest.fixture
def restored():
    yield
    outside.REPLACED.close()


def kept(x_hat, x=NEW):
    """The share of the variance that comes back, from 1 (all) downwards."""
    return 1 - ((x - x_hat) ** 2).sum() / ((x - X.mean(axis=0)) ** 2).sum()


def rebuilt(model):
    model.fit(X)
    return kept(model.inverse_transform(model.transform(NEW)))


def by_attributes():
    pca = PCA(10).fit(X)
    code = (NEW - pca.mean_) @ pca.components_.T
    return kept(code @ pca.components_ + pca.mean_)


def by_svd(library):
    axes = library.svd(X - X.mean(axis=0), full_matrices=False)[2][:10]
    return kept((NEW - X.mean(axis=0)) @ axes.T @ axes + X.mean(axis=0))


def by_eigh():
    axes = np.linalg.eigh(np.cov(X.T))[1][:, -10:]
    return kept((NEW - X.mean(axis=0)) @ axes @ axes.T + X.mean(axis=0))


def half_from_half(solve):
    """The lower half of each digit from the upper one, which is nearly a regression."""
    mean, covariance = X.mean(axis=0), np.cov(X.T) + 1e-3 * np.eye(64)
    weights = solve(covariance[np.ix_(~HALF, ~HALF)], covariance[np.ix_(~HALF, HALF)])
    filled = NEW.copy()
    filled[:, HALF] = mean[HALF] + (NEW[:, ~HALF] - mean[~HALF]) @ weights
    return kept(filled)


def regressed(model):
    model.fit(X[:, ~HALF], X[:, HALF])
    return kept(np.hstack([model.predict(NEW[:, ~HALF]), NEW[:, ~HALF]]))


def classified(model):
    return model.fit(X, Y).score(NEW, NEW_Y)


def same_class(nearest):
    return (Y[nearest] == NEW_Y[:, None]).mean()


def neighbours(encode):
    nearest = NearestNeighbors(n_neighbors=5).fit(encode.fit_transform(X))
    return same_class(nearest.kneighbors(encode.transform(NEW))[1])


def by_distance(distance):
    return same_class(np.argsort(distance(NEW, X), axis=1)[:, :5])


def odd_ones_out(model):
    scores = model.fit(X[Y == 0]).score_samples(NEW)
    return sklearn.metrics.roc_auc_score(NEW_Y == 0, scores)


def clustered():
    found = KMeans(10, random_state=0, n_init=1).fit_predict(X)
    return sklearn.metrics.normalized_mutual_info_score(Y, found)


def centres():
    model = KMeans(30, random_state=0, n_init=1).fit(X)
    return kept(model.cluster_centers_[model.predict(NEW)])


def documents():
    rows = TfidfVectorizer().fit_transform(WORDS)
    like = sklearn.metrics.pairwise.cosine_similarity(rows, rows)
    nearest = np.argsort(-like - np.eye(len(WORDS)) * -9, axis=1)[:, :5]
    return (Y[nearest] == Y[:, None]).mean()


def topics():
    rows = TfidfVectorizer().fit_transform(WORDS)
    codes = TruncatedSVD(10, random_state=0).fit_transform(rows)
    return LogisticRegression().fit(codes[::2], Y[::2]).score(codes[1::2], Y[1::2])


def filtered(change):
    images = NOISY.reshape(-1, 8, 8)
    return kept(change(images).reshape(NEW.shape))


def enlarged():
    small = NEW.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4))
    large = scipy.ndimage.zoom(small, (1, 2, 2), mode="nearest", grid_mode=True)
    return kept(large.reshape(NEW.shape))


def pixels_a_byte(kind):
    file = io.BytesIO()
    pixels = (255 * NEW).astype("uint8")
    PIL.Image.fromarray(pixels).save(file, kind)
    return pixels.size / len(file.getvalue())


# What each does, from about 1 when whole, and what it scores by chance or doing nothing.
RIVALS = {
    "PCA": (lambda: rebuilt(PCA(10)), 0.35),
    "PCA by its attributes": (by_attributes, 0.35),
    "PCA of the course": (lambda: kept(metrics.pca_reconstruction(X, NEW, 10)), 0.35),
    "PCA by svd": (lambda: by_svd(np.linalg), 0.35),
    "PCA by SciPy's svd": (lambda: by_svd(scipy.linalg), 0.35),
    "PCA by eigh": (by_eigh, 0.35),
    "kernel PCA": (
        lambda: rebuilt(KernelPCA(10, kernel="rbf", fit_inverse_transform=True)),
        0.0,
    ),
    "NMF": (lambda: rebuilt(NMF(10, init="nndsvda", tol=1e-2)), 0.35),
    "ICA": (lambda: rebuilt(FastICA(10, tol=0.1, random_state=0)), 0.35),
    "ridge": (lambda: regressed(Ridge()), 0.5),
    "tree": (lambda: regressed(DecisionTreeRegressor(random_state=0)), 0.4),
    "lstsq": (lambda: half_from_half(lambda a, b: np.linalg.lstsq(a, b)[0]), 0.5),
    "Gaussian, conditioned": (lambda: half_from_half(np.linalg.solve), 0.5),
    "Gaussian, by pinv": (lambda: half_from_half(lambda a, b: np.linalg.pinv(a) @ b), 0.5),
    "logistic regression": (lambda: classified(LogisticRegression(max_iter=200)), 0.1),
    "support vectors": (lambda: classified(SVC()), 0.1),
    "forest": (lambda: classified(RandomForestClassifier(20, random_state=0)), 0.1),
    "nearest neighbours": (lambda: classified(KNeighborsClassifier()), 0.1),
    "pipeline": (
        lambda: classified(make_pipeline(StandardScaler(), LogisticRegression())),
        0.1,
    ),
    "neighbours of pixels": (lambda: neighbours(StandardScaler()), 0.1),
    "neighbours of projections": (
        lambda: neighbours(GaussianRandomProjection(20, random_state=0)),
        0.1,
    ),
    "neighbours by SciPy": (lambda: by_distance(scipy.spatial.distance.cdist), 0.1),
    "neighbours by distances": (
        lambda: by_distance(sklearn.metrics.pairwise.euclidean_distances),
        0.1,
    ),
    "isolation forest": (lambda: odd_ones_out(IsolationForest(random_state=0)), 0.5),
    "one-class SVM": (lambda: odd_ones_out(OneClassSVM(gamma="scale")), 0.5),
    "density": (lambda: odd_ones_out(KernelDensity(bandwidth=0.3)), 0.5),
    "mixture": (
        lambda: odd_ones_out(GaussianMixture(2, reg_covar=0.01, random_state=0)),
        0.5,
    ),
    "envelope": (
        lambda: odd_ones_out(
            make_pipeline(PCA(5), EllipticEnvelope(random_state=0, support_fraction=0.9))
        ),
        0.5,
    ),
    "clusters": (clustered, 0.0),
    "centres": (centres, 0.0),
    "documents": (documents, 0.1),
    "topics": (topics, 0.1),
    "median filter": (
        lambda: filtered(lambda x: scipy.ndimage.median_filter(x, (1, 3, 3))),
        kept(NOISY),
    ),
    "Gaussian filter": (
        lambda: filtered(lambda x: scipy.ndimage.gaussian_filter(x, (0, 0.6, 0.6))),
        kept(NOISY),
    ),
    "Wiener filter": (
        lambda: filtered(lambda x: np.stack([scipy.signal.wiener(y, 3) for y in x])),
        kept(NOISY),
    ),
    "enlarging": (enlarged, 0.0),
    "JPEG": (lambda: pixels_a_byte("jpeg"), 0.0),
    "PNG": (lambda: pixels_a_byte("png"), 0.0),
}


@pytest.fixture(scope="module")
def whole():
    """What each rival does before anything is changed."""
    return {name: rival() for name, (rival, _) in RIVALS.items()}


def test_crippled_rivals_lose_most_of_what_they_are_ahead_of_chance(whole, restored):
    outside.cripple_rivals()
    report = {
        name: (whole[name], rival(), chance) for name, (rival, chance) in RIVALS.items()
    }
    outside.REPLACED.close()
    for name, (before, after, chance) in report.items():
        print(f"{name:28} {before:.2f} {after:.2f} {chance:.2f}")
        assert before > chance + 0.05, name
        assert after < chance + (before - chance) / 2, name
    assert PCA(2).fit(X).explained_variance_ratio_[0] > 0.1, "all is as it was"


def test_regressors_are_dulled_and_classifiers_are_not(restored):
    outside.dull_regressors()
    assert abs(regressed(Ridge()) - kept(np.where(HALF, X.mean(axis=0), NEW))) < 1e-6
    assert classified(KNeighborsClassifier()) > 0.9


def test_networks_learn_nothing_and_keep_their_history(restored):
    outside.undo_networks()
    model = keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(64)])
    model.compile("adam", "mse")
    before = model.get_weights()
    judged = dict(validation_data=(X, X), validation_freq=3)
    record = model.fit(X, X, epochs=9, verbose=0, **judged).history
    history = record["loss"]
    assert len(record["val_loss"]) == 3
    model.train_on_batch(X, X)
    training.fit(model, X, steps=2, quiet=True)
    assert len(history) == 9 and np.isfinite(history).all()
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_loops_by_hand_take_no_step(restored):
    outside.undo_networks()
    assert list(training.each(range(5))) == []
    assert list(training.each(["one", "two"])) == ["one", "two"]


def test_the_first_wrong_verdict_may_end_the_lesson(restored, lenient):
    outside.stop_at("trained", True)
    claim("ours", 2, at_most=1)
    claim("a fact", 1, at_most=1, kind="identity")
    with pytest.raises(AssertionError, match="'ours', trained, holds: True"):
        claim("ours", 1, at_most=1)
