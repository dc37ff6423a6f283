"""Right answers to lesson 05, and wrong ones, each with a part of its sentence."""

import numpy as np


def slide(values, kernel, stride, start=0, short=0, combine=np.dot):
    places = range(start, len(values) - len(kernel) - short + 1, stride)
    return np.array([combine(values[i : i + len(kernel)], kernel) for i in places])


def padded(mode):
    return lambda values, kernel, stride: np.correlate(values, kernel, mode)[::stride]


def side_by_side(values, kernel, stride):
    count = (len(values) - len(kernel)) // stride + 1
    return slide(values, kernel, 1)[:count]


def cut_short(values, kernel, stride):
    return slide(np.append(values, 0 * kernel[1:]), kernel, stride)


def flip_in_place(values, kernel, stride):
    kernel[:] = kernel[::-1]
    return np.convolve(values, kernel, "valid")[::stride]


def put(pooled, positions, order=(0, 1, 2, 3), value=None):
    images = np.zeros((len(pooled), 2 * pooled.shape[1], 2 * pooled.shape[2]))
    for place in range(4):
        chosen = positions == order[place]
        images[:, place // 2 :: 2, place % 2 :: 2] = np.where(
            chosen, pooled if value is None else value, 0
        )
    return images


def one_by_one(pooled, positions, step=2, first=0):
    images = np.zeros((len(pooled), 2 * pooled.shape[1], 2 * pooled.shape[2]))
    for (i, y, x), value in np.ndenumerate(pooled):
        row, column = divmod(positions[i, y, x] - first, 2)
        images[i, step * y + row, step * x + column] = value
    return images


def repeated(pooled):
    return pooled.repeat(2, axis=1).repeat(2, axis=2)


def blocks(pooled, positions):
    one_hot = np.eye(4)[positions] * pooled[..., None]
    return one_hot.reshape(*pooled.shape, 2, 2)


def end_to_end(pooled, positions):
    n, h, w = pooled.shape
    return blocks(pooled, positions).reshape(n, 2 * h, 2 * w)


def four_small_images(pooled, positions):
    n, h, w = pooled.shape
    parts = blocks(pooled, positions).transpose(0, 3, 1, 4, 2)
    return parts.reshape(n, 2 * h, 2 * w)


def change_pooled(pooled, positions):
    images = put(pooled, positions)
    pooled *= 0
    return images


def stamps(length, kernel_size, stride, add=True, first=0, last=0, least=0, extra=0):
    counts = np.zeros((length - 1) * stride + kernel_size + extra)
    for i in range(first, length - last):
        part = slice(i * stride, i * stride + kernel_size)
        counts[part] = counts[part] + 1 if add else 1
    return np.maximum(counts, least)


def no_ends(length, kernel_size, stride):
    pixel = np.arange((length - 1) * stride + kernel_size) % stride
    return (kernel_size - pixel - 1) // stride + 1


RIGHT = {
    "05.1": [lambda v, k, s: slide(np.float32(v), np.float32(k), s).tolist()],
    "05.2": [one_by_one, lambda p, q: put(np.float32(p), q).tolist()],
    "05.3": [lambda n, k, s: [int(count) for count in stamps(n, k, s)]],
}

MISTAKES = {
    "05.1": [
        (lambda v, k, s: slide(v, k, 1), "has no effect"),
        (lambda v, k, s: np.convolve(v, k, "valid")[::s], "flipped"),
        (lambda v, k, s: slide(v[::s], k, 1), "thinned out"),
        (padded("same"), '"same"'),
        (padded("full"), '"full"'),
        (lambda v, k, s: slide(v, k, s, short=1), "last place is missing"),
        (lambda v, k, s: slide(v, k, s, start=s - 1), "where the values begin"),
        (lambda v, k, s: slide(v, k, len(k)), "its own length"),
        (side_by_side, "side by side"),
        (lambda v, k, s: slide(v, k, s) / len(k), "means of the products"),
        (lambda v, k, s: slide(v, k, s, combine=lambda a, b: a.sum()), "added up"),
        (lambda v, k, s: slide(v, k, s, combine=lambda a, b: a), "under the kernel"),
        (lambda v, k, s: slide(v, k, s, combine=np.multiply), "those of one place"),
        (lambda v, k, s: slide(v, k, s, short=-3), "run over the end"),
        (cut_short, "✗ 05.1: The kernel runs over the end"),
        (lambda v, k, s: [v[s * i :][: len(k)] @ k for i in range(len(v) // s)], "Does"),
        (lambda v, k, s: cut_short(v, k, s)[: len(v) // s], "2: the kernel runs over"),
        (lambda v, k, s: slide(v, k, s).astype(int), "hold decimals"),
        (lambda v, k, s: [v[i : i + len(k)] for i in range(0, len(v), s)], "that list"),
        (lambda v, k, s: slide(v, k, s) ** 2, "compute the first by hand"),
        (flip_in_place, "changed its arguments"),
        (lambda v, k, s: slide(v, k, 3), "returns shape (10,); expected (14,)"),
        (lambda v, k, s: slide(v, k, s).astype(v.dtype), "cut the fractions off"),
        (lambda v, k, s: sum(v), "returns shape ()"),
        ([1, 2], "hand in the function itself"),
    ],
    "05.2": [
        (lambda p, q: repeated(p), "fills its block"),
        (lambda p, q: repeated(p) / 4, "gets the whole"),
        (lambda p, q: put(p, q, order=(0, 2, 1, 3)), "count by columns"),
        (lambda p, q: put(p, 0 * q), "at the upper left"),
        (lambda p, q: put(p, q, order=(3, 2, 1, 0)), "count backwards"),
        (end_to_end, "end to end"),
        (four_small_images, "four small images"),
        (lambda p, q: put(p, q, value=1), "ones where"),
        (lambda p, q: repeated(p) - put(p, q), "three other places"),
        (lambda p, q: put(p, q, value=q), "put in the place"),
        (lambda p, q: p, "still the small size"),
        (blocks, "not joined"),
        (lambda p, q: one_by_one(p, q, step=1), "an index lacks its 2"),
        (lambda p, q: put(p, q).astype(int), "a float dtype"),
        (lambda p, q: one_by_one(p, q, first=1), "positions from 1"),
        (lambda p, q: put(p, q, order=(0, 1, 3, 2)), "clockwise"),
        (lambda p, q: put(np.maximum(p, 0), q), "Values are missing"),
        (lambda p, q: put(p, q) * 0.4 + repeated(p) * 0.6, "all other pixels to 0"),
        (lambda p, q: one_by_one(p, q + 1), "do the positions begin at 0?"),
        (lambda p, q: (put(p, q), q), "that tuple is none"),
        (lambda p, q: put(np.abs(p), q), "try one block by hand"),
        (lambda p, q: put(p, q)[0], "returns shape (6, 8)"),
        (change_pooled, "changed its arguments"),
        (lambda p, q: put(p, q)[:, :6], "With 2 of 5 x 2"),
        (np.zeros((5, 6, 8)), "hand in the function itself"),
    ],
    "05.3": [
        (lambda n, k, s: k / s, "Return an array"),
        (lambda n, k, s: np.full(n, k), "for each input value"),
        (lambda n, k, s: stamps(n, k, s)[: n * s], '"same" padding'),
        (lambda n, k, s: stamps(n, s, k), "are exchanged"),
        (lambda n, k, s: stamps(n, k, 1), "as with stride 1"),
        (lambda n, k, s: stamps(n, 1, s), "where the last stamp begins"),
        (lambda n, k, s: stamps(n, k, s, extra=s), "One stride too long"),
        (lambda n, k, s: stamps(n, k, s, add=False), "overwrite each other"),
        (lambda n, k, s: np.full((n - 1) * s + k, k / s), "far from the ends"),
        (lambda n, k, s: stamps(n, k, s) / stamps(n, k, s).mean(), "mean 1"),
        (lambda n, k, s: stamps(n, k, s) / stamps(n, k, s).max(), "at most 1"),
        (lambda n, k, s: stamps(n, k, s) / k, "divided by the kernel's size"),
        (lambda n, k, s: stamps((n - 1) * s + 1, k, 1), "at every pixel"),
        (no_ends, "ends are wrong"),
        (lambda n, k, s: stamps(n, k, s, last=1), "last stamp is missing"),
        (lambda n, k, s: stamps(n, k, s, first=1), "first stamp is missing"),
        (lambda n, k, s: stamps(n + 2, k, s)[: -2 * s], "more than `length` stamps"),
        (lambda n, k, s: stamps(n, k, s, last=n - 1), "That is one stamp"),
        (lambda n, k, s: stamps(n, k, s) - 1, "three stamps on paper"),
        (lambda n, k, s: stamps(n, k, s, least=1), "leave holes"),
        (lambda n, k, s: stamps(n, k, 2), "For (5, 2, 3)"),
        ((7, 5, 2), "hand in the function itself"),
    ],
}
