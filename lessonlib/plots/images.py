"""Rows of images, as one picture."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

from lessonlib._checks import drawable, labelled, square_images, whole_number
from lessonlib.metrics import squared_error_per_image


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
        ValueError: if there is no row, an image is not square or not finite, or pixels
            that are not `signed` go from 0 to 255.
    """
    columns = whole_number("columns", columns, 1, 100)
    labelled("rows", rows, "images for each row")
    strips = [
        square_images(f"the row {label!r}", images)[:columns]
        for label, images in rows.items()
    ]
    for label, strip in zip(rows, strips, strict=True):
        if not signed:
            drawable(f"the row {label!r}", strip)
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


def random_and_worst(
    x: np.ndarray, answers: Mapping[str, np.ndarray], title: str, count: int = 6
) -> None:
    """Images and what models make of them: some at random, then the last model's worst.

    Args:
        x: originals, shape (n, side * side) or (n, side, side).
        answers: label to reconstructions of all of them, shaped like `x`.
        title: the finding.
        count: how many at random, and how many of the worst, 1 to n.

    Raises:
        ValueError: if there is no answer, shapes differ or an image is not square.
    """
    labelled("answers", answers, "reconstructions for each model")
    x = square_images("x", x)
    count = whole_number("count", count, 1, len(x))
    rows = {"original": x}
    for label, x_hat in answers.items():
        rows[label] = square_images(f"the answer {label!r}", x_hat)
        errors = squared_error_per_image(x, rows[label])
    random = np.random.default_rng(0).choice(len(x), count, replace=False)
    picked = np.append(random, np.argsort(errors)[-count:])
    image_rows({label: images[picked] for label, images in rows.items()}, title, 2 * count)
