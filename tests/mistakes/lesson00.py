"""Wrong answers that people give to lesson 00, each with a part of its sentence."""

import numpy as np

MISTAKES = {
    "00.1": [
        (lambda x, x_hat: ((x - x_hat) ** 2).mean(), "mean over the pixels"),
        (lambda x, x_hat: ((x - x_hat) ** 2).sum(), "sum over the images"),
        (lambda x, x_hat: np.abs(x - x_hat).sum(axis=1).mean(), "absolute values"),
        (lambda x, x_hat: (x_hat - x).sum(axis=1).mean(), "Nothing is squared"),
        (lambda x, x_hat: np.linalg.norm(x - x_hat, axis=1).mean(), "takes a root"),
        (lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=0).mean(), "axis 0"),
        (lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1), "one error for each image"),
        (lambda x, x_hat: ((x - x_hat) ** 2).mean(axis=0), "one number for each pixel"),
        (lambda x, x_hat: ((x - x_hat).sum(axis=1) ** 2).mean(), "square first"),
        (lambda x, x_hat: np.sqrt(((x - x_hat) ** 2).mean()), "root of the mean"),
        (lambda x: 0.0, "raised TypeError"),
        (0.7, "hand in the function itself"),
        (lambda x, x_hat: 0.0, "expected"),
    ],
}
