"""Signals and gradients of a network, against formulas."""

import keras
import numpy as np
import pytest
from keras import layers

from lessonlib.signals import gradient_lengths, layer_spreads

X = np.random.default_rng(0).normal(size=(30, 5)).astype("float32")


def linear(nested):
    keras.utils.set_random_seed(0)
    one, two = layers.Dense(3), layers.Dense(5)
    parts = [keras.Sequential([one]), keras.Sequential([two])] if nested else [one, two]
    return keras.Sequential([layers.Input((5,)), *parts]), one, two


@pytest.mark.parametrize("nested", [False, True])
def test_spreads_are_those_of_each_layer(nested):
    model, one, _ = linear(nested)
    code = X @ one.get_weights()[0] + one.get_weights()[1]
    expected = [y.std(axis=0).mean() for y in (X, code, np.asarray(model(X)))]
    assert np.allclose(layer_spreads(model, X), expected, rtol=1e-5)


@pytest.mark.parametrize("nested", [False, True])
def test_gradients_are_those_of_the_formula(nested):
    model, one, two = linear(nested)
    up, down = one.get_weights()[0], two.get_weights()[0]
    residual = 2 / len(X) * (np.asarray(model(X)) - X)
    slopes = X.T @ (residual @ down.T), (X @ up).T @ residual
    expected = [np.linalg.norm(slope) for slope in slopes]
    assert np.allclose(gradient_lengths(model, X), expected, rtol=1e-4)


@pytest.mark.parametrize("measure", [layer_spreads, gradient_lengths])
def test_inputs_that_do_not_fit_are_refused(measure):
    with pytest.raises(ValueError, match="x has .*expected"):
        measure(linear(False)[0], X[:, :4])
    with pytest.raises(ValueError, match="x holds NaN"):
        measure(linear(False)[0], X * np.nan)
