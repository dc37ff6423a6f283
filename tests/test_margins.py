"""Claims over many seeds: the table, and that it does not depend on who did the runs."""

import subprocess
import sys

import nbformat
import pytest

# `make test` and `make claims` bring it; students do without.
pytest.importorskip("distributed", reason="Dask is missing: `make test` installs it")

import cloudpickle  # noqa: E402

import margins  # noqa: E402

LESSON = """
import os, signal
from pathlib import Path
from lessonlib import claim, claims
claims.lesson = "50"
seed = int(os.environ["LESSONLIB_SEED"])
lost = Path({lost!r})
if seed == 1 and lost.name and not lost.exists():
    lost.touch()
    os.kill(os.getppid(), signal.SIGKILL)  # the worker that started this kernel
claim("A square", seed**2, at_most=5, at_least=-1)
claim("As many threads as it may have", float(os.environ["OMP_NUM_THREADS"]), at_most=1)
"""


def runs(code, seeds="012"):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    return [("50", nbformat.writes(notebook), seed) for seed in seeds]


@pytest.fixture(scope="module")
def client():
    with margins.workers() as client:
        yield client


def here(runs):
    return [record for _, *run in runs for record in margins.claims_of(*run)]


def test_two_workers_give_the_table_of_one_process(client, capsys):
    assert len(client.scheduler_info()["workers"]) == 2
    shared = margins.shared_out(client, runs(LESSON.format(lost="")))
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.split(": ")[0] for line in lines) == [
        f"50, seed {seed}" for seed in "012"
    ]
    assert [line.split(": ")[1] for line in lines] == [
        f"done ({n} of 3)" for n in (1, 2, 3)
    ]
    assert shared == here(runs(LESSON.format(lost="")))
    assert margins.table(shared).splitlines() == [
        "| lesson | claim | worst of 3 | limit | margin in sd |",
        "| --- | --- | ---: | ---: | ---: |",
        "| 50 | A square | 4 | at most 5 | 1.6 |",
        "| 50 | A square | 0 | at least -1 | 1.3 |",
        "| 50 | As many threads as it may have | 1 | at most 1 | no spread |",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_run_whose_worker_is_lost_is_done_again(client, tmp_path):
    lost = tmp_path / "lost"
    records = margins.shared_out(client, runs(LESSON.format(lost=str(lost))))
    assert lost.exists(), "no worker was lost"
    assert [record["seed"] for record in records] == [0, 0, 1, 1, 2, 2]


def test_a_cell_that_fails_is_named_with_its_run(client):
    with pytest.raises(SystemExit, match="50, seed 7 failed:\n(.|\n)*on purpose"):
        margins.shared_out(client, runs("raise ValueError('on purpose')", "7"))


def test_a_failed_claim_stands_in_the_table_with_a_cross():
    same = dict(lesson="50", sentence="S", at_most=None, at_least=2)
    values = {0: 3.0, 1: None, 2: 1.0}
    records = [
        dict(same, seed=seed, value=value, holds=value == 3.0)
        for seed, value in values.items()
    ]
    assert "| 50 | S | nan | at least 2 | ✗ |" in margins.table(records)
    assert "| 50 | S | 1 | at least 2 | 0.0 ✗ |" in margins.table([records[0], records[2]])


@pytest.mark.parametrize("seeds", ["", "a", "0,1", "-1"])
def test_seeds_are_whole_numbers(monkeypatch, seeds):
    monkeypatch.setattr(sys, "argv", ["margins.py", f"--seeds={seeds}", "00"])
    with pytest.raises(SystemExit, match="expected whole numbers, as in '0 1 2'"):
        margins.main()


def test_a_worker_elsewhere_needs_none_of_the_scripts(tmp_path):
    (tmp_path / "run").write_bytes(cloudpickle.dumps(margins.claims_of))
    notebook = runs(LESSON.format(lost=""))[0][1]
    code = f"import pickle; print(pickle.load(open('run', 'rb'))({notebook!r}, '3'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert "'value': 9.0" in done.stdout, done.stderr


def test_another_scheduler_is_asked_for_its_workers(monkeypatch):
    asked = []
    monkeypatch.setattr(margins.distributed, "Client", asked.append)
    margins.workers("tcp://cluster:8786")
    assert asked == ["tcp://cluster:8786"]
