"""What people pass instead of a NumPy array: read as what it stands for, or refused."""

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy.sparse
import tensorflow as tf

from inputs import Table
from lessonlib import (
    data,
    few_labels,
    live,
    metrics,
    neighbours,
    noise,
    plots,
    restoring,
    signals,
    training,
)

DIGITS = data.load_mnist()
LABELS = DIGITS.y_test[:30]
X = DIGITS.flat.x_test[:30]
WORSE, BETTER = X * 0.8, X * 0.9
MODEL = keras.Sequential([keras.layers.Input((784,)), keras.layers.Dense(3)])
SAME = keras.Sequential([keras.layers.Input((784,)), keras.layers.Dense(784)])
CHAIN = [(np.eye(784), np.zeros(784), "linear")]


def rng():
    return np.random.default_rng(0)


# Each takes a function that turns arrays into whatever is tried.
MEASURES = {
    "squared_error": lambda like: metrics.squared_error(like(X), like(WORSE)),
    "share_lost": lambda like: metrics.share_lost(like(X), like(WORSE)),
    "pca_shares_left": lambda like: metrics.pca_shares_left(like(X), like(X), [2]),
    "vote_accuracy": lambda like: neighbours.vote_accuracy(
        like(X), LABELS, like(X), LABELS, 2
    ),
    "agreement": lambda like: neighbours.agreement(like(X), LABELS, like(X), 2),
    "nearest_strands": lambda like: neighbours.nearest_strands(like(X), X[:, 300], 0.1),
    "psnr": lambda like: metrics.psnr(like(X), like(WORSE)),
    "paired_gain": lambda like: metrics.paired_gain(like(X), like(WORSE), like(BETTER)),
    "paired_psnr_gain": lambda like: metrics.paired_psnr_gain(
        like(X), like(WORSE), like(BETTER)
    ),
    "r2": lambda like: metrics.r2(like(X), like(WORSE)),
    "pca": lambda like: metrics.pca_reconstruction(like(X), like(X), 2),
    "angles": lambda like: metrics.principal_angles(like(X[:2]), like(X[2:4])),
    "linear_probe": lambda like: metrics.linear_probe(like(X), LABELS, like(X), LABELS),
    "gaussian": lambda like: noise.gaussian(like(X), 0.3, rng()),
    "masking": lambda like: noise.masking(like(X), 0.3, rng()),
    "salt_and_pepper": lambda like: noise.salt_and_pepper(like(X), 0.3, rng()),
    "affine_warp": lambda like: noise.affine_warp(like(X), rng()),
    "median": lambda like: restoring.median(3, like(X)),
    "blur": lambda like: restoring.blur(1, like(X)),
    "punch": lambda like: restoring.punch(like(X), rng()),
    "fill": lambda like: restoring.fill(like(X), like(WORSE)),
    "trial": lambda like: restoring.Trial(like(X), like(WORSE), like(X)).best(
        restoring.blur, [0, 1]
    ),
    "svm_settings": lambda like: list(
        few_labels.svm_settings(like(X), LABELS, like(X), LABELS).values()
    ),
    "layer_spreads": lambda like: signals.layer_spreads(MODEL, like(X)),
    "gradient_lengths": lambda like: signals.gradient_lengths(SAME, like(X)),
    "outputs": lambda like: training.outputs(MODEL, like(X)),
    "batches": lambda like: np.sort(
        next(iter(training.batches(like(X), like(WORSE), batch_size=30))), axis=1
    ),
    "unscale": lambda like: data.make_curve(100).unscale(like(X[:, 300:304])),
    "network_error": lambda like: live.network_error(CHAIN, like(X)),
    "neighbours": lambda like: live.neighbours(like(X)).data["images"],
}
FIGURES = {
    "image_rows": lambda like: plots.image_rows({"a": like(X)}, "t"),
    "autoencoder_diagram": lambda like: plots.autoencoder_diagram(like(DIGITS.x_test[0])),
    "network": lambda like: plots.network([784, 3], "t", image=like(DIGITS.x_test[0])),
    "code_scatter": lambda like: plots.code_scatter(
        {"a": like(X[:, 300:302])}, LABELS, "t"
    ),
    "columns_against": lambda like: plots.columns_against(
        X[:, 300], like(X[:, 300:302]), like(WORSE[:, 300:302]), "ab", "t"
    ),
    "arrows": lambda like: plots.arrows(
        like(X[:, 300:302]), {"a": like(X[:, 302:304])}, "t"
    ),
    "random_and_worst": lambda like: plots.random_and_worst(
        like(X), {"a": like(WORSE)}, "t"
    ),
    "order_against": lambda like: plots.order_against(
        X[:, 300], {"a": like(X[:, 301:302])}, "t"
    ),
    "latent_grid": lambda like: plots.latent_grid(
        lambda code: np.zeros((len(code), 4)), like(X[:, 300:302]), "t", count=2
    ),
}
ALIKE = {
    "list": np.ndarray.tolist,
    "table": Table,
    "tensor": tf.constant,
    "variable": keras.Variable,
    "Fortran order": np.asfortranarray,
    "every other row": lambda array: np.repeat(array, 2, axis=0)[::2],
    "read-only": lambda array: np.broadcast_to(array, array.shape),
    "mask that hides nothing": np.ma.masked_array,
}
REFUSED = {
    "masked": (lambda a: np.ma.masked_array(a, a == a[0, 0]), "has masked values; exp"),
    "complex": (lambda array: array * 1j, "holds no numbers; expected real numbers"),
    "text": (lambda array: array.astype(str), "expected numbers, not text"),
    "objects": (lambda array: array.astype(object), "dtype='float32'"),
    "sparse": (scipy.sparse.csr_array, "is a sparse csr_array; expected .*toarray"),
    "a data set": (tf.data.Dataset.from_tensor_slices, "holds no numbers; expected a"),
    "symbolic": (lambda array: keras.KerasTensor(array.shape), "holds no numbers"),
    "no rows": (lambda array: array[:0], "expected at least one row|expected one square"),
    "not finite": (lambda array: array + np.inf, "NaN or infinite"),
}
measures = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
figures = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
refused = pytest.mark.parametrize("like, words", REFUSED.values(), ids=REFUSED)


@measures
@pytest.mark.parametrize("like", ALIKE.values(), ids=ALIKE)
def test_what_stands_for_an_array_is_read_as_one(measure, like):
    np.testing.assert_allclose(measure(like), measure(np.asarray), atol=2e-4)


@measures
@refused
def test_anything_else_is_refused_in_a_sentence(measure, like, words):
    with pytest.raises(ValueError, match=words):
        measure(like)


@pytest.fixture
def pixels(monkeypatch):
    """A function that draws a figure and gives its pixels."""
    monkeypatch.setattr(plt, "show", lambda: None)

    def draw(figure, like):
        figure(like)
        plt.gcf().canvas.draw()
        shown = np.asarray(plt.gcf().canvas.buffer_rgba()).copy()
        plt.close("all")
        return shown

    yield draw
    plt.close("all")


@figures
def test_figures_of_it_are_the_same(figure, pixels):
    expected = pixels(figure, np.asarray)
    for kind in ("list", "table", "tensor"):
        assert np.array_equal(pixels(figure, ALIKE[kind]), expected), kind


@figures
@refused
def test_figures_refuse_the_rest(figure, pixels, like, words):
    with pytest.raises(ValueError, match=words):
        pixels(figure, like)


# --- pixels of 0 to 255, wherever about 0 to 1 is meant ---------------------------------

BYTES = np.rint(255 * X)
OF_PIXELS = {
    "squared_error": lambda x: metrics.squared_error(x, x),
    "squared_error, one of them": lambda x: metrics.squared_error(X, x),
    "psnr": lambda x: metrics.psnr(x, X),
    "psnr, restored": lambda x: metrics.psnr(X, x),
    "gaussian": lambda x: noise.gaussian(x, 0.3, rng()),
    "affine_warp": lambda x: noise.affine_warp(x, rng()),
    "outputs": lambda x: training.outputs(MODEL, x),
    "batches": lambda x: training.batches(X, x),
    "image_rows": lambda x: plots.image_rows({"a": x}, "t"),
    "diagram": lambda x: plots.autoencoder_diagram(x[0]),
    "diagram, restored": lambda x: plots.autoencoder_diagram(X[0], None, x[0]),
    "network": lambda x: plots.network([784, 3], "t", image=x[0]),
    "latent_grid": lambda x: plots.latent_grid(lambda code: x[:4], X[:, 300:302], "t", 2),
    "neighbours": live.neighbours,
    "random_and_worst": lambda x: plots.random_and_worst(X, {"a": x}, "t"),
}


@pytest.mark.parametrize("helper", OF_PIXELS.values(), ids=OF_PIXELS)
@pytest.mark.parametrize("kind", ["uint8", "float32", "int64"])
def test_pixels_of_0_to_255_are_named(helper, kind):
    with pytest.raises(ValueError, match=r"0 to 1\. Divide\s+pixels by 255"):
        helper(BYTES.astype(kind))
