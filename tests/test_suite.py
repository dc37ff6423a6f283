"""How the tests are chosen, ordered and shared out, and what they say that they cost."""

import subprocess
import sys
import types
from unittest import mock

import pytest

import conftest
import lessons
import measure
import suite

NOTEBOOK = conftest.NOTEBOOKS[2]


def test_a_lesson_brings_its_notebook_sabotage_exercises_and_conventions():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    names = ("exercises", "notebooks", "sabotage", "course", "claims")
    paths = ["notebooks", *(f"tests/test_{name}.py" for name in names)]
    done = subprocess.run(
        [*command, "--lessons=02", *paths],
        cwd=lessons.ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tests = [line for line in done.stdout.splitlines() if "::" in line]
    assert {line.split("::")[0] for line in tests} == {
        f"notebooks/{NOTEBOOK.name}",
        *(f"tests/test_{name}.py" for name in names[:3]),
    }
    assert not [line for line in tests if "[" in line and "02" not in line.split("[")[1]]


class Item:
    """A test as far as its order is concerned."""

    def __init__(self, path, nodeid, parameters=None):
        self.path, self.nodeid = path, nodeid
        if parameters:
            self.callspec = types.SimpleNamespace(params=parameters)


def file(name):
    return lessons.ROOT / name


@pytest.fixture
def arranged():
    """Arrange invented tests under some options; gives their ids in order."""

    def arranged(lessons="", sabotage=None):
        sabotaged = file("tests/test_sabotage.py")
        tests = [
            Item(file("tests/test_data.py"), "data", {"side": 3}),
            Item(file("tests/test_data.py"), "more data", {"name": "01_strange"}),
            Item(sabotaged, "sabotage 00", {"path": conftest.NOTEBOOKS[0]}),
            Item(sabotaged, "sabotage 02", {"path": conftest.NOTEBOOKS[2]}),
            Item(file("tests/test_exercises.py"), "exercise", {"number": "02.2"}),
            Item(NOTEBOOK, "cell 0"),
            Item(NOTEBOOK, "cell 1"),
        ]
        options = dict(lessons=lessons, sabotage=sabotage)
        config = types.SimpleNamespace(
            getoption=options.get,
            hook=types.SimpleNamespace(pytest_deselected=lambda items: None),
        )
        conftest.pytest_collection_modifyitems(config, tests)
        return [test.nodeid for test in tests]

    return arranged


def test_whole_lessons_come_first_the_longest_before_all(arranged):
    cells, sabotage = ["cell 0", "cell 1"], ["sabotage 02", "sabotage 00"]
    assert arranged() == [*cells, *sabotage, "data", "more data", "exercise"]
    first, _, third = (lessons.header(one).minutes for one in lessons.SOURCES[:3])
    assert first < third


def test_cells_of_a_notebook_stay_together_and_sabotage_stands_alone():
    """Two workers, as pytest-xdist sees them, and what each is given at first."""
    names = [f"notebooks/01_x.ipynb::Cell {n}" for n in range(4)]
    names += [f"tests/test_sabotage.py::test_{n}[0{n}]" for n in range(3)]
    names += ["tests/test_a.py::test_a", "tests/test_b.py::test_b[x::y]"]
    option = types.SimpleNamespace(tx=["2*popen"], loadscopereorder=True)
    config = types.SimpleNamespace(option=option, getvalue=vars(option).get)
    scheduler = conftest.pytest_xdist_make_scheduler(config, mock.MagicMock())
    given = {"one": [], "two": []}
    for name in given:
        node = mock.Mock(shutting_down=False, send_runtest_some=given[name].extend)
        scheduler.add_node(node)
        scheduler.add_node_collection(node, names)
    scheduler.schedule()
    assert given == {"one": [0, 1, 2, 3], "two": [4, 5]}


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        (dict(sabotage=""), {"sabotage 00", "sabotage 02"}),
        (dict(sabotage="00"), {"sabotage 02"}),
        (dict(lessons="02"), {"data", "more data", "sabotage 00"}),
        (dict(lessons="00,02"), {"data", "more data"}),
        (
            dict(lessons="02", sabotage="00"),
            {"data", "more data", "sabotage 00", "sabotage 02"},
        ),
    ],
)
def test_only_what_was_asked_for_runs(arranged, options, left_out):
    assert set(arranged()) - set(arranged(**options)) == left_out


@pytest.fixture
def call(monkeypatch, capsys):
    """Call the script; gives the command that it runs and what it prints."""

    def call(*arguments):
        commands = []
        monkeypatch.setattr(sys, "argv", ["suite.py", *arguments])
        monkeypatch.setattr(
            suite.subprocess, "call", lambda line, env: commands.append((line, env)) or 3
        )
        monkeypatch.setattr(suite, "children", iter([5, 1_205]).__next__)
        monkeypatch.setattr(measure, "speed", lambda: 50.0)
        assert suite.main() == 3
        ((line, env),) = commands
        return line[3:], env, capsys.readouterr().out

    return call


def test_cost_is_said_as_measured_and_scaled(call):
    _, env, said = call()
    assert said == (
        "The tests took 1,200 CPU seconds, 600 on a core of 100 GFLOP/s "
        "(this one has 50).\n"
    )
    assert env["TF_NUM_INTRAOP_THREADS"] == "1"


def test_lessons_are_handed_on(call):
    assert call("03", "00")[0] == ["-n", "2", "--lessons=00,03"]
    with pytest.raises(SystemExit, match="no lesson '77'; there are 00, 01"):
        call("77")


def test_only_changed_lessons_are_sabotaged(call, monkeypatch):
    """Against an invented commit, in which some notebooks were made from other code."""
    stored = {}
    for path in conftest.NOTEBOOKS:
        fresh = suite.pipeline.read_source(lessons.FOLDER / "source" / f"{path.stem}.py")
        stored[f"notebooks/{path.name}"] = fresh
    first, second, third, *_ = stored
    stored[second].metadata.lessonlib.fingerprint = "other"
    del stored[third]
    tests = []

    def git(what, *arguments):
        if what == "diff":
            return "\n".join(tests)
        if what == "ls-tree":
            return "there" if arguments[-1] in stored else ""
        return suite.nbformat.writes(stored[arguments[0].removeprefix("HEAD^1:")])

    monkeypatch.setattr(suite, "git", git)
    assert call("--changed-since", "HEAD^1")[0][-1] == "--sabotage=01,02"
    tests.append("tests/outside.py")
    everything = ",".join(path.name[:2] for path in conftest.NOTEBOOKS)
    assert call("--changed-since", "HEAD^1")[0][-1] == f"--sabotage={everything}"


def test_files_that_concern_every_lesson_are_there():
    assert all((lessons.ROOT / name).exists() for name in suite.SABOTAGE)
    assert "pipeline" in suite.git("ls-files", "scripts")


def test_speed_is_that_of_one_core_of_this_century():
    assert 1 < measure.speed() < 1_000
    assert measure.scaled(300, 34) == 102
