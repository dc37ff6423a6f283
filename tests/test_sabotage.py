"""Each lesson is run twice more, changed from outside, and its claims have to notice.

Once nothing is learned: a claim that holds all the same would hold for any network. All
that is fitted is watched in the same run, for a test row in it voids every comparison.
Once the rivals are crippled as well: a claim about one that holds all the same does not
bound it, and a rival that breaks makes every comparison safer.
"""

import json
import os

import nbformat
import pytest

import pipeline
from conftest import NOTEBOOKS, ROOT

LESSONS = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])

# The planted faults want to know whether, not what: end at the first that goes wrong.
HASTE = "HASTE" in os.environ

CHANGED = """
import sys
sys.path.insert(0, {tests!r})
import lessonlib
lessonlib.start("00")
import {module}
"""


def sabotaged(path, folder, *steps, until="claim("):
    """The records of the claims of a lesson that was changed by these calls before.

    What stands below the last cell that holds `until` is left out.
    """
    notebook = pipeline.read_source(source_of(path))
    places = [n for n, cell in enumerate(notebook.cells) if until in cell.source]
    notebook.cells = notebook.cells[: places[-1] + 1]
    expected = printed_claims(path, notebook.cells)
    modules = ", ".join({step.partition(".")[0]: None for step in steps})
    first = CHANGED.format(tests=str(ROOT / "tests"), module=modules) + "\n".join(steps)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    record = folder / "claims.jsonl"
    pipeline.execute(notebook, LESSONLIB_CLAIMS=str(record))
    claims = read_lines(record)
    assert {claim["lesson"] for claim in claims} == {path.stem[:2]}
    assert len(claims) == expected, "a claim was passed by: rebuild?"
    return claims


def source_of(path):
    return path.parent / "source" / f"{path.stem}.py"


def read_lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def printed_claims(path, cells):
    """How many claims the stored notebook holds in these cells."""
    ids = {cell.id for cell in cells}
    stored = [c for c in nbformat.read(path, as_version=4).cells if c.id in ids]
    outputs = [o for cell in stored for o in cell.get("outputs", [])]
    lines = "".join(o.get("text", "") for o in outputs).splitlines()
    return sum(line.startswith("✓") and "(at " in line for line in lines)


def holding(claims, kind, holds=True):
    return [c["sentence"] for c in claims if c["kind"] == kind and c["holds"] is holds]


@LESSONS
def test_without_learning_claims_fail_and_no_fit_sees_test_rows(path, tmp_path):
    leaks = tmp_path / "leaks.jsonl"
    leaks.touch()
    undo = "outside.undo_networks()", "outside.dull_regressors()"
    stop = 'outside.stop_at("trained", True)', 'outside.stop_at("identity", False)'
    watch = f"leaks.watch_leaks({str(leaks)!r}, {HASTE})"
    claims = sabotaged(path, tmp_path, *undo, watch, *(stop if HASTE else ()))
    survivors = holding(claims, "trained")
    assert not survivors, "these hold although nothing was learned"
    # Rivals are whole in this run, so an exact fact is one whatever it is about.
    broken = holding(claims, "identity", False)
    assert not broken, "these should not depend on training"
    assert not read_lines(leaks), "these were fitted on test rows"


@LESSONS
def test_with_crippled_rivals_the_claims_about_them_fail(path, tmp_path):
    if 'kind="rival"' not in source_of(path).read_text("utf-8"):
        pytest.skip("this lesson bounds no rival")
    cripple = "outside.undo_networks()", "outside.cripple_rivals()"
    # A fact may be about a rival (by hand = scikit-learn), so exact ones are left aside.
    stop = ('outside.stop_at("rival", True)',) if HASTE else ()
    claims = sabotaged(path, tmp_path, *cripple, *stop, until='kind="rival"')
    survivors = holding(claims, "rival")
    assert not survivors, "these hold although the rival was crippled"
