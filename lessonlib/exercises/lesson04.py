"""Checks of lesson 04, sparse autoencoders."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise, explain


@exercise("04.1", hint="Divide each decoder row by its length; what must its unit do?")
def rescale(answer: object) -> str | None:
    """A function of (code, rows): the same product, every row of length 1."""
    rng = np.random.default_rng(1)
    code = np.maximum(rng.normal(size=(20, 6)), 0)
    rows = rng.normal(size=(6, 9)) * np.arange(1, 7)[:, None]
    result, fault = call(answer, code.copy(), rows.copy())
    if fault:
        return fault
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        return "Return two things, the new code and the new rows: `return code, rows`."
    shapes = [np.shape(part) for part in result]
    if shapes == [(6, 9), (20, 6)]:
        return "The two came back in the wrong order: the code first, then the rows."
    if shapes != [(20, 6), (6, 9)]:
        return f"The shapes are {shapes}; expected those of code and rows, unchanged."
    new_code, new_rows = (np.asarray(part, "float64") for part in result)
    lengths = np.linalg.norm(rows, axis=1)
    right = rows / lengths[:, None]
    known = [
        (rows, "The rows came back as they were: divide each by its length."),
        (rows / np.linalg.norm(rows, axis=0), "Those are columns of length 1: use axis=1."),
        (rows / np.linalg.norm(rows), "You divided by one length for all: use axis=1."),
        (rows / (rows**2).sum(axis=1, keepdims=True), "The root of the length is missing."),
        (
            rows / np.abs(rows).sum(axis=1, keepdims=True),
            "Length means the root of squares.",
        ),
    ]
    if not np.allclose(new_rows, right, atol=1e-6):
        other = "The rows should keep their direction and have length 1."
        return explain(new_rows, known, tolerance=1e-6) or other
    known = [
        (code, "The rows are right, but the code is unchanged, so the product is not."),
        (code / lengths, "You divided the code as well: what one loses, the other gains."),
        (
            code * lengths.mean(),
            "Every unit has its own factor, the length of its own row.",
        ),
    ]
    if not np.allclose(new_code, code * lengths, atol=1e-6):
        other = "The rows are right, and code @ rows has changed: scale each code column."
        return explain(new_code, known, tolerance=1e-6) or other
    return None


def _kept(code: np.ndarray, per_image: int) -> np.ndarray:
    lowest = np.sort(code, axis=1)[:, -per_image][:, None]
    return np.where(code >= lowest, code, 0)


@exercise("04.2", hint="The batch as a whole keeps len(code) * k values: which?")
def batch_top_k(answer: object) -> str | None:
    """A function of (code, k) that keeps the n * k largest values of all n images."""
    rng = np.random.default_rng(2)
    code = np.maximum(rng.normal(size=(8, 10)), 0.01) * np.arange(1, 9)[:, None]
    code += rng.uniform(0, 1e-3, code.shape)
    before = code.copy()
    handed = code.copy()
    result, fault = call(answer, handed, 2)
    if fault:
        return fault
    if np.shape(result) == (16,):
        return "Those are the largest values alone: return the code, others set to 0."
    if np.shape(result) != (8, 10):
        return f"Your function returns shape {np.shape(result)}; expected (8, 10), as code."
    result = np.asarray(result)
    if result.dtype == bool:
        return "That says which values stay: return the values, and 0 for the others."
    lowest = np.sort(before, axis=None)[-16]
    right = np.where(before >= lowest, before, 0)
    columns = np.sort(before, axis=0)[-2]
    known = [
        (right > 0, "Those are ones where a value stays: return the value itself."),
        (_kept(before, 2), "That keeps k in every image: rank the whole batch at once."),
        (
            np.where(before >= columns, before, 0),
            "That keeps k of every unit: rank the whole batch, not its columns.",
        ),
        (
            np.where(before >= np.sort(before, axis=None)[-2], before, 0),
            "That keeps k values in all: the batch may keep k for each image.",
        ),
        (
            np.where(before > lowest, before, 0),
            "One is missing: the smallest of the n * k largest stays as well, use >=.",
        ),
        (
            np.where(before <= np.sort(before, axis=None)[15], before, 0),
            "Those are the smallest values: sorting puts the largest at the end.",
        ),
        (
            np.where(before >= np.sort(before, axis=None)[16], before, 0),
            "You counted from the small end: the n * k largest begin at [-n * k].",
        ),
        (
            np.where(before >= np.sort(before, axis=None)[-20], before, 0),
            "That keeps k for each unit: n counts the images, `len(code)`.",
        ),
        (before, "Nothing was set to 0."),
    ]
    if not np.allclose(result, right, atol=1e-9):
        other = "The shape is right; the values are not the 16 largest of the batch."
        return explain(result, known, tolerance=1e-9) or other
    if not np.array_equal(handed, before):
        return "The result is right, but your function changed `code` itself: copy it."
    other, fault = call(answer, before.copy(), 3)
    wanted = np.where(before >= np.sort(before, axis=None)[-24], before, 0)
    if fault or not np.allclose(other, wanted, atol=1e-9):
        return "Right for k = 2 and wrong for k = 3: use `k`, not a fixed number."
    return None


def _ista(x, rows, weight, steps, floor=True):
    """The iteration of exercise 04.3; without `floor` values may fall below 0."""
    step = 1 / (2 * np.linalg.eigvalsh(rows @ rows.T).max())
    code = np.zeros((len(x), len(rows)))
    for _ in range(steps):
        code = code - step * (2 * (code @ rows - x) @ rows.T + weight)
        code = np.maximum(code, 0) if floor else code
    return code


@exercise("04.3", hint="A step down the error's slope, minus the price, cut off at 0.")
def sparse_code(answer: object) -> str | None:
    """A function of (x, rows, weight, steps): the cheapest non-negative code of x."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(7, 5))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    x = np.maximum(rng.normal(size=(6, 7)), 0) @ rows + rng.normal(0, 0.1, (6, 5))
    result, fault = call(answer, x.copy(), rows.copy(), 0.3, 2_000)
    if fault:
        return fault
    if np.shape(result) == (6, 5):
        return (
            "That has the shape of x: return the code, one number for each row of `rows`."
        )
    if np.shape(result) != (6, 7):
        return f"Your function returns shape {np.shape(result)}; expected (6, 7)."
    result = np.asarray(result, "float64")
    if not np.isfinite(result).all():
        return "The code grows without end: is the sign right, and the step short enough?"
    right, raw = _ista(x, rows, 0.3, 2_000), _ista(x, rows, 0.3, 2_000, floor=False)
    if not result.any():
        return (
            "The code is all zeros: return it after the steps, and cut off at 0 after "
            "every step, not only at the end."
        )
    known = [
        (
            _ista(x, rows, -0.3, 2_000),
            "The price has the wrong sign: it makes values fall.",
        ),
        (_ista(x, rows, 0.3, 1), "You took one step: take `steps` of them."),
        (_ista(x, rows, 0, 2_000), "That is the code at no price: weight has no effect."),
        (
            _ista(x, rows, 0.6, 2_000),
            "The price counts double: is the 2 of the slope missing?",
        ),
        (
            raw,
            "Some values are below 0: cut off at 0 after every step.",
        ),
        (
            _ista(x, rows, 0.3 * 2 * np.linalg.eigvalsh(rows @ rows.T).max(), 2_000),
            "The price of one step is step * weight: multiply it by the step.",
        ),
    ]
    if not np.allclose(result, right, atol=1e-3):

        def cost(code):
            return ((x - code @ rows) ** 2).sum(1).mean() + 0.3 * code.sum(1).mean()

        sentence = explain(result, known, tolerance=1e-3)
        if sentence is None and result.min() < -1e-9:
            sentence = "There are negative values: the units of this lesson are ReLU units."
        other = f"The cost is {cost(result):.3f}; a code at {cost(right):.3f} exists."
        return sentence or other
    early, fault = call(answer, x.copy(), rows.copy(), 0.3, 1)
    if not fault and np.allclose(early, right, atol=1e-3):
        return "After one step it cannot be there yet: use `steps`."
    return fault
