"""The LESSONLIB_ variables, each read in this one place, afresh at every call."""

from __future__ import annotations

import os

SIZES = ("small", "full")


def seed() -> int:
    """The seed of this run: the environment variable LESSONLIB_SEED, else 0.

    Raises:
        ValueError: if the variable is not a whole number of at least 0.
    """
    text = os.environ.get("LESSONLIB_SEED", "0")
    if not text.isascii() or not text.isdigit():
        raise ValueError(
            f"LESSONLIB_SEED is {text!r}; expected a whole number of at least 0, such as 7."
        )
    return int(text)


def size() -> str:
    """The data of this run, "small" or "full": LESSONLIB_SIZE, else "small".

    Raises:
        ValueError: if the variable is neither.
    """
    text = os.environ.get("LESSONLIB_SIZE", "small")
    if text not in SIZES:
        raise ValueError(
            f"LESSONLIB_SIZE is {text!r}; expected 'small' or 'full'. Set it before "
            "Jupyter starts."
        )
    return text


def strict() -> bool:
    """Whether a failed claim raises: LESSONLIB_STRICT is 1."""
    return os.environ.get("LESSONLIB_STRICT") == "1"


def claims_file() -> str | None:
    """Where claims are written down, LESSONLIB_CLAIMS, or None."""
    return os.environ.get("LESSONLIB_CLAIMS") or None


def data_folder() -> str | None:
    """The folder that holds mnist.npz, LESSONLIB_DATA, or None."""
    return os.environ.get("LESSONLIB_DATA") or None
