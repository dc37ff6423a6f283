"""Checks of lesson 00, Start here."""

from __future__ import annotations

import numpy as np

from lessonlib.exercises import call, exercise


@exercise(
    "00.1", hint="Subtract, square, sum over the 784 pixels, average over the images."
)
def course_error(answer: object) -> str | None:
    """A function of (x, x_hat), both (n, 784), that returns the error of the course."""
    rng = np.random.default_rng(0)
    x, x_hat = rng.random((5, 784)), rng.random((5, 784))
    result, fault = call(answer, x.copy(), x_hat.copy())
    if fault:
        return fault
    difference = x_hat - x
    right = (difference**2).sum(axis=1).mean()
    known = {
        (
            difference**2
        ).mean(): "That is the mean over the pixels too: sum over the pixels.",
        (difference**2).sum(): "That is the sum over the images too: average over them.",
        np.abs(difference).sum(axis=1).mean(): "Those are absolute values: square them.",
        difference.sum(axis=1).mean(): "Nothing is squared, so errors cancel: square them.",
        np.sqrt(
            (difference**2).sum(axis=1)
        ).mean(): "That takes a root: the course does not.",
        (difference**2)
        .sum(axis=0)
        .mean(): "That sums over the images (axis 0): use axis 1.",
    }
    if np.shape(result) == (5,):
        return "That is one error for each image: average them into one number."
    if np.shape(result) == (784,):
        return "That is one number for each pixel: sum over axis 1, the pixels."
    if np.shape(result) != ():
        return f"Your function returns shape {np.shape(result)}; expected one number."
    if np.isclose(result, right):
        return None
    for value, sentence in known.items():
        if np.isclose(result, value):
            return sentence
    return f"For the test images your function gives {result:.4g}; expected {right:.4g}."
