"""The lessons in Colab: each holds there, and what would break it is found.

`make test-colab` makes the environment that these tests need, then runs them.
"""

import sys

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

import colab
import lessons
from conftest import ROOT


def git(*arguments):
    return colab.output("git", *arguments)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """The last commit, in a clone where a test may break something."""
    monkeypatch.setenv("JUPYTER_PATH", str(colab.KERNELS))
    clone = tmp_path / "repository"
    git("clone", "--quiet", ROOT.as_uri(), clone)
    return clone


def lesson(repository, source):
    return nbformat.read(repository / "notebooks" / f"{source.stem}.ipynb", as_version=4)


def set_up_cell(notebook):
    return next(cell for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize("source", lessons.SOURCES, ids=lambda source: source.stem[:2])
def test_lesson(source, repository, tmp_path):
    notebook = lesson(repository, source)
    claims, before, after = colab.visit(notebook, repository, tmp_path)
    changed = sorted(before - after)
    assert not changed, "the set-up cell replaced what Colab has installed"
    (added,) = after - before
    commit = git("-C", repository, "rev-parse", "HEAD")
    assert added.startswith("lessonlib @ git+") and added.endswith(f"@{commit}")
    assert claims and all(claim["holds"] for claim in claims)
    found = {f"{name}=={version}" for name, version in claims[-1]["versions"].items()}
    wanted = {line.replace("scikit-learn", "sklearn") for line in before}
    assert found <= wanted, "the lesson ran on other versions than Colab's"
    print(f"{len(claims)} claims hold on", ", ".join(sorted(found)), end=" ")


def test_broken_set_up_cell_is_found(repository, tmp_path):
    notebook = lesson(repository, lessons.SOURCES[0])
    cell = set_up_cell(notebook)
    assert "git+{course}" in cell.source
    cell.source = cell.source.replace("git+{course}", "git+{course}-moved")
    with pytest.raises(CellExecutionError, match="No module named 'lessonlib'"):
        colab.visit(notebook, repository, tmp_path)


def test_function_newer_than_colabs_keras_is_found(repository, tmp_path):
    newer = "from keras import ops; print(dir(ops.image))"
    assert "'ssim'" in colab.output(sys.executable, "-c", newer)
    notebook = lesson(repository, lessons.SOURCES[0])
    set_up_cell(notebook).source += "\nfrom keras import ops\n\nops.image.ssim"
    with pytest.raises(CellExecutionError, match="no attribute 'ssim'"):
        colab.visit(notebook, repository, tmp_path)


def test_data_missing_from_the_wheel_are_found(repository, tmp_path):
    project = repository / "pyproject.toml"
    text = project.read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith('"data/mnist-5k')]
    assert len(lines) == len(text.splitlines()) - 1
    project.write_text("\n".join(lines), "utf-8")
    author = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    git("-C", repository, *author, "commit", "--quiet", "--all", "--message", "No data")
    with pytest.raises(CellExecutionError, match="mnist-5k.npz"):
        colab.visit(lesson(repository, lessons.SOURCES[0]), repository, tmp_path)
