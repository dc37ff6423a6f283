"""Right answers to lesson 06, and wrong ones, each with a part of its sentence."""

import numpy as np
from sklearn.decomposition import PCA


def spoiling(solution, number):
    """The right answer, from a function that overwrites one of its arguments."""

    def answer(*arguments):
        result = solution(*arguments)
        arguments[number][:] = 0
        return result

    return answer


def stack(x, sizes, center=True, back=-1, smallest=False, decoded=None):
    """Greedy PCA by SVD, with what can go wrong in it."""
    mean = x.mean(axis=0) if center else 0
    code, layers = x - mean, []
    for size in sizes:
        rows = np.linalg.svd(code, full_matrices=False)[2]
        layers.append(rows[-size:] if smallest else rows[:size])
        code = code @ layers[-1].T
    for rows in layers[::back][:decoded]:
        code = code @ rows
    return code if decoded is not None else code + mean


def pcas(x, sizes, **how):
    """The same with scikit-learn's PCA."""
    layers, code = [], x
    for size in sizes:
        layers.append(PCA(size, **how).fit(code))
        code = layers[-1].transform(code)
    for layer in layers[::-1]:
        code = layer.inverse_transform(code)
    return code


def all_fitted_to_x(x, sizes):
    code = x
    for layer in [PCA(size, svd_solver="full").fit(x) for size in sizes]:
        code = layer.transform(code)
    return code


def error(gains):
    return np.std(gains, ddof=1) / len(gains) ** 0.5


def gain(mean=np.mean, error=error, turn=1):
    return lambda a, b: (mean(turn * (a - b)), error(a - b))


def unpaired(a, b):
    return np.mean(a - b), (a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)) ** 0.5


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def update(x, up, down, rate, mix, code=sigmoid, image=np.array, n=None, **rules):
    """One update; `rules` may change what up and down learn from the passes."""
    h1 = code(x @ up)
    x2 = mix * x + (1 - mix) * image(h1 @ down)
    h3, step = code(x2 @ up), rate / (n or len(x))
    up_rule = rules.get("up_rule", lambda x0, h1, x2, h3: x2.T @ (h1 - h3))
    down_rule = rules.get("down_rule", lambda x0, h1, x2, h3: h1.T @ (x0 - x2))
    return up + step * up_rule(x, h1, x2, h3), down + step * down_rule(x, h1, x2, h3)


def wrong(**how):
    return lambda *arguments: update(*arguments, **how)


def new_down_first(x, up, down, *others):
    new_down = update(x, up, down, *others)[1]
    return update(x, up, new_down, *others)[0], new_down


def backpropagation(x, up, down, rate, mix):
    h1 = sigmoid(x @ up)
    new_up = up + rate * x.T @ ((x - h1 @ down) @ down.T * h1 * (1 - h1)) / len(x)
    return new_up, update(x, up, down, rate, mix)[1]


RIGHT = {
    "06.1": [lambda x, s: pcas(np.float32(x), s), lambda x, s: stack(x, s).tolist()],
    "06.2": [lambda a, b: list(gain()(np.float32(a), np.float32(b)))],
    "06.3": [lambda *a: [np.float32(part).tolist() for part in update(*a)]],
}

MISTAKES = {
    "06.1": [
        (all_fitted_to_x, "was fitted to x"),
        (lambda x, sizes: stack(x, sizes, back=1), "the last layer first"),
        (lambda x, sizes: pcas(x, sizes, whiten=True), "vary equally"),
        (lambda x, sizes: (stack(x, sizes), 1), "Return the reconstruction alone"),
        (lambda x, sizes: ((x - stack(x, sizes)) ** 2).mean(), "That is one number"),
        (lambda x, sizes: pcas(x, sizes[::-1]), "Are the sizes in order"),
        (lambda x, sizes: stack(x, sizes, decoded=0), "innermost code"),
        (lambda x, sizes: stack(x, sizes, decoded=1), "first layer's"),
        (lambda x, sizes: stack(x, sizes)[0], "returns shape (8,)"),
        (lambda x, sizes: x, "That is x itself"),
        (lambda x, sizes: stack(x, sizes, decoded=2), "on the way back"),
        (lambda x, sizes: stack(x, sizes[:1]), "first layer alone"),
        (lambda x, sizes: stack(x, sizes, center=False), "did not center"),
        (lambda x, s: stack(x - x.mean(), s, center=False) + x.mean(), "one mean for all"),
        (lambda x, sizes: stack(x, sizes[-1:], smallest=True), "take the largest"),
        (lambda x, s: stack(x / x.std(0), s) * x.std(0), "sizes with one layer"),
        (spoiling(stack, 0), "changed its arguments"),
        (lambda x, sizes: stack(x, sizes[:2]), "loop over `sizes`"),
        (np.zeros((60, 8)), "hand in the function itself"),
    ],
    "06.2": [
        (lambda a, b: a - b, "gains of the runs"),
        (lambda a, b: np.mean(a - b), "Return two numbers"),
        (lambda a, b: (a - b, error(a - b)), "one of your two"),
        (gain(turn=-1), "sign is turned"),
        (gain(mean=error, error=np.mean), "wrong order"),
        (lambda a, b: (100 * (a - b).mean() / a.mean(), error(a - b)), "That is a share"),
        (gain(mean=np.median), "median of the gains"),
        (gain(mean=lambda gains: np.abs(gains).mean()), "dropped the signs"),
        (gain(mean=np.max), "you find"),
        (unpaired, "ignores the pairs"),
        (gain(error=lambda gains: gains.std(ddof=1)), "spread of single gains"),
        (gain(error=lambda gains: gains.std() / len(gains) ** 0.5), "ddof=1"),
        (gain(error=lambda gains: error(gains) ** 2), "take the root"),
        (gain(error=lambda gains: gains.std(ddof=1) / len(gains)), "divide by its root"),
        (gain(error=lambda gains: 1.96 * error(gains)), "half an interval"),
        (lambda a, b: (np.mean(a - b), error(np.sort(a) - np.sort(b))), "tears"),
        (gain(error=lambda g: g.std(ddof=1) / len(g) ** 1 / 2), "half of n"),
        (gain(error=np.std), "`np.std`"),
        (gain(error=np.ptp), "its standard error is"),
        (spoiling(gain(), 1), "changed its arguments"),
        (gain(error=lambda gains: gains.std(ddof=1) / 3), "5 that lose"),
        ((1.0, 0.3), "hand in the function itself"),
    ],
    "06.3": [
        (lambda x, up, down, *_: up, "Return two things"),
        (lambda *a: update(*a)[::-1], "wrong order"),
        (lambda x, up, down, *_: (x, down), "The shapes are"),
        (lambda x, up, down, *_: (up, down), "`down` came back unchanged"),
        (lambda *a: (a[1], update(*a)[1]), "`up` came back unchanged"),
        (lambda *a: (update(*a)[0] - a[1], update(*a)[1] - a[2]), "change alone"),
        (wrong(down_rule=lambda x0, h1, x2, h3: h1.T @ (x2 - x0)), "`down` has the wrong"),
        (wrong(up_rule=lambda x0, h1, x2, h3: x2.T @ (h3 - h1)), "`up` has the wrong"),
        (wrong(n=1), "is a sum"),
        (lambda *a: update(*a[:3], 1, a[4]), "by the rate"),
        (wrong(down_rule=lambda x, h, y, k: h.T @ (x - y) / 0.4), "where x2 keeps"),
        (lambda *a: update(*a[:4], 1 - a[4]), "exchanged"),
        (wrong(code=np.array), "sigmoid of the code is missing"),
        (wrong(image=sigmoid), "no sigmoid on the way down"),
        (wrong(down_rule=lambda x0, h1, x2, h3: h3.T @ (x0 - x2)), "not from h3"),
        (wrong(down_rule=lambda x0, h1, x2, h3: h1.T @ x2), "`down` is not right"),
        (wrong(up_rule=lambda x0, h1, x2, h3: x0.T @ (h1 - h3)), "not from x0"),
        (wrong(up_rule=lambda x, h, y, k: y.T @ ((h - k) * h * (1 - h))), "no derivative"),
        (
            lambda x, u, *a: (v := update(x, u, *a)[0], update(x, v, *a)[1]),
            "with the old `up`",
        ),
        (backpropagation, "That is backpropagation"),
        (wrong(up_rule=lambda x, h, y, k: (y - 0.6 * x).T @ (h - k) / 0.4), "in h3"),
        (wrong(image=lambda values: values / 0.4), "takes only"),
        (wrong(code=lambda z: sigmoid(-z)), "mind the minus"),
        (lambda *a: update(*a, n=6), "number of images"),
        (wrong(up_rule=lambda x0, h1, x2, h3: (h1 - h3).T @ x2), "every product an `@`"),
        (new_down_first, "with the old `down`"),
        (wrong(up_rule=lambda x0, h1, x2, h3: x0.T @ h1 - x2.T @ h3), "Boltzmann"),
        (spoiling(update, 2), "changed its arguments"),
        (lambda *a: update(*a[:3], 0.3, 0.6), "at another rate"),
        (np.zeros((6, 4)), "hand in the function itself"),
    ],
}
