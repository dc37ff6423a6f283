"""Build handout/: the lessons as a class gets them, without outputs and solutions.

    python scripts/handout.py [00 01 ...]

Hints and checks stay. The files are built aside and replace older ones when all are there;
a git repository in the folder is left alone.
"""

import argparse
import re
import shutil
from pathlib import Path

import nbformat

import lessons
import links
import pipeline

HANDOUT = lessons.ROOT / "handout"
ASIDE = lessons.ROOT / "build" / "handout"
SOLUTION = re.compile(r"\s*<details><summary>The solution</summary>.*?</details>", re.S)
# Leads to the lesson with its outputs and solutions.
COLAB = re.compile(r"\[Open in Colab\]\(.*?\)\n\n")
LESSON = re.compile(r"\[(?P<text>[^]]+)\]\((?P<name>\w+\.ipynb)(#[^)]*)?\)")
README = """\
# Notebooks of the autoencoder course

Open `{first}` in JupyterLab, or upload it to Colab, and run the cells in order. If a lesson
says that lessonlib is missing, install it and restart the kernel:

    pip install {address}/archive/main.zip

Each exercise has a folded hint, and `check` says whether an answer is right. The text is
under CC BY 4.0 (see LICENSE), © the authors of {address}.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    sources = lessons.chosen(parser.parse_args().lessons)
    shutil.rmtree(ASIDE, ignore_errors=True)  # what an interrupted build has left
    ASIDE.mkdir(parents=True)
    names = {f"{source.stem}.ipynb" for source in sources}
    for source in sources:
        pipeline.write(without_solutions(source, names), ASIDE / f"{source.stem}.ipynb")
    shutil.copy(lessons.FOLDER / "LICENSE", ASIDE)
    text = README.format(first=f"{sources[0].stem}.ipynb", address=links.address())
    (ASIDE / "README.md").write_text(text, encoding="utf-8", newline="\n")
    replace(HANDOUT, ASIDE)
    print(f"handout/ holds {len(sources)} lessons, without outputs and solutions.")


def without_solutions(source: Path, names: set[str]) -> nbformat.NotebookNode:
    """A lesson's notebook before it ran, less its solutions and its way to them.

    Links to notebooks besides those of these names lead nowhere and become plain text.
    """

    def lead(link: re.Match) -> str:
        return link[0] if link["name"] in names else link["text"]

    notebook = pipeline.read_source(source)
    del notebook.metadata["lessonlib"]  # the mark of what was built from which source
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = SOLUTION.sub("", COLAB.sub("", cell.source))
            cell.source = LESSON.sub(lead, text).strip()
    return notebook


def replace(folder: Path, new: Path) -> None:
    """Move the new files into the folder; of what else it holds, only .git stays."""
    folder.mkdir(exist_ok=True)
    kept = {".git", *(path.name for path in new.iterdir())}
    for path in list(new.iterdir()):
        path.replace(folder / path.name)
    new.rmdir()
    for path in list(folder.iterdir()):
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    main()
