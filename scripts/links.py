"""Write the address of the course, which pyproject.toml holds, into every link.

    python scripts/links.py

For a fork: change `Repository` in pyproject.toml, then run this.
"""

import re
import tomllib

import nbformat

import pages
import pipeline

ROOT = pipeline.ROOT
NAMES = ["README.md", "CONTRIBUTING.md", "TEACHING.md", "CITATION.cff", "pyproject.toml"]
FILES = [ROOT / name for name in NAMES]
SLUG = re.compile(
    r"(?P<before>github\.com/|research\.google\.com/github/|mybinder\.org/v2/gh/)"
    r"(?P<slug>[\w.-]+/[\w.-]*\w)"
)
SITE = re.compile(r"https://[\w-]+\.github\.io/[\w.-]*\w/")


def address() -> str:
    """Where the course lies, such as "https://github.com/owner/course"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["urls"]["Repository"]


def slug() -> str:
    """Owner and name of the repository, such as "owner/course"."""
    return SLUG.search(address())["slug"]


def main() -> None:
    for path in [*FILES, *pipeline.SOURCES]:
        text = path.read_text(encoding="utf-8")
        new = SLUG.sub(lambda match: match["before"] + slug(), text)
        new = SITE.sub(pages.ADDRESS, new)
        if new != text:
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"{path.relative_to(ROOT)}: links now lead to {slug()}")
    for source in pipeline.SOURCES:
        target = pipeline.notebook_path(source)
        stored = nbformat.read(target, as_version=4)
        pipeline.write(pipeline.with_outputs(pipeline.read_source(source), stored), target)


if __name__ == "__main__":
    main()
