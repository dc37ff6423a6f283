"""Exercises of lesson 06, convolutional autoencoders."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise


def windows(values, kernel, stride):
    return sliding_window_view(values, len(kernel))[::stride]


def convolve(values, kernel, stride):
    return windows(values, kernel, stride) @ kernel


def cut_short(values, kernel, stride):
    """The sums if the kernel goes on to the last value and is cut off at the end."""
    return convolve(np.append(values, 0 * kernel[1:]), kernel, stride)


def line(seed, kernel_size, whole=False):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 9, 30) if whole else rng.normal(size=22)
    return values, rng.normal(size=kernel_size)


OTHER_LINE = "Right for stride 3, but not for 30 whole numbers, a kernel of 3, stride 2."

convolution = Exercise(
    number="06.1",
    hint="Begin with stride 1 as in the lesson; which places then remain?",
    right=convolve,
    also_right=[lambda v, k, s: convolve(np.float32(v), np.float32(k), s).tolist()],
    cases=[(*line(1, 4), 3)],
    more=[
        (*line(2, 3, whole=True), 2),
        OTHER_LINE,
    ],
    tolerance=1e-5,
    question="Does the kernel run over the end, a place over the result, is a size fixed?",
    mistakes=[
        lambda v, k, s: cut_short(v, k, s)[: len(v) // s],  # right in the first case
        f"{OTHER_LINE} The kernel runs over the end: let it lie wholly inside.",
        cut_short,
        "The kernel runs over the end of the values: let it lie wholly inside.",
        lambda v, k, s: convolve(v, k, s).astype(v.dtype),
        f"{OTHER_LINE} You cut the fractions off.",
        lambda v, k, s: np.trunc(convolve(v, k, s)),
        "You cut the fractions off: let the result hold decimals.",
        lambda v, k, s: convolve(v, k, 1),
        "That is stride 1: `stride` has no effect.",
        lambda v, k, s: convolve(v, k[::-1], s),
        "The kernel is flipped: networks lay it on as it is.",
        lambda v, k, s: convolve(v[::s], k, 1),
        "You thinned out the values first: only the places move by `stride`.",
        lambda v, k, s: np.correlate(v, k, "same")[::s],
        'You padded at the borders, "same": the kernel stays inside the values.',
        lambda v, k, s: np.correlate(v, k, "full")[::s],
        'The kernel juts out at both ends, "full": it has to stay inside.',
        lambda v, k, s: convolve(v, k, s)[:-1],
        "The last place is missing: it is at len(values) - len(kernel).",
        lambda v, k, s: convolve(v[s - 1 :], k, s),
        "The first place is where the values begin, at 0.",
        lambda v, k, s: convolve(v, k, len(k)),
        "Your kernel moves on by its own length: move it by `stride`.",
        lambda v, k, s: convolve(v, k, 1)[: len(convolve(v, k, s))],
        "The places lie side by side: take every stride-th of them.",
        lambda v, k, s: convolve(v, k, s) / len(k),
        "Those are means of the products: add them up.",
        lambda v, k, s: windows(v, k, s).sum(axis=1),
        "You added up the values: multiply by the kernel first.",
        windows,
        "Those are the values under the kernel: multiply, then add up.",
        lambda v, k, s: windows(v, k, s) * k,
        "Those are the products: add up those of one place.",
    ],
    other="The length is right and the values are not: compute the first by hand.",
)


def pools(seed, *shape):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape), rng.integers(0, 4, shape)


def blocks(pooled, positions):
    """The values in their blocks, (n, h, w, 2, 2), zeros elsewhere."""
    places = positions[..., None] == np.arange(4)
    return (places * pooled[..., None]).reshape(*pooled.shape, 2, 2)


def joined(parts, order=(0, 1, 3, 2, 4)):
    n, h, w = parts.shape[:3]
    return parts.transpose(order).reshape(n, 2 * h, 2 * w)


def unpool(pooled, positions):
    return joined(blocks(pooled, positions))


def repeated(pooled):
    return pooled.repeat(2, axis=1).repeat(2, axis=2)


def one_by_one(step, first):
    """Every value by its indices, of which some are wrong."""

    def answer(pooled, positions):
        images = 0 * repeated(pooled)
        for (i, y, x), value in np.ndenumerate(pooled):
            row, column = divmod(positions[i, y, x] - first, 2)
            images[i, step * y + row, step * x + column] = value
        return images

    return answer


unpooling = Exercise(
    number="06.2",
    hint="Zeros of the large size first; where does a value of place 2 go?",
    right=unpool,
    also_right=[lambda p, q: unpool(np.float32(p), q).tolist()],
    cases=[pools(2, 5, 3, 4)],
    more=[
        pools(3, 2, 5, 2),
        "Right for 5 images of 3 x 4, but not for 2 of 5 x 2.",
    ],
    tolerance=1e-6,
    question="Are the images (2h, 2w), and do the positions begin at 0?",
    mistakes=[
        lambda p, q: repeated(p),
        "Each value fills its block: put it in one place, zeros in the others.",
        lambda p, q: repeated(p) / 4,
        "You spread a value over its block: one place gets the whole.",
        lambda p, q: joined(blocks(p, q).swapaxes(3, 4)),
        "You count by columns: 1 is the upper right.",
        lambda p, q: unpool(p, 0 * q),
        "Every value is at the upper left: let `positions` decide.",
        lambda p, q: unpool(p, np.broadcast_to(q[0], q.shape)),
        "You use the positions of the first image for all.",
        lambda p, q: unpool(p, 3 - q),
        "You count backwards: 0 is the upper left, 3 the lower right.",
        lambda p, q: unpool(p, q ^ (q > 1)),
        "You count clockwise: 2 is the lower left, 3 the lower right.",
        lambda p, q: blocks(p, q).reshape(repeated(p).shape),
        (
            "The blocks lie end to end: a row of an image runs through a whole row of "
            "blocks, so the row in the block comes before the column of blocks."
        ),
        lambda p, q: joined(blocks(p, q), (0, 3, 1, 4, 2)),
        "Those are four small images: the four places of a block are neighbours.",
        lambda p, q: unpool(p, q) != 0,
        "Those are ones where a value belongs: put in the value.",
        lambda p, q: repeated(p) - unpool(p, q),
        "You filled the three other places: turn it around.",
        lambda p, q: unpool(q, q),
        "You put in the place, not the value.",
        lambda p, q: p,
        "That is still the small size: every value becomes a block of 2 x 2.",
        lambda p, q: np.trunc(unpool(p, q)),
        "You cut the fractions off: the images need a float dtype.",
        blocks,
        "The blocks are right, but not joined: a transpose, then a reshape.",
    ],
    symptoms=[
        lambda result, right, *_: np.allclose(result[right != 0], right[right != 0]),
        lambda p, q: unpool(p, q) * 0.4 + repeated(p) * 0.6,
        "The values stand in their places: set all other pixels to 0.",
        lambda result, right, *_: np.all((result == 0) | np.isclose(result, right)),
        lambda p, q: unpool(np.maximum(p, 0), q),
        "Values are missing: are all places, images and negative values there?",
        lambda result, right, p, q: np.allclose(
            result * unpool(p != 0, q - 1), unpool(p, q - 1)
        ),
        one_by_one(step=2, first=1),
        "You count the positions from 1: they begin at 0, the upper left.",
        lambda result, *_: not (result[:, 4:].any() and result[:, :, 5:].any()),
        one_by_one(step=1, first=0),
        "The block of value (y, x) begins at (2 * y, 2 * x): an index lacks its 2.",
    ],
    other="The shape is right; some pixels are not: try one block by hand.",
)


train = ModelExercise(
    number="06.3",
    hint="Two strides down, few channels before the dense code, two strides up.",
    code=(1, 30),
    error=10.0,
    than="which 26,000 weights reach in 500 steps",
    parameters=30_000,
)
