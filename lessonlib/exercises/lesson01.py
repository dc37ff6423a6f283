"""Exercises of lesson 01, PCA is a linear autoencoder."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise, pca_error


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


def pca_by_hand(x_train, x_test, k):
    return pca()(x_train, x_test, k)


by_hand = Exercise(
    number="01.1",
    hint="Centre with the training mean, take k rows of `vt`, go and come back.",
    right=pca_by_hand,
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
            "You centred with the mean of x_test: a model keeps what it "
            "learned from the training rows, its mean included."
        ),
        pca("test"),
        (
            "You subtracted the mean of x_test and added that of x_train: "
            "use the training mean both times."
        ),
        pca(axes=lambda a, b, k: axes_of(b)[:k]),
        "Those are the axes of x_test: learn them from x_train.",
        pca("none", "none", lambda a, b, k: axes_of(a, 0)[:k]),
        "You did not centre: subtract the training mean first.",
        pca("none", "none"),
        "The axes are right, but x_test was not centred.",
        pca("number", "number", lambda a, b, k: axes_of(a, a.mean())[:k]),
        "Your mean is one number: use `mean(axis=0)`, one for each column.",
        pca(axes=lambda a, b, k: axes_of(a)[-k:]),
        (
            "Those are the last three axes; the singular "
            "values fall, so the first rows of `vt` matter most."
        ),
        pca(axes=lambda a, b, k: axes_of(a)[:, :k].T),
        "Those are columns of `vt`: the axes are its rows, `vt[:k]`.",
        lambda a, b, k: b,
        "x_test came back unchanged: keep only the first k axes.",
    ],
    other="The shape is right and the values are not: compare with scikit-learn's PCA.",
    tolerance=1e-3,
)


def plane(rows, seed):
    """Rows in the plane of their three longest axes, as a linear decoder makes them."""
    x = stretched(rows, seed)
    return pca_by_hand(x, x, 3)


def principal_axes(x_hat, k):
    return axes_of(x_hat)[:k]


def same_but_for_signs(one, other):
    signs = np.sign((one * other).sum(axis=1, keepdims=True))
    return np.allclose(one * signs, other, atol=1e-3)


from_reconstructions = Exercise(
    number="01.2",
    hint="PCA of which matrix gave the axes back: decoder or reconstructions?",
    right=principal_axes,
    cases=[(plane(300, 3), 3)],
    same=same_but_for_signs,
    shapes={
        (8, 3): "The axes stand in columns: return one axis a row, shape (3, 8).",
        (
            300,
            3,
        ): "Those are codes, or the left singular vectors: the axes are rows of `vt`.",
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
    other=lambda result, right, x, k: (
        f"The axes have cosines {np.abs((result * right).sum(axis=1)).round(2)} with the "
        "right ones; expected 1."
    ),
)


def bent(inputs, outputs):
    """Whether outputs are anything else than a straight function of inputs."""
    straight = np.column_stack([inputs, np.ones(len(inputs))]).astype("float64")
    rest = outputs - straight @ np.linalg.lstsq(straight, outputs, rcond=None)[0]
    return (rest**2).sum() > 1e-5 * ((outputs - outputs.mean(axis=0)) ** 2).sum()


own_mean = ModelExercise(
    number="01.3",
    hint="A network without activations; its biases may learn what centring did.",
    code=(8, 8),
    error=lambda x_train, x_test: 1.005 * pca_error(8)(x_train, x_test),
    than="half a percent above that of PCA with 8 numbers (does a bias hold the mean?)",
    parameters=784 * 8 + 8 + 8 * 784 + 784,
    symptoms=[
        lambda images, x_hat, codes: bent(images, codes),
        (
            "The encoder bends: its code is no straight function of the image. Leave the "
            "activation out."
        ),
        lambda images, x_hat, codes: bent(codes, x_hat),
        (
            "The decoder bends: its answers are no straight function of the code. Leave "
            "the activation out."
        ),
    ],
)
