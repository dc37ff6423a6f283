"""Points: columns and values against a hidden number, and where a model moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from lessonlib._checks import finite_array, labelled, same_shape
from lessonlib.plots.style import COLOURS


def columns_against(
    z: np.ndarray, x: np.ndarray, x_hat: np.ndarray, names: Sequence[str], title: str
) -> None:
    """Each column of a table and of its reconstruction, against a hidden number.

    Args:
        z: the hidden number, shape (n,).
        x, x_hat: originals and reconstructions, shape (n, d).
        names: of the d columns; `$...$` is set as a formula.
        title: the finding.

    Raises:
        ValueError: if shapes do not fit or a value is not finite.
    """
    x, x_hat = same_shape(("x", "x_hat"), x, x_hat)
    columns = finite_array("x", x, ndim=2).shape[1]
    if len(names) != columns:
        raise ValueError(
            f"names has {len(names)} entries but x has {columns} columns; expected one "
            "for each."
        )
    z = finite_array("z", z, ndim=1)
    if len(z) != len(x):
        raise ValueError(
            f"z has {len(z)} values but x has {len(x)} rows; expected as many."
        )
    order = np.argsort(z)
    _, panels = plt.subplots(1, columns, figsize=(10, 3.2), squeeze=False)
    panels = panels[0]
    for panel, name, column, column_hat in zip(panels, names, x.T, x_hat.T, strict=True):
        panel.plot(z[order], column_hat[order], ".", color=COLOURS[1], markersize=2)
        panel.plot(z[order], column[order], color=COLOURS[5], linewidth=1.5)
        panel.set(xlabel="$z$", title=name)
    panels[0].plot([], [], color=COLOURS[5], label="data")
    panels[0].plot([], [], ".", color=COLOURS[1], label="reconstruction")
    panels[0].figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    panels[0].figure.legend(
        *panels[0].get_legend_handles_labels(), ncols=2, loc="outside lower right"
    )
    plt.show()


def points_against(
    z: np.ndarray,
    panels: Mapping[str, np.ndarray],
    *,
    y_label: str,
    title: str,
    marked: np.ndarray | None = None,
    mark_label: str = "",
) -> None:
    """One value for each row, against a hidden number: a panel for each entry.

    Args:
        z: the hidden number, shape (n,).
        panels: label to a code, an error, ..., shape (n,) each.
        y_label: with units.
        title: the finding.
        marked: bool, shape (panels, n): rows to draw in another colour and shape.
        mark_label: what is special about them.

    Raises:
        ValueError: if there is no panel, the lengths differ or a value is not finite.
    """
    labelled("panels", panels, "values for each panel")
    values = finite_array("panels", list(panels.values()), ndim=2)
    marked = np.zeros(values.shape, bool) if marked is None else np.asarray(marked)
    if marked.dtype != bool:
        raise ValueError(
            f"marked holds {marked.dtype}; expected True or False for each row, such as "
            "error > 1."
        )
    same_shape(("panels", "marked"), values, marked)
    for label, y in panels.items():
        z, _ = same_shape(("z", f"the panel {label!r}"), z, y)
    figure, row = plt.subplots(
        1, len(values), figsize=(10, 3.4), sharey=True, squeeze=False
    )
    for axes, label, y, special in zip(row[0], panels, values, marked, strict=True):
        axes.plot(z[~special], y[~special], "o", markersize=2, label="other rows")
        axes.plot(z[special], y[special], "^", markersize=4, label=mark_label)
        axes.set(xlabel="hidden number $z$", title=label)
    row[0, 0].set_ylabel(y_label)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    if mark_label:
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower right", ncols=2)
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
    panels = dict(zip(codes, turned_orders(codes, z), strict=True))
    points_against(z, panels, y_label="place in the order of the code", title=title)


def turned_orders(codes: Mapping[str, np.ndarray], z: np.ndarray) -> np.ndarray:
    """Each row's place in the order of each code, turned so as to rise with `z`."""
    labelled("codes", codes, "codes for each panel")
    z, orders = np.ravel(finite_array("z", z)), []
    for label, code in codes.items():
        code = np.ravel(finite_array(f"the code {label!r}", code))
        if len(code) != len(z):
            raise ValueError(
                f"the code {label!r} has {len(code)} rows and z {len(z)}; expected as many."
            )
        order = code.argsort().argsort()
        falls = np.corrcoef(order, z)[0, 1] < 0
        orders.append(len(z) - 1 - order if falls else order)
    return np.array(orders)


def arrows(
    points: np.ndarray,
    panels: Mapping[str, np.ndarray],
    title: str,
    curve: np.ndarray | None = None,
) -> None:
    """Where models move each point of the plane, as arrows with heads, side by side.

    Args:
        points: shape (n, 2).
        panels: label to targets, shape (n, 2) each.
        title: the finding.
        curve: shape (m, 2), drawn behind the arrows in this order; None draws none.

    Raises:
        ValueError: if there is no panel, shapes do not fit or a value is not finite.
    """
    points = _plane("points", points)
    labelled("panels", panels, "targets for each panel")
    steps = {}
    for label, targets in panels.items():
        _, targets = same_shape(("points", f"the panel {label!r}"), points, targets)
        steps[label] = targets - points
    behind = None if curve is None else _plane("curve", curve)
    figure, row = plt.subplots(
        1, len(panels), figsize=(10, 0.6 + 8 / max(2, len(panels))), squeeze=False
    )
    for axes, (label, step) in zip(row[0], steps.items(), strict=True):
        if behind is not None:
            axes.plot(*behind.T, color=COLOURS[1], linewidth=5, alpha=0.5)
        # Lengths are those of the axes, not fitted to the picture.
        field = dict(angles="xy", scale_units="xy", scale=1, width=0.005)
        axes.quiver(*points.T, *step.T, color=COLOURS[0], **field)
        axes.update_datalim(points + step)
        axes.autoscale_view()
        axes.set(title=label, xlabel="first coordinate", aspect="equal")
    row[0, 0].set_ylabel("second coordinate")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def _plane(name: str, value: np.ndarray) -> np.ndarray:
    """Finite points of the plane, or a ValueError."""
    array = finite_array(name, value)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"{name} has shape {array.shape}; expected (n, 2).")
    return array
