"""Seeds, batches, the learning rate, the progress line and the layers, in TensorFlow."""

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

from lessonlib import _settings, claims, metrics, start, training  # noqa: E402
from lessonlib.layers import (  # noqa: E402
    ActivityPenalty,
    PoolWithPositions,
    TiedDense,
    Unpool,
)
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
        (dict(x="X"), "x is a str that holds no numbers; expected a NumPy array"),
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


# --- outputs and costs of a model -------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 5, 12, 250])
def test_outputs_are_those_of_the_model_however_many_at_a_time(rows):
    model = small_model()
    assert np.allclose(training.outputs(model, X, rows), model(X), atol=1e-6)


def test_outputs_refuse_nothing_and_no_rows_at_a_time():
    with pytest.raises(ValueError, match="expected at least one"):
        training.outputs(small_model(), X[:0])
    with pytest.raises(ValueError, match="rows is 0; expected a whole number"):
        training.outputs(small_model(), X, 0)


def test_multiplications_count_each_weight_at_each_of_its_places():
    kinds = keras.layers
    model = keras.Sequential(
        [
            kinds.Input((8, 8, 3)),
            kinds.Conv2D(5, 3, strides=2, padding="same"),  # 4 x 4 places
            kinds.Flatten(),
            kinds.Dense(7),
            kinds.Dense(4 * 4 * 2),
            kinds.Reshape((4, 4, 2)),
            kinds.Conv2DTranspose(3, 4, strides=2, padding="same"),  # of 4 x 4 values
        ]
    )
    dense = 80 * 7 + 7 * 32
    products = 16 * 3 * 3 * 3 * 5 + dense + 16 * 4 * 4 * 2 * 3
    assert metrics.multiplications(model) == products
    loops = keras.Sequential([kinds.Input((4, 3)), kinds.LSTM(2)])
    with pytest.raises(ValueError, match="is a LSTM; expected dense and convolutional"):
        metrics.multiplications(loops)


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


# --- tied weights -----------------------------------------------------------------------


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 6), st.integers(1, 8), st.integers(1, 5), st.integers(0, 99))
def test_tied_dense_is_x_times_w_times_w_transposed(n, d, units, seed):
    x = np.random.default_rng(seed).normal(size=(n, d)).astype("float32")
    layer = TiedDense(units, kernel_initializer=keras.initializers.RandomNormal(seed=seed))
    output = keras.ops.convert_to_numpy(layer(x))
    (w,) = layer.get_weights()
    assert w.shape == (d, units)
    assert np.allclose(output, x @ w @ w.T, rtol=1e-4, atol=1e-5)
    code = layer.encode(x)
    assert np.allclose(code, x @ w, rtol=1e-4, atol=1e-5)
    assert np.allclose(layer.decode(code), output, rtol=1e-4, atol=1e-5)
    assert len(layer.trainable_weights) == 1


def test_the_gradient_reaches_the_weights_through_both_uses():
    x = np.random.default_rng(1).normal(size=(4, 5))
    layer = TiedDense(2, dtype="float64")
    layer.build(x.shape)

    def error(w):
        return ((x @ w @ w.T - x) ** 2).sum()

    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((layer(x) - x) ** 2)
    gradient = tape.gradient(loss, layer.trainable_weights)[0].numpy()
    w, step = layer.get_weights()[0], 1e-6
    assert np.isclose(float(loss), error(w))
    for place in np.ndindex(w.shape):
        shift = np.zeros_like(w)
        shift[place] = step
        slope = (error(w + shift) - error(w - shift)) / (2 * step)
        assert np.isclose(gradient[place], slope, rtol=1e-5, atol=1e-6)


def test_the_default_weights_are_orthogonal():
    layer = TiedDense(3)
    layer.build((None, 8))
    (w,) = layer.get_weights()
    assert np.allclose(w.T @ w, np.eye(3), atol=1e-5)


def test_a_saved_model_comes_back_identical(tmp_path):
    model = keras.Sequential([keras.Input((6,)), TiedDense(2, name="tied")])
    model.compile(one_cycle(1e-2, 10), sum_of_squares)
    model.fit(batches(X, batch_size=4), epochs=2, verbose=0)
    model.save(tmp_path / "tied.keras")
    loaded = keras.models.load_model(tmp_path / "tied.keras")
    before, after = (m.predict(X, verbose=0) for m in (model, loaded))
    assert np.array_equal(before, after) and loaded.get_layer("tied").units == 2
    assert model.output_shape == (None, 6)


def test_the_configuration_makes_the_same_layer_again():
    initializer = keras.initializers.HeNormal(seed=3)
    layer = TiedDense(4, kernel_initializer=initializer, name="tied")
    twin = TiedDense.from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    assert isinstance(twin.kernel_initializer, keras.initializers.HeNormal)
    layer.build((None, 5))
    twin.build((None, 5))
    assert np.array_equal(layer.get_weights()[0], twin.get_weights()[0])


@pytest.mark.parametrize("units", [0, -1, 2.0, "2", None])
def test_impossible_units_are_refused(units):
    with pytest.raises(ValueError, match=f"units is {units!r}; expected a whole number"):
        TiedDense(units)


@pytest.mark.parametrize("shape", [(2, 28, 28), (5,)])
def test_tied_dense_wants_rows(shape):
    with pytest.raises(
        ValueError, match=r"input has shape .*expected \(n, d\): flatten it"
    ):
        TiedDense(2)(np.zeros(shape, "float32"))


# --- a price for activity ---------------------------------------------------------------


def penalty_by_hand(kind, code, target=None):
    if kind == "l1":
        return np.abs(code).sum(axis=1).mean()
    rate = np.clip(code.mean(axis=0), 1e-6, 1 - 1e-6)
    on, off = (
        target * np.log(target / rate),
        (1 - target) * np.log((1 - target) / (1 - rate)),
    )
    return (on + off).sum()


@settings(deadline=None, max_examples=25)
@given(
    st.integers(1, 6),
    st.integers(1, 8),
    st.floats(0, 5),
    st.floats(0.01, 0.99),
    st.integers(0, 99),
)
def test_activity_penalty_is_the_formula_and_the_code_stays(n, units, weight, target, seed):
    code = np.random.default_rng(seed).uniform(0.01, 0.99, (n, units)).astype("float32")
    for kind, goal, signed in (("l1", None, code - 0.5), ("kl", target, code)):
        layer = ActivityPenalty(kind, weight, target=goal)
        assert np.array_equal(layer(signed), signed)
        (loss,) = layer.losses
        wanted = weight * penalty_by_hand(kind, signed.astype("float64"), goal)
        assert np.isclose(float(loss), wanted, rtol=1e-3, atol=1e-4)


def test_twice_the_batch_is_the_same_price():
    code = np.random.default_rng(0).uniform(size=(5, 4)).astype("float32")
    for layer in (ActivityPenalty("l1", 0.3), ActivityPenalty("kl", 0.3, target=0.1)):
        once, twice = (float(layer.penalty(np.tile(code, (r, 1)))) for r in (1, 2))
        assert np.isclose(once, twice, rtol=1e-5)


def test_units_that_are_never_or_always_on_have_a_finite_price():
    code = np.array([[0.0, 1.0], [0.0, 1.0]], "float32")
    assert np.isfinite(float(ActivityPenalty("kl", 1, target=0.05).penalty(code)))


def test_units_at_the_target_cost_nothing():
    code = np.full((3, 4), 0.2, "float32")
    assert abs(float(ActivityPenalty("kl", 1, target=0.2).penalty(code))) < 1e-5


@pytest.mark.parametrize(("kind", "target"), [("l1", None), ("kl", 0.05)])
def test_fit_adds_the_penalty_to_the_loss(kind, target):
    x = np.random.default_rng(0).uniform(size=(8, 6)).astype("float32")
    dense = keras.layers.Dense(5, "sigmoid")
    code = ActivityPenalty(kind, 0.7, target=target)(dense(inputs := keras.Input((6,))))
    model = keras.Model(inputs, keras.layers.Dense(6)(code))
    model.compile("sgd", sum_of_squares)
    loss = model.evaluate(x, x, batch_size=8, verbose=0)
    error = ((model(x).numpy() - x) ** 2).sum(axis=1).mean()
    extra = 0.7 * penalty_by_hand(kind, dense(x).numpy(), target)
    assert np.isclose(loss, error + extra, rtol=1e-4)


@pytest.mark.parametrize("options", [("l1", 0.1), ("kl", 0.2, 0.05)])
def test_a_saved_penalty_comes_back(options, tmp_path):
    layer = ActivityPenalty(*options, name="price")
    assert (
        ActivityPenalty.from_config(layer.get_config()).get_config() == layer.get_config()
    )
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, "sigmoid"), layer])
    model.save(tmp_path / "penalty.keras")
    loaded = keras.models.load_model(tmp_path / "penalty.keras")
    assert loaded.get_layer("price").get_config() == layer.get_config()
    assert np.array_equal(loaded(X[:4]), model(X[:4]))


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("l2", 0.1), "kind is 'l2'; expected 'l1' or 'kl'"),
        (("l1", -1), "weight is -1; expected a number from 0"),
        (("l1", "0.1"), "weight is '0.1'"),
        (("l1", 0.1, 0.05), "target is 0.05; expected none for 'l1'"),
        (("kl", 0.1), "target is None; expected a number from"),
        (("kl", 0.1, 1.0), "target is 1.0; expected a number from"),
    ],
)
def test_impossible_penalties_are_refused(options, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        ActivityPenalty(*options)


def test_a_penalty_wants_a_flat_code():
    with pytest.raises(ValueError, match=r"code has shape .*expected \(n, units\)"):
        ActivityPenalty("l1", 0.1)(np.zeros((2, 7, 7), "float32"))


# --- pooling that remembers -------------------------------------------------------------


def pooled_by_hand(x, size):
    """Maxima and positions, block by block."""
    n, height, width, channels = x.shape
    shape = (n, height // size, width // size, channels)
    maxima, positions = np.zeros(shape, x.dtype), np.zeros(shape, "int32")
    for i, row, column, c in np.ndindex(shape):
        block = x[i, row * size : (row + 1) * size, column * size : (column + 1) * size, c]
        maxima[i, row, column, c] = block.max()
        positions[i, row, column, c] = block.ravel().argmax()
    return maxima, positions


def unpooled_by_hand(pooled, positions, size):
    n, height, width, channels = pooled.shape
    x = np.zeros((n, height * size, width * size, channels), pooled.dtype)
    for i, row, column, c in np.ndindex(pooled.shape):
        down, right = divmod(int(positions[i, row, column, c]), size)
        x[i, row * size + down, column * size + right, c] = pooled[i, row, column, c]
    return x


@settings(deadline=None, max_examples=25)
@given(
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(2, 3),
    st.integers(0, 99),
)
def test_pooling_and_unpooling_are_what_they_say(n, height, width, channels, size, seed):
    rng = np.random.default_rng(seed)
    # Few different values, so that there are ties and negative maxima.
    x = rng.integers(-3, 3, (n, height * size, width * size, channels)).astype("float32")
    maxima, positions = pooled_by_hand(x, size)
    found, places = (np.asarray(y) for y in PoolWithPositions(size)(x))
    assert np.array_equal(found, maxima) and np.array_equal(places, positions)
    assert places.dtype == "int32"
    assert np.array_equal(keras.layers.MaxPooling2D(size)(x), maxima)
    other = rng.integers(0, size * size, positions.shape).astype("int32")
    for where in (positions, other):
        back = np.asarray(Unpool(size)([maxima, where]))
        assert np.array_equal(back, unpooled_by_hand(maxima, where, size))


def test_pooling_again_what_was_unpooled_changes_nothing():
    x = np.random.default_rng(0).uniform(0.1, 1, (2, 6, 8, 3)).astype("float32")
    once = PoolWithPositions()(x)
    again = PoolWithPositions()(Unpool()(once))
    assert all(np.array_equal(one, two) for one, two in zip(once, again, strict=True))


def test_the_gradient_goes_to_the_maxima_and_to_nothing_else():
    x = tf.constant(np.array([[1.0, 3, 5, 5], [2, 0, 5, 5]])[None, :, :, None])
    weights = np.array([7.0, 11.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        pooled, positions = PoolWithPositions(dtype="float64")(x)
        tape.watch(pooled)
        back = Unpool(dtype="float64")([pooled, positions])
        loss = tf.reduce_sum(pooled[0, 0, :, 0] * weights)
        squares = tf.reduce_sum(back**2)
    # Of equal values the first gets all of it, as its position says.
    wanted = [[0, 7, 11, 0], [0, 0, 0, 0]]
    assert np.array_equal(tape.gradient(loss, x)[0, :, :, 0], wanted)
    assert np.allclose(tape.gradient(squares, pooled), 2 * pooled)
    assert tape.gradient(pooled, positions) is None


def positions_model():
    image = keras.Input((8, 4, 1))
    x = keras.layers.Conv2D(3, 3, padding="same")(image)
    x, positions = PoolWithPositions(name="pool")(x)
    x = Unpool(name="unpool")([keras.layers.Conv2D(3, 1)(x), positions])
    return keras.Model(image, keras.layers.Conv2D(1, 3, padding="same")(x))


def test_a_model_with_positions_trains_and_comes_back_identical(tmp_path):
    x = np.random.default_rng(0).random((12, 8, 4, 1)).astype("float32")
    model = positions_model()
    assert model.output_shape == (None, 8, 4, 1)
    history = training.fit(model, x, steps=60, batch_size=4, rate=1e-2).history["loss"]
    assert history[-1] < history[0]
    model.save(tmp_path / "positions.keras")
    loaded = keras.models.load_model(tmp_path / "positions.keras")
    assert np.array_equal(model(x), loaded(x))
    for kind in (PoolWithPositions, Unpool):
        layer = kind(3, name="three")
        assert kind.from_config(layer.get_config()).get_config() == layer.get_config()


@pytest.mark.parametrize("kind", [PoolWithPositions, Unpool])
@pytest.mark.parametrize("size", [1, 0, 2.0, "2", None])
def test_impossible_block_sizes_are_refused(kind, size):
    with pytest.raises(ValueError, match=f"size is {size!r}; expected a whole number"):
        kind(size)


@pytest.mark.parametrize("shape", [(2, 5, 4, 1), (2, 4, 5, 1), (2, 4, 4), (4, 4)])
def test_pooling_wants_whole_blocks(shape):
    with pytest.raises(ValueError, match=r"input has shape .*multiples of 2"):
        PoolWithPositions()(np.zeros(shape, "float32"))


@pytest.mark.parametrize(
    "shapes", [[(2, 4, 4, 1)], [(2, 4, 4, 1), (2, 4, 4, 2)], [(2, 4, 4), (2, 4, 4)]]
)
def test_unpooling_wants_a_pair_of_one_shape(shapes):
    with pytest.raises(ValueError, match=r"expected \[pooled, positions\]"):
        Unpool()([np.zeros(shape, "float32") for shape in shapes])
