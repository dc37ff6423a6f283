"""Write the address of the course, which pyproject.toml holds, into every link.

    python scripts/links.py

For a fork: change `Repository` in pyproject.toml, then run this.
"""

import re
import tomllib

import nbformat

import notebooks

ROOT = notebooks.ROOT
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CITATION.cff"]
SLUG = re.compile(
    r"(?P<before>github\.com/|research\.google\.com/github/|mybinder\.org/v2/gh/)"
    r"(?P<slug>[\w.-]+/[\w.-]*\w)"
)


def slug() -> str:
    """Owner and name of the repository, such as "owner/course"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return SLUG.search(project["project"]["urls"]["Repository"])["slug"]


def main() -> None:
    for path in [*PAGES, *notebooks.SOURCES]:
        text = path.read_text(encoding="utf-8")
        new = SLUG.sub(lambda match: match["before"] + slug(), text)
        if new != text:
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"{path.relative_to(ROOT)}: links now lead to {slug()}")
    for source in notebooks.SOURCES:
        target = notebooks.notebook_path(source)
        stored = nbformat.read(target, as_version=4)
        notebooks.write(
            notebooks.with_outputs(notebooks.read_source(source), stored), target
        )


if __name__ == "__main__":
    main()
