"""A cloud of points, and lines through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from lessonlib._checks import finite_array, labelled, same_shape
from lessonlib.plots.style import COLOURS, DASHES


def cloud(
    x: np.ndarray,
    y: np.ndarray,
    lines: Mapping[str, np.ndarray],
    *,
    x_label: str,
    y_label: str,
    title: str,
    label: str = "",
    fit: str = "",
) -> None:
    """Draw one number against another as dots, and lines over them.

    Args:
        x, y: shape (n,).
        lines: label to heights at the places `x`, shape (n,) each.
        x_label, y_label: with units.
        title: the finding.
        label: what a dot is, for the legend; "" leaves the dots out of it.
        fit: label of the straight line that is closest to the dots; "" draws none.

    Raises:
        ValueError: if there is no line and no `fit`, shapes differ or a value is not
            finite.
    """
    if not fit or not isinstance(lines, Mapping):
        labelled("lines", lines, "heights for each line")
    x, y = same_shape(("x", "y"), finite_array("x", x, ndim=1), y)
    if fit:
        lines = {fit: np.polyval(np.polyfit(x, y, 1), x)} | dict(lines)
    order = np.argsort(x)
    figure, axes = plt.subplots(figsize=(8, 3.6))
    axes.plot(x, y, ".", color="0.55", alpha=0.35, label=label)
    for number, (name, heights) in enumerate(lines.items()):
        _, heights = same_shape(("x", f"the line {name!r}"), x, heights)
        style: dict[str, Any] = dict(color=COLOURS[number], linestyle=DASHES[number])
        axes.plot(x[order], heights[order], linewidth=3, label=name, **style)
    axes.set(xlabel=x_label, ylabel=y_label, title=title)
    figure.legend(loc="outside right upper")
    plt.show()
