"""What one method gains over another, run by run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt

from lessonlib._checks import finite_array, labelled
from lessonlib.plots.style import COLOURS
from lessonlib.runs import mean_of_runs


def paired_gains(gains: Mapping[str, Sequence[float]], *, x_label: str, title: str) -> None:
    """The gains of paired runs: each run a ring, their mean a square with its interval.

    The interval is that of `runs.mean_of_runs`, 95 %. A line marks no gain.

    Args:
        gains: label to one difference for each pair of runs, shape (n,), n at least 2.
        x_label: with units, and which way is better.
        title: the finding.

    Raises:
        ValueError: if there is no entry, one with fewer than two runs, or a value is not
            finite.
    """
    labelled("gains", gains, "gains for each method")
    runs = {
        label: finite_array(f"the gains {label!r}", values, ndim=1)
        for label, values in gains.items()
    }
    means = {label: mean_of_runs(values) for label, values in runs.items()}
    _, axes = plt.subplots(figsize=(8, 0.6 * len(runs) + 1.2))
    axes.axvline(0, color=COLOURS[-1], linewidth=1)
    for place, (label, values) in enumerate(runs.items()):
        mean, low, high = means[label]
        ring: dict[str, Any] = dict(marker="o", facecolors="none", edgecolors="0.45", s=26)
        axes.scatter(values, [place] * len(values), **ring)
        axes.plot([low, high], [place, place], color=COLOURS[0], linewidth=4, alpha=0.6)
        axes.plot(mean, place, marker="s", color=COLOURS[0], markersize=8)
    axes.set_yticks(range(len(runs)), list(runs))
    axes.set_ylim(len(runs) - 0.5, -0.5)
    axes.set(xlabel=x_label, title=title)
    plt.show()
