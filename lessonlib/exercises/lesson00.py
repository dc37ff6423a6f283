"""Checks of lesson 00, Start here."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise, explain


@exercise("00.1", hint="Return one number: subtract, square, sum over pixels, average.")
def course_error(answer: object) -> str | None:
    """A function of (x, x_hat), both (n, 784), that returns the error of the course."""
    rng = np.random.default_rng(0)
    x, x_hat = rng.random((5, 784)), rng.random((5, 784))
    result, fault = call(answer, x.copy(), x_hat.copy())
    if fault:
        return fault
    if np.shape(result) == (5,):
        return "That is one error for each image: average them into one number."
    if np.shape(result) == (784,):
        return "That is one number for each pixel: sum over axis 1, the pixels."
    if np.shape(result) != ():
        return f"Your function returns shape {np.shape(result)}; expected one number."
    off = x_hat - x
    right = (off**2).sum(axis=1).mean()
    if np.isclose(result, right):
        return None
    unsquared = "Nothing is squared, so that errors cancel: square the differences."
    known = [
        ((off**2).mean(), "That is the mean over the pixels too: sum over the pixels."),
        ((off**2).sum(), "That is the sum over the images too: average over them."),
        (np.abs(off).sum(axis=1).mean(), "Those are absolute values: square them."),
        (off.sum(axis=1).mean(), unsquared),
        (-off.sum(axis=1).mean(), unsquared),
        ((off.sum(axis=1) ** 2).mean(), "That squares the sum: square first, then sum."),
        (np.linalg.norm(off, axis=1).mean(), "That takes a root: the course does not."),
        (np.sqrt((off**2).mean()), "That takes a root of the mean: sum, without a root."),
        ((off**2).sum(axis=0).mean(), "That sums over the images (axis 0): use axis 1."),
    ]
    wrong = (
        f"For five random images your function gives {result:.4g}; expected {right:.4g}."
    )
    return explain(result, known) or wrong
