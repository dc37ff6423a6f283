"""What the site is built from; tests/browser looks at what comes out."""

import re
import subprocess
import tarfile
import tomllib

import pytest
from packaging.requirements import Requirement

import pages
from conftest import NOTEBOOKS, ROOT
from test_project import jobs_of, locked, text


def test_lock_satisfies_the_group_of_dependencies():
    groups = tomllib.loads(text("pyproject.toml"))["dependency-groups"]
    pinned = {found.name: found.specifier for found in locked("site/requirements.lock")}
    for wanted in map(Requirement, groups["site"]):
        (version,) = (clause.version for clause in pinned[wanted.name])
        assert version in wanted.specifier, wanted


def test_workflow_builds_with_the_same_command_and_publishes_main_alone():
    jobs = jobs_of("site.yml")
    steps = {name: [step.get("run") for step in jobs[name]["steps"]] for name in jobs}
    assert "python scripts/course.py site" in steps["build"]
    assert "python scripts/course.py test-browser" in steps["browser"]
    assert jobs["deploy"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["deploy"]["needs"] == "build"


def test_glossary_holds_the_words_of_lesson_00():
    source = (ROOT / "notebooks/source" / f"{NOTEBOOKS[0].stem}.py").read_text("utf-8")
    rows = re.findall(r"^# \| (.+) \| (.+) \| (.*[一-鿿].*) \|$", source, re.M)
    glossary = pages.glossary()
    assert len(rows) > 20 and rows[0] == ("term", "meaning", "中文")
    for term, meaning, chinese in rows[1:]:
        assert f"\n{term}\n    {chinese}: {meaning}\n" in glossary
    assert glossary.count("\n    ") == len(rows) - 1


def test_every_public_module_is_in_the_reference():
    found = set(re.findall(r"automodule:: lessonlib\.(\w+)", pages.modules()))
    names = {path.stem for path in (ROOT / "lessonlib").glob("*.py")}
    names |= {path.parent.name for path in (ROOT / "lessonlib").glob("*/__init__.py")}
    assert found == {name for name in names if not name.startswith("_")}


def test_links_stay_on_the_site_where_they_can():
    lesson = f"[a](notebooks/{NOTEBOOKS[0].name})"
    outside = "[b](https://example.org/x.png) [c](#here)"
    for same in (lesson, outside, "[d](TEACHING.md#grading)"):
        assert pages.with_links(same) == same
    assert pages.with_links("[e](README.md)") == "[e](index.md)"
    repository = f"{pages.REPOSITORY}/blob/main"
    assert pages.with_links("[f](data/README.md)") == f"[f]({repository}/data/README.md)"


def test_nothing_is_left_of_an_earlier_build(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "BUILD", tmp_path)
    monkeypatch.setattr(pages, "STAGE", tmp_path / "source")
    monkeypatch.setattr(pages, "copy", lambda source, target: None)
    monkeypatch.setattr(pages, "npm_package", lambda name: tmp_path / name)
    for name in ("html/stale.html", "doctrees/stale.pickle", "source/stale.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    pages.stage()
    assert (tmp_path / "source" / "README.md").exists()
    assert not list(tmp_path.rglob("stale.*"))


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "CACHE", tmp_path / "npm")
    monkeypatch.setattr(pages.shutil, "which", lambda name: name)
    return tmp_path / "npm"


@pytest.mark.parametrize("filters", [True, False])
def test_packages_are_fetched_once_in_the_version_that_is_pinned(
    filters, cache, monkeypatch
):
    if not filters:  # as in Python 3.11.2
        monkeypatch.delattr(tarfile, "data_filter")
        extract = tarfile.TarFile.extractall
        old = lambda archive, path: extract(archive, path)  # noqa: E731
        monkeypatch.setattr(tarfile.TarFile, "extractall", old)
    commands = []

    def pack(command, **options):
        commands.append(command)
        with tarfile.open(f"{command[-1]}/mathjax.tgz", "w:gz") as archive:
            archive.add(ROOT / "LICENSE", "package/LICENSE")
        return 0

    monkeypatch.setattr(subprocess, "call", pack)
    for _ in range(2):
        assert (pages.npm_package("mathjax") / "LICENSE").exists()
    assert len(commands) == 1 and f"mathjax@{pages.NPM['mathjax']}" in commands[0]
    assert [path.name for path in cache.iterdir()] == [f"mathjax-{pages.NPM['mathjax']}"]


def test_without_npm_or_network_a_sentence_says_so(cache, monkeypatch):
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: 1)
    with pytest.raises(SystemExit, match="check the network"):
        pages.npm_package("mathjax")
    assert not list(cache.iterdir())
    monkeypatch.setattr(pages.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="npm is missing.*install Node.js"):
        pages.npm_package("mathjax")
