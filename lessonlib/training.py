"""What every training run needs and no lesson is about: seeds, batches, rate, progress."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from lessonlib import _settings
from lessonlib._checks import finite_array, number_between, whole_number
from lessonlib._output import say
from lessonlib.claims import number

Change = Callable[[np.ndarray], np.ndarray]
Item = TypeVar("Item")


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
        ValueError: if an array is empty, not finite, or the two differ in length, or
            both `target` and `augment` are given.
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
        valid: validation inputs and targets, judged after each epoch.
        quiet: no line of progress, for many short runs inside `each`.

    Returns:
        Keras's record: `.history["loss"]` and, with `valid`, `.history["val_loss"]`.

    Raises:
        ValueError: if an argument is out of range, a target has not the shape that the
            model returns, or `valid` is no pair.
    """
    steps = whole_number("steps", steps, 2, 10**9)
    if loss is None:
        _same_width(model, x if target is None else target)
    _check_valid(valid)
    train = batches(x, target, batch_size, corrupt=corrupt, augment=augment)
    epochs = max(1, round(steps / len(train)))
    optimizer = one_cycle(rate, max(2, epochs * len(train)))
    if model.built:
        optimizer.build(model.trainable_variables)  # Keras would trace its first step twice
    # Many steps in one call, for speed; Keras then reports at the end of an epoch.
    model.compile(optimizer, loss or sum_of_squares, steps_per_execution=len(train))
    with _memory_given_back():
        return model.fit(
            train,
            epochs=epochs,
            validation_data=valid,
            validation_batch_size=500,
            callbacks=[] if quiet else [Progress()],
            verbose=0,
        )


def _same_width(model: keras.Model, target: np.ndarray) -> None:
    """Refuse targets that a sum of squares would stretch to the shape of the answers."""
    given, answers = np.shape(target)[1:], model.output_shape if model.built else None
    if isinstance(answers, tuple) and None not in answers[1:] and given != answers[1:]:
        raise ValueError(
            f"the model returns shape {answers} and target has {np.shape(target)}; "
            "expected as many numbers a row. For labels, name a loss."
        )


def _check_valid(valid: object) -> None:
    if valid is None:
        return
    if not isinstance(valid, (tuple, list)) or len(valid) != 2:
        raise ValueError(
            f"valid is a {type(valid).__name__}; expected a pair of inputs and targets, "
            "such as valid=(x_valid, x_valid)."
        )
    inputs, targets = (finite_array("valid", part) for part in valid)
    if len(inputs) != len(targets):
        raise ValueError(
            f"valid has {len(inputs)} inputs and {len(targets)} targets; expected as many."
        )


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
        model: any that takes arrays of the shape (n, ...) and returns one tensor.
        x: inputs, shape (n, ...), n at least 1.
        rows: at most so many at a time, at least 1.

    Returns:
        The model's outputs, n rows.

    Raises:
        ValueError: if `x` is empty or not finite, or `rows` is out of range.
    """
    x, rows = finite_array("x", x), whole_number("rows", rows, 1, 10**9)
    parts = np.array_split(x, -(-len(x) // rows))  # rounded up
    return np.concatenate([np.asarray(model(part)) for part in parts])


def _changed(change: Change, x: tf.Tensor) -> tf.Tensor:
    """Run a NumPy function inside a data set."""

    def run(rows):
        return np.asarray(change(rows.copy()), "float32")

    result = tf.numpy_function(run, [x], tf.float32)
    result.set_shape(x.shape)
    return result


def _as_tensor(name: str, value: np.ndarray) -> tf.Tensor:
    with np.errstate(over="ignore"):
        array = finite_array(name, value).astype("float32")
    image_like = array.ndim > 1 and array[0].size >= 64 and array.min() >= 0
    if image_like and array.max() > 200 and (array == np.round(array)).all():
        raise ValueError(
            f"{name} holds whole numbers from {array.min():g} to {array.max():g}; expected "
            "about 0 to 1. Divide pixels by 255."
        )
    return tf.constant(finite_array(name, array))  # again: float32 holds less


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
    return ops.sum(ops.square(y_pred - y_true), axis=axes)


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


def each(items: Sequence[Item]) -> Iterator[Item]:
    """Go through `items`, with one line that shows how far: for a loop that takes a while.

    A `fit` inside the loop has a line of its own unless it is quiet.

    Args:
        items: anything with a length, such as `range(700)`.

    Yields:
        The items, in order.
    """
    shown = -1
    for count, item in enumerate(items, 1):
        yield item
        done = Progress.width * count // len(items)
        if done > shown or count == len(items):
            bar = "█" * done + "░" * (Progress.width - done)
            say(f"\r{bar} {count:,} of {len(items):,}", end="")
            shown = done
    say("")
