"""Wrong answers that people give to lesson 01, each with a part of its sentence."""

import numpy as np


def axes(x):
    return np.linalg.svd(x, full_matrices=False)[2]


def projected(x_train, x_test, k, before, after, centre_train=True):
    """PCA with a choice of what is subtracted and what is added back."""
    v = axes(x_train - x_train.mean(axis=0) if centre_train else x_train)[:k]
    return (x_test - before) @ v.T @ v + after


def code_only(x_train, x_test, k):
    mean = x_train.mean(axis=0)
    return (x_test - mean) @ axes(x_train - mean)[:k].T


def last_axes(x_train, x_test, k):
    mean = x_train.mean(axis=0)
    v = axes(x_train - mean)[-k:]
    return (x_test - mean) @ v.T @ v + mean


def one_mean(x_train, x_test, k):
    mean = x_train.mean()
    v = axes(x_train - mean)[:k]
    return (x_test - mean) @ v.T @ v + mean


def axes_of_test(x_train, x_test, k):
    mean, v = x_train.mean(axis=0), axes(centred(x_test))[:k]
    return (x_test - mean) @ v.T @ v + mean


def columns(x_train, x_test, k):
    mean, v = x_train.mean(axis=0), axes(centred(x_train))[:, :k]
    return (x_test - mean) @ v @ v.T + mean


def in_steps(code, bits):
    step = np.ptp(code) / (2**bits - 1)
    return np.round((code - code.min()) / step)


def cut_off(code, bits):
    step = np.ptp(code) / (2**bits - 1)
    return code.min() + step * np.floor((code - code.min()) / step)


def levels(count):
    def quantise(code, bits):
        step = np.ptp(code) / (count(bits) - 1)
        return code.min() + step * np.round((code - code.min()) / step)

    return quantise


def middles(code, bits):
    step = np.ptp(code) / 2**bits
    number = np.minimum((code - code.min()) // step, 2**bits - 1)
    return code.min() + step * (number + 0.5)


def centred(x):
    return x - x.mean(axis=0)


MISTAKES = {
    "01.1": [
        (lambda a, b, k: projected(a, b, k, 0, 0, centre_train=False), "did not centre"),
        (
            lambda a, b, k: projected(a, b, k, a.mean(axis=0), 0),
            "mean is missing at the end",
        ),
        (
            lambda a, b, k: projected(a, b, k, b.mean(axis=0), b.mean(axis=0)),
            "mean of x_test",
        ),
        (lambda a, b, k: projected(a, b, k, 0, 0), "x_test was not centred"),
        (code_only, "That is the code"),
        (last_axes, "last three axes"),
        (
            lambda a, b, k: projected(a, a, k, a.mean(axis=0), a.mean(axis=0)),
            "training rows",
        ),
        (lambda a, b, k: b[:, :k] @ np.ones((k, 4)), "returns shape (30, 4)"),
        (lambda a, b, k: projected(a, b, k, b.mean(axis=0), a.mean(axis=0)), "both times"),
        (lambda a, b, k: projected(a, b, 3, a.mean(axis=0), a.mean(axis=0)), "k = 2"),
        (lambda a, b, k: projected(a, b, 8, a.mean(axis=0), a.mean(axis=0)), "unchanged"),
        (one_mean, "mean(axis=0)"),
        (axes_of_test, "axes of x_test"),
        (columns, "columns of `vt`"),
        (lambda a, b: b, "raised TypeError"),
        (lambda a, b, k: np.full_like(b, np.nan), "values are not"),
        (np.zeros((30, 8)), "hand in the function itself"),
    ],
    "01.2": [
        (lambda x, k: axes(x)[:k], "did not centre"),
        (lambda x, k: axes(centred(x))[:k].T, "in columns"),
        (
            lambda x, k: np.linalg.svd(centred(x), full_matrices=False)[0][:, :k],
            "left singular",
        ),
        (lambda x, k: axes(centred(x)), "keep the first k"),
        (lambda x, k: axes(centred(x))[:k][::-1], "wrong order"),
        (lambda x, k: 3 * axes(centred(x))[:k], "length 1"),
        (lambda x, k: np.eye(8)[:k], "cosines"),
        (lambda x, k: axes(centred(x))[0], "returns shape (8,)"),
        (lambda x, k: np.linalg.eigh(np.cov(x.T))[1].T[:k], "do not vary"),
        ("vt", "hand in the function itself"),
    ],
    "01.3": [
        (in_steps, "level numbers"),
        (cut_off, "round, do not cut off"),
        (levels(lambda bits: bits), "a bit doubles them"),
        (levels(lambda bits: 2**bits + 1), "at most 8 apart"),
        (middles, "from the smallest code"),
        (lambda code, bits: code, "different values"),
        (lambda code, bits: code.mean(), "returns shape ()"),
        (lambda code, bits: in_steps(code, bits) * np.ptp(code) / 7, "begin at 0: add"),
        (
            lambda code, bits: np.round(code / np.ptp(code) * 7) * np.ptp(code) / 7,
            "subtract it",
        ),
        (8, "hand in the function itself"),
    ],
}
