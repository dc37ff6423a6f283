"""Sparse codes: the largest values kept, searched and refitted ones, an image's pieces."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from lessonlib._checks import finite_array, two_tables, whole_number


@keras.saving.register_keras_serializable("lessonlib")
class TopK(keras.layers.Layer):
    """Keeps the k largest values of each row and sets the others to 0.

    Values equal to the smallest that is kept stay as well. The gradient flows through what
    is kept alone. Source: A. Makhzani and B. Frey, k-sparse autoencoders, ICLR (2014).

    Args:
        k: how many values stay, 1 to the number of units.

    Raises:
        ValueError: if `k` is not such a number, or the input is not of shape (n, units).
    """

    def __init__(self, k, **kwargs):
        super().__init__(**kwargs)
        self.k = whole_number("k", k, 1, 10**6)

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(
                f"code has shape {input_shape}; expected (n, units): flatten it."
            )
        whole_number("k", self.k, 1, int(input_shape[-1]))

    def call(self, code):
        largest, _ = ops.top_k(code, self.k)
        return ops.where(code >= largest[:, -1:], code, ops.zeros_like(code))

    def get_config(self):
        return super().get_config() | dict(k=self.k)


def pursue(x: np.ndarray, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Explain each image by k rows, found by orthogonal matching pursuit.

    It takes the row that fits best what is left of the image, fits the values of all rows
    taken so far anew, and goes on. Rows are brought to length 1 first; a value may be
    negative.

    Args:
        x: images, shape (n, d).
        rows: what to build them from, shape (m, d), none of them all zero.
        k: rows for an image, 1 to the smaller of m and d.

    Returns:
        The values of the rows of length 1, shape (n, m), at most k of a row of it not
        zero, and the images that they build, shape (n, d).

    Raises:
        ValueError: if shapes or `k` do not fit, or a row is all zero.

    Source: Y. Pati, R. Rezaiifar and P. Krishnaprasad, Asilomar Conference (1993); after
    S. Mallat and Z. Zhang, IEEE Transactions on Signal Processing 41 (1993).
    """
    from sklearn.decomposition import SparseCoder

    x, rows = two_tables(("x", "rows"), x, rows)
    k = whole_number("k", k, 1, min(rows.shape))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError(f"row {int(np.argmin(lengths))} of rows is all zero; drop it.")
    rows = rows / lengths
    coder = SparseCoder(rows, transform_algorithm="omp", transform_n_nonzero_coefs=k)
    code = coder.transform(x)
    return code, code @ rows


def refit(
    x: np.ndarray, rows: np.ndarray, code: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Explain each image by the rows that a code has chosen, with the best values for them.

    Best is what leaves the smallest squared error; a value may be negative. Whatever is
    zero in the code stays zero. Beside `pursue` it tells a poor choice from poor values.

    Args:
        x: images, shape (n, d).
        rows: what to build them from, shape (m, d).
        code: chosen are the rows whose number is not zero, shape (n, m).

    Returns:
        The values of the rows, shape (n, m), and the images that they build, shape (n, d).

    Raises:
        ValueError: if shapes do not fit.
    """
    x, rows = two_tables(("x", "rows"), x, rows)
    code = finite_array("code", code, ndim=2)
    if code.shape != (len(x), len(rows)):
        raise ValueError(
            f"code has shape {code.shape}; expected {(len(x), len(rows))}, a number for "
            "each image and row."
        )
    x, rows = x.astype("float64"), rows.astype("float64")
    likeness, products = rows @ rows.T, x @ rows.T
    values = np.zeros(code.shape)
    for value, product, chosen in zip(values, products, code != 0, strict=True):
        among = likeness[np.ix_(chosen, chosen)]
        value[chosen] = np.linalg.lstsq(among, product[chosen], rcond=None)[0]
    return values, values @ rows


def strongest_pieces(code: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """What the strongest units of one code add to the picture, the strongest first.

    Args:
        code: of one image, shape (m,).
        rows: what each unit adds at a value of 1, shape (m, d).
        count: how many pieces, 1 to m.

    Returns:
        Value times row, by falling length, shape (count, d).

    Raises:
        ValueError: if shapes or `count` do not fit.
    """
    code = finite_array("code", code, ndim=1)
    rows = finite_array("rows", rows, ndim=2)
    if len(code) != len(rows):
        raise ValueError(
            f"code has {len(code)} numbers and rows has {len(rows)} rows; expected as many."
        )
    pieces = code[:, None] * rows
    order = np.argsort(-np.linalg.norm(pieces, axis=1), kind="stable")
    return pieces[order[: whole_number("count", count, 1, len(code))]]
