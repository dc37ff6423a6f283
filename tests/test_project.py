"""The project as a whole: links, locked versions, wheel, style, workflow."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest
import yaml
from packaging.requirements import Requirement

import lessonlib
import links
import notebooks as build
from conftest import NOTEBOOKS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def text(name):
    return (ROOT / name).read_text("utf-8")


def run(*command, **options):
    return subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        **options,
    )


def locked():
    lines = [line.split("#")[0].strip() for line in text("requirements.lock").splitlines()]
    return [Requirement(line) for line in lines if line]


def test_code_style():
    for command in (["check"], ["format", "--check"]):
        result = run("-m", "ruff", *command, "--no-cache", ".", cwd=ROOT)
        assert result.returncode == 0, result.stdout


def test_workflow_keeps_to_the_schema_and_calls_what_make_test_calls():
    path = ".github/workflows/ci.yml"
    schema = ["--builtin-schema", "vendor.github-workflows"]
    result = run("-m", "check_jsonschema", *schema, ROOT / path)
    assert result.returncode == 0, result.stdout + result.stderr
    jobs = yaml.safe_load(text(path))["jobs"]
    steps = [step.get("run", "") for step in jobs["locked"]["steps"]]
    assert "python scripts/course.py test" in steps
    systems = jobs["locked"]["strategy"]["matrix"]["os"]
    assert {name.split("-")[0] for name in systems} == {"ubuntu", "macos", "windows"}
    assert "make test" in text(".ci/run") and "scripts/course.py" in text("Makefile")


def test_lock_holds_exact_versions_and_no_address():
    assert "://" not in text("requirements.lock")
    for requirement in locked():
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement
        assert requirement.url is None


def test_lock_satisfies_every_dependency():
    pinned = {}
    for requirement in locked():
        version = next(iter(requirement.specifier)).version
        pinned.setdefault(requirement.name, []).append(version)
    extras = PROJECT["optional-dependencies"].values()
    for line in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]:
        wanted = Requirement(line)
        assert {clause.operator for clause in wanted.specifier} == {">="}, (
            "lower bounds only"
        )
        assert pinned[wanted.name], wanted
        assert all(version in wanted.specifier for version in pinned[wanted.name]), wanted


def test_conda_door_leads_to_the_same_versions():
    pip = yaml.safe_load(text("environment.yml"))["dependencies"][-1]["pip"]
    assert pip == ["-r requirements.lock", "-e ."]


def test_version_is_the_same_everywhere():
    versions = {lessonlib.__version__, PROJECT["version"]}
    assert versions | {yaml.safe_load(text("CITATION.cff"))["version"]} == versions
    assert len(versions) == 1


def test_every_link_leads_to_the_address_in_pyproject():
    found = set()
    for path in [*links.PAGES, *build.SOURCES, *NOTEBOOKS]:
        slugs = {match["slug"] for match in links.SLUG.finditer(path.read_text("utf-8"))}
        assert slugs, f"{path.name} has no link"
        found |= slugs
    assert found == {links.slug()}


def test_a_fork_rewrites_every_link(tmp_path):
    names = ["pyproject.toml", "README.md", "CONTRIBUTING.md", "CITATION.cff"]
    for name in [*names, "notebooks", "scripts", "lessonlib", "data"]:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    project = tmp_path / "pyproject.toml"
    project.write_text(project.read_text("utf-8").replace(links.slug(), "some-one/a.fork"))
    result = run("scripts/links.py", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    pages = [tmp_path / name for name in names[1:]]
    for path in [
        *pages,
        *(tmp_path / "notebooks").rglob("*.py"),
        *tmp_path.rglob("*.ipynb"),
    ]:
        content = path.read_text("utf-8")
        assert links.slug() not in content and "some-one/a.fork" in content, path.name
    before, after = (list((f / "notebooks").glob("*.ipynb")) for f in (ROOT, tmp_path))
    for old, new in zip(sorted(before), sorted(after), strict=True):
        outputs = [
            build.nbformat.read(path, 4).cells[-4].get("outputs") for path in (old, new)
        ]
        assert outputs[0] == outputs[1]


def test_readme_has_a_row_for_every_lesson():
    readme = text("README.md")
    for path in NOTEBOOKS:
        place = f"{links.slug()}/blob/main/notebooks/{path.name}"
        colab = f"colab.research.google.com/github/{place}"
        place = f"{links.slug()}/main?urlpath=lab/tree/notebooks/{path.name}"
        binder = f"mybinder.org/v2/gh/{place}"
        row = next(
            line for line in readme.splitlines() if line.startswith(f"| [{path.stem[:2]}")
        )
        assert colab in row and binder in row and f"notebooks/{path.name})" in row
        first = build.nbformat.read(path, as_version=4).cells[0].source
        assert re.search(r"^\*\*(.+\?)\*\*$", first, re.M)[1] in row
        minutes = re.search(r"Time: about (\w+) minutes? of", " ".join(first.split()))[1]
        assert f"| {minutes} |" in row


def test_local_links_of_the_pages_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "data/README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text(name)):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    result = run("-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


def test_wheel_carries_package_data_and_licences_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("lessonlib/**/*.py")}
    assert modules | {
        "lessonlib/embedded/mnist-5k.npz",
        "lessonlib/embedded/README.md",
    } == {name for name in names if ".dist-info/" not in name}
    assert sum("/licenses/" in name for name in names) == 2


def test_wheel_works_far_from_the_checkout(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    (tmp_path / "empty").mkdir()
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import lessonlib; from lessonlib import data\n"
        "assert 'site' in lessonlib.__file__\n"
        "print(data.load_mnist().x_train.shape); lessonlib.check('00.1', 3)"
    )
    result = run("-I", "-c", code, cwd=tmp_path / "empty")
    assert result.stdout.startswith("(4000, 28, 28)\n✗ 00.1"), result.stderr


def test_public_names_are_documented_and_typed():
    """Every public function says what it does, takes and returns."""
    import inspect

    from lessonlib import claims, data, exercises, metrics, noise, plots, start

    modules = [claims, data, exercises, metrics, noise, plots, start]
    for module in modules:
        assert module.__doc__
        for name, thing in vars(module).items():
            own = getattr(thing, "__module__", "") == module.__name__
            if name.startswith("_") or not own or not inspect.isfunction(thing):
                continue
            assert inspect.getdoc(thing), f"{module.__name__}.{name}"
            signature = inspect.signature(thing)
            hints = [parameter.annotation for parameter in signature.parameters.values()]
            assert inspect.Signature.empty not in [*hints, signature.return_annotation], (
                name
            )
