"""Checks of lesson 06, greedy layer-wise pretraining."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise, explain, numbers

_CLOSE = 1e-4  # float32 is about 4e-6 off


def _again(answer, handed, before, arguments, right, fault) -> str | None:
    """The last checks: the arguments are as they were, and other ones work as well."""
    if not all(map(np.array_equal, handed, before)):
        return "The result is right, but your function changed its arguments: copy them."
    result, raised = call(answer, *arguments)
    parts = [result] if len(right) == 1 else result
    if raised or [np.shape(part) for part in parts] != [np.shape(part) for part in right]:
        return fault
    close = [np.allclose(*pair, atol=_CLOSE) for pair in zip(parts, right, strict=True)]
    return None if all(close) else fault


def _linear(x: np.ndarray, size: int, mean: object, first: int = 0) -> np.ndarray:
    """x in terms of `size` principal directions, found and used with a given mean."""
    rows = np.linalg.svd(x - mean, full_matrices=False)[2][first : first + size]
    return (x - mean) @ rows.T @ rows + mean


def _cloud(shape: tuple[int, int], seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=shape) * 0.8 ** np.arange(shape[1])
    return mixed @ rng.normal(size=(shape[1], shape[1])) + rng.uniform(1, 4, shape[1])


def _equal_variances(x: np.ndarray, result: np.ndarray) -> bool:
    """Whether three of five codes are kept, chosen as if all varied equally."""
    mean = x.mean(axis=0)
    codes, widths, rows = np.linalg.svd(x - mean, full_matrices=False)
    codes, widths, rows = codes[:, :5], widths[:5], rows[:5]
    kept = codes.T @ (result - mean) @ rows.T / widths
    made = np.allclose(codes @ kept * widths @ rows + mean, result, atol=_CLOSE)
    projects = np.allclose([kept @ kept, kept.T], kept, atol=_CLOSE)
    return made and projects and np.isclose(kept.trace(), 3)


@exercise("06.1", hint="Fit, encode, go on with the codes; then decode from the last back.")
def greedy_pca(answer: object) -> str | None:
    """A function of (x, sizes): x encoded by a stack of PCAs and decoded all the way."""
    x = _cloud((60, 8), 1)
    handed = x.copy()
    question = "Are the sizes in order, and do you decode in reverse, the last layer first?"
    result, fault = call(answer, handed, (5, 3), question=question)
    if fault and "expecting 8 features" in fault:
        return "A later PCA was fitted to x: fit each to the codes of the one before."
    if fault:
        return fault
    result = numbers(result)
    shape = None if result is None else result.shape
    shapes = {
        None: "Return the reconstruction alone, an array of the shape of x.",
        (): "That is one number: return the reconstruction of x.",
        (60, 3): "That is the innermost code: decode it through all layers, back to x.",
        (60, 5): "That is still a code, the first layer's: decode once more.",
    }
    if shape != x.shape:
        other = f"Your function returns shape {shape}; expected (60, 8)."
        return shapes.get(shape, other)
    mean = x.mean(axis=0)
    right = _linear(x, 3, mean)
    known = [
        (x, "That is x itself: it has to pass through the codes."),
        (right - mean, "The mean is missing on the way back: add what you subtracted."),
        (_linear(x, 5, mean), "That is the first layer alone: go through all `sizes`."),
        (_linear(x, 3, 0), "You did not center x: subtract its mean before the SVD."),
        (_linear(x, 3, x.mean()), "You subtracted one mean for all: use axis=0."),
        (_linear(x, 3, mean, 5), "Those are the smallest directions: take the largest."),
    ]
    if not np.allclose(result, right, atol=_CLOSE):
        other = "The shape is right and the values are not: try sizes with one layer."
        if _equal_variances(x, result):
            other = "Whitened codes vary equally: the next PCA cannot tell which to drop."
        return explain(result, known, tolerance=_CLOSE) or other
    other = _cloud((40, 7), 2)
    wanted = [_linear(other, 2, other.mean(axis=0))]
    fault = "Right for two layers and wrong for three: make a loop over `sizes`."
    return _again(answer, [handed], [x], (other, (6, 4, 2)), wanted, fault)


def _errors(runs: int, gain: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Test errors in % whose difficulty is shared by the two runs of a draw."""
    rng = np.random.default_rng(seed)
    without = rng.normal(24, 3, runs)
    return without, without - rng.normal(gain, 1.5, runs)


@exercise("06.2", hint="One difference for each run; then their mean and its uncertainty.")
def gain_over_seeds(answer: object) -> str | None:
    """A function of two arrays of errors: the mean paired gain and its standard error."""
    before = _errors(9, 0.9, 3)
    handed = [part.copy() for part in before]
    result, fault = call(answer, *handed)
    if fault:
        return fault
    shape = np.shape(numbers(result))
    if shape == (9,):
        return "Those are the gains of the runs: return their mean and its standard error."
    if shape != (2,) and isinstance(result, (tuple, list)) and len(result) == 2:
        return "Return two numbers: one of your two is an array, a text or nothing."
    if shape != (2,):
        return "Return two numbers, the mean gain and its standard error."
    gain, spread = (float(part) for part in result)
    gains = before[0] - before[1]
    right, deviation = gains.mean(), gains.std(ddof=1)
    error = deviation / 3
    known = [
        (-right, "The sign is turned: a gain is positive if pretraining has fewer errors."),
        (error, "The two came back in the wrong order: the gain first."),
        (100 * right / before[0].mean(), "That is a share: a gain is a difference."),
        (np.median(gains), "That is the median of the gains: take the mean."),
        (np.abs(gains).mean(), "You dropped the signs: a loss counts against the gains."),
    ]
    if not np.isclose(gain, right, atol=_CLOSE):
        other = f"The mean gain is {right:.4f}, and you find {gain:.4f}."
        return explain(gain, known, tolerance=_CLOSE) or other
    apart = np.sqrt(np.var(before, axis=1, ddof=1).sum() / 9)
    sorted_error = np.diff(np.sort(before, axis=1), axis=0).std(ddof=1) / 3
    known = [
        (apart, "That ignores the pairs: take the spread of the differences."),
        (deviation, "That is the spread of single gains: divide by the root of n."),
        (gains.std() / 3, "A sample's standard deviation divides by n - 1: `ddof=1`."),
        (gains.std(), "`np.std` is the spread of single gains, and with ddof 0 besides."),
        (deviation / 9 / 2, "`n ** 1 / 2` is half of n: write `n ** 0.5`."),
        (deviation**2 / 9, "That is the square of the standard error: take the root."),
        (deviation / 9, "You divided by the number of runs: divide by its root."),
        (1.96 * error, "That is half an interval of 95 %: return the standard error."),
        (sorted_error, "You sorted the errors: that tears the pairs apart."),
    ]
    if not np.isclose(spread, error, atol=_CLOSE):
        other = f"The gain is right; its standard error is {error:.4f}, not {spread:.4f}."
        return explain(spread, known, tolerance=_CLOSE) or other
    arguments = _errors(5, -1.5, 4)
    gains = arguments[0] - arguments[1]
    wanted = gains.mean(), gains.std(ddof=1) / 5**0.5
    fault = "Right for 9 runs that gain and wrong for 5 that lose: use the arguments."
    return _again(answer, handed, before, arguments, wanted, fault)


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def _update(x, up, down, regression, unit=_sigmoid, visible=np.array):
    """Recirculation: the changes of up and down at a rate of 1, then h1, x2, h3."""
    h1 = unit(x @ up)
    x2 = regression * x + (1 - regression) * visible(h1 @ down)
    h3 = unit(x2 @ up)
    return x2.T @ (h1 - h3) / len(x), h1.T @ (x - x2) / len(x), h1, x2, h3


def _slip(new, old, right, known, name) -> str | None:
    """What is wrong with one of the two matrices, or None: changes by 0.3 * right."""
    if np.allclose(new, old + 0.3 * right, atol=_CLOSE):
        return None
    known = [
        (0 * right, f"`{name}` came back unchanged."),
        (right - old / 0.3, f"That is the change alone: add it to `{name}`."),
        (-right, f"The change of `{name}` has the wrong sign: add it."),
        (30 * right, f"The change of `{name}` is a sum: divide by n."),
        (5 * right, "n is the number of images, `len(x)`."),
        (right / 0.3, f"The change of `{name}` has to be multiplied by the rate."),
        *known,
    ]
    other = f"`{name}` is not right: compare its change with the formula, sign by sign."
    return explain((np.asarray(new) - old) / 0.3, known, tolerance=_CLOSE) or other


@exercise("06.3", hint="Four lines for the passes, one for each matrix, all with `@`.")
def recirculate(answer: object) -> str | None:
    """A function of (x, up, down, rate, regression): both matrices after one update."""
    rng = np.random.default_rng(5)
    x, up, down = before = [rng.normal(size=size) for size in ((30, 6), (6, 4), (4, 6))]
    handed = [part.copy() for part in before]
    question = "Is every product an `@`, and does each change have its matrix's shape?"
    result, fault = call(answer, *handed, 0.3, 0.6, question=question)
    if fault:
        return fault
    parts = result if isinstance(result, (tuple, list)) else []
    if len(parts) != 2 or any(numbers(part) is None for part in parts):
        return "Return two things, both matrices: `return new_up, new_down`."
    shapes = [np.shape(part) for part in result]
    if shapes == [(4, 6), (6, 4)]:
        return "The two came back in the wrong order: `up` first, then `down`."
    if shapes != [(6, 4), (4, 6)]:
        return f"The shapes are {shapes}; expected those of up and down, unchanged."
    up_change, down_change, h1, x2, h3 = _update(x, up, down, 0.6)
    slips = {
        (0,): "`down` learns from x0 - x2, where x2 keeps `regression` of x0.",
        (0.4,): "You exchanged the shares: x2 keeps `regression` of x0.",
        (0.6, np.array): "The sigmoid of the code is missing: h1 and h3 need it.",
        (0.6, lambda z: _sigmoid(-z)): "The sigmoid is 1 / (1 + exp(-z)): mind the minus.",
        (0.6, _sigmoid, _sigmoid): "There is no sigmoid on the way down to x2.",
    }
    known = [(_update(x, up, down, *slip)[1], said) for slip, said in slips.items()]
    new_up, x1 = up + 0.3 * up_change, h1 @ down
    after = "`down` has to learn from the passes with the old `up`."
    known += [
        (h3.T @ (x - x2) / 30, "`down` learns from h1, the first code, not from h3."),
        (_update(x, new_up, down, 0.6)[1], after),
        (_sigmoid(x @ new_up).T @ (x - x2) / 30, after),
        (h1.T @ (0.4 * x - x1) / 30, "x2 takes only `1 - regression` of h1 @ down."),
    ]
    if fault := _slip(result[1], down, down_change, known, "down"):
        return fault
    late, *_ = _update(x, up, down + 0.3 * down_change, 0.6)
    contrast = (x.T @ h1 - x2.T @ h3) / 30
    descent = x.T @ ((x - x1) @ down.T * h1 * (1 - h1)) / 30
    by_slope = "That is backpropagation: here `up` learns from x2 and h1 - h3."
    mixed = "x2 keeps `regression` of x0, in h3 and in the change of `up` as well."
    known = [
        (descent, by_slope),
        (0.4 * descent, by_slope),
        (x1.T @ (h1 - h3) / 30, mixed),
        (x2.T @ (h1 - _sigmoid(x1 @ up)) / 30, mixed),
        (x.T @ (h1 - h3) / 30, "`up` learns from x2, not from x0."),
        (late, "`up` has to learn from the passes with the old `down`."),
        (x2.T @ ((h1 - h3) * h1 * (1 - h1)) / 30, "There is no derivative in this rule."),
        (contrast, "That is the rule of Boltzmann machines: x2 goes with both codes."),
    ]
    if fault := _slip(result[0], up, up_change, known, "up"):
        return fault
    up_change, down_change, *_ = _update(x[:17], up, down, 0.4)
    wanted = up + 0.1 * up_change, down + 0.1 * down_change
    arguments = x[:17].copy(), up.copy(), down.copy(), 0.1, 0.4
    fault = "Right for 30 images, wrong for 17 at another rate: use the arguments."
    return _again(answer, handed, before, arguments, wanted, fault)
