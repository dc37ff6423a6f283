"""The custom Keras layers that lessons teach and share."""

from __future__ import annotations

import keras
from keras import ops

from lessonlib._checks import whole_number


@keras.saving.register_keras_serializable("lessonlib")
class TiedDense(keras.layers.Layer):
    """A one-layer linear autoencoder whose decoder is its encoder, transposed.

    `encode` maps (n, d) to (n, units) by a matrix W; `decode` maps back by W transposed.
    Calling the layer does both. Source: P. Baldi and K. Hornik, Neural Networks 2 (1989).

    Args:
        units: numbers in the code, at least 1.
        kernel_initializer: for W, shape (d, units); any that Keras knows.

    Raises:
        ValueError: if `units` is not a whole number of at least 1, or the input does not
            have the shape (n, d).
    """

    def __init__(self, units, kernel_initializer="orthogonal", **kwargs):
        super().__init__(**kwargs)
        self.units = whole_number("units", units, 1, 10**6)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(f"input has shape {input_shape}; expected (n, d): flatten it.")
        shape = (int(input_shape[-1]), self.units)
        self.kernel = self.add_weight(shape=shape, initializer=self.kernel_initializer)

    def encode(self, x):
        return ops.matmul(x, self.kernel)

    def decode(self, code):
        return ops.matmul(code, ops.transpose(self.kernel))

    def call(self, x):
        return self.decode(self.encode(x))

    def get_config(self):
        initializer = keras.initializers.serialize(self.kernel_initializer)
        return super().get_config() | dict(units=self.units, kernel_initializer=initializer)
