"""The conventions that every lesson keeps, beyond what nbval compares."""

import ast
import json
import re
import sys
import types

import nbformat
import pytest

import imports
import lessons
import links
import pipeline
import shape
from conftest import NOTEBOOKS

LESSONS = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
# A home or temporary folder, an object's address, a Windows path.
MACHINE = re.compile(r"/(?:home|root|tmp|Users|work)/|\b0x[0-9a-f]{6,}|[A-Z]:\\\\")


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(cell):
    """All text that a cell shows."""
    texts = [
        o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in cell.outputs
    ]
    return "\n".join(texts)


def calls(notebook, name):
    """Calls of a function by its bare name, in all code cells."""
    sources = [re.sub(r"^\s*%.*", "", c.source, flags=re.M) for c in code_cells(notebook)]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    return [
        n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == name
    ]


def test_every_source_has_its_notebook_and_every_notebook_its_source():
    assert [lessons.notebook_path(source) for source in lessons.SOURCES] == NOTEBOOKS != []


@LESSONS
def test_notebook_is_built_from_its_source(path):
    fresh, stored = (
        pipeline.read_source(path.parent / "source" / f"{path.stem}.py"),
        read(path),
    )
    for ours, theirs in zip(fresh.cells, stored.cells, strict=True):
        wanted, found = (
            (cell.id, cell.cell_type, cell.source, cell.metadata) for cell in (ours, theirs)
        )
        assert found == wanted, "run `make notebooks`"
    fresh.metadata.pop("lessonlib"), stored.metadata.pop("lessonlib")
    assert stored.metadata == fresh.metadata


@LESSONS
def test_file_is_written_as_the_pipeline_writes_it(path, tmp_path):
    pipeline.write(read(path), tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@LESSONS
def test_all_cells_ran_once_in_order_without_errors(path):
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {(o.output_type, o.get("name")) for cell in cells for o in cell.outputs}
    assert kinds <= {("stream", "stdout"), ("display_data", None)}


@LESSONS
def test_nothing_tells_of_the_machine(path):
    for cell in code_cells(read(path)):
        assert not MACHINE.search(printed(cell)), cell.source
    assert all("execution" not in cell.metadata for cell in read(path).cells)


@LESSONS
def test_claims_hold_and_exercises_are_unsolved(path):
    notebook = read(path)
    shown = "\n".join(printed(cell) for cell in code_cells(notebook))
    made = calls(notebook, "claim")
    assert len(made) >= 3 and "✗" not in shown
    ticks = [
        line
        for line in shown.splitlines()
        if re.search(r"^✓ .*~.* \(at (most|least)", line)
    ]
    assert len(ticks) >= len(made)
    assert len(calls(notebook, "check")) == 3
    assert shown.count("is not solved yet. First hint:") == len(calls(notebook, "check"))


@LESSONS
def test_every_measured_number_is_behind_a_tilde(path):
    """A fraction may differ between machines, so none is printed bare beside a claim."""
    for cell in code_cells(read(path)):
        if "claim(" in cell.source or "show" in cell.source:
            # A claim's sentence says in round words what its limits guard.
            lines = [
                re.sub(r"^[✓✗] .*: |\(at .*\)$", "", line)
                for line in printed(cell).splitlines()
                if not line.startswith("<Figure size")
            ]
            bare = [
                line for line in lines if re.search(r"(?<!~)(?<!~-)(?<![\d.])\d+\.\d", line)
            ]
            assert not bare or "print(" in cell.source, bare


@LESSONS
def test_parts_of_a_lesson(path):
    notebook = read(path)
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    first = notebook.cells[0].source
    said = lessons.header(path.parent / "source" / f"{path.stem}.py")
    assert first.startswith(f"# {said.title}\n") and said.title[:2] == path.stem[:2]
    address = "https://colab.research.google.com/github"
    link = f"[Open in Colab]({address}/{links.slug()}/blob/main/notebooks/{path.name})"
    assert link in first
    assert prose.count("**Predict before you run:**") >= 3
    order = [
        prose.index(f"\n## {part}") for part in ("What we found", "Exercises", "Sources")
    ]
    assert order == sorted(order)
    assert prose.count("<details><summary>The solution</summary>") == len(
        calls(notebook, "check")
    )
    assert prose.count("<details>") == prose.count("</details>")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", prose):
        assert (path.parent / target).exists(), target


@LESSONS
def test_set_up_cell_is_the_same_everywhere(path):
    start = [cell.source for cell in code_cells(read(path))][0]
    others = [code_cells(read(other))[0].source for other in NOTEBOOKS]
    assert len({re.sub(r'"\d\d"', "", other) for other in others}) == 1
    assert f"github.com/{links.slug()}" in start and "--no-deps" in start
    assert start.endswith(f'lessonlib.start("{path.stem[:2]}")')


@LESSONS
def test_shape_of_a_lesson(path):
    assert path.stat().st_size < 1_500_000
    assert not shape.misses(path)


@LESSONS
def test_code_fits_a_screen_of_1280_pixels(path):
    for cell in code_cells(read(path)):
        assert max(map(len, cell.source.splitlines())) <= 88, cell.source


@LESSONS
def test_every_figure_has_alt_text_and_nothing_else_has(path):
    for cell in code_cells(read(path)):
        pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        assert bool(alt) == bool(pictures), cell.source
        assert not alt or 60 <= len(alt) <= 400


@LESSONS
def test_notebook_is_valid_and_asks_no_other_host_for_pictures(path):
    nbformat.validate(read(path))
    assert "<img" not in path.read_text("utf-8") and "![" not in path.read_text("utf-8")


def test_two_builds_give_the_same_cells_and_ids():
    for source in lessons.SOURCES:
        one, two = (json.dumps(pipeline.read_source(source)) for _ in range(2))
        assert one == two
        ids = [cell.id for cell in pipeline.read_source(source).cells]
        assert len(set(ids)) == len(ids)


def test_a_cell_keeps_its_id_when_another_changes(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    source = folder / "00_example.py"
    source.write_text("# %% [markdown]\n# One\n\n# %%\nx = 1\n", "utf-8")
    before = pipeline.read_source(source).cells
    source.write_text("# %% [markdown]\n# Two\n\n# %%\nx = 1\n", "utf-8")
    after = pipeline.read_source(source).cells
    assert after[1].id == before[1].id and after[0].id != before[0].id


def fingerprint(source):
    return pipeline.read_source(source).metadata.lessonlib.fingerprint


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A lesson on a small lessonlib of its own; write into one of its files by name."""
    monkeypatch.setattr(imports, "PACKAGE", tmp_path / "lessonlib")
    files = {
        "lessonlib/__init__.py": "from lessonlib.start import start",
        "lessonlib/start.py": "def start(): from lessonlib import plots; plots.style()",
        "lessonlib/plots/__init__.py": "from lessonlib.plots.look import style\n"
        "from lessonlib.plots.rows import rows\nfrom lessonlib.plots.more import strips",
        "lessonlib/plots/look.py": "def style(): pass",
        "lessonlib/plots/rows.py": "from lessonlib import _checks\n_checks.whole(1)",
        "lessonlib/plots/more.py": "from lessonlib.plots import rows",
        "lessonlib/_checks.py": "def whole(number): pass",
        "lessonlib/live/__init__.py": "from lessonlib.live.page import pad",
        "lessonlib/live/page.py": "def pad(): pass",
        "lessonlib/live/page.js": "// drawn by pad",
        "lessonlib/exercises/__init__.py": "from lessonlib.exercises.engine import check",
        "lessonlib/exercises/lesson50.py": "from lessonlib import noise",
        "lessonlib/exercises/lesson51.py": "",
        "lessonlib/noise.py": "",
        "lessonlib/layers.py": "",
        "source/50_example.py": "# %%\nimport lessonlib\nfrom lessonlib import live\n"
        "from lessonlib import plots\n\nlessonlib.start(), plots.rows(), live.pad()\n",
    }

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    for name, text in files.items():
        write(name, text)
    return types.SimpleNamespace(write=write, lesson=tmp_path / "source/50_example.py")


@pytest.mark.parametrize(
    "name",
    ["plots/__init__", "plots/more", "plots/new", "layers", "exercises/lesson51"],
)
def test_what_a_lesson_does_not_use_makes_it_no_older(library, name):
    before = fingerprint(library.lesson)
    path = imports.PACKAGE / f"{name}.py"
    text = path.read_text("utf-8") if path.exists() else ""
    library.write(path, text + "\nfrom lessonlib.plots.new import new\n")
    assert fingerprint(library.lesson) == before


@pytest.mark.parametrize(
    "name",
    ["__init__.py", "start.py", "plots/look.py", "plots/rows.py", "_checks.py"]
    + ["live/page.js", "exercises/lesson50.py", "noise.py"],
)
def test_what_a_lesson_uses_even_by_way_of_others_makes_it_stale(library, name):
    before = fingerprint(library.lesson)
    library.write(imports.PACKAGE / name, (imports.PACKAGE / name).read_text("utf-8") + "#")
    assert fingerprint(library.lesson) != before


def test_a_package_used_as_a_whole_counts_as_a_whole(library):
    code = library.lesson.read_text("utf-8")
    library.write(library.lesson, code + "getattr(plots, 'strips')()\n")
    assert imports.PACKAGE / "plots/more.py" in imports.files_behind(library.lesson)


def test_a_relative_import_is_refused_since_it_would_be_overlooked(library):
    library.write("lessonlib/start.py", "from .plots import style")
    with pytest.raises(ValueError, match="from .plots import style: import by the full"):
        fingerprint(library.lesson)


def test_every_lesson_leads_to_its_exercises_and_to_what_start_needs():
    for source in lessons.SOURCES:
        found = {str(p.relative_to(imports.PACKAGE)) for p in imports.files_behind(source)}
        needed = {"start.py", "training.py", "_checks.py", "data.py", "plots/style.py"}
        assert needed | {f"exercises/lesson{source.name[:2]}.py"} <= found
        assert sum(name.startswith("exercises/lesson") for name in found) == 1


def test_new_code_calls_for_a_run_and_new_prose_does_not(library):
    before = fingerprint(library.lesson)
    code = library.lesson.read_text("utf-8")
    library.write(library.lesson, code + "\n# %% [markdown]\n# Prose\n")
    assert fingerprint(library.lesson) == before
    library.write(library.lesson, code + "\n# %%\nx = 1\n")
    assert fingerprint(library.lesson) != before
    assert pipeline.up_to_date(library.lesson) is False, "there is no notebook"


def test_new_prose_is_written_around_the_stored_outputs(library, monkeypatch, capsys):
    stored = pipeline.read_source(library.lesson)
    stored.cells[0].outputs = [nbformat.v4.new_output("stream", text="as it was")]
    stored.cells[0].execution_count = 1
    target = lessons.notebook_path(library.lesson)
    pipeline.write(stored, target)
    code = library.lesson.read_text("utf-8")
    library.write(library.lesson, "# %% [markdown]\n# Prose\n\n" + code)
    monkeypatch.setattr(pipeline, "chosen", lambda numbers: [library.lesson])
    monkeypatch.setattr(pipeline, "execute", lambda *_, **__: pytest.fail("it ran"))
    monkeypatch.setattr(sys, "argv", ["pipeline.py"])
    pipeline.main()
    prose, cell = read(target).cells
    assert prose.source == "Prose" and cell.outputs[0].text == "as it was"
    assert cell.execution_count == 1


HEAD = """\
# ---
# jupyter:
#   lesson:
#     memory: 1234
#     yields: a network; and why
#     exercises: one; two
# ---

# %% [markdown]
# # 50 An example
#
# **What does it
# show?**
#
# [Open in Colab](https://example.org)
#
# Needs: [lesson 49](49_other.ipynb); patience.
# Time: about 12 minutes of computing on two cores, an hour of reading.
#
# At the end ...

# %%
x = 1
"""


def test_a_lessons_head_is_data(tmp_path):
    source = tmp_path / "50_example.py"
    source.write_text(HEAD, "utf-8")
    said = lessons.header(source)
    assert said == lessons.Header(
        title="50 An example",
        question="What does it show?",
        needs="[lesson 49](49_other.ipynb); patience",
        computing="12 minutes",
        reading="an hour",
        memory=1234,
        yields="a network; and why",
        exercises="one; two",
    )
    assert said.minutes == 12


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("# ---\n", "lacks a YAML block above its first cell"),
        ("memory", r"YAML block of 50_example.py does not fit .*'m'.*memory, yields and"),
        ("show?", "first cell of 50_example.py lacks a part; expected title"),
        ("of reading", "first cell of 50_example.py lacks a part"),
    ],
)
def test_a_head_that_lacks_a_part_is_refused(tmp_path, part, sentence):
    source = tmp_path / "50_example.py"
    source.write_text(HEAD.replace(part, "m"), "utf-8")
    with pytest.raises(ValueError, match=sentence):
        lessons.header(source)


def test_each_lesson_ends_in_a_link_to_the_next():
    for path, later in zip(NOTEBOOKS, [*NOTEBOOKS[1:], None], strict=True):
        last = pipeline.read_source(path.parent / "source" / f"{path.stem}.py").cells[-1]
        assert last.source.startswith("Next: [") == bool(later)
        assert not later or f"]({later.name}). " in last.source


def test_a_failing_cell_leaves_the_notebook_as_it_was(tmp_path, monkeypatch):
    source = tmp_path / "source" / "00_broken.py"
    source.parent.mkdir()
    source.write_text("# %%\nraise ValueError('on purpose')\n", "utf-8")
    target = lessons.notebook_path(source)
    target.write_text("what was there", "utf-8")
    monkeypatch.setattr(pipeline, "chosen", lambda numbers: [source])
    monkeypatch.setattr(pipeline, "longest_first", lambda sources: sources)
    monkeypatch.setattr(pipeline, "up_to_date", lambda source: False)
    monkeypatch.setattr(sys, "argv", ["pipeline.py"])
    with pytest.raises(SystemExit, match="left as it was(.|\n)*on purpose"):
        pipeline.main()
    assert target.read_text("utf-8") == "what was there"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["00_broken.ipynb", "source"]


def test_unknown_lesson_is_named():
    with pytest.raises(SystemExit, match="no lesson '77'; there are 00, 01"):
        lessons.chosen(["77"])


MAKING_MORE = {"append", "update", "extend", "insert", "add", "setdefault", "pop", "remove"}


def outside_functions(tree):
    """The nodes that run when a cell does."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            yield node
            waiting += ast.iter_child_nodes(node)


def changed_in_place(node):
    """The name of what a statement adds to or takes from, such as x in x["a"] = 1."""
    if isinstance(node, ast.Assign):
        places = [place for place in node.targets if not isinstance(place, ast.Name)]
    elif isinstance(node, ast.AugAssign):
        places = [node.target]
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in MAKING_MORE:
        places = [node.func]
    else:
        places = []
    for place in places:
        while isinstance(place, (ast.Subscript, ast.Attribute)):
            place = place.value
        if isinstance(place, ast.Name):
            yield place.id


def filled_elsewhere(cells):
    """Names that one cell makes and a later one changes, each with the later cell."""
    made, found = set(), []
    for cell in cells:
        tree = ast.parse(re.sub(r"^\s*%.*", "", cell, flags=re.M))
        nodes = list(outside_functions(tree))
        added = [node.target for node in nodes if isinstance(node, ast.AugAssign)]
        here = {
            node.id
            for node in nodes
            if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)
            and node not in added
        }
        for node in nodes:
            found += [(n, cell) for n in changed_in_place(node) if n in made - here]
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                used = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
                if name in made & used:
                    found.append((name, cell))
        made |= here
    return found


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["x = {}", "x['a'] = 1"], ["x"]),
        (["x = {}", "x |= y"], ["x"]),
        (["x = []", "for i in y:\n    x.append(i)"], ["x"]),
        (["x = 1", "x = x / 255"], ["x"]),
        (["x = {}\nx['a'] = 1", "y = x | {}", "def f(x):\n    x['a'] = 1"], []),
        (["x = {}", "x = {}\nx['a'] = 1"], []),
    ],
)
def test_what_a_second_run_would_lose_is_seen(cells, names):
    assert [name for name, _ in filled_elsewhere(cells)] == names


@LESSONS
def test_a_cell_may_run_again(path):
    """No cell changes what another made: run that one again, and the change is lost."""
    assert filled_elsewhere([cell.source for cell in code_cells(read(path))]) == []
