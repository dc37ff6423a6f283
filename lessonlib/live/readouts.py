"""What a pad shows of a drawing beside its code and its reconstruction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from lessonlib._checks import (
    labelled,
    number_between,
    square_images,
    unit_interval,
    unmasked,
    whole_number,
)
from lessonlib.live.networks import Layer, Network, layers_of


class Readout(NamedTuple):
    """Something for a pad to show: its kind, its data, and the networks it runs."""

    kind: str
    data: dict[str, Any]
    networks: dict[str, list[Layer]]


def error_dial(threshold: float, highest: float) -> Readout:
    """A gauge of the squared error between drawing and reconstruction.

    Args:
        threshold: where "usual" ends at first; the reader may move it.
        highest: the error at the gauge's end, above 0.

    Returns:
        A readout for `pad`.

    Raises:
        ValueError: if a number is out of range.
    """
    highest = number_between("highest", highest, 1e-6, 1e6)
    threshold = number_between("threshold", threshold, 0, highest)
    return Readout("dial", dict(threshold=threshold, highest=highest), {})


def neighbours(
    images: np.ndarray, labels: np.ndarray | None = None, count: int = 10
) -> Readout:
    """The images nearest to the drawing, by pixels and by the pad's code.

    Args:
        images: to look among, shape (n, 784) or (n, 28, 28), in [0, 1]. A hundred take
            some 25 KB.
        labels: a digit for each, 0 to 9, shape (n,), written below; None writes nothing.
        count: how many to show, 1 to 12, at most n.

    Returns:
        A readout for `pad`.

    Raises:
        ValueError: if shapes do not fit or a value is out of range.
    """
    pixels = image_bytes("images", images)
    if pixels.shape[1] != 784:
        raise ValueError(
            f"images has {pixels.shape[1]} pixels in each row; expected 784, as a pad."
        )
    count = whole_number("count", count, 1, min(12, len(pixels)))
    data = dict(images=pixels, count=count, labels=None)
    if labels is not None:
        data["labels"] = digits_of(labels, len(pixels))
    return Readout("neighbours", data, {})


def networks(models: Mapping[str, Network]) -> Readout:
    """What other networks make of the same drawing, side by side.

    Args:
        models: label to network, each from 784 pixels to 784.

    Returns:
        A readout for `pad`.

    Raises:
        ValueError: if there is none, or one is not a chain of dense layers.
    """
    labelled("models", models, "a network for each")
    chains = {label: layers_of(f"the network {label!r}", m) for label, m in models.items()}
    return Readout("networks", dict(labels=list(chains)), chains)


def image_bytes(name: str, images: np.ndarray) -> np.ndarray:
    """Square images in [0, 1] as bytes, shape (n, side * side), or a ValueError."""
    square = square_images(name, unit_interval(name, images))
    return np.rint(255 * square).astype("uint8").reshape(len(square), -1)


def digits_of(labels: np.ndarray, rows: int) -> np.ndarray:
    """Digits as bytes, one for each of so many rows, or a ValueError."""
    array = unmasked("labels", labels)
    if array.shape != (rows,) or not np.isin(array, range(10)).all():
        raise ValueError(
            f"labels has shape {array.shape}; expected a digit, 0 to 9, for each of the "
            f"{rows} rows."
        )
    return array.astype("uint8")
