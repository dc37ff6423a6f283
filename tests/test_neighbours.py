"""Nearest neighbours: votes, tables and strands."""

import numpy as np
import pytest

from lessonlib import data, neighbours

# Two clumps of three and one row between them that is nearer to the first.
CODE = np.array([[0.0], [0.1], [0.2], [1.0], [1.1], [1.2]])
LABELS = np.array([3, 3, 8, 8, 8, 8])


def test_votes_are_counted_by_hand():
    right = neighbours.vote_accuracy(CODE, LABELS, [[0.1], [1.1], [0.0]], [3, 8, 8], 3)
    assert right == pytest.approx(2 / 3)
    # Three for 8 at the right end, two of three for 3 at the left one.
    agreed = neighbours.agreement(CODE, LABELS, [[0.1], [1.1]], 3)
    assert agreed == pytest.approx((2 + 3) / 2)


@pytest.mark.parametrize("vote", [neighbours.vote_accuracy, neighbours.agreement])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            dict(code_test=np.eye(2)),
            "code has 1 columns and code_test has 2; expected as many",
        ),
        (dict(labels=LABELS[:4]), "expected one label for each of 6 rows"),
        (dict(labels=np.ma.masked_less(LABELS, 5)), "labels has masked values"),
        (dict(labels=LABELS + 0.5), "labels holds fractions or NaN"),
        (dict(neighbours=7), "neighbours is 7; expected a whole number from 1 to 6"),
        (dict(code=CODE * np.nan), "code holds NaN"),
    ],
)
def test_votes_that_cannot_be_are_refused(vote, change, message):
    given = dict(code=CODE, labels=LABELS, code_test=CODE)
    if vote is neighbours.vote_accuracy:
        given["labels_test"] = LABELS
    with pytest.raises(ValueError, match=message):
        vote(**given | change)


def test_each_test_row_needs_a_label():
    with pytest.raises(
        ValueError, match="labels_test has shape .*one label for each of 6 rows"
    ):
        neighbours.vote_accuracy(CODE, LABELS, CODE, LABELS[:3], 2)


def test_a_table_undoes_a_code_that_keeps_the_order_and_no_other():
    curve = data.make_curve(3_000).scaled
    by_z = neighbours.look_up_error(lambda x: curve_order(curve, x), curve)
    blind = neighbours.look_up_error(lambda x: np.zeros((len(x), 1)), curve)
    assert by_z < 1e-3 < 1 < blind


def curve_order(curve, x):
    """The hidden number of rows of that curve, looked up."""
    known = {
        row.tobytes(): z
        for part in ("train", "valid", "test")
        for row, z in pairs(curve, part)
    }
    return np.array([[known[row.tobytes()]] for row in x])


def pairs(curve, part):
    return zip(getattr(curve, f"x_{part}"), getattr(curve, f"z_{part}"), strict=True)


def test_a_horseshoe_comes_nearest_to_itself_between_its_ends():
    z = np.linspace(0, 1, 200)
    turn = np.radians(30 + 300 * z)  # a ring with a gap of 60 degrees
    x = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    order = np.random.default_rng(0).permutation(200)
    first, second = neighbours.nearest_strands(x[order], z[order], apart=0.5)
    assert z[order][first] == 0 and z[order][second] == 1


@pytest.mark.parametrize(
    ("x", "z", "apart"), [(np.eye(3), [0, 1], 1), (np.eye(3), [0, 1, 2], 3)]
)
def test_strands_that_cannot_be_are_refused(x, z, apart):
    with pytest.raises(ValueError, match="expected as many, and two that are"):
        neighbours.nearest_strands(x, z, apart)
