"""The figures that lessons share, one style for all of them.

Colours are those of M. Okabe and K. Ito (2008), which stay apart for colour-blind eyes;
lines also differ in dash and marker, so that they stay apart in grey. Every function ends
in `plt.show()` and returns nothing, so that a notebook stores the picture alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon
from matplotlib.ticker import LogLocator

from lessonlib._checks import finite_array, same_shape, square_images, whole_number

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "x")
# Five colours for ten digits; digits that look alike get different ones.
PAIRED = (0, 0, 1, 2, 2, 3, 4, 3, 4, 1)


def set_style() -> None:
    """Set fonts, colours and sizes for all figures that follow; `start` calls it."""
    plt.rcParams.update(
        {
            "figure.dpi": 90,
            "figure.constrained_layout.use": True,
            "font.family": "DejaVu Sans",  # Matplotlib ships it: the same everywhere
            "font.size": 12,
            "axes.titlesize": 13,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "image.cmap": "gray",
            "legend.frameon": False,
        }
    )


def image_rows(
    rows: Mapping[str, np.ndarray], title: str, columns: int = 12, signed: bool = False
) -> None:
    """Rows of square grey images, one row for each entry, as one picture.

    Args:
        rows: label to images, shape (n, side, side) or (n, side * side).
        title: the finding.
        columns: at most so many images a row; the first ones are shown.
        signed: False draws 0 black and 1 white; True draws 0 mid-grey and scales each
            image to its own largest size.

    Raises:
        ValueError: if there is no row, an image is not square or not finite.
    """
    columns = whole_number("columns", columns, 1, 100)
    if not rows:
        raise ValueError("rows is empty; expected a label and images for each row.")
    strips = [
        square_images(f"the row {label!r}", images)[:columns]
        for label, images in rows.items()
    ]
    side = strips[0].shape[1]
    if any(strip.shape[1] != side for strip in strips):
        raise ValueError("the rows hold images of different sizes; expected one size.")
    if signed:
        strips = [s / np.abs(s).max(axis=(1, 2), keepdims=True).clip(1e-12) for s in strips]
    low, gap, widest = (-1 if signed else 0), 2, max(map(len, strips))
    paper = np.full((len(rows) * (side + gap) - gap, widest * (side + gap) - gap), 1.0)
    for number, strip in enumerate(strips):
        top = number * (side + gap)
        for column, image in enumerate(strip):
            left = column * (side + gap)
            paper[top : top + side, left : left + side] = image
    _, axes = plt.subplots(figsize=(10, 0.75 * len(rows) * 12 / max(widest, 8) + 0.5))
    axes.imshow(paper, vmin=low, vmax=1, interpolation="nearest")
    middles = [number * (side + gap) + side / 2 for number in range(len(rows))]
    axes.set_yticks(middles, list(rows))
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(title)
    plt.show()


def line_plot(
    x: Sequence[float] | Mapping[str, Sequence[float]],
    lines: Mapping[str, Sequence[float]],
    *,
    x_label: str,
    y_label: str,
    title: str,
    log: bool = False,
    log_x: bool = False,
    spread: Mapping[str, Sequence[float]] | None = None,
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
        spread: label to half the length of a bar through each value, shape (n,), such as
            the standard deviation over several runs; None draws no bars.

    Raises:
        ValueError: if there is no line, one of another length than `x`, or a spread of
            another label or length.
    """
    if not lines:
        raise ValueError("lines is empty; expected a label and values for each line.")
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
    bars = spread or {}
    if bars and list(bars) != list(lines):
        raise ValueError(
            f"spread has the labels {list(bars)} and lines {list(lines)}; expected the "
            "same."
        )
    for label, y in lines.items():
        name = f"the line {label!r}"
        same_shape(("x", name), places[label], y)
        same_shape((f"the spread {label!r}", name), bars.get(label, y), y)
    _, axes = plt.subplots(figsize=(8, 4))
    styles = zip(COLOURS, DASHES, MARKERS, strict=True)
    for (label, y), (colour, dash, marker) in zip(lines.items(), styles, strict=False):
        style = dict(linestyle=dash, color=colour, marker=marker if len(y) <= 30 else "")
        axes.plot(places[label], y, label=label, **style)
        if bars:
            ends = dict(fmt="none", ecolor=colour, capsize=3)
            axes.errorbar(places[label], y, bars[label], **ends)
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
    values = finite_array("bars", list(bars.values()), ndim=1)
    _, axes = plt.subplots(figsize=(8, 0.55 * len(bars) + 1))
    drawn = axes.barh(list(bars), values, color=COLOURS[0], height=0.6)
    axes.bar_label(drawn, labels=[f"{value:.2f}" for value in values], padding=4)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set(xlabel=x_label, title=title)
    plt.show()


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
    values = finite_array("panels", list(panels.values()), ndim=2)
    marked = np.zeros(values.shape, bool) if marked is None else np.asarray(marked, bool)
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


def moves(
    points: np.ndarray, targets: np.ndarray, *, labels: tuple[str, str], title: str
) -> None:
    """Points in the plane, each joined to the place where a model puts it.

    Args:
        points, targets: shape (n, 2).
        labels: of the two, for the legend.
        title: the finding.

    Raises:
        ValueError: if the shapes differ or are not (n, 2), or a value is not finite.
    """
    points, targets = same_shape(("points", "targets"), points, targets)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points has shape {points.shape}; expected (n, 2).")
    _, axes = plt.subplots(figsize=(7, 3.4))
    pairs = np.stack([points, targets])
    axes.plot(pairs[..., 0], pairs[..., 1], color="0.7", linewidth=1)
    axes.plot(*points.T, "o", markersize=5, label=labels[0])
    axes.plot(*targets.T, "s", markersize=4, label=labels[1])
    axes.set(xlabel="first coordinate", ylabel="second coordinate", aspect="equal")
    axes.set_title(title)
    axes.figure.legend(loc="outside right upper")
    plt.show()


def code_scatter(panels: Mapping[str, np.ndarray], labels: np.ndarray, title: str) -> None:
    """Two-number codes of labelled images: each point is drawn as its digit.

    Args:
        panels: label to codes, shape (n, 2) each, side by side.
        labels: the digits, whole numbers 0 to 9, shape (n,).
        title: the finding.

    Raises:
        ValueError: if there is no panel, shapes do not fit, a label is no digit or a
            value is not finite.
    """
    labels = finite_array("labels", labels, ndim=1)
    if not np.isin(labels, range(10)).all():
        raise ValueError(f"labels holds {labels.max():g}; expected digits, 0 to 9.")
    if not panels:
        raise ValueError("panels is empty; expected a label and codes for each panel.")
    for label, code in panels.items():
        if np.shape(code) != (len(labels), 2):
            raise ValueError(
                f"the panel {label!r} has shape {np.shape(code)}; expected "
                f"({len(labels)}, 2), two numbers for each label."
            )
        finite_array(f"the panel {label!r}", code)
    figure, row = plt.subplots(1, len(panels), figsize=(10, 4), squeeze=False)
    for axes, (label, code) in zip(row[0], panels.items(), strict=True):
        for digit in range(10):
            style = dict(color=COLOURS[PAIRED[digit]], marker=f"${digit}$", linestyle="")
            axes.plot(*code[labels == digit].T, markersize=5, markeredgewidth=0.3, **style)
        axes.set(title=label, xticks=[], yticks=[], xlabel="first number")
    row[0, 0].set_ylabel("second number")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def autoencoder_diagram(
    image: np.ndarray,
    code: np.ndarray | None = None,
    reconstruction: np.ndarray | None = None,
    title: str = "An autoencoder: an encoder, a narrow code, a decoder",
) -> None:
    """Draw input, encoder, code, decoder and reconstruction from left to right.

    Args:
        image: the input, shape (side, side) or (side * side,).
        code: its code, shape (k,); None draws question marks.
        reconstruction: what came back, shaped like `image`; None draws a question mark.
        title: over the picture.

    Raises:
        ValueError: if an image is not square or a value is not finite.
    """
    figure, axes = plt.subplots(figsize=(10, 3.2))
    axes.set(xlim=(0, 10), ylim=(-0.3, 2.7), aspect="equal", title=title)
    axes.axis("off")
    for left, name, picture in (
        (0.2, "input", image),
        (7.6, "reconstruction", reconstruction),
    ):
        if picture is None:
            axes.text(left + 1.1, 1.5, "?", fontsize=44, ha="center", va="center")
            axes.add_patch(plt.Rectangle((left, 0.4), 2.2, 2.2, fill=False))
        else:
            square = square_images(f"the {name}", np.asarray(picture)[None])[0]
            axes.imshow(square, extent=(left, left + 2.2, 0.4, 2.6), vmin=0, vmax=1)
        axes.text(left + 1.1, 0.05, name, ha="center", va="top")
    for x, name, heights in ((2.6, "encoder", (2.2, 0.9)), (5.7, "decoder", (0.9, 2.2))):
        half = [height / 2 for height in heights]
        corners = [
            (x, 1.5 - half[0]),
            (x, 1.5 + half[0]),
            (x + 1.7, 1.5 + half[1]),
            (x + 1.7, 1.5 - half[1]),
        ]
        axes.add_patch(Polygon(corners, color=COLOURS[0], alpha=0.85))
        axes.text(x + 0.85, 1.5, name, color="white", ha="center", va="center")
    if code is None:
        axes.text(5, 1.5, "?\n?\n?", ha="center", va="center", fontsize=16)
    else:
        code = finite_array("code", code, ndim=1)
        cells = code[:, None] / np.abs(code).max().clip(1e-12)
        axes.imshow(cells, extent=(4.85, 5.15, 0.4, 2.6), cmap="PuOr", vmin=-1, vmax=1)
        axes.add_patch(plt.Rectangle((4.85, 0.4), 0.3, 2.2, fill=False))
    axes.text(
        5,
        0.05,
        "code" if code is None else f"code: {len(code)} number{'s' * (len(code) > 1)}",
        ha="center",
        va="top",
    )
    plt.show()
