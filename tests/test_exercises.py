"""Right answers are accepted; the stub, every mistake and every absurdity is refused."""

import contextlib
import importlib
import io
import re

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lessonlib
from conftest import NOTEBOOKS
from lessonlib import check
from lessonlib.exercises import all_checks

LESSONS = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
SOLUTION = re.compile(r"<summary>The solution</summary>.*?```python\n(.*?)```", re.S)


def numbers(text):
    return re.findall(r'check\("(\d\d\.\d)"', text)


def cells(path, kind):
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def of_lesson(path):
    return [number for number in all_checks() if number.startswith(path.stem[:2])]


@LESSONS
def test_every_solution_passes_its_check(path, capsys):
    blocks = [code for cell in cells(path, "markdown") for code in SOLUTION.findall(cell)]
    assert [numbers(code) for code in blocks] == [[number] for number in of_lesson(path)]
    for code in blocks:
        exec(compile(code, path.name, "exec"), {})  # by itself: nothing of the lesson
        assert capsys.readouterr().out == f"✓ {numbers(code)[0]} is solved.\n"


@LESSONS
def test_other_right_answers_pass_as_well(path, capsys):
    lesson = importlib.import_module(f"mistakes.lesson{path.stem[:2]}")
    for number, answers in getattr(lesson, "RIGHT", {}).items():
        for answer in answers:
            check(number, answer)
            assert capsys.readouterr().out == f"✓ {number} is solved.\n"


@LESSONS
def test_every_stub_runs_and_is_not_solved(path, capsys):
    stubs = [code for code in cells(path, "code") if "check(" in code]
    assert [numbers(code) for code in stubs] == [[number] for number in of_lesson(path)]
    for code in stubs:
        exec(compile(code, path.name, "exec"), {"check": check})
        shown = capsys.readouterr().out
        assert shown.startswith(f"– {numbers(code)[0]} is not solved yet. First hint: ")


@LESSONS
def test_every_common_mistake_gets_its_own_sentence(path, capsys):
    mistakes = importlib.import_module(f"mistakes.lesson{path.stem[:2]}").MISTAKES
    assert list(mistakes) == of_lesson(path)
    for number, answers in mistakes.items():
        sentences = set()
        assert len(answers) >= 3
        for answer, part in answers:
            check(number, answer)
            shown = capsys.readouterr().out.splitlines()[-1]
            assert shown.startswith(f"✗ {number}: ") and part in shown, shown
            sentences.add(shown)
        assert len(sentences) == len(answers)


class Hostile:
    """Whatever is done with it fails, and comparing it answers nonsense."""

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __array__(self, *arguments, **options):
        raise RuntimeError("no array")

    def __bool__(self):
        raise RuntimeError("no truth")

    def __repr__(self):
        raise RuntimeError("no words")


plain = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.just(Hostile()),
    st.just(np.array(["a"])),
    st.just(np.empty((0, 3))),
    st.just(np.array(None)),
    st.just([1, [2, 3]]),
)


@pytest.mark.parametrize("number", all_checks())
@settings(max_examples=40, deadline=None)
@given(value=plain, wrapped=st.booleans())
def test_an_answer_of_any_type_gets_one_sentence(number, value, wrapped):
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        check(number, (lambda *arguments: value) if wrapped else value)
    assert shown.getvalue().startswith(f"✗ {number}: ")
    assert shown.getvalue().count("\n") == 1


@pytest.mark.parametrize("answer", [None, ..., lambda *arguments: None])
def test_no_answer_is_not_an_error(answer, capsys):
    check("01.1", answer)
    assert "not solved yet" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["01.9", "1.1", "", None, 1.1, ["01.1"]])
def test_unknown_exercise_is_named_with_those_there_are(number):
    with pytest.raises(ValueError, match="no exercise .*expected one of 00.1, 01.1, 01.2"):
        lessonlib.check(number, 1)
