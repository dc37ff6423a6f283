"""The layers that lessons teach, by hand and through Keras."""

import os
import re

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
import tensorflow as tf  # noqa: E402
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from lessonlib import metrics, training  # noqa: E402
from lessonlib.layers import (  # noqa: E402
    ActivityPenalty,
    PoolWithPositions,
    TiedDense,
    Unpool,
    sigmoid_pca,
)
from lessonlib.training import batches, one_cycle, sum_of_squares  # noqa: E402

# Keras's own warnings; `start` hides the second from students.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:keras"),
    pytest.mark.filterwarnings("ignore:.*`shuffle=True` was passed"),
]
X = np.random.default_rng(0).random((12, 6)).astype("float32")

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


# --- a policy of the user's own ---------------------------------------------------------


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16", "float64"])
def policy(request):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield
    keras.config.set_dtype_policy(before)


def test_a_penalty_is_the_same_number_under_any_policy(policy):
    """The sizes of the two rows add up to 3 and 3: half of their mean is 1.5."""
    layer = ActivityPenalty("l1", 0.5)
    layer(np.array([[1.0, -2], [3, 0]], "float32"))
    (loss,) = layer.losses
    assert float(loss) == 1.5 and keras.backend.standardize_dtype(loss.dtype) == "float32"


def test_a_penalised_model_trains_under_any_policy(policy):
    """Weights of 0 give 0 for 6 ones: an error of 6 and no penalty."""
    dense = [keras.layers.Dense(units, kernel_initializer="zeros") for units in (4, 6)]
    code = ActivityPenalty("l1", 0.5)
    model = keras.Sequential([keras.layers.Input((6,)), dense[0], code, dense[1]])
    x = np.ones((4, 6), "float32")
    record = training.fit(model, x, steps=2, rate=1e-9, batch_size=4, quiet=True)
    assert np.isclose(record.history["loss"][0], 6)
    assert metrics.squared_error(x, training.outputs(model, x)) == pytest.approx(6)


# --- PCA with a sigmoid -----------------------------------------------------------------


def test_it_begins_as_pca_and_gets_better():
    from sklearn.decomposition import PCA

    from lessonlib import data, metrics
    from lessonlib.training import fit, outputs, set_seed

    x = data.load_mnist().flat.x_train[:500]
    model, pca = sigmoid_pca(x, 8), PCA(8, svd_solver="full").fit(x)
    code, by_pca = np.asarray(model.layers[0](x)), pca.transform(x)
    assert np.allclose(np.abs(code), np.abs(by_pca), atol=1e-3)
    before = metrics.squared_error(x, outputs(model, x))
    assert before < metrics.squared_error(x, np.tile(x.mean(axis=0), (500, 1)))
    set_seed()
    fit(model, x, steps=100, rate=1e-2, quiet=True)
    rival = metrics.squared_error(x, pca.inverse_transform(by_pca).clip(0, 1))
    assert metrics.squared_error(x, outputs(model, x)) < rival < before


@pytest.mark.parametrize(
    ("x", "units", "message"),
    [
        (np.ones((5, 2, 2)), 2, r"x has shape \(5, 2, 2\); expected \(n, d\)"),
        (np.eye(5), 6, "units is 6; expected a whole number from 1 to 5"),
        (2 * np.eye(5), 2, "x has values from 0 to 2; expected 0 to 1"),
    ],
)
def test_no_pca_with_a_sigmoid_for_others(x, units, message):
    with pytest.raises(ValueError, match=message):
        sigmoid_pca(x, units)
