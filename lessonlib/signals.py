"""How far a signal and its gradient get in a deep network, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from lessonlib._checks import finite_array, fits_model
from lessonlib.training import outputs, sum_of_squares


def layer_spreads(model: keras.Model, x: np.ndarray) -> list[float]:
    """How much the units of each layer differ from image to image.

    Args:
        model: layers in one chain, models among them included.
        x: inputs, shape (n, d).

    Returns:
        The standard deviation over the rows, averaged over the units: first of the inputs
        themselves, then of what each layer gives.

    Raises:
        ValueError: if `x` does not fit the model.

    Source: after X. Glorot and Y. Bengio (2010), section 4.2.1, who follow variances.
    """
    x = finite_array("x", x)
    fits_model("x", x.shape, model)
    signal, spreads = x, [float(np.std(x, axis=0).mean())]
    for layer in _chain(model):
        signal = outputs(layer, signal)
        spreads.append(float(signal.std(axis=0).mean()))
    return spreads


def gradient_lengths(model: keras.Model, x: np.ndarray) -> list[float]:
    """The length of the gradient of an autoencoder's loss, for each layer's matrix.

    The loss is the error of the course, averaged over the rows.

    Args:
        model: dense layers in one chain, models among them included, from d to d numbers.
        x: inputs and targets, shape (n, d).

    Returns:
        One length, the root of the summed squares, for each layer with weights, the first
        layer's first.

    Raises:
        ValueError: if `x` does not fit the model.
    """
    x = finite_array("x", x).astype("float32")
    fits_model("x", x.shape, model)
    kernels = [layer.kernel for layer in _chain(model) if layer.weights]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(sum_of_squares(x, model(x)))
    return [float(tf.norm(slope)) for slope in tape.gradient(loss, kernels)]


def _chain(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """The layers in order, those of models inside it included."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _chain(layer)
        else:
            yield layer
