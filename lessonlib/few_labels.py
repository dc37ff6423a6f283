"""Few labels: rows of each class, drawn at random, and settings to read a code with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lessonlib import _settings
from lessonlib._checks import one_label_each, two_tables, whole_number

if TYPE_CHECKING:  # Keras takes seconds to import
    import keras


def draws_per_class(labels: np.ndarray, per_class: int, draws: int) -> list[np.ndarray]:
    """Draw the same number of rows from each class, several times.

    Args:
        labels: whole numbers or words, shape (n,).
        per_class: rows of each class in a draw.
        draws: how many; they may share rows.

    Returns:
        Row numbers, one array of the shape (per_class * classes,) for each draw, the
        classes in turn; drawn with the run's seed, so that each call returns the same.

    Raises:
        ValueError: if a class has fewer rows, or a number is not positive.
    """
    labels = one_label_each("labels", labels, len(labels))
    classes, counts = np.unique(labels, return_counts=True)
    per_class = whole_number("per_class", per_class, 1, int(counts.min()))
    rng, drawn = np.random.default_rng(_settings.seed()), []
    for _ in range(whole_number("draws", draws, 1, 10_000)):
        rows = [
            rng.permutation(np.flatnonzero(labels == one))[:per_class] for one in classes
        ]
        drawn.append(np.stack(rows, axis=1).ravel())
    return drawn


def svm_settings(
    code: np.ndarray, labels: np.ndarray, code_valid: np.ndarray, labels_valid: np.ndarray
) -> dict[str, float]:
    """The C and gamma with which a Gaussian SVM reads validation labels best.

    Tried are C = 1, 10, 100, and gamma = 1/4, 1/2, 1, 2 times scikit-learn's "scale", one
    over the code's numbers times their variance.

    Args:
        code, labels: to fit on, shapes (n, d) and (n,).
        code_valid, labels_valid: to choose on, shapes (m, d) and (m,).

    Returns:
        Keywords for scikit-learn's SVC. Of equally good ones the first, with the smallest
        C.

    Raises:
        ValueError: if shapes do not fit or the code never varies.
    """
    from sklearn.svm import SVC

    code, code_valid = two_tables(("code", "code_valid"), code, code_valid)
    labels = one_label_each("labels", labels, len(code))
    labels_valid = one_label_each("labels_valid", labels_valid, len(code_valid))
    if not code.var() > 0:
        raise ValueError("code is the same number throughout; expected one that varies.")
    usual, best, most = 1 / (code.shape[1] * float(code.var())), {}, -1.0
    for C in (1, 10, 100):
        for times in (0.25, 0.5, 1, 2):
            settings = dict(C=C, gamma=times * usual)
            right = SVC(**settings).fit(code, labels).score(code_valid, labels_valid)
            if right > most:
                best, most = settings, right
    return best


def reading_errors(
    encode: Callable[[np.ndarray], np.ndarray] | None,
    digits: Any,
    draws: Sequence[np.ndarray],
    *,
    warp: Callable[[np.ndarray], np.ndarray] | None = None,
    copies: int = 0,
) -> np.ndarray:
    """How many test labels a Gaussian SVM reads wrong from a code, for each draw of labels.

    Its settings are chosen by `svm_settings` on the first draw, for all of them.

    Args:
        encode: from images, shape (n, d), to codes, shape (n, k), such as a Keras model;
            None reads the images themselves.
        digits: anything with `x_train`, `y_train`, and the same for `valid` and `test`.
        draws: row numbers of the labelled images, of `draws_per_class`.
        warp: changes images, shape (n, d), and leaves their labels as they are.
        copies: how many warped copies of each labelled image are added.

    Returns:
        Test labels read wrong, in %, one number for each draw.

    Raises:
        ValueError: if there is no draw, copies without a `warp`, or shapes do not fit.
    """
    from sklearn.svm import SVC

    copies = whole_number("copies", copies, 0, 10_000)
    if not len(draws) or (copies and warp is None):
        raise ValueError(
            f"{len(draws)} draws and {copies} copies are asked for, warp is {warp!r:.40}; "
            "expected a draw, and a warp for copies."
        )
    encode = encode or np.asarray
    code_valid, code_test = (
        np.asarray(encode(part)) for part in (digits.x_valid, digits.x_test)
    )
    settings, errors = None, []
    for rows in draws:
        x = [digits.x_train[rows]]
        x += [warp(x[0]) for _ in range(copies)] if warp else []
        code = np.asarray(encode(np.concatenate(x)))
        labels = np.tile(digits.y_train[rows], copies + 1)
        if settings is None:
            settings = svm_settings(code, labels, code_valid, digits.y_valid)
        machine = SVC(**settings).fit(code, labels)
        errors.append(100 * (machine.predict(code_test) != digits.y_test).mean())
    return np.array(errors)


def network_errors(
    build: Callable[[], keras.Model],
    digits: Any,
    draws: Sequence[np.ndarray],
    *,
    steps: int,
    rate: float,
    warp: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """How many test labels a network gets wrong that is trained on each draw of labels.

    Args:
        build: returns a new network each time, from d numbers to a probability for each
            class.
        digits, draws: as in `reading_errors`; labels are 0 to classes - 1.
        steps, rate: as in `training.fit`.
        warp: changes the images of each batch, afresh; None leaves them as they are.

    Returns:
        Test labels that are wrong, in %, one number for each draw.

    Raises:
        ValueError: as `training.fit`.
    """
    from lessonlib.training import each, fit, outputs

    errors = []
    for rows in each(draws):
        model = build()
        often = np.tile(rows, max(1, 1_000 // len(rows)))  # epochs of some ten steps
        fit(
            model,
            digits.x_train[often],
            digits.y_train[often],
            corrupt=warp,
            steps=steps,
            rate=rate,
            loss="sparse_categorical_crossentropy",
            quiet=True,
        )
        guessed = outputs(model, digits.x_test).argmax(axis=1)
        errors.append(100 * (guessed != digits.y_test).mean())
    return np.array(errors)
