"""Build the lessons: notebooks/source/*.py, executed and normalised, to notebooks/*.ipynb.

    python scripts/pipeline.py [--force] [01 02 ...]

A lesson runs again when its code, what it uses of lessonlib or the data changed; where only
its text did, the outputs stay. Two lessons run at a time, each with one TensorFlow thread,
so that two builds on one machine give the same bytes.
"""

import argparse
import base64
import concurrent.futures
import copy
import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import commands
import imports
from lessons import FOLDER, ROOT, chosen, longest_first, next_lesson, notebook_path

# Variables of a user's own that would change what a lesson shows.
OTHERS = re.compile("LESSONLIB_|MATPLOTLIBRC$|MPLBACKEND$|KERAS_BACKEND$|PYTHONWARNINGS$")
# Where two kernels share two cores, this saves a fifth of the time.
ONE_THREAD: dict[str, Any] = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
PICTURE = ROOT / ".github" / "picture.png"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="also those up to date")
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    options = parser.parse_args()
    stale = []
    for source in chosen(options.lessons):
        if up_to_date(source) and not options.force:
            renew(source)
            print(f"{source.stem}: up to date")
        else:
            stale.append(source)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(build, longest_first(stale)) if fault]
    if faults:
        sys.exit("\n".join(faults))


def build(source: Path) -> str | None:
    """Run a lesson and write its notebook; says what went wrong, if something did."""
    print(f"{source.stem}: running ...", flush=True)
    notebook = read_source(source)
    try:
        execute(notebook, LESSONLIB_STRICT="1", **ONE_THREAD)
    except CellExecutionError as error:
        return f"{source.stem}.ipynb was left as it was, since a cell failed:\n{error}"
    write(notebook, notebook_path(source))
    save_picture(notebook)
    print(f"{source.stem}: built", flush=True)
    return None


def renew(source: Path, current: bool = True) -> None:
    """Write a lesson's text anew around the outputs that are stored.

    Args:
        source: of the lesson.
        current: whether they are those of its code, so that it need not run.

    Raises:
        ValueError: if another number of code cells is stored.
    """
    stored = nbformat.read(notebook_path(source), as_version=4)
    notebook = with_outputs(read_source(source), stored)
    if not current:
        notebook.metadata.lessonlib = stored.metadata.lessonlib
    write(notebook, notebook_path(source))


def read_source(source: Path) -> nbformat.NotebookNode:
    """The lesson as a notebook without outputs, its cell ids made from its cells.

    Its last cell, which the source does not hold, leads to the next lesson.
    """
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "lessonlib": {"fingerprint": fingerprint(source, notebook.cells)},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    if line := next_lesson(source):
        notebook.cells.append(nbformat.v4.new_markdown_cell(line))
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        times = seen[cell.source] = seen.get(cell.source, 0) + 1
        cell.id = hashlib.sha256(f"{times} {cell.source}".encode()).hexdigest()[:12]
        cell.metadata.pop("lines_to_next_cell", None)
    return notebook


def fingerprint(source: Path, cells: list[nbformat.NotebookNode]) -> str:
    """A checksum over all that a lesson's outputs depend on."""
    digest = hashlib.sha256((ROOT / "data/mnist-5k.npz").read_bytes())
    for cell in cells:
        if cell.cell_type == "code":
            digest.update(f"{cell.source}\n".encode())
    for path in imports.files_behind(source):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def up_to_date(source: Path) -> bool:
    """Whether the outputs that are stored are those of this code."""
    target = notebook_path(source)
    if not target.exists():
        return False
    stored, fresh = nbformat.read(target, as_version=4), read_source(source)
    return stored.metadata.get("lessonlib") == fresh.metadata.lessonlib


def execute(
    notebook: nbformat.NotebookNode,
    kernel: str = "python3",
    folder: Path = FOLDER,
    **environment: str,
) -> NotebookClient:
    """Run all cells in a fresh kernel that starts in `folder`, and fill in their outputs.

    Args:
        notebook: run in place.
        kernel: the name under which Jupyter knows it.
        folder: where the cells find themselves.
        environment: variables besides those that are set, less the course's own.

    Raises:
        CellExecutionError: if a cell does.
    """
    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=None,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=everybodys() | environment)
    # The kernel adds its own version here, which differs from machine to machine.
    notebook.metadata.language_info = nbformat.from_dict({"name": "python"})
    return client


def everybodys() -> dict[str, str]:
    """The variables of this process, less what a user set for notebooks of their own."""
    kept = {name: value for name, value in os.environ.items() if not OTHERS.match(name)}
    return kept | commands.own_places()


def write(notebook: nbformat.NotebookNode, target: Path) -> None:
    """Write aside, then move into place, so that an interruption leaves the old file."""
    nbformat.validate(notebook)
    aside = target.with_suffix(".partial")
    aside.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(aside, target)


def save_picture(notebook: nbformat.NotebookNode) -> None:
    """Keep the figure of the cell that is tagged "readme" for README.md."""
    for cell in notebook.cells:
        if "readme" in cell.metadata.get("tags", []):
            images = [
                o.data["image/png"]
                for o in cell.outputs
                if "image/png" in o.get("data", {})
            ]
            PICTURE.write_bytes(base64.b64decode(images[0]))


def with_outputs(
    fresh: nbformat.NotebookNode, old: nbformat.NotebookNode
) -> nbformat.NotebookNode:
    """A rebuilt notebook with the outputs of the stored one, code cell by code cell."""
    notebook = copy.deepcopy(fresh)
    ours, theirs = (
        [cell for cell in book.cells if cell.cell_type == "code"]
        for book in (notebook, old)
    )
    for cell, before in zip(ours, theirs, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    return notebook


if __name__ == "__main__":
    main()
