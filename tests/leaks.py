"""Watch from outside what every fit of a lesson is fed, and write down test rows in it.

A test row is known as it is, rescaled, centred or standardised, flattened or reshaped, and
as what a network or a transformer makes of it. A warped or a noisy one is not known again.
"""

import contextlib
import dataclasses
import inspect
import json
import weakref

import keras
import numpy as np
import scipy.sparse
import sklearn.base
import sklearn.model_selection
import tensorflow as tf
from scipy.spatial import cKDTree

from lessonlib import data, training
from outside import CROSS_VALIDATIONS, FITS, estimator_methods, replace

# Rows this wide are told apart whatever their scale, by a few numbers computed from each.
WIDE = 16
NUMBERS = 8
TOLERANCE = 3e-5
# Narrow rows, and what was made from test rows, may agree by chance here and there.
SHARE = 0.05
# From so many images on, each pixel is black in one.
ENOUGH = 50


def watch_leaks(path, stop=False):
    """From now on each leak appends one line of JSON to `path`: who, and what went in.

    The first one ends the lesson if `stop` is true.
    """
    watch = Watch(path, stop)
    for name, _ in inspect.getmembers(data, inspect.isfunction):
        if name.startswith(("load_", "make_")):
            replace(data, name, watch.loading)
    replace(training, "batches", watch.feeding)
    for name in ("fit", "train_on_batch"):
        replace(keras.Model, name, watch.fitting)
    replace(keras.Model, "predict", watch.answering)
    replace(keras.layers.Layer, "__call__", watch.answering)
    for owner, name in estimator_methods(FITS):
        replace(owner, name, watch.fitting)
    for owner, name in estimator_methods(["transform", "predict"]):
        replace(owner, name, watch.answering)
    for name in CROSS_VALIDATIONS:
        replace(sklearn.model_selection, name, watch.fitting)
    for library, name in [(np.linalg, "svd"), (np.linalg, "lstsq"), (np.linalg, "pinv")]:
        replace(library, name, watch.fitting)
    replace(np, "cov", watch.fitting)


class Watch:
    """What is known of a lesson's test rows, and what its estimators have seen."""

    def __init__(self, path, stop):
        self.path, self.stop, self.busy = path, stop, False
        self.forms = {}  # by width: the test rows of all loaded data, in several forms
        self.made = set()  # rows that networks and transformers made from test rows
        self.fitted = weakref.WeakKeyDictionary()  # estimator: the rows it was fitted on
        self.prepared = []  # (estimator's name, the numbers it made of its own rows)

    # The wrappers look only at what the lesson itself calls, not at what that calls.

    def loading(self, load):
        def wrapper(*arguments, **options):
            found = load(*arguments, **options)
            if dataclasses.is_dataclass(found) and hasattr(found, "x_test"):
                self.remember(found)
            return found

        return wrapper

    def feeding(self, batches):
        def wrapper(*arguments, **options):
            self.look("batches", arguments, options)
            dataset = batches(*arguments, **options)
            dataset.looked_at = True
            return dataset

        return wrapper

    def fitting(self, fit):
        method = "self" in inspect.signature(fit).parameters

        def wrapper(*arguments, **options):
            if self.busy:
                return fit(*arguments, **options)
            owner = arguments[0] if method else None
            name = f"{type(owner).__name__}." * method + fit.__name__
            with self.attention():
                self.look(name, arguments[method:], options)
                result = fit(*arguments, **options)
                if isinstance(owner, sklearn.base.BaseEstimator):
                    rows = first_rows(arguments[1:], options)
                    self.fitted[owner] = set(hashes(rows))
                    self.follow(owner, rows, result)
            return result

        return wrapper

    def answering(self, answer):
        def wrapper(self_, *arguments, **options):
            if self.busy:
                return answer(self_, *arguments, **options)
            with self.attention():
                result = answer(self_, *arguments, **options)
                self.follow(self_, first_rows(arguments, options), result)
            return result

        return wrapper

    @contextlib.contextmanager
    def attention(self):
        self.busy = True
        try:
            yield
        finally:
            self.busy = False

    def remember(self, found):
        """Keep the test rows of a data set, as they are and as lessons prepare them."""
        test = as_rows(found.x_test)
        if test is None:
            self.made |= set(hashes(found.x_test))
            return
        parts = [as_rows(getattr(found, f"x_{part}", None)) for part in ("train", "valid")]
        parts = [part for part in [*parts, test] if part is not None and len(part)]
        sums = [np.concatenate(parts[:count]) for count in range(1, len(parts) + 1)]
        forms = [test]
        for rows in [*sums, test]:
            mean, spread = rows.mean(axis=0), rows.std(axis=0)
            spread = np.where(spread > 0, spread, 1)
            forms += [test - mean, test / spread, (test - mean) / spread]
        if test.shape[1] >= WIDE:
            forms.append(test - test.mean(axis=1, keepdims=True))
        numbers = np.concatenate([fingerprint(form) for form in forms])
        known = self.forms.get(test.shape[1])
        if known is not None:
            numbers = np.concatenate([known.data, numbers])
        self.forms[test.shape[1]] = cKDTree(numbers)

    def look(self, name, arguments, options):
        """Write down test rows among the arguments of a fit, and folds cut too late."""
        for rows in arrays_in([*arguments, *options.values()]):
            known, made = self.test_rows(rows)
            if known.any() and (width(rows) >= WIDE or known.mean() >= SHARE):
                self.report(name, f"{known.sum()} test rows, as they are or rescaled")
            elif made.mean() >= SHARE:
                self.report(name, f"{made.sum()} rows that were made from test rows")
            if name in CROSS_VALIDATIONS or "CV." in name:
                self.look_at_folds(name, rows)

    def look_at_folds(self, name, rows):
        numbers = telling_numbers(rows)
        for maker, prepared in self.prepared:
            if len(numbers) and np.isin(numbers, prepared).mean() > 0.5:
                self.report(name, f"what {maker} made, fitted on the rows of all folds")

    def test_rows(self, rows):
        """Two masks: rows that are test rows, and rows that were made from some."""
        made = np.array([key in self.made for key in hashes(rows)], bool)
        known, x = np.zeros(len(made), bool), as_rows(rows)
        if x is None or x.shape[1] not in self.forms:
            return known, made
        forms = [x]
        if x.shape[1] >= WIDE and len(x) >= ENOUGH:
            forms.append(x - x.min(axis=0))  # undoes any shift that all images share
        for form in forms:
            nearest = self.forms[x.shape[1]].query(
                fingerprint(form), p=np.inf, distance_upper_bound=TOLERANCE
            )[0]
            known |= np.isfinite(nearest)
        return known, made

    def follow(self, maker, rows, result):
        """Remember what was made of test rows, and what an estimator made of its own."""
        if rows is None or not len(rows):
            return
        known = isinstance(maker, sklearn.base.BaseEstimator) and maker in self.fitted
        own = self.fitted[maker] if known else ()
        for part in arrays_in([result]):
            if len(part) != len(rows) or width(part) < 1:
                continue
            mask = np.logical_or(*self.test_rows(rows))
            keys = np.array(hashes(part), object)
            # An untrained network may answer all rows alike: nothing to know again.
            if mask.mean() >= 0.5 and len(set(keys)) > 0.9 * len(keys):
                self.made |= set(keys[mask])
            if own and np.mean([key in own for key in hashes(rows)]) >= 0.5:
                self.prepared.append((type(maker).__name__, telling_numbers(part)))

    def report(self, name, what):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(dict(who=name, what=what)) + "\n")
        if self.stop:
            raise AssertionError(f"{name} was fed {what}")


def arrays_in(values):
    """All tables among nested arguments; a dataset is read once, unless it was seen."""
    for value in values:
        if isinstance(value, (tuple, list)) and not is_text(value):
            yield from arrays_in(value)
        elif isinstance(value, dict):
            yield from arrays_in(value.values())
        elif isinstance(value, tf.data.Dataset):
            if not getattr(value, "looked_at", False):
                for batch in value.take(10_000):
                    yield from arrays_in([batch])
        elif is_table(value):
            yield value


def first_rows(arguments, options):
    """What an estimator or a network is given: the first argument, if it is a table."""
    return next(iter(arrays_in([*arguments, *options.values()][:1])), None)


def is_text(value):
    return len(value) > 0 and isinstance(value[0], str)


def is_table(value):
    if scipy.sparse.issparse(value) or isinstance(value, list):
        return True
    if tf.is_symbolic_tensor(value):
        return False
    if isinstance(value, (np.ndarray, tf.Tensor)) and value.ndim and len(value):
        return value.ndim >= 2 or is_text(value)
    return False


def width(rows):
    return 1 if isinstance(rows, list) else int(np.prod(rows.shape[1:]))


def as_rows(x):
    """Float32 rows, shape (n, width), or None for words."""
    if x is None or isinstance(x, (list, tuple)):
        return None
    x = x.toarray() if scipy.sparse.issparse(x) else np.asarray(x)
    if x.dtype.kind not in "fiub" or x.ndim < 2:
        return None
    return x.reshape(len(x), int(np.prod(x.shape[1:]))).astype("float32")


def hashes(rows):
    """A number for each row, the same if and only if the row is the same."""
    x = as_rows(rows)
    if x is None:
        return [hash(str(row)) for row in (() if rows is None else rows)]
    return [hash(row.tobytes()) for row in x]


def fingerprint(x):
    """Eight numbers for each wide row, whatever its scale; a narrow row itself."""
    if x.shape[1] < WIDE:
        return x
    length = np.linalg.norm(x, axis=1, keepdims=True)
    directions = np.random.default_rng(0).normal(size=(x.shape[1], NUMBERS))
    directions = directions.astype("float32")
    return x @ directions / np.where(length > 0, length, np.inf)


def telling_numbers(rows):
    """The numbers of a table that another would hardly hold by chance."""
    x = as_rows(rows)
    if x is None:
        return np.empty(0)
    return np.unique(x[x != np.round(x)])
