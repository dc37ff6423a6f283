"""Exercises of lesson 02, stacked autoencoders."""

import numpy as np

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise


def way(first, second, share):
    """The points on the way from the first code to the second, a row for each share."""
    return first + share[:, None] * (second - first)


def walk(first, second, count):
    return way(first, second, np.linspace(0, 1, count))


road = Exercise(
    number="02.1",
    hint="`np.linspace(0, 1, count)[:, None]` is a column of shares; mix the two codes.",
    right=walk,
    cases=[(np.array([1.0, -2.0, 0.5]), np.array([3.0, 2.0, -1.5]), 5)],
    shapes={
        (3, 5): "Your codes are columns: one code a row, so that the decoder takes them.",
        (6, 3): "That is one code too many: `count` includes both ends.",
        (7, 3): "Those are two codes too many: `count` includes both ends.",
        (4, 3): "That is one code too few: `count` includes both ends.",
        (3, 3): "Those are two codes too few: `count` includes both ends.",
    },
    mistakes=[
        lambda a, b, n: walk(b, a, n),
        "You walk from the second to the first: begin at the first.",
        lambda a, b, n: way(a, b, np.linspace(0, 1, n, endpoint=False)),
        lambda a, b, n: way(a, b, np.linspace(0, 1, n + 1)[1:]),
        lambda a, b, n: way(a, b, np.linspace(0, 1, n + 2)[1:-1]),
        "An end is missing: the first row is the first code, the last row the second.",
        lambda a, b, n: a + np.linspace(0, 1, n)[:, None] * b,
        "You never leave the first code: mix `(1 - share) * first + share * second`.",
        lambda a, b, n: way(a, b, np.linspace(0, 1, n)) - a,
        "Your steps begin at 0: add the first code to them.",
        lambda a, b, n: np.tile((a + b) / 2, (n, 1)),
        "That is the middle, again and again: the share goes from 0 to 1.",
        lambda a, b, n: way(a, b, np.arange(n, dtype=float)),
        "You walk past the second code: the share ends at 1.",
    ],
    more=[
        (np.array([0.0, 4.0]), np.array([-1.0, 1.0]), 4),
        "Right for five codes of three numbers, but not for four codes of two.",
    ],
    other="The shape is right and the codes are not: which share has each row?",
)


def entropy(x, logarithm=np.log):
    """The cross-entropy of each pixel with itself, 0 for black and white."""
    safe = np.clip(x, 1e-12, 1 - 1e-12)
    return -x * logarithm(safe) - (1 - x) * logarithm(1 - safe)


def lowest_loss(x):
    return entropy(x).mean()


def greys():
    """Six images of eight pixels, with black and white ones among them."""
    x = np.random.default_rng(3).uniform(0, 1, (6, 8))
    x[:, :3], x[:, 3] = 0, 1
    return x


PIXELS = "Those are many numbers: average over images and pixels."

floor = Exercise(
    number="02.2",
    hint="`-x * log(x) - (1 - x) * log(1 - x)`; clip x a little before the logarithm.",
    right=lowest_loss,
    cases=[(greys(),)],
    tolerance=1e-5,
    shapes={(6,): PIXELS, (8,): PIXELS, (6, 8): PIXELS},
    mistakes=[
        lambda x: (-x * np.log(x) - (1 - x) * np.log(1 - x)).mean(),
        "NaN: 0 times the logarithm of 0 is not a number. Clip x a little before it.",
        lambda x: entropy(x).sum(axis=1).mean(),
        "That is the sum over an image's pixels: Keras averages over them too.",
        lambda x: entropy(x).sum(),
        "That is the sum over everything: Keras averages over images and pixels.",
        lambda x: lowest_loss(x[(x > 0) & (x < 1)]),
        "You average over the grey pixels alone: black and white ones count, with 0.",
        lambda x: entropy(x, np.log2).mean(),
        "Those are bits: take the natural logarithm, as Keras does.",
        lambda x: -lowest_loss(x),
        "The sign is wrong: logarithms of shares are negative, a loss is not.",
        lambda x: (-x * np.log(x.clip(1e-12))).mean(),
        "The half of black is missing: add `-(1 - x) * log(1 - x)`.",
        lambda x: (-(1 - x) * np.log((1 - x).clip(1e-12))).mean(),
        "The half of white is missing: add `-x * log(x)`.",
        lambda x: ((x - x.round()) ** 2).mean(),
        "That is a squared error: use the cross-entropy of the lesson.",
        lambda x: 0.0,
        "Squared error would be 0. Cross-entropy is not: look at the grey pixels.",
    ],
    more=[
        (greys()[:, 3:6],),
        "Right for shape (6, 8), but not for (6, 3): take sizes from x.",
    ],
    other="For 6 images of 8 pixels you return {result:.4g}; expected {right:.4g}.",
)


train = ModelExercise(
    number="02.3",
    hint="Of the three knobs width pays and depth hardly does; the rate decides.",
    code=(1, 8),
    error=22.0,
    than="a quarter below PCA with 8 numbers",
)
