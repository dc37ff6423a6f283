"""Checks of lesson 01, PCA is a linear autoencoder."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise


def _stretched(rows: int, seed: int) -> np.ndarray:
    """Rows of 8 columns with clearly different spreads, far from the origin."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    return rng.normal(size=(rows, 8)) * np.arange(9, 1, -1) @ turn + rng.normal(5, 1, 8)


def _axes(x: np.ndarray) -> np.ndarray:
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2]


@exercise(
    "01.1", hint="Centre with the training mean, take three rows of `vt`, go and come back."
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
    mean, axes = x_train.mean(axis=0), _axes(x_train)[:3]
    there_and_back = axes.T @ axes
    right = (x_test - mean) @ there_and_back + mean
    own = x_test.mean(axis=0)
    raw = np.linalg.svd(x_train, full_matrices=False)[2][:3]
    last = _axes(x_train)[-3:]
    known = [
        (right - mean, "The mean is missing at the end: add what you subtracted."),
        (
            (x_test - own) @ there_and_back + own,
            "You centred with the mean of x_test: a "
            "model keeps what it learned from the training rows, its mean included.",
        ),
        (x_test @ raw.T @ raw, "You did not centre: subtract the training mean first."),
        (x_test @ there_and_back, "The axes are right, but x_test was not centred."),
        (
            (x_test - mean) @ last.T @ last + mean,
            "Those are the last three axes; the "
            "singular values fall, so the first rows of `vt` matter most.",
        ),
    ]
    if np.allclose(result, right, atol=1e-3):
        return None
    for value, sentence in known:
        if np.allclose(result, value, atol=1e-3):
            return sentence
    return "The shape is right and the values are not: compare with scikit-learn's PCA."


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
    lengths = np.linalg.norm(result, axis=1)
    if not np.allclose(lengths, 1, atol=1e-3):
        return "An axis is a direction: scale each row to length 1."
    cosines = np.abs((result * axes).sum(axis=1))
    if (cosines > 0.999).all():
        return None
    raw = np.linalg.svd(x_hat, full_matrices=False)[2][:3]
    if np.allclose(np.abs((result * raw).sum(axis=1)), 1, atol=1e-3):
        return "You did not centre: subtract the mean of x_hat first."
    if np.allclose(np.abs((result[::-1] * axes).sum(axis=1)), 1, atol=1e-3):
        return "Right axes, wrong order: the one with the largest variance comes first."
    return f"The axes have cosines {np.round(cosines, 2)} with the right ones; expected 1."


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
    values, step = np.unique(np.round(result, 9)), np.ptp(code) / 7
    error = np.abs(result - code).max()
    if np.allclose(result, np.round((code - code.min()) / step)):
        return "Those are level numbers: multiply by the step and add the smallest code."
    if len(values) <= 3:
        return (
            f"That gives {len(values)} levels for 3 bits: a bit doubles them, so 2**3 = 8."
        )
    if len(values) > 8:
        return f"That gives {len(values)} different values; 3 bits tell at most 8 apart."
    if not (np.isclose(values[0], code.min()) and np.isclose(values[-1], code.max())):
        return (
            "The levels should reach from the smallest code to the largest, both included."
        )
    if error > 0.51 * step:
        return (
            f"A value moved by {error / step:.2f} steps; the nearest level is at most half "
            "a step away: round, do not cut off."
        )
    return None
