"""Convolutions, drawn: a window, stamps, what filters see, and two ways to a decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from lessonlib._checks import finite_array, one_image, whole_number
from lessonlib.plots.style import COLOURS

if TYPE_CHECKING:  # Keras takes seconds to import
    import keras


def window(
    image: np.ndarray,
    kernel: np.ndarray,
    result: np.ndarray,
    place: tuple[int, int],
    title: str,
) -> None:
    """A convolution: an image, its kernel with all numbers, and what comes out.

    The window of one place is framed in the image, and its sum in the result.

    Args:
        image: shape (side, side), in [0, 1].
        kernel: square, of an odd side, shape (k, k).
        result: one sum for each pixel, "same" padding, shape (side, side).
        place: row and column of the pixel in the middle of the window.
        title: the finding.

    Raises:
        ValueError: if a shape does not fit, the kernel has no middle, or the window juts
            out of the image.
    """
    before, after = one_image("image", image), one_image("result", result)
    weights = one_image("kernel", kernel)
    size, side = len(weights), len(before)
    if after.shape != before.shape or size % 2 == 0:
        raise ValueError(
            f"image has {side} rows, result {len(after)} and kernel {size}; expected an "
            "image and a result of one size and a kernel of an odd one."
        )
    half = size // 2
    row, column = (
        whole_number(name, number, half, side - 1 - half)
        for name, number in zip(("the row", "the column"), place, strict=True)
    )
    figure, panels = plt.subplots(1, 3, figsize=(10, 3.7))
    largest = np.abs(weights).max().clip(1e-12)
    panels[0].imshow(before, vmin=0, vmax=1)
    panels[1].imshow(weights, cmap="PuOr", vmin=-1.5 * largest, vmax=1.5 * largest)
    extreme = np.abs(after).max().clip(1e-12)
    panels[2].imshow(after, vmin=-extreme, vmax=extreme)
    for (i, j), number in np.ndenumerate(weights):
        panels[1].text(j, i, f"{number:.3g}", ha="center", va="center", fontsize=13)
    frame: dict[str, Any] = dict(fill=False, edgecolor=COLOURS[1], linewidth=2.5)
    corner = (column - size / 2, row - size / 2)
    panels[0].add_patch(Rectangle(corner, size, size, **frame))
    panels[2].add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **frame))
    names = ("image", "kernel", f"sums; the framed one is {after[row, column]:.2f}")
    for axes, name in zip(panels, names, strict=True):
        axes.set(title=name, xticks=[], yticks=[])
        axes.title.set_fontsize(12)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def stamps(
    numbers: Sequence[float], kernel: Sequence[float], stride: int, title: str
) -> None:
    """A transposed convolution in one dimension, as stamps and as a matrix.

    Args:
        numbers: what is stamped, shape (n,), at least 0.
        kernel: the stamp, shape (k,), at least 0.
        stride: places from one stamp to the next, 1 to 9.
        title: the finding.

    Raises:
        ValueError: if a shape or the stride does not fit, or a number is negative.
    """
    values = finite_array("numbers", numbers, ndim=1)
    weights = finite_array("kernel", kernel, ndim=1)
    stride = whole_number("stride", stride, 1, 9)
    if min(values.min(), weights.min()) < 0:
        raise ValueError("numbers or kernel hold a negative one; expected at least 0.")
    length = (len(values) - 1) * stride + len(weights)
    matrix = np.zeros((length, len(values)))
    for place in range(len(values)):
        matrix[place * stride : place * stride + len(weights), place] = weights
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(10, 4), gridspec_kw={"width_ratios": (1.5, 1)}
    )
    base = np.zeros(length)
    for place, value in enumerate(values):
        height = value * matrix[:, place]
        left.bar(
            np.arange(length),
            height,
            bottom=base,
            width=0.9,
            color=COLOURS[place % len(COLOURS)],
            edgecolor="white",
            hatch=("", "//", "..", "\\\\", "xx", "++")[place % 6],
            label=f"stamp {place + 1}, of {value:g}",
        )
        base = base + height
    left.set(xlabel="place in the output", ylabel="value", title="stamps, piled up")
    left.set_xticks(range(length), range(1, length + 1))
    left.set_ylim(0, 1.45 * base.max() or 1)
    left.legend(ncols=2, fontsize=10, loc="upper left")
    right.imshow(matrix, cmap="Blues", vmin=0, vmax=1.6 * weights.max() or 1, aspect="auto")
    for (i, j), number in np.ndenumerate(matrix):
        bold = "bold" if number else "normal"
        right.text(j, i, f"{number:g}", ha="center", va="center", weight=bold, fontsize=11)
    right.set_xticks(range(len(values)), [f"× {value:g}" for value in values])
    right.set_yticks(range(length), range(1, length + 1))
    right.set(title="the matrix: a column for each stamp", ylabel="place in the output")
    for axes in (left, right):
        axes.title.set_fontsize(12)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def feature_maps(
    image: np.ndarray, layer: keras.layers.Layer, title: str, columns: int = 8
) -> None:
    """An image, and below each filter of a convolution what the filter makes of it.

    Filters and maps are drawn each on a scale of its own, 0 mid-grey, positive light.

    Args:
        image: what the filters look at, shape (side, side).
        layer: a built Keras layer `Conv2D` that takes images of one channel.
        title: the finding.
        columns: filters side by side, 1 to 16.

    Raises:
        ValueError: if the image is not square or the layer is another one.
    """
    seen = one_image("image", image)
    columns = whole_number("columns", columns, 1, 16)
    kernel: Any = getattr(layer, "kernel", None)
    shape = np.shape(kernel)
    if len(shape) != 4 or shape[2] != 1:
        raise ValueError(
            f"layer is a {type(layer).__name__} with a kernel of shape {shape}; expected a "
            "built Conv2D that takes images of one channel."
        )
    filters = np.asarray(kernel)[:, :, 0].transpose(2, 0, 1)
    found = np.asarray(layer(seen[None, :, :, None].astype("float32")))
    found = found[0].transpose(2, 0, 1)
    rows = -(-len(filters) // columns)
    figure = plt.figure(figsize=(10, 1 + 1.9 * rows))
    parts: Any = figure.subfigures(1, 2, width_ratios=(1.3, columns))
    whole, many = parts
    axes = whole.subplots()
    axes.imshow(seen, vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[], title="image")
    grid = many.subplots(
        2 * rows, columns, squeeze=False, gridspec_kw={"height_ratios": (1, 2) * rows}
    )
    for axes in grid.ravel():
        axes.axis("off")
    for number, pair in enumerate(zip(filters, found, strict=True)):
        row, column = divmod(number, columns)
        for axes, picture in zip(grid[2 * row :, column], pair, strict=False):
            size = np.abs(picture).max().clip(1e-12)
            axes.imshow(picture, vmin=-size, vmax=size, interpolation="nearest")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def two_roads(
    image: np.ndarray,
    code: str,
    positions: str,
    title: str,
    corner: tuple[int, int] = (7, 11),
) -> None:
    """An autoencoder with a way past its code, and what passes there.

    Above, the main road and a side door; below, 4 x 4 pixels of the image, pooled by
    blocks of 2 x 2 and put back where the maxima stood.

    Args:
        image: what goes in, shape (side, side), side at least 4.
        code: what passes on the main road, in words.
        positions: what passes through the side door, in words.
        title: the finding.
        corner: row and column where the 4 x 4 pixels begin.

    Raises:
        ValueError: if the image is not square or the pixels do not lie in it.
    """
    seen = one_image("image", image)
    row, column = (
        whole_number(name, number, 0, len(seen) - 4)
        for name, number in zip(("the row", "the column"), corner, strict=True)
    )
    figure = plt.figure(figsize=(10, 6))
    parts: Any = figure.subfigures(2, 1, height_ratios=(1.45, 1))
    above, below = parts
    _roads(above.subplots(), seen, code, positions)
    patch = seen[row : row + 4, column : column + 4]
    blocks = patch.reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(2, 2, 4)
    maxima, places = blocks.max(axis=2), blocks.argmax(axis=2)
    ones = np.eye(4)[places].reshape(2, 2, 2, 2).swapaxes(1, 2).reshape(4, 4)
    back = ones * maxima.repeat(2, axis=0).repeat(2, axis=1)
    panels = {
        "4 x 4 pixels": patch,
        "largest of each block": maxima,
        "where each stood": ones,
        "put back among zeros": back,
    }
    for axes, (name, shown) in zip(below.subplots(1, 4), panels.items(), strict=True):
        axes.imshow(shown, vmin=0, vmax=1, extent=(0, 4, 4, 0))
        side = 4 / len(shown)
        for (i, j), number in np.ndenumerate(shown):
            word = ("", "x")[int(number)] if shown is ones else f"{number:.1f}"
            shade = "black" if number > 0.5 else "white"
            place = ((j + 0.5) * side, (i + 0.5) * side)
            axes.text(*place, word, color=shade, ha="center", va="center", fontsize=11)
        for line in (axes.axhline, axes.axvline):
            line(2, color=COLOURS[1], linewidth=2)
        axes.set(xticks=[], yticks=[], title=name)
        axes.title.set_fontsize(11)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def _roads(axes, image: np.ndarray, code: str, positions: str) -> None:
    """Encoder, code and decoder with the way around the code."""
    axes.set(xlim=(0, 10), ylim=(-0.3, 3.4), aspect="equal")
    axes.axis("off")
    axes.imshow(image, extent=(0, 1.6, 0.4, 2), vmin=0, vmax=1)
    text: dict[str, Any] = dict(ha="center", va="center")
    boxes = ((2.2, "encoder:\nconvolve,\npool"), (6.5, "decoder:\nunpool,\nconvolve"))
    for left, name in boxes:
        axes.add_patch(Rectangle((left, 0.3), 1.6, 1.8, color=COLOURS[0], alpha=0.85))
        axes.text(left + 0.8, 1.2, name, color="white", **text)
    axes.add_patch(Rectangle((4.7, 0.75), 0.9, 0.9, color=COLOURS[1]))
    axes.text(5.15, 1.2, "code", color="white", **text)
    axes.add_patch(Rectangle((8.7, 0.4), 1.2, 1.6, fill=False))
    axes.text(9.3, 1.2, "?", fontsize=30, **text)
    line: dict[str, Any] = dict(arrowstyle="-|>", mutation_scale=18, linewidth=2)
    for start, end in ((1.65, 2.2), (3.8, 4.7), (5.6, 6.5), (8.1, 8.7)):
        axes.add_patch(FancyArrowPatch((start, 1.2), (end, 1.2), color="0.3", **line))
    bend: dict[str, Any] = dict(
        connectionstyle="arc3,rad=-0.35", linestyle="--", color=COLOURS[1]
    )
    axes.add_patch(FancyArrowPatch((3, 2.1), (7.3, 2.1), **line, **bend))
    axes.text(5.15, 3.2, f"side door: {positions}", color="0.15", **text)
    axes.text(5.15, 0.0, f"main road: {code}", color="0.15", **text)
