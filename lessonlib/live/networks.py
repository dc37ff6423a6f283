"""Networks as a page can run them: chains of dense layers with rounded weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf, expit, softmax

from lessonlib._checks import finite_array, whole_number

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "sigmoid": expit,
    "tanh": np.tanh,
    "softmax": lambda z: softmax(z, axis=-1),
    "softplus": lambda z: np.logaddexp(0, z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "selu": lambda z: (
        1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(z))
    ),
}
# These change nothing once a network is trained, or only the shape of its output.
IDLE = {
    "InputLayer",
    "Dropout",
    "GaussianNoise",
    "GaussianDropout",
    "ActivityRegularization",
    "Flatten",
    "Reshape",
}


class Layer(NamedTuple):
    """One dense layer: weights (inputs, units), bias (units,), the activation's name."""

    weights: np.ndarray
    bias: np.ndarray
    activation: str


Network = Any  # a Keras model, or a sequence of (weights, bias, activation)


def network_error(network: Network, x: np.ndarray, levels: int = 1023) -> float:
    """The largest difference that rounding its weights makes to what a network gives.

    Args:
        network: a Keras model or a list of layers, as the figures take them.
        x: inputs, shape (n, inputs).
        levels: whole numbers on either side of 0 that a weight is rounded to, 1 to
            32,767; 1,023 is 11 bits, 127 is 8.

    Returns:
        The largest absolute difference over all rows and outputs, at least 0.

    Raises:
        ValueError: if the network is no chain of dense layers or `x` does not fit it.
    """
    levels = whole_number("levels", levels, 1, 32_767)
    layers = layers_of("network", network)
    x = finite_array("x", x, ndim=2)
    if x.shape[1] != layers[0].weights.shape[0]:
        raise ValueError(
            f"x has shape {x.shape}; expected (n, {layers[0].weights.shape[0]}), as many "
            "numbers as the network takes."
        )
    rounded = [
        Layer(whole * scale, layer.bias, layer.activation)
        for layer in layers
        for whole, scale in [rounded_weights(layer, levels)]
    ]
    return float(np.abs(outputs(layers, x) - outputs(rounded, x)).max())


def layers_of(name: str, network: Network) -> list[Layer]:
    """The layers of a network in float64, or a ValueError that names what does not fit."""
    if hasattr(network, "layers"):
        layers = _layers_of_model(name, network)
    elif isinstance(network, Sequence) and not isinstance(network, str) and len(network):
        layers = [_described(name, place, one) for place, one in enumerate(network)]
    else:
        raise ValueError(
            f"{name} is {network!r:.60}; expected a Keras model or a list of "
            "(weights, bias, activation)."
        )
    for before, after in zip(layers, layers[1:], strict=False):
        given, taken = before.weights.shape[1], after.weights.shape[0]
        if given != taken:
            raise ValueError(
                f"{name} has a layer of {given} units before one that takes {taken}; "
                "expected layers that fit one another."
            )
    return layers


def outputs(layers: list[Layer], x: np.ndarray) -> np.ndarray:
    """What a chain of layers makes of inputs, shape (n, inputs)."""
    for layer in layers:
        x = ACTIVATIONS[layer.activation](x @ layer.weights + layer.bias)
    return x


def rounded_weights(layer: Layer, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights as whole numbers of at most `levels`, and the scale of each unit."""
    largest = np.abs(layer.weights).max(axis=0)
    scale = (np.where(largest > 0, largest, 1) / levels).astype("float32")
    whole = np.rint(layer.weights / scale)
    return whole.astype("int8" if levels < 128 else "<i2"), scale


def _described(name: str, place: int, layer: Any) -> Layer:
    """One layer of a plain list."""
    here = f"layer {place} of {name}"
    try:
        weights, bias, activation = layer
    except (TypeError, ValueError):
        raise ValueError(
            f"{here} is {layer!r:.60}; expected (weights, bias, activation)."
        ) from None
    weights = finite_array(f"the weights of {here}", weights, ndim=2)
    bias = finite_array(f"the bias of {here}", bias, ndim=1)
    if len(bias) != weights.shape[1]:
        raise ValueError(
            f"{here} has {weights.shape[1]} units but a bias of {len(bias)}; expected as "
            "many."
        )
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"{here} has the activation {activation!r}; expected one of "
            f"{', '.join(ACTIVATIONS)}."
        )
    return Layer(weights.astype("float64"), bias.astype("float64"), activation)


def _layers_of_model(name: str, model: Any) -> list[Layer]:
    """The dense layers of a Keras model; others are refused by their names."""
    import keras

    if not model.built:
        raise ValueError(
            f"{name} is not built; expected a model that knows its input. Begin it with "
            "an Input layer."
        )
    layers: list[Layer] = []
    for layer in _flat(model):
        kind = type(layer)
        if kind is keras.layers.Dense:
            weights, *biases = (np.asarray(w, "float64") for w in layer.get_weights())
            biases.append(np.zeros(weights.shape[1]))
            layers.append(Layer(weights, biases[0], _activation(name, layer)))
        elif kind in (keras.layers.Activation, keras.layers.ReLU) and layers:
            layers[-1] = _activated(name, layers[-1], layer)
        elif kind.__name__ not in IDLE:
            raise ValueError(
                f"{name} has the layer {layer.name!r}, a {kind.__name__}; expected a "
                "chain of Dense layers, which a page can run."
            )
    if not layers:
        raise ValueError(f"{name} has no Dense layer; expected a chain of them.")
    _agree(name, model, layers)
    return layers


def _flat(model: Any) -> list[Any]:
    """The layers of a model in order, those of models inside it included."""
    return [
        inner
        for layer in model.layers
        for inner in (_flat(layer) if hasattr(layer, "layers") else [layer])
    ]


def _activation(name: str, layer: Any) -> str:
    """The name of a layer's activation, if a page knows it."""
    import keras

    for known in ACTIVATIONS:
        if layer.activation is getattr(keras.activations, known):
            return known
    raise ValueError(
        f"{name} has the layer {layer.name!r} with an activation that a page does not "
        f"know; expected one of {', '.join(ACTIVATIONS)}."
    )


def _activated(name: str, before: Layer, layer: Any) -> Layer:
    """A linear layer with the activation that follows it as a layer of its own."""
    known = "relu" if type(layer).__name__ == "ReLU" else _activation(name, layer)
    if before.activation != "linear":
        raise ValueError(
            f"{name} has the layer {layer.name!r} after another activation; expected one "
            "for each Dense layer."
        )
    return before._replace(activation=known)


def _agree(name: str, model: Any, layers: list[Layer]) -> None:
    """Refuse a model whose layers do not simply follow one another."""
    x = np.random.default_rng(0).random((4, layers[0].weights.shape[0]), "float32")
    try:
        given = np.asarray(model(x.reshape(4, *model.input_shape[1:])))
        ours = outputs(layers, x)
        same = np.allclose(given.reshape(ours.shape), ours, rtol=1e-3, atol=1e-3)
    except (AttributeError, TypeError, ValueError):
        same = False
    if not same:
        raise ValueError(
            f"{name} is more than its Dense layers one after another; expected a plain "
            "chain, with no branch and no setting that changes what a layer does."
        )
