"""Exercises of lesson 00, Start here."""

import numpy as np

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise, pca_error

error = Exercise(
    number="00.1",
    hint="Return one number: subtract, square, sum over pixels, average.",
    right=lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1).mean(),
    cases=[tuple(np.random.default_rng(0).random((2, 5, 784)))],
    shapes={
        (5,): "That is one error for each image: average them into one number.",
        (784,): "That is one number for each pixel: sum over axis 1, the pixels.",
    },
    mistakes=[
        lambda x, y: ((x - y) ** 2).mean(),
        "That is the mean over the pixels too: sum over the pixels.",
        lambda x, y: ((x - y) ** 2).sum(),
        "That is the sum over the images too: average over them.",
        lambda x, y: np.abs(x - y).sum(axis=1).mean(),
        "Those are absolute values: square them.",
        lambda x, y: (y - x).sum(axis=1).mean(),
        lambda x, y: (x - y).sum(axis=1).mean(),
        "Nothing is squared, so that errors cancel: square the differences.",
        lambda x, y: ((x - y).sum(axis=1) ** 2).mean(),
        "That squares the sum: square first, then sum.",
        lambda x, y: np.linalg.norm(x - y, axis=1).mean(),
        "That takes a root: the course does not.",
        lambda x, y: ((x - y) ** 2).mean() ** 0.5,
        "That takes a root of the mean: sum, without a root.",
        lambda x, y: ((x - y) ** 2).sum(axis=0).mean(),
        "That sums over the images (axis 0): use axis 1.",
    ],
    other="For five random images your function gives {result:.4g}; expected {right:.4g}.",
)


def shares_kept(x):
    """The share of the variation that each component keeps, the largest first."""
    variances = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    return variances / variances.sum()


def first_enough(kept, share):
    """How many shares have to be added up to reach `share`."""
    return int((np.cumsum(kept) < share).sum()) + 1


def numbers_needed(x, share):
    return first_enough(shares_kept(x), share)


def table(rows, columns):
    """Rows far from the origin, whose columns share ever weaker causes."""
    rng = np.random.default_rng(6)
    causes = rng.normal(size=(rows, columns)) * 0.97 ** np.arange(columns)
    return causes @ rng.normal(size=(columns, columns)) + rng.normal(3, 2, columns)


def raw_shares(x):
    squares = np.linalg.svd(x, compute_uv=False) ** 2
    return squares / squares.sum()


def column_shares(x):
    variances = np.sort(x.var(axis=0))[::-1]
    return variances / variances.sum()


needed = Exercise(
    number="00.2",
    hint="`np.cumsum` of what the components keep; where is it large enough at first?",
    right=numbers_needed,
    cases=[(table(80, 12), share) for share in (0.3, 0.6, 0.9, 0.99)],
    more=[
        (table(6, 12), 0.9),
        "Right for a table of 80 rows, wrong for one of 6 rows and 12 columns.",
    ],
    mistakes=[
        lambda x, share: numbers_needed(x, share) - 1,
        "That is one too few: it counts the sizes that are too small; take the next one.",
        lambda x, share: numbers_needed(x, share) + 1,
        "That is one too many: the first sum that is large enough is enough.",
        lambda x, share: int((shares_kept(x) < share).sum()) + 1,
        lambda x, share: int((shares_kept(x) < share).sum()),
        lambda x, share: int((shares_kept(x) >= share).sum()),
        "You look at one component at a time: add them up, with `np.cumsum`.",
        lambda x, share: numbers_needed(x, 1 - share),
        "`share` is what has to be kept, not what may be lost.",
        lambda x, share: first_enough(shares_kept(x)[::-1], share),
        "You add up the smallest first: begin with the component that keeps most.",
        lambda x, share: first_enough(shares_kept(x) ** 0.5, share),
        lambda x, share: first_enough(
            shares_kept(x) ** 0.5 / (shares_kept(x) ** 0.5).sum(), share
        ),
        "Those are spreads, or singular values: variances are their squares.",
        lambda x, share: first_enough(raw_shares(x), share),
        "You did not centre: subtract the mean row first, or let PCA do it.",
        lambda x, share: first_enough(column_shares(x), share),
        "Those are the variances of the columns: take those of PCA's components.",
        lambda x, share: np.cumsum(shares_kept(x))[numbers_needed(x, share) - 1],
        "That is the share that is kept: return how many components keep it.",
    ],
    shapes={
        (12,): "That is one number for each component: return how many are needed.",
    },
    other="With share={1:g} your function gives {result:g}; expected {right:g}.",
)

small_code = ModelExercise(
    number="00.3",
    hint="Take the lines of *Build one*, with a code of 8 numbers, and train with `fit`.",
    code=(1, 8),
    error=pca_error(8),
    than="that of PCA with 8 numbers",
)
