"""The engine that judges autoencoders: each way to fail has its own sentence."""

import dataclasses
import functools

import keras
import numpy as np
import pytest
from keras import layers

from lessonlib.data import load_mnist
from lessonlib.exercises import ModelExercise, NotSolved, all_checks
from lessonlib.exercises._models import pca_error

EXERCISE = ModelExercise(
    number="02.9",
    hint="Begin small.",
    code=(1, 8),
    error=31.0,
    than="a made-up limit",
    parameters=20_000,
)


@functools.cache
def axes(count):
    """Mean image and principal axes of the training digits, (784,) and (count, 784)."""
    x = load_mnist("small").flat.x_train.astype("float64")
    return x.mean(axis=0), np.linalg.eigh(np.cov(x.T))[1][:, ::-1][:, :count].T


def pair(count=8):
    """PCA as an encoder and a decoder, which no test needs to train."""
    mean, rows = axes(count)
    encoder = keras.Sequential([layers.Input((784,)), layers.Dense(count)])
    decoder = keras.Sequential([layers.Input((count,)), layers.Dense(784)])
    encoder.set_weights([rows.T, -rows @ mean])
    decoder.set_weights([rows, mean])
    return encoder, decoder


def chain(count=8):
    """The same in one model, without models inside."""
    return keras.Sequential([layers.Input((784,)), *(m.layers[0] for m in pair(count))])


def nested():
    return keras.Sequential([layers.Input((784,)), *pair()])


class Subclassed(keras.Model):
    def __init__(self, leak=0.0):
        super().__init__()
        self.encoder, self.decoder = pair()
        self.leak = leak

    def call(self, x):
        return self.decoder(self.encoder(x)) + self.leak * x


def functional(leak=None):
    """PCA as a graph, and a way past the code if `leak` is a layer."""
    encoder, decoder = pair()
    x = layers.Input((784,))
    x_hat = decoder(encoder(x))
    if leak:
        x_hat = layers.Add()([x_hat, leak(x)])
    return keras.Model(x, x_hat)


def convolutional():
    flat = chain()
    shape = layers.Input((28, 28, 1))
    x_hat = flat(layers.Flatten()(shape))
    return keras.Model(shape, layers.Reshape((28, 28, 1))(x_hat))


def untrained():
    model = keras.Sequential([layers.Input((784,)), layers.Dense(8)])
    model.add(layers.Dense(784, activation="sigmoid"))
    return model


def not_a_number(model):
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    return model


def spoiling(x_train):
    x_train *= 0
    return chain()


@pytest.mark.parametrize(
    "make",
    [
        chain,
        pair,
        lambda: list(pair()),
        nested,
        functional,
        Subclassed,
        lambda: lambda x_train: chain(),
        lambda: lambda x_train: pair(),
    ],
    ids=range(8),
)
def test_right_models_pass_in_whatever_form(make):
    assert EXERCISE.fault(make()) is None


def test_a_function_that_trains_gets_the_training_images():
    seen = []

    def train(x_train):
        seen.append(x_train)
        model = chain()
        model.compile("sgd", "mse")
        model.fit(x_train[:200], x_train[:200], epochs=1, verbose=0)
        return model

    assert dataclasses.replace(EXERCISE, rows=500).fault(train) is None
    assert np.array_equal(seen[0], load_mnist("small").flat.x_train[:500])


def test_images_may_be_squares():
    assert dataclasses.replace(EXERCISE, shape=(28, 28, 1)).fault(convolutional()) is None


WRONG = {
    "number": (lambda: 8, "The answer is a int; hand in a Keras model"),
    "tuple": (lambda: (chain(), 3), "The answer is a tuple; hand in a Keras model"),
    "returns text": (lambda: lambda x: "a", "Your function returns a str; expected a Ker"),
    "raises": (lambda: lambda x, y: x, "Your function raised TypeError: "),
    "spoils": (lambda: spoiling, "Your function changed the training images"),
    "shape in": (convolutional, "Your model takes inputs of shape (28, 28, 1); expected"),
    "pair in": (
        lambda: pair()[::-1],
        "Your model takes inputs of shape (8,); expected (784",
    ),
    "decoder": (lambda: (pair(8)[0], pair(4)[1]), "Your decoder raised ValueError: "),
    "shape out": (lambda: pair()[0], "Your model turns images of shape (784,) into (8,)"),
    "encoder NaN": (
        lambda: (not_a_number(pair()[0]), pair()[1]),
        "Your encoder returns NaN",
    ),
    "NaN": (lambda: not_a_number(chain()), "Your model returns NaN or infinity"),
    "two outputs": (
        lambda: keras.Model((x := layers.Input((784,))), [x, x]),
        "Your model returns 2 things",
    ),
    "parameters": (
        lambda: chain(20),
        "That is 32,164 parameters; expected at most 20,000.",
    ),
    "wide": (lambda: chain(9), "The narrowest place that every image has to pass holds 9 "),
    "wide pair": (lambda: pair(9), "The narrowest place that every image has to pass hold"),
    "leak": (
        lambda: functional(layers.Activation("linear")),
        "The image reaches the output past the 8 numbers of `",
    ),
    "small leak": (
        lambda: functional(layers.Rescaling(1e-3)),
        "The image reaches the output past the 8 numbers of `",
    ),
    "hidden leak": (
        lambda: Subclassed(0.1),
        "The image reaches the output past the 8 numbers of `",
    ),
    "untrained": (untrained, "On unseen digits the error is "),
    "poor": (lambda: chain(3), "On unseen digits the error is 41.9"),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_way_to_fail_has_its_sentence(name):
    make, sentence = WRONG[name]
    fault = EXERCISE.fault(make())
    assert fault and fault.startswith(sentence), fault
    assert "\n" not in fault and len(fault) < 330


def test_untrained_and_poor_are_told_apart():
    assert "Is your model trained" in EXERCISE.fault(untrained())
    assert EXERCISE.fault(chain(3)).endswith(
        "expected below 31.00, a made-up limit. More steps, a higher rate or more units "
        "may help."
    )


def test_watching_leaves_the_model_as_it_was():
    model = nested()
    assert EXERCISE.fault(model) is None
    assert not any("call" in vars(one) for one in [*model.layers, *model.layers[0].layers])


def test_the_error_of_pca_may_be_the_limit():
    strict = dataclasses.replace(EXERCISE, error=pca_error(8), than="that of PCA-8")
    assert (
        "that of PCA-8." in (strict.fault(chain()) or "") or strict.fault(chain()) is None
    )
    assert dataclasses.replace(EXERCISE, error=pca_error(7)).fault(chain()) is None
    assert "expected below" in dataclasses.replace(EXERCISE, error=pca_error(9)).fault(
        chain()
    )


def test_a_code_may_have_to_be_wide():
    wide = dataclasses.replace(EXERCISE, code=(9, None))
    assert wide.fault(chain(8)) == "The code has 8 numbers; expected at least 9."
    assert wide.fault(chain(9)) is None


def test_damage_goes_in_and_the_clean_image_is_asked_for():
    noisy = dataclasses.replace(
        EXERCISE, corrupt=lambda x, rng: x + rng.normal(0, 1, x.shape)
    )
    # Noise of variance 1 leaves 8 of its 784 directions, in float32 as in float64.
    assert "error is 38." in noisy.fault(chain())


def test_symptoms_see_images_reconstructions_and_codes():
    seen = []
    refused = dataclasses.replace(
        EXERCISE, symptoms=[lambda *parts: seen.append(parts) or True, "Not so."]
    )
    for answer in (chain(), pair(), nested()):
        assert refused.fault(answer) == "Not so."
    assert [part.shape for part in seen[0]] == [(1000, 784), (1000, 784), (1000, 8)]
    for parts in seen[1:]:
        np.testing.assert_allclose(parts[2], seen[0][2], atol=1e-4)


@pytest.mark.parametrize("answer", [None, (None, None), lambda x_train: None])
def test_nothing_is_not_solved(answer):
    with pytest.raises(NotSolved):
        EXERCISE.fault(answer)


def test_a_layer_that_is_used_twice_is_as_wide_as_its_widest_use():
    """Else a gate of one number would pass for the code of a wide network."""
    encoder, decoder = pair(9)
    x, shared = layers.Input((784,)), layers.Activation("linear")
    gate = shared(layers.Dense(1)(layers.Dense(2)(layers.Dense(3)(x))))
    wide = keras.Model(x, layers.Add()([decoder(encoder(shared(x))), gate]))
    assert "The image reaches the output past the" in EXERCISE.fault(wide)


class Fragile(Subclassed):
    """NaN for images with more ink than any of the first sixteen."""

    def call(self, x):
        most = load_mnist("small").flat.x_test[:16].sum(axis=1).max()
        dark = keras.ops.sum(x, axis=1, keepdims=True) <= most + 1
        return keras.ops.where(dark, super().call(x), np.nan)


def test_nan_is_seen_in_any_image():
    assert EXERCISE.fault(Fragile()).startswith("Some reconstructions are NaN or infinite")


def test_a_network_that_copies_is_told_that_lost_lines_stay_dark():
    copier = keras.Sequential([layers.Input((784,)), layers.Dense(784)])
    copier.set_weights([np.eye(784), np.zeros(784)])
    said = "The lost lines come back dark: is your network trained with `corrupt`?"
    assert all_checks()["04.2"].fault(copier) == said
