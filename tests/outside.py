"""What the tests do to a lesson from outside, before its first cell.

Networks are undone, rivals are crippled. Whatever a lesson imports later, it gets changed.
"""

import contextlib
import functools
import inspect
import sys

import keras
import numpy as np
import PIL.Image
import scipy.linalg
import scipy.ndimage
import scipy.signal
import scipy.sparse
import scipy.spatial.distance
import sklearn.metrics
import sklearn.model_selection
import sklearn.svm
import tensorflow as tf
from sklearn.base import is_classifier, is_regressor
from sklearn.utils import all_estimators

from lessonlib import claims, training

# Gives back, when closed, all that was replaced; a lesson's own kernel just ends.
REPLACED = contextlib.ExitStack()

FITS = ("fit", "fit_transform", "fit_predict", "partial_fit")
ANSWERS = ("transform", "fit_transform", "predict", "fit_predict", "predict_proba")
ANSWERS += ("decision_function", "score_samples", "kneighbors", "radius_neighbors")
DISTANCES = ("pairwise_distances", "euclidean_distances", "cosine_similarity")
DISTANCES += ("cosine_distances", "linear_kernel")
LIBRARIES = ("numpy", "scipy", "sklearn")
CROSS_VALIDATIONS = ("cross_val_score", "cross_validate", "cross_val_predict")
CROSS_VALIDATIONS += ("learning_curve", "validation_curve", "permutation_test_score")


def replace(owner, name, change):
    """Put `change(original)` in the place of an attribute, until REPLACED is closed."""
    original = getattr(owner, name)
    REPLACED.callback(setattr, owner, name, original)
    setattr(owner, name, functools.wraps(original)(change(original)))


def estimator_methods(names):
    """Each scikit-learn class, base classes included, with the methods that it defines."""
    classes = {
        base
        for _, estimator in all_estimators()
        for base in estimator.__mro__
        if base.__module__.startswith("sklearn.")
    }
    for owner in sorted(classes, key=lambda one: (one.__module__, one.__qualname__)):
        for name in names:
            if inspect.isfunction(vars(owner).get(name)):
                yield owner, name


# --- nothing is learned -----------------------------------------------------------------


def undo_networks():
    """Keras models see one batch, keep a history of full length, get their weights back.

    Support vector machines, which would take most of the time, stop early.

    Loops written by hand, which go through each(range(steps)), take no step.
    """
    # To trace a function costs more than it saves, where each is called once.
    tf.config.run_functions_eagerly(True)
    REPLACED.callback(tf.config.run_functions_eagerly, False)
    replace(sklearn.svm.SVC, "fit", _hurried)
    replace(keras.Model, "fit", _forgetful)
    replace(keras.Model, "train_on_batch", _forgetful_step)
    replace(training, "each", _without_steps)


def dull_regressors():
    """scikit-learn's regressors see the mean in place of each target."""
    for owner, name in estimator_methods(["fit"]):
        replace(owner, name, _dulled)


def _hurried(fit):
    def wrapper(self, *arguments, **options):
        return fit(self.set_params(max_iter=100), *arguments, **options)

    return wrapper


def _forgetful(fit):
    def wrapper(self, x, *arguments, epochs=1, validation_freq=1, **options):
        before = self.get_weights()
        first = x.take(1) if isinstance(x, tf.data.Dataset) else x
        record = fit(self, first, *arguments, epochs=1, **options)
        record.epoch = list(range(epochs))
        for name, seen in record.history.items():
            every = validation_freq if name.startswith("val_") else 1
            record.history[name] = epochs // every * seen
        self.set_weights(before)
        return record

    return wrapper


def _forgetful_step(train_on_batch):
    def wrapper(self, *arguments, **options):
        before = self.get_weights()
        result = train_on_batch(self, *arguments, **options)
        self.set_weights(before)
        return result

    return wrapper


def _without_steps(each):
    return lambda items: each(items[:0] if isinstance(items, range) else items)


def _dulled(fit):
    signature = inspect.signature(fit)

    def wrapper(*arguments, **options):
        call = signature.bind(*arguments, **options)
        y = call.arguments.get("y")
        if y is not None and is_regressor(arguments[0]):
            call.arguments["y"] = np.broadcast_to(np.mean(y, axis=0), np.shape(y))
        return fit(*call.args, **call.kwargs)

    return wrapper


def stop_at(kind, holds):
    """End the lesson at the first claim of this kind that holds, or that does not."""

    def stopping(record):
        def wrapper(entry):
            record(entry)
            if (entry["kind"], entry["holds"]) == (kind, holds):
                raise AssertionError(f"{entry['sentence']!r}, {kind}, holds: {holds}")

        return wrapper

    replace(claims, "_record", stopping)


# --- rivals answer worse than they can --------------------------------------------------


def cripple_rivals():
    """Whatever a lesson may compare with becomes much worse, and raises no error.

    Classifiers and regressors see shuffled targets, all other estimators see each column
    in an order of its own (PCA then has no axes to find), and what any of them answers
    goes to the wrong rows, neighbours included. Closed forms and distances likewise.
    Filters return their input, and pictures need four times the bytes.
    """
    for owner, name in estimator_methods(FITS):
        replace(owner, name, _misled)
    for owner, name in estimator_methods(ANSWERS):
        replace(owner, name, _mixed_up)
    for library in (np.linalg, scipy.linalg):
        for name in ("svd", "eigh"):
            replace(library, name, _only_by_hand(_misled))
        for name in ("lstsq", "solve", "pinv", "inv"):
            replace(library, name, _only_by_hand(_mixed_up))
    for library in (sklearn.metrics, sklearn.metrics.pairwise):
        for name in DISTANCES:
            if hasattr(library, name):
                replace(library, name, _only_by_hand(_mixed_up))
    replace(scipy.spatial.distance, "cdist", _only_by_hand(_mixed_up))
    for name in scipy.ndimage.__all__:
        if name.endswith(("filter", "filter1d", "zoom")) or name.startswith("grey_"):
            replace(scipy.ndimage, name, _idle)
    for name in ("medfilt", "medfilt2d", "wiener"):
        replace(scipy.signal, name, _idle)
    replace(PIL.Image.Image, "save", _bloated)


def _only_by_hand(change):
    """Change what a lesson calls; inside the libraries, which would stumble, all stays."""

    def changed_by_hand(original):
        changed = change(original)

        def wrapper(*arguments, **options):
            caller = sys._getframe(1).f_globals["__name__"].partition(".")[0]
            chosen = original if caller in LIBRARIES else changed
            return chosen(*arguments, **options)

        return wrapper

    return changed_by_hand


def _misled(fit):
    signature = inspect.signature(fit)
    names = [name for name in signature.parameters if name != "self"]

    def wrapper(*arguments, **options):
        call = signature.bind(*arguments, **options)
        supervised = "self" in signature.parameters and (
            is_classifier(arguments[0]) or is_regressor(arguments[0])
        )
        if supervised and call.arguments.get("y") is not None:
            call.arguments["y"] = shuffled_rows(call.arguments["y"])
        else:
            call.arguments[names[0]] = shuffled_columns(call.arguments[names[0]])
        return fit(*call.args, **call.kwargs)

    return wrapper


def _mixed_up(answer):
    def wrapper(*arguments, **options):
        result = answer(*arguments, **options)
        if isinstance(result, tuple):
            return tuple(shuffled_rows(part) for part in result)
        return shuffled_rows(result)

    return wrapper


def _idle(filter_images):
    def wrapper(x, *arguments, **options):
        result = filter_images(x, *arguments, **options)
        if np.shape(result) == np.shape(x):
            return np.array(x)
        return shuffled_rows(result)  # an enlarged image cannot be its input

    return wrapper


def _bloated(save):
    def wrapper(self, file, *arguments, **options):
        save(self, file, *arguments, **options)
        if hasattr(file, "write"):
            file.write(bytes(3 * file.tell()))

    return wrapper


def shuffled_rows(x):
    """The rows of an array, a sparse matrix or a list in another order, always the same."""
    if scipy.sparse.issparse(x):
        return x.tocsr()[np.random.default_rng(0).permutation(x.shape[0])]
    if isinstance(x, list):
        return [x[row] for row in np.random.default_rng(0).permutation(len(x))]
    if np.ndim(x) == 0:
        return x
    return np.asarray(x)[np.random.default_rng(0).permutation(len(x))]


def shuffled_columns(x):
    """Each column in an order of its own: its mean and spread stay, what it shares goes."""
    rng = np.random.default_rng(0)
    if scipy.sparse.issparse(x):
        columns = x.tocsc(copy=True)
        for start, end in zip(columns.indptr, columns.indptr[1:], strict=False):
            places = rng.choice(x.shape[0], end - start, replace=False)
            columns.indices[start:end] = np.sort(places)
        return columns.tocsr()
    if isinstance(x, list) or np.ndim(x) != 2:
        return shuffled_rows(x)
    return rng.permuted(np.asarray(x), axis=0)
