"""Wrong answers that people give to lesson 03, each with a part of its sentence."""

import numpy as np


def squares(x, other):
    return ((x - other) ** 2).mean(axis=1)


def won(x, x_noisy, x_hat):
    return 10 * np.log10(squares(x, x_noisy) / squares(x, x_hat))


def pooled(x, x_noisy, x_hat):
    return 10 * np.log10(((x - x_noisy) ** 2).mean() / ((x - x_hat) ** 2).mean())


def natural(x, x_noisy, x_hat):
    return 10 * np.log(squares(x, x_noisy) / squares(x, x_hat)).mean()


def natural_no_ten(x, x_noisy, x_hat):
    return np.log(squares(x, x_noisy) / squares(x, x_hat)).mean()


def lose(pick, value=0, copy=True, axis=1, shape=True, width=28):
    """Set what `pick(number, count, rng)` names in each image to `value`."""

    def answer(rows, count, rng):
        images = np.array(rows) if copy else rows
        images = images.reshape(-1, 28, 28)
        for number, image in enumerate(images):
            lines = pick(number, count, rng)
            view = image if axis == 1 else image.T
            view[lines, :width] = value
        return images.reshape(rows.shape) if shape else images

    return answer


def drawn(number, count, rng):
    return rng.permutation(28)[:count]


def same_for_all(rows, count, rng):
    images = rows.reshape(-1, 28, 28).copy()
    images[:, rng.permutation(28)[:count]] = 0
    return images.reshape(rows.shape)


def own_generator(number, count, rng):
    return np.random.default_rng(number).permutation(28)[:count]


def block(number, count, rng):
    top = rng.integers(29 - count)
    return np.arange(top, top + count)


moving = np.random.default_rng(9)


def distances(noisy, clean):
    return ((noisy[:, None] - clean) ** 2).sum(axis=2)


def mean(weights, clean):
    return weights @ clean / weights.sum(axis=1, keepdims=True)


def by(exponent):
    return lambda noisy, clean, sd: mean(
        np.exp(exponent(distances(noisy, clean), sd)), clean
    )


def underflow(noisy, clean, sd):
    return mean(np.exp(-distances(noisy, clean) / (2 * sd**2)), clean)


def weights_only(noisy, clean, sd):
    weights = np.exp(-distances(noisy, clean) / (2 * sd**2))
    return weights / weights.sum(axis=1, keepdims=True)


def two_coordinates(noisy, clean, sd):
    return mean(np.exp(-distances(noisy[:, :2], clean[:, :2]) / (2 * sd**2)), clean)


def one_minimum(noisy, clean, sd):
    """Safe for one point, and not for the others."""
    squares = distances(noisy, clean)
    return mean(np.exp(-(squares - squares.min()) / (2 * sd**2)), clean)


def absolute(x, x_noisy, x_hat):
    before, after = (np.abs(x - other).mean(axis=1) for other in (x_noisy, x_hat))
    return (10 * np.log10(before / after)).mean()


MISTAKES = {
    "03.1": [
        (won, "one gain for each image"),
        (lambda x, a, b: -won(x, a, b).mean(), "sign is turned"),
        (pooled, "before the logarithm"),
        (natural, "PSNR takes `np.log10`"),
        (natural_no_ten, "10 times `np.log10`"),
        (lambda x, a, b: 2 * won(x, a, b).mean(), "*squared* errors"),
        (lambda x, a, b: won(x, a, b).mean() / 10, "tenth of a power"),
        (lambda x, a, b: np.median(won(x, a, b)), "median of the gains"),
        (lambda x, a, b: (-10 * np.log10(squares(x, b))).mean(), "not the gain"),
        (lambda x, a, b: (squares(x, a) / squares(x, b)).mean(), "ratios of errors"),
        (absolute, "absolute errors"),
        (lambda x, a, b: 5.0, "are right"),
        (lambda x, a, b: x, "expected one number"),
        (3.0, "hand in the function itself"),
    ],
    "03.2": [
        (lose(drawn, copy=False), "changes its input"),
        (lose(drawn, shape=False), "as squares"),
        (lambda rows, count, rng: rows[0], "returns shape (784,)"),
        (lose(drawn, value=0.5), "new values"),
        (lose(drawn, axis=2), "columns"),
        (lose(drawn, width=20), "end to end"),
        (lambda rows, count, rng: rows.copy(), "Nothing is missing"),
        (same_for_all, "same lines: draw them anew"),
        (lose(lambda n, count, rng: rng.integers(28, size=count)), "without replacement"),
        (lose(lambda n, count, rng: rng.permutation(28)[: count + 1]), "loses 6 lines"),
        (lose(lambda n, count, rng: rng.permutation(20)[:count]), "never or always"),
        (lose(block), "side by side"),
        (lose(own_generator), "draw them from `rng`"),
        (lose(lambda n, count, rng: moving.permutation(28)[:count]), "nothing else"),
        (lose(lambda n, count, rng: rng.permutation(28)[:5]), "count = 2"),
    ],
    "03.3": [
        (weights_only, "Those are the weights"),
        (lambda noisy, clean, sd: clean.mean(axis=0), "one mean for all"),
        (lambda noisy, clean, sd: clean, "returns shape (30, 2)"),
        (
            lambda noisy, clean, sd: np.exp(-distances(noisy, clean) / 2 / sd**2) @ clean,
            "add up to 1",
        ),
        (by(lambda squares, sd: -squares / sd**2), "a 2 missing"),
        (by(lambda squares, sd: -squares / (2 * sd)), "has to be squared"),
        (by(lambda squares, sd: -squares / 2), "do not depend on sd"),
        (by(lambda squares, sd: -np.sqrt(squares) / (2 * sd**2)), "The distance has"),
        (by(lambda squares, sd: squares / (2 * sd**2)), "exponent is negative"),
        (by(lambda squares, sd: 0 * squares), "All weights are equal"),
        (
            lambda noisy, clean, sd: clean[distances(noisy, clean).argmin(axis=1)],
            "nearest clean point",
        ),
        (
            lambda noisy, clean, sd: mean(1 / distances(noisy, clean), clean),
            "one over the squared distance",
        ),
        (lambda noisy, clean, sd: underflow(noisy, clean, sd) - noisy, "the arrows"),
        (lambda noisy, clean, sd: noisy, "values are not"),
        (underflow, "exp(-3000) is 0"),
        (one_minimum, "its own smallest"),
        (two_coordinates, "sum over all coordinates"),
        (np.zeros((50, 2)), "hand in the function itself"),
    ],
}
