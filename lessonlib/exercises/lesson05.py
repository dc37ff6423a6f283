"""Checks of lesson 05, convolutional autoencoders."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lessonlib.exercises import call, exercise, explain, numbers


def _compare(result: object, right: np.ndarray, known: list, other: str) -> str | None:
    """None if the result is right, else the sentence of a known mistake or the other."""
    if numbers(result) is None:
        kind = type(result).__name__
        return f"Return one array of numbers, {right.shape} in shape: that {kind} is none."
    if np.shape(result) != right.shape:
        other = f"Your function returns shape {np.shape(result)}; expected {right.shape}."
    elif np.allclose(result, right, atol=1e-6):
        return None
    return explain(result, known, tolerance=1e-6) or other


def _cut_short(values: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """The sums if the kernel goes on to the last value and is cut off at the end."""
    longer = np.append(values, np.zeros(len(kernel) - 1))
    return np.correlate(longer, kernel)[::stride]


@exercise("05.1", hint="Begin with stride 1 as in the lesson; which places then remain?")
def convolve(answer: object) -> str | None:
    """A function of (values, kernel, stride): weighted sums at every stride-th place."""
    rng = np.random.default_rng(1)
    values, kernel = rng.normal(size=22), rng.normal(size=4)
    handed = values.copy(), kernel.copy()
    question = "Does the kernel run over the end of the values, or"
    beyond, fixed = f"{question} a place over the result's?", f"{question} is a size fixed?"
    result, fault = call(answer, *handed, 3, question=beyond)
    if fault:
        return fault
    windows, every = sliding_window_view(values, 4)[::3], np.correlate(values, kernel)
    right, thinned = windows @ kernel, np.correlate(values[::3], kernel)
    same, full = (np.correlate(values, kernel, mode)[::3] for mode in ("same", "full"))
    over = "the kernel runs over the end of the values: let it lie wholly inside."
    known = [
        (_cut_short(values, kernel, 3), over.capitalize()),
        (np.trunc(right), "You cut the fractions off: let the result hold decimals."),
        (every, "That is stride 1: `stride` has no effect."),
        (windows @ kernel[::-1], "The kernel is flipped: networks lay it on as it is."),
        (thinned, "You thinned out the values first: only the places move by `stride`."),
        (same, 'You padded at the borders, "same": the kernel stays inside the values.'),
        (full, 'The kernel juts out at both ends, "full": it has to stay inside.'),
        (right[:-1], "The last place is missing: it is at len(values) - len(kernel)."),
        (every[2::3], "The first place is where the values begin, at 0."),
        (every[::4], "Your kernel moves on by its own length: move it by `stride`."),
        (every[:7], "The places lie side by side: take every stride-th of them."),
        (right / 4, "Those are means of the products: add them up."),
        (windows.sum(axis=1), "You added up the values: multiply by the kernel first."),
        (windows, "Those are the values under the kernel: multiply, then add up."),
        (windows * kernel, "Those are the products: add up those of one place."),
    ]
    other = "The length is right and the values are not: compute the first by hand."
    if fault := _compare(result, right, known, other):
        return fault
    if not all(map(np.array_equal, handed, (values, kernel))):
        return "The result is right, but your function changed its arguments: copy them."
    whole, kernel = rng.integers(0, 9, 30), np.array([0.5, 1.0, -1.5])
    result, fault = call(answer, whole.copy(), kernel.copy(), 2, question=fixed)
    right = np.correlate(whole.astype(float), kernel)[::2]
    known = [
        (np.trunc(right), "the values are whole numbers, and you cut the fractions off."),
        (_cut_short(whole, kernel, 2), over),
    ]
    if fault := fault or _compare(result, right, known, "the sums are wrong."):
        return f"Right for stride 3. With 30 values, a kernel of 3, stride 2: {fault}"
    return None


def _blocks(pooled: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """The values in their blocks, (n, h, w, 2, 2), zeros elsewhere."""
    places = positions[..., None] == np.arange(4)
    return (places * pooled[..., None]).reshape(*pooled.shape, 2, 2)


def _joined(blocks: np.ndarray, order: tuple = (0, 1, 3, 2, 4)) -> np.ndarray:
    n, h, w = blocks.shape[:3]
    return blocks.transpose(order).reshape(n, 2 * h, 2 * w)


def _astray(images: np.ndarray, right: np.ndarray, from_one: np.ndarray) -> str | None:
    """What is wrong with images of the right shape, told by where 3 x 4 values stand."""
    if np.allclose(images[right != 0], right[right != 0]):
        return "The values stand in their places: set all other pixels to 0."
    if np.all((images == 0) | np.isclose(images, right)):
        return "Values are missing: are all places, images and negative values there?"
    if np.allclose(images[from_one != 0], from_one[from_one != 0]):
        return "You count the positions from 1: they begin at 0, the upper left."
    if not (images[:, 4:].any() and images[:, :, 5:].any()):
        return "The block of value (y, x) begins at (2 * y, 2 * x): an index lacks its 2."
    return None


@exercise("05.2", hint="Zeros of the large size first; where does a value of place 2 go?")
def unpool(answer: object) -> str | None:
    """A function of (pooled, positions): images with each maximum back in its place."""
    rng = np.random.default_rng(2)
    pooled, positions = rng.normal(size=(5, 3, 4)), rng.integers(0, 4, (5, 3, 4))
    handed = pooled.copy(), positions.copy()
    question = "Are the images (2h, 2w), and do the positions begin at 0?"
    result, fault = call(answer, *handed, question=question)
    if fault:
        return fault
    blocks = _blocks(pooled, positions)
    right, all_four = _joined(blocks), pooled.repeat(2, axis=1).repeat(2, axis=2)
    places = 0 * positions, 3 - positions, positions ^ (positions > 1), positions - 1
    placed = [_joined(_blocks(pooled, place)) for place in places]
    upper_left, backwards, clockwise, from_one = placed
    known = [
        (all_four, "Each value fills its block: put it in one place, zeros in the others."),
        (all_four / 4, "You spread a value over its block: one place gets the whole."),
        (_joined(blocks.swapaxes(3, 4)), "You count by columns: 1 is the upper right."),
        (upper_left, "Every value is at the upper left: let `positions` decide."),
        (backwards, "You count backwards: 0 is the upper left, 3 the lower right."),
        (clockwise, "You count clockwise: 2 is the lower left, 3 the lower right."),
        (
            blocks.reshape(5, 6, 8),
            "The blocks lie end to end: one row of an image runs through a whole row of "
            "blocks, so the row in the block comes before the column of blocks.",
        ),
        (
            _joined(blocks, (0, 3, 1, 4, 2)),
            "Those are four small images: the four places of a block are neighbours.",
        ),
        (right != 0, "Those are ones where a value belongs: put in the value."),
        (all_four * (right == 0), "You filled the three other places: turn it around."),
        (_joined(_blocks(positions, positions)), "You put in the place, not the value."),
        (pooled, "That is still the small size: every value becomes a block of 2 x 2."),
        (np.trunc(right), "You cut the fractions off: the images need a float dtype."),
        (blocks, "The blocks are right, but not joined: a transpose, then a reshape."),
    ]
    other = "The shape is right; some pixels are not: try one block by hand."
    fault = _compare(result, right, known, other)
    if fault == other:
        fault = _astray(np.asarray(result), right, from_one) or other
    if fault:
        return fault
    if not all(map(np.array_equal, handed, (pooled, positions))):
        return "The result is right, but your function changed its arguments: copy them."
    pooled, positions = rng.normal(size=(2, 5, 2)), rng.integers(0, 4, (2, 5, 2))
    result, fault = call(answer, pooled.copy(), positions.copy())
    right = _joined(_blocks(pooled, positions))
    if fault := fault or _compare(result, right, [], "the values are wrong."):
        return f"Right for 5 images of 3 x 4. With 2 of 5 x 2: {fault}"
    return None


def _stamps(length: int, kernel_size: int, stride: int) -> np.ndarray:
    stretched = np.zeros((length - 1) * stride + 1)
    stretched[::stride] = 1
    return np.convolve(stretched, np.ones(kernel_size))


@exercise("05.3", hint="Every input value adds one stamp of the kernel's size: where?")
def overlap(answer: object) -> str | None:
    """A function of (length, kernel_size, stride): how many values reach each pixel."""
    result, fault = call(answer, 7, 5, 2)
    if fault:
        return fault
    lengths = {
        (): "Return an array, one count for each output pixel.",
        (7,): "That is one number for each input value: count for each *output* pixel.",
        (14,): 'length * stride pixels are "same" padding: "valid" keeps stamps whole.',
        (32,): "Stride and kernel size are exchanged: stamps begin `stride` apart.",
        (11,): "The output is as long as with stride 1: the stamps begin `stride` apart.",
        (13,): "That ends where the last stamp begins: it is kernel_size pixels long.",
        (19,): "One stride too long: the last stamp begins at (length - 1) * stride.",
    }
    shape = np.shape(numbers(result))
    if shape in lengths:
        return lengths[shape]
    right = _stamps(7, 5, 2)
    known = [
        (np.ones(17), "Only ones: do stamps overwrite each other, or lie end to end?"),
        (np.full(17, 2.5), "That is the mean far from the ends: count for each pixel."),
        (right / right.mean(), "You scaled the counts to mean 1: leave them as they are."),
        (right / right.max(), "You scaled the counts to at most 1: leave them."),
        (right / 5, "You divided by the kernel's size: a stamp adds 1 to its pixels."),
        (_stamps(13, 5, 1), "A stamp begins at every pixel: they begin `stride` apart."),
        (np.tile([3, 2], 9)[:17], "The ends are wrong: fewer stamps reach the borders."),
        (_stamps(9, 5, 2)[:17], "You laid more than `length` stamps: one for each value."),
        (np.pad(np.ones(5), (0, 12)), "That is one stamp: return after the loop."),
        (np.append([0, 0], _stamps(6, 5, 2)), "The first stamp is missing, at pixel 0."),
        (np.append(_stamps(6, 5, 2), [0, 0]), "The last stamp is missing."),
    ]
    other = "The length is right and the counts are not: draw three stamps on paper."
    if fault := _compare(result, right, known, other):
        return fault
    for arguments in ((5, 2, 3), (6, 4, 2), (1, 3, 1)):
        result, fault = call(answer, *arguments)
        right = _stamps(*arguments)
        known = [(np.maximum(right, 1), "stamps shorter than the stride leave holes, 0.")]
        if fault := fault or _compare(result, right, known, "the counts are wrong."):
            return f"Right for (7, 5, 2). For {arguments}: {fault}"
    return None
