"""Wrong answers that people give to lesson 04, each with a part of its sentence."""

import numpy as np


def lengths(rows):
    return np.linalg.norm(rows, axis=1)


def in_each_image(code, k):
    lowest = np.sort(code, axis=1)[:, -k][:, None]
    return np.where(code >= lowest, code, 0)


def in_each_unit(code, k):
    return np.where(code >= np.sort(code, axis=0)[-k], code, 0)


def of_the_batch(code, count):
    return np.where(code >= np.sort(code, axis=None)[-count], code, 0)


def one_short(code, k):
    return np.where(code > np.sort(code, axis=None)[-len(code) * k], code, 0)


def smallest(code, k):
    return np.where(code <= np.sort(code, axis=None)[len(code) * k - 1], code, 0)


def from_the_small_end(code, k):
    return np.where(code >= np.sort(code, axis=None)[len(code) * k], code, 0)


def in_place(code, k):
    code[code < np.sort(code, axis=None)[-len(code) * k]] = 0
    return code


def descent(x, rows, weight, steps, sign=-1, factor=2, price=1.0, floor=True):
    step = 1 / (2 * np.linalg.eigvalsh(rows @ rows.T).max())
    code = np.zeros((len(x), len(rows)))
    with np.errstate(over="ignore", invalid="ignore"):  # the wrong sign diverges
        for _ in range(steps):
            gradient = factor * (code @ rows - x) @ rows.T
            code = code + sign * step * gradient - price * step * weight
            code = np.maximum(code, 0) if floor else code
    return code


def price_without_step(x, rows, weight, steps):
    step = 1 / (2 * np.linalg.eigvalsh(rows @ rows.T).max())
    return descent(x, rows, weight, steps, price=1 / step)


def least_squares(x, rows, weight, steps):
    return x @ np.linalg.pinv(rows)


MISTAKES = {
    "04.1": [
        (lambda code, rows: code @ rows, "two things"),
        (lambda code, rows: (rows / lengths(rows)[:, None], code), "wrong order"),
        (lambda code, rows: (code, rows), "came back as they were"),
        (lambda code, rows: (code, rows / lengths(rows.T)), "columns of length 1"),
        (lambda code, rows: (code, rows / np.linalg.norm(rows)), "one length for all"),
        (
            lambda code, rows: (code, rows / lengths(rows)[:, None] ** 2),
            "root of the length",
        ),
        (
            lambda code, rows: (code, rows / np.abs(rows).sum(1, keepdims=True)),
            "root of squares",
        ),
        (lambda code, rows: (code, rows / lengths(rows)[:, None]), "code is unchanged"),
        (
            lambda code, rows: (code / lengths(rows), rows / lengths(rows)[:, None]),
            "divided the code as well",
        ),
        (
            lambda code, rows: (code * lengths(rows).mean(), rows / lengths(rows)[:, None]),
            "its own factor",
        ),
        (lambda code, rows: (code * 0, rows / lengths(rows)[:, None]), "has changed"),
        (lambda code, rows: (code.T, rows), "The shapes are"),
        (lambda code, rows: (code, rows * 0 + 1), "keep their direction"),
        ("code", "hand in the function itself"),
    ],
    "04.2": [
        (in_each_image, "in every image"),
        (in_each_unit, "of every unit"),
        (lambda code, k: of_the_batch(code, k), "k values in all"),
        (one_short, "One is missing"),
        (smallest, "smallest values"),
        (in_place, "changed `code` itself"),
        (lambda code, k: np.sort(code, axis=None)[-len(code) * k :], "values alone"),
        (lambda code, k: of_the_batch(code, len(code) * k) > 0, "which values stay"),
        (
            lambda code, k: (of_the_batch(code, len(code) * k) > 0).astype(float),
            "ones where a value stays",
        ),
        (from_the_small_end, "from the small end"),
        (lambda code, k: of_the_batch(code, code.shape[1] * k), "n counts the images"),
        (lambda code, k: of_the_batch(code, len(code) * 2), "k = 3"),
        (lambda code, k: code, "Nothing was set"),
        (lambda code, k: code[:k], "returns shape (2, 10)"),
        (lambda code, k: code * 0, "not the 16 largest"),
        (3, "hand in the function itself"),
    ],
    "04.3": [
        (lambda *a: descent(*a, price=0), "at no price"),
        (lambda *a: descent(*a, factor=1), "counts double"),
        (lambda *a: descent(*a, floor=False), "below 0"),
        (price_without_step, "multiply it by the step"),
        (lambda *a: descent(*a, sign=1), "without end"),
        (lambda x, rows, weight, steps: descent(x, rows, weight, 3), "a code at"),
        (lambda x, rows, weight, steps: np.zeros((len(x), len(rows))), "all zeros"),
        (lambda x, rows, weight, steps: descent(x, rows, weight, steps) @ rows, "of x:"),
        (lambda x, rows, weight, steps: descent(x, rows, weight, 2_000), "use `steps`"),
        (least_squares, "negative values"),
        (lambda *a: descent(*a, price=-1), "the wrong sign: it makes"),
        (lambda x, rows, weight, steps: descent(x, rows, weight, 1), "took one step"),
        (lambda x, rows, weight, steps: x[:, :3], "returns shape (6, 3)"),
        (np.zeros((6, 7)), "hand in the function itself"),
    ],
}
