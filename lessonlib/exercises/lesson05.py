"""Exercises of lesson 05, sparse autoencoders."""

import numpy as np

from lessonlib.exercises._engine import Exercise


def code_and_rows():
    rng = np.random.default_rng(1)
    code = np.maximum(rng.normal(size=(20, 6)), 0)
    return code, rng.normal(size=(6, 9)) * np.arange(1, 7)[:, None]


def lengths(rows):
    return np.linalg.norm(rows, axis=1)


def rescale(code, rows):
    return code * lengths(rows), rows / lengths(rows)[:, None]


def other_rows(change):
    """Rows that are not rescaled as they should be, and the code as it was."""
    return lambda code, rows: (code, change(rows))


def other_code(change):
    """The right rows, and a code that does not make up for them."""
    return lambda code, rows: (change(code, rows), rescale(code, rows)[1])


scaling = Exercise(
    number="05.1",
    hint="Divide each decoder row by its length; what must its unit do?",
    right=rescale,
    cases=[code_and_rows()],
    order=(1, 0),
    tolerance=1e-5,
    shapes={
        None: "Return two things, the new code and the new rows: `return code, rows`.",
        ((6, 9), (20, 6)): "The two are in the wrong order: the code first, then the rows.",
    },
    mistakes=[
        other_rows(lambda rows: rows),
        "The rows came back as they were: divide each by its length.",
        other_rows(lambda rows: rows / lengths(rows.T)),
        "Those are columns of length 1: use axis=1.",
        other_rows(lambda rows: rows / np.linalg.norm(rows)),
        "You divided by one length for all: use axis=1.",
        other_rows(lambda rows: rows / lengths(rows)[:, None] ** 2),
        "The root of the length is missing.",
        other_rows(lambda rows: rows / np.abs(rows).sum(axis=1)[:, None]),
        "Length means the root of squares.",
        other_code(lambda code, rows: code),
        "The rows are right, but the code is unchanged, so the product is not.",
        other_code(lambda code, rows: code / lengths(rows)),
        "You divided the code as well: what one loses, the other gains.",
        other_code(lambda code, rows: code * lengths(rows).mean()),
        "Every unit has its own factor, the length of its own row.",
    ],
    symptoms=[
        lambda result, right, *_: not np.allclose(result[1], right[1], atol=1e-5),
        other_rows(np.ones_like),
        "The rows should keep their direction and have length 1.",
    ],
    other="The rows are right, and code @ rows has changed: scale each code column.",
)


def growing_code():
    """Eight images of ten units, no two values equal, each image stronger than the last."""
    rng = np.random.default_rng(2)
    code = np.maximum(rng.normal(size=(8, 10)), 0.01) * np.arange(1, 9)[:, None]
    return code + rng.uniform(0, 1e-3, code.shape)


def largest(code, count):
    return np.where(code >= np.sort(code, axis=None)[-count], code, 0)


def batch_top_k(code, k):
    return largest(code, len(code) * k)


def in_each_image(code, k):
    return np.where(code >= np.sort(code, axis=1)[:, -k][:, None], code, 0)


top_k = Exercise(
    number="05.2",
    hint="The batch as a whole keeps len(code) * k values: which?",
    right=batch_top_k,
    cases=[(growing_code(), 2)],
    tolerance=1e-6,
    more=[
        (growing_code(), 3),
        "Right for k = 2 and wrong for k = 3: use `k`, not a fixed number.",
    ],
    shapes={(16,): "Those are the largest values alone: return the code, others as 0."},
    mistakes=[
        lambda code, k: batch_top_k(code, k) > 0,
        "That says where a value stays, in ones or True: return the value itself.",
        in_each_image,
        "That keeps k in every image: rank the whole batch at once.",
        lambda code, k: in_each_image(code.T, k).T,
        "That keeps k of every unit: rank the whole batch, not its columns.",
        largest,
        "That keeps k values in all: the batch may keep k for each image.",
        lambda code, k: largest(code, len(code) * k - 1),
        "One is missing: the smallest of the n * k largest stays as well, use >=.",
        lambda code, k: code - largest(code, code.size - len(code) * k),
        "Those are the smallest values: sorting puts the largest at the end.",
        lambda code, k: largest(code, code.size - len(code) * k),
        "You counted from the small end: the n * k largest begin at [-n * k].",
        lambda code, k: largest(code, code.shape[1] * k),
        "That keeps k for each unit: n counts the images, `len(code)`.",
        lambda code, k: code,
        "Nothing was set to 0.",
    ],
    other="The shape is right; the values are not the 16 largest of the batch.",
)


def dictionary():
    """Six rows that seven directions of length 1 explain, but for some noise."""
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(7, 5))
    rows /= lengths(rows)[:, None]
    x = np.maximum(rng.normal(size=(6, 7)), 0) @ rows + rng.normal(0, 0.1, (6, 5))
    return x, rows, 0.3


def descent(sign=-1, factor=2, price=1.0, floor=True, by_step=True):
    """The search of exercise 05.3, with what can go wrong in it."""

    def answer(x, rows, weight, steps):
        step = 1 / (2 * np.linalg.eigvalsh(rows @ rows.T)[-1])
        code = np.zeros((len(x), len(rows)))
        for _ in range(steps):
            slope = factor * (code @ rows - x) @ rows.T
            code = code + sign * step * slope - price * weight * (step if by_step else 1)
            code = np.maximum(code, 0) if floor else code
        return code

    return answer


def cost(code, x, rows, weight):
    return ((x - code @ rows) ** 2).sum(axis=1).mean() + weight * code.sum(axis=1).mean()


search = Exercise(
    number="05.3",
    hint="A step down the error's slope, minus the price, cut off at 0.",
    right=descent(),
    cases=[(*dictionary(), 2_000)],
    more=[
        (*dictionary(), 1),
        "Right after 2,000 steps, and wrong after one: use `steps`, and begin at 0.",
    ],
    tolerance=1e-3,
    shapes={(6, 5): "That is shaped like x: return the code, a number for each of `rows`."},
    mistakes=[
        descent(price=-1),
        "The price has the wrong sign: it makes values fall.",
        lambda x, rows, weight, steps: descent()(x, rows, weight, 1),
        "You took one step: take `steps` of them.",
        descent(price=0),
        "That is the code at no price: weight has no effect.",
        descent(factor=1),
        descent(price=2),
        "The price counts double: is the 2 of the slope missing?",
        descent(floor=False),
        "Some values are below 0: cut off at 0 after every step.",
        descent(by_step=False),
        "The price of one step is step * weight: multiply it by the step.",
    ],
    symptoms=[
        lambda result, *_: not result.any(),
        lambda x, rows, weight, steps: np.zeros((len(x), len(rows))),
        "The code is all zeros: return it after the last step, and cut off in every step.",
        lambda result, *_: result.min() < -1e-9,
        lambda x, rows, weight, steps: x @ np.linalg.pinv(rows),
        "There are negative values: the units of this lesson are ReLU units.",
        lambda result, *_: not np.isfinite(result).all(),
        descent(sign=1),
        "The code grows without end: is the sign right, and the step short enough?",
    ],
    other=lambda result, right, x, rows, weight, steps: (
        f"The cost is {cost(result, x, rows, weight):.3f}; "
        f"a code at {cost(right, x, rows, weight):.3f} exists."
    ),
)
