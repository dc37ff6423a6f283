"""The planted faults fit the course as it is, and the runner reports honestly."""

import dataclasses
from pathlib import Path

import pytest

import faults
import lessons

FAULT = faults.Fault("03", "a fault", "file.py", "x = 1", "x = 2")
LESSONS = pytest.mark.parametrize("source", lessons.SOURCES, ids=lambda p: p.name[:2])


@LESSONS
def test_every_lesson_has_five_faults_that_fit_it(source):
    found = faults.read_faults(source)
    assert len(found) >= 5 and len({fault.name for fault in found}) == len(found)
    for fault in found:
        assert faults.planted(fault, lessons.ROOT).count(fault.new) >= 1
        assert fault.old not in fault.new and fault.lesson == source.name[:2]


@LESSONS
def test_a_fault_of_the_library_has_unit_tests(source):
    for fault in faults.read_faults(source):
        names = [who for who, _ in faults.watchmen(fault)]
        assert names[-1] == faults.STRICT
        assert ("unit tests" in names) == fault.file.startswith("lessonlib/")


@pytest.mark.parametrize("text, times", [("y = 1", 0), ("x = 1\nx = 1", 2)])
def test_an_old_line_that_does_not_fit_is_named(tmp_path, text, times):
    (tmp_path / "file.py").write_text(text, "utf-8")
    match = rf"03, 'a fault': its old text is {times} times in file\.py; expected once"
    with pytest.raises(SystemExit, match=match):
        faults.planted(FAULT, tmp_path)


@pytest.mark.parametrize(
    "entry", ['name = "n"\nold = "o"', 'name = "n"\nold = "o"\nnew = "n"\nwhy = "w"']
)
def test_a_list_that_holds_something_else_is_an_error(tmp_path, monkeypatch, entry):
    monkeypatch.setattr(faults, "LISTS", tmp_path)
    source = lessons.SOURCES[0]
    with pytest.raises(SystemExit, match=r"00\.toml is not in tests/faults"):
        faults.read_faults(source)
    (tmp_path / "00.toml").write_text(f"[[fault]]\n{entry}\n", "utf-8")
    with pytest.raises(SystemExit, match="expected name, old, new and perhaps"):
        faults.read_faults(source)


@pytest.mark.parametrize(
    "caught, missed, named, code",
    [(9, 1, True, 0), (9, 1, False, 1), (8, 2, True, 1), (10, 0, False, 0)],
)
def test_nine_in_ten_and_a_reason_for_the_rest(capsys, caught, missed, named, code):
    reason = "it cannot be seen" if named else ""
    planted = [FAULT] * caught + [dataclasses.replace(FAULT, uncaught=reason)] * missed
    verdicts = ["strict run: x"] * caught + [""] * missed
    assert faults.report(planted, verdicts, all_lessons=True) == code
    shown = capsys.readouterr().out
    assert f"{caught} of {caught + missed} are caught." in shown
    assert ("nothing: it cannot be seen" in shown) == (named and missed > 0)
    some = faults.report(planted, verdicts, all_lessons=False)
    assert some == int(missed > 0 and not named), "one lesson may have one that is named"


def test_the_line_that_says_most_is_shown():
    complaint = faults.first_complaint
    assert complaint("mismatch 'stdout'\n  - ✗ Ridge: ~1.0 (at least 2)\n") == (
        "✗ Ridge: ~1.0 (at least 2)"
    )
    assert complaint("E   AssertionError: these hold\nE   more\n") == "these hold"
    assert complaint("\x1b[31mValueError: x is 3\x1b[0m\n") == "x is 3"
    assert complaint("one\ntwo\n") == "two"


def bench(monkeypatch, tmp_path, failure):
    monkeypatch.setattr(faults, "failure", failure)
    monkeypatch.setattr(
        faults, "LEFT_OUT", lambda folder, names: set(names) - {"notebooks", "source", FILE}
    )
    return faults.Bench(tmp_path)


FILE = "00_start_here.py"
REAL = faults.read_faults(lessons.SOURCES[0])[0]


def test_the_first_to_catch_a_fault_ends_its_trial(monkeypatch, tmp_path):
    seen = []

    def failure(root, lesson, tests):
        text = Path(root, REAL.file).read_text("utf-8")
        seen.append((REAL.new in text, tests[0].partition("::")[2][:12]))
        return "a survivor" if REAL.new in text and "crippled" in tests[0] else ""

    verdict = bench(monkeypatch, tmp_path, failure).try_fault(REAL)
    assert verdict == "rivals crippled: a survivor"
    assert seen == [(True, "test_without"), (True, "test_with_cr"), (False, "test_with_cr")]


def test_a_course_that_fails_by_itself_catches_nothing(monkeypatch, tmp_path):
    always = bench(monkeypatch, tmp_path, lambda root, lesson, tests: "broken anyway")
    with pytest.raises(SystemExit, match="00 fails without a fault, so mend it first"):
        always.try_fault(REAL)


def test_what_nothing_catches_has_an_empty_verdict(monkeypatch, tmp_path):
    assert bench(monkeypatch, tmp_path, lambda *_: "").try_fault(REAL) == ""
