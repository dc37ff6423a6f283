"""Build the lessons: notebooks/source/*.py, executed and normalised, to notebooks/*.ipynb.

    python scripts/pipeline.py [--force] [01 02 ...]

A lesson is built again when its source, lessonlib or the data changed. Two builds on one
machine give the same bytes.
"""

import argparse
import base64
import copy
import hashlib
import os
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
SOURCES = sorted((FOLDER / "source").glob("[0-9][0-9]_*.py"))
PICTURE = ROOT / ".github" / "picture.png"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="also those up to date")
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    options = parser.parse_args()
    for source in chosen(options.lessons):
        target = notebook_path(source)
        if not options.force and up_to_date(source, target):
            print(f"{target.name}: up to date")
            continue
        print(f"{target.name}: running ...", flush=True)
        notebook = read_source(source)
        try:
            execute(notebook, LESSONLIB_STRICT="1")
        except CellExecutionError as error:
            sys.exit(f"{target.name} was left as it was, since a cell failed:\n{error}")
        write(notebook, target)
        save_picture(notebook)


def chosen(lessons: list[str]) -> list[Path]:
    """The sources of the lessons with these numbers, all of them for an empty list."""
    numbers = [source.name[:2] for source in SOURCES]
    for number in lessons:
        if number not in numbers:
            sys.exit(f"There is no lesson {number!r}; there are {', '.join(numbers)}.")
    return [source for source in SOURCES if not lessons or source.name[:2] in lessons]


def notebook_path(source: Path) -> Path:
    return source.parent.parent / f"{source.stem}.ipynb"


def read_source(source: Path) -> nbformat.NotebookNode:
    """The lesson as a notebook without outputs, its cell ids made from its cells."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {
                "display_name": "Python 3",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "lessonlib": {"fingerprint": fingerprint(source)},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        times = seen[cell.source] = seen.get(cell.source, 0) + 1
        cell.id = hashlib.sha256(f"{times} {cell.source}".encode()).hexdigest()[:12]
        cell.metadata.pop("lines_to_next_cell", None)
    return notebook


def fingerprint(source: Path) -> str:
    """A checksum over all that a lesson's outputs depend on."""
    package = sorted((ROOT / "lessonlib").rglob("*.py"))
    other = [
        p for p in package if p.name.startswith("lesson") and source.name[:2] not in p.name
    ]
    digest = hashlib.sha256()
    for path in [
        source,
        ROOT / "data/mnist-5k.npz",
        *(p for p in package if p not in other),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def up_to_date(source: Path, target: Path) -> bool:
    if not target.exists():
        return False
    stored = nbformat.read(target, as_version=4).metadata.get("lessonlib", {})
    return stored.get("fingerprint") == fingerprint(source)


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
    fixed = {name: value for name, value in os.environ.items() if "LESSONLIB_" not in name}
    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=None,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env=fixed | environment)
    # The kernel adds its own version here, which differs from machine to machine.
    notebook.metadata.language_info = nbformat.from_dict({"name": "python"})
    return client


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


def with_outputs(fresh: nbformat.NotebookNode, old: nbformat.NotebookNode):
    """A rebuilt notebook with the outputs of the stored one, cell by cell."""
    notebook = copy.deepcopy(fresh)
    for cell, before in zip(notebook.cells, old.cells, strict=True):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = before.outputs, before.execution_count
    return notebook


if __name__ == "__main__":
    main()
