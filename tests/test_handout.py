"""The handout: lessons without outputs and solutions, whole or not at all."""

import re
import sys

import nbformat
import pytest

import handout
import lessons
import links
import pipeline
from conftest import ROOT


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Build the handout of these lessons under `tmp_path`; returns its folder."""

    def make(*lessons):
        monkeypatch.setattr(sys, "argv", ["handout.py", *lessons])
        handout.main()
        return handout.HANDOUT

    monkeypatch.setattr(handout, "ASIDE", tmp_path / "build" / "handout")
    monkeypatch.setattr(handout, "HANDOUT", tmp_path / "handout")
    return make


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_every_lesson_is_there_without_outputs_and_solutions(make):
    folder = make()
    for source in lessons.SOURCES:
        notebook = nbformat.read(folder / f"{source.stem}.ipynb", as_version=4)
        lesson = pipeline.read_source(source)
        code = cells(notebook, "code")
        assert [c.source for c in code] == [c.source for c in cells(lesson, "code")]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        prose, whole = (
            "\n".join(c.source for c in cells(n, "markdown")) for n in (notebook, lesson)
        )
        assert "solution</summary>" not in prose and "colab.research" not in prose
        hint = "<details><summary>A hint</summary>"
        solutions = whole.count("<details><summary>The solution</summary>")
        assert prose.count(hint) == whole.count(hint) == solutions > 0
        assert prose.count("<details>") == whole.count("<details>") - solutions
        assert prose.count("</details>") == prose.count("<details>")
        prompts = re.findall(rf"^\*\*{source.stem[:2]}\.\d\*\* .+", whole, re.M)
        assert prompts and all(prompt in prose for prompt in prompts)
        assert set(prose.splitlines()) < set(whole.splitlines())


def test_it_says_how_to_install_what_the_lessons_need(make):
    folder = make("01")
    readme = (folder / "README.md").read_text("utf-8")
    assert f"pip install {links.address()}/archive/main.zip" in readme
    assert "`01_pca_is_a_linear_autoencoder.ipynb`" in readme
    names = {path.name for path in folder.iterdir()}
    assert names == {"01_pca_is_a_linear_autoencoder.ipynb", "LICENSE", "README.md"}


def test_links_lead_to_lessons_that_are_handed_out(make):
    found = {}
    for numbers in ("03", "02 03"):
        there = sorted(make(*numbers.split()).glob("*.ipynb"))
        text = "".join(path.read_text("utf-8") for path in there)
        found[numbers] = set(re.findall(r"\]\((\w+\.ipynb)", text))
        assert found[numbers] <= {path.name for path in there} and "lesson 02" in text
    assert found["02 03"] and not found["03"]


def test_a_newer_handout_replaces_the_older_one_but_no_repository(make):
    folder = make("00", "01")
    (folder / "stale.txt").write_text("from an earlier build")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main")
    names = {path.name for path in make("01").iterdir()}
    assert names == {".git", "01_pca_is_a_linear_autoencoder.ipynb", "LICENSE", "README.md"}
    assert (folder / ".git" / "HEAD").read_text() == "ref: refs/heads/main"


def test_an_interruption_leaves_the_older_handout_and_nothing_half_written(
    make, monkeypatch, tmp_path
):
    before = sorted(make("00").iterdir())
    (tmp_path / "build" / "handout").mkdir(parents=True)  # as a killed build leaves it
    (tmp_path / "build" / "handout" / "stale.ipynb").write_text("{")
    with monkeypatch.context() as patch:
        patch.setattr(handout.shutil, "copy", lambda *_: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):
            make("01")
    assert sorted(handout.HANDOUT.iterdir()) == before
    assert "stale.ipynb" not in {path.name for path in make("01").iterdir()}


def test_git_ignores_it():
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"handout/", "build/"} <= set(ignored)
