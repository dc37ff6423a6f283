"""Units of a code: what they draw, and what lights them up."""

from __future__ import annotations

import numpy as np

from lessonlib._checks import finite_array, square_images, whole_number
from lessonlib.plots.images import image_rows
from lessonlib.units import most_lit


def lit_units(
    code: np.ndarray,
    rows: np.ndarray,
    images: np.ndarray,
    title: str,
    count: int = 4,
    seed: int = 0,
) -> None:
    """Some units drawn at random: each one's decoder row, then what lights it up most.

    Drawn from are the units that are on, that is, above 0, for at least eleven images.

    Args:
        code: of the images, shape (n, units).
        rows: what each unit adds to a picture, shape (units, side * side); drawn on
            mid-grey, scaled to its own largest size.
        images: shape (n, side * side) or (n, side, side), 0 black and 1 white.
        title: the finding.
        count: how many units, 1 to those that are on often enough.
        seed: of the draw.

    Raises:
        ValueError: if shapes do not fit, or too few units are on for eleven images.
    """
    images = square_images("images", images)
    rows = square_images("rows", rows)
    code = finite_array("code", code, ndim=2)
    if code.shape != (len(images), len(rows)) or rows.shape[1:] != images.shape[1:]:
        raise ValueError(
            f"code has shape {code.shape}, rows {rows.shape} and images {images.shape}; "
            "expected a row of code for each image, and a picture for each unit."
        )
    lit = most_lit(code)
    count = whole_number("count", count, 1, len(lit.units))
    panels = {}
    for place in np.random.default_rng(seed).choice(len(lit.units), count, replace=False):
        unit = lit.units[place]
        on_grey = 0.5 + rows[unit] / np.abs(rows[unit]).max().clip(1e-12) / 2
        panels[f"unit {unit}"] = np.concatenate([on_grey[None], images[lit.images[place]]])
    image_rows(panels, title)
