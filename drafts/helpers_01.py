"""Helpers of lesson 01 on their way into lessonlib: plots/space.py (and its __init__), metrics.

Importing this module puts them there, so that the draft runs as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from lessonlib import metrics, plots
from lessonlib._checks import finite_array
from lessonlib.data import Curve
from lessonlib.plots.points import points_against
from lessonlib.plots.style import COLOURS


def tilted_planes(first: np.ndarray, second: np.ndarray, title: str) -> None:
    """Two planes in space, and the two principal angles between them.

    Args:
        first, second: two spanning vectors each, one a row, shape (2, 3).
        title: the finding.

    Raises:
        ValueError: if a shape does not fit, or two vectors lie on one line.
    """
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
    axes = figure.add_axes((0, 0, 1, 0.95), projection="3d")
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
    x, orders = finite_array("x", x, ndim=2), _orders(panels, next(iter(panels.values())))
    columns = list(columns)
    if len(columns) != 3 or len(names) != x.shape[1] or orders.shape[1] != len(x):
        raise ValueError(
            f"x has shape {x.shape} with {len(names)} names, {len(columns)} columns to draw "
            f"and panels of {orders.shape[1]} numbers; expected a name for each column, 3 "
            "columns and a number for each row."
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
        axes.tick_params(labelsize=8)
        axes.view_init(elev=24, azim=-66)
        axes.set_box_aspect((4, 4, 3), zoom=1.05)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def order_against(z: np.ndarray, codes: Mapping[str, np.ndarray], title: str) -> None:
    """Each row's place in the order of a one-number code, against a hidden number.

    Args:
        z: the hidden number, shape (n,).
        codes: label to codes, shape (n,) or (n, 1), side by side; one that falls with `z`
            is turned round, since a code may be flipped.
        title: the finding.

    Raises:
        ValueError: if there is no code, the lengths differ or a value is not finite.
    """
    panels = dict(zip(codes, _orders(codes, z), strict=True))
    points_against(z, panels, y_label="place in the order of the code", title=title)


def _orders(codes: Mapping[str, np.ndarray], z: np.ndarray) -> np.ndarray:
    """Each row's place in the order of each code, turned so as to rise with `z`."""
    rows = [np.ravel(code) for code in codes.values()]
    orders = finite_array("codes", rows, ndim=2).argsort(axis=1).argsort(axis=1)
    if len(np.ravel(z)) != orders.shape[1]:
        raise ValueError(
            f"the codes have {orders.shape[1]} rows and z {len(np.ravel(z))}; expected as many."
        )
    falling = np.array([np.corrcoef(order, np.ravel(z))[0, 1] < 0 for order in orders])
    return np.where(falling[:, None], orders.shape[1] - 1 - orders, orders)


def look_up_error(encode: Callable[[np.ndarray], np.ndarray], table: Curve) -> float:
    """The test error of a code whose decoder is a look-up table.

    For a code it finds the training rows of the nearest codes, and answers with their
    mean. How many rows, 1 to 50, is chosen on the validation rows.

    Args:
        encode: from rows, shape (n, d), to codes, shape (n, k); fitted already.
        table: anything with `x_train`, `x_valid` and `x_test`, shape (n, d) each.

    Returns:
        The error of the course on the test rows.

    Raises:
        ValueError: if a shape does not fit, or there are no validation rows.
    """
    from sklearn.neighbors import KNeighborsRegressor

    code_train, code_valid = encode(table.x_train), encode(table.x_valid)
    best_error, best_table = np.inf, None
    for neighbours in (1, 5, 20, 50):
        rows = KNeighborsRegressor(neighbours).fit(code_train, table.x_train)
        error = metrics.squared_error(table.x_valid, rows.predict(code_valid))
        if error < best_error:
            best_error, best_table = error, rows
    return metrics.squared_error(table.x_test, best_table.predict(encode(table.x_test)))


def nearest_strands(x: np.ndarray, z: np.ndarray, apart: float) -> np.ndarray:
    """Where a curve comes nearest to itself: two rows near in space and not along it.

    Args:
        x: rows along a curve, shape (n, d).
        z: where along it each row lies, shape (n,).
        apart: how far the two are apart in `z`, at least.

    Returns:
        The numbers of the two rows, shape (2,), the one with the smaller `z` first.

    Raises:
        ValueError: if the lengths differ or no two rows are so far apart.
    """
    x, z = finite_array("x", x, ndim=2), finite_array("z", z, ndim=1)
    if len(x) != len(z) or not np.ptp(z) >= apart:
        raise ValueError(
            f"x has {len(x)} rows and z {len(z)} values over {np.ptp(z):g}; expected as "
            f"many, and two that are {apart:g} apart."
        )
    order = np.argsort(z)
    nearest = (np.inf, 0, 0)
    for i, row in enumerate(order):
        far = order[i:][z[order[i:]] - z[row] >= apart]
        if len(far):
            distances = ((x[far] - x[row]) ** 2).sum(axis=1)
            nearest = min(nearest, (distances.min(), row, far[distances.argmin()]))
    return np.array(nearest[1:])


plots.tilted_planes = tilted_planes
plots.curve_in_space = curve_in_space
plots.order_against = order_against
metrics.look_up_error = look_up_error
metrics.nearest_strands = nearest_strands
