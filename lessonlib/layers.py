"""The custom Keras layers that lessons teach and share."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from lessonlib._checks import number_between, unit_interval, whole_number


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


@keras.saving.register_keras_serializable("lessonlib")
class ActivityPenalty(keras.layers.Layer):
    """Hands a code on unchanged and adds a price for its activity to the model's loss.

    "l1": the sum of the sizes of an image's code values, averaged over the batch.
    "kl": the Kullback-Leibler divergence from `target` to each unit's mean activity in the
    batch, both read as the probability of being on, summed over the units; it is for
    codes in [0, 1]. Unlike Keras's `activity_regularizer`, whose meaning changed in
    version 3.14, both mean the same in every version. Source for "kl": H. Lee,
    C. Ekanadham and A. Ng, Sparse deep belief net model for visual area V2, NIPS 20
    (2008), who ask for a mean activity; A. Ng, Sparse autoencoder (2011), section 3.

    Args:
        kind: "l1" or "kl".
        weight: of the penalty beside the other losses, at least 0.
        target: the mean activity that "kl" asks of each unit, between 0 and 1; "l1" has
            none.

    Raises:
        ValueError: if an argument is out of range, or the code does not have the shape
            (n, units).
    """

    def __init__(self, kind, weight, target=None, **kwargs):
        super().__init__(**kwargs)
        if kind not in ("l1", "kl"):
            raise ValueError(f"kind is {kind!r}; expected 'l1' or 'kl'.")
        if kind == "l1" and target is not None:
            raise ValueError(f"target is {target!r}; expected none for 'l1'.")
        self.kind, self.weight = kind, number_between("weight", weight, 0, 1e6)
        self.target = target
        if kind == "kl":
            self.target = number_between("target", target, 1e-6, 1 - 1e-6)

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(
                f"code has shape {input_shape}; expected (n, units): flatten it."
            )

    def penalty(self, code):
        if self.kind == "l1":
            return ops.mean(ops.sum(ops.abs(code), axis=1))
        wanted, activity = self.target, ops.clip(ops.mean(code, axis=0), 1e-6, 1 - 1e-6)
        on = wanted * ops.log(wanted / activity)
        off = (1 - wanted) * ops.log((1 - wanted) / (1 - activity))
        return ops.sum(on + off)

    def call(self, code):
        # In float32 under any policy: Keras adds it to a loss of that type.
        self.add_loss(self.weight * self.penalty(ops.cast(code, "float32")))
        return code

    def get_config(self):
        own = dict(kind=self.kind, weight=self.weight, target=self.target)
        return super().get_config() | own


@keras.saving.register_keras_serializable("lessonlib")
class PoolWithPositions(keras.layers.Layer):
    """Max pooling that remembers: the largest value of each block, and where it stood.

    (n, height, width, channels) becomes two tensors of the shape (n, height / size,
    width / size, channels): the maxima, and their positions as int32, 0 to size * size - 1,
    row by row; of equal values the first. Source: M. Zeiler, G. Taylor and R. Fergus,
    Adaptive deconvolutional networks, ICCV (2011), whose "switches" are the positions.

    Args:
        size: side of a block, at least 2.

    Raises:
        ValueError: if `size` is not a whole number of at least 2, or the input does not
            have four axes, or a height or width that `size` does not divide.
    """

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = whole_number("size", size, 2, 1_000)

    def build(self, input_shape):
        shape, size = tuple(input_shape), self.size
        if len(shape) != 4 or None in shape[1:] or shape[1] % size or shape[2] % size:
            raise ValueError(
                f"input has shape {shape}; expected (n, height, width, channels), height "
                f"and width multiples of {size}."
            )

    def call(self, x):
        _, height, width, channels = x.shape
        size = self.size
        blocks = (-1, height // size, size, width // size, size, channels)
        x = ops.transpose(ops.reshape(x, blocks), (0, 1, 3, 2, 4, 5))
        x = ops.reshape(x, (-1, height // size, width // size, size * size, channels))
        positions = ops.cast(ops.argmax(x, axis=3), "int32")
        places = ops.one_hot(positions, size * size, axis=3, dtype=x.dtype)
        return ops.sum(x * places, axis=3), positions

    def get_config(self):
        return super().get_config() | dict(size=self.size)


@keras.saving.register_keras_serializable("lessonlib")
class Unpool(keras.layers.Layer):
    """Undoes `PoolWithPositions`: each value at its position in its block, zeros around it.

    Called as `Unpool()([pooled, positions])`, both of the shape (n, height, width,
    channels), it returns (n, size * height, size * width, channels). A position outside 0
    to size * size - 1 leaves its block empty. Source: as `PoolWithPositions`, and M. Zeiler
    and R. Fergus, Visualizing and understanding convolutional networks, ECCV (2014).

    Args:
        size: side of a block, as in the pooling.

    Raises:
        ValueError: if `size` is not a whole number of at least 2, or the input is not a
            pair of tensors with four axes and one shape.
    """

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = whole_number("size", size, 2, 1_000)

    def build(self, input_shape):
        pair = isinstance(input_shape, (list, tuple)) and len(input_shape) == 2
        shapes = [tuple(s) for s in input_shape] if pair else [input_shape]
        if not pair or len(shapes[0]) != 4 or shapes[0][1:] != shapes[1][1:]:
            raise ValueError(
                f"input has shape {shapes}; expected [pooled, positions], each (n, height, "
                "width, channels)."
            )

    def call(self, inputs):
        pooled, positions = inputs
        _, height, width, channels = pooled.shape
        size = self.size
        places = ops.one_hot(positions, size * size, axis=3, dtype=pooled.dtype)
        x = ops.expand_dims(pooled, 3) * places
        x = ops.reshape(x, (-1, height, width, size, size, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, height * size, width * size, channels))

    def get_config(self):
        return super().get_config() | dict(size=self.size)


def sigmoid_pca(x: np.ndarray, units: int) -> keras.Sequential:
    """A network without hidden layers that begins as PCA, with a sigmoid at its end.

    Trained further it is the strongest rival that has no hidden layer: G. Hinton and
    R. Salakhutdinov (2006) call it logistic PCA.

    Args:
        x: images to take the axes from, in [0, 1], shape (n, d).
        units: numbers in the code, 1 to the smaller of n and d.

    Returns:
        A model of two dense layers, from d numbers to `units` and back.

    Raises:
        ValueError: if `x` has another shape or range, or `units` does not fit.
    """
    from sklearn.decomposition import PCA

    x = unit_interval("x", x)
    if x.ndim != 2:
        raise ValueError(f"x has shape {x.shape}; expected (n, d): flatten it.")
    units = whole_number("units", units, 1, min(x.shape))
    pca = PCA(units, svd_solver="covariance_eigh").fit(x)
    axes, mean = pca.components_, pca.mean_.clip(0.005, 0.995)
    encoder = keras.layers.Dense(units)
    decoder = keras.layers.Dense(x.shape[1], "sigmoid")
    model = keras.Sequential([keras.layers.Input((x.shape[1],)), encoder, decoder])
    encoder.set_weights([axes.T, -axes @ pca.mean_])
    # In the middle of its range a sigmoid rises by a quarter for each step.
    decoder.set_weights([4 * axes, np.log(mean / (1 - mean))])
    return model
