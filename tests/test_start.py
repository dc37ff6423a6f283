"""How a lesson starts, and what the check of the environment says."""

import importlib.metadata
import os
import subprocess
import sys
import types

import pytest

from conftest import ROOT
from lessonlib import check_environment, claims, data, start

# --- starting a lesson ------------------------------------------------------------------


def python(code, **variables):
    """Run Python with both streams caught as bytes."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT)


def test_importing_lessonlib_loads_nothing_heavy():
    heavy = {"tensorflow", "keras", "matplotlib", "sklearn", "scipy", "pooch", "PIL"}
    run = python("import lessonlib, sys; print(' '.join(sys.modules))")
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.decode().split())
    assert "lessonlib.claims" in loaded and not heavy & loaded


def test_start_prints_nothing_and_gives_stderr_back():
    code = """
import os, sys
from lessonlib import claims, start
start("03")
import keras, numpy, random, tensorflow
assert claims.lesson == "03"
assert keras.backend.backend() == "tensorflow"
drawn = random.random(), numpy.random.rand(), float(keras.random.uniform(()))
start("03")
assert drawn == (random.random(), numpy.random.rand(), float(keras.random.uniform(())))
os.write(2, b"written to the descriptor, ")
print("written by Python", file=sys.stderr, end="")
"""
    run = python(code, LESSONLIB_SEED="5")
    assert run.stdout == b""
    assert run.stderr == b"written to the descriptor, written by Python"
    assert run.returncode == 0


@pytest.mark.parametrize(
    "lesson", ["3", "003", "ab", "", " 3", "3\n", "-1", 3, None, b"03"]
)
def test_start_wants_two_digits(lesson):
    before = claims.lesson
    with pytest.raises(ValueError, match="lesson is .*; expected two digits, such as '03'"):
        start(lesson)
    assert claims.lesson == before


# --- the environment check --------------------------------------------------------------

VERSIONS = {
    "keras": "3.15.1",
    "tensorflow": "2.20.0",
    "numpy": "2.4.6",
    "scikit-learn": "1.6",
    "matplotlib": "3.10.0rc1",
}


@pytest.fixture
def environment(monkeypatch):
    """Invented versions, which a test may change; no package is really imported."""
    versions = dict(VERSIONS)

    def version(name):
        if name not in versions:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    config = types.SimpleNamespace(list_physical_devices=lambda kind: ["one", "two"])
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(config=config))
    return versions


def test_a_good_environment_gets_ticks_only(environment, capsys):
    check_environment()
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    for name, version in VERSIONS.items():
        assert any(line.startswith(f"✓ {name} ~{version} (") for line in lines)
    assert f"✓ Python ~{sys.version.split()[0].rstrip('+')} (3.11 or newer)" in lines
    assert "✓ graphics processors: ~2 (none is needed)" in lines
    assert lines[-1].startswith("✓ digits: data/mnist-5k.npz")


@pytest.mark.parametrize("name", VERSIONS)
def test_a_missing_package_gets_a_friendly_line(environment, monkeypatch, capsys, name):
    del environment[name]
    if name == "tensorflow":
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    check_environment()
    lines = capsys.readouterr().out.splitlines()
    assert f"✗ {name} is missing: install it with `pip install {name}`" in lines
    assert sum(line.startswith("✗") for line in lines) == 1
    assert any(line.startswith("✓ digits") for line in lines), "the rest is still checked"


@pytest.mark.parametrize(
    "version, mark",
    [
        ("3.13.0", "✓"),
        ("3.13", "✓"),
        ("4.0", "✓"),
        ("3.100", "✓"),
        ("3.9", "✗"),
        ("2", "✗"),
    ],
)
def test_versions_are_compared_as_numbers(environment, capsys, version, mark):
    environment["keras"] = version
    check_environment()
    words = "(3.13 or newer)" if mark == "✓" else "is older than 3.13: update it"
    assert f"{mark} keras ~{version} {words}" in capsys.readouterr().out


def test_damaged_digits_get_a_line(environment, monkeypatch, capsys):
    def damaged():
        raise OSError("mnist-5k.npz cannot be read")

    monkeypatch.setattr(data, "load_mnist", damaged)
    check_environment()
    assert "✗ digits: mnist-5k.npz cannot be read" in capsys.readouterr().out
