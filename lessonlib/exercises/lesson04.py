"""Exercises of lesson 04, denoising autoencoders."""

import numpy as np

from lessonlib.exercises._engine import Exercise


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
    ],
    other="You find {result:.3f} dB where {right:.3f} dB are right.",
)


def lose(pick, value=0, axis=1, shape=True, width=28, own=False):
    """Set the lines that `pick(number, count, rng)` names in each image to `value`."""

    def answer(rows, count, rng):
        images = (rows if own else rows.copy()).reshape(-1, 28, 28)
        for number, image in enumerate(images):
            view = image if axis == 1 else image.T
            view[pick(number, count, rng), :width] = value
        return images.reshape(rows.shape) if shape else images

    return answer


def drawn(number, count, rng):
    return rng.permutation(28)[:count]


MOVING = np.random.default_rng(9)  # on and on, whatever is handed over


def gone(result):
    return result.reshape(-1, 28, 28) == 0


def lines(result):
    return gone(result).all(axis=2)


def lost(result):
    return lines(result).sum(axis=1)


def never_or_always(result, *_):
    picked = lines(result)
    return picked.all(axis=0).any() or not picked[:, [0, -1]].any(axis=0).all()


def again(answer, rows, count, seed):
    return np.asarray(answer(rows.copy(), count, np.random.default_rng(seed)))


losing = Exercise(
    number="04.2",
    hint="Copy, reshape to (n, 28, 28); `rng.permutation(28)[:count]` picks lines.",
    right=lose(drawn),
    random=True,
    cases=[(grey(60, 3), 5, np.random.default_rng(4))],
    shapes={(60, 28, 28): "The damage is done; the images are squares: reshape to rows."},
    symptoms=[
        lambda result, answer, rows, *_: not np.isin(result, [0, *np.unique(rows)]).all(),
        lose(drawn, value=0.5),
        "Some pixels have new values: a pixel is either as before or 0.",
        lambda result, *_: gone(result).all(axis=1).any() and not lines(result).any(),
        lose(drawn, axis=2),
        "Those are columns: a line runs from left to right, the second axis of three.",
        lambda result, *_: (gone(result).any(axis=2) != lines(result)).any(),
        lose(drawn, width=20),
        "Some lines are black in part: a line is lost from end to end.",
        lambda result, *_: not lines(result).any(),
        lambda rows, count, rng: rows.copy(),
        "Nothing is missing: set the picked lines to 0.",
        lambda result, *_: (lines(result) == lines(result)[0]).all(),
        lose(lambda number, count, rng: 5 * np.arange(count)),
        "Every image loses the same lines: draw them anew for each image.",
        lambda result, *_: lost(result).min() < 5 == lost(result).max(),
        lose(lambda number, count, rng: rng.integers(28, size=count)),
        "Some images lose fewer than `count` lines: pick without replacement.",
        lambda result, *_: (lost(result) != 5).any(),
        lose(lambda number, count, rng: drawn(number, count + 1, rng)),
        "The images lose more or fewer lines than `count`, which is 5 here.",
        lambda result, *_: (lines(result)[:, 1:] & lines(result)[:, :-1]).sum() == 60 * 4,
        lose(lambda number, count, rng: rng.integers(29 - count) + np.arange(count)),
        "The lost lines of an image lie side by side: pick them one by one.",
        never_or_always,
        lose(lambda number, count, rng: rng.permutation(20)[:count]),
        "Some lines are never or always lost: pick from all 28, each as likely.",
        lambda result, answer, rows, *_: np.array_equal(again(answer, rows, 5, 5), result),
        lose(lambda number, count, rng: drawn(0, count, np.random.default_rng(number))),
        "Another generator gives the same lines: draw them from `rng`.",
        lambda result, answer, rows, *_: (again(answer, rows, 5, 4) != result).any(),
        lose(lambda number, count, rng: drawn(number, count, MOVING)),
        "The same generator gives other lines: draw from `rng` and nothing else.",
        lambda result, answer, rows, *_: lines(again(answer, rows, 2, 4)).sum() != 120,
        lose(lambda number, count, rng: drawn(number, 5, rng)),
        "Right for count = 5 and wrong for count = 2: use `count`.",
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
    return noisy * np.append(3, np.ones(rows - 1))[:, None], clean, 0.5


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
        "Right in the plane and wrong for 784 pixels: sum over all coordinates.",
    ],
    other="The shape is right and the values are not: try two clean points by hand.",
)
