"""Checks of lesson 03, denoising autoencoders."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise, explain


def _images(rows: int, seed: int) -> np.ndarray:
    """Rows of 784 grey pixels, none of them black or white."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.2, 0.8, (rows, 784)).astype("float32")


@exercise("03.1", hint="First one PSNR for each image, before and after; then the mean.")
def decibels_won(answer: object) -> str | None:
    """A function of (x, x_noisy, x_hat) that returns the mean gain in PSNR."""
    rng = np.random.default_rng(1)
    x = _images(40, 2)
    noisy = (x + rng.uniform(0.05, 0.4, (40, 1)) * rng.normal(size=x.shape)).clip(0, 1)
    restored = x + (noisy - x) * rng.uniform(0.1, 0.9, (40, 1))
    arguments = x, noisy.astype("float32"), restored.astype("float32")
    result, fault = call(answer, *(part.copy() for part in arguments))
    if fault:
        return fault
    x, x_noisy, x_hat = (part.astype("float64") for part in arguments)
    squares = [((x - other) ** 2).mean(axis=1) for other in (x_noisy, x_hat)]
    gains = 10 * np.log10(squares[0] / squares[1])
    if np.shape(result) == (40,):
        return "That is one gain for each image: return their mean."
    if np.shape(result) != ():
        return f"Your function returns shape {np.shape(result)}; expected one number."
    right, pooled = gains.mean(), [square.mean() for square in squares]
    known = [
        (-right, "The sign is turned: a gain is positive if x_hat is the better one."),
        (
            10 * np.log10(pooled[0] / pooled[1]),
            "You averaged the errors over the images before the logarithm: take the PSNR "
            "of each image first.",
        ),
        (right * np.log(10) / 10, "That is a natural logarithm: use 10 times `np.log10`."),
        (right * np.log(10), "That is a natural logarithm: PSNR takes `np.log10`."),
        (2 * right, "20 goes with errors, 10 with *squared* errors."),
        (right / 10, "A decibel is a tenth of a power of ten: multiply by 10."),
        (
            np.median(gains),
            "That is the median of the gains: the lesson reports the mean.",
        ),
        (
            (squares[0] / squares[1]).mean(),
            "Those are ratios of errors: turn each into decibels, `10 * np.log10(...)`.",
        ),
        (
            10 * np.log10(np.abs(x - x_noisy).mean(1) / np.abs(x - x_hat).mean(1)).mean(),
            "Those are absolute errors: square the differences.",
        ),
        ((-10 * np.log10(squares[1])).mean(), "That is the PSNR of x_hat, not the gain."),
    ]
    if np.allclose(result, right, atol=1e-3):
        return None
    other = f"You find {float(result):.3f} dB where {right:.3f} dB are right."
    return explain(result, known) or other


@exercise(
    "03.2", hint="Copy, reshape to (n, 28, 28); `rng.permutation(28)[:count]` picks lines."
)
def lose_lines(answer: object) -> str | None:
    """A function of (rows, count, rng) that blackens `count` lines of each image."""
    x = _images(60, 3)
    given = x.copy()
    result, fault = call(answer, given, 5, np.random.default_rng(4))
    if fault:
        return fault
    if not np.array_equal(given, x):
        return "Your function changes its input: work on a copy, or the clean target goes."
    if np.shape(result) == (60, 28, 28):
        return "The damage is done, but the images came back as squares: reshape to rows."
    if np.shape(result) != (60, 784):
        return f"Your function returns shape {np.shape(result)}; expected (60, 784)."
    result = np.asarray(result, "float64")
    gone = result.reshape(60, 28, 28) == 0
    if not np.allclose(result, np.where(gone.reshape(60, 784), 0, x), atol=1e-6):
        return "Some pixels have new values: a pixel is either as before or 0."
    if gone.all(axis=1).any() and not gone.all(axis=2).any():
        return (
            "Those are columns: a line runs from left to right, the second axis of three."
        )
    if not np.array_equal(gone.any(axis=2), gone.all(axis=2)):
        return "Some lines are black in part: a line is lost from end to end."
    lines = gone.all(axis=2)
    counts = lines.sum(axis=1)
    if (counts == 0).all():
        return "Nothing is missing: set the picked lines to 0."
    if (lines == lines[0]).all():
        return "Every image loses the same lines: draw them anew for each image."
    if counts.max() == 5 and counts.min() < 5:
        return "Some images lose fewer than `count` lines: pick without replacement."
    if (counts != 5).any():
        return f"An image loses {counts.max()} lines where count is 5."
    if (np.diff(np.sort(np.argsort(~lines, axis=1)[:, :5], axis=1), axis=1) == 1).all():
        return "The lost lines of an image lie side by side: pick them one by one."
    if not lines[:, [0, -1]].any(axis=0).all() or lines.all(axis=0).any():
        return "Some lines are never or always lost: pick from all 28, each as likely."
    again, fault = call(answer, x.copy(), 5, np.random.default_rng(5))
    if fault or np.array_equal(again, result):
        return "Another generator gives the same lines: draw them from `rng`."
    once_more, fault = call(answer, x.copy(), 5, np.random.default_rng(4))
    if fault or not np.array_equal(once_more, result):
        return "The same generator gives other lines: draw from `rng` and nothing else."
    fewer, fault = call(answer, x.copy(), 2, np.random.default_rng(4))
    if fault or (np.asarray(fewer).reshape(60, 28, 28) == 0).all(axis=2).sum() != 120:
        return "Right for count = 5 and wrong for count = 2: use `count`."
    return None


@exercise(
    "03.3", hint="A matrix of squared distances, then weights, then `weights @ clean`."
)
def posterior_mean(answer: object) -> str | None:
    """A function of (noisy, clean, sd) that returns the best possible restoration."""
    rng = np.random.default_rng(6)
    clean, sd = rng.normal(size=(30, 2)), 0.5
    noisy = clean[rng.integers(30, size=50)] + rng.normal(0, sd, (50, 2))
    result, fault = call(answer, noisy.copy(), clean.copy(), sd)
    if fault:
        return fault
    shape = np.shape(result)
    if shape == (50, 30):
        return "Those are the weights: return the weighted mean of the clean points."
    if shape == (2,):
        return "That is one mean for all: return one for each noisy point, (50, 2)."
    if shape != (50, 2):
        return f"Your function returns shape {shape}; expected that of noisy, (50, 2)."
    squares = ((noisy[:, None] - clean) ** 2).sum(axis=2)

    def mean(exponent, normal=True, points=clean):
        weights = np.exp(exponent)
        return weights @ points / (weights.sum(axis=1, keepdims=True) if normal else 1)

    exponent = -squares / (2 * sd**2)
    inverse = 1 / squares
    known = [
        (
            mean(exponent, normal=False),
            "The weights of a point do not add up to 1: divide.",
        ),
        (mean(-squares / sd**2), "There is a 2 missing: $d^2 / 2 \\sigma^2$."),
        (mean(-squares / (2 * sd)), "The standard deviation has to be squared."),
        (mean(-squares / 2), "Your weights do not depend on sd."),
        (mean(-np.sqrt(squares) / (2 * sd**2)), "The distance has to be squared."),
        (mean(-exponent), "Far points weigh most: the exponent is negative."),
        (
            clean[squares.argmin(axis=1)],
            "That is the nearest clean point: average all of them, by weight.",
        ),
        (
            inverse @ clean / inverse.sum(axis=1, keepdims=True),
            "Those weights are one over the squared distance: use the exponential.",
        ),
        (np.broadcast_to(clean.mean(axis=0), (50, 2)), "All weights are equal: use exp."),
        (mean(exponent) - noisy, "Those are the arrows: return where they end."),
    ]
    if not np.allclose(result, mean(exponent), atol=1e-4):
        other = "The shape is right and the values are not: try two clean points by hand."
        return explain(result, known, tolerance=1e-4) or other
    far_noisy, far_clean = rng.normal(size=(4, 784)), rng.normal(size=(6, 784))
    far_noisy[0] *= 3  # farther out, so that one minimum for all points is not enough
    with np.errstate(all="ignore"):
        far, fault = call(answer, far_noisy.copy(), far_clean.copy(), 0.5)
    if fault:
        return fault
    squares = ((far_noisy[:, None] - far_clean) ** 2).sum(axis=2)
    squares -= squares.min(axis=1, keepdims=True)
    lost = ~np.isfinite(far) | np.isclose(far, 0, atol=1e-9)
    if lost.all(axis=1).any() and not lost.all():
        return (
            "Some points lose all their weights: subtract from each point its own smallest "
            "squared distance, not the smallest of all points."
        )
    if lost.all():
        return (
            "Right in the plane, but for 784 pixels all weights of a point vanish, since "
            "exp(-3000) is 0: subtract that point's smallest squared distance first."
        )
    if not np.allclose(far, mean(-squares / (2 * 0.5**2), points=far_clean), atol=1e-4):
        return "Right in the plane and wrong for 784 pixels: sum over all coordinates."
    return None
