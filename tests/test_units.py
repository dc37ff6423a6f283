"""Which images light a unit up, and whether these agree on a label."""

import numpy as np
import pytest

from lessonlib import units

# Four images; the first unit is on for all, the second for two, the third for none.
CODE = np.array([[0.1, 0.0, 0.0], [0.4, 2.0, -1.0], [0.2, 0.0, 0.0], [0.3, 3.0, -2.0]])


def test_the_strongest_images_come_first_and_rare_units_are_left_out():
    lit = units.most_lit(CODE, 2)
    assert lit.units.tolist() == [0, 1]
    assert lit.images.tolist() == [[1, 3], [3, 1]]
    assert units.most_lit(CODE, 3).units.tolist() == [0]


def test_purity_is_counted_by_hand():
    shares = units.purity(CODE, np.array([7, 7, 7, 2]), 3)
    assert shares.tolist() == [pytest.approx(2 / 3)]  # labels 7, 2, 7
    assert units.purity(CODE, np.array([7, 7, 7, 7]), 2).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("code", "labels", "count", "message"),
    [
        (CODE[0], [1], 1, "code has shape"),
        (CODE * np.nan, [1, 1, 1, 1], 1, "code holds NaN"),
        (CODE, [1, 1, 1, 1], 5, "count is 5; expected a whole number from 1 to 4"),
        (-CODE[:, :2], [1, 1, 1, 1], 1, "no unit of code is above 0 for 1 images"),
        (CODE, [1, 1, 1], 2, "expected one label for each of 4 rows"),
    ],
)
def test_what_cannot_be_is_refused(code, labels, count, message):
    with pytest.raises(ValueError, match=message):
        units.purity(code, np.array(labels), count)
