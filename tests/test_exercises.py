"""Right answers are accepted; the stub, every mistake and every absurdity is refused."""

import contextlib
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
from lessonlib.exercises import Exercise, all_checks
from lessonlib.exercises._engine import grouped

LESSONS = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
SOLUTION = re.compile(r"<summary>The solution</summary>.*?```python\n(.*?)```", re.S)
FUNCTIONS = [one for one in all_checks().values() if isinstance(one, Exercise)]
EACH = pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda one: one.number)


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
        lines = capsys.readouterr().out.split("\n")  # one that trains says how far it is
        assert lines[-2:] == [f"✓ {numbers(code)[0]} is solved.", ""]


@LESSONS
def test_every_stub_runs_and_is_not_solved(path, capsys):
    stubs = [code for code in cells(path, "code") if "check(" in code]
    assert [numbers(code) for code in stubs] == [[number] for number in of_lesson(path)]
    for code in stubs:
        exec(compile(code, path.name, "exec"), {"check": check})
        shown = capsys.readouterr().out
        assert shown.startswith(f"– {numbers(code)[0]} is not solved yet. First hint: ")


@EACH
def test_right_functions_pass(exercise, capsys):
    for answer in (exercise.right, *exercise.also_right):
        check(exercise.number, answer)
        assert capsys.readouterr().out == f"✓ {exercise.number} is solved.\n"


@EACH
def test_every_mistake_and_symptom_gets_its_own_sentence(exercise):
    told = [
        *grouped(exercise.mistakes),
        *((example, said) for (_, *example), said in grouped(exercise.symptoms)),
    ]
    assert len(told) >= 3
    for wrongs, sentence in told:
        assert wrongs
        for wrong in wrongs:
            assert exercise.fault(wrong) == sentence
    sentences = [sentence for _, sentence in told]
    assert len(set(sentences)) == len(sentences)


@EACH
def test_every_refused_shape_gets_its_sentence(exercise):
    for shape, sentence in exercise.shapes.items():
        assert exercise.fault(lambda *_, shape=shape: filled(shape)) == sentence


def filled(shape):
    """Something of this shape, or of these, that no mistake returns; text for None."""
    if shape is None:
        return "a text"
    if shape and isinstance(shape[0], tuple):
        return tuple(map(filled, shape))
    return np.full(shape, 0.123)


@EACH
def test_right_elsewhere_is_not_right(exercise):
    """An answer that is right on the first cases only is told where it is not."""
    for place, (cases, sentence) in enumerate(grouped(exercise.more)):
        for case in cases:
            fault = exercise.fault(except_on(case, exercise.right))
            assert fault.startswith(sentence), (place, fault)


def except_on(case, right):
    def answer(*arguments):
        if all(map(np.array_equal, arguments, case)):
            return "a text"
        return right(*arguments)

    return answer


@EACH
def test_whoever_changes_an_argument_is_told_which(exercise):
    names = exercise.right.__code__.co_varnames
    for place, argument in enumerate(exercise.cases[0]):
        if isinstance(argument, (np.ndarray, list)):
            fault = exercise.fault(spoiling(exercise.right, place))
            assert fault.endswith(f"your function changed `{names[place]}`: copy it.")


def spoiling(right, place):
    def answer(*arguments):
        result = right(*arguments)
        arguments[place][:] = [0 * value for value in arguments[place]]
        return result

    return answer


@pytest.mark.parametrize(
    "wrong, number, sentence",
    [
        (0.7, "00.1", "The answer is a float; hand in the function itself, uncalled."),
        (lambda x: 0.0, "00.1", "Your function raised TypeError: "),
        (lambda x, y: 0.0, "00.1", "For five random images your function gives 0; expect"),
        (lambda x, y: "7 %", "03.1", "Your function returns something of type str; expect"),
        (lambda x, y: np.nan, "03.1", "NaN or infinity came back"),
        (
            lambda x, y: x,
            "03.1",
            "Your function returns shape (40, 6); expected one number",
        ),
        (
            lambda a, b, k: a[:, :3].T,
            "01.1",
            "Your function returns shape (3, 200); expected that of `x_test`, (30, 8)",
        ),
        (lambda x, y: x @ y, "05.1", "Return two things, the new code and the new rows"),
        (lambda x, y: (x.T, y), "05.1", "Your function returns 2 arrays of shapes (6, 20)"),
        (
            lambda *sizes: (1, 2),
            "03.3",
            "Your function returns shape (2,); expected one number",
        ),
        (lambda v, k, s: (v, k), "06.1", "Your function returns something of type tuple, "),
        (lambda v, k, s: v @ k, "06.1", "Your function raised ValueError: matmul"),
    ],
)
def test_what_no_list_names_is_described(wrong, number, sentence):
    fault = all_checks()[number].fault(wrong)
    assert fault.startswith(sentence), fault


def test_what_does_not_fit_is_asked_about_and_nothing_on_the_way_is_a_fault():
    fault = all_checks()["06.1"].fault(lambda v, k, s: v @ k)
    assert fault.endswith(" is a size fixed?")
    price = all_checks()["03.3"]
    fault = price.fault(lambda up, *rest: price.right(up, *rest) if len(up) == 1 else None)
    assert fault.endswith("(256, 64), 16, 16, 310): Your function returns nothing there.")


def test_of_several_results_the_first_wrong_one_is_told():
    """Two mistakes at once, which no list holds: a wrong spread and a turned sign."""
    both = all_checks()["07.2"].fault(lambda a, b: (np.mean(b - a), np.std(a - b)))
    assert both.startswith("The sign is turned")
    rows = all_checks()["05.1"].fault(
        lambda code, rows: (code * 2, rows / np.linalg.norm(rows))
    )
    assert rows.startswith("You divided by one length for all")


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
@settings(max_examples=15, deadline=None)
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
    with pytest.raises(ValueError, match="no exercise .*expected one of 00.1, 00.2, 00.3"):
        lessonlib.check(number, 1)
