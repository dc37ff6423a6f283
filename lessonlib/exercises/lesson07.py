"""Exercises of lesson 07, greedy layer-wise pretraining."""

from types import SimpleNamespace

import numpy as np

from lessonlib.exercises._engine import Exercise


def cloud(seed, *shape):
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=shape) * 0.8 ** np.arange(shape[1])
    return mixed @ rng.normal(size=(shape[1], shape[1])) + rng.uniform(1, 4, shape[1])


def linear(x, size, mean, first=0):
    """x in terms of `size` principal directions, found and used with a given mean."""
    rows = np.linalg.svd(x - mean, full_matrices=False)[2][first : first + size]
    return (x - mean) @ rows.T @ rows + mean


def greedy_pca(x, sizes):
    """A stack of PCAs makes what the last alone would make."""
    return linear(x, sizes[-1], x.mean(axis=0))


def stacked(x, sizes, fit_to_x=False, **how):
    """The same with scikit-learn's PCA."""
    from sklearn.decomposition import PCA

    layers, code = [], x
    for size in sizes:
        layers.append(PCA(size, svd_solver="full", **how).fit(x if fit_to_x else code))
        code = layers[-1].transform(code)
    for layer in layers[::-1]:
        code = layer.inverse_transform(code)
    return code


def equal_variances(result, right, x, sizes):
    """Whether three of five codes are kept, chosen as if all varied equally."""
    mean, first, last = x.mean(axis=0), sizes[0], sizes[-1]
    codes, widths, rows = np.linalg.svd(x - mean, full_matrices=False)
    codes, widths, rows = codes[:, :first], widths[:first], rows[:first]
    kept = codes.T @ (result - mean) @ rows.T / widths
    made = np.allclose(codes @ kept * widths @ rows + mean, result, atol=1e-4)
    projects = np.allclose([kept @ kept, kept.T], kept, atol=1e-4)
    return made and projects and np.isclose(kept.trace(), last)


pca_stack = Exercise(
    number="07.1",
    hint="Fit, encode, go on with the codes; then decode from the last back.",
    right=greedy_pca,
    also_right=[lambda x, sizes: stacked(np.float32(x), sizes).tolist()],
    cases=[(cloud(1, 60, 8), (5, 3))],
    more=[
        (cloud(2, 40, 7), (6, 4, 2)),
        "Right for two layers and wrong for three: make a loop over `sizes`.",
    ],
    shapes={
        None: "Return the reconstruction alone, an array of the shape of x.",
        (): "That is one number: return the reconstruction of x.",
        (60, 3): "That is the innermost code: decode it through all layers, back to x.",
        (60, 5): "That is still a code, the first layer's: decode once more.",
    },
    question="Are the sizes in order, and do you decode in reverse, the last layer first?",
    mistakes=[
        lambda x, sizes: x,
        "That is x itself: it has to pass through the codes.",
        lambda x, sizes: greedy_pca(x, sizes) - x.mean(axis=0),
        "The mean is missing on the way back: add what you subtracted.",
        lambda x, sizes: greedy_pca(x, sizes[:1]),
        "That is the first layer alone: go through all `sizes`.",
        lambda x, sizes: linear(x, sizes[-1], 0),
        "You did not center x: subtract its mean before the SVD.",
        lambda x, sizes: linear(x, sizes[-1], x.mean()),
        "You subtracted one mean for all: use axis=0.",
        lambda x, sizes: linear(x, sizes[-1], x.mean(axis=0), x.shape[1] - sizes[-1]),
        "Those are the smallest directions: take the largest.",
        lambda x, sizes: stacked(x, sizes, fit_to_x=True),
        "A later PCA was fitted to x: fit each to the codes of the one before.",
    ],
    symptoms=[
        equal_variances,
        lambda x, sizes: stacked(x, sizes, whiten=True),
        "Whitened codes vary equally: the next PCA cannot tell which to drop.",
    ],
    other="The shape is right and the values are not: try sizes with one layer.",
)


def errors(runs, gain, seed):
    """Test errors in % whose difficulty is shared by the two runs of a draw."""
    rng = np.random.default_rng(seed)
    without = rng.normal(24, 3, runs)
    return without, without - rng.normal(gain, 1.5, runs)


def standard_error(gains):
    return np.std(gains, ddof=1) / len(gains) ** 0.5


def gain(mean=np.mean, error=standard_error):
    """An answer with some other measure of the gains, or of their spread."""

    def answer(without, with_pretraining):
        gains = without - with_pretraining
        return mean(gains), error(gains)

    return answer


seeds = Exercise(
    number="07.2",
    hint="One difference for each run; then their mean and its uncertainty.",
    right=gain(),
    also_right=[lambda a, b: list(gain()(np.float32(a), np.float32(b)))],
    cases=[errors(9, 0.9, 3)],
    more=[
        errors(5, -1.5, 4),
        "Right for 9 runs that gain and wrong for 5 that lose: use the arguments.",
    ],
    shapes={
        None: "Return two numbers, the mean gain and its standard error.",
        (): "Return two numbers, the mean gain and its standard error.",
        (9,): "Those are the gains of the runs: return their mean and its standard error.",
        ((9,), ()): "Return two numbers: the first of your two is an array.",
        ((), (9,)): "Return two numbers: the second of your two is an array.",
    },
    mistakes=[
        gain(lambda gains: -gains.mean()),
        "The sign is turned: a gain is positive if pretraining has fewer errors.",
        gain(standard_error, np.mean),
        "The two came back in the wrong order: the gain first.",
        lambda a, b: (100 * np.mean(a - b) / a.mean(), standard_error(a - b)),
        "That is a share: a gain is a difference.",
        gain(np.median),
        "That is the median of the gains: take the mean.",
        gain(lambda gains: np.abs(gains).mean()),
        "You dropped the signs: a loss counts against the gains.",
        lambda a, b: (np.mean(a - b), ((a.var(ddof=1) + b.var(ddof=1)) / len(a)) ** 0.5),
        "That ignores the pairs: take the spread of the differences.",
        gain(error=lambda gains: gains.std(ddof=1)),
        "That is the spread of single gains: divide by the root of n.",
        gain(error=lambda gains: gains.std() / len(gains) ** 0.5),
        "A sample's standard deviation divides by n - 1: `ddof=1`.",
        gain(error=np.std),
        "`np.std` is the spread of single gains, and with ddof 0 besides.",
        gain(error=lambda gains: gains.std(ddof=1) / len(gains) ** 1 / 2),
        "`n ** 1 / 2` is half of n: write `n ** 0.5`.",
        gain(error=lambda gains: standard_error(gains) ** 2),
        "That is the square of the standard error: take the root.",
        gain(error=lambda gains: gains.std(ddof=1) / len(gains)),
        "You divided by the number of runs: divide by its root.",
        gain(error=lambda gains: 1.96 * standard_error(gains)),
        "That is half an interval of 95 %: return the standard error.",
        lambda a, b: (np.mean(a - b), standard_error(np.sort(a) - np.sort(b))),
        "You sorted the errors: that tears the pairs apart.",
    ],
    other=(
        "A mean gain of {right[0]:.4f} and a standard error of {right[1]:.4f} are right; "
        "you find {result[0]:.4f} and {result[1]:.4f}."
    ),
)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def up_rule(p):
    return p.x2.T @ (p.h1 - p.h3)


def down_rule(p):
    return p.h1.T @ (p.x - p.x2)


def update(
    up_rule=up_rule, down_rule=down_rule, n=len, keep=1, code=sigmoid, image=np.array
):
    """One update by other rules of what one round leaves; x1 is not yet mixed with x."""

    def answer(x, up, down, rate, regression):
        h1 = code(x @ up)
        x1 = image(h1 @ down)
        x2 = regression * x + (1 - regression) * x1
        h3 = code(x2 @ up)
        p = SimpleNamespace(
            x=x, up=up, down=down, mix=regression, h1=h1, x1=x1, x2=x2, h3=h3
        )
        step = rate / n(x)
        return keep * up + step * up_rule(p), keep * down + step * down_rule(p)

    return answer


recirculate = update()


def new_code_only(x, up, down, *numbers):
    """`down` learns from the new code, but from the old x2."""
    new_code = sigmoid(x @ recirculate(x, up, down, *numbers)[0])
    return update(down_rule=lambda p: new_code.T @ (p.x - p.x2))(x, up, down, *numbers)


def slope(p):
    """Down the error of x1 by backpropagation."""
    return p.x.T @ ((p.x - p.x1) @ p.down.T * p.h1 * (1 - p.h1))


def matrices(rows, seed, *numbers):
    rng = np.random.default_rng(seed)
    return *(rng.normal(size=size) for size in ((rows, 6), (6, 4), (4, 6))), *numbers


recirculation = Exercise(
    number="07.3",
    hint="Four lines for the passes, one for each matrix, all with `@`.",
    right=recirculate,
    also_right=[lambda *a: [np.float32(part).tolist() for part in recirculate(*a)]],
    order=(1, 0),
    cases=[matrices(30, 5, 0.3, 0.6)],
    more=[
        matrices(17, 6, 0.1, 0.4),
        "Right for 30 images, wrong for 17 at another rate: use the arguments.",
    ],
    shapes={
        None: "Return two things, both matrices: `return new_up, new_down`.",
        ((4, 6), (6, 4)): "The two came back in the wrong order: `up` first, then `down`.",
    },
    question="Is every product an `@`, and does each change have its matrix's shape?",
    mistakes=[
        update(lambda p: 0, lambda p: 0),
        "`up` and `down` came back unchanged.",
        update(down_rule=lambda p: 0),
        "`down` came back unchanged.",
        update(up_rule=lambda p: 0),
        "`up` came back unchanged.",
        update(keep=0),
        "Those are the changes alone: add them to `up` and `down`.",
        update(lambda p: -up_rule(p), lambda p: -down_rule(p)),
        "Both changes have the wrong sign: add them.",
        update(down_rule=lambda p: -down_rule(p)),
        "The change of `down` has the wrong sign: add it.",
        update(up_rule=lambda p: -up_rule(p)),
        "The change of `up` has the wrong sign: add it.",
        update(n=lambda x: 1),
        "Each change is a sum: divide by n.",
        update(n=lambda x: x.shape[1]),
        "n is the number of images, `len(x)`.",
        lambda x, up, down, rate, mix: recirculate(x, up, down, 1, mix),
        "The changes have to be multiplied by the rate.",
        update(down_rule=lambda p: p.h1.T @ (p.x - p.x1)),
        "`down` learns from x0 - x2, where x2 keeps `regression` of x0.",
        lambda x, up, down, rate, mix: recirculate(x, up, down, rate, 1 - mix),
        "You exchanged the shares: x2 keeps `regression` of x0.",
        update(code=np.array),
        "The sigmoid of the code is missing: h1 and h3 need it.",
        update(code=lambda values: sigmoid(-values)),
        "The sigmoid is 1 / (1 + exp(-z)): mind the minus.",
        update(image=sigmoid),
        "There is no sigmoid on the way down to x2.",
        update(down_rule=lambda p: p.h3.T @ (p.x - p.x2)),
        "`down` learns from h1, the first code, not from h3.",
        lambda x, up, *a: (new := recirculate(x, up, *a)[0], recirculate(x, new, *a)[1]),
        new_code_only,
        "`down` has to learn from the passes with the old `up`.",
        update(image=lambda values: values / 0.4),  # the share of x1
        "x2 takes only `1 - regression` of h1 @ down.",
        update(slope),
        update(lambda p: (1 - p.mix) * slope(p)),
        "That is backpropagation: here `up` learns from x2 and h1 - h3.",
        update(lambda p: p.x1.T @ (p.h1 - p.h3)),
        update(lambda p: p.x2.T @ (p.h1 - sigmoid(p.x1 @ p.up))),
        "x2 keeps `regression` of x0, in h3 and in the change of `up` as well.",
        update(lambda p: p.x.T @ (p.h1 - p.h3)),
        "`up` learns from x2, not from x0.",
        lambda x, up, down, *a: (
            recirculate(x, up, new := recirculate(x, up, down, *a)[1], *a)[0],
            new,
        ),
        "`up` has to learn from the passes with the old `down`.",
        update(lambda p: p.x2.T @ ((p.h1 - p.h3) * p.h1 * (1 - p.h1))),
        "There is no derivative in this rule.",
        update(lambda p: p.x.T @ p.h1 - p.x2.T @ p.h3),
        "That is the rule of Boltzmann machines: x2 goes with both codes.",
    ],
    symptoms=[
        lambda result, right, *_: np.allclose(result[1], right[1], atol=1e-4),
        update(lambda p: p.x2.T @ p.h1),
        "`up` is not right: compare its change with the formula, sign by sign.",
    ],
    other="`down` is not right: compare its change with the formula, sign by sign.",
)
