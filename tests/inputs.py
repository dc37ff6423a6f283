"""Arrays that tests of several modules try: good ones, drawn, and what is refused."""

import numpy as np
import pytest
import scipy.sparse
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SHAPES = hnp.array_shapes(min_dims=2, max_dims=4, max_side=5)
SEEDS = st.integers(0, 2**32 - 1)


def numbers(shape, low=-100, high=100):
    """Arrays of ordinary numbers in one of the two float types."""
    return st.sampled_from([np.float32, np.float64]).flatmap(
        lambda kind: hnp.arrays(kind, shape, elements=st.floats(low, high, width=32))
    )


def pairs(low=-100, high=100):
    """Two arrays of one shape."""
    return SHAPES.flatmap(
        lambda shape: st.tuples(numbers(shape, low, high), numbers(shape, low, high))
    )


NOT_IMAGES = {
    "no rows": (np.zeros((0, 4)), r"shape \(0, 4\); expected at least one row"),
    "no columns": (np.zeros((3, 0)), r"shape \(3, 0\); expected at least one"),
    "a number": (0.5, r"shape \(\); expected"),
    "nothing": (None, "a NoneType that holds no numbers; expected a NumPy"),
    "words": (["a", "b"], "a list that holds no numbers; expected numbers, not text"),
    "ragged": ([[1.0], [1.0, 0.0]], "a list that holds no numbers"),
    "complex": (np.ones((2, 2)) * 1j, "holds no numbers; expected real numbers"),
    "objects": (np.array([[1, None]]), "holds no numbers; expected rows of one length"),
    "sparse": (scipy.sparse.eye(3), r"is a sparse .*matrix; expected \w+\.toarray"),
    "nan": (np.array([[0.5, np.nan]]), "NaN or infinite.*expected finite.*diverge"),
    "infinite": (np.array([[0.5, np.inf]]), "NaN or infinite.*expected finite"),
}
not_images = pytest.mark.parametrize("bad, words", NOT_IMAGES.values(), ids=NOT_IMAGES)


class Table:
    """Like a DataFrame: an array of its rows, whose items are its columns."""

    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, column):
        return self.rows[:, column]

    def __array__(self, *arguments, **options):
        return np.array(self.rows)
