"""Build handout/: the lessons as a class gets them, without outputs and solutions.

    python scripts/handout.py [00 01 ...]

Hints and checks stay. The folder is built aside and replaces an older one as a whole.
"""

import argparse
import re
import shutil
from pathlib import Path

import nbformat

import links
import notebooks

HANDOUT = notebooks.ROOT / "handout"
ASIDE = notebooks.ROOT / "build" / "handout"
SOLUTION = re.compile(r"\s*<details><summary>The solution</summary>.*?</details>", re.S)
# Leads to the lesson with its outputs and solutions.
COLAB = re.compile(r"\[Open in Colab\]\(.*?\)\n\n")
README = """\
# Notebooks of the autoencoder course

Open `{first}` in JupyterLab, or upload it to Colab, and run the cells in order. If a lesson
says that lessonlib is missing, install it and restart the kernel:

    pip install git+{address}

Each exercise has a folded hint, and `check` says whether an answer is right. The text is
under CC BY 4.0 (see LICENSE), © the authors of {address}.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    sources = notebooks.chosen(parser.parse_args().lessons)
    shutil.rmtree(ASIDE, ignore_errors=True)  # what an interrupted build has left
    ASIDE.mkdir(parents=True)
    for source in sources:
        notebooks.write(without_solutions(source), ASIDE / f"{source.stem}.ipynb")
    shutil.copy(notebooks.NOTEBOOKS / "LICENSE", ASIDE)
    text = README.format(first=f"{sources[0].stem}.ipynb", address=links.address())
    (ASIDE / "README.md").write_text(text, encoding="utf-8", newline="\n")
    replace(HANDOUT, ASIDE)
    print(f"handout/ holds {len(sources)} lessons, without outputs and solutions.")


def without_solutions(source: Path) -> nbformat.NotebookNode:
    """A lesson's notebook before it ran, less its solutions and its way to them."""
    notebook = notebooks.read_source(source)
    del notebook.metadata["lessonlib"]  # the mark of what was built from which source
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub("", COLAB.sub("", cell.source)).strip()
    return notebook


def replace(folder: Path, new: Path) -> None:
    """Put the new folder in the place of an older one, which is moved away first."""
    old = new.with_name("old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main()
