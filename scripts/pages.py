"""Build the site in build/site/html from what the notebooks store; nothing is executed.

    python scripts/pages.py

Runs in .venv-site: `make site` sets that up and calls this. The network is needed once, for
the npm packages, which stay in .cache.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import nbformat

from lessons import NOTEBOOKS, ROOT

PAGES = [ROOT / "README.md", ROOT / "TEACHING.md", *sorted((ROOT / "site").glob("*.md"))]
GALLERY = ROOT / "site" / "gallery" / "gallery.ipynb"
BUILD = ROOT / "build" / "site"
STAGE, STATIC, HTML = BUILD / "source", BUILD / "static", BUILD / "html"

CACHE = ROOT / ".cache" / "npm"
# MathJax 3 and not 4: it brings its fonts along, while 4 fetches them from another host.
NPM = {"mathjax": "3.2.2", "axe-core": "4.14.1"}
# A reader may ask a formula's menu for SVG or for speech, hence the last three.
MATHJAX_PARTS = ["tex-chtml-full.js", "output", "a11y", "sre"]

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]
# Where GitHub Pages publishes the site.
ADDRESS = "https://{3}.github.io/{4}/".format(*REPOSITORY.split("/"))
LINK = re.compile(r"\]\((?!\w+:|#)(?P<target>[^)#]+)(?P<anchor>#[^)]*)?\)")


def main() -> None:
    stage()
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-c", ROOT / "site"]
    # -n: a reference that leads nowhere is a warning; -W: a warning is an error.
    command += ["-n", "-W", "--keep-going", "-q", "-d", BUILD / "doctrees", STAGE, HTML]
    if subprocess.call([str(part) for part in command]):
        sys.exit("The site has faults: see the warnings above.")
    print(f"The site is built: open {HTML / 'index.html'}")


def stage() -> None:
    """Lay the pages out as in the repository, so that its relative links hold.

    Everything is built anew: what is left of an earlier build may be out of date.
    """
    shutil.rmtree(BUILD, ignore_errors=True)
    (STAGE / "notebooks").mkdir(parents=True)
    for path in NOTEBOOKS:
        shutil.copy(path, STAGE / "notebooks")
    copy(GALLERY, STAGE / "site" / "gallery" / GALLERY.name)
    for path in PAGES:
        write(path.name, with_links(path.read_text("utf-8")))
    write("glossary.md", glossary())
    write("modules.md", modules())
    mathjax = npm_package("mathjax") / "es5"
    for name in MATHJAX_PARTS:
        copy(mathjax / name, STATIC / "mathjax" / name)


def write(name: str, text: str) -> None:
    (STAGE / name).write_text(text, encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def with_links(text: str) -> str:
    """Lead links to pages of the site there, others to the repository; copy pictures."""
    staged = {path.relative_to(ROOT).as_posix() for path in [*NOTEBOOKS, GALLERY]}
    staged |= {path.name for path in PAGES}

    def lead(match: re.Match) -> str:
        target, anchor = match["target"], match["anchor"] or ""
        if target.endswith((".png", ".svg")):
            copy(ROOT / target, STAGE / target)
        elif target == "README.md":
            return f"](index.md{anchor})"
        elif target not in staged:
            return f"]({REPOSITORY}/blob/main/{target}{anchor})"
        return match[0]

    return LINK.sub(lead, text)


def glossary() -> str:
    """The glossary, made from the vocabulary table of lesson 00."""
    cells = nbformat.read(NOTEBOOKS[0], as_version=4).cells
    table = next(c.source for c in cells if re.search(r"^\| term .*中文", c.source, re.M))
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", table, re.M)[2:]
    entries = [f"{term}\n    {chinese}: {meaning}\n" for term, meaning, chinese in rows]
    return (
        "# Glossary\n\nThe terms of the course in English and Chinese, in the order of the "
        f"alphabet; [lesson 00](notebooks/{NOTEBOOKS[0].name}) has them in the order of "
        "their sense.\n\n:::{glossary}\n:sorted:\n\n" + "\n".join(entries) + ":::\n"
    )


def modules() -> str:
    """A section for each public module of lessonlib."""
    found = sorted(path.stem for path in (ROOT / "lessonlib").glob("[a-z]*.py"))
    names = [*found, *(p.parent.name for p in (ROOT / "lessonlib").glob("*/__init__.py"))]
    section = "## lessonlib.{0}\n\n```{{eval-rst}}\n.. automodule:: lessonlib.{0}\n```\n"
    return "\n".join(section.format(name) for name in sorted(names))


def npm_package(name: str) -> Path:
    """The folder of an npm package in its pinned version, fetched unless it is cached."""
    folder = CACHE / f"{name}-{NPM[name]}"
    if folder.exists():
        return folder / "package"
    npm, wanted = shutil.which("npm"), f"{name}@{NPM[name]}"
    if not npm:
        sys.exit(f"npm is missing, which fetches {wanted} once: install Node.js.")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        command = [npm, "pack", wanted, "--silent", "--pack-destination", scratch]
        if subprocess.call(command, stdout=subprocess.DEVNULL):
            sys.exit(f"npm could not fetch {wanted}: check the network and try again.")
        # Python 3.11 knows the filter from 3.11.4 on.
        safely: dict[str, Any] = (
            {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        )
        with tarfile.open(next(Path(scratch).glob("*.tgz"))) as archive:
            archive.extractall(Path(scratch) / "unpacked", **safely)
        # Moved when complete: an interruption leaves nothing that looks like a package.
        os.replace(Path(scratch) / "unpacked", folder)
    return folder / "package"


if __name__ == "__main__":
    main()
