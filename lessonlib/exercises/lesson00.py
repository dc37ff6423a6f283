"""Exercises of lesson 00, Start here."""

import numpy as np

from lessonlib.exercises._engine import Exercise

error = Exercise(
    number="00.1",
    hint="Return one number: subtract, square, sum over pixels, average.",
    right=lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1).mean(),
    cases=[tuple(np.random.default_rng(0).random((2, 5, 784)))],
    shapes={
        (5,): "That is one error for each image: average them into one number.",
        (784,): "That is one number for each pixel: sum over axis 1, the pixels.",
    },
    mistakes=[
        lambda x, y: ((x - y) ** 2).mean(),
        "That is the mean over the pixels too: sum over the pixels.",
        lambda x, y: ((x - y) ** 2).sum(),
        "That is the sum over the images too: average over them.",
        lambda x, y: np.abs(x - y).sum(axis=1).mean(),
        "Those are absolute values: square them.",
        lambda x, y: (y - x).sum(axis=1).mean(),
        lambda x, y: (x - y).sum(axis=1).mean(),
        "Nothing is squared, so that errors cancel: square the differences.",
        lambda x, y: ((x - y).sum(axis=1) ** 2).mean(),
        "That squares the sum: square first, then sum.",
        lambda x, y: np.linalg.norm(x - y, axis=1).mean(),
        "That takes a root: the course does not.",
        lambda x, y: ((x - y) ** 2).mean() ** 0.5,
        "That takes a root of the mean: sum, without a root.",
        lambda x, y: ((x - y) ** 2).sum(axis=0).mean(),
        "That sums over the images (axis 0): use axis 1.",
    ],
    other="For five random images your function gives {result:.4g}; expected {right:.4g}.",
)
