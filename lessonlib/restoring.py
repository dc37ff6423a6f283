"""Restoring spoiled images: a fair trial for every method, two filters, and holes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lessonlib._checks import (
    finite_array,
    number_between,
    same_shape,
    square_images,
    two_tables,
    unit_interval,
    whole_number,
)


@dataclass(frozen=True)
class Trial:
    """Noisy images to restore, and validation images by which each method is set.

    Noise that is clipped to [0, 1] turns black to grey, so that whoever averages is
    wrong for a reason that has nothing to do with noise; and a method that ends in a
    sigmoid knows that pixels end at black and white, while others do not. Every method
    therefore gets a curve, the same for all pixels: of all that never fall, the one that
    brings its answers closest to the clean images (isotonic regression, by SciPy).
    And it gets the best of its settings. Both are found on the validation images.

    Attributes:
        x_valid: clean validation images in [0, 1], shape (n, side * side).
        valid_noisy: the same with noise, in [0, 1].
        x_noisy: the images to restore, shape (m, side * side), of which the clean ones
            are not needed.
    """

    x_valid: np.ndarray
    valid_noisy: np.ndarray
    x_noisy: np.ndarray

    def __post_init__(self) -> None:
        same_shape(("x_valid", "valid_noisy"), self.x_valid, self.valid_noisy)
        two_tables(("valid_noisy", "x_noisy"), self.valid_noisy, self.x_noisy)
        unit_interval("x_valid", self.x_valid)

    def best(
        self,
        method: Callable[[Any, np.ndarray], np.ndarray],
        settings: Iterable[Any],
        expects_clean: bool = False,
    ) -> np.ndarray:
        """What a method makes of `x_noisy`, with the best of its settings, corrected.

        Args:
            method: a function of (setting, images) that returns images of their shape.
            settings: to choose from, such as widths of a filter, or trained models.
            expects_clean: whether the method was made for clean images: then it is
                handed noisy ones on whose average black is black and white is white,
                which leaves [0, 1].

        Returns:
            Restored images in [0, 1], shaped like `x_noisy`.

        Raises:
            ValueError: if there is no setting, or an answer is of another shape or not
                finite.
        """
        from lessonlib.metrics import psnr

        clean, *noisy = (
            finite_array("images", images)
            for images in (self.x_valid, self.valid_noisy, self.x_noisy)
        )
        slope, dark = 1.0, 0.0
        if expects_clean:
            slope, dark = np.polyfit(clean.ravel(), noisy[0].ravel(), 1)
        handed = [((images - dark) / slope).astype("float32") for images in noisy]
        top, chosen = -np.inf, None
        for setting in settings:
            answer = _answer(method, setting, handed[0])
            curve = _rising_curve(answer, clean)
            level = psnr(clean, np.interp(answer, *curve))
            if level > top:
                top, chosen = level, (setting, curve)
        if chosen is None:
            raise ValueError("settings is empty; expected at least one to choose from.")
        setting, curve = chosen
        answer = _answer(method, setting, handed[1])
        return np.interp(answer, *curve).astype("float32")


def _answer(method: Callable, setting: Any, images: np.ndarray) -> np.ndarray:
    answer = finite_array("the method's answer", method(setting, images))
    return same_shape(("images", "the method's answer"), images, answer)[1]


def _rising_curve(answer: np.ndarray, clean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places and heights of the curve that never falls and is closest to `clean`."""
    from scipy.optimize import isotonic_regression

    places, which, counts = np.unique(answer, return_inverse=True, return_counts=True)
    means = np.bincount(which.ravel(), clean.ravel()) / counts
    return places, isotonic_regression(means, weights=counts).x


def median(size: int, x: np.ndarray) -> np.ndarray:
    """Each pixel becomes the median of the square around it.

    Args:
        size: side of the square in pixels, at least 1.
        x: images, shape (n, side * side) or (n, side, side).

    Returns:
        The same shape; SciPy's `median_filter`.

    Raises:
        ValueError: if an image is not square or not finite, or `size` is no such number.
    """
    from scipy import ndimage

    size = whole_number("size", size, 1, 1_000)
    images = square_images("x", x)
    return ndimage.median_filter(images, (1, size, size)).reshape(np.shape(x))


def blur(width: float, x: np.ndarray) -> np.ndarray:
    """Each pixel becomes a mean of its neighbourhood, weighted by a Gaussian.

    Args:
        width: standard deviation of the Gaussian in pixels, 0 to 100; 0 changes nothing.
        x: images, shape (n, side * side) or (n, side, side).

    Returns:
        The same shape; SciPy's `gaussian_filter`.

    Raises:
        ValueError: if an image is not square or not finite, or `width` is out of range.
    """
    from scipy import ndimage

    width = number_between("width", width, 0, 100)
    images = square_images("x", x)
    return ndimage.gaussian_filter(images, (0, width, width)).reshape(np.shape(x))


def punch(x: np.ndarray, rng: np.random.Generator, side: int = 10) -> np.ndarray:
    """Cut a square hole into each image, at a random place in its middle part.

    Args:
        x: images in [0, 1], shape (n, height * height) or (n, height, height).
        rng: from `numpy.random.default_rng(seed)`.
        side: of the hole in pixels, 1 to height - 8: it keeps 4 pixels from the border.

    Returns:
        A new array of the same shape, with -1, which no pixel has, in the holes.

    Raises:
        ValueError: if an argument is out of range.
    """
    images = square_images("x", unit_interval("x", x)).copy()
    height = images.shape[1]
    side = whole_number("side", side, 1, height - 8)
    for image in images:
        top, left = rng.integers(4, height - side - 3, 2)
        image[top : top + side, left : left + side] = -1
    return images.reshape(np.shape(x))


def fill(x: np.ndarray, holed: np.ndarray, extra: float = 0.01) -> np.ndarray:
    """Fill holes with their mean given the other pixels, as if images were Gaussian.

    Args:
        x: images that mean and covariance are learned from, shape (n, d).
        holed: images with -1 in their holes, shape (m, d); each has pixels left.
        extra: added to each pixel's variance, at least 1e-6, so that pixels that hardly
            vary do no harm.

    Returns:
        A new array like `holed`, with numbers, which may leave [0, 1], in the holes.

    Raises:
        ValueError: if shapes do not fit or a value is out of range.

    Source: the conditional mean of a Gaussian with covariance C,
    mean[hole] + C[hole, rest] @ inv(C[rest, rest]) @ (pixels - mean)[rest].
    """
    x, holed = two_tables(("x", "holed"), x, holed)
    extra = number_between("extra", extra, 1e-6, 1e6)
    mean, covariance = x.mean(axis=0), np.cov(x.T) + extra * np.eye(x.shape[1])
    filled, holes = np.array(holed), np.asarray(holed) < 0
    for hole in np.unique(holes, axis=0):
        alike = np.flatnonzero((holes == hole).all(axis=1))
        away = (filled[alike] - mean)[:, ~hole]
        inside, across = covariance[np.ix_(~hole, ~hole)], covariance[np.ix_(~hole, hole)]
        guess = mean[hole] + away @ np.linalg.solve(inside, across)
        filled[np.ix_(alike, hole)] = guess
    return filled
