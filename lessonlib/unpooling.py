"""An autoencoder with max pooling, whose way back up may remember the positions."""

from __future__ import annotations

import keras
from keras import layers

from lessonlib._checks import whole_number
from lessonlib.layers import PoolWithPositions, Unpool
from lessonlib.training import set_seed


def pooling_autoencoder(remember: bool, code_size: int = 30) -> keras.Model:
    """Two convolutions with pooling, a dense code, and the same way back.

    Encoder: 8 and 16 filters of 3 x 3 with GELU, each followed by a max pooling of blocks
    of 2 x 2, then a linear dense code. Decoder: a dense layer of 7 * 7 * 16 units, then
    twice a doubling of height and width and a convolution of 3 x 3, with 8 filters and
    with one, which ends in a sigmoid. Weights begin at the course's seed.

    Args:
        remember: True doubles by unpooling, each value at the position of its maximum,
            which goes past the code (M. Zeiler, G. Taylor and R. Fergus, ICCV 2011); False
            by repetition, and the positions are not used.
        code_size: numbers in the code, 1 to 784.

    Returns:
        A model from 784 pixels in [0, 1] to as many. Its `layers[1:]` are the encoder,
        from pixels to the code, shape (n, code_size), and the positions, shapes
        (n, 14, 14, 8) and (n, 7, 7, 16), int32, 0 to 3 row by row; and the decoder, from
        these three to pixels, or from the code alone if it does not remember.

    Raises:
        ValueError: if `code_size` is out of range.
    """
    code_size = whole_number("code_size", code_size, 1, 784)
    set_seed()
    bent = dict(activation="gelu", kernel_initializer="he_normal")
    image = layers.Input((784,))
    x = layers.Reshape((28, 28, 1))(image)
    x = layers.Conv2D(8, 3, padding="same", **bent)(x)
    x, large = PoolWithPositions()(x)
    x = layers.Conv2D(16, 3, padding="same", **bent)(x)
    x, small = PoolWithPositions()(x)
    code = layers.Dense(code_size)(layers.Flatten()(x))
    encoder = keras.Model(image, [code, large, small], name="encoder")

    def enlarged(x, positions):
        return Unpool()([x, positions]) if remember else layers.UpSampling2D()(x)

    inputs = [layers.Input(part.shape[1:], dtype=part.dtype) for part in encoder.outputs]
    code, large, small = inputs
    x = layers.Dense(7 * 7 * 16, **bent)(code)
    x = enlarged(layers.Reshape((7, 7, 16))(x), small)
    x = layers.Conv2D(8, 3, padding="same", **bent)(x)
    x = enlarged(x, large)
    x = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    # Keras up to 3.13 refuses a model with inputs that it does not use.
    passed = 3 if remember else 1
    decoder = keras.Model(inputs[:passed], layers.Flatten()(x), name="decoder")
    return keras.Model(image, decoder(encoder(image)[:passed]))
