"""What every training run needs and no lesson is about: seeds, batches, rate, progress."""

from __future__ import annotations

import collections
import contextlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from lessonlib import _settings
from lessonlib._checks import (
    as_numbers,
    finite_array,
    fits_model,
    no_bytes,
    number_between,
    whole_number,
)
from lessonlib._output import say
from lessonlib.claims import number

Change = Callable[[np.ndarray], np.ndarray]
Item = TypeVar("Item")
# The last thing that went wrong inside a data set, where no exception comes out as it is.
_failure: collections.deque[Exception] = collections.deque(maxlen=1)


def set_seed(offset: int = 0) -> None:
    """Seed Python, NumPy and Keras with the run's seed.

    Args:
        offset: gives a second model of the same run other random numbers, 0 to 999.

    Raises:
        ValueError: if `offset` is out of range.
    """
    # 1,000 apart, so that no offset of one run is the seed of another.
    value = (1_000 * _settings.seed() + whole_number("offset", offset, 0, 999)) % 2**32
    random.seed(value)
    np.random.seed(value)
    keras.utils.set_random_seed(value)


def generator() -> np.random.Generator:
    """A NumPy random generator with the run's seed; each call starts it afresh."""
    return np.random.default_rng(_settings.seed())


def batches(
    x: np.ndarray,
    target: np.ndarray | None = None,
    batch_size: int = 100,
    *,
    corrupt: Change | None = None,
    augment: Change | None = None,
) -> tf.data.Dataset:
    """Shuffled batches for `fit`, the fast way on a CPU: only row numbers are shuffled.

    Args:
        x: inputs, shape (n, ...), finite.
        target: what to aim at, with n rows; None means `x` itself, as an autoencoder does.
        batch_size: rows in a batch, 1 to n; the last batch may be smaller.
        corrupt: changes the input of each batch, never its target: an array of the
            shape (batch, ...) to another of that shape, drawn afresh at every call.
        augment: likewise, but for input and target alike; needs `target` to be None.

    Returns:
        A dataset of (input, target) pairs, float32, in another order each epoch; its
        `len` is the number of steps in an epoch.

    Raises:
        ValueError: if an array is empty, not finite or holds pixels of 0 to 255, the two
            differ in length, both `target` and `augment` are given, or one that changes
            batches is no function. One that returns another shape stops the training.
    """
    rows = aims = _as_tensor("x", x)
    if target is not None:
        aims = _as_tensor("target", target)
    if len(aims) != len(rows):
        raise ValueError(
            f"x has {len(rows)} rows but target has {len(aims)}; expected a target a row."
        )
    if target is not None and augment is not None:
        raise ValueError(
            "target and augment are both given; expected one of them: augment changes the "
            "input, and takes what comes out for the target too."
        )
    for name, change in (("corrupt", corrupt), ("augment", augment)):
        if change is not None and not callable(change):
            raise ValueError(
                f"{name} is a {type(change).__name__}; expected a function from a batch "
                "to one of the same shape."
            )
    batch_size = whole_number("batch_size", batch_size, 1, len(rows))
    order = tf.data.Dataset.range(len(rows)).shuffle(len(rows), seed=_settings.seed())
    pairs = order.batch(batch_size).map(lambda i: (tf.gather(rows, i), tf.gather(aims, i)))
    # No parallel calls: they would draw random numbers in another order each time.
    if augment is not None:
        pairs = pairs.map(lambda x, _: (_changed(augment, x),) * 2)
    if corrupt is not None:
        pairs = pairs.map(lambda x, y: (_changed(corrupt, x), y))
    return pairs.prefetch(2)


def fit(
    model: keras.Model,
    x: np.ndarray,
    target: np.ndarray | None = None,
    *,
    steps: int,
    rate: float = 2e-3,
    loss: str | Callable | None = None,
    batch_size: int = 100,
    valid: tuple[np.ndarray, np.ndarray] | None = None,
    corrupt: Change | None = None,
    augment: Change | None = None,
    watch: Mapping[str, np.ndarray] | None = None,
    quiet: bool = False,
) -> keras.callbacks.History:
    """Compile and fit as the course usually does: `one_cycle`, one line of progress.

    Args:
        model: any Keras model; changed in place.
        x, target, batch_size, corrupt, augment: as in `batches`.
        steps: the budget, in batches; rounded to whole epochs, of which there is at
            least one. A lesson thus costs the same on any number of images.
        rate: the highest learning rate.
        loss: any that Keras knows; None means `sum_of_squares`.
        valid: validation inputs and targets, a pair, judged after each epoch.
        watch: label to images whose error is recorded after each epoch; nothing is
            trained or chosen by them, so that they may be test images.
        quiet: no line of progress, for many short runs inside `each`.

    Returns:
        Keras's record: `.history["loss"]`, with `valid` `.history["val_loss"]`, and the
        errors of `watch` by label.

    Raises:
        ValueError: as `batches`, and if `model` is none, inputs have not the shape that
            it takes, or targets not the shape that it returns, unless the loss is for
            labels ("sparse...") or a function of your own; if `valid` is no pair; and
            whatever `corrupt` or `augment` raises.
    """
    steps = whole_number("steps", steps, 2, 10**9)
    if not isinstance(model, keras.Model):
        raise ValueError(
            f"model is a {type(model).__name__}; expected a Keras model. It comes first: "
            "fit(model, x, steps=...)."
        )
    _check_shapes(model, loss, "x", x, "x" if target is None else "target", target)
    if valid is not None:
        if not isinstance(valid, (tuple, list)) or len(valid) != 2:
            raise ValueError(
                f"valid is a {type(valid).__name__}; expected a pair of inputs and "
                "targets, such as valid=(x_valid, x_valid)."
            )
        valid = _as_array("valid[0]", valid[0]), _as_array("valid[1]", valid[1])
        _check_shapes(model, loss, "valid[0]", valid[0], "valid[1]", valid[1])
        if len(valid[0]) != len(valid[1]):
            raise ValueError(
                f"valid has {len(valid[0])} inputs and {len(valid[1])} targets; expected "
                "as many."
            )
    train = batches(x, target, batch_size, corrupt=corrupt, augment=augment)
    epochs = max(1, round(steps / len(train)))
    optimizer = one_cycle(rate, max(2, epochs * len(train)))
    if model.built:
        optimizer.build(model.trainable_variables)  # Keras would trace its first step twice
    # Many steps in one call, for speed; Keras then reports at the end of an epoch.
    model.compile(optimizer, loss or sum_of_squares, steps_per_execution=len(train))
    watching = Watch(watch or {})
    with _memory_given_back(), _failures_as_they_were():
        history = model.fit(
            train,
            epochs=epochs,
            validation_data=valid,
            validation_batch_size=500,
            callbacks=[watching] if quiet else [Progress(), watching],
            verbose=0,
        )
    history.history |= watching.errors
    return history


def _check_shapes(
    model: keras.Model,
    loss: Any,
    name: str,
    inputs: np.ndarray,
    target_name: str,
    targets: np.ndarray | None,
) -> None:
    """Refuse inputs that do not fit, and targets that a loss would stretch to fit."""
    shape = as_numbers(name, inputs).shape
    if isinstance(model, keras.Sequential) and not model.built and len(shape) > 1:
        model.build((None, *shape[1:]))
    fits_model(name, shape, model)
    shape = shape if targets is None else as_numbers(target_name, targets).shape
    answers = getattr(model, "output_shape", None) if model.built else None
    if not isinstance(answers, tuple) or not _compares(loss) or None in answers[1:]:
        return
    if shape[1:] != answers[1:]:
        labels = "For labels, name a loss that starts with 'sparse'."
        raise ValueError(
            f"the model returns shape {answers} and {target_name} has {shape}; expected "
            f"as many numbers in each row. {'Reshape one.' if len(shape) > 1 else labels}"
        )


def _compares(loss: Any) -> bool:
    """Whether a loss goes through targets and answers number by number, as far as known."""
    if getattr(loss, "__module__", "keras").split(".")[0] not in ("keras", "lessonlib"):
        return False  # a function of the user's own
    name = getattr(loss, "name", None) or getattr(loss, "__name__", loss)
    return "sparse" not in str(name)


@contextlib.contextmanager
def _failures_as_they_were() -> Iterator[None]:
    """Raise what went wrong in a change of a batch as such, not as TensorFlow wraps it."""
    _failure.clear()
    try:
        yield
    except tf.errors.OpError:
        if _failure:
            raise _failure.pop() from None
        raise


@contextlib.contextmanager
def _memory_given_back() -> Iterator[None]:
    """Let a model that was trained inside be freed once nobody uses it.

    TensorFlow keeps the gradients of each training step that it has built in a table, for
    good, and through them the weights and the optimiser's averages (TensorFlow issue
    97697). They serve only while the step is built, so they are struck off again.
    """
    table: dict = {}
    with contextlib.suppress(ImportError, AttributeError):  # another version's affair
        from tensorflow.python.framework.ops import gradient_registry

        table = gradient_registry._registry
    before = set(table)
    try:
        yield
    finally:
        for name in set(table) - before:
            if name.startswith("CustomGradient-"):
                del table[name]


def outputs(model: keras.Model, x: np.ndarray, rows: int = 250) -> np.ndarray:
    """What a model makes of `x`, some rows at a time: convolutions need much memory.

    Args:
        model: any that takes arrays of the shape (n, ...) and returns one tensor with a
            row for each of theirs.
        x: inputs, shape (n, ...), n at least 1.
        rows: at most so many at a time, at least 1.

    Returns:
        The model's outputs, n rows.

    Raises:
        ValueError: if `x` is empty, not finite, holds pixels of 0 to 255 or does not fit
            the model, if `rows` is out of range, or the model returns something else.
    """
    x = no_bytes("x", finite_array("x", x))
    rows = whole_number("rows", rows, 1, 10**9)
    fits_model("x", x.shape, model)
    parts = np.array_split(x, -(-len(x) // rows))  # rounded up
    return np.concatenate([_one_tensor(model(part), len(part)) for part in parts])


def _one_tensor(given: Any, rows: int) -> np.ndarray:
    """What a model returned, as an array, or a ValueError."""
    if not isinstance(given, (list, tuple, dict)):
        given = np.asarray(given)
        if given.shape[:1] == (rows,):
            return given
    what = getattr(given, "shape", type(given).__name__)
    raise ValueError(
        f"the model returned {what} for {rows} rows; expected one tensor with as many. "
        "Pass a model with one output."
    )


def _changed(change: Change, x: tf.Tensor) -> tf.Tensor:
    """Run a NumPy function inside a data set."""

    def run(rows):
        try:
            changed = finite_array("a changed batch", change(rows.copy()))
            if changed.shape != rows.shape:
                raise ValueError(
                    f"a batch of shape {rows.shape} was changed to {changed.shape}; "
                    "expected the same. See what corrupt or augment returns."
                )
            return changed.astype("float32")
        except Exception as error:
            _failure.append(error)
            raise

    result = tf.numpy_function(run, [x], tf.float32)
    result.set_shape(x.shape)
    return result


def _as_tensor(name: str, value: np.ndarray) -> tf.Tensor:
    return tf.constant(_as_array(name, value))


def _as_array(name: str, value: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        array = finite_array(name, value).astype("float32")
    return no_bytes(name, finite_array(name, array))  # again: float32 holds less


def one_cycle(rate: float, steps: int) -> keras.optimizers.Optimizer:
    """Adam whose learning rate rises to `rate`, then falls to 0 along a cosine.

    Args:
        rate: the highest learning rate, above 0 and at most 1.
        steps: of the whole training, epochs times batches an epoch; at least 2. The
            first 15 % warm up.

    Raises:
        ValueError: if an argument is out of range.

    Source: after L. Smith and N. Topin, Super-Convergence (2017, arXiv 1708.07120).
    """
    rate = number_between("rate", rate, 1e-9, 1)
    steps = whole_number("steps", steps, 2, 10**9)
    warm_up = max(1, int(0.15 * steps))
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 25, steps - warm_up, warmup_target=rate, warmup_steps=warm_up
    )
    return keras.optimizers.Adam(schedule)


@keras.saving.register_keras_serializable("lessonlib")
def sum_of_squares(y_true, y_pred):
    """The error of the course as a loss: squared differences, summed over each row."""
    if len(y_true.shape) != len(y_pred.shape) or any(
        one != other and None not in (one, other)
        for one, other in zip(y_true.shape[1:], y_pred.shape[1:], strict=True)
    ):
        raise ValueError(
            f"the targets have shape {tuple(y_true.shape)} and the model returns "
            f"{tuple(y_pred.shape)}; expected the same. Reshape one of them."
        )
    axes = tuple(range(1, len(y_true.shape)))
    # Not with a minus: it would not mix the types of a mixed-precision policy.
    return ops.sum(ops.square(ops.subtract(y_pred, y_true)), axis=axes)


class Progress(keras.callbacks.Callback):
    """One line that shows how far training is, and stays short in a stored notebook."""

    width = 20

    def on_train_begin(self, logs=None):
        self.line, self.epochs, self.figures = "", 0, ""

    def on_epoch_end(self, epoch, logs=None):
        names = {"loss": "loss", "val_loss": "validation loss"}
        losses = [f"{names[key]} {number(logs[key])}" for key in names if key in logs]
        self.epochs, self.figures = epoch + 1, ", ".join(losses)
        done = round(self.width * self.epochs / self.params["epochs"])
        bar = "█" * done + "░" * (self.width - done)
        line = f"{bar} epoch {self.epochs}: {self.figures}"
        # Blanks wipe out what a longer line before it left.
        say("\r" + line.ljust(len(self.line)), end="")
        self.line = line

    def on_train_end(self, logs=None):
        # Always a full bar and nothing after it: early stopping may end anywhere.
        epochs = f"trained for ~{self.epochs} epochs"
        say(f"\r{'█' * self.width} {epochs}: {self.figures}")


class Watch(keras.callbacks.Callback):
    """Records the error on images after each epoch; see `fit`."""

    def __init__(self, images: Mapping[str, np.ndarray]):
        super().__init__()
        self.images = {label: finite_array(label, x) for label, x in images.items()}
        self.errors: dict[str, list[float]] = {label: [] for label in images}

    def on_epoch_end(self, epoch, logs=None):
        for label, x in self.images.items():
            error = np.asarray(sum_of_squares(x, outputs(self.model, x))).mean()
            self.errors[label].append(float(error))


def each(items: Sequence[Item]) -> Iterator[Item]:
    """Go through `items`, with one line that shows how far: for a loop that takes a while.

    A `fit` inside the loop has a line of its own unless it is quiet.

    Args:
        items: anything with a length, such as `range(700)`.

    Yields:
        The items, in order.

    Raises:
        ValueError: if they have no length.
    """
    if not hasattr(items, "__len__"):
        raise ValueError(
            f"items is a {type(items).__name__}; expected something with a length, such "
            "as range(5) or a list."
        )
    shown = -1
    for count, item in enumerate(items, 1):
        yield item
        done = Progress.width * count // len(items)
        if done > shown or count == len(items):
            bar = "█" * done + "░" * (Progress.width - done)
            say(f"\r{bar} {count:,} of {len(items):,}", end="")
            shown = done
    say("")
