"""Helpers that lesson 02 needs; they belong in lessonlib/plots/codes.py and lines.py."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

# Okabe and Ito's eight, yellow darkened so that it shows on white, and two more.
TEN = (
    "#000000",
    "#D55E00",
    "#0072B2",
    "#009E73",
    "#CC79A7",
    "#8C6D00",
    "#56B4E9",
    "#E69F00",
    "#7A3B8F",
    "#888888",
)


def digit_map(panels: Mapping[str, np.ndarray], labels: np.ndarray, title: str) -> None:
    """Two-number codes of labelled images: a digit at each point, in a colour of its own.

    The axes cover the middle 98 % of the codes in either direction: a few that lie far
    out would leave no room for the others.

    Args:
        panels: label to codes, shape (n, 2) each, side by side.
        labels: the digits, whole numbers 0 to 9, shape (n,).
        title: the finding.
    """
    figure, row = plt.subplots(1, len(panels), figsize=(10, 5), squeeze=False)
    for axes, (label, code) in zip(row[0], panels.items(), strict=True):
        for digit, colour in enumerate(TEN):
            points = code[labels == digit].T
            axes.plot(*points, color=colour, marker=f"${digit}$", linestyle="", ms=5.5,
                      mew=0.2)
        low, high = np.percentile(code, [1, 99], axis=0)
        margin = 0.04 * (high - low)
        axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
        axes.set_ylim(low[1] - margin[1], high[1] + margin[1])
        axes.set_box_aspect(1)
        axes.set(title=label, xticks=[], yticks=[], xlabel="first number")
    row[0, 0].set_ylabel("second number")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()
