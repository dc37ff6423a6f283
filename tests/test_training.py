"""Seeds, batches, the learning rate, and the progress line, in TensorFlow."""

import gc
import io
import os
import random
import re
from contextlib import redirect_stdout

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import matplotlib  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
import tensorflow as tf  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from nbformat.v4 import new_output  # noqa: E402
from nbval.plugin import coalesce_streams  # noqa: E402

from lessonlib import _settings, claims, metrics, noise, start, training  # noqa: E402
from lessonlib.layers import TiedDense  # noqa: E402
from lessonlib.training import (  # noqa: E402
    Progress,
    batches,
    one_cycle,
    set_seed,
    sum_of_squares,
)

# Keras's own warnings; `start` hides the second from students.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:keras"),
    pytest.mark.filterwarnings("ignore:.*`shuffle=True` was passed"),
]
X = np.random.default_rng(0).random((12, 6)).astype("float32")

# --- seeds ------------------------------------------------------------------------------


def drawn():
    """One number from each of the generators that a lesson may use."""
    weight = keras.layers.Dense(1)
    weight.build((1, 1))
    return (
        random.random(),
        float(np.random.rand()),
        float(keras.random.uniform(())),
        float(tf.random.uniform(())),
        float(weight.kernel.numpy().item()),
    )


def test_set_seed_makes_every_generator_repeat_itself():
    set_seed()
    first = drawn()
    assert not set(first) & set(drawn())
    set_seed()
    assert drawn() == first


def test_other_offsets_and_seeds_give_other_numbers(monkeypatch):
    seen = set()
    for seed, offset in ((0, 0), (0, 1), (0, 999), (1, 0), (1, 1), (7, 0), (2**40, 3)):
        monkeypatch.setenv("LESSONLIB_SEED", str(seed))
        set_seed(offset)
        seen.update(drawn())
    assert len(seen) == 7 * 5, "not one number twice"


def test_the_seed_comes_from_the_environment(monkeypatch):
    assert _settings.seed() == 0
    monkeypatch.setenv("LESSONLIB_SEED", "17")
    assert _settings.seed() == 17
    first = training.generator().random(3)
    assert np.array_equal(first, training.generator().random(3)), "afresh at each call"
    monkeypatch.setenv("LESSONLIB_SEED", "18")
    assert not np.array_equal(first, training.generator().random(3))


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1.5", "1e3", " 7", "0x1", "٣", "²", "nan"]
)
def test_a_seed_that_is_no_whole_number_is_refused(monkeypatch, text):
    monkeypatch.setenv("LESSONLIB_SEED", text)
    match = re.escape(f"LESSONLIB_SEED is {text!r}; expected a whole number of at least 0")
    for function in (_settings.seed, set_seed, training.generator):
        with pytest.raises(ValueError, match=match):
            function()


@pytest.mark.parametrize("offset", [-1, 1_000, 0.5, "1", None, True])
def test_an_impossible_offset_is_refused(offset):
    match = f"offset is {offset!r}; expected a whole number from 0 to 999"
    with pytest.raises(ValueError, match=match):
        set_seed(offset)


def test_start_seeds_names_the_lesson_and_sets_the_style(monkeypatch, capfd):
    monkeypatch.setattr(claims, "lesson", "")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        start("04")
        assert matplotlib.rcParams["font.size"] == 12
    first = drawn()
    set_seed()
    assert drawn() == first and claims.lesson == "04"
    monkeypatch.setenv("LESSONLIB_SEED", "first")
    with pytest.raises(ValueError, match="LESSONLIB_SEED is 'first'"):
        start("04")
    assert capfd.readouterr() == ("", "")


# --- batches ----------------------------------------------------------------------------


@settings(deadline=None, max_examples=12)
@given(st.data())
def test_every_row_comes_once_an_epoch_beside_its_target(draw):
    n = draw.draw(st.integers(1, 25))
    size = draw.draw(st.integers(1, n))
    shape = draw.draw(st.sampled_from([(), (3,), (2, 2)]))
    kind = draw.draw(st.sampled_from(["float32", "float64", "int64", "uint8", "bool"]))
    rows = np.arange(n).reshape(n, *[1] * len(shape)) * np.ones((n, *shape))
    rows = rows.astype(kind)
    dataset = batches(rows, target=rows * 1.0 + 100, batch_size=size)
    for _ in range(2):
        pairs = [(x.numpy(), y.numpy()) for x, y in dataset]
        assert len(pairs) == len(dataset) == -(-n // size)
        assert [len(x) for x, _ in pairs[:-1]] == [size] * (len(pairs) - 1)
        x, y = (np.concatenate(part) for part in zip(*pairs, strict=True))
        assert x.dtype == y.dtype == np.float32 and x.shape == rows.shape
        assert np.array_equal(y, x + 100)
        assert np.array_equal(np.sort(x, axis=0), np.sort(rows.astype("float32"), axis=0))


def epoch(dataset):
    return np.concatenate([x.numpy() for x, _ in dataset]).ravel().tolist()


def test_the_order_changes_each_epoch_and_with_the_seed(monkeypatch):
    rows = np.arange(500.0)[:, None]
    set_seed()
    dataset = batches(rows)
    first, second = epoch(dataset), epoch(dataset)
    assert first != second and first != rows.ravel().tolist()
    set_seed()
    again = batches(rows)
    assert (epoch(again), epoch(again)) == (first, second)
    monkeypatch.setenv("LESSONLIB_SEED", "1")
    set_seed()
    assert epoch(batches(rows)) != first


def test_without_a_target_the_input_is_the_target_in_100s():
    dataset = batches(np.linspace(0, 1, 250)[:, None])
    assert [len(x) for x, _ in dataset] == [100, 100, 50]
    assert all(np.array_equal(x, y) for x, y in dataset)


def test_target_and_rows_may_have_different_shapes_and_are_not_modified():
    x, y = X.copy(), np.arange(12)
    for images, labels in batches(x, y, batch_size=5):
        assert labels.shape == (len(images),)
        assert np.array_equal(images, X[labels.numpy().astype(int)])
    assert np.array_equal(x, X) and y.tolist() == list(range(12))


@pytest.mark.parametrize(
    "arguments, words",
    [
        (dict(x=X[:0]), r"x has shape \(0, 6\); expected at least one row"),
        (dict(x=X * np.nan), "x holds NaN.*expected finite"),
        (dict(x="X"), "x is a str that holds no numbers; expected numbers, not text"),
        (dict(x=None), "x is a NoneType.*expected"),
        (dict(x=X, target=X[:-1]), "x has 12 rows but target has 11; expected a target a"),
        (dict(x=X, target=X * np.nan), "target holds NaN.*expected finite"),
        (dict(x=X, target=["a"] * 12), "target is a list that holds no numbers"),
        (dict(x=X, batch_size=0), "batch_size is 0; expected a whole number from 1 to 12"),
        (dict(x=X, batch_size=13), "batch_size is 13; expected .* from 1 to 12"),
        (dict(x=X, batch_size=2.0), "batch_size is 2.0; expected a whole number"),
        (dict(x=X, target=X, augment=abs), "target and augment are both given; expected"),
    ],
)
def test_impossible_batches_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        batches(**{"batch_size": 4} | arguments)


def test_corrupt_changes_the_input_alone_and_anew_each_epoch():
    rng = np.random.default_rng(0)
    dataset = batches(X, batch_size=5, corrupt=lambda rows: rows + rng.random(rows.shape))
    inputs = []
    for _ in range(2):
        pairs = [(x.numpy(), y.numpy()) for x, y in dataset]
        x, y = (np.concatenate(part) for part in zip(*pairs, strict=True))
        assert x.dtype == np.float32 and (x > y).all()
        assert np.array_equal(np.sort(y, axis=0), np.sort(X, axis=0))
        inputs.append(x - y)
    assert not set(inputs[0].ravel()) & set(inputs[1].ravel())


def test_augment_changes_input_and_target_alike_and_corrupt_comes_after_it():
    dataset = batches(X, augment=lambda rows: 1 - rows, batch_size=12)
    ((x, y),) = dataset
    assert np.array_equal(x, y) and np.allclose(np.sort(1 - x, axis=0), np.sort(X, axis=0))
    change = dict(augment=lambda rows: rows + 1, corrupt=lambda rows: 10 * rows)
    ((x, y),) = batches(X, batch_size=12, **change)
    assert np.allclose(x, 10 * y.numpy()) and y.numpy().min() >= 1


def test_a_change_may_write_into_its_rows():
    def wipe(rows):
        rows[:] = 0
        return rows

    for x, y in batches(X, batch_size=5, corrupt=wipe):
        assert x.shape[1:] == (6,) and not x.numpy().any() and y.numpy().any()


def test_changes_repeat_themselves_with_the_seed():
    def inputs():
        set_seed()
        rng = training.generator()
        return epoch(batches(X, batch_size=5, corrupt=lambda x: x + rng.random(x.shape)))

    assert inputs() == inputs()


# --- fit --------------------------------------------------------------------------------


def small_model():
    set_seed()
    return keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(6)])


@pytest.mark.parametrize("steps, size, epochs", [(30, 4, 10), (2, 12, 2), (2, 3, 1)])
def test_fit_turns_steps_into_whole_epochs_of_one_cycle(steps, size, epochs):
    model = small_model()
    with redirect_stdout(io.StringIO()) as shown:
        history = training.fit(model, X, steps=steps, rate=1e-2, batch_size=size)
    assert len(history.history["loss"]) == epochs
    assert f"trained for ~{epochs} epochs" in shown.getvalue()
    done = epochs * -(-12 // size)
    assert int(model.optimizer.iterations) == done
    assert rates(model.optimizer, [max(1, int(0.15 * done))])[0] == pytest.approx(1e-2)
    assert abs(rates(model.optimizer, [done])[0]) < 1e-8


def test_fit_is_compile_and_fit():
    ours, theirs = small_model(), small_model()
    with redirect_stdout(io.StringIO()):
        set_seed()
        history = training.fit(ours, X, steps=6, rate=1e-2, batch_size=4, valid=(X, X))
    set_seed()
    theirs.compile(one_cycle(1e-2, 6), sum_of_squares, steps_per_execution=3)
    theirs.fit(batches(X, batch_size=4), epochs=2, verbose=0)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert np.array_equal(one, other)
    error = metrics.squared_error(X, ours(X).numpy())
    assert history.history["val_loss"][-1] == pytest.approx(error, rel=1e-5)


def test_fit_takes_targets_a_loss_and_changes():
    model, labels = small_model(), np.arange(12.0)[:, None] * np.ones(6)
    with redirect_stdout(io.StringIO()):
        zeros = dict(corrupt=lambda rows: 0 * rows, loss="mae", batch_size=12)
        history = training.fit(model, X, labels, steps=2, **zeros)
    assert history.history["loss"][0] == pytest.approx(5.5)


def kept_variables():
    """How many variables of TensorFlow's are alive, used or not."""
    gc.collect()
    found = [thing for thing in gc.get_objects() if isinstance(thing, tf.Tensor)]
    return sum(tensor.dtype == tf.resource for tensor in found)


def test_a_trained_model_can_be_freed():
    before = kept_variables()
    with redirect_stdout(io.StringIO()):
        model = small_model()
        training.fit(model, X, steps=2, batch_size=4)
        used = kept_variables()
        training.fit(model, X, steps=2, batch_size=4)  # and trains on in the meantime
    assert used > before
    del model
    assert kept_variables() == before


def test_gradients_of_ones_own_survive_a_fit():
    @tf.custom_gradient
    def doubled(x):
        return 2 * x, lambda upstream: 7 * upstream

    traced = tf.function(doubled).get_concrete_function(tf.zeros(()))
    with redirect_stdout(io.StringIO()):
        training.fit(small_model(), X, steps=2, batch_size=4)
    x = tf.constant(1.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = traced(x)
    assert float(tape.gradient(y, x)) == 7


@pytest.mark.parametrize("steps", [1, 0, 2.5, None])
def test_fit_refuses_impossible_steps(steps):
    with pytest.raises(ValueError, match=f"steps is {steps}; expected a whole number"):
        training.fit(small_model(), X, steps=steps)


# --- outputs of a model -----------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 5, 12, 250])
def test_outputs_are_those_of_the_model_however_many_at_a_time(rows):
    model = small_model()
    assert np.allclose(training.outputs(model, X, rows), model(X), atol=1e-6)


@pytest.mark.parametrize(
    ("n", "most", "parts"),
    [(499, 250, [250, 249]), (500, 250, [250, 250]), (501, 250, [167] * 3), (3, 9, [3])],
)
def test_no_portion_has_more_rows_than_asked_for(n, most, parts):
    seen = []

    def model(part):
        seen.append(len(part))
        return part

    x = np.arange(n)[:, None]
    assert np.array_equal(training.outputs(model, x, most), x)
    assert seen == parts


def test_outputs_refuse_nothing_and_no_rows_at_a_time():
    with pytest.raises(ValueError, match="expected at least one"):
        training.outputs(small_model(), X[:0])
    with pytest.raises(ValueError, match="rows is 0; expected a whole number"):
        training.outputs(small_model(), X, 0)


# --- one cycle --------------------------------------------------------------------------


def rates(optimizer, steps):
    """The learning rate that each of these steps would use."""
    values = []
    for step in steps:
        optimizer.iterations.assign(step)
        values.append(float(optimizer.learning_rate))
    return np.array(values)


def test_the_rate_starts_low_peaks_after_15_percent_and_ends_at_0():
    optimizer = one_cycle(2e-3, steps=1_000)
    assert isinstance(optimizer, keras.optimizers.Adam)
    start_rate, early, peak, middle, end = rates(optimizer, [0, 75, 150, 575, 1_000])
    assert np.isclose(start_rate, 2e-3 / 25)
    assert np.isclose(early, (2e-3 / 25 + 2e-3) / 2), "the warm-up is a straight line"
    assert np.isclose(peak, 2e-3)
    assert np.isclose(middle, 1e-3), "the cosine is half-way at half the time"
    assert 0 <= end < 1e-9
    assert 0 <= rates(optimizer, [999])[0] < 1e-7


@settings(deadline=None, max_examples=15)
@given(st.floats(1e-6, 1), st.integers(2, 60))
def test_the_rate_rises_once_then_falls_once(rate, steps):
    curve = rates(one_cycle(rate, np.int64(steps)), range(steps + 1))
    top = int(curve.argmax())
    assert np.isclose(curve[top], rate, rtol=1e-5)
    assert top == max(1, int(0.15 * steps))
    assert (np.diff(curve[: top + 1]) > 0).all() and (np.diff(curve[top:]) < 0).all()
    assert abs(curve[-1]) < 1e-6 * rate


@pytest.mark.parametrize("rate", [0, -1e-3, 1.5, np.nan, None, "fast"])
def test_an_impossible_rate_is_refused(rate):
    with pytest.raises(ValueError, match=f"rate is {rate!r}; expected a number from"):
        one_cycle(rate, 100)


@pytest.mark.parametrize("steps", [1, 0, -5, 100.0, "100", None, np.inf])
def test_impossible_steps_are_refused(steps):
    with pytest.raises(ValueError, match=f"steps is {steps!r}; expected a whole number"):
        one_cycle(1e-3, steps)


# --- the loss ---------------------------------------------------------------------------


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 9), st.sampled_from([(5,), (4, 3), (3, 3, 1)]), st.integers(0, 99))
def test_the_loss_is_the_error_of_each_row(n, shape, seed):
    x, x_hat = np.random.default_rng(seed).normal(size=(2, n, *shape)).astype("float32")
    loss = keras.ops.convert_to_numpy(sum_of_squares(x, x_hat))
    assert loss.shape == (n,)
    assert np.allclose(loss, metrics.squared_error_per_image(x, x_hat), rtol=1e-5)


def test_keras_reports_the_error_of_the_course(tmp_path):
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6)])
    model.compile("sgd", sum_of_squares)
    model.optimizer.build(model.trainable_variables)
    error = metrics.squared_error(X, model.predict(X, verbose=0))
    assert np.isclose(model.evaluate(X, X, batch_size=12, verbose=0), error, rtol=1e-5)
    assert np.isclose(model.evaluate(X, X, batch_size=5, verbose=0), error, rtol=1e-5)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert np.isclose(loaded.evaluate(X, X, verbose=0), error, rtol=1e-5)


# --- the progress line ------------------------------------------------------------------


class Writes(io.StringIO):
    """Standard output that keeps each piece that is written, as a kernel sends it."""

    def __init__(self):
        super().__init__()
        self.pieces = []

    def write(self, text):
        self.pieces.append(text)
        return len(text)


def trained(*callbacks, epochs=3, **options):
    """What `fit` with a progress line writes, piece by piece, and its history."""
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6)])
    model.compile("sgd", "mse")
    every = [*callbacks, Progress()]
    with redirect_stdout(Writes()) as out:
        history = model.fit(X, X, epochs=epochs, verbose=0, callbacks=every, **options)
    return out.pieces, history.history


def on_screen(text):
    """What a terminal shows: a carriage return goes back, new letters replace old ones."""
    line = ""
    for piece in text.rstrip("\n").split("\r"):
        line = piece + line[len(piece) :]
    return line


def test_one_line_is_left_with_the_last_loss():
    pieces, history = trained(epochs=3)
    loss = claims.number(history["loss"][-1])
    final = f"{'█' * 20} trained for ~3 epochs: loss {loss}"
    assert "".join(pieces).endswith(f"\r{final}\n") and on_screen("".join(pieces)) == final
    assert len(pieces) == 4 and "".join(pieces).count("\n") == 1


def test_validation_loss_is_shown_when_there_is_one():
    pieces, history = trained(validation_data=(X, X))
    losses = [claims.number(history[key][-1]) for key in ("loss", "val_loss")]
    assert pieces[-1].endswith(": loss {}, validation loss {}\n".format(*losses))


def test_early_stopping_gives_a_full_bar_and_the_epochs_that_were_trained():
    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=1e9, patience=1)
    pieces, history = trained(stop, epochs=50)
    assert len(history["loss"]) == 2
    assert pieces[-1].startswith(f"\r{'█' * 20} trained for ~2 epochs: loss ~")


def test_a_stored_notebook_keeps_one_short_line():
    for pieces in (trained(epochs=1)[0], trained(epochs=9, validation_data=(X, X))[0]):
        outputs = [new_output("stream", name="stdout", text=piece) for piece in pieces]
        (stored,) = coalesce_streams(outputs)
        assert re.fullmatch(r"█{20} trained for ~\d+ epochs: [a-z~0-9., ]+\n", stored.text)
        assert len(stored.text.encode()) < 150


def reported(losses, epochs):
    """What the progress line writes for these losses, without any training."""
    progress = Progress()
    progress.set_params({"epochs": epochs})
    with redirect_stdout(Writes()) as out:
        progress.on_train_begin()
        for number, loss in enumerate(losses):
            progress.on_epoch_end(number, {"loss": loss, "accuracy": 0.5})
        progress.on_train_end()
    return out.pieces


@settings(deadline=None)
@given(
    st.lists(st.floats(allow_infinity=False), min_size=1, max_size=12), st.integers(12, 99)
)
def test_no_letter_of_a_longer_line_stays_behind(losses, epochs):
    pieces = reported(losses, epochs)
    for number, loss in enumerate(losses):
        done = round(20 * (number + 1) / epochs)
        bar = "█" * done + "░" * (20 - done)
        shown = on_screen("".join(pieces[: number + 1])).rstrip()
        assert shown == f"{bar} epoch {number + 1}: loss {claims.number(loss)}"
    final = (
        f"{'█' * 20} trained for ~{len(losses)} epochs: loss {claims.number(losses[-1])}"
    )
    assert on_screen("".join(pieces)).rstrip() == final


def test_a_quiet_fit_prints_nothing_and_learns_the_same():
    weights = []
    for quiet in (False, True):
        model = small_model()
        with redirect_stdout(io.StringIO()) as shown:
            training.fit(model, X, steps=6, batch_size=4, quiet=quiet)
        weights.append(model.get_weights())
    assert shown.getvalue() == ""
    assert all(np.array_equal(*both) for both in zip(*weights, strict=True))


@pytest.mark.parametrize("count", [1, 7, 1_234])
def test_each_gives_every_item_and_leaves_one_line(count):
    with redirect_stdout(io.StringIO()) as shown:
        assert [*training.each(range(count))] == [*range(count)]
    lines = shown.getvalue().split("\r")
    assert lines[-1] == f"{'█' * 20} {count:,} of {count:,}\n"
    assert "\n" not in "".join(lines[:-1]) and len(lines) <= 23


def test_a_progress_line_can_be_used_again():
    progress, model = Progress(), keras.Sequential([keras.Input((6,)), TiedDense(2)])
    model.compile("sgd", "mse")
    for epochs in (3, 1):
        with redirect_stdout(Writes()) as out:
            model.fit(X, X, epochs=epochs, verbose=0, callbacks=[progress])
        assert f"trained for ~{epochs} epochs" in out.pieces[-1]


# --- targets that would be stretched, and other inputs that only look right ---------------


@pytest.fixture
def narrow():
    """A model from 64 numbers to 64."""
    return keras.Sequential([keras.layers.Input((64,)), keras.layers.Dense(64)])


IMAGES = np.linspace(0, 1, 640, dtype="float32").reshape(10, 64)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            dict(target=np.zeros(10)),
            r"returns shape \(None, 64\).*has \(10,\).*starts with 'sparse'",
        ),
        (dict(target=np.zeros((10, 1))), r"returns shape \(None, 64\).*has \(10, 1\)"),
        (dict(target=IMAGES[:, :63]), r"has \(10, 63\); expected as many numbers in"),
        (dict(valid=IMAGES), r"valid is a ndarray; expected a pair.*valid=\(x_valid, x_v"),
        (dict(valid=(IMAGES, IMAGES[:5])), "valid has 10 inputs and 5 targets"),
        (dict(valid=(IMAGES, None)), r"valid\[1\] is a NoneType that holds no numbers"),
        (dict(valid=(IMAGES[:, :9], IMAGES)), r"valid\[0\] has .*\(10, 9\) and the model"),
        (dict(valid=(IMAGES, IMAGES[:, :1])), r"\(None, 64\) and valid\[1\] has \(10, 1\)"),
        (dict(valid=(IMAGES, IMAGES[:, 0]), loss="mse"), r"valid\[1\] has \(10,\)"),
        (
            dict(valid=(IMAGES, np.rint(255 * IMAGES))),
            r"valid\[1\] has values from 0 to 255; ",
        ),
        (dict(target=IMAGES[:, :1], loss="mse"), r"\(None, 64\) and target has \(10, 1\)"),
        (
            dict(target=IMAGES[:, 0], loss=keras.losses.MeanSquaredError()),
            r"and target has \(10,\)",
        ),
        (dict(target=IMAGES[:, :1], loss=training.sum_of_squares), r"has \(10, 1\)"),
        (
            dict(target=IMAGES[:, :1], loss=keras.losses.mean_squared_error),
            r"has \(10, 1\)",
        ),
        (dict(corrupt=IMAGES), "corrupt is a ndarray; expected a function"),
        (dict(corrupt=lambda x: x[:, :1]), r"\(5, 64\) was changed to \(5, 1\)"),
        (dict(augment=lambda x: x[:1]), r"\(5, 64\) was changed to \(1, 64\)"),
        (dict(corrupt=lambda x: x * np.nan), "a changed batch holds NaN"),
        (dict(corrupt=lambda x: noise.gaussian(x, -1, None)), "^sd is -1; expected a num"),
    ],
)
def test_fit_names_both_shapes_and_trains_on_neither(narrow, options, words):
    before = narrow.get_weights()
    with pytest.raises(ValueError, match=words):
        training.fit(narrow, IMAGES, steps=2, batch_size=5, quiet=True, **options)
    assert all(map(np.array_equal, before, narrow.get_weights()))


@pytest.mark.parametrize("layers", [[], [keras.layers.Input((64,))]])
def test_fit_names_shapes_whether_or_not_the_model_is_built(layers):
    model = keras.Sequential([*layers, keras.layers.Dense(64)])
    with pytest.raises(ValueError, match=r"\(None, 64\) and target has \(10, 1\)"):
        training.fit(model, IMAGES, IMAGES[:, :1], steps=2, loss="mse", quiet=True)


def test_fit_and_outputs_name_the_shape_that_a_model_takes(narrow):
    x, words = IMAGES.reshape(10, 8, 8), r"x has shape \(10, 8, 8\) and the model takes \(N"
    with pytest.raises(ValueError, match=words):
        training.fit(narrow, x, IMAGES, steps=2, quiet=True)
    with pytest.raises(ValueError, match=words):
        training.outputs(narrow, x)
    with pytest.raises(ValueError, match="model is a ndarray; expected a Keras model. It"):
        training.fit(IMAGES, narrow, steps=2)


def test_labels_may_go_with_a_loss_for_them_and_anything_with_a_loss_of_ones_own(narrow):
    def own(y_true, y_pred):
        return keras.ops.mean(y_pred, axis=1) - y_true[:, 0]

    for loss, target in [
        ("sparse_categorical_crossentropy", np.arange(10)),
        (keras.losses.SparseCategoricalCrossentropy(from_logits=True), np.arange(10)),
        (own, IMAGES[:, :1]),
    ]:
        record = training.fit(
            narrow, IMAGES, target, steps=2, loss=loss, batch_size=5, quiet=True
        )
        assert np.isfinite(record.history["loss"]).all()


def test_validation_data_may_be_lists_and_tensors(narrow):
    narrow.set_weights([np.zeros((64, 64)), np.zeros(64)])
    valid = [np.ones((2, 64)).tolist(), keras.ops.ones((2, 64))]
    record = training.fit(
        narrow, IMAGES, valid=valid, steps=2, rate=1e-9, batch_size=5, quiet=True
    )
    assert np.allclose(record.history["val_loss"], 64, atol=1e-3)


def test_outputs_are_one_tensor_with_a_row_for_each_row():
    for returns in (lambda x: [x, x], lambda x: x[:1], lambda x: x.sum()):
        with pytest.raises(ValueError, match="returned .* for 10 rows; expected one ten"):
            training.outputs(returns, IMAGES)


@pytest.mark.parametrize("items", [5, (i for i in range(3))])
def test_each_wants_a_length(items):
    with pytest.raises(ValueError, match="items is a .*; expected something with a length"):
        next(training.each(items))


@pytest.mark.parametrize("kind", ["uint8", "float32", "int64"])
def test_pixels_of_0_to_255_are_refused(narrow, kind):
    with pytest.raises(ValueError, match="values from 0 to 255; .*Divide pixels by"):
        training.fit(
            narrow, (255 * IMAGES).round().astype(kind), steps=2, batch_size=5, quiet=True
        )
    counts = np.arange(10)[:, None] * np.ones(64)  # words in a text, say
    training.fit(narrow, counts, steps=2, batch_size=5, quiet=True)


def test_the_loss_itself_never_stretches_a_target():
    with pytest.raises(ValueError, match=r"targets have shape \(10, 1\) .*\(10, 64\)"):
        training.sum_of_squares(np.zeros((10, 1)), IMAGES)
    loss = training.sum_of_squares(np.zeros((1, 3)), np.array([[1.0, 2, 2]]))
    assert np.asarray(loss).tolist() == [9]


def test_watched_images_are_judged_after_each_epoch_and_never_trained_on():
    x = np.random.default_rng(3).uniform(size=(40, 6)).astype("float32")
    records = []
    for watch in (None, {"test": 1 - x}):
        set_seed()
        layers = [keras.layers.Input((6,)), keras.layers.Dense(2), keras.layers.Dense(6)]
        model = keras.Sequential(layers)
        record = training.fit(
            model, x, steps=6, batch_size=20, watch=watch, quiet=True
        ).history
        records.append((record, model.get_weights()))
    assert list(records[0][0]) == ["loss"] and list(records[1][0]) == ["loss", "test"]
    assert len(records[1][0]["test"]) == 3
    last = metrics.squared_error(1 - x, np.asarray(model(1 - x)))
    assert records[1][0]["test"][-1] == pytest.approx(last, rel=1e-5)
    for one, other in zip(records[0][1], records[1][1], strict=True):
        assert np.array_equal(one, other)
