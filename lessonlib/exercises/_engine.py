"""The engine of the exercises whose answer is a function: an exercise is data."""

from __future__ import annotations

import copy
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

Case = tuple  # the arguments of one call


class NotSolved(Exception):
    """The student's function returns nothing, as the stub does."""


@dataclass
class Outcome:
    """What a function made of one case.

    Attributes:
        result: as it was returned, None if an error was raised.
        parts: the result as arrays, one for each thing to be returned; None if it is not
            made of so many arrays of numbers.
        error: what was raised, or None.
        changed: the numbers of the arguments that are no longer as they were.
    """

    result: object = None
    parts: list[np.ndarray] | None = None
    error: Exception | None = None
    changed: list[int] = field(default_factory=list)

    @property
    def shape(self) -> tuple | None:
        """Of an array, or of each part; None if the result does not hold just numbers."""
        if self.parts is None:
            array = numbers(self.result)
            return None if array is None else array.shape
        shapes = tuple(part.shape for part in self.parts)
        return shapes[0] if len(shapes) == 1 else shapes


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise whose answer is a function, with all that its check and its tests use.

    An answer is right if it agrees with the right function on every case and leaves its
    arguments alone. Else it gets the sentence of the first mistake that agrees with it.
    The lists of `mistakes`, `more` and `symptoms` are flat: a sentence follows what it is
    about, as in `mistakes=[wrong, "Say this.", wrong_too, so_is_this, "Say that."]`.

    Attributes:
        number: lesson and number, such as "01.2".
        hint: one sentence for those who have not begun.
        right: the right function; a tuple that it returns stands for several results.
        cases: tuples of arguments. A mistake has to agree on all of them.
        mistakes: wrong functions, and the sentence for whoever answers as they do.
        more: further arguments, tried once `cases` are right, and the sentence for
            answers that are wrong there and agree with no mistake.
        shapes: a sentence for each shape of the first result that is refused; None stands
            for what does not hold just numbers. Of several results, a tuple of shapes.
        symptoms: what is seen on a wrong result whatever made it, a function of (result,
            right result, *arguments); then a wrong function that has it, for the tests.
        other: the sentence if nothing else fits, with {result}, {right} and {0} for the
            first argument; or a function, as above, that returns it.
        order: in which several results are looked at, if not as they are returned.
        place: names a case where there are several, with {0} for its first argument.
        question: asked in addition if shapes or indices did not fit.
        tolerance: how far a number may be off, absolutely; float32 has to pass.
        same: whether two arrays mean the same, if closeness does not say it.
        random: no single result is right, so that the symptoms alone decide; they get
            the answer itself in the place of the right result.
        also_right: other right functions, for the tests.
    """

    number: str
    hint: str
    right: Callable
    cases: Sequence[Case]
    mistakes: Sequence[Callable | str] = ()
    more: Sequence[Case | str] = ()
    shapes: Mapping[tuple | None, str] = field(default_factory=dict)
    symptoms: Sequence[Callable | str] = ()
    other: str | Callable[..., str] = "The shape is right and the values are not."
    order: Sequence[int] = ()
    place: str = ""
    question: str = ""
    tolerance: float = 1e-4
    same: Callable[[np.ndarray, np.ndarray], bool] | None = None
    random: bool = False
    also_right: Sequence[Callable] = ()

    def fault(self, answer: object) -> str | None:
        """One sentence that says what is wrong with an answer, or None if it is right.

        Raises:
            NotSolved: if it returns nothing.
        """
        if not callable(answer):
            name = type(answer).__name__
            return f"The answer is a {name}; hand in the function itself, uncalled."
        fault = self._on(answer, self.cases)
        for cases, sentence in grouped(self.more):
            for case in cases:
                fault = fault or self._on(answer, [*self.cases, case], sentence)
        return fault

    def _on(self, answer: Callable, cases: Sequence[Case], said: str = "") -> str | None:
        """What is wrong on some cases; `said` opens the sentence on further ones."""
        rights = [self._outcome(self.right, case) for case in cases]
        found = [self._outcome(answer, case) for case in cases]
        if found[0].result is None and found[0].error is None and not said:
            raise NotSolved
        trials = list(zip(cases, found, rights, strict=True))
        if self.random:
            fault = self._seen(answer, *trials[0])
            if fault:
                return fault
        elif wrong := [trial for trial in trials if not self._agree(*trial[1:])]:
            silent = [trial for trial in wrong if trial[1].result is None]
            known = self._known(cases, found, rights)
            return known or self._unknown(*(silent or wrong)[0], said)
        for outcome in found:
            if outcome.changed:
                name = self._names[outcome.changed[0]]
                return f"The result is right, but your function changed `{name}`: copy it."
        return None

    @functools.cached_property
    def _count(self) -> int:
        """How many results the right function returns."""
        result = self.right(*copy.deepcopy(self.cases[0]))
        return len(result) if isinstance(result, tuple) else 1

    def _outcome(self, function: Callable, case: Case) -> Outcome:
        handed = copy.deepcopy(case)
        try:
            with np.errstate(all="ignore"):
                result = function(*handed)
        except Exception as error:
            return Outcome(error=error)
        changed = [
            i
            for i, one in enumerate(case)
            if isinstance(one, (np.ndarray, list)) and not np.array_equal(one, handed[i])
        ]
        return Outcome(result, arrays(result, self._count), changed=changed)

    def _close(self, one: np.ndarray, other: np.ndarray) -> bool:
        if one.shape != other.shape:
            return False
        if self.same:
            return self.same(one, other)
        return np.allclose(one, other, atol=self.tolerance, equal_nan=True)

    def _agree(self, one: Outcome, other: Outcome) -> bool:
        if one.error or other.error:
            return repr(one.error) == repr(other.error)
        if one.parts is None or other.parts is None:
            return False
        return all(map(self._close, one.parts, other.parts))

    def _known(self, cases: Sequence[Case], found: list, rights: list) -> str | None:
        """The sentence of the first mistake that agrees, else of one that does in part."""
        in_part = None
        for wrongs, sentence in grouped(self.mistakes):
            for wrong in wrongs:
                made = [self._outcome(wrong, case) for case in cases]
                if all(map(self._agree, found, made)):
                    return sentence
                if len(cases) == 1 and self._agree_in_part(found[0], made[0], rights[0]):
                    in_part = in_part or sentence
        return in_part

    def _agree_in_part(self, found: Outcome, made: Outcome, right: Outcome) -> bool:
        """Whether a mistake is right until the answer is wrong, and agrees there."""
        if made.parts is None or found.shape != right.shape:
            return False
        for i in self.order or range(self._count):
            if not self._close(found.parts[i], right.parts[i]):
                return self._close(found.parts[i], made.parts[i])
            if not self._close(made.parts[i], right.parts[i]):
                return False
        return False

    def _unknown(self, case: Case, found: Outcome, right: Outcome, said: str) -> str:
        """The sentence for an answer that agrees with no mistake."""
        if said:
            return f"{said} {self._refused(case, found, right) or ''}".rstrip()
        if refused := self._refused(case, found, right, self.shapes):
            placed = self.place and found.result is None
            return f"{self.place.format(*case)}: {refused}" if placed else refused
        parts = [one.parts if self._count > 1 else one.parts[0] for one in (found, right)]
        for (shows, _), sentence in grouped(self.symptoms):
            if shows(*parts, *case):
                return sentence
        if not all(np.isfinite(part).all() for part in found.parts):
            return "NaN or infinity came back: do you divide by 0 somewhere?"
        if callable(self.other):
            return self.other(*parts, *case)
        return self.other.format(*case, result=parts[0], right=parts[1])

    def _seen(
        self, answer: Callable, case: Case, found: Outcome, right: Outcome
    ) -> str | None:
        """The first symptom of a random result, or None if it is right."""
        if refused := self._refused(case, found, right, self.shapes):
            return refused
        for (shows, _), sentence in grouped(self.symptoms):
            if shows(found.parts[0], answer, *case):
                return sentence
        return None

    def _refused(
        self,
        case: Case,
        found: Outcome,
        right: Outcome,
        shapes: Mapping = MappingProxyType({}),
    ) -> str | None:
        """What is wrong with a result of whatever values, or None."""
        if found.error:
            unfit = type(found.error) in (ValueError, IndexError)
            return raised(found.error, self.question if unfit else "")
        if found.result is None:
            return "Your function returns nothing there."
        if found.shape == right.shape:
            return None
        if found.shape in shapes:
            return shapes[found.shape]
        if found.parts is None and None in shapes:
            return shapes[None]
        wanted = self._form(right, case)
        if found.parts is None:
            came = f"something of type {type(found.result).__name__}"
            came += "" if right.shape == () else ", which is not an array of numbers"
            return f"Your function returns {came}; expected {wanted}."
        return f"Your function returns {self._form(found)}; expected {wanted}."

    def _form(self, outcome: Outcome, case: Case = ()) -> str:
        """The shape of a result in words, if possible by the argument that has it."""
        if self._count > 1:
            return f"{self._count} arrays of shapes {', '.join(map(str, outcome.shape))}"
        for name, argument in zip(self._names, case):  # noqa: B905
            if outcome.shape and np.shape(argument) == outcome.shape:
                return f"that of `{name}`, {outcome.shape}"
        return f"shape {outcome.shape}" if outcome.shape else "one number"

    @property
    def _names(self) -> list[str]:
        return list(inspect.signature(self.right).parameters)


def grouped(items: Sequence) -> Iterator[tuple[list, str]]:
    """Flat lists as pairs: what a sentence is about, and the sentence."""
    things: list = []
    for item in items:
        if isinstance(item, str):
            yield things, item
            things = []
        else:
            things.append(item)


def raised(error: Exception, question: str = "") -> str:
    """The sentence for an error of the student's function."""
    text = textwrap.shorten(str(error), 200, placeholder=" ...").rstrip(" .")
    return f"Your function raised {type(error).__name__}: {text}. {question}".rstrip()


def numbers(result: object) -> np.ndarray | None:
    """The result as an array of floats, or None if it holds anything but real numbers."""
    try:
        array = np.real_if_close(np.asarray(result))
    except (TypeError, ValueError):  # ragged, or no numbers
        return None
    return array.astype("float64") if array.dtype.kind in "biuf" else None


def arrays(result: object, count: int) -> list[np.ndarray] | None:
    """A result as `count` arrays of floats, or None if it is not made of so many."""
    things = [result]
    if count > 1:
        several = isinstance(result, (tuple, list)) or np.ndim(numbers(result)) > 0
        things = list(result) if several else []
    parts = [numbers(thing) for thing in things]
    return parts if len(parts) == count and not any(p is None for p in parts) else None
