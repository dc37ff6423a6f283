"""Networks, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Polygon

from lessonlib._checks import finite_array, one_image, whole_number
from lessonlib.plots.style import COLOURS


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
        ValueError: if an image is not square, not finite or of another size than the
            other, or its pixels go from 0 to 255.
    """
    before, after = one_image("the input", image), None
    if reconstruction is not None:
        after = one_image("the reconstruction", reconstruction)
        if after.shape != before.shape:
            raise ValueError(
                f"the input has shape {np.shape(image)} and the reconstruction "
                f"{np.shape(reconstruction)}; expected images of one size."
            )
    figure, axes = plt.subplots(figsize=(10, 3.2))
    axes.set(xlim=(0, 10), ylim=(-0.3, 2.7), aspect="equal", title=title)
    axes.axis("off")
    for left, name, picture in (
        (0.2, "input", before),
        (7.6, "reconstruction", after),
    ):
        if picture is None:
            axes.text(left + 1.1, 1.5, "?", fontsize=44, ha="center", va="center")
            axes.add_patch(plt.Rectangle((left, 0.4), 2.2, 2.2, fill=False))
        else:
            axes.imshow(picture, extent=(left, left + 2.2, 0.4, 2.6), vmin=0, vmax=1)
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


class _Stage(NamedTuple):
    """What a layer gives: its shape without the rows, and the activation before it."""

    shape: tuple[int, ...]
    activation: str = ""

    @property
    def height(self) -> float:
        """784 units are as tall as an image of 28 x 28 pixels."""
        return float(self.shape[0] if len(self.shape) > 1 else self.shape[0] ** 0.5)

    @property
    def width(self) -> float:
        """A little for each channel."""
        return 0.16 + (0.035 * self.shape[-1] ** 0.5 if len(self.shape) > 1 else 0)


def network(
    model: Any,
    title: str,
    code: int | None = None,
    image: np.ndarray | None = None,
) -> None:
    """Draw a network from left to right: a bar for what each layer gives, its size below.

    A bar's height is the side of an image, or the square root of a dense layer's units;
    its width grows with the channels.

    Args:
        model: a Keras model whose layers follow one another, models in it included; or a
            list of sizes, such as `[784, 256, 30, 256, 784]`, or of shapes, such as
            `[(28, 28, 1), (14, 14, 16), 30]`, the input first.
        title: over the picture.
        code: which entry is the code, 0 being the input; None marks what the first of two
            models gives, as in `Sequential([encoder, decoder])`, else the smallest.
        image: an example, shape (side, side) or (side * side,), drawn before the input.

    Raises:
        ValueError: if the model is not built, a layer has several outputs or another
            shape than numbers, a size is not positive, or an image is not square.
    """
    stages, joint = _stages(model)
    sizes = [int(np.prod(stage.shape)) for stage in stages]
    if code is None:
        code = joint or int(np.argmin(sizes))
    code = whole_number("code", code, 0, len(stages) - 1)
    picture = None if image is None else one_image("image", image)
    scale = 2.2 / max(stage.height for stage in stages)
    pitch = min(2.0, 9.0 / len(stages))
    figure, axes = plt.subplots(figsize=(10, 3.4))
    axes.axis("off")
    before = 0.0  # the height of the bar to the left
    for place, stage in enumerate(stages):
        height, x = max(0.12, stage.height * scale), place * pitch
        if place:
            _trapezium(axes, (x - pitch, x), (before, height), stage.activation)
        colour = COLOURS[1] if place == code else COLOURS[0]
        corner = (x - stage.width / 2, -height / 2)
        axes.add_patch(plt.Rectangle(corner, stage.width, height, color=colour, zorder=2))
        size = "\n× ".join(f"{number:,}" for number in stage.shape)
        axes.text(x, -1.25, size, ha="center", va="top", fontsize=10)
        if place == code:
            axes.text(x, height / 2 + 0.1, "code", color=colour, ha="center", va="bottom")
        before = height
    left = -0.4
    if picture is not None:
        left = -2.5
        axes.imshow(picture, extent=(-2.4, -0.4, -1, 1), vmin=0, vmax=1)
    axes.set(xlim=(left, (len(stages) - 1) * pitch + 0.4), ylim=(-1.9, 1.4), aspect="equal")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def _trapezium(axes, x: tuple[float, float], heights: tuple[float, float], name: str):
    """What leads from one bar to the next, with the activation's name on it."""
    (left, right), (tall, short) = x, heights
    corners = [(left, -tall / 2), (left, tall / 2), (right, short / 2), (right, -short / 2)]
    axes.add_patch(Polygon(corners, facecolor=COLOURS[0], alpha=0.2, linewidth=0))
    axes.text((left + right) / 2, 0, name, ha="center", va="center", fontsize=9)


def _stages(model: Any) -> tuple[list[_Stage], int | None]:
    """What the input and each layer give, and where the second of two models begins."""
    if not hasattr(model, "layers"):
        return _listed(model), None
    if not model.built:
        raise ValueError(
            f"the model {model.name!r} is not built; expected one that knows its input. "
            "Begin it with an Input layer."
        )
    stages = [_Stage(tuple(model.input_shape[1:]))]
    joint, parts = None, [part for part in model.layers if hasattr(part, "layers")]
    for layer in _flat(model):
        shape: tuple[int, ...] = tuple(getattr(layer.output, "shape", (0, 0)))[1:]
        if not all(shape):
            raise ValueError(
                f"the layer {layer.name!r} has several outputs or one of unknown shape; "
                "expected one of a known shape. Draw this model from a list of its sizes."
            )
        activation = getattr(getattr(layer, "activation", None), "__name__", "")
        named = "" if activation == "linear" else activation
        if layer.weights or np.prod(shape) != np.prod(stages[-1].shape):
            stages.append(_Stage(shape, named))
        else:  # an activation, a dropout, or another shape for the same numbers
            clearer = max(stages[-1].shape, shape, key=len)
            stages[-1] = _Stage(clearer, named or stages[-1].activation)
        if len(parts) == 2 and layer is list(_flat(parts[0]))[-1]:
            joint = len(stages) - 1
    return stages, joint


def _flat(model: Any) -> Iterator[Any]:
    """The layers of a model in order, those of models inside it included."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _flat(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer


def _listed(sizes: Sequence[int | tuple[int, ...]]) -> list[_Stage]:
    """The stages of a list of sizes and shapes."""
    if isinstance(sizes, str) or not isinstance(sizes, Sequence) or len(sizes) < 2:
        raise ValueError(
            f"model is {sizes!r}; expected a Keras model or a list of at least two sizes, "
            "such as [784, 30, 784]."
        )
    shapes = [size if isinstance(size, tuple) else (size,) for size in sizes]
    for shape in shapes:
        if not shape:
            raise ValueError("model holds an empty shape; expected a size in each place.")
        for number in shape:
            whole_number("a size in model", number, 1, 10**6)
    return [_Stage(tuple(map(int, shape))) for shape in shapes]
