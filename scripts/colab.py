"""Test the Colab door: run the lessons as a visitor of Google's Colab does.

    python scripts/colab.py [00 01 ...]

Makes .venv-colab with the versions that Colab has preinstalled, then runs tests/colab, for
these lessons only or for all. What is tested is the last commit of this checkout, since
that is what the set-up cell of a lesson can install.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

import commands
import lessons
import links
import pipeline

ROOT = lessons.ROOT
FOLDER = ROOT / "tests" / "colab"
LOCK = FOLDER / "versions.lock"
VENV = ROOT / ".venv-colab"
PYTHON = commands.python_in(VENV)
FINISHED = VENV / "finished.txt"
KERNELS = VENV / "share" / "jupyter"
# What pip needs to build lessonlib, kept so that the test works offline.
WHEELS = VENV / "wheels"


def main(numbers: list[str]) -> int:
    lessons.chosen(numbers)
    if not shutil.which("git") or not (ROOT / ".git").exists():
        sys.exit("The last commit is tested: install git and call this in a clone.")
    set_up()
    if output("git", "status", "--porcelain"):
        print("The last commit is tested; changes that are not committed do not count.")
    only = ["--lessons", ",".join(numbers)] if numbers else []
    test = [sys.executable, "-m", "pytest", "-vv", "-s", str(FOLDER / "test_colab.py")]
    return subprocess.call([*test, *only], cwd=ROOT)


def set_up() -> None:
    """Make .venv-colab, unless it is there with the same Python and versions."""
    price = "about 700 MB to download, 2.5 GB on disk, some minutes"
    commands.environment(VENV, LOCK, 3, price, add_kernel, interpreter())


def add_kernel() -> None:
    """Complete .venv-colab: what builds lessonlib, and a kernel that loads google.colab."""
    pip("download", "--dest", WHEELS, "--constraint", commands.LOCK, "hatchling")
    kernel = KERNELS / "kernels" / "colab" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    start = ["-m", "ipykernel_launcher", "--IPKernelApp.extensions=google.colab"]
    specification = {
        "argv": [PYTHON, *start, "-f", "{connection_file}"],
        "display_name": "Colab",
        "language": "python",
    }
    kernel.write_text(json.dumps(specification), encoding="utf-8")


def interpreter() -> str:
    """Python 3.13, which Colab has, if one is to be found, else the one that runs this."""
    for command in (["python3.13"], ["py", "-3.13"]):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            # Where pyenv is at work, python3.13 exists once the version is chosen.
            chosen = dict(os.environ, PYENV_VERSION="3.13")
            return output(*command, "-c", "import sys; print(sys.executable)", env=chosen)
    print(
        "No python3.13 was found, which Colab has; the test runs with the Python at hand."
    )
    return sys.executable


def visit(
    notebook: nbformat.NotebookNode, repository: Path, folder: Path
) -> tuple[list[dict], set[str], set[str]]:
    """Run a notebook as Colab would, where lessonlib is not yet installed.

    Args:
        notebook: run in place; its set-up cell believes itself in Colab.
        repository: a local clone, which git hands out in place of the public one.
        folder: an empty folder of the visit.

    Returns:
        the claims made, and the installed packages before and after, as pip lists them.

    Raises:
        CellExecutionError: if a cell fails, or a claim does.
    """
    pip("uninstall", "--quiet", "--yes", "lessonlib")
    before = packages()
    claims, content = folder / "claims.jsonl", folder / "content"
    content.mkdir()
    environment: dict[str, Any] = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": links.address(),
        "PYTHONPATH": str(FOLDER / "stub"),
        "PYTHONNOUSERSITE": "1",
        "PIP_FIND_LINKS": WHEELS.as_uri(),
        "PIP_RETRIES": "0",
        "LESSONLIB_STRICT": "1",
        "LESSONLIB_CLAIMS": str(claims),
    }
    try:
        pipeline.execute(notebook, kernel="colab", folder=content, **environment)
    finally:
        after = packages()
        if before - after:  # an environment that was changed is made anew next time
            FINISHED.unlink(missing_ok=True)
    lines = claims.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], before, after


def packages() -> set[str]:
    """What is installed, such as "keras==3.13.2" or "lessonlib @ git+...@commit"."""
    return set(output(PYTHON, "-m", "pip", "freeze", "--all").splitlines())


def pip(*arguments: object) -> None:
    if subprocess.call([PYTHON, "-m", "pip", "--quiet", *map(str, arguments)]):
        commands.stop("pip failed, so mend what its last line above names")


def output(*command: Any, **options: Any) -> str:
    done = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", **options
    )
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
