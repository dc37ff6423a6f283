"""Exercises of lesson 03, two ways to learn nothing."""

import math
from itertools import pairwise

import numpy as np

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise


def squares(array):
    return (array**2).sum()


def share(x, x_hat, around):
    """The share lost, with a choice of what the yardstick is measured around."""
    return squares(x - x_hat) / squares(x - around)


def share_lost(x, x_hat):
    return share(x, x_hat, x.mean(axis=0))


def shares():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(40, 6)) * np.arange(1, 7) + rng.normal(3, 2, 6)
    return x, 0.7 * x + rng.normal(0.5, 1.5, (40, 6))


def with_a_still_column():
    """Nine images with a pixel that is the same in all, and their mean image."""
    x = shares()[0][:9, 1:5].copy()
    x[:, 0] = x[:, 0].mean()
    return x, np.tile(x.mean(axis=0), (9, 1))


ROWS_OR_COLUMNS = "Those are shares of rows or columns: sum over both, then divide once."

lost = Exercise(
    number="03.1",
    hint="Two sums of squares: around x_hat, and around `x.mean(axis=0)`. Divide.",
    right=share_lost,
    cases=[shares()],
    shapes={(40,): ROWS_OR_COLUMNS, (6,): ROWS_OR_COLUMNS},
    mistakes=[
        lambda x, y: 1 - share_lost(x, y),
        "That is the share that is kept: the lost one is what it lacks to 1.",
        lambda x, y: share(x, y, 0),
        "You divided by the squares of x: subtract the mean image.",
        lambda x, y: share(x, y, x.mean()),
        lambda x, y: share(x, y, x.mean(axis=1, keepdims=True)),
        "The mean image has one number for each column: `x.mean(axis=0)`.",
        lambda x, y: share(x, y, y.mean(axis=0)),
        lambda x, y: share_lost(y, x),
        "Your mean image is that of x_hat: take that of x (are the two swapped?).",
        lambda x, y: (
            ((x - y) ** 2).sum(axis=0) / ((x - x.mean(axis=0)) ** 2).sum(axis=0)
        ).mean(),
        lambda x, y: (
            ((x - y) ** 2).sum(axis=1) / ((x - x.mean(axis=0)) ** 2).sum(axis=1)
        ).mean(),
        "You average one share for each row or column: divide only once.",
        lambda x, y: share_lost(x, y + (x - y).mean(axis=0)),
        lambda x, y: (x - y).var() / x.var(),
        "Your errors are centred: square `x - x_hat` as it is.",
        lambda x, y: share_lost(x, y) ** 0.5,
        "That takes a root: variance is in squares, so leave it out.",
        lambda x, y: np.abs(x - y).sum() / np.abs(x - x.mean(axis=0)).sum(),
        "Use squares, not absolute values.",
        lambda x, y: 1 / share_lost(x, y),
        "That is upside down: the error of x_hat goes on top.",
        lambda x, y: 100 * share_lost(x, y),
        "That is in percent: a share of everything is 1, not 100.",
        lambda x, y: squares(x - y),
        lambda x, y: squares(x - y) / len(x),
        lambda x, y: ((x - y) ** 2).mean(),
        "That is an error, not a share: divide by the error of the mean image.",
        lambda x, y: share_lost(x, y) / x.size,
        lambda x, y: share_lost(x, y) / len(x),
        lambda x, y: share_lost(x, y) * len(x),
        lambda x, y: share_lost(x, y) * x.size,
        "One of your sums is averaged and the other is not: treat both the same way.",
    ],
    more=[
        with_a_still_column(),
        (
            "Right for shape (40, 6), but not for (9, 4) with a constant column, where the "
            "mean image should lose 1: take sizes from x, and divide once."
        ),
    ],
    other="For 40 random rows you return {result:.4g}; expected {right:.4g}.",
)


train = ModelExercise(
    number="03.2",
    hint="`fit(autoencoder, x, steps=..., rate=..., augment=warp)`, on copies of the 100.",
    code=(1, 30),
    error=14.0,
    than="well below PCA with 30 numbers",
    rows=100,
)


def layers(*sizes, bias=1):
    """Weights and biases of dense layers of these sizes, the input's first."""
    return sum((above + bias) * width for above, width in pairwise(sizes))


def decoder(widths, code):
    return layers(code, *widths[::-1], 784)


def images(count=decoder, into=lambda quotient: math.floor(quotient) + 1):
    """An answer with some count of weights, and a way to round."""

    def answer(widths, code_size, code_bytes, jpeg_bytes):
        if code_bytes >= jpeg_bytes:
            return math.inf
        return into(4 * count(widths, code_size) / (jpeg_bytes - code_bytes))

    return answer


def rounded(count):
    """The answers with a wrong count of weights, whichever way they round."""
    return [
        images(count),
        *(images(count, into) for into in (math.ceil, math.floor, float)),
    ]


price = Exercise(
    number="03.3",
    hint="Bytes of the decoder, divided by what one image saves, then one more.",
    right=images(),
    cases=[
        ((512,), 30, 30, 330),
        ((256, 64), 16, 16, 310),
        ((300, 200, 50), 10, 20, 420),
        ((), 20, 80, 129),  # 49 bytes an image: exactly even after 1,344
        ((128,), 40, 160, 416),
    ],
    place="For break_even({0}, {1}, {2}, {3})",
    mistakes=[
        images(into=math.ceil),
        "Right but for a draw: add one where both cost the same.",
        images(into=math.floor),
        "You round down: the decoder is not yet paid for.",
        images(into=float),
        "That is a fraction: return the smallest whole number above it.",
        lambda up, code, own, jpeg: 4 * decoder(up, code),
        "Those are the decoder's bytes: divide by an image's saving.",
        lambda up, code, own, jpeg: 4 * decoder(up, code) // jpeg + 1,
        lambda up, code, own, jpeg: math.ceil(4 * decoder(up, code) / jpeg),
        lambda up, code, own, jpeg: 4 * decoder(up, code) / jpeg,
        "You divide by jpeg_bytes: subtract code_bytes first.",
        *rounded(lambda up, code: layers(code, *up[::-1], 784, bias=0)),
        "The biases are missing: each unit of a dense layer has one.",
        *rounded(lambda up, code: layers(code, *up, 784)),
        "Your layers are in the encoder's order: take `widths[::-1]`.",
        *rounded(lambda up, code: layers(784, *up, code)),
        *rounded(lambda up, code: layers(784, *up, code, *up[::-1], 784)),
        "You send the encoder: to see the images again, the decoder is enough.",
        *rounded(lambda up, code: decoder(up, code) / 4),
        *rounded(lambda up, code: decoder(up, code) * 8),
        "You count a weight as 1 or 32 bytes: it takes 32 bits, which are 4 bytes.",
        *rounded(lambda up, code: layers(code, 784)),
        *rounded(lambda up, code: layers(*up[::-1], 784)),
        *rounded(lambda up, code: layers(code, *up[::-1])),
        "A layer is missing: the decoder leads from the code through widths to 784.",
        lambda up, code, own, jpeg: 4 * decoder(up, code) // (jpeg - own) + 1,
        lambda up, code, own, jpeg: 4 * decoder(up, code) / (jpeg - own) // 1 + 1,
        "If an image saves nothing, return math.inf before you divide by what it saves.",
    ],
    more=[
        ((512,), 30, 300, 300),
        "For break_even((512,), 30, 300, 300) no number is enough: return math.inf.",
        ((64,), 8, 400, 300),
        "For break_even((64,), 8, 400, 300) no number is enough: return math.inf.",
    ],
    other="For break_even({0}, {1}, {2}, {3}) you return {result:g}; expected {right:g}.",
)
