"""Write what one place says into the others: the address, and what lessons are about.

    python scripts/links.py

The address stands in pyproject.toml: for a fork, change `Repository` there, then run this.
What README.md and TEACHING.md say of a lesson, and the link to the next one, come from the
head of its source.
"""

import re
import tomllib
from pathlib import Path

import lessons
import pages
import pipeline

ROOT = lessons.ROOT
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
    return address().removeprefix("https://github.com/")


def tables(text: str) -> str:
    """A page's text, its table of lessons written anew from what the lessons say."""
    for kind, row in (("questions", question_row), ("costs", cost_row)):
        rows = "".join(row(source) for source in lessons.SOURCES)
        between = rf"(<!-- {kind}: .*?-->\n\n(?:\|.*\n){{2}})(?:\|.*\n)*"
        text = re.sub(between, lambda match: match[1] + rows, text)  # noqa: B023
    return text


def question_row(source: Path) -> str:
    """A lesson's line in README.md."""
    said, place = lessons.header(source), f"notebooks/{source.stem}.ipynb"
    colab = f"https://colab.research.google.com/github/{slug()}/blob/main/{place}"
    binder = f"https://mybinder.org/v2/gh/{slug()}/main?urlpath=lab/tree/{place}"
    doors = f"[Colab]({colab}) · [Binder]({binder})"
    return f"| [{said.title}]({place}) | {said.question} | {said.minutes} | {doors} |\n"


def cost_row(source: Path) -> str:
    """A lesson's line in TEACHING.md."""
    said = lessons.header(source)
    needs = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", said.needs)  # without the links
    cells = [f"[{said.title}](notebooks/{source.stem}.ipynb)", said.computing, said.reading]
    cells += [f"{said.memory:,}", needs, said.yields, said.exercises]
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    current = {source: pipeline.up_to_date(source) for source in lessons.SOURCES}
    for path in [*FILES, *lessons.SOURCES]:
        text = path.read_text(encoding="utf-8")
        new = SLUG.sub(lambda match: match["before"] + slug(), text)
        new = tables(SITE.sub(pages.ADDRESS, new))
        if new != text:
            path.write_text(new, encoding="utf-8", newline="\n")
            print(f"{path.relative_to(ROOT)}: written anew")
    for source in lessons.SOURCES:
        try:
            pipeline.renew(source, current[source])
        except (FileNotFoundError, ValueError):
            print(f"{source.stem}: its code changed, so run `make notebooks`")


if __name__ == "__main__":
    main()
