"""Planes and curves in space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from lessonlib._checks import finite_array, labelled
from lessonlib.plots.points import turned_orders
from lessonlib.plots.style import COLOURS


def tilted_planes(first: np.ndarray, second: np.ndarray, title: str) -> None:
    """Two planes in space, and the two principal angles between them.

    Args:
        first, second: two spanning vectors each, one a row, shape (2, 3).
        title: the finding.

    Raises:
        ValueError: if a shape does not fit, or two vectors lie on one line.
    """
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    bases = []
    for name, rows in (("first", first), ("second", second)):
        rows = finite_array(name, rows, ndim=2)
        if rows.shape != (2, 3) or np.linalg.matrix_rank(rows) < 2:
            raise ValueError(
                f"{name} is {rows.tolist()}; expected two vectors of three numbers that do "
                "not lie on one line."
            )
        bases.append(np.linalg.qr(rows.T)[0].T)
    left, cosines, right = np.linalg.svd(bases[0] @ bases[1].T)
    pairs = np.stack([left.T @ bases[0], right @ bases[1]], axis=1)
    # No layout: it would make room for ticks that are not drawn.
    figure = plt.figure(figsize=(6, 4.2), layout="none")
    axes: Any = figure.add_axes((0, 0, 1, 0.95), projection="3d")
    for plane, colour in zip((pairs[:, 0], pairs[:, 1]), COLOURS, strict=False):
        corners = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]]) @ plane
        axes.add_collection3d(Poly3DCollection([corners], color=colour, alpha=0.3))
    for (one, other), cosine in zip(pairs, cosines, strict=True):
        angle = np.arccos(np.clip(cosine, -1, 1))
        for vector, colour in ((one, COLOURS[0]), (other, COLOURS[1])):
            axes.plot(*np.outer(vector, [0, 1]), color=colour, linewidth=3)
        # Walk from one vector to the other: along the chord, then out to the arc.
        arc = one + np.linspace(0, 1, 30)[:, None] * (other - one)
        arc *= 0.7 / np.linalg.norm(arc, axis=1, keepdims=True).clip(1e-9)
        axes.plot(*arc.T, color=COLOURS[5], linewidth=1.5)
        middle = one + other
        place = 1.45 * middle / np.linalg.norm(middle).clip(1e-9)
        axes.text(
            *place, f"{np.degrees(angle):.0f}°", ha="center", va="center", fontsize=14
        )
    axes.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-0.7, 0.7))
    axes.set_box_aspect((2, 2, 1.4), zoom=1.12)
    axes.view_init(elev=22, azim=-60)
    axes.set_axis_off()
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def curve_in_space(
    x: np.ndarray,
    panels: Mapping[str, np.ndarray],
    *,
    names: Sequence[str],
    title: str,
    columns: Sequence[int] = (0, 1, 2),
    jump: np.ndarray | None = None,
) -> None:
    """Three columns of a table as points in space, a panel for each way to order them.

    Args:
        x: shape (n, d), d at least 3.
        panels: label to a number for each row, shape (n,) or (n, 1). A row's colour is its
            place in the order of these numbers, from dark to bright; where they fall while
            those of the first panel rise, the order is turned round.
        names: of the d columns.
        title: the finding.
        columns: the three to draw.
        jump: two rows to join by a dashed line, shape (2, d); None joins none.

    Raises:
        ValueError: if there is no panel, shapes do not fit or a value is not finite.
    """
    labelled("panels", panels, "a number for each row")
    x = finite_array("x", x, ndim=2)
    orders = turned_orders(panels, next(iter(panels.values())))
    columns = list(columns)
    if len(columns) != 3 or len(names) != x.shape[1] or orders.shape[1] != len(x):
        raise ValueError(
            f"x has shape {x.shape} with {len(names)} names, {len(columns)} columns to "
            f"draw and panels of {orders.shape[1]} numbers; expected a name for each "
            "column, 3 columns and a number for each row."
        )
    figure, row = plt.subplots(
        1, len(orders), figsize=(10, 4.6), squeeze=False, subplot_kw={"projection": "3d"}
    )
    for axes, label, order in zip(row[0], panels, orders, strict=True):
        axes.scatter(*x[:, columns].T, c=order, cmap="viridis", s=18, depthshade=False)
        if jump is not None:
            ends = np.asarray(jump)[:, columns]
            axes.plot(*ends.T, "--", color=COLOURS[1], linewidth=3, zorder=9)
        labels = [names[column] for column in columns]
        axes.set(xlabel=labels[0], ylabel=labels[1], zlabel=labels[2], title=label)
        axes.tick_params(labelsize=9)
        axes.view_init(elev=24, azim=-66)
        axes.set_box_aspect((4, 4, 3), zoom=1.05)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()
