"""Helper of lesson 00 that belongs into lessonlib/metrics.py."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessonlib._checks import finite_array, whole_number


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

    x_train = finite_array("x_train", x_train, ndim=2)
    x_test = finite_array("x_test", x_test, ndim=2)
    if x_train.shape[1] != x_test.shape[1]:
        raise ValueError(
            f"x_train has {x_train.shape[1]} columns and x_test has {x_test.shape[1]}; "
            "expected as many."
        )
    most = min(x_train.shape)
    sizes = [whole_number("each of sizes", size, 1, most) for size in sizes]
    pca = PCA(n_components=max(sizes), svd_solver="full").fit(x_train)
    total = ((x_test - pca.mean_) ** 2).sum()
    kept = (pca.transform(x_test) ** 2).sum(axis=0).cumsum()
    return [float(1 - kept[size - 1] / total) for size in sizes]
