"""The lessons: their numbers, their files, and what each says of itself.

A lesson's first cell states its title, question, needs and times; what no student needs to
read there, such as its memory, stands in the YAML block above it. README.md, TEACHING.md
and the links from lesson to lesson are made from these.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
SOURCES = sorted((FOLDER / "source").glob("[0-9][0-9]_*.py"))
NOTEBOOKS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
SAID = re.compile(
    r"# (?P<title>\d\d .+?) \*\*(?P<question>.+?\?)\*\* .*"
    r"Needs: (?P<needs>.+?)\. Time: about (?P<computing>\d+ minutes?) of computing on two "
    r"cores, (?P<reading>.+?) of reading\."
)


@dataclasses.dataclass(frozen=True)
class Header:
    """What a lesson says of itself; `needs` may hold links to other notebooks."""

    title: str  # with its number: "03 Denoising autoencoders"
    question: str
    needs: str
    computing: str  # such as "2 minutes"
    reading: str
    memory: int  # in MB, the most that its kernel took
    yields: str
    exercises: str  # with semicolons between

    @property
    def minutes(self) -> int:
        return int(self.computing.split()[0])


def chosen(numbers: list[str]) -> list[Path]:
    """The sources of the lessons with these numbers, all of them for an empty list."""
    there = [source.name[:2] for source in SOURCES]
    for number in numbers:
        if number not in there:
            sys.exit(f"There is no lesson {number!r}; there are {', '.join(there)}.")
    return [source for source in SOURCES if not numbers or source.name[:2] in numbers]


def notebook_path(source: Path) -> Path:
    return source.parent.parent / f"{source.stem}.ipynb"


def header(source: Path) -> Header:
    """What a lesson says of itself, read from its source.

    Raises:
        ValueError: if a part is missing.
    """
    text = source.read_text(encoding="utf-8")
    match = re.match(
        r"# ---\n(?P<block>.+?)# ---\n\n# %% \[markdown\]\n(?P<cell>.+?)\n\n", text, re.S
    )
    if not match:
        raise ValueError(f"{source.name} lacks a YAML block above its first cell.")
    block, cell = (
        re.sub("^# ?", "", match[part], flags=re.M) for part in ("block", "cell")
    )
    said = SAID.match(" ".join(cell.split()))
    if not said:
        raise ValueError(
            f"The first cell of {source.name} lacks a part; expected title, **question?**, "
            "Needs, and Time: about 2 minutes of computing on two cores, an hour of "
            "reading."
        )
    try:
        parts: dict[str, Any] = yaml.safe_load(block)["jupyter"]["lesson"]
        return Header(**(parts | said.groupdict()))
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"The YAML block of {source.name} does not fit ({error}); expected jupyter, "
            "and in it lesson with memory, yields and exercises."
        ) from error


def longest_first(sources: list[Path]) -> list[Path]:
    """In the order in which two at a time are done soonest."""
    return sorted(sources, key=lambda source: -header(source).minutes)


def next_lesson(source: Path) -> str:
    """A line that leads to the lesson after this one; empty for the last."""
    later = [other for other in SOURCES if other.name > source.name]
    if not later or source not in SOURCES:
        return ""
    said = header(later[0])
    return f"Next: [{said.title}]({later[0].stem}.ipynb). {said.question}"
