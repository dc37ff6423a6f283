"""The leak watch sees planted leaks, and does not cry over what is allowed."""

import json
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import sklearn.model_selection
import tensorflow as tf
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression, Ridge, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import leaks
import outside
from lessonlib import data, training

pytestmark = pytest.mark.filterwarnings("ignore:.*`shuffle=True` was passed")


@pytest.fixture
def watched(tmp_path):
    """The digits as a lesson loads them, and a function that returns the leaks so far."""
    path = tmp_path / "leaks.jsonl"
    path.touch()
    leaks.watch_leaks(path)
    digits = data.load_mnist("small", valid=500).flat
    yield SimpleNamespace(
        x=digits,
        leaks=lambda: [json.loads(line)["who"] for line in path.read_text().splitlines()],
    )
    outside.REPLACED.close()


def network(width=784):
    model = keras.Sequential([keras.layers.Input((width,)), keras.layers.Dense(width)])
    model.compile("sgd", "mse")
    return model


def mean(digits):
    return digits.x_train[:1_000].mean(axis=0)  # no mean that the watch could foresee


FORMS = {
    "as it is": lambda x, digits: x,
    "halved": lambda x, digits: x / 2,
    "up to 254.5": lambda x, digits: 254.5 * x,  # batches refuses whole numbers
    "centred": lambda x, digits: x - mean(digits),
    "centred, scaled": lambda x, digits: 0.3 * (x - mean(digits)),
    "moved to -1 and 1": lambda x, digits: 2 * x - 1,
    "images": lambda x, digits: x.reshape(-1, 28, 28, 1),
    "standardised": lambda x, digits: StandardScaler().fit(digits.x_train).transform(x),
    "standardised by hand": lambda x, digits: (
        (x - digits.x_train.mean(axis=0)) / (digits.x_train.std(axis=0) + 1e-12)
    ),
    "ten, centred": lambda x, digits: x[:10] - digits.x_train.mean(axis=0),
    "each image centred": lambda x, digits: x - x.mean(axis=1, keepdims=True),
    "mixed with others": lambda x, digits: np.concatenate([digits.x_train[:500], x[:1]]),
    "float64": lambda x, digits: x.astype("float64"),
}


@pytest.mark.parametrize("form", FORMS)
def test_test_rows_are_known_again_in_every_form(watched, form):
    change = FORMS[form]
    training.batches(change(watched.x.x_valid, watched.x), batch_size=10)
    assert watched.leaks() == []
    training.batches(change(watched.x.x_test, watched.x), batch_size=10)
    assert watched.leaks() == ["batches"]


def fit_keras(x, other, **options):
    network().fit(x, x, verbose=0, epochs=1, **options)


FITS = {
    "Sequential.fit": lambda x, other: fit_keras(x, other),
    "Sequential.fit, target": lambda x, other: network().fit(other, x, verbose=0),
    "Sequential.fit, validation": lambda x, other: fit_keras(
        other,
        other,
        validation_data=(x, x),
        callbacks=[keras.callbacks.EarlyStopping(patience=1)],
    ),
    "Sequential.fit, dataset": lambda x, other: network().fit(
        tf.data.Dataset.from_tensor_slices((x, x)).batch(100), verbose=0
    ),
    "Sequential.train_on_batch": lambda x, other: network().train_on_batch(x, x),
    "PCA.fit": lambda x, other: PCA(2).fit(x),
    "PCA.fit_transform": lambda x, other: PCA(2).fit_transform(x),
    "Pipeline.fit": lambda x, other: make_pipeline(PCA(2), Ridge()).fit(x, x[:, 300]),
    "Ridge.fit": lambda x, other: Ridge().fit(other, x),
    "svd": lambda x, other: np.linalg.svd(x - x.mean(axis=0), full_matrices=False),
    "lstsq": lambda x, other: np.linalg.lstsq(other[:, :9], x, rcond=None),
    "batches": lambda x, other: training.fit(network(), x, steps=2, quiet=True),
}


@pytest.mark.parametrize("fit", FITS)
def test_every_fit_is_watched(watched, fit):
    x = watched.x
    FITS[fit](x.x_valid, x.x_train[:500])
    assert watched.leaks() == []
    FITS[fit](x.x_test[:500], x.x_train[:500])
    assert set(watched.leaks()) == {fit.partition(",")[0]}


CODERS = {
    "called": lambda fit_rows: network(),
    "predict": lambda fit_rows: lambda x: network().predict(x, verbose=0),
    "transform": lambda fit_rows: PCA(20).fit(fit_rows).transform,
}


@pytest.mark.parametrize("coder", CODERS)
def test_codes_of_test_images_are_test_rows_too(watched, coder):
    encode = CODERS[coder](watched.x.x_train)
    for x in (watched.x.x_valid, watched.x.x_test):
        assert watched.leaks() == []
        Ridge().fit(np.asarray(encode(x)), x[:, 300])
    assert watched.leaks() == ["Ridge.fit"]


def test_judging_by_test_rows_is_no_leak(watched):
    ridge = Ridge().fit(watched.x.x_train, watched.x.y_train)
    ridge.score(watched.x.x_test, watched.x.y_test)
    model = network()
    training.fit(model, watched.x.x_train, steps=2, quiet=True)
    model.predict(watched.x.x_test, verbose=0)
    model.evaluate(watched.x.x_test, watched.x.x_test, verbose=0)
    training.outputs(model, watched.x.x_test)
    assert watched.leaks() == []


def test_rows_of_four_columns_are_known_again(watched):
    curve = data.make_curve(3_000)
    for rows in (curve.x_train, curve.scaled.x_train, curve.scaled.x_valid):
        training.batches(rows)
    assert watched.leaks() == []
    training.batches(curve.x_test)
    training.batches(curve.scaled.x_test)
    assert watched.leaks() == ["batches"] * 2


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    return rng.normal(size=(100, 30)), rng.normal(size=100)


def test_a_cross_validation_sees_what_was_fitted_before_its_folds(watched, table):
    x, y = table
    score = sklearn.model_selection.cross_val_score
    score(make_pipeline(PCA(5), LinearRegression()), x, y)
    RidgeCV().fit(x, y)
    other = PCA(5).fit(x[:50]).transform(x[50:])
    score(LinearRegression(), other, y[50:])
    assert watched.leaks() == [], "its PCA saw other rows"
    score(LinearRegression(), PCA(5).fit_transform(x)[:, :3], y)
    assert watched.leaks() == ["cross_val_score"]
    scaler = StandardScaler().fit(x)
    RidgeCV().fit(scaler.transform(x)[::2], y[::2])
    assert watched.leaks() == ["cross_val_score", "RidgeCV.fit"]


def test_the_first_leak_may_end_the_lesson(tmp_path):
    watch = leaks.Watch(tmp_path / "leaks.jsonl", stop=True)
    with pytest.raises(AssertionError, match="PCA.fit was fed 5 test rows"):
        watch.report("PCA.fit", "5 test rows")
