"""Build the gallery of live figures: site/gallery/gallery.py, executed, to a notebook.

    python scripts/gallery.py

Needed after a change of lessonlib.live or of the gallery's source; takes seconds.
"""

from lessons import ROOT
from pipeline import ONE_THREAD, execute, read_source, write

SOURCE = ROOT / "site" / "gallery" / "gallery.py"
NOTEBOOK = SOURCE.with_suffix(".ipynb")


def main() -> None:
    notebook = read_source(SOURCE)
    del notebook.metadata["lessonlib"]  # only lessons are built again by fingerprint
    execute(notebook, folder=SOURCE.parent, **ONE_THREAD)
    write(notebook, NOTEBOOK)


if __name__ == "__main__":
    main()
