"""What all tests share: a strict, reproducible environment and the course's paths."""

import os
import re
import shutil
import socket
import subprocess

import matplotlib
import pytest

import lessons
import pipeline
from lessons import NOTEBOOKS, ROOT  # noqa: F401

SHARED_MNIST = ROOT.parent / "shared" / "datasets"

matplotlib.use("Agg")
matplotlib.rcdefaults()
# For the kernels that nbval starts: nobody's own settings, the default seed, and a failed
# claim is a failed test.
everybodys = pipeline.everybodys()
os.environ.clear()
os.environ.update(everybodys, LESSONLIB_STRICT="1")


def pytest_addoption(parser):
    parser.addoption("--lessons", default="", help="numbers such as 00,01; none means all")
    parser.addoption("--sabotage", help="sabotage these lessons only, such as 00,01")


def pytest_configure(config):
    """Refuse lessons that there are not; wake what `unshare -n` leaves asleep.

    The kernels of Jupyter need the loopback.
    """
    for option in ("lessons", "sabotage"):
        lessons.chosen(numbers(config, option))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("127.0.0.1", 9))
        except OSError:
            if shutil.which("ip"):
                subprocess.run(["ip", "link", "set", "lo", "up"], check=False)


def numbers(config, option):
    return [number for number in (config.getoption(option) or "").split(",") if number]


def pytest_collection_modifyitems(config, items):
    """Keep the tests that were asked for; put whole lessons first, the longest before all.

    So no worker is left alone with a long one at the end.
    """
    order = [source.name[:2] for source in lessons.longest_first(lessons.SOURCES)]

    def place(item):
        kind = 0 if is_notebook(item) else 1 if is_sabotage(item) else 2
        return kind, order.index(lesson_of(item)) if kind < 2 else 0

    wanted = {item for item in items if is_wanted(config, item)}
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = sorted((item for item in items if item in wanted), key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out units in the order above; pytest-xdist would sort files by their length.

    Its marks for groups do not reach it under pytest 9.2, hence a scheduler of our own.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Units(LoadScopeScheduling):
        _split_scope = staticmethod(unit_of)

    config.option.loadscopereorder = False
    return Units(config, log)


def unit_of(nodeid):
    """What must run in one process: a notebook's cells, a file's tests, a sabotaged lesson.

    A lesson that is sabotaged has a kernel of its own, so it may run beside others.
    """
    file = nodeid.split("::")[0]
    return nodeid if file.endswith("test_sabotage.py") else file


def is_wanted(config, item):
    chosen = numbers(config, "lessons")
    if is_sabotage(item) and config.getoption("sabotage") is not None:
        if lesson_of(item) not in numbers(config, "sabotage"):
            return False
    return not chosen or lesson_of(item) in chosen


def is_notebook(item):
    return item.path in NOTEBOOKS


def is_sabotage(item):
    return item.path.name == "test_sabotage.py" and lesson_of(item) is not None


def lesson_of(item):
    """The number of the lesson that a test is about, or None.

    A test is about a lesson if one of its parameters is a lesson's file or an exercise.
    """
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else []
    for value in [item.path, *parameters]:
        name = str(getattr(value, "name", value))
        match = re.fullmatch(r"(\d\d)(\.\d|_\w+\.(py|ipynb))", name)
        if match:
            return match[1]
    return None


@pytest.fixture
def lenient(monkeypatch):
    """A student's environment: failed claims print a cross and go on."""
    monkeypatch.delenv("LESSONLIB_STRICT")
