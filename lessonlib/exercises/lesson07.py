"""Exercises of lesson 07, greedy layer-wise pretraining."""

import numpy as np

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise
from lessonlib.noise import affine_warp


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
        lambda a, b: (np.mean(a - b), ((a.var() + b.var()) / len(a)) ** 0.5),
        "That ignores the pairs, with ddof 0 besides: take the spread of differences.",
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


def warp(images, rng):
    """The lesson's warps: at most so much rotation, scale, shear and shift."""
    return affine_warp(images, rng, 0.25, 0.15, 0.2, 2)


def copies(x, x_hat, codes):
    """Whether what comes out is nearer to the warped digits than to the originals."""
    from lessonlib.metrics import squared_error

    warped = warp(x, np.random.default_rng(0))  # as the check has warped them
    return squared_error(warped, x_hat) < squared_error(x, x_hat)


upright = ModelExercise(
    number="07.3",
    hint="`fit(autoencoder, x, corrupt=warp, steps=..., rate=...)`.",
    code=(1, 250),
    error=26.0,
    than="well below the 34 of the best linear map",
    corrupt=warp,
    symptoms=[
        copies,
        "What comes out is nearer to the warped digit than to the original: warp the input "
        "and keep the target, `corrupt=` and not `augment=`.",
    ],
)
