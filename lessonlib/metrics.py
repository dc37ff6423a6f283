"""How good is it? The measures that several lessons use.

"Error" in this course is the sum over the pixels of the squared difference, averaged over
the images, with pixels in [0, 1]: the unit of Hinton and Salakhutdinov (2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lessonlib._checks import (
    finite_array,
    no_bytes,
    one_label_each,
    same_shape,
    two_tables,
    unit_interval,
    whole_number,
)


class Gain(NamedTuple):
    """By how much a model beats another on the same images: `.mean`, `.low`, `.high`.

    `low` and `high` are the ends of the 95 % bootstrap interval; a claim is about `low`.
    """

    mean: float
    low: float
    high: float


def squared_error_per_image(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """The squared difference, summed over everything but the first axis.

    Args:
        x: originals, shape (n, ...). (28, 28) and (28, 28, 1) are refused, for they are
            the shapes of a single digit, which is `x[None]`.
        x_hat: reconstructions, the same shape.

    Returns:
        One error for each image, at least 0, shape (n,), float64.

    Raises:
        ValueError: if the shapes differ or are those of a single image, there are no or
            non-finite values, or pixels go from 0 to 255.
    """
    return _squared_errors(x, x_hat, "x_hat")


def squared_error(x: np.ndarray, x_hat: np.ndarray) -> float:
    """The error of the course: `squared_error_per_image`, averaged over the images."""
    return float(squared_error_per_image(x, x_hat).mean())


def share_lost(x: np.ndarray, x_hat: np.ndarray) -> float:
    """The share of the variance that a reconstruction loses, all columns together.

    Errors on images of different kinds can be compared so, since each is measured against
    what answering with the mean of those very images would cost.

    Args:
        x: originals, shape (n, d), not all the same.
        x_hat: reconstructions, the same shape.

    Returns:
        0 is perfect, 1 is as good as the mean, above 1 is worse: one minus r2 with
        `variance_weighted` outputs, in scikit-learn's words.

    Raises:
        ValueError: if the shapes differ, or there are no or non-finite values.
    """
    x = finite_array("x", x)
    mean = np.broadcast_to(x.mean(axis=0, dtype="float64"), x.shape)
    return squared_error(x, x_hat) / squared_error(x, mean)


def paired_gain(
    x: np.ndarray, first: np.ndarray, second: np.ndarray, seed: int = 0
) -> Gain:
    """By how much the second of two models errs less than the first on the same images.

    Args:
        x: originals, shape (n, ...), n at least 2.
        first, second: the two models' reconstructions of them, the same shape.
        seed: of the bootstrap.

    Returns:
        `.mean`, the mean difference of the errors (positive if the second is better), and
        `.low` and `.high`, the ends of its 95 % percentile bootstrap interval over the
        images.

    Raises:
        ValueError: as `squared_error_per_image`, and for fewer than two images.

    Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), ch. 13.
    """
    worse, better = (
        _squared_errors(x, *model) for model in ((first, "first"), (second, "second"))
    )
    return _gain(worse - better, seed)


def pca_reconstruction(x_train: np.ndarray, x: np.ndarray, components: int) -> np.ndarray:
    """What PCA makes of `x` with so many numbers a row: the baseline of most lessons.

    Args:
        x_train: the rows that mean and axes are learned from, shape (n, d).
        x: the rows to reconstruct, shape (m, d).
        components: numbers in the code, 1 to the smaller of n and d.

    Returns:
        Shape (m, d); exact, by scikit-learn's full solver.

    Raises:
        ValueError: if a shape or `components` does not fit.
    """
    from sklearn.decomposition import PCA

    x_train, x = two_tables(("x_train", "x"), x_train, x)
    components = whole_number("components", components, 1, min(x_train.shape))
    pca = PCA(n_components=components, svd_solver="full").fit(x_train)
    return pca.inverse_transform(pca.transform(x))


def pca_shares_left(
    x_train: np.ndarray, x_test: np.ndarray, sizes: Sequence[int]
) -> list[float]:
    """Which share of the mean's error PCA leaves on unseen rows, for each size of code.

    Args:
        x_train: the rows that mean and axes are learned from, shape (n, d).
        x_test: the rows to be judged on, shape (m, d).
        sizes: numbers in the code, each 1 to the smaller of n and d.

    Returns:
        One share for each size: the squared error of PCA over that of answering with
        the training mean, 0 to 1 and falling with the size; nothing is clipped.

    Raises:
        ValueError: if a shape or a size does not fit.
    """
    from sklearn.decomposition import PCA

    x_train, x_test = two_tables(("x_train", "x_test"), x_train, x_test)
    most = min(x_train.shape)
    sizes = [whole_number("each of sizes", size, 1, most) for size in sizes]
    pca = PCA(n_components=max(sizes), svd_solver="full").fit(x_train)
    total = ((x_test - pca.mean_) ** 2).sum()
    kept = (pca.transform(x_test) ** 2).sum(axis=0).cumsum()
    return [float(1 - kept[size - 1] / total) for size in sizes]


def r2(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """The share of each column's variance that a reconstruction keeps.

    Args:
        x: originals, shape (n, d).
        x_hat: reconstructions, the same shape.

    Returns:
        Shape (d,): 1 is perfect, 0 is as good as the column's mean, below 0 is worse.

    Raises:
        ValueError: if the shapes differ, or there are no or non-finite values.
    """
    from sklearn.metrics import r2_score

    x, x_hat = same_shape(("x", "x_hat"), x, x_hat)
    if len(finite_array("x", x, ndim=2)) < 2:
        raise ValueError("x has 1 row; expected at least 2, since one does not vary.")
    return r2_score(x, x_hat, multioutput="raw_values")


def psnr(x: np.ndarray, x_hat: np.ndarray) -> float:
    """Peak signal-to-noise ratio of images in [0, 1], averaged over the images.

    Args:
        x: clean images in [0, 1], shape (n, side * side), (n, side, side) or (n, side,
            side, channels).
        x_hat: restored images, the same shape; any finite values.

    Returns:
        Decibels, higher is better; infinite if an image comes back exactly.

    Raises:
        ValueError: as `psnr_per_image`.
    """
    return float(psnr_per_image(x, x_hat).mean())


def psnr_per_image(x: np.ndarray, x_hat: np.ndarray) -> np.ndarray:
    """The peak signal-to-noise ratio of each image; `psnr` is the mean of these.

    Args:
        x: clean images in [0, 1], shape (n, side * side), (n, side, side) or (n, side,
            side, channels).
        x_hat: restored images, the same shape; any finite values.

    Returns:
        Decibels, higher is better, shape (n,), float64; infinite for an image that comes
        back exactly.

    Raises:
        ValueError: if `x` leaves [0, 1] or holds no such images, the shapes differ, a
            value is not finite or `x_hat` holds pixels of 0 to 255.
    """
    return _levels(x, x_hat, "x_hat")


def paired_psnr_gain(
    x: np.ndarray, first: np.ndarray, second: np.ndarray, seed: int = 0
) -> Gain:
    """By how many decibels the second of two models beats the first on the same images.

    Args:
        x: clean images in [0, 1], shaped as in `psnr`, n at least 2.
        first, second: the two models' restorations of them, the same shape.
        seed: of the bootstrap.

    Returns:
        `.mean`, over the images, of the difference in PSNR (positive if the second is
        better), and `.low` and `.high`, the ends of its 95 % percentile bootstrap interval.

    Raises:
        ValueError: as `psnr_per_image`, for fewer than two images, and if one comes back
            exactly, since infinite decibels cannot be averaged.

    Source: as `paired_gain`, of which this is the form for decibels.
    """
    levels = _levels(x, first, "first"), _levels(x, second, "second")
    if not np.isfinite(levels).all():
        raise ValueError(
            "an image comes back exactly, which is infinitely many decibels; expected "
            "some error in each. Use paired_gain, which compares squared errors."
        )
    return _gain(levels[1] - levels[0], seed)


def principal_angles(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The angles between two subspaces, each given by vectors that span it.

    Args:
        first, second: one spanning vector a row, shape (k, d), k at most d.

    Returns:
        k angles in degrees, from 0 (a shared direction) to 90, the largest first.

    Raises:
        ValueError: if a shape is wrong or the two live in different spaces.

    Source: A. Knyazev and M. Argentati, SIAM J. Sci. Comput. 23 (2002); SciPy.
    """
    from scipy.linalg import subspace_angles

    first = finite_array("first", first, ndim=2).astype("float64")
    second = finite_array("second", second, ndim=2).astype("float64")
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"first has vectors of {first.shape[1]} numbers and second of "
            f"{second.shape[1]}; expected the same. One vector a row: transpose?"
        )
    for name, rows in (("first", first), ("second", second)):
        if len(rows) > rows.shape[1]:
            raise ValueError(
                f"{name} has {len(rows)} vectors of {rows.shape[1]} numbers; expected at "
                f"most {rows.shape[1]}. One vector a row: transpose?"
            )
        if np.linalg.matrix_rank(rows) < len(rows):
            raise ValueError(
                f"{name} has {len(rows)} vectors that span fewer dimensions; expected "
                "independent ones. Has a unit died?"
            )
    return np.degrees(subspace_angles(first.T, second.T))


def shortest_wave(x: np.ndarray) -> float:
    """The share of the shortest wave along the rows of images: how strong a lattice is.

    Args:
        x: images, shape (n, height, width) or (n, height, width, channels), with an even
            width of at least 4; the wave changes its sign from each pixel to the next.

    Returns:
        Its share, in %, of the energy of all waves but the mean, over all rows; nan if
        the rows are constant.

    Raises:
        ValueError: if `x` does not have that shape or is not finite.
    """
    x = finite_array("x", x)
    if x.ndim not in (3, 4) or x.shape[2] % 2 or x.shape[2] < 4:
        raise ValueError(
            f"x has shape {x.shape}; expected (n, height, width) or (n, height, width, "
            "channels) with an even width of at least 4."
        )
    energy = np.abs(np.fft.rfft(x, axis=2)) ** 2
    energy = energy.sum(axis=tuple(axis for axis in range(x.ndim) if axis != 2))
    # Those between the mean and the shortest stand for two waves each, sine and cosine.
    total = 2 * energy[1:-1].sum() + energy[-1]
    return float(100 * energy[-1] / total) if total else float("nan")


def linear_probe(
    code: np.ndarray,
    labels: np.ndarray,
    code_test: np.ndarray,
    labels_test: np.ndarray,
    per_class: int | None = None,
    seed: int = 0,
) -> float:
    """How well a linear classifier reads the label off a code: its test accuracy.

    The columns are scaled to sd 1 on the training rows, then logistic regression is
    fitted, as G. Alain and Y. Bengio do (2016, arXiv 1610.01644).

    Args:
        code, code_test: shapes (n, d) and (m, d).
        labels, labels_test: whole numbers, or words, shapes (n,) and (m,).
        per_class: use so many training rows of each class, drawn at random; None: all.
        seed: of that draw.

    Returns:
        The share of test rows that are labelled right, 0 to 1.

    Raises:
        ValueError: if shapes do not fit, labels are fractions or masked, or a class has
            fewer than `per_class` rows.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    code, code_test = two_tables(("code", "code_test"), code, code_test)
    labels = one_label_each("labels", labels, len(code))
    labels_test = one_label_each("labels_test", labels_test, len(code_test))
    if per_class is not None:
        classes, counts = np.unique(labels, return_counts=True)
        per_class = whole_number("per_class", per_class, 1, int(counts.min()))
        rng = np.random.default_rng(whole_number("seed", seed, 0, 2**63))
        drawn = [rng.permutation(np.flatnonzero(labels == c))[:per_class] for c in classes]
        code, labels = code[np.concatenate(drawn)], labels[np.concatenate(drawn)]
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    return float(probe.fit(code, labels).score(code_test, labels_test))


def _squared_errors(x: np.ndarray, x_hat: np.ndarray, name: str) -> np.ndarray:
    """The squared error of each image; `name` is what the caller calls `x_hat`."""
    x, x_hat = same_shape(("x", name), x, x_hat)
    if x.ndim < 2 or x.shape in ((28, 28), (28, 28, 1)):
        raise ValueError(
            f"x has shape {x.shape}; expected (n, ...), one row for each image. A single "
            f"one is x[None], with {name}[None]; rows of numbers are x[:, None]."
        )
    no_bytes("x", x)
    no_bytes(name, x_hat)
    return ((x.astype("float64") - x_hat) ** 2).reshape(len(x), -1).sum(axis=1)


def _levels(x: np.ndarray, x_hat: np.ndarray, name: str) -> np.ndarray:
    """The decibels of each image; `name` is what the caller calls `x_hat`."""
    images = unit_interval("x", x)
    shape = images.shape
    flat = len(shape) == 2 and round(shape[1] ** 0.5) ** 2 == shape[1]
    if not flat and not (len(shape) in (3, 4) and shape[1] == shape[2]):
        raise ValueError(
            f"x has shape {shape}; expected square images, (n, side * side) or (n, side, "
            f"side). A single one is x[None], with {name}[None]."
        )
    mean_square = _squared_errors(images, x_hat, name) / images[0].size
    with np.errstate(divide="ignore"):
        return -10 * np.log10(mean_square)


def _gain(gains: np.ndarray, seed: int) -> Gain:
    """The mean over the images, and its 95 % percentile bootstrap interval."""
    if len(gains) < 2:
        raise ValueError("x has 1 image; expected at least 2, to judge the spread.")
    rng = np.random.default_rng(whole_number("seed", seed, 0, 2**63))
    draws = rng.integers(len(gains), size=(2_000, len(gains)))
    low, high = np.percentile(gains[draws].mean(axis=1), [2.5, 97.5])
    return Gain(float(gains.mean()), float(low), float(high))
