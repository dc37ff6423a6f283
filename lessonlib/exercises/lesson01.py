"""Checks of lesson 01, PCA is a linear autoencoder."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise, explain


def _stretched(rows: int, seed: int) -> np.ndarray:
    """Rows of 8 columns with clearly different spreads, far from the origin."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    return rng.normal(size=(rows, 8)) * np.arange(9, 1, -1) @ turn + rng.normal(5, 1, 8)


def _axes(x: np.ndarray) -> np.ndarray:
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2]


@exercise(
    "01.1", hint="Centre with the training mean, take k rows of `vt`, go and come back."
)
def pca_by_hand(answer: object) -> str | None:
    """A function of (x_train, x_test, k) that returns PCA-k's reconstruction of x_test."""
    x_train, x_test = _stretched(200, 1), _stretched(30, 2) + 3
    result, fault = call(answer, x_train.copy(), x_test.copy(), 3)
    if fault:
        return fault
    shape = np.shape(result)
    if shape == (30, 3):
        return "That is the code, 3 numbers a row: multiply by the axes to come back."
    if shape == (200, 8):
        return "That reconstructs the training rows: project x_test."
    if shape != (30, 8):
        return f"Your function returns shape {shape}; expected that of x_test, (30, 8)."

    def pca(axes, before, after):
        return (x_test - before) @ axes.T @ axes + after

    mean, own, all_axes = x_train.mean(axis=0), x_test.mean(axis=0), _axes(x_train)
    axes, raw = all_axes[:3], np.linalg.svd(x_train, full_matrices=False)[2][:3]
    right, number = pca(axes, mean, mean), x_train.mean()
    flat = np.linalg.svd(x_train - number, full_matrices=False)[2][:3]
    known = [
        (right - mean, "The mean is missing at the end: add what you subtracted."),
        (
            pca(axes, own, own),
            "You centred with the mean of x_test: a model keeps what it "
            "learned from the training rows, its mean included.",
        ),
        (
            pca(axes, own, mean),
            "You subtracted the mean of x_test and added that of x_train: "
            "use the training mean both times.",
        ),
        (
            pca(_axes(x_test)[:3], mean, mean),
            "Those are the axes of x_test: learn them from x_train.",
        ),
        (pca(raw, 0, 0), "You did not centre: subtract the training mean first."),
        (pca(axes, 0, 0), "The axes are right, but x_test was not centred."),
        (
            pca(flat, number, number),
            "Your mean is one number: use `mean(axis=0)`, one for each column.",
        ),
        (
            pca(all_axes[-3:], mean, mean),
            "Those are the last three axes; the singular "
            "values fall, so the first rows of `vt` matter most.",
        ),
        (
            pca(all_axes[:, :3].T, mean, mean),
            "Those are columns of `vt`: the axes are its rows, `vt[:k]`.",
        ),
        (x_test, "x_test came back unchanged: keep only the first k axes."),
    ]
    if not np.allclose(result, right, atol=1e-3):
        other = (
            "The shape is right and the values are not: compare with scikit-learn's PCA."
        )
        return explain(result, known) or other
    fewer, fault = call(answer, x_train.copy(), x_test.copy(), 2)
    if fault or not np.allclose(fewer, pca(axes[:2], mean, mean), atol=1e-3):
        return "Right for k = 3 and wrong for k = 2: use `k`, not a fixed number."
    return None


@exercise(
    "01.2", hint="PCA of which matrix gave the axes back: decoder or reconstructions?"
)
def axes_from_reconstructions(answer: object) -> str | None:
    """A function of (x_hat, k) that returns the first k principal axes, shape (k, d)."""
    x = _stretched(300, 3)
    axes = _axes(x)[:3]
    x_hat = (x - x.mean(axis=0)) @ axes.T @ axes + x.mean(axis=0)
    result, fault = call(answer, x_hat.copy(), 3)
    if fault:
        return fault
    shape = np.shape(result)
    if shape == (8, 3):
        return "The axes stand in columns: return one axis a row, shape (3, 8)."
    if shape == (300, 3):
        return "Those are codes, or the left singular vectors: the axes are rows of `vt`."
    if shape == (8, 8):
        return "That returns all axes: keep the first k."
    if shape != (3, 8):
        return f"Your function returns shape {shape}; expected one axis a row, (3, 8)."
    result = np.asarray(result, "float64")
    if not np.allclose(np.linalg.norm(result, axis=1), 1, atol=1e-3):
        return "An axis is a direction: scale each row to length 1."

    def sizes(vectors):
        """Cosines without their signs, which are free."""
        return np.abs((result * vectors).sum(axis=1))

    ones = np.ones(3)
    if np.allclose(sizes(axes), ones, atol=1e-3):
        return None
    if np.allclose(sizes(np.linalg.svd(x_hat)[2][:3]), ones, atol=1e-3):
        return "You did not centre: subtract the mean of x_hat first."
    if np.allclose(sizes(axes[::-1]), ones, atol=1e-3):
        return "Right axes, wrong order: the one with the largest variance comes first."
    if np.allclose(result @ axes.T, 0, atol=1e-3):
        return (
            "The data do not vary along those: `eigh`, for one, lists the smallest first."
        )
    return (
        f"The axes have cosines {np.round(sizes(axes), 2)} with the right ones; expected 1."
    )


@exercise(
    "01.3", hint="2**bits evenly spaced values from the smallest to the largest code."
)
def quantise(answer: object) -> str | None:
    """A function of (code, bits) that rounds each code to one of 2**bits even levels."""
    code = np.random.default_rng(4).normal(2, 3, 500)
    result, fault = call(answer, code.copy(), 3)
    if fault:
        return fault
    if np.shape(result) != (500,):
        return f"Your function returns shape {np.shape(result)}; expected (500,), as code."
    result = np.asarray(result, "float64")
    low, step = code.min(), np.ptp(code) / 7
    number = np.round((code - low) / step)
    known = [
        (
            number,
            "Those are level numbers: multiply by the step and add the smallest code.",
        ),
        (number * step, "The levels begin at 0: add the smallest code back."),
        (
            np.round(code / step) * step,
            "The levels begin at 0, not at the smallest code: "
            "subtract it first and add it back at the end.",
        ),
    ]
    sentence = explain(result, known, tolerance=1e-6)
    if sentence:
        return sentence
    values = np.unique(np.round(result, 9))
    if len(values) <= 3:
        return (
            f"That gives {len(values)} levels for 3 bits: a bit doubles them, so 2**3 = 8."
        )
    if len(values) > 8:
        return f"That gives {len(values)} different values; 3 bits tell at most 8 apart."
    if not np.allclose(values[[0, -1]], [low, code.max()]):
        return (
            "The levels should reach from the smallest code to the largest, both included."
        )
    error = np.abs(result - code).max() / step
    if error > 0.51:
        return (
            f"A value moved by {error:.2f} steps; the nearest level is at most half a step "
            "away: round, do not cut off."
        )
    return None
