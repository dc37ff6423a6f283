"""Exercises of lesson 01, PCA is a linear autoencoder."""

import numpy as np

from lessonlib.exercises._engine import Exercise


def stretched(rows, seed):
    """Rows of 8 columns with clearly different spreads, far from the origin."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    return rng.normal(size=(rows, 8)) * np.arange(9, 1, -1) @ turn + rng.normal(5, 1, 8)


def axes_of(x, mean=None):
    mean = x.mean(axis=0) if mean is None else mean
    return np.linalg.svd(x - mean, full_matrices=False)[2]


def pca(before="train", after="train", axes=lambda a, b, k: axes_of(a)[:k]):
    """PCA that subtracts one mean, adds another, and takes some axes."""

    def answer(x_train, x_test, k):
        own = {"train": x_train.mean(axis=0), "test": x_test.mean(axis=0)}
        mean = own | {"none": 0, "number": x_train.mean()}
        rows = axes(x_train, x_test, k)
        return (x_test - mean[before]) @ rows.T @ rows + mean[after]

    return answer


by_hand = Exercise(
    number="01.1",
    hint="Centre with the training mean, take k rows of `vt`, go and come back.",
    right=pca(),
    cases=[(stretched(200, 1), stretched(30, 2) + 3, 3)],
    more=[
        (stretched(200, 1), stretched(30, 2) + 3, 2),
        "Right for k = 3 and wrong for k = 2: use `k`, not a fixed number.",
    ],
    shapes={
        (30, 3): "That is the code, 3 numbers a row: multiply by the axes to come back.",
        (200, 8): "That reconstructs the training rows: project x_test.",
    },
    mistakes=[
        pca(after="none"),
        "The mean is missing at the end: add what you subtracted.",
        pca("test", "test"),
        (
            "You centred with the mean of x_test: a model keeps what it learned from the "
            "training rows, its mean included."
        ),
        pca("test"),
        "You subtracted the mean of x_test: use the training mean both times.",
        pca(axes=lambda a, b, k: axes_of(b)[:k]),
        "Those are the axes of x_test: learn them from x_train.",
        pca("none", "none", lambda a, b, k: axes_of(a, 0)[:k]),
        "You did not centre: subtract the training mean first.",
        pca("none", "none"),
        "The axes are right, but x_test was not centred.",
        pca("number", "number", lambda a, b, k: axes_of(a, a.mean())[:k]),
        "Your mean is one number: use `mean(axis=0)`, one for each column.",
        pca(axes=lambda a, b, k: axes_of(a)[-k:]),
        "Those are the last three axes; singular values fall, so take the first of `vt`.",
        pca(axes=lambda a, b, k: axes_of(a)[:, :k].T),
        "Those are columns of `vt`: the axes are its rows, `vt[:k]`.",
        lambda a, b, k: b,
        "x_test came back unchanged: keep only the first k axes.",
    ],
    other="The shape is right and the values are not: compare with scikit-learn's PCA.",
    tolerance=1e-3,
)


def same_but_for_signs(one, other):
    signs = np.sign((one * other).sum(axis=1, keepdims=True))
    return np.allclose(one * signs, other, atol=1e-3)


from_reconstructions = Exercise(
    number="01.2",
    hint="PCA of which matrix gave the axes back: decoder or reconstructions?",
    right=lambda x_hat, k: axes_of(x_hat)[:k],
    also_right=[lambda x_hat, k: -axes_of(x_hat)[:k]],
    cases=[(pca()(stretched(300, 3), stretched(300, 3), 3), 3)],
    same=same_but_for_signs,
    shapes={
        (8, 3): "The axes stand in columns: return one axis a row, shape (3, 8).",
        (300, 3): "Those are codes, or left singular vectors; the axes are rows of `vt`.",
        (8, 8): "That returns all axes: keep the first k.",
        (8,): "That is one axis: return k of them, one axis a row, (3, 8).",
    },
    mistakes=[
        lambda x, k: axes_of(x, 0)[:k],
        "You did not centre: subtract the mean of x_hat first.",
        lambda x, k: axes_of(x)[:k][::-1],
        "Right axes, wrong order: the one with the largest variance comes first.",
    ],
    symptoms=[
        lambda result, right, *_: not np.allclose((result**2).sum(axis=1), 1, atol=2e-3),
        lambda x, k: 3 * axes_of(x)[:k],
        "An axis is a direction: scale each row to length 1.",
        lambda result, right, *_: np.allclose(result @ right.T, 0, atol=1e-3),
        lambda x, k: np.linalg.eigh(np.cov(x.T))[1].T[:k],
        "The data do not vary along those: `eigh`, for one, lists the smallest first.",
    ],
    other=lambda result, right, *_: (
        f"Cosines with the right axes: {abs((result * right).sum(axis=1)).round(2)}, not 1."
    ),
)


def levels(count=lambda bits: 2**bits, place=np.round):
    """Rounding to `count(bits)` even levels."""

    def answer(code, bits):
        step = np.ptp(code) / (count(bits) - 1)
        return code.min() + step * place((code - code.min()) / step)

    return answer


rounding = Exercise(
    number="01.3",
    hint="2**bits evenly spaced values from the smallest to the largest code.",
    right=levels(),
    cases=[(np.random.default_rng(4).normal(2, 3, 500), 3)],
    tolerance=1e-6,
    also_right=[lambda code, bits: levels()(code, bits).astype("float32")],
    mistakes=[
        lambda code, bits: np.round((code - code.min()) * (2**bits - 1) / np.ptp(code)),
        "Those are level numbers: multiply by the step and add the smallest code.",
        lambda code, bits: levels()(code, bits) - code.min(),
        "The levels begin at 0: add the smallest code back.",
        lambda code, bits: np.round(code * 7 / np.ptp(code)) * np.ptp(code) / 7,
        "The levels begin at 0: subtract the smallest code first, and add it at the end.",
        levels(place=np.floor),
        levels(place=np.ceil),
        "A value moved to a level that is not the nearest: round, do not cut off.",
    ],
    more=[
        (np.random.default_rng(5).normal(-1, 2, 300), 5),
        "Right for 3 bits and wrong for 5: use `bits`, not a fixed number.",
    ],
    symptoms=[
        lambda result, *_: len(np.unique(result.round(9))) <= 3,
        levels(lambda bits: bits),
        "That gives at most 3 levels for 3 bits: a bit doubles them, so 2**3 = 8.",
        lambda result, *_: len(np.unique(result.round(9))) > 8,
        levels(lambda bits: 2**bits + 1),
        "That gives more than 8 different values; 3 bits tell at most 8 apart.",
        lambda result, right, *_: not np.isclose(np.ptp(result), np.ptp(right)),
        lambda code, bits: 0.9 * levels()(code, bits),
        "The levels should reach from the smallest code to the largest, both included.",
    ],
    other="The levels should be evenly spaced: 8 of them have 7 equal steps in between.",
)
