"""The project as a whole: links, locked versions, style, workflow."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement

import lessonlib
import lessons
import links
from conftest import NOTEBOOKS, ROOT
from lessonlib.exercises import all_checks

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = "requirements.lock"
COLAB = "tests/colab/versions.lock"
DASK = "scripts/dask.lock"


def text(name):
    return (ROOT / name).read_text("utf-8")


def run(*command, **options):
    return subprocess.run(
        [sys.executable, *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        **options,
    )


def locked(name=LOCK):
    lines = [line.split("#")[0].strip() for line in text(name).splitlines()]
    return [Requirement(line) for line in lines if line]


def jobs_of(workflow):
    """The jobs of a workflow that keeps to GitHub's schema."""
    path = f".github/workflows/{workflow}"
    schema = ["--builtin-schema", "vendor.github-workflows"]
    result = run("-m", "check_jsonschema", *schema, ROOT / path)
    assert result.returncode == 0, result.stdout + result.stderr
    return yaml.safe_load(text(path))["jobs"]


@pytest.mark.parametrize(
    "command",
    [
        "ruff check --no-cache .",
        "ruff format --check --no-cache .",
        "mypy --no-incremental",
    ],
)
def test_code_style(command):
    result = run("-m", *command.split(), cwd=ROOT)
    assert result.returncode == 0, result.stdout


def test_workflow_keeps_to_the_schema_and_calls_what_make_test_calls():
    jobs = jobs_of("ci.yml")
    steps = {name: [step.get("run") for step in jobs[name]["steps"]] for name in jobs}
    *_, whole, changed = jobs["locked"]["steps"]
    on_request = "github.event_name {} 'pull_request'"
    assert whole == {"if": on_request.format("!="), "run": "python scripts/course.py test"}
    assert changed["if"] == on_request.format("==")
    assert changed["run"] == whole["run"] + " --changed-since HEAD^1"
    assert jobs["locked"]["steps"][0]["with"] == {"fetch-depth": 2}
    assert "python scripts/suite.py" in steps["newest"]
    assert "python scripts/course.py test-faults" in steps["faults"]
    assert "python scripts/course.py test-colab" in steps["colab"]
    assert "load_mnist" in steps["image"][-1]
    assert all("schedule" in jobs[name]["if"] for name in jobs if name != "locked")
    systems = jobs["locked"]["strategy"]["matrix"]["os"]
    assert {name.split("-")[0] for name in systems} == {"ubuntu", "macos", "windows"}
    assert "make test" in text(".ci/run") and "scripts/course.py" in text("Makefile")


@pytest.mark.parametrize("name", [LOCK, "site/requirements.lock", COLAB, DASK])
def test_lock_holds_exact_versions_and_no_address(name):
    assert "://" not in text(name)
    for requirement in locked(name):
        assert [clause.operator for clause in requirement.specifier] == ["=="], requirement
        assert requirement.url is None


def test_colabs_versions_are_those_that_the_course_still_supports():
    found = {requirement.name: requirement.specifier for requirement in locked(COLAB)}
    for line in text(COLAB.replace(".lock", ".in")).splitlines():
        if "==" in line:
            assert str(found[Requirement(line).name]) == str(Requirement(line).specifier)
    for wanted in map(Requirement, PROJECT["dependencies"]):
        (version,) = (clause.version for clause in found[wanted.name])
        assert version in wanted.specifier, wanted


def test_lock_satisfies_every_dependency():
    pinned = {}
    for requirement in [*locked(), *locked(DASK)]:
        version = next(iter(requirement.specifier)).version
        pinned.setdefault(requirement.name, set()).add(version)
    extras = PROJECT["optional-dependencies"].values()
    for line in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]:
        wanted = Requirement(line)
        assert {clause.operator for clause in wanted.specifier} == {">="}, (
            "lower bounds only"
        )
        assert pinned[wanted.name], wanted
        assert all(version in wanted.specifier for version in pinned[wanted.name]), wanted


def test_dask_comes_beside_the_versions_that_are_there():
    names, others = ({one.name: one for one in locked(name)} for name in (DASK, LOCK))
    assert {"dask", "distributed"} <= names.keys() - others.keys()
    for name in names.keys() & others.keys():
        assert names[name].specifier == others[name].specifier, name


def test_conda_door_leads_to_the_same_versions():
    wanted = yaml.safe_load(text("environment.yml"))["dependencies"]
    assert wanted[-1]["pip"] == ["-r requirements.lock", "nbgitpuller==1.*", "."]
    assert "jupyterlab" in {requirement.name for requirement in locked()}


def test_what_lessonlib_imports_is_declared():
    names = {"IPython": "ipython", "PIL": "pillow", "sklearn": "scikit-learn"}
    names["mpl_toolkits"] = "matplotlib"
    found = set()
    for path in (ROOT / "lessonlib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    others = found - sys.stdlib_module_names - {"lessonlib"}
    declared = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert others and {names.get(name, name) for name in others} <= declared


def test_version_is_the_same_everywhere():
    versions = {lessonlib.__version__, PROJECT["version"]}
    assert versions | {yaml.safe_load(text("CITATION.cff"))["version"]} == versions
    assert len(versions) == 1


def test_every_link_leads_to_the_address_in_pyproject():
    found = set()
    for path in [*links.FILES, *lessons.SOURCES, *NOTEBOOKS]:
        slugs = {match["slug"] for match in links.SLUG.finditer(path.read_text("utf-8"))}
        assert slugs, f"{path.name} has no link"
        found |= slugs
    assert found == {links.slug()}
    assert links.SITE.findall(text("README.md")) == [links.pages.ADDRESS]


def test_a_fork_rewrites_every_link(tmp_path):
    for name in [*links.NAMES, "notebooks", "scripts", "lessonlib", "data"]:
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
    pages = [tmp_path / name for name in links.NAMES]
    for path in [
        *pages,
        *(tmp_path / "notebooks").rglob("*.py"),
        *tmp_path.rglob("*.ipynb"),
    ]:
        content = path.read_text("utf-8")
        assert links.slug() not in content and "some-one/a.fork" in content, path.name
        assert set(links.SITE.findall(content)) <= {"https://some-one.github.io/a.fork/"}
    for path in NOTEBOOKS:
        assert outputs(tmp_path / "notebooks" / path.name) == outputs(path) != []


def outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def test_tables_of_the_pages_say_what_the_lessons_say():
    for name, row in (("README.md", links.question_row), ("TEACHING.md", links.cost_row)):
        assert links.tables(text(name)) == text(name), "run `make links`"
        rows = "".join(row(source) for source in lessons.SOURCES)
        assert rows in text(name)
        cut = text(name).replace(row(lessons.SOURCES[1]), "")
        assert cut != text(name) and links.tables(cut) == text(name)


def test_heads_of_the_lessons_are_plausible():
    for source in lessons.SOURCES:
        said = lessons.header(source)
        assert 500 < said.memory < 4_000  # megabytes
        assert len(said.yields) > 40
        mine = [number for number in all_checks() if number.startswith(source.name[:2])]
        assert len(said.exercises.split(";")) == len(mine)


def test_memory_for_each_student_suffices_for_every_lesson():
    values = re.search(r"```yaml\n(.+?)```", text("TEACHING.md"), re.S)[1]
    guarantee = yaml.safe_load(values)["singleuser"]["memory"]["guarantee"]
    megabytes = [lessons.header(source).memory for source in lessons.SOURCES]
    server = 90
    assert max(megabytes) + server <= 1000 * float(guarantee.removesuffix("G"))


def test_link_for_a_hub_brings_the_course_and_opens_a_lesson():
    (link,) = re.findall(r"https://\S+/git-pull\S+", text("TEACHING.md"))
    parts = urlsplit(link)
    query = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert parts.path == "/hub/user-redirect/git-pull"
    assert query["repo"] == links.address() and query["branch"] == "main"
    place, lesson = query["urlpath"].split("/notebooks/")
    assert place == f"lab/tree/{query['targetpath']}"
    assert (ROOT / "notebooks" / lesson).exists()


def test_local_links_of_the_pages_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "TEACHING.md", "data/README.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text(name)):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


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
