"""Means over runs, against SciPy's own interval and by their promise."""

import numpy as np
import pytest
from scipy import stats

from lessonlib.runs import mean_of_runs


def test_the_interval_is_that_of_student():
    values = [2.0, 3.5, 1.0, 4.0, 2.5]
    found = mean_of_runs(values)
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert np.allclose(found, (2.6, low, high))


def test_it_holds_the_truth_in_nineteen_of_twenty():
    rng = np.random.default_rng(0)
    found = [mean_of_runs(rng.normal(7, 2, 4)) for _ in range(2_000)]
    assert np.mean([low <= 7 <= high for _, low, high in found]) == pytest.approx(
        0.95, abs=0.015
    )


def test_pairs_leave_out_what_both_share():
    rng = np.random.default_rng(1)
    draw = rng.normal(20, 5, 8)
    one, other = draw + rng.normal(0, 0.1, 8), draw - 1 + rng.normal(0, 0.1, 8)
    paired, single = mean_of_runs(one - other), mean_of_runs(one)
    assert paired.high - paired.low < (single.high - single.low) / 10
    assert paired.low < 1 < paired.high


@pytest.mark.parametrize(
    "values, message",
    [
        ([1.0], "values holds 1 run; expected at least 2"),
        ([1.0, np.nan], "values holds NaN"),
        ([[1.0, 2.0]], "values has shape .*expected 1 ax"),
    ],
)
def test_too_few_runs_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        mean_of_runs(values)
