"""The engine of the exercises whose answer is an autoencoder or a function that trains one.

Keras is imported when an answer is checked, and not before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lessonlib.exercises._engine import NotSolved, grouped, raised

if TYPE_CHECKING:
    import keras

KINDS = "a Keras model, or a pair of them, encoder and decoder"


@dataclass(frozen=True, kw_only=True)
class ModelExercise:
    """An exercise whose answer is an autoencoder of digits, judged as it is.

    The answer may be a Keras model, a pair (encoder, decoder), or a function `train` that
    takes training images and returns either. The check uses the embedded digits, in
    [0, 1]: 4,000 to train on, 1,000 unseen ones to measure the error. For example:

        small_code = ModelExercise(
            number="02.4",
            hint="Dense layers with `gelu`, a linear code of 8, squared error.",
            code=(1, 8),
            error=pca_error(8),
            than="that of PCA with 8 numbers",
        )

    Attributes:
        number: lesson and number, such as "02.4".
        hint: one sentence for those who have not begun.
        code: the fewest and the most numbers of a code; None as the most allows any. The
            code of a single model is its narrowest layer that every image has to pass.
        error: the course's error on unseen digits has to be below this: a number, or a
            function of (x_train, x_test), images of `shape`, that returns one.
        than: what has that error, in words that go on after the number.
        parameters: the most weights and biases, or None.
        shape: of an image as the answer takes it, such as (28, 28, 1).
        corrupt: damage to unseen images, a function of (images, generator), if the answer
            is to restore the clean ones.
        rows: how many training images a function gets, at most 4,000.
        symptoms: what is refused besides, a flat list: a function of (images, their
            reconstructions, their codes), then its sentence.
    """

    number: str
    hint: str
    code: tuple[int, int | None]
    error: float | Callable[[np.ndarray, np.ndarray], float]
    than: str = ""
    parameters: int | None = None
    shape: tuple[int, ...] = (784,)
    corrupt: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None = None
    rows: int = 4_000
    symptoms: Sequence[Callable[..., bool] | str] = ()

    def fault(self, answer: object) -> str | None:
        """One sentence that says what is wrong with an answer, or None if it is right.

        Raises:
            NotSolved: if it is, or returns, nothing.
        """
        from lessonlib.data import load_mnist

        digits = load_mnist("small")
        x_train = digits.x_train.reshape(-1, *self.shape)
        models, fault = _models(answer, x_train[: self.rows])
        if fault:
            return fault
        x_test = digits.x_test.reshape(-1, *self.shape)
        return self._form(models, x_test[:16]) or self._worth(models, x_train, x_test)

    def _form(self, models: list[keras.Model], x: np.ndarray) -> str | None:
        """What is wrong with shapes, sizes and ways through the model, by a few images."""
        takes = getattr(models[0], "input_shape", (None, *self.shape))
        if len(takes) != x.ndim or any(
            size not in (None, wanted)
            for size, wanted in zip(takes[1:], self.shape, strict=True)
        ):
            shape = tuple(takes[1:]) if isinstance(takes, tuple) else takes
            return f"Your model takes inputs of shape {shape}; expected {self.shape}."
        result = x
        for model, name in zip(models, _names(models), strict=True):
            try:
                result = model(result)
            except Exception as error:
                return raised(error).replace("Your function", f"Your {name}", 1)
            if isinstance(result, (tuple, list, dict)):
                return f"Your {name} returns {len(result)} things; expected one array."
            if not np.isfinite(np.asarray(result)).all():
                return (
                    f"Your {name} returns NaN or infinity: did the loss become NaN? Train "
                    "anew, at a lower rate."
                )
        if tuple(result.shape) != x.shape:
            return (
                f"Your model turns images of shape {self.shape} into {result.shape[1:]}: "
                "the last layer has to give the shape of the first back."
            )
        count = sum(model.count_params() for model in models)
        if self.parameters is not None and count > self.parameters:
            return f"That is {count:,} parameters; expected at most {self.parameters:,}."
        return self._width(models, x)

    def _width(self, models: list[keras.Model], x: np.ndarray) -> str | None:
        """What is wrong with the size of the code, or with ways around it."""
        fewest, most = self.code
        widths = _widths(models, x)
        code = _code(models, x, widths)
        size = widths[code] if code else int(np.prod(self.shape))
        if most is not None and size > most:
            narrow = min(widths, key=widths.__getitem__)
            if widths[narrow] > most:
                return (
                    f"The narrowest place that every image has to pass holds {size} "
                    f"numbers; expected a code of at most {most}."
                )
            return (
                f"The image reaches the output past the {widths[narrow]} numbers of "
                f"`{narrow.name}`: even if these are the same for all images, the outputs "
                "differ. Lead every path through the code."
            )
        if size < fewest:
            return f"The code has {size} numbers; expected at least {fewest}."
        return None

    def _worth(
        self, models: list[keras.Model], x_train: np.ndarray, x_test: np.ndarray
    ) -> str | None:
        """What is wrong with the reconstructions of unseen images."""
        from lessonlib.metrics import squared_error

        rng = np.random.default_rng(0)
        given = self.corrupt(x_test.copy(), rng) if self.corrupt else x_test
        x_hat, codes = _passed(models, given.astype("float32"))
        if not np.isfinite(x_hat).all():
            return "Some reconstructions are NaN or infinite: train anew, at a lower rate."
        error = squared_error(x_test, x_hat)
        mean = squared_error(x_test, np.broadcast_to(x_train.mean(axis=0), x_test.shape))
        limit = self.error(x_train, x_test) if callable(self.error) else self.error
        if error >= max(mean, limit):
            return (
                f"On unseen digits the error is {error:.1f}; the mean image alone has "
                f"{mean:.1f}. Is your model trained, on images between 0 and 1?"
            )
        for (shows,), sentence in grouped(self.symptoms):
            if shows(x_test, x_hat, codes):
                return sentence
        if error < limit:
            return None
        wanted = f"{limit:.2f}, {self.than}" if self.than else f"{limit:.2f}"
        known = x_train[: self.rows]
        own = squared_error(known, _passed(models, known.astype("float32"))[0])
        advice = "More steps, a higher rate or more units may help."
        if not self.corrupt and own < error / 2:
            advice = f"Of its training images it has {own:.2f}: it knows those by heart."
        return (
            f"On unseen digits the error is {error:.2f}; expected below {wanted}. {advice}"
        )


def pca_error(components: int) -> Callable[[np.ndarray, np.ndarray], float]:
    """The error of PCA with so many numbers, as a limit of a `ModelExercise`."""

    def error(x_train: np.ndarray, x_test: np.ndarray) -> float:
        from sklearn.decomposition import PCA

        from lessonlib.metrics import squared_error

        x_train, x_test = (x.reshape(len(x), -1) for x in (x_train, x_test))
        # By the covariance: far quicker than exactly, and close enough for a limit.
        pca = PCA(components, svd_solver="covariance_eigh").fit(x_train)
        return squared_error(x_test, pca.inverse_transform(pca.transform(x_test)))

    return error


def _models(answer: object, x_train: np.ndarray) -> tuple[list, str | None]:
    """The model or the two models of an answer, trained if need be, or what is wrong."""
    if models := _as_models(answer):
        return models, None
    if not callable(answer):
        name = type(answer).__name__
        return (
            [],
            f"The answer is a {name}; hand in {KINDS}, or a function that trains one.",
        )
    handed = x_train.copy()
    try:
        result = answer(handed)
    except Exception as error:
        return [], raised(error)
    if not np.array_equal(handed, x_train):
        return [], "Your function changed the training images: work on a copy."
    if models := _as_models(result):
        return models, None
    return [], f"Your function returns a {type(result).__name__}; expected {KINDS}."


def _as_models(thing: object) -> list[keras.Model] | None:
    """One model or two, or None if it is neither.

    Raises:
        NotSolved: for None and for a tuple or list that holds None.
    """
    import keras

    models = list(thing) if isinstance(thing, (tuple, list)) else [thing]
    if any(model is None for model in models):
        raise NotSolved
    one_or_two = isinstance(thing, keras.Model) or len(models) == 2
    fits = one_or_two and all(isinstance(model, keras.Model) for model in models)
    return models if fits else None


def _names(models: list) -> list[str]:
    return ["model"] if len(models) == 1 else ["encoder", "decoder"]


def _layers(models: list) -> list[keras.layers.Layer]:
    """All layers of a single model, those of models in it too, or the encoder of a pair."""
    if len(models) == 2:
        return models[:1]
    inner = list(models[0].layers)
    for layer in inner:  # grows on the way
        inner += [one for one in getattr(layer, "layers", []) if one not in inner]
    return inner


@contextlib.contextmanager
def _watched(layers: list, change: Callable) -> Iterator[None]:
    """Meanwhile `change(layer, output)` takes the place of what each layer returns."""

    def through(layer, call):
        return lambda *inputs, **options: change(layer, call(*inputs, **options))

    for layer in layers:
        vars(layer)["call"] = through(layer, layer.call)  # past what Keras tracks
    try:
        yield
    finally:
        for layer in layers:
            del vars(layer)["call"]


def _through(models: list, x: object) -> np.ndarray:
    for model in models:
        x = model(x)
    return np.asarray(x)


def _widths(models: list, x: np.ndarray) -> dict:
    """How many numbers each layer returns for an image, the most if it is used often."""
    import keras

    widths: dict = {}

    def note(layer, output):
        parts = keras.tree.flatten(output)
        size = sum(int(np.prod(part.shape[1:])) for part in parts)
        widths[layer] = max(size, widths.get(layer, 0))
        return output

    with _watched(_layers(models), note):
        _through(models, x)
    return widths


def _code(models: list, x: np.ndarray, widths: dict) -> keras.layers.Layer | None:
    """The narrowest layer that every image has to pass, or None if there is none.

    Where it returns the same for all images, all outputs are the same.
    """
    import keras

    def first_for_all(layer, output):
        return keras.tree.map_structure(
            lambda part: keras.ops.broadcast_to(part[:1], part.shape), output
        )

    for layer in sorted(widths, key=widths.__getitem__):
        with _watched([layer], first_for_all):
            outputs = _through(models, x)
        if np.ptp(outputs, axis=0).max() <= 1e-5 * max(1, np.abs(outputs).max()):
            return layer
    return None


def _passed(models: list, x: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Reconstructions and codes of images, some at a time; codes None if there are none."""
    import keras

    few = x[:16]
    code = _code(models, few, _widths(models, few))
    codes = []

    def note(layer, output):
        codes.append(
            np.concatenate([np.asarray(o) for o in keras.tree.flatten(output)], -1)
        )
        return output

    with _watched([code] if code else [], note):
        x_hat = [_through(models, part) for part in np.array_split(x, -(-len(x) // 250))]
    return np.concatenate(x_hat), np.concatenate(codes) if codes else None
