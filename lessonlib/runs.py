"""What several runs tell together: a mean, and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessonlib._checks import finite_array
from lessonlib.metrics import Gain


def mean_of_runs(values: Sequence[float] | np.ndarray) -> Gain:
    """The mean over independent runs, with its 95 % interval by Student's t.

    Of two methods that were run in pairs (run i of both with the same seed and the same
    data), hand in the differences: what makes a run hard for both then cancels.

    Args:
        values: one for each run, shape (n,), n at least 2.

    Returns:
        `.mean`, and `.low` and `.high`, the ends of the interval.

    Raises:
        ValueError: if there are fewer than two runs or a value is not finite.

    Source: Student, The probable error of a mean, Biometrika 6 (1908).
    """
    from scipy.special import stdtrit

    runs = finite_array("values", values, ndim=1).astype("float64")
    if len(runs) < 2:
        raise ValueError("values holds 1 run; expected at least 2, to judge the spread.")
    mean = float(runs.mean())
    reach = float(stdtrit(len(runs) - 1, 0.975) * runs.std(ddof=1) / len(runs) ** 0.5)
    return Gain(mean, mean - reach, mean + reach)
