"""Draws of few labels, and the settings of a support vector machine."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.svm import SVC

from lessonlib.few_labels import (
    draws_per_class,
    network_errors,
    reading_errors,
    svm_settings,
)

RNG = np.random.default_rng(0)
LABELS = np.repeat([3, 5, 8], [20, 30, 25])


def test_each_draw_holds_as_many_of_each_class_in_turn():
    draws = draws_per_class(LABELS, 4, 3)
    assert len(draws) == 3
    for rows in draws:
        assert len(set(rows)) == 12
        assert LABELS[rows].tolist() == 4 * [3, 5, 8]
    assert not np.array_equal(draws[0], draws[1])


def test_a_draw_follows_the_seed_of_the_run(monkeypatch):
    first = draws_per_class(LABELS, 4, 2)
    assert np.array_equal(first, draws_per_class(LABELS, 4, 2))
    monkeypatch.setenv("LESSONLIB_SEED", "7")
    assert not np.array_equal(first, draws_per_class(LABELS, 4, 2))


def test_the_settings_are_the_best_of_all_on_the_validation_rows():
    x = RNG.normal(size=(300, 5))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    parts = x[:150], y[:150], x[150:], y[150:]
    found = svm_settings(*parts)
    usual = 1 / (5 * parts[0].var())
    scores = {
        (C, times): SVC(C=C, gamma=times * usual).fit(*parts[:2]).score(*parts[2:])
        for C in (1, 10, 100)
        for times in (0.25, 0.5, 1, 2)
    }
    assert found["gamma"] / usual == pytest.approx(max(scores, key=scores.get)[1])
    assert found["C"] == max(scores, key=scores.get)[0]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: draws_per_class(LABELS, 21, 1), "per_class is 21; expected a whole"),
        (lambda: draws_per_class(LABELS, 2, 0), "draws is 0; expected a whole number"),
        (
            lambda: svm_settings(np.ones((4, 2)), [0, 1, 0, 1], np.ones((2, 2)), [0, 1]),
            "code is the same number throughout",
        ),
        (
            lambda: svm_settings(np.eye(4), [0, 1, 0, 1], np.eye(3), [0, 1, 1]),
            "code has .* code_valid has",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def two_blobs():
    """Rows whose class is told by one number, and by its sign alone if it is doubled."""
    x = RNG.normal(size=(400, 4)).astype("float32")
    y = (x[:, 0] > 0).astype(int)
    parts = dict(train=slice(200), valid=slice(200, 300), test=slice(300, 400))
    split = {f"x_{name}": x[rows] for name, rows in parts.items()}
    split |= {f"y_{name}": y[rows] for name, rows in parts.items()}
    return SimpleNamespace(**split)


def test_a_code_that_tells_the_class_is_read_better():
    digits = two_blobs()
    draws = draws_per_class(digits.y_train, 5, 3)
    clear = reading_errors(lambda x: x[:, :1], digits, draws)
    blurred = reading_errors(None, digits, draws)
    blind = reading_errors(lambda x: x[:, 1:], digits, draws)
    assert clear.shape == (3,) and clear.mean() < blurred.mean() < blind.mean()
    assert blind.mean() == pytest.approx(50, abs=12)


def test_warped_copies_keep_their_labels_and_help():
    digits = two_blobs()
    draws = draws_per_class(digits.y_train, 5, 3)
    rng = np.random.default_rng(1)

    def warp(x):  # what does not matter: all but the first number
        return np.concatenate([x[:, :1], rng.normal(size=(len(x), 3))], axis=1)

    plain = reading_errors(lambda x: x, digits, draws)
    helped = reading_errors(lambda x: x, digits, draws, warp=warp, copies=20)
    assert helped.mean() < plain.mean()
    with pytest.raises(ValueError, match="3 draws and 2 copies .* a warp for copies"):
        reading_errors(lambda x: x, digits, draws, copies=2)
    with pytest.raises(ValueError, match="0 draws and 0 copies"):
        reading_errors(lambda x: x, digits, [])


def test_a_network_is_built_and_trained_for_each_draw():
    keras = pytest.importorskip("keras")
    digits, built = two_blobs(), []
    draws = draws_per_class(digits.y_train, 20, 2)

    def build():
        keras.utils.set_random_seed(0)
        layers = [keras.layers.Input((4,)), keras.layers.Dense(2, "softmax")]
        built.append(keras.Sequential(layers))
        return built[-1]

    errors = network_errors(build, digits, draws, steps=100, rate=0.05)
    assert len(built) == 2 and errors.shape == (2,) and errors.max() < 20
    flipped = network_errors(build, digits, draws, steps=100, rate=0.05, warp=lambda x: -x)
    assert flipped.min() > 80, "the network saw warped images"
