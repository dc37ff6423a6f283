"""Corruptions of images, each a function of an explicit random generator.

Source: P. Vincent et al., Stacked Denoising Autoencoders, JMLR 11 (2010), section 3.
"""

from __future__ import annotations

import numpy as np

from lessonlib._checks import number_between, unit_interval


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


def _generator(rng: np.random.Generator) -> np.random.Generator:
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng is a {type(rng).__name__}; expected numpy.random.default_rng(seed)."
        )
    return rng
