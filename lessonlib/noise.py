"""Corruptions of images and small warps, functions of an explicit random generator.

Source: P. Vincent et al., Stacked Denoising Autoencoders, JMLR 11 (2010), section 3.
"""

from __future__ import annotations

import numpy as np

from lessonlib._checks import number_between, square_images, unit_interval


def gaussian(x: np.ndarray, sd: float, rng: np.random.Generator) -> np.ndarray:
    """Add normal noise to every pixel, then clip to [0, 1].

    Args:
        x: images in [0, 1], any shape.
        sd: standard deviation of the noise before clipping, 0 to 10.
        rng: from `numpy.random.default_rng(seed)`.

    Returns:
        A new float32 array of the same shape, in [0, 1].

    Raises:
        ValueError: if an argument is out of range or `rng` is no generator.
    """
    x, sd = unit_interval("x", x), number_between("sd", sd, 0, 10)
    noise = _generator(rng).normal(0, sd, x.shape)
    return np.clip(x + noise, 0, 1).astype("float32")


def masking(x: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Set a random share of the pixels to 0; arguments, result and errors as above.

    Args:
        x: images in [0, 1], any shape.
        share: the probability, 0 to 1, that a pixel is wiped out.
        rng: from `numpy.random.default_rng(seed)`.
    """
    x, share = unit_interval("x", x), number_between("share", share, 0, 1)
    return np.where(_generator(rng).random(x.shape) < share, 0, x).astype("float32")


def salt_and_pepper(x: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Set a random share of the pixels to 0 or 1, by the toss of a fair coin.

    Args:
        x: images in [0, 1], any shape.
        share: the probability, 0 to 1, that a pixel is replaced.
        rng: from `numpy.random.default_rng(seed)`.
    """
    x, share = unit_interval("x", x), number_between("share", share, 0, 1)
    hit = _generator(rng).random(x.shape) < share
    coin = rng.integers(2, size=x.shape)
    return np.where(hit, coin, x).astype("float32")


def affine_warp(
    x: np.ndarray,
    rng: np.random.Generator,
    rotation: float = 0.12,
    log_scale: float = 0.08,
    shear: float = 0.1,
    shift: float = 0.6,
) -> np.ndarray:
    """Rotate, scale, shear and shift each image a little, at random.

    Each amount is drawn evenly, for each image anew, from minus to plus the argument;
    images turn about their middle, and what comes in from outside is black.

    Args:
        x: square images in [0, 1], shape (n, side, side) or (n, side * side).
        rng: from `numpy.random.default_rng(seed)`.
        rotation: radians, 0 to 3.15.
        log_scale: natural logarithm of the factor, 0 to 1.
        shear: tangent of the angle, 0 to 1.
        shift: pixels, in both directions, 0 to 100.

    Returns:
        A new float32 array of the same shape, in [0, 1], interpolated bilinearly.

    Raises:
        ValueError: if an argument is out of range or `rng` is no generator.

    Source: P. Simard, D. Steinkraus and J. Platt, Best Practices for Convolutional Neural
    Networks (2003), section 2; the interpolation is Keras's.
    """
    from keras import ops

    images = square_images("x", unit_interval("x", x))
    amounts = dict(rotation=rotation, log_scale=log_scale, shear=shear)
    highest = dict(rotation=3.15, log_scale=1, shear=1)
    widths = [number_between(name, amounts[name], 0, highest[name]) for name in amounts]
    shift = number_between("shift", shift, 0, 100)
    count, draw = len(images), _generator(rng).uniform
    turn, log_size, lean = (draw(-width, width, count) for width in widths)
    cosine, sine = np.cos(turn) * np.exp(log_size), np.sin(turn) * np.exp(log_size)
    # From a pixel of the result (column, row) to where it is looked up.
    matrix = np.stack([cosine, lean * cosine - sine, sine, lean * sine + cosine], axis=1)
    middle = (images.shape[1] - 1) / 2
    moved = middle - middle * matrix.reshape(count, 2, 2).sum(axis=2)
    moved += draw(-shift, shift, (count, 2))
    rows = np.insert(matrix, [2, 4], moved, axis=1)
    transform = np.pad(rows, [(0, 0), (0, 2)]).astype("float32")
    pixels = images[..., None].astype("float32")
    warped = ops.image.affine_transform(
        pixels, transform, fill_mode="constant", data_format="channels_last"
    )
    # Rounding may leave [0, 1] by a hair.
    return np.clip(ops.convert_to_numpy(warped), 0, 1).reshape(np.shape(x))


def _generator(rng: np.random.Generator) -> np.random.Generator:
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng is a {type(rng).__name__}; expected numpy.random.default_rng(seed)."
        )
    return rng
