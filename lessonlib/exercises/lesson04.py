"""Exercises of lesson 04, denoising autoencoders."""

import numpy as np

from lessonlib.exercises._engine import Exercise
from lessonlib.exercises._models import ModelExercise


def grey(rows, seed):
    """Rows of 784 grey pixels, none of them black or white."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.2, 0.8, (rows, 784)).astype("float32")


def restored():
    """Clean, noisy and half restored images, each noisy in its own measure."""
    rng = np.random.default_rng(1)
    x = grey(40, 2)
    noisy = (x + rng.uniform(0.05, 0.4, (40, 1)) * rng.normal(size=x.shape)).clip(0, 1)
    x_hat = x + (noisy - x) * rng.uniform(0.1, 0.9, (40, 1))
    return x, noisy.astype("float32"), x_hat.astype("float32")


def mse(x, other):
    return ((x - other) ** 2).mean(axis=1)


def ratios(x, x_noisy, x_hat):
    return mse(x, x_noisy) / mse(x, x_hat)


def decibels_won(x, x_noisy, x_hat):
    return 10 * np.log10(ratios(x, x_noisy, x_hat)).mean()


decibels = Exercise(
    number="04.1",
    hint="First one PSNR for each image, before and after; then the mean.",
    right=decibels_won,
    cases=[restored()],
    tolerance=1e-3,
    shapes={(40,): "That is one gain for each image: return their mean."},
    mistakes=[
        lambda *images: -decibels_won(*images),
        "The sign is turned: a gain is positive if x_hat is the better one.",
        lambda x, a, b: 10 * np.log10(mse(x, a).mean() / mse(x, b).mean()),
        "You averaged the errors before the logarithm: take the PSNR of each image first.",
        lambda *images: np.log(ratios(*images)).mean(),
        "That is a natural logarithm: use 10 times `np.log10`.",
        lambda *images: 10 * np.log(ratios(*images)).mean(),
        "That is a natural logarithm: PSNR takes `np.log10`.",
        lambda *images: 2 * decibels_won(*images),
        "20 goes with errors, 10 with *squared* errors.",
        lambda *images: decibels_won(*images) / 10,
        "A decibel is a tenth of a power of ten: multiply by 10.",
        lambda *images: 10 * np.median(np.log10(ratios(*images))),
        "That is the median of the gains: the lesson reports the mean.",
        lambda *images: ratios(*images).mean(),
        "Those are ratios of errors: turn each into decibels, `10 * np.log10(...)`.",
        lambda x, a, b: decibels_won(*(np.abs(y - x) ** 0.5 for y in (x, a, b))),
        "Those are absolute errors: square the differences.",
        lambda x, x_noisy, x_hat: -10 * np.log10(mse(x, x_hat)).mean(),
        "That is the PSNR of x_hat, not the gain.",
        lambda x, a, b: decibels_won(x.T, a.T, b.T),
        "You took the mean of each pixel: that of each image is over `axis=1`.",
        lambda *images: len(images[0]) * decibels_won(*images),
        "That is the sum of the gains: return their mean.",
        lambda x, x_noisy, x_hat: decibels_won(x_noisy, x, x_hat),
        "Both are compared with the clean images, not with the noisy ones.",
    ],
    other="You find {result:.3f} dB where {right:.3f} dB are right.",
)


def lose_lines(x, rng):
    """Seven of the 28 lines of each image, drawn anew for each, set to black."""
    images = x.reshape(-1, 28, 28).copy()
    for image in images:
        image[rng.permutation(28)[:7]] = 0
    return images.reshape(x.shape)


def hands_back(x, x_hat, codes):
    """Whether black lines stay as they were: what a network does that learned to copy."""
    damaged = lose_lines(x, np.random.default_rng(0))  # as the check damages them
    lost = damaged != x
    return x_hat[lost].mean() < x[lost].mean() / 2


lines = ModelExercise(
    number="04.2",
    hint="A function that damages a batch, and `fit(network, x, ..., corrupt=...)`.",
    code=(1, None),
    error=8.5,
    than="well below the 9.3 of ridge regression",
    corrupt=lose_lines,
    symptoms=[
        hands_back,
        "The lost lines come back dark: is your network trained with `corrupt`?",
    ],
)


def distances(noisy, clean):
    return ((noisy[:, None] - clean) ** 2).sum(axis=2)


def weighted(weights, clean):
    return weights @ clean / weights.sum(axis=1, keepdims=True)


def by(exponent):
    """The mean with weights that are exp of a function of squared distances and sd."""
    return lambda noisy, clean, sd: weighted(
        np.exp(exponent(distances(noisy, clean), sd)), clean
    )


def gaussian(distance, sd):
    return -distance / (2 * sd**2)


def posterior_mean(noisy, clean, sd):
    return by(lambda d, sd: gaussian(d - d.min(axis=1, keepdims=True), sd))(
        noisy, clean, sd
    )


def no_zeros(function):
    """What those get who see NaN and put something in its place."""
    return lambda *arguments: np.nan_to_num(function(*arguments))


def points(seed, rows, dimensions, spread):
    """Noisy points, of which the first lies farther out, and the clean ones."""
    rng = np.random.default_rng(seed)
    clean = rng.normal(size=(30, dimensions))
    noisy = clean[rng.integers(30, size=rows)] + rng.normal(0, spread, (rows, dimensions))
    return noisy * np.append(3, np.ones(rows - 1))[:, None], clean, 0.4


posterior = Exercise(
    number="04.3",
    hint="A matrix of squared distances, then weights, then `weights @ clean`.",
    right=posterior_mean,
    cases=[points(6, 50, 2, 0.5)],
    shapes={
        (50, 30): "Those are the weights: return the weighted mean of the clean points.",
        (2,): "That is one mean for all: return one for each noisy point, (50, 2).",
    },
    mistakes=[
        lambda noisy, clean, sd: np.exp(gaussian(distances(noisy, clean), sd)) @ clean,
        "The weights of a point do not add up to 1: divide.",
        by(lambda distance, sd: -distance / sd**2),
        "There is a 2 missing: $d^2 / 2 \\sigma^2$.",
        by(lambda distance, sd: -distance / (2 * sd)),
        "The standard deviation has to be squared.",
        by(lambda distance, sd: gaussian(distance / 2, sd)),
        "Squared distances are sums over the coordinates: did you take the mean?",
        by(lambda d, sd: gaussian(d - d.min(axis=0), sd)),
        "That is the minimum of each clean point: take `min(axis=1, keepdims=True)`.",
        by(lambda distance, sd: -distance / 2),
        "Your weights do not depend on sd.",
        by(lambda distance, sd: gaussian(np.sqrt(distance), sd)),
        "The distance has to be squared.",
        by(lambda distance, sd: -gaussian(distance, sd)),
        "Far points weigh most: the exponent is negative.",
        lambda noisy, clean, sd: clean[distances(noisy, clean).argmin(axis=1)],
        "That is the nearest clean point: average all of them, by weight.",
        lambda noisy, clean, sd: weighted(1 / distances(noisy, clean), clean),
        "Those weights are one over the squared distance: use the exponential.",
        by(lambda distance, sd: 0 * distance),
        "All weights are equal: use exp.",
        lambda noisy, clean, sd: posterior_mean(noisy, clean, sd) - noisy,
        "Those are the arrows: return where they end.",
        by(lambda d, sd: gaussian(d - d.min(), sd)),
        no_zeros(by(lambda d, sd: gaussian(d - d.min(), sd))),
        (
            "Some points lose all their weights: subtract from each point its own smallest "
            "squared distance, not the smallest of all points."
        ),
        by(gaussian),
        no_zeros(by(gaussian)),
        (
            "Right in the plane, but for 784 pixels all weights of a point vanish, since "
            "exp(-3000) is 0: subtract that point's smallest squared distance first."
        ),
    ],
    more=[
        points(7, 4, 784, 1.5),
        (
            "Right in the plane and wrong for 784 pixels: do all weights of a point "
            "vanish, or is a coordinate left out?"
        ),
    ],
    other="The shape is right and the values are not: try two clean points by hand.",
)
