"""The one place where arguments are checked, so that all errors read alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def finite_array(name: str, value: object, ndim: int | None = None) -> np.ndarray:
    """`value` as a float array, or a ValueError that says what is wrong with it.

    Args:
        name: how the caller calls it, for the message.
        value: anything.
        ndim: the number of axes it must have; None allows one or more.

    Returns:
        float32 if it came as float32, else float64; never empty, never NaN or infinite.

    Raises:
        ValueError: for anything else.
    """
    array = as_numbers(name, value)
    array = array.astype("float32" if array.dtype == "float32" else "float64")
    if array.size == 0 or array.ndim == 0:
        raise ValueError(
            f"{name} has shape {array.shape}; expected at least one row. Did a selection "
            "leave nothing?"
        )
    if ndim is not None and array.ndim != ndim:
        raise ValueError(
            f"{name} has shape {array.shape}; expected {ndim} axes. Reshape it first."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} holds NaN or infinite values; expected finite ones. Did the training "
            "diverge?"
        )
    return array


def as_numbers(name: str, value: object) -> np.ndarray:
    """`value` as an array of real numbers, or a ValueError that says how to make it one."""
    kind, cure = type(value).__name__, "a NumPy array of numbers"
    if hasattr(value, "toarray"):
        raise ValueError(f"{name} is a sparse {kind}; expected {name}.toarray().")
    array = unmasked(name, value)
    if array.dtype.name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
        return array.astype("float32")
    if array.dtype.kind in "fiub":
        return array
    if array.dtype.kind == "O" and array.ndim:
        cure = f"rows of one length: np.asarray({name}, dtype='float32') must work"
    elif array.dtype.kind in "US":
        cure = "numbers, not text: float(...) makes one of a word such as '0.5'"
    elif array.dtype.kind == "c":
        cure = f"real numbers: {name}.real or abs({name})"
    raise ValueError(f"{name} is a {kind} that holds no numbers; expected {cure}.")


def unmasked(name: str, value: object) -> np.ndarray:
    """`value` as an array of anything, or a ValueError if a mask hides some of it."""
    if np.ma.is_masked(value):
        raise ValueError(
            f"{name} has masked values; expected none, for the mask would be lost. Fill "
            f"them, {name}.filled(0), or leave their rows out."
        )
    try:
        return np.asarray(value)
    except (TypeError, ValueError, RuntimeError):  # ragged, symbolic, with a gradient
        return np.array(None)


def labelled(name: str, value: Mapping, what: str) -> None:
    """Refuse what is not a dictionary, and an empty one."""
    if not isinstance(value, Mapping):
        raise ValueError(
            f"{name} is a {type(value).__name__}; expected a dictionary with a label and "
            f"{what}."
        )
    if not value:
        raise ValueError(f"{name} is empty; expected a label and {what}.")


def no_bytes(name: str, array: np.ndarray) -> np.ndarray:
    """`array` as it came, or a ValueError if its rows are pixels of 0 to 255.

    Such are at least 64 whole numbers a row, none above 255 and some above 200: counts
    and columns that are scaled otherwise pass.
    """
    if array.ndim > 1 and array[0].size >= 64 and array.min() >= 0:
        if 200 < array.max() <= 255 and np.allclose(array, np.rint(array), atol=1e-3):
            raise ValueError(
                f"{name} has values from {array.min():.3g} to {array.max():.3g}; expected "
                "about 0 to 1. Divide pixels by 255."
            )
    return array


def fits_model(name: str, shape: tuple[int, ...], model: object) -> None:
    """Refuse rows of another shape than a Keras model takes, but for a last axis of 1."""
    taken = getattr(model, "input_shape", None) if getattr(model, "built", False) else None
    if not isinstance(taken, tuple) or not all(isinstance(n, int) for n in taken[1:]):
        return
    if shape[1:] not in (taken[1:], taken[1:-1] if taken[-1] == 1 else taken[1:]):
        raise ValueError(
            f"{name} has shape {shape} and the model takes {taken}; expected as many "
            "numbers in each row. Reshape it first."
        )


def same_shape(names: tuple[str, str], first: object, second: object) -> tuple:
    """Two finite arrays of one shape, or a ValueError that names both shapes."""
    one, two = finite_array(names[0], first), finite_array(names[1], second)
    if one.shape != two.shape:
        raise ValueError(
            f"{names[0]} has shape {one.shape} but {names[1]} has shape {two.shape}; "
            "expected the same. Reshape one of them."
        )
    return one, two


def two_tables(names: tuple[str, str], first: object, second: object) -> tuple:
    """Two finite tables with as many columns, or a ValueError that names both counts."""
    one, two = (
        finite_array(*pair, ndim=2) for pair in zip(names, (first, second), strict=True)
    )
    if one.shape[1] != two.shape[1]:
        raise ValueError(
            f"{names[0]} has {one.shape[1]} columns and {names[1]} has {two.shape[1]}; "
            "expected as many."
        )
    return one, two


def one_label_each(name: str, value: object, rows: int) -> np.ndarray:
    """Whole numbers or words, one for each of so many rows, or a ValueError."""
    labels = unmasked(name, value)
    if labels.shape != (rows,):
        raise ValueError(
            f"{name} has shape {labels.shape}; expected one label for each of {rows} rows."
        )
    if labels.dtype.kind == "f" and not np.array_equal(labels, np.rint(labels)):
        raise ValueError(
            f"{name} holds fractions or NaN; expected whole numbers, such as 7."
        )
    return labels


def square_images(name: str, value: object) -> np.ndarray:
    """Finite square images as (n, side, side), or a ValueError."""
    images = finite_array(name, value)
    pixels = int(np.prod(images.shape[1:]))
    side = round(pixels**0.5)
    square = images.ndim == 2 and side * side == pixels
    if not square and images.shape[1:] != (side, side):
        raise ValueError(
            f"{name} has shape {images.shape}; expected square images, (n, side, side) or "
            f"(n, side * side). A single one is {name}[None]."
        )
    return images.reshape(len(images), side, side)


def drawable(name: str, images: np.ndarray) -> np.ndarray:
    """Images as they came, or a ValueError if all that they show would be white or black.

    A reconstruction may leave [0, 1] a little, pixels of 0 to 255 leave it by far.
    """
    largest = np.abs(images).max()
    if largest > 20:
        raise ValueError(
            f"{name} has values up to {largest:.3g}; expected about 0 to 1. Divide pixels "
            "by 255."
        )
    return images


def one_image(name: str, value: object) -> np.ndarray:
    """A single square image to draw, shape (side, side), or a ValueError."""
    image = finite_array(name, value)
    side = round(image.size**0.5)
    if image.shape not in ((side, side), (side * side,)):
        raise ValueError(
            f"{name} has shape {image.shape}; expected one square image, (side, side) or "
            "(side * side,). The first of several is x[0]."
        )
    return drawable(name, image).reshape(side, side)


def unit_interval(name: str, value: object) -> np.ndarray:
    """A finite array with values in [0, 1], as images are, or a ValueError."""
    array = finite_array(name, value)
    low, high = float(array.min()), float(array.max())
    if low < 0 or high > 1:
        raise ValueError(
            f"{name} has values from {low:.3g} to {high:.3g}; expected 0 to 1. Divide "
            "pixels by 255, or clip them."
        )
    return array


def number_between(name: str, value: object, low: float, high: float) -> float:
    """A finite number in [low, high], or a ValueError that names the range."""
    try:
        number = float("nan" if isinstance(value, str) else value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if not low <= number <= high:
        raise ValueError(
            f"{name} is {value!r:.60}; expected a number from {low:g} to {high:g}."
        )
    return number


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """A whole number in [low, high], or a ValueError that names the range."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not low <= value <= high:  # type: ignore[operator]
        raise ValueError(
            f"{name} is {value!r:.60}; expected a whole number from {low} to {high}."
        )
    return int(value)  # type: ignore[call-overload]
