"""The one place where arguments are checked, so that all errors read alike."""

from __future__ import annotations

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
    array = _as_numbers(name, value)
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


def _as_numbers(name: str, value: object) -> np.ndarray:
    """`value` as an array of real numbers, or a ValueError that says how to make it one."""
    kind, cure = type(value).__name__, "a NumPy array of numbers"
    if hasattr(value, "toarray"):
        raise ValueError(f"{name} is a sparse {kind}; expected {name}.toarray().")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # ragged, or something that only looks like an array
        array = np.array(None)
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


def same_shape(names: tuple[str, str], first: object, second: object) -> tuple:
    """Two finite arrays of one shape, or a ValueError that names both shapes."""
    one, two = finite_array(names[0], first), finite_array(names[1], second)
    if one.shape != two.shape:
        raise ValueError(
            f"{names[0]} has shape {one.shape} but {names[1]} has shape {two.shape}; "
            "expected the same. Reshape one of them."
        )
    return one, two


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
            f"{name} is {value!r}; expected a number from {low:g} to {high:g}."
        )
    return number


def whole_number(name: str, value: object, low: int, high: int) -> int:
    """A whole number in [low, high], or a ValueError that names the range."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not low <= value <= high:  # type: ignore[operator]
        raise ValueError(
            f"{name} is {value!r}; expected a whole number from {low} to {high}."
        )
    return int(value)  # type: ignore[call-overload]
