"""Nearest neighbours: what they vote, and what can be read off them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lessonlib._checks import finite_array, one_label_each, two_tables, whole_number
from lessonlib.data import Curve
from lessonlib.metrics import squared_error


def vote_accuracy(
    code: np.ndarray,
    labels: np.ndarray,
    code_test: np.ndarray,
    labels_test: np.ndarray,
    neighbours: int = 10,
) -> float:
    """The share of test rows whose nearest training rows vote for the right label.

    Args:
        code, code_test: shapes (n, d) and (m, d).
        labels, labels_test: whole numbers, shapes (n,) and (m,).
        neighbours: how many vote, 1 to n.

    Returns:
        From 0 to 1.

    Raises:
        ValueError: if shapes do not fit.
    """
    votes = _votes(code, labels, code_test, neighbours)
    labels_test = one_label_each("labels_test", labels_test, len(votes))
    return float((np.unique(labels)[votes.argmax(axis=1)] == labels_test).mean())


def agreement(
    code: np.ndarray, labels: np.ndarray, code_test: np.ndarray, neighbours: int = 10
) -> float:
    """How many of the nearest training rows agree on a label, on average.

    Blur does not help: a ghost of two digits lies near images of both. Arguments as in
    `vote_accuracy`.

    Returns:
        The votes for the label that has the most of them, 1 to `neighbours`.

    Raises:
        ValueError: if shapes do not fit.
    """
    votes = _votes(code, labels, code_test, neighbours)
    return float(neighbours * votes.max(axis=1).mean())


def look_up_error(encode: Callable[[np.ndarray], np.ndarray], table: Curve) -> float:
    """The test error of a code whose decoder is a look-up table.

    For a code it finds the training rows of the nearest codes, and answers with their
    mean. How many rows, 1 to 50, is chosen on the validation rows.

    Args:
        encode: from rows, shape (n, d), to codes, shape (n, k); fitted already.
        table: anything with `x_train`, `x_valid` and `x_test`, shape (n, d) each.

    Returns:
        The error of the course on the test rows.

    Raises:
        ValueError: if a shape does not fit, or there are no validation rows.
    """
    from sklearn.neighbors import KNeighborsRegressor

    code_train, code_valid = encode(table.x_train), encode(table.x_valid)
    tables = []
    for neighbours in (1, 5, 20, 50):
        rows = KNeighborsRegressor(neighbours).fit(code_train, table.x_train)
        tables.append((squared_error(table.x_valid, rows.predict(code_valid)), rows))
    best = min(tables, key=lambda pair: pair[0])[1]
    return squared_error(table.x_test, best.predict(encode(table.x_test)))


def nearest_strands(x: np.ndarray, z: np.ndarray, apart: float) -> np.ndarray:
    """Where a curve comes nearest to itself: two rows near in space and not along it.

    Args:
        x: rows along a curve, shape (n, d).
        z: where along it each row lies, shape (n,).
        apart: how far the two are apart in `z`, at least.

    Returns:
        The numbers of the two rows, shape (2,), the one with the smaller `z` first.

    Raises:
        ValueError: if the lengths differ or no two rows are so far apart.
    """
    x, z = finite_array("x", x, ndim=2), finite_array("z", z, ndim=1)
    if len(x) != len(z) or not np.ptp(z) >= apart:
        raise ValueError(
            f"x has {len(x)} rows and z {len(z)} values over {np.ptp(z):g}; expected as "
            f"many, and two that are {apart:g} apart."
        )
    order = np.argsort(z)
    nearest = (np.inf, 0, 0)
    for i, row in enumerate(order):
        far = order[i:][z[order[i:]] - z[row] >= apart]
        if len(far):
            distances = ((x[far] - x[row]) ** 2).sum(axis=1)
            nearest = min(nearest, (distances.min(), row, far[distances.argmin()]))
    return np.array(nearest[1:])


def _votes(
    code: np.ndarray, labels: np.ndarray, code_test: np.ndarray, neighbours: int
) -> np.ndarray:
    """The share of votes for each label, in sorted order, shape (m, labels)."""
    from sklearn.neighbors import KNeighborsClassifier

    code, code_test = two_tables(("code", "code_test"), code, code_test)
    labels = one_label_each("labels", labels, len(code))
    neighbours = whole_number("neighbours", neighbours, 1, len(code))
    voters = KNeighborsClassifier(neighbours).fit(code, labels)
    return voters.predict_proba(code_test)
