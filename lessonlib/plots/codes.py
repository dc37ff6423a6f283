"""Codes: maps of them, what lies between them, and one of them number by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import numpy as np

from lessonlib._checks import (
    drawable,
    finite_array,
    fits_model,
    labelled,
    square_images,
    whole_number,
)
from lessonlib.plots.style import COLOURS, DIGITS


def code_scatter(panels: Mapping[str, np.ndarray], labels: np.ndarray, title: str) -> None:
    """Two-number codes of labelled images: a digit at each point, in a colour of its own.

    The axes cover the middle 98 % of the codes either way: a few that lie far out would
    leave no room for the others.

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
    labelled("panels", panels, "codes for each panel")
    codes = {
        label: finite_array(f"the panel {label!r}", code) for label, code in panels.items()
    }
    for label, code in codes.items():
        if code.shape != (len(labels), 2):
            raise ValueError(
                f"the panel {label!r} has shape {code.shape}; expected ({len(labels)}, 2), "
                "two numbers for each label."
            )
    figure, row = plt.subplots(1, len(codes), figsize=(10, 4.2), squeeze=False)
    for axes, (label, code) in zip(row[0], codes.items(), strict=True):
        for digit, colour in enumerate(DIGITS):
            style = dict(color=colour, marker=f"${digit}$", linestyle="")
            axes.plot(
                *code[labels == digit].T, markersize=5.5, markeredgewidth=0.2, **style
            )
        low, high = np.percentile(code, [1, 99], axis=0)
        margin = 0.04 * (high - low) + 1e-9
        axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
        axes.set_ylim(low[1] - margin[1], high[1] + margin[1])
        axes.set_box_aspect(1)
        axes.set(title=label, xticks=[], yticks=[], xlabel="first number")
    row[0, 0].set_ylabel("second number")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()


def latent_grid(
    decoder: Callable[[np.ndarray], np.ndarray],
    code: np.ndarray,
    title: str,
    count: int = 15,
) -> None:
    """What a decoder draws on a grid of two-number codes, each image at its place.

    The grid covers the middle 98 % of the codes in either direction, and its lines are
    close where many codes are: as many lie between any two neighbouring columns, or rows.

    Args:
        decoder: a Keras model, or any function from codes, shape (n, 2), to images, shape
            (n, side * side) or (n, side, side), 0 black and 1 white.
        code: codes of images, shape (n, 2); they say where the grid lies.
        title: the finding.
        count: images in a row and in a column, 2 to 40.

    Raises:
        ValueError: if `code` is not (n, 2), all its points agree in a number, or the
            decoder does not give a square image, about 0 to 1, for each code.
    """
    count = whole_number("count", count, 2, 40)
    code = finite_array("code", code, ndim=2)
    if code.shape[1] != 2:
        raise ValueError(f"code has shape {code.shape}; expected (n, 2).")
    shares = np.linspace(0.01, 0.99, count)
    first, second = np.quantile(code, shares, axis=0).T
    if first[0] == first[-1] or second[0] == second[-1]:
        raise ValueError(
            "code has the same number in all rows; expected points that differ in both "
            "numbers. Did the encoder collapse?"
        )
    # From the top: the largest second number comes first.
    points = np.array([(x, y) for y in second[::-1] for x in first], "float32")
    if not callable(decoder):
        raise ValueError(
            f"decoder is a {type(decoder).__name__}; expected a Keras model, or another "
            "function from codes to images."
        )
    fits_model("the grid of codes", points.shape, decoder)
    images = square_images("what the decoder draws", np.asarray(decoder(points)))
    if len(drawable("what the decoder draws", images)) != len(points):
        raise ValueError(
            f"the decoder draws {len(images)} images for {len(points)} codes; expected one "
            "for each."
        )
    side = images.shape[1]
    paper = images.reshape(count, count, side, side).swapaxes(1, 2)
    _, axes = plt.subplots(figsize=(6, 6))
    half = count - 0.5  # the middle of an image is a whole number
    axes.imshow(
        paper.reshape(count * side, count * side),
        extent=(-0.5, half, -0.5, half),
        vmin=0,
        vmax=1,
    )
    places = np.unique(np.linspace(0, count - 1, 5).round().astype(int))
    axes.set_xticks(places, [f"{value:.2g}" for value in first[places]])
    axes.set_yticks(places, [f"{value:.2g}" for value in second[places]])
    axes.set(xlabel="first number", ylabel="second number", title=title)
    plt.show()


def code_strips(codes: Mapping[str, np.ndarray], title: str) -> None:
    """Codes of one image, number by number: a strip with a stroke for each.

    Args:
        codes: label to code, shape (k,); k may differ. Each strip has a scale of its own.
        title: the finding.

    Raises:
        ValueError: if there is no code, or one is not finite or not a single row.
    """
    labelled("codes", codes, "a code for each strip")
    strips = {
        label: finite_array(f"the code {label!r}", code, ndim=1)
        for label, code in codes.items()
    }
    figure, rows = plt.subplots(
        len(strips), 1, figsize=(10, 1.3 * len(strips) + 0.8), squeeze=False
    )
    for axes, (label, code) in zip(rows[:, 0], strips.items(), strict=True):
        axes.vlines(np.arange(len(code)), 0, code, color=COLOURS[0], linewidth=0.9)
        axes.axhline(0, color="0.4", linewidth=0.6)
        axes.set_xlim(-1, len(code))
        axes.set_title(f"{label}: {np.count_nonzero(code):,} of {len(code):,} are not zero")
        axes.title.set_fontsize(11)
    axes.set_xlabel("which number of the code")
    figure.suptitle(title, x=0.01, ha="left", fontsize=13)
    plt.show()
