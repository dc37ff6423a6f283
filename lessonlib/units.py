"""Single units of a code: which images light them up, and whether these have a label."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lessonlib._checks import finite_array, one_label_each, whole_number


class Lit(NamedTuple):
    """Units that are on often enough, and the images that light them up most.

    Attributes:
        units: their numbers, shape (k,).
        images: the numbers of the images of each, the strongest first, shape (k, count).
    """

    units: np.ndarray
    images: np.ndarray


def most_lit(code: np.ndarray, count: int = 11) -> Lit:
    """For each unit that is on often enough, the images for which it is largest.

    Args:
        code: shape (n, units); a unit is on where its value is above 0.
        count: how many images for a unit, 1 to n; units that are on for fewer are left out.

    Returns:
        The k units that are on for at least `count` images, with so many for each.

    Raises:
        ValueError: if `code` is not such an array, or no unit is on that often.
    """
    code = finite_array("code", code, ndim=2)
    count = whole_number("count", count, 1, len(code))
    units = np.flatnonzero((code > 0).sum(axis=0) >= count)
    if not len(units):
        raise ValueError(
            f"no unit of code is above 0 for {count} images; expected at least one. Did "
            "all units die?"
        )
    strongest = np.argsort(-code[:, units], axis=0, kind="stable")[:count]
    return Lit(units, strongest.T)


def purity(code: np.ndarray, labels: np.ndarray, count: int = 11) -> np.ndarray:
    """How far the images that light a unit up agree on a label.

    Args:
        code: shape (n, units).
        labels: whole numbers, shape (n,).
        count: images for a unit, as in `most_lit`.

    Returns:
        For each unit of `most_lit` the share of its images that have their commonest
        label, from 1 / count to 1, shape (k,).

    Raises:
        ValueError: as `most_lit`, and if there is not one label for each row.
    """
    images = most_lit(code, count).images
    labels = one_label_each("labels", labels, len(code))
    votes = [np.unique(labels[row], return_counts=True)[1].max() for row in images]
    return np.array(votes) / count
