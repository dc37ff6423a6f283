"""Helpers that lesson 02 needs.

`digit_map` belongs in lessonlib/plots/codes.py, `random_and_worst` in plots/images.py,
`neighbours_right` and `neighbours_agree` in metrics.py (beside `linear_probe`, with its
checks, and scikit-learn imported inside).
"""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from lessonlib import metrics
from lessonlib.plots import image_rows

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
            style = dict(color=colour, marker=f"${digit}$", linestyle="")
            axes.plot(*points, markersize=5.5, markeredgewidth=0.2, **style)
        low, high = np.percentile(code, [1, 99], axis=0)
        margin = 0.04 * (high - low)
        axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
        axes.set_ylim(low[1] - margin[1], high[1] + margin[1])
        axes.set_box_aspect(1)
        axes.set(title=label, xticks=[], yticks=[], xlabel="first number")
    row[0, 0].set_ylabel("second number")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def random_and_worst(
    x: np.ndarray, answers: Mapping[str, np.ndarray], title: str, count: int = 6
) -> None:
    """Images and what models make of them: some at random, and the last model's worst.

    Args:
        x: originals, shape (n, side * side) or (n, side, side).
        answers: label to reconstructions of all of them, shaped like `x`.
        title: the finding.
        count: how many at random, and how many of the worst, 1 to n.
    """
    last = list(answers.values())[-1]
    worst = np.argsort(metrics.squared_error_per_image(x, last))[-count:]
    random = np.random.default_rng(0).choice(len(x), count, replace=False)
    picked = np.append(random, worst)
    rows = {label: images[picked] for label, images in ({"original": x} | answers).items()}
    image_rows(rows, title)


def neighbours_right(
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
    """
    voters = KNeighborsClassifier(neighbours).fit(code, labels)
    return float(voters.score(code_test, labels_test))


def neighbours_agree(
    code: np.ndarray, labels: np.ndarray, code_test: np.ndarray, neighbours: int = 10
) -> float:
    """How many of the nearest training rows agree on a label, on average.

    Arguments as in `neighbours_right`. Blur does not help: a ghost of two digits lies
    near images of both.

    Returns:
        The votes for the label with the most of them, from 1 to `neighbours`.
    """
    voters = KNeighborsClassifier(neighbours).fit(code, labels)
    return float(neighbours * voters.predict_proba(code_test).max(axis=1).mean())
