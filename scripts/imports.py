"""Which files of lessonlib a lesson leads to: imports are read, nothing is run.

A package that only hands on what its modules define, as lessonlib.plots does, is followed
name by name: a new figure there is no concern of a lesson that does not draw it.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "lessonlib"


def files_behind(source: Path) -> list[Path]:
    """The files of lessonlib that a lesson's source leads to, through others too.

    Importing the package runs its __init__, so what that imports counts for every lesson;
    `check` loads the exercises by their number.
    """
    exercises = PACKAGE / "exercises" / f"lesson{source.name[:2]}.py"
    found = {source, PACKAGE / "__init__.py"} | (
        {exercises} if exercises.exists() else set()
    )
    waiting = list(found)
    while waiting:
        mentioned = _mentioned(_parsed(waiting.pop().read_text(encoding="utf-8")))
        new = {path for name in mentioned for path in _files_of(name)} - found
        found |= new
        waiting += new
    return sorted({*found, *_companions(found)} - {source})


@functools.cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _mentioned(tree: ast.AST) -> Iterator[str]:
    """Full names that the code uses, such as "lessonlib.plots.image_rows"."""
    known = _imported(tree)
    for name in known.values():
        if not _folder(name).is_dir():  # of a package, it counts what is used
            yield name
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        first, *rest = _parts(node)
        if first in known and id(node) not in inner:
            yield ".".join([known[first], *rest])


def _parts(node: ast.AST) -> list[str]:
    """The names of a.b.c, in order; an empty first one if it is anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    return [*_parts(node.value), node.attr] if isinstance(node, ast.Attribute) else [""]


def _imported(tree: ast.AST) -> dict[str, str]:
    """What the names that stand for something of lessonlib stand for, in full."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{ast.unparse(node)}: import by the full name instead.")
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
    return {mine: name for mine, name in found.items() if name.split(".")[0] == "lessonlib"}


def _folder(name: str) -> Path:
    return PACKAGE.joinpath(*name.split(".")[1:])


def _files_of(name: str) -> set[Path]:
    """Where a name is defined: its module, or all modules of a package named whole."""
    folder = PACKAGE
    for part in name.split(".")[1:]:
        module = folder / f"{part}.py"
        if module.is_file():
            return {module}
        if not (folder / part).is_dir():
            return _handed_on(folder / "__init__.py", part)
        folder = folder / part
    return set(folder.rglob("*.py"))


def _handed_on(init: Path, name: str) -> set[Path]:
    """Where a package has a name from; what it does not import, it defines."""
    imported = _imported(_parsed(init.read_text(encoding="utf-8")))
    return _files_of(imported[name]) if name in imported else {init}


def _companions(found: set[Path]) -> Iterator[Path]:
    """Files that are no Python but lie beside modules in a folder of their own."""
    for folder in {path.parent for path in found if PACKAGE in path.parent.parents}:
        yield from (p for p in folder.iterdir() if p.is_file() and p.suffix != ".py")
