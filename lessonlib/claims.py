"""What a lesson says, and what it measures: `claim`, `show` and `show_table`.

A number behind a tilde (~0.11) was measured: it differs a little from machine to machine.
Everything else a lesson prints is the same everywhere, and the tests compare it.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from lessonlib import _settings
from lessonlib._checks import number_between
from lessonlib._output import say
from lessonlib._settings import SIZES

KINDS = ("trained", "rival", "identity")
LARGEST = sys.float_info.max

# The lesson that `start` announced; claims are filed under it.
lesson = ""


def claim(
    sentence: str,
    value: float,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    unit: str = "",
    kind: str = "trained",
    sizes: Sequence[str] = SIZES,
) -> None:
    """Print a finding with a tick if the measured value respects its limit, else a cross.

    A failed claim prints a cross and goes on, since a student who changes a number should
    see what it changed. With LESSONLIB_STRICT=1 it raises, as the tests want it. With
    LESSONLIB_CLAIMS=file.jsonl each claim appends one line of JSON to that file.

    Args:
        sentence: the finding, in words that are true if and only if the limit is kept.
        value: what was measured; anything that is not a finite number gets a cross.
        at_most, at_least: the limit, one of them or both.
        unit: printed behind value and limit, such as "°" or " dB".
        kind: "trained", which fails when nothing has been learned; "rival", which bounds
            a baseline's own value from its good side and fails when that baseline is
            crippled; or "identity", an exact fact that needs no training.
        sizes: the data sizes that it is made for, of "small" and "full".

    Raises:
        ValueError: if there is no limit, one is no finite number or the two exclude each
            other, or `kind`, `sizes` or LESSONLIB_SIZE is unknown.
        AssertionError: if the claim fails and LESSONLIB_STRICT is 1.
    """
    if at_most is None and at_least is None:
        raise ValueError(f"{sentence!r} has no limit; expected at_most or at_least.")
    if kind not in KINDS or not sizes or not set(sizes) <= set(SIZES):
        raise ValueError(
            f"kind is {kind!r} and sizes {sizes!r}; expected one of {KINDS} and some "
            f"of {SIZES}."
        )
    size = _settings.size()
    if size not in sizes:
        say(f"– {sentence}: not claimed on the {size} data")
        return
    measured = _as_float(value)
    # Plain floats: a NumPy limit would not go into the record.
    if at_least is not None:
        at_least = number_between("at_least", at_least, -LARGEST, LARGEST)
    if at_most is not None:
        at_most = number_between("at_most", at_most, -LARGEST, LARGEST)
    low = -math.inf if at_least is None else at_least
    high = math.inf if at_most is None else at_most
    if low > high:
        raise ValueError(
            f"{sentence!r} is at least {low:g} and at most {high:g}; expected the smaller "
            "number first. Did the two change places?"
        )
    holds = math.isfinite(measured) and low <= measured <= high
    words = [("at least", at_least), ("at most", at_most)]
    limit = ", ".join(f"{word} {edge:g}{unit}" for word, edge in words if edge is not None)
    line = f"{'✓' if holds else '✗'} {sentence}: {number(measured)}{unit} ({limit})"
    _record(
        dict(
            sentence=sentence,
            value=measured if math.isfinite(measured) else None,
            at_most=at_most,
            at_least=at_least,
            kind=kind,
            holds=holds,
            size=size,
        )
    )
    say(line)
    if not holds and _settings.strict():
        raise AssertionError(line)


def show(label: str, value: object, unit: str = "", measured: bool | None = None) -> None:
    """Print a labelled value.

    Args:
        label: what it is.
        value: a number, a shape, a word, or several of them in a tuple.
        unit: printed behind it.
        measured: whether a tilde marks it; None means yes for fractions, no for counts,
            shapes and words. A count that depends on training needs True.
    """
    say(f"{label}: {_text(value, measured)}{unit}")


def show_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    measured: bool | None = None,
) -> None:
    """Display a table; numbers as in `show`.

    Args:
        columns: the headings.
        rows: as many cells in each as there are headings.
        measured: as in `show`, for all cells.

    Raises:
        ValueError: if a row has another number of cells than the heading.
    """
    from IPython.display import display

    for row in rows:
        if len(row) != len(columns):
            raise ValueError(
                f"the row {list(row)!r} has {len(row)} cells; expected {len(columns)}, one "
                "for each heading."
            )
    display(_Table(columns, [[_text(cell, measured) for cell in row] for row in rows]))


def number(value: float) -> str:
    """A measured number behind a tilde, to three digits: ~0.110, ~12.3, ~4,523, ~nan."""
    if not math.isfinite(value):
        return f"~{value}"
    if abs(value) >= 999.5:
        return f"~{value:,.0f}"
    return f"~{value:#.3g}".removesuffix(".")


class _Table:
    """Rendered as Markdown in a notebook, as plain text elsewhere."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[str]]):
        self.lines = [list(columns), *rows]

    def __repr__(self) -> str:
        return "\n".join(" | ".join(line) for line in self.lines)

    def _repr_markdown_(self) -> str:
        rule = ["---"] + ["---:"] * (len(self.lines[0]) - 1)
        lines = [self.lines[0], rule, *self.lines[1:]]
        escaped = [[cell.replace("|", r"\|") for cell in line] for line in lines]
        return "\n".join("| " + " | ".join(line) + " |" for line in escaped)


def _as_float(value: object) -> float:
    if isinstance(value, str):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _text(value: object, measured: bool | None) -> str:
    if getattr(value, "shape", None) == ():
        value = np.asarray(value).item()
    if isinstance(value, tuple) and not all(isinstance(part, int) for part in value):
        return " and ".join(_text(part, measured) for part in value)
    fraction = isinstance(value, (float, np.floating))
    count = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if fraction and measured is not False or count and measured:
        return f"~{value:,}" if count else number(float(value))  # type: ignore[arg-type]
    if count:
        return f"{value:,}"
    return str(value)


def _record(entry: Mapping[str, object]) -> None:
    path = _settings.claims_file()
    if not path:
        return
    names = ("keras", "tensorflow", "numpy", "sklearn")
    loaded = {name: sys.modules[name].__version__ for name in names if name in sys.modules}
    line = json.dumps(dict(lesson=lesson, **entry, seed=_settings.seed(), versions=loaded))
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        raise OSError(
            f"LESSONLIB_CLAIMS is {path!r}, which cannot be written ({error.strerror}). "
            "Name a file in a folder that is there."
        ) from error
