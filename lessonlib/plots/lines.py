"""Quantities against one another: lines and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.ticker import LogLocator

from lessonlib._checks import finite_array, labelled, same_shape
from lessonlib.plots.style import COLOURS, DASHES, MARKERS


def line_plot(
    x: Sequence[float] | Mapping[str, Sequence[float]],
    lines: Mapping[str, Sequence[float]],
    *,
    x_label: str,
    y_label: str,
    title: str,
    log: bool = False,
    log_x: bool = False,
) -> None:
    """Several quantities against one, as lines.

    Args:
        x: where they were measured, shape (n,), or label to such a shape for lines that
            were measured at places of their own.
        lines: label to values, shape (n,) each; up to 30 values are marked one by one.
        x_label, y_label: with units.
        title: the finding.
        log: a logarithmic vertical axis.
        log_x: a horizontal axis in powers of two.

    Raises:
        ValueError: if there is no line, or one of another length than `x`.
    """
    labelled("lines", lines, "values for each line")
    if len(lines) > len(COLOURS):
        raise ValueError(
            f"lines has {len(lines)} entries; expected at most {len(COLOURS)}, as many as "
            "there are styles that stay apart."
        )
    places = x if isinstance(x, Mapping) else dict.fromkeys(lines, x)
    if list(places) != list(lines):
        raise ValueError(
            f"x has the labels {list(places)} and lines {list(lines)}; expected the same."
        )
    drawn = {
        label: finite_array(f"the line {label!r}", y, ndim=1) for label, y in lines.items()
    }
    for label, y in drawn.items():
        same_shape(("x", f"the line {label!r}"), places[label], y)
    _, axes = plt.subplots(figsize=(8, 4))
    styles = zip(COLOURS, DASHES, MARKERS, strict=True)
    for (label, y), (colour, dash, marker) in zip(drawn.items(), styles, strict=False):
        style: dict[str, Any] = dict(
            linestyle=dash, color=colour, marker=marker if len(y) <= 30 else ""
        )
        axes.plot(places[label], y, label=label, **style)
    axes.set(xlabel=x_label, ylabel=y_label, title=title)
    if log:
        axes.set_yscale("log")
        low, high = axes.get_ylim()
        axes.yaxis.set_major_locator(
            LogLocator(subs=(1, 3) if high > 99 * low else (1, 2, 5))
        )
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("")
    if log_x:
        axes.set_xscale("log", base=2)
        ticks = sorted({float(tick) for row in places.values() for tick in row})
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    if len(lines) > 1:
        axes.figure.legend(loc="outside right upper")
    plt.show()


def bar_plot(bars: Mapping[str, float], *, x_label: str, title: str) -> None:
    """One horizontal bar for each entry, with its value behind it.

    Args:
        bars: label to value, finite.
        x_label: with units.
        title: the finding.

    Raises:
        ValueError: if there is no bar or a value is not finite.
    """
    labelled("bars", bars, "a value for each bar")
    values = finite_array("bars", list(bars.values()), ndim=1)
    _, axes = plt.subplots(figsize=(8, 0.55 * len(bars) + 1))
    drawn = axes.barh(list(bars), values, color=COLOURS[0], height=0.6)
    axes.bar_label(drawn, labels=[f"{value:.2f}" for value in values], padding=4)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set(xlabel=x_label, title=title)
    plt.show()
