"""The four live figures, and how one is written into a page."""

from __future__ import annotations

import base64
import functools
import json
import math
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import display

from lessonlib._checks import (
    finite_array,
    labelled,
    number_between,
    same_shape,
    whole_number,
)
from lessonlib.live.networks import (
    Layer,
    Network,
    layers_of,
    network_error,
    outputs,
    rounded_weights,
)
from lessonlib.live.readouts import Readout, digits_of, image_bytes
from lessonlib.plots.style import DIGITS

LARGEST = 300_000  # bytes of HTML
LEVELS = (1023, 127, 63, 31)  # 11, 8, 7 and 6 bits a weight: the first that fits
POINTS = 1_000
WAITING = "This figure moves where scripts run: trust the notebook, or run the cell."


def plane(decoder: Network, code: np.ndarray, labels: np.ndarray | None = None) -> None:
    """A point to drag over the plane of two-number codes; the decoder draws what is there.

    The plane covers the middle 98 % of the codes in either direction.

    Args:
        decoder: from 2 numbers to a square image.
        code: codes of images, shape (n, 2); the first 1,000 are drawn behind the point.
        labels: a digit for each, 0 to 9, shape (n,); None draws dots.

    Raises:
        ValueError: if shapes do not fit or the codes do not differ in both numbers.
    """
    layers = _decoder(decoder, "decoder")
    code = _codes(code, layers)
    if code.shape[1] != 2:
        raise ValueError(f"code has shape {code.shape}; expected (n, 2).")
    digits = None if labels is None else digits_of(labels, len(code))[:POINTS]
    low, high = np.percentile(code, [1, 99], axis=0)
    if not (low < high).all():
        raise ValueError(
            "code has the same number in all rows; expected points that differ in both "
            "numbers. Did the encoder collapse?"
        )
    inside = code[:POINTS].clip(low, high)
    ink = outputs(layers, inside).clip(1e-6, 1)
    # Begin with the drawing that has the least grey for its ink.
    start = inside[np.argmin((ink * (1 - ink)).sum(axis=1) / ink.sum(axis=1))]
    corners = np.stack(np.meshgrid(*np.linspace(low, high, 15).T), axis=-1)
    _show(
        "plane",
        "drag a point over a plane of codes, and see what the decoder draws there",
        dict(
            points=code[:POINTS].astype("<f4"),
            labels=digits,
            low=low.tolist(),
            high=high.tolist(),
            start=start.tolist(),
            colours=DIGITS,
        ),
        {"decoder": layers},
        {"decoder": np.concatenate([code, corners.reshape(-1, 2)])},
    )


def sliders(
    decoder: Network,
    code: np.ndarray,
    start: np.ndarray | None = None,
    directions: str | Mapping[str, np.ndarray] | None = None,
    count: int = 8,
) -> None:
    """A slider for each number of a code, or for directions; the decoder draws the rest.

    Args:
        decoder: from k numbers to a square image.
        code: codes of images, shape (n, k): they say how far a slider goes, from the 1st
            to the 99th hundredth of a number, or three standard deviations along a
            direction to either side.
        start: where to begin, shape (k,), such as the code of one image; None begins at
            the mean.
        directions: None moves the numbers themselves, "principal" the codes' principal
            directions, and label to vector, shape (k,), directions of your own.
        count: at most so many sliders, 1 to 32, the first ones.

    Raises:
        ValueError: if shapes do not fit, or the codes do not vary along a direction.
    """
    layers = _decoder(decoder, "decoder")
    code = _codes(code, layers)
    mean, size = code.mean(axis=0), code.shape[1]
    start = mean if start is None else finite_array("start", start, ndim=1)
    if start.shape != (size,):
        raise ValueError(f"start has shape {start.shape}; expected ({size},), as code has.")
    count = whole_number("count", count, 1, 32)
    if directions is None:
        knobs, base = _number_knobs(code, start, count)
    else:
        vectors = _directions(code, directions, count)
        spreads = {label: (code @ vector).std() for label, vector in vectors.items()}
        for label, spread in spreads.items():
            if not spread > 1e-9:
                raise ValueError(f"the codes do not vary along {label!r}; expected some.")
        knobs = [
            dict(label=label, low=-3, high=3, value=0, vector=(spreads[label] * v).tolist())
            for label, v in vectors.items()
        ]
        base = start
    rng = np.random.default_rng(0)
    turns = np.array([rng.uniform(knob["low"], knob["high"], 200) for knob in knobs]).T
    reached = base + turns @ np.array([knob["vector"] for knob in knobs])
    _show(
        "sliders",
        "move the numbers of a code, and see what the decoder draws",
        dict(base=base.tolist(), knobs=knobs),
        {"decoder": layers},
        {"decoder": np.concatenate([reached, start[None]])},
    )


def mix(decoder: Network, code: np.ndarray, images: np.ndarray) -> None:
    """One slider between the codes of two images, beside the average of their pixels.

    Args:
        decoder: from k numbers to a square image.
        code: codes of the images, shape (n, k).
        images: to choose from, shape (n, side * side) or (n, side, side), in [0, 1], n
            from 2 to 24; a dozen is enough.

    Raises:
        ValueError: if shapes do not fit or a value is out of range.
    """
    layers = _decoder(decoder, "decoder")
    code, pixels = _codes(code, layers), image_bytes("images", images)
    whole_number("the number of images", len(pixels), 2, 24)
    if len(code) != len(pixels) or pixels.shape[1] != layers[-1].weights.shape[1]:
        raise ValueError(
            f"images has shape {np.shape(images)}; expected {len(code)} images, one for "
            f"each code, of {layers[-1].weights.shape[1]} pixels, as the decoder draws."
        )
    pairs = (code[:, None] + code) / 2
    _show(
        "mix",
        "mix two images, by their codes and by their pixels",
        dict(codes=code.astype("<f4"), images=pixels),
        {"decoder": layers},
        {"decoder": pairs.reshape(-1, code.shape[1])},
    )


def frames(panels: Mapping[str, np.ndarray], label: str) -> None:
    """One slider through pictures that were computed beforehand, in panels side by side.

    For networks that are too large for a page: what they give is computed at some places
    of the slider, and blended between them.

    Args:
        panels: label to images at n places, evenly spaced from 0 to 1, shape
            (n, side * side) or (n, side, side), n from 2 to 40, the same for all; pixels
            are cut to [0, 1].
        label: of the slider.

    Raises:
        ValueError: if there is no panel, shapes do not fit or a value is out of range.
    """
    labelled("panels", panels, "images for each panel")
    images = []
    for name, x in panels.items():
        name = f"the panel {name!r}"
        images.append(image_bytes(name, finite_array(name, x).clip(0, 1)))
    whole_number("the number of places", len(images[0]), 2, 40)
    for name, rows in zip(panels, images, strict=True):
        same_shape(("the first panel", f"the panel {name!r}"), images[0], rows)
    labels = list(panels)
    _show(
        "frames",
        f"move the {label}, and see what changes",
        dict(labels=labels, label=label, places=len(images[0]), images=np.array(images)),
        {},
        {},
    )


def pad(
    encoder: Network,
    decoder: Network | None,
    examples: np.ndarray,
    *readouts: Readout,
    noise: float = 0.0,
) -> None:
    """A pad to draw a digit on, its code, and its reconstruction.

    The drawing becomes an image as those of MNIST did: its ink fills a box of 20 x 20
    pixels, and its centre of mass lies in the middle of 28 x 28.

    Args:
        encoder: from 784 pixels to a code.
        decoder: from the code to 784 pixels; None if `encoder` gives them already, and
            then no code is shown.
        examples: images to try instead of a drawing, shape (n, 784) or (n, 28, 28), in
            [0, 1], n from 1 to 24.
        readouts: what else to show, such as `error_dial`, `neighbours`, `networks`.
        noise: the end of a slider for the standard deviation of Gaussian noise that is
            added to the pixels, which are then clipped, 0 to 2; 0 means no slider.

    Raises:
        ValueError: if shapes do not fit or a value is out of range.
    """
    chains = {"encoder": layers_of("encoder", encoder)}
    if decoder is not None:
        chains["decoder"] = _decoder(decoder, "decoder")
    pixels = image_bytes("examples", examples)
    whole_number("the number of examples", len(pixels), 1, 24)
    noise = number_between("noise", noise, 0, 2)
    whole = [layer for chain in chains.values() for layer in chain]
    checked = {"the pad's networks": whole}
    for number, readout in enumerate(readouts):
        if not isinstance(readout, Readout):
            raise ValueError(
                f"the readout {readout!r:.60} is none; expected live.error_dial(...), "
                "live.neighbours(...) or live.networks(...)."
            )
        for label, chain in readout.networks.items():
            chains[f"{number} {label}"] = checked[f"the network {label!r}"] = chain
        if decoder is None and readout.kind == "neighbours":
            raise ValueError("neighbours needs a code; expected an encoder and a decoder.")
    for name, chain in checked.items():
        ends = (chain[0].weights.shape[0], chain[-1].weights.shape[1])
        if ends != (784, 784) or pixels.shape[1] != 784:
            raise ValueError(
                f"{name} lead from {ends[0]} to {ends[1]} numbers and examples has "
                f"{pixels.shape[1]} pixels; expected 784 for all."
            )
    seen = pixels / 255
    if noise:
        random = np.random.default_rng(0).normal(0, noise, seen.shape)
        seen = np.concatenate([seen, (seen + random).clip(0, 1)])
    code = outputs(chains["encoder"], seen)
    _show(
        "pad",
        "draw a digit, and see what a network makes of it",
        dict(
            examples=pixels,
            noise=noise,
            reach=float(np.abs(code).max()),
            readouts=[dict(kind=one.kind, **one.data) for one in readouts],
        ),
        chains,
        dict.fromkeys(checked, seen),
        checked,
    )


def _decoder(network: Network, name: str) -> list[Layer]:
    """The layers of a network that gives a square image, or a ValueError."""
    layers = layers_of(name, network)
    pixels = layers[-1].weights.shape[1]
    if math.isqrt(pixels) ** 2 != pixels:
        raise ValueError(f"{name} gives {pixels} numbers; expected a square image.")
    return layers


def _codes(code: np.ndarray, layers: list[Layer]) -> np.ndarray:
    """Codes that fit a decoder, shape (n, k), or a ValueError."""
    array = finite_array("code", code, ndim=2).astype("float64")
    taken = layers[0].weights.shape[0]
    if array.shape[1] != taken:
        raise ValueError(
            f"code has shape {array.shape}; expected (n, {taken}), as the decoder takes."
        )
    return array


def _number_knobs(code: np.ndarray, start: np.ndarray, count: int):
    """A slider for each of the first numbers, and the code with all of those at 0."""
    low, high = np.percentile(code, [1, 99], axis=0)
    low, high = np.minimum(low, start), np.maximum(high, start)
    knobs, base = [], start.copy()
    for place in range(min(count, len(start))):
        if not low[place] < high[place]:
            raise ValueError(
                f"number {place + 1} of the codes never varies; expected some."
            )
        vector = np.zeros(len(start))
        vector[place], base[place] = 1, 0
        knobs.append(
            dict(
                label=f"number {place + 1}",
                low=float(low[place]),
                high=float(high[place]),
                value=float(start[place]),
                vector=vector.tolist(),
            )
        )
    return knobs, base


def _directions(code: np.ndarray, directions: Any, count: int) -> dict[str, np.ndarray]:
    """Label to unit vector, at most `count` of them."""
    if directions == "principal":
        _, _, rows = np.linalg.svd(code - code.mean(axis=0), full_matrices=False)
        return {f"direction {i + 1}": row for i, row in enumerate(rows[:count])}
    if not isinstance(directions, Mapping) or not directions:
        raise ValueError(
            f"directions is {directions!r:.60}; expected None, 'principal', or a label "
            "and a vector for each slider."
        )
    vectors = {}
    for label, vector in list(directions.items())[:count]:
        vector = finite_array(f"the direction {label!r}", vector, ndim=1)
        if len(vector) != code.shape[1] or not np.any(vector):
            raise ValueError(
                f"the direction {label!r} has shape {vector.shape}; expected "
                f"({code.shape[1]},), not all zero."
            )
        vectors[label] = vector / np.linalg.norm(vector)
    return vectors


def _show(
    kind: str,
    deed: str,
    data: dict[str, Any],
    chains: dict[str, list[Layer]],
    seen: dict[str, np.ndarray],
    checked: dict[str, list[Layer]] | None = None,
) -> None:
    """Display a figure with the finest weights that fit.

    `deed` is what a reader does with it; `seen` holds inputs on which each chain in
    `checked`, by default `chains`, is compared with its rounded self.
    """
    for levels in LEVELS:
        differences = [
            network_error([tuple(layer) for layer in chain], seen[name], levels)
            for name, chain in (checked or chains).items()
        ]
        known = dict(
            bits=(2 * levels + 1).bit_length(),
            error=math.ceil(1_000 * max(differences, default=0)) / 1_000,
            networks={name: _exported(chain, levels) for name, chain in chains.items()},
        )
        html = _html(kind, _packed(data | known))
        if len(html) <= LARGEST:
            break
    else:
        raise ValueError(
            f"the figure would take {len(html) / 1_000:.0f} KB; expected at most "
            f"{LARGEST / 1_000:.0f}. Take a narrower network, or fewer images."
        )
    plain = f"A live figure: {deed}. It needs scripts, which GitHub and untrusted "
    display({"text/html": html, "text/plain": plain + "notebooks do not run."}, raw=True)


def _exported(chain: list[Layer], levels: int) -> list[dict[str, Any]]:
    """The layers of a chain as the page's script takes them."""
    layers = []
    for layer in chain:
        weights, scale = rounded_weights(layer, levels)
        bias = layer.bias.astype("<f4")
        layers.append(
            dict(weights=weights, scale=scale, bias=bias, activation=layer.activation)
        )
    return layers


def _packed(data: dict[str, Any]) -> str:
    """All that differs from run to run, in one attribute.

    The length of a JSON text in four bytes, that text, and the arrays that it points to,
    compressed, in base64.
    """
    arrays = bytearray()

    def placed(array: np.ndarray) -> dict[str, Any]:
        at = len(arrays)
        arrays.extend(array.tobytes())
        return dict(array=array.dtype.name, at=at, end=len(arrays))

    text = json.dumps(data, default=placed).encode()
    whole = len(text).to_bytes(4, "little") + text + bytes(arrays)
    return base64.b64encode(zlib.compress(whole, 9)).decode()


def _html(kind: str, packed: str) -> str:
    """The figure; its script finds it as the parent of the script's own element."""
    return (
        f'<div class="live-figure" data-live="{kind}" data-weights="{packed}">\n'
        f"<p>{WAITING}</p>\n<style>\n{_text('figure.css')}</style>\n"
        f"<script>\n{_text('figure.js')}</script>\n</div>"
    )


@functools.cache
def _text(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
