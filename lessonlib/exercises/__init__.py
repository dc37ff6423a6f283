"""The exercises behind `check("01.2", answer)`: one module a lesson, and one engine.

An exercise is data, an `Exercise` whose answer is a function (`_engine.py`) or a
`ModelExercise` whose answer is a network (`_models.py`). To add one, write it into the
lesson's module like its neighbours; `check` and the tests walk the same lists.
"""

from __future__ import annotations

import importlib
import pkgutil

from lessonlib._output import say
from lessonlib.exercises._engine import Exercise, NotSolved
from lessonlib.exercises._models import ModelExercise


def check(exercise: str, answer: object) -> None:
    """Print whether an exercise is solved, and if not, what to look at.

    Args:
        exercise: lesson and number, such as "01.2".
        answer: what the exercise asks for; None, ... or a function that returns nothing
            means not solved yet.

    Raises:
        ValueError: if there is no such exercise.
    """
    asked = find(exercise)
    try:
        if answer is None or answer is ...:
            raise NotSolved
        fault = asked.fault(answer)
    except NotSolved:
        say(f"– {exercise} is not solved yet. First hint: {asked.hint}")
        return
    except Exception as error:
        fault = f"Your answer could not be checked ({type(error).__name__}: {error})."
    say(f"✗ {exercise}: {fault}" if fault else f"✓ {exercise} is solved.")


def find(number: str) -> Exercise | ModelExercise:
    """An exercise, or a ValueError that lists those there are."""
    exercises = all_checks()
    if not isinstance(number, str) or number not in exercises:
        raise ValueError(
            f"There is no exercise {number!r}; expected one of {', '.join(exercises)}."
        )
    return exercises[number]


def all_checks() -> dict[str, Exercise | ModelExercise]:
    """Every exercise of the course, by number."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("lesson"):
            lesson = importlib.import_module(f"{__name__}.{module.name}")
            for exercise in vars(lesson).values():
                if isinstance(exercise, (Exercise, ModelExercise)):
                    found[exercise.number] = exercise
    return dict(sorted(found.items()))
