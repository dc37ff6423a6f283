"""Checks of lesson 02, stacked autoencoders."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence

import numpy as np

from lessonlib.exercises import NotSolved, call, exercise, explain


def _not_a_number(result: object) -> str | None:
    if np.shape(result) != ():
        return f"Your function returns shape {np.shape(result)}; expected one number."
    if np.asarray(result).dtype.kind not in "iuf":
        name = type(result).__name__
        return f"Your function returns something of type {name}; expected one number."
    return None


def _call_on_all(
    answer: object, cases: Sequence[tuple], describe: Callable[..., str]
) -> tuple[list[object], str | None]:
    """The results of all cases and None, or what went wrong in the first that failed.

    Raises:
        NotSolved: if the function returns nothing in every case.
    """
    results, silent = [], []
    for case in cases:
        try:
            result, fault = call(answer, *copy.deepcopy(case))
        except NotSolved:
            silent.append(case)
            continue
        if fault:
            return [], f"{describe(*case)}: {fault}" if callable(answer) else fault
        results.append(result)
    if silent and not results:
        raise NotSolved
    if silent:
        return [], f"{describe(*silent[0])}: your function returns nothing there."
    return results, None


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
    if np.shape(result) == (40,):
        return "That is a share for each row: sum over rows and columns, then divide once."
    if np.shape(result) == (6,):
        return "That is a share for each column: sum over the columns too, then divide."
    fault = _not_a_number(result)
    if fault:
        return fault

    def squares(array):
        return (array**2).sum()

    mean, off = x.mean(axis=0), x - x_hat
    lost, total = squares(off), squares(x - mean)
    right = lost / total
    average = "One of your sums is averaged and the other is not: treat both the same way."
    undivided = "That is an error, not a share: divide by the error of the mean image."
    by_column = (off**2).sum(axis=0) / ((x - mean) ** 2).sum(axis=0)
    by_row = (off**2).sum(axis=1) / ((x - mean) ** 2).sum(axis=1)
    distance = np.linalg.norm(off, axis=1).sum() / np.linalg.norm(x - mean, axis=1).sum()
    known = [
        (1 - right, "That is the share that is kept: the lost one is what it lacks to 1."),
        (
            lost / squares(x - x.mean()),
            "Your mean is one number: the mean image has one for each column, "
            "`x.mean(axis=0)`.",
        ),
        (
            lost / squares(x - x.mean(axis=1, keepdims=True)),
            "You subtracted each row's own mean (axis 1): the mean image is the mean "
            "over the rows, axis 0.",
        ),
        (
            lost / squares(x),
            "You divided by the squares of x itself: subtract the mean image first.",
        ),
        (
            lost / squares(x - x_hat.mean(axis=0)),
            "You took the mean image of x_hat: the yardstick is that of x.",
        ),
        (
            lost / squares(x_hat - x_hat.mean(axis=0)),
            "You divided by the variance of x_hat: are the arguments swapped? The "
            "originals come first.",
        ),
        (
            by_column.mean(),
            "That averages one share for each column, so that columns which hardly vary "
            "count as much as the others: sum first, divide once.",
        ),
        (
            by_row.mean(),
            "That averages one share for each row: sum over all rows first, divide once.",
        ),
        (math.sqrt(right), "That takes a root: variance is in squares, so leave it out."),
        (
            np.abs(off).sum() / np.abs(x - mean).sum(),
            "Those are absolute differences: square them.",
        ),
        (distance, "Those are distances, roots of sums: add up the squares themselves."),
        (lost, undivided),
        (lost / 40, undivided),
        (lost / 240, undivided),
        (total / lost, "That is upside down: the error of x_hat goes on top."),
        (100 * right, "That is in percent: a share of everything is 1, not 100."),
        (right / 40, average),
        (right * 40, average),
        (right / 6, average),
        (right * 6, average),
        (right / 240, average),
        (right * 240, average),
        (
            right * 39 / 40,
            "One of your means divides by n - 1 (`ddof=1`) and the other by n: "
            "use plain sums.",
        ),
        (
            squares(off - off.mean(axis=0)) / total,
            "Your errors are centred, so that a constant error goes unnoticed: square "
            "`x - x_hat` as it is.",
        ),
        (
            squares(x_hat - x_hat.mean(axis=0)) / total,
            "That compares how much x_hat and x vary: what is lost is in `x - x_hat`.",
        ),
        (
            squares(x - mean - x_hat) / total,
            "You subtracted x_hat from the centred x: the mean image belongs in the "
            "divisor only (`x -= ...` changes x itself).",
        ),
    ]
    if not np.isclose(result, right, rtol=1e-4, atol=0):
        other = (
            f"For 40 random rows your function gives {result:.4g}; expected {right:.4g}."
        )
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


def _counts(
    losses, patience, *, better=None, reset=True, rival="best", last=False
) -> tuple[int, int]:
    """Early stopping, counted from 1; the options make the known mistakes."""
    better = better or (lambda new, old: new < old)
    best, previous, best_epoch, bad = math.inf, math.inf, 0, 0
    for epoch, loss in enumerate(losses, 1):
        good = better(loss, best if rival == "best" else previous)
        if loss < best or (last and good):
            best, best_epoch = loss, epoch
        previous = loss
        if good:
            bad = 0 if reset else bad
            continue
        bad += 1
        if bad >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses)


def _last_at_tie(losses, patience):
    _, epochs = _counts(losses, patience)
    trained = losses[:epochs]
    return epochs - trained[::-1].index(min(trained)), epochs


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


def _late(losses, patience):
    return _counts(losses, patience + 1)


def _early(losses, patience):
    return _counts(losses, patience - 1)


_ZERO = "counts from 0: the first epoch is 1."
_PREVIOUS = "You compare with the epoch before: compare with the best loss so far."
_TIE = (
    "A tie counts as progress in your function: only a loss below the best does, `<` "
    "instead of `<=`."
)
_EARLY_STOP_MISTAKES = [
    (
        lambda a, p: (_counts(a, p)[0] - 1, _counts(a, p)[1] - (_counts(a, p)[1] < len(a))),
        f"Your `enumerate` {_ZERO}",
    ),
    (lambda a, p: _counts(a, p)[::-1], "The order is swapped: best_epoch comes first."),
    (lambda a, p: (_counts(a, p)[0] - 1, _counts(a, p)[1] - 1), f"Your function {_ZERO}"),
    (
        lambda a, p: (_counts(a, p)[0] - 1, _counts(a, p)[1]),
        f"epochs_trained is right, but best_epoch {_ZERO}",
    ),
    (
        lambda a, p: (_counts(a, p)[0], _counts(a, p)[1] - 1),
        f"best_epoch is right, but epochs_trained {_ZERO}",
    ),
    (
        lambda a, p: (a.index(min(a)) + 1, _counts(a, p)[1]),
        "Your best_epoch comes from the whole list: an epoch after the stop was never "
        "trained.",
    ),
    (
        lambda a, p: (a.index(min(a)) + 1, len(a)),
        "Your function never stops early: watch the epochs without progress.",
    ),
    (
        lambda a, p: _counts(a, p, reset=False),
        "You count all bad epochs: a new best sets the count back to 0, since patience "
        "is about epochs in a row.",
    ),
    (
        _early,
        "You stop one epoch early: `patience` epochs without a new best are trained "
        "after the best one.",
    ),
    (
        _late,
        "You stop one epoch late: the last of the `patience` bad epochs is the last "
        "that is trained.",
    ),
    (lambda a, p: _counts(a, p, rival="previous"), _PREVIOUS),
    (lambda a, p: _counts(a, p, rival="previous", last=True), _PREVIOUS),
    (lambda a, p: _counts(a, p, better=lambda new, old: new <= old), _TIE),
    (lambda a, p: _counts(a, p, better=lambda new, old: new <= old, last=True), _TIE),
    (_last_at_tie, "You stop in time, but at a tie the earliest epoch is the best."),
    (
        lambda a, p: (_counts(a, p)[1],) * 2,
        "You return the last epoch as the best: the best weights are those of an "
        "earlier one.",
    ),
    (
        lambda a, p: (a[_counts(a, p)[0] - 1], _counts(a, p)[1]),
        "Your first number is a loss: return the epoch that had it.",
    ),
    (
        lambda a, p: (_counts(a, p)[0], _counts(a, p)[0] + p),
        "Your epochs_trained is best_epoch + patience, which may lie beyond the end of "
        "the list.",
    ),
    (
        lambda a, p: (_counts(a, p)[0], _counts(a, p)[1] - _counts(a, p)[0]),
        "Your second number counts the epochs after the best: count all that were trained.",
    ),
]


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
        if np.shape(result) == ():
            return "Your function returns one value; expected (best_epoch, epochs_trained)."
        if np.shape(result) != (2,):
            return f"Your function returns shape {np.shape(result)}; expected two numbers."
        if np.asarray(result).dtype.kind not in "iuf":
            return "One of the two is no number; expected two whole numbers."
    known = [
        (np.array([mistake(*run) for run in _RUNS]), sentence)
        for mistake, sentence in _EARLY_STOP_MISTAKES
    ]
    main = np.array(results[: len(_RUNS)], "float64")
    if not np.array_equal(main, [_counts(*run) for run in _RUNS]):
        sentence = explain(main, known)
        if sentence:
            return sentence
    for run, result in zip(runs, results, strict=True):
        if not np.array_equal(result, _counts(*run)):
            shown = ", ".join(f"{value:g}" for value in np.asarray(result))
            return f"{_run(*run)} you return ({shown}); expected {_counts(*run)}."
    return None


def _weights(*sizes: int) -> int:
    """Weights and biases of dense layers of these sizes, the input's first."""
    return sum((above + 1) * width for above, width in zip(sizes, sizes[1:], strict=False))


def _decoder(widths, code):
    return _weights(code, *widths[::-1], 784)


def _products(widths, code):
    """The decoder without its biases."""
    return _decoder(widths, code) - sum(widths) - 784


_ORDERS = [
    ((512,), 30, 30, 330),
    ((256, 64), 16, 16, 310),
    ((300, 200, 50), 10, 20, 420),
    ((), 20, 80, 129),  # 49 bytes an image: exactly even after 1,344
    ((128,), 40, 160, 416),
]
_NEVER = [((512,), 30, 300, 300), ((64,), 8, 400, 300)]


def _order(widths, code, code_bytes, jpeg_bytes):
    return (
        f"For widths {widths}, a code of {code} numbers in {code_bytes} bytes and "
        f"{jpeg_bytes} bytes for a JPEG"
    )


_WEIGHT_MISTAKES = [
    (
        lambda w, c: 4 * _products(w, c),
        "The biases are missing: each unit of a dense layer has one.",
    ),
    (
        lambda w, c: 4 * (_weights(784, *w, c) + _decoder(w, c)),
        "You send the whole autoencoder: to see the images again, the decoder is enough.",
    ),
    (
        lambda w, c: 4 * _weights(784, *w, c),
        "You send the encoder: the decoder has the same products, but its biases are "
        "those of 784 outputs, not of the code.",
    ),
    (_decoder, "You count a weight as one byte: it takes 4."),
    (
        lambda w, c: 32 * _decoder(w, c),
        "You count a weight as 32 bytes: it takes 32 bits, which are 4 bytes.",
    ),
    (
        lambda w, c: 4 * _weights(c, *w, 784),
        "Your hidden layers are in the encoder's order: the decoder mirrors them, "
        "`widths[::-1]`.",
    ),
    (
        lambda w, c: 4 * _weights(c, 784),
        "Your decoder has no hidden layers: it goes from the code through all widths to "
        "784.",
    ),
    (
        lambda w, c: 4 * _weights(*w[::-1], 784),
        "The first layer of the decoder is missing: it leads from the code to the last "
        "of the widths.",
    ),
    (
        lambda w, c: 4 * _weights(c, *w[::-1]),
        "The last layer of the decoder is missing: it leads to the 784 pixels.",
    ),
]


def _more_than(total, saving):
    return total // saving + 1


def _at_least(total, saving):
    return -(-total // saving)


def _down(total, saving):
    return total // saving


def _fraction(total, saving):
    return total / saving


def _nearest(total, saving):
    return round(total / saving)


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

    def of_all(weights, images):
        return np.array([images(weights(w, c), jpeg - own) for w, c, own, jpeg in _ORDERS])

    def decoder(widths, code):
        return 4 * _decoder(widths, code)

    right = of_all(decoder, _more_than)
    if not np.array_equal(results, right):
        known = [
            (
                of_all(decoder, _at_least),
                "Right but for a draw: where both cost the same, one image more is needed "
                "to be cheaper.",
            ),
            (
                of_all(decoder, _down),
                "You round down: after that many images the decoder is not yet paid for.",
            ),
            (
                of_all(decoder, _fraction),
                "That is a fraction: return the smallest whole number above it.",
            ),
            (
                of_all(decoder, _nearest),
                "You round to the nearest whole number: it may lie below the quotient, "
                "where the decoder is not yet paid for.",
            ),
            (
                of_all(decoder, lambda total, saving: total),
                "Those are the bytes of the decoder: divide by what each image saves.",
            ),
        ]
        roundings = (_more_than, _at_least, _down, _fraction, _nearest)
        for images in roundings:
            paid = [images(4 * _decoder(w, c), jpeg) for w, c, _, jpeg in _ORDERS]
            known.append(
                (
                    np.array(paid),
                    "You divide by jpeg_bytes: an image saves only what JPEG needs beyond "
                    "code_bytes.",
                )
            )
        for weights, sentence in _WEIGHT_MISTAKES:
            known += [(of_all(weights, images), sentence) for images in roundings]
        sentence = explain(np.array(results, "float64"), known)
        if sentence:
            return sentence
        i = next(i for i, result in enumerate(results) if result != right[i])
        return f"{_order(*_ORDERS[i])} you return {results[i]:g}; expected {right[i]}."
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
        if result < 0:
            return f"{never}, not a negative number."
        if result != math.inf:
            return f"{never}, not {result:g}."
    return None
