"""Print the shape of the lessons: how much of everything a student meets, and the targets.

    python scripts/shape.py [00 01 ...]

Counted is what stands before "Further" and is not folded, lines and words before the
exercises.
"""

import argparse
import dataclasses
import re
import statistics
from pathlib import Path

import nbformat

import lessons

# The least and the most of each; FIRST is for lesson 00, which may be shorter.
TARGETS = {
    "cells": (25, 55),
    "lines": (40, 150),
    "median_lines": (1, 5),
    "long_cells": (0, 0.1),  # the share of cells with more than ten lines
    "words": (1_200, 2_400),
    "figures": (7, 12),
    "live": (1, 3),
    "claims": (6, 14),
    "rivals": (1, 6),
    "predictions": (3, 5),
    "tables": (0, 3),
}
FIRST = {"cells": (15, 55), "figures": (5, 12)}


@dataclasses.dataclass(frozen=True)
class Shape:
    """How much of everything a lesson holds."""

    cells: int
    lines: int
    median_lines: float
    long_cells: float
    words: int
    figures: int
    live: int
    claims: int
    rivals: int
    predictions: int
    tables: int


def shape(path: Path) -> Shape:
    """The shape of an executed lesson."""
    cells = nbformat.read(path, as_version=4).cells
    cells = cells[: place(cells, "## Further", "## Sources")]
    told = cells[: place(cells, "## Exercises")]
    code = [cell for cell in told if cell.cell_type == "code"]
    prose = [unfolded(cell.source) for cell in told if cell.cell_type == "markdown"]
    lines = [code_lines(cell.source) for cell in code]
    outputs = [output for cell in code for output in cell.outputs]
    printed = "".join(output.get("text", "") for output in outputs).splitlines()
    claims = [line for line in printed if line.startswith("✓") and "(at " in line]
    return Shape(
        cells=len(cells),
        lines=sum(lines),
        median_lines=statistics.median(lines),
        long_cells=sum(count > 10 for count in lines) / len(lines),
        words=sum(len(text.split()) for text in prose),
        figures=sum("image/png" in output.get("data", {}) for output in outputs),
        live=sum("data-live=" in html(output) for output in outputs),
        claims=len(claims),
        rivals=sum(cell.source.count('kind="rival"') for cell in code),
        predictions=sum(text.count("**Predict before you run:**") for text in prose),
        tables=sum("show_table(" in cell.source for cell in code),
    )


def place(cells: list, *headings: str) -> int:
    """The number of the first cell that holds the first heading that is there."""
    for heading in headings:
        for number, cell in enumerate(cells):
            if cell.cell_type == "markdown" and f"\n{heading}" in f"\n{cell.source}":
                return number
    return len(cells)


def unfolded(text: str) -> str:
    """What is read without a click."""
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def code_lines(source: str) -> int:
    """Lines of code, without empty ones and those of comments alone."""
    lines = [line.strip() for line in source.splitlines()]
    return sum(line != "" and not line.startswith("#") for line in lines)


def html(output: dict) -> str:
    return output.get("data", {}).get("text/html", "")


def misses(path: Path) -> dict[str, str]:
    """What of a lesson's shape is outside its target, and what the target is."""
    targets = TARGETS | (FIRST if path.name.startswith("00") else {})
    values = dataclasses.asdict(shape(path))
    return {
        name: f"{values[name]:.3g}, not {low:g} to {high:g}"
        for name, (low, high) in targets.items()
        if not low <= values[name] <= high
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    sources = lessons.chosen(parser.parse_args().lessons)
    print("lesson", *(name.replace("_", " ") for name in TARGETS), sep=" | ")
    print("target", *(f"{low:g} to {high:g}" for low, high in TARGETS.values()), sep=" | ")
    for source in sources:
        values = dataclasses.asdict(shape(lessons.notebook_path(source))).values()
        print(source.name[:2], *(f"{value:,.4g}" for value in values), sep=" | ")


if __name__ == "__main__":
    main()
