"""The checks behind `check("01.2", answer)`: one module a lesson, one function an exercise.

Each function takes the student's answer and returns None if it is right, else one sentence
that names what is wrong. It may assume nothing about the answer: `check` turns whatever
the function raises into a sentence too.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence

import numpy as np

Checker = Callable[[object], "str | None"]

_checks: dict[str, Checker] = {}


class NotSolved(Exception):
    """The student's function returns nothing, as the stub does."""


def check(exercise: str, answer: object) -> None:
    """Print whether an exercise is solved, and if not, what to look at.

    Args:
        exercise: lesson and number, such as "01.2".
        answer: what the exercise asks for; None, ... or a function that returns nothing
            means not solved yet.

    Raises:
        ValueError: if there is no such exercise.
    """
    checker = find(exercise)
    try:
        if answer is None or answer is ...:
            raise NotSolved
        fault = checker(answer)
    except NotSolved:
        print(f"– {exercise} is not solved yet. First hint: {checker.hint}")
        return
    except Exception as error:
        fault = f"Your answer could not be checked ({type(error).__name__}: {error})."
    print(f"✗ {exercise}: {fault}" if fault else f"✓ {exercise} is solved.")


def exercise(number: str, hint: str) -> Callable[[Checker], Checker]:
    """Mark a function as the check of an exercise.

    Args:
        number: lesson and number, such as "01.2".
        hint: one sentence for those who have not begun.
    """

    def mark(checker: Checker) -> Checker:
        checker.hint = hint
        _checks[number] = checker
        return checker

    return mark


def find(number: str) -> Checker:
    """The check of an exercise, or a ValueError that lists those there are."""
    checkers = all_checks()
    if not isinstance(number, str) or number not in checkers:
        raise ValueError(
            f"There is no exercise {number!r}; expected one of {', '.join(checkers)}."
        )
    return checkers[number]


def all_checks() -> dict[str, Checker]:
    """Every exercise of the course, by number."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_checks.items()))


def call(
    function: object, *arguments: object, question: str = ""
) -> tuple[object, str | None]:
    """Call a student's function: its result and None, or None and what went wrong.

    A question, if given, is added where shapes or indices did not fit.

    Raises:
        NotSolved: if it returns nothing.
    """
    if not callable(function):
        name = type(function).__name__
        return None, f"The answer is a {name}; hand in the function itself, uncalled."
    try:
        result = function(*arguments)
    except Exception as error:
        fault = f"Your function raised {type(error).__name__}: {str(error).rstrip(' .')}."
        unfit = type(error) in (ValueError, IndexError)
        return None, f"{fault} {question}" if question and unfit else fault
    if result is None:
        raise NotSolved
    return result, None


def numbers(result: object) -> np.ndarray | None:
    """The result as an array, or None if it is ragged or holds anything but numbers."""
    try:
        array = np.asarray(result)
    except ValueError:
        return None
    return array if array.dtype.kind in "biufc" else None


def explain(
    result: object, known: Sequence[tuple[object, str]], tolerance: float = 1e-3
) -> str | None:
    """The sentence of the first known mistake whose value equals the result, else None."""
    for value, sentence in known:
        if np.shape(value) == np.shape(result) and np.allclose(
            result, value, atol=tolerance
        ):
            return sentence
    return None
