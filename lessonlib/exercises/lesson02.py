"""Checks of lesson 02, stacked autoencoders."""

from __future__ import annotations

import copy
import math
from itertools import pairwise

import numpy as np

from lessonlib.exercises import NotSolved, call, exercise, explain


def _not_a_number(result: object) -> str | None:
    if np.shape(result) != ():
        return f"Your function returns shape {np.shape(result)}; expected one number."
    if np.asarray(result).dtype.kind not in "iuf":
        name = type(result).__name__
        return f"Your function returns something of type {name}; expected one number."
    return None


def _call_on_all(answer, cases, describe) -> tuple[list, str | None]:
    """The results of all cases and None, or what went wrong in the first that failed."""
    results = []
    for case in cases:
        try:
            result, fault = call(answer, *copy.deepcopy(case))
        except NotSolved:
            if not results:
                raise
            return [], f"{describe(*case)}: your function returns nothing there."
        if fault:
            return [], f"{describe(*case)}: {fault}" if callable(answer) else fault
        results.append(result)
    return results, None


def _squares(array: np.ndarray) -> float:
    return (array**2).sum()


@exercise(
    "02.1", hint="Two sums of squares: around x_hat, and around `x.mean(axis=0)`. Divide."
)
def share_lost(answer: object) -> str | None:
    """A function of (x, x_hat), both (n, d): the share of the variance that is lost."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(40, 6)) * np.arange(1, 7) + rng.normal(3, 2, 6)
    x_hat = 0.7 * x + rng.normal(0.5, 1.5, (40, 6))
    result, fault = call(answer, x.copy(), x_hat.copy())
    if fault:
        return fault
    if np.shape(result) in [(40,), (6,)]:
        return "Those are shares of rows or columns: sum over both, then divide once."
    fault = _not_a_number(result)
    if fault:
        return fault
    mean, off = x.mean(axis=0), x - x_hat
    lost, total = _squares(off), _squares(x - mean)
    right = lost / total
    by_column = (off**2).sum(axis=0) / ((x - mean) ** 2).sum(axis=0)
    one_mean = "The mean image has one number for each column: `x.mean(axis=0)`."
    of_x_hat = "Your mean image is that of x_hat: take that of x (are the two swapped?)."
    centred = "Your errors are centred: square `x - x_hat` as it is."
    error = "That is an error, not a share: divide by the error of the mean image."
    averaged = "One of your sums is averaged and the other is not: treat both the same way."
    known = [
        (1 - right, "That is the share that is kept: the lost one is what it lacks to 1."),
        (lost / _squares(x), "You divided by the squares of x: subtract the mean image."),
        (lost / _squares(x - x.mean()), one_mean),
        (lost / _squares(x - x.mean(axis=1, keepdims=True)), one_mean),
        (lost / _squares(x - x_hat.mean(axis=0)), of_x_hat),
        (lost / _squares(x_hat - x_hat.mean(axis=0)), of_x_hat),
        (by_column.mean(), "You average one share for each column: divide only once."),
        (_squares(off - off.mean(axis=0)) / total, centred),
        (off.var() / x.var(), centred),
        (math.sqrt(right), "That takes a root: variance is in squares, so leave it out."),
        (np.abs(off).sum() / np.abs(x - mean).sum(), "Use squares, not absolute values."),
        (total / lost, "That is upside down: the error of x_hat goes on top."),
        (100 * right, "That is in percent: a share of everything is 1, not 100."),
    ]
    known += [(lost / count, error) for count in (1, 40, 240)]
    known += [(right * count, averaged) for count in (1 / 240, 1 / 40, 40, 240)]
    if not np.isclose(result, right, rtol=1e-4, atol=0):
        other = f"For 40 random rows you return {result:.4g}; expected {right:.4g}."
        return explain(result, known, tolerance=1e-4) or other
    few, still = x[:9, 1:5].copy(), x[:9, 1:5].mean(axis=0)
    few[:, 0] = still[0]  # a pixel that is the same in all images, as at the border
    share, fault = call(answer, few.copy(), np.tile(still, (9, 1)))
    if fault or _not_a_number(share) or not np.isclose(share, 1, rtol=1e-4):
        return (
            "Right for shape (40, 6), but not for shape (9, 4) with a constant column, "
            "where the mean image should lose 1: take sizes from x, and divide once."
        )
    return None


_RUNS = [
    ([50, 40, 30, 35, 32, 31, 20, 10], 2),
    ([90, 70, 80, 60, 65, 50, 55, 52, 54, 40], 3),
    ([60, 50, 40, 30, 35, 33], 3),
    ([40, 30, 30, 30, 20, 10], 2),
    ([20, 24, 18, 22, 19, 21, 23, 17, 16], 4),
]
_MORE_RUNS = [([20, 18, 19, 10], 1), ([7.5], 2), ([30, 31, 32, 33, 34], 3)]


def _run(losses, patience):
    return f"For the losses {losses} and patience {patience}"


def _stop(losses, patience, reset=True, tie=False, previous=False) -> tuple[int, int]:
    """Early stopping, counted from 1; the options make known mistakes."""
    best, best_epoch, bad = math.inf, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best or (tie and loss == best):
            best, best_epoch = loss, epoch
            bad = 0 if reset else bad
        else:
            bad += 1
        if bad == patience:
            return best_epoch, epoch
        if previous:
            best = loss
    return best_epoch, len(losses)


@exercise(
    "02.2",
    hint="Walk through the losses; keep the best, its epoch and a count of bad ones.",
)
def early_stop(answer: object) -> str | None:
    """A function of (losses, patience) that returns (best_epoch, epochs_trained)."""
    runs = _RUNS + _MORE_RUNS
    results, fault = _call_on_all(answer, runs, _run)
    if fault:
        return fault
    for result in results:
        if np.shape(result) != (2,) or np.asarray(result).dtype.kind not in "iuf":
            return "Return two whole numbers: `return best_epoch, epochs_trained`."

    def stops(more=0, **options):
        """The best epochs of all runs and their epochs trained, of shape (2, 5)."""
        return np.array([_stop(run, wait + more, **options) for run, wait in _RUNS]).T

    best, epochs = stops()
    last = np.array([len(losses) for losses, _ in _RUNS])
    lowest = np.array([np.argmin(losses) + 1 for losses, _ in _RUNS])
    known = [
        ((epochs, best), "The order is swapped: best_epoch comes first."),
        ((lowest, epochs), "Your best_epoch comes after the stop: it was never trained."),
        ((lowest, last), "You never stop early: watch the epochs without progress."),
        ((epochs, epochs), "You return the last epoch as the best: keep an earlier one."),
        (stops(reset=False), "A new best sets the count of bad epochs back to 0."),
        (stops(-1), "You stop one epoch early: `patience` bad epochs are trained."),
        (stops(1), "You stop one epoch late: bad epoch number `patience` is the last."),
        (stops(tie=True), "A tie is no progress: take `<` instead of `<=`."),
    ]
    given = np.array(results[: len(_RUNS)], "float64").T
    if not np.array_equal(given, (best, epochs)):
        if np.array_equal(given[0], best - 1):
            return "Your best_epoch counts from 0: the first epoch is 1."
        if np.array_equal(given[1], stops(previous=True)[1]):
            return "You compare with the epoch before: compare with the best loss so far."
        sentence = explain(given, known)
        if sentence:
            return sentence
    for run, result in zip(runs, results, strict=True):
        if not np.array_equal(result, _stop(*run)):
            shown = ", ".join(f"{value:g}" for value in np.asarray(result))
            return f"{_run(*run)} you return ({shown}); expected {_stop(*run)}."
    return None


_ORDERS = [
    ((512,), 30, 30, 330),
    ((256, 64), 16, 16, 310),
    ((300, 200, 50), 10, 20, 420),
    ((), 20, 80, 129),  # 49 bytes an image: exactly even after 1,344
    ((128,), 40, 160, 416),
]
_NEVER = [((512,), 30, 300, 300), ((64,), 8, 400, 300)]


def _order(widths, code, code_bytes, jpeg_bytes):
    return f"For break_even({widths}, {code}, {code_bytes}, {jpeg_bytes})"


def _size(*sizes: int, bias: int = 1) -> int:
    """Bytes of dense layers of these sizes, the input's first."""
    return 4 * sum((above + bias) * width for above, width in pairwise(sizes))


@exercise(
    "02.3", hint="Bytes of the decoder, divided by what one image saves, then one more."
)
def break_even(answer: object) -> str | None:
    """A function of (widths, code, code_bytes, jpeg_bytes): a number of images."""
    results, fault = _call_on_all(answer, _ORDERS, _order)
    if fault:
        return fault
    for result in results:
        fault = _not_a_number(result)
        if fault:
            return fault
    jpeg = np.array([jpeg_bytes for *_, jpeg_bytes in _ORDERS])
    saved = jpeg - [code_bytes for *_, code_bytes, _ in _ORDERS]

    def images(size):
        """How many images save `size(up, code)` bytes; `up` are the decoder's widths."""
        return np.array([size(case[0][::-1], case[1]) for case in _ORDERS]) / saved

    quotient = images(lambda up, code: _size(code, *up, 784))
    rounded = [
        (np.ceil(quotient), "Right but for a draw: add one where both cost the same."),
        (np.floor(quotient), "You round down: the decoder is not yet paid for."),
        (quotient, "That is a fraction: return the smallest whole number above it."),
        (quotient * saved, "Those are the decoder's bytes: divide by an image's saving."),
    ]
    encoder = images(lambda up, code: _size(784, *up[::-1], code))
    sender = "You send the encoder: to see the images again, the decoder is enough."
    unit = "You count a weight as 1 or 32 bytes: it takes 32 bits, which are 4 bytes."
    missing = "A layer is missing: the decoder leads from the code through widths to 784."
    no_bias = images(lambda up, code: _size(code, *up, 784, bias=0))
    in_order = images(lambda up, code: _size(code, *up[::-1], 784))
    unrounded = [
        (quotient * saved / jpeg, "You divide by jpeg_bytes: subtract code_bytes first."),
        (no_bias, "The biases are missing: each unit of a dense layer has one."),
        (in_order, "Your layers are in the encoder's order: take `widths[::-1]`."),
        (encoder, sender),
        (encoder + quotient, sender),
        (quotient / 4, unit),
        (quotient * 8, unit),
        (images(lambda up, code: _size(code, 784)), missing),
        (images(lambda up, code: _size(*up, 784)), missing),
        (images(lambda up, code: _size(code, *up)), missing),
    ]
    given, right = np.array(results, "float64"), np.floor(quotient) + 1
    if not np.array_equal(given, right):
        # The tolerance of 1 finds a wrong count whichever way it was rounded.
        sentence = explain(given, rounded) or explain(given, unrounded, tolerance=1)
        i = np.argmax(given != right)
        other = f"{_order(*_ORDERS[i])} you return {given[i]:g}; expected {right[i]:g}."
        return sentence or other
    for case in _NEVER:
        never = f"{_order(*case)} no number of images is enough: return math.inf"
        try:
            result, fault = call(answer, *case)
        except NotSolved:
            return f"{never}. Your function returns nothing there."
        if fault and "ZeroDivisionError" in fault:
            return f"{never}, before you divide by what an image saves."
        fault = fault or _not_a_number(result)
        if fault:
            return f"{never}. {fault}"
        if result != math.inf:
            return f"{never}, not {result:g}."
    return None
