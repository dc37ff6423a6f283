"""Measures against loops, closed forms, scikit-learn and SciPy."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import datasets, linear_model, preprocessing
from sklearn import metrics as sklearn_metrics

from inputs import SEEDS, Table, not_images, numbers, pairs
from lessonlib import metrics

# --- squared error, PSNR, r2 ------------------------------------------------------------


@settings(deadline=None)
@given(pairs())
def test_squared_error_is_a_sum_over_pixels_and_a_mean_over_images(two):
    x, x_hat = two
    expected = []
    for image, image_hat in zip(x, x_hat, strict=True):
        both = zip(np.ravel(image), np.ravel(image_hat), strict=True)
        expected.append(math.fsum((float(a) - float(b)) ** 2 for a, b in both))
    errors = metrics.squared_error_per_image(x, x_hat)
    assert errors.shape == (len(x),) and errors.dtype == np.float64
    assert np.allclose(errors, expected, rtol=1e-9, atol=0)
    mean = metrics.squared_error(x, x_hat)
    assert type(mean) is float and math.isclose(mean, np.mean(expected), rel_tol=1e-9)


@settings(deadline=None)
@given(pairs(), st.integers(-100, 100))
def test_squared_error_ignores_a_common_shift_and_the_order(two, shift):
    x, x_hat = (array.round() for array in two)  # whole numbers shift without rounding
    error = metrics.squared_error_per_image(x, x_hat)
    assert (error >= 0).all() and (
        (error > 0) == (x != x_hat).reshape(len(x), -1).any(1)
    ).all()
    assert np.array_equal(metrics.squared_error_per_image(x + shift, x_hat + shift), error)
    assert np.array_equal(metrics.squared_error_per_image(x_hat, x), error)
    assert np.array_equal(
        metrics.squared_error_per_image(x[::-1], x_hat[::-1]), error[::-1]
    )


def test_squared_error_keeps_what_float32_would_lose():
    x = np.full((1, 784), 1e-4, "float32")
    x[0, 0] = 3_000
    exact = 3_000.0**2 + 783 * float(np.float32(1e-4)) ** 2
    assert abs(metrics.squared_error(x, np.zeros_like(x)) / exact - 1) < 1e-13


@pytest.mark.parametrize("kind", ["bool", "uint8", "int64", "float16"])
def test_squared_error_takes_any_numbers(kind):
    x, x_hat = np.array([[1, 0], [1, 1]], kind), np.array([[0, 1], [1, 0]], kind)
    assert metrics.squared_error_per_image(x, x_hat).tolist() == [2, 1]
    assert metrics.squared_error(x.tolist(), x_hat.tolist()) == 1.5


@settings(deadline=None)
@given(st.floats(1e-3, 1), st.integers(1, 4), st.integers(1, 9))
def test_psnr_of_a_constant_difference_is_known(difference, count, side):
    x = np.full((count, side, side), 0.25)
    decibels = metrics.psnr(x, x - difference)
    assert math.isclose(decibels, -20 * math.log10(difference), abs_tol=1e-9)


def test_psnr_is_averaged_over_images_not_over_pixels():
    x, x_hat = np.zeros((2, 4)), np.full((2, 4), 0.1)
    x_hat[1] = 0.001
    assert math.isclose(metrics.psnr(x, x_hat), (20 + 60) / 2)
    assert metrics.psnr(x, x) == math.inf


def test_psnr_per_image_lists_what_psnr_averages():
    x, x_hat = np.zeros((3, 2, 2)), np.full((3, 2, 2), 0.1)
    x_hat[1], x_hat[2] = 0.001, 0
    assert np.allclose(metrics.psnr_per_image(x, x_hat), [20, 60, math.inf])
    rng = np.random.default_rng(0)
    x, x_hat = rng.random((9, 4)), rng.normal(size=(9, 4)).astype("float32")
    levels = metrics.psnr_per_image(x, x_hat)
    assert levels.shape == (9,) and levels.dtype == np.float64
    assert math.isclose(levels.mean(), metrics.psnr(x, x_hat))
    with pytest.raises(ValueError, match="x has values from .*; expected 0 to 1. Divide"):
        metrics.psnr_per_image(x * 255, x_hat)


@settings(deadline=None)
@given(
    st.tuples(st.integers(2, 20), st.integers(1, 4)).flatmap(
        lambda shape: st.tuples(numbers(shape, -9, 9), numbers(shape, -9, 9))
    )
)
def test_r2_is_one_minus_the_share_of_variance_lost(two):
    x, x_hat = (array.astype("float64") for array in two)
    spread = ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    assume((spread > 1e-3).all())
    kept = metrics.r2(*two)
    assert kept.shape == (x.shape[1],)
    assert np.allclose(
        kept, 1 - ((x - x_hat) ** 2).sum(axis=0) / spread, rtol=1e-3, atol=1e-3
    )
    assert np.allclose(metrics.r2(x, x), 1)
    mean = np.broadcast_to(x.mean(axis=0), x.shape)
    assert np.allclose(metrics.r2(x, mean), 0, atol=1e-9)


def test_r2_of_a_single_row_is_an_error():
    with pytest.raises(ValueError, match=r"x has (1|shape \(1, 3\)).*expected"):
        metrics.r2(np.ones((1, 3)), np.ones((1, 3)))


TWO = [
    metrics.squared_error_per_image,
    metrics.squared_error,
    metrics.psnr,
    metrics.r2,
    lambda x, x_hat: metrics.paired_gain(x, x_hat, x_hat),
    lambda x, x_hat: metrics.paired_gain(x, x, x_hat),
    metrics.psnr_per_image,
    lambda x, x_hat: metrics.paired_psnr_gain(x, x_hat, x_hat),
]
NAMES = ["per_image", "squared_error", "psnr", "r2", "paired_gain", "paired_gain_second"]
NAMES += ["psnr_per_image", "paired_psnr_gain"]


@pytest.mark.parametrize("measure", TWO, ids=NAMES)
@not_images
def test_comparisons_refuse_what_is_not_images(measure, bad, words):
    good = np.full((3, 4), 0.5)
    for arguments in ((bad, good), (good, bad), (bad, bad)):
        with pytest.raises(ValueError, match=words):
            measure(*arguments)


@pytest.mark.parametrize("measure", TWO, ids=NAMES)
@pytest.mark.parametrize("shape", [(3, 1), (1, 4), (4,), (3, 2, 2), (4, 3)])
def test_comparisons_refuse_shapes_that_numpy_would_stretch(measure, shape):
    with pytest.raises(ValueError, match=r"has shape \(3, 4\) but .*; expected the same"):
        measure(np.full((3, 4), 0.5), np.full(shape, 0.5))


@pytest.mark.parametrize("value", [-0.01, 1.01, 255])
def test_psnr_refuses_clean_images_outside_0_to_1(value):
    x = np.array([[0.5, 0.5, 0.5, value]])
    with pytest.raises(ValueError, match=r"x has values from .* expected 0 to 1. Divide"):
        metrics.psnr(x, x)
    assert math.isfinite(metrics.psnr(np.array([[0.5, 0.6, 0.5, 0.6]]), x)), (
        "restored ones may"
    )


def test_r2_wants_a_table():
    with pytest.raises(ValueError, match=r"x has shape \(2, 2, 2\); expected 2 axes"):
        metrics.r2(np.ones((2, 2, 2)), np.ones((2, 2, 2)))


# --- paired gain ------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(
    st.integers(2, 30).flatmap(
        lambda n: st.tuples(*[numbers((n, 2), -9, 9) for _ in range(3)])
    ),
    st.integers(0, 99),
)
def test_paired_gain_is_the_mean_difference_inside_its_interval(three, seed):
    x, first, second = three
    gain, low, high = named = metrics.paired_gain(x, first, second, seed)
    assert named._asdict() == dict(mean=gain, low=low, high=high)
    errors = (((x.astype("float64") - y) ** 2).sum(axis=1) for y in (first, second))
    gains = np.subtract(*errors)
    slack = 1e-9 * (1 + np.abs(gains).max())
    assert abs(gain - gains.mean()) < slack
    assert gains.min() - slack <= low <= gain + slack and gain - slack <= high
    assert high <= gains.max() + slack
    turned = metrics.paired_gain(x, second, first, seed)
    assert np.allclose(turned, (-gain, -high, -low), atol=slack)


def test_paired_gain_is_positive_when_the_second_is_better():
    x = np.zeros((5, 2))
    assert metrics.paired_gain(x, x + 1, x) == (2, 2, 2)
    assert metrics.paired_gain(x, x, x + 1) == (-2, -2, -2)


def test_paired_gain_agrees_with_scipys_bootstrap():
    rng = np.random.default_rng(0)
    x, first, second = (rng.normal(size=(300, 3)) for _ in range(3))
    gain, low, high = metrics.paired_gain(x, first, second)
    gains = ((x - first) ** 2).sum(axis=1) - ((x - second) ** 2).sum(axis=1)
    ends = stats.bootstrap(
        (gains,), np.mean, method="percentile", n_resamples=5_000, random_state=1
    ).confidence_interval
    standard_error = gains.std() / np.sqrt(300)
    assert abs(low - ends.low) < 0.2 * standard_error
    assert abs(high - ends.high) < 0.2 * standard_error
    assert metrics.paired_gain(x, first, second) == (gain, low, high)
    assert metrics.paired_gain(x, first, second, seed=1)[1:] != (low, high)


def test_paired_gain_needs_two_images():
    with pytest.raises(ValueError, match="1 image; expected at least 2"):
        metrics.paired_gain(np.ones((1, 4)), np.ones((1, 4)), np.ones((1, 4)))


def test_paired_psnr_gain_is_positive_when_the_second_is_better():
    x = np.full((5, 4), 0.5)
    better, worse = x + 0.01, x + 0.1
    assert np.allclose(metrics.paired_psnr_gain(x, worse, better), 20)
    assert np.allclose(metrics.paired_psnr_gain(x, better, worse), -20)


def test_paired_psnr_gain_agrees_with_scipys_bootstrap():
    rng = np.random.default_rng(0)
    x = rng.random((300, 4))
    first, second = (rng.normal(size=(300, 4)) for _ in range(2))
    gain, low, high = metrics.paired_psnr_gain(x, first, second)
    gains = metrics.psnr_per_image(x, second) - metrics.psnr_per_image(x, first)
    ends = stats.bootstrap(
        (gains,), np.mean, method="percentile", n_resamples=5_000, random_state=1
    ).confidence_interval
    standard_error = gains.std() / np.sqrt(300)
    assert math.isclose(gain, metrics.psnr(x, second) - metrics.psnr(x, first))
    assert abs(low - ends.low) < 0.2 * standard_error
    assert abs(high - ends.high) < 0.2 * standard_error
    assert metrics.paired_psnr_gain(x, first, second) == (gain, low, high)
    assert metrics.paired_psnr_gain(x, first, second, seed=1)[1:] != (low, high)


def test_paired_psnr_gain_needs_two_images_and_some_error_in_each():
    x = np.full((2, 4), 0.5)
    with pytest.raises(ValueError, match="1 image; expected at least 2"):
        metrics.paired_psnr_gain(x[:1], x[:1] + 0.1, x[:1] + 0.2)
    for first, second in ((x, x + 0.1), (x + 0.1, x), (x, x)):
        with pytest.raises(ValueError, match="comes back exactly.*expected some error"):
            metrics.paired_psnr_gain(x, first, second)


# --- inputs that only look right ---------------------------------------------------------

ONE = np.full((28, 28), 0.5)


def test_a_table_is_read_by_rows():
    """Three images of four pixels, each off by 0.1: 20 dB."""
    x = np.array([[0.0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1]])
    x_hat = x + 0.1
    table, table_hat = (Table(part) for part in (x, x_hat))
    assert math.isclose(metrics.psnr(table, table_hat), 20)
    assert math.isclose(metrics.squared_error(table, table_hat), 0.04)
    assert metrics.psnr(x.tolist(), x_hat.tolist()) == metrics.psnr(x, x_hat)


@pytest.mark.parametrize(
    "measure", [metrics.squared_error, metrics.psnr, metrics.squared_error_per_image]
)
def test_one_image_without_its_batch_axis_is_refused(measure):
    with pytest.raises(ValueError, match=r"x has shape \(784,\).*x\[None\]"):
        measure(ONE.ravel(), ONE.ravel() + 0.1)
    assert np.isclose(metrics.squared_error(ONE[None], ONE[None] + 0.1), 7.84)
    assert np.isclose(metrics.psnr(ONE[None], ONE[None] + 0.1), 20)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1)])
@pytest.mark.parametrize(
    "measure", [metrics.squared_error, metrics.psnr, metrics.squared_error_per_image]
)
def test_an_image_is_not_taken_for_a_table_of_images(measure, shape):
    """As 28 rows its error would be 28 * 0.01, not 784 * 0.01."""
    one = ONE.reshape(shape)
    with pytest.raises(ValueError, match=r"x has shape \(28, 28.*x\[None\]"):
        measure(one, one + 0.1)
    assert np.isclose(metrics.squared_error(one[None], one[None] + 0.1), 7.84)
    rows = ONE[:, None]
    assert np.isclose(metrics.squared_error(rows, rows + 0.1), 0.28), "28 rows indeed"


def test_oblong_pictures_are_no_images_to_the_psnr():
    with pytest.raises(ValueError, match=r"x has shape \(5, 4, 7\); expected square ima"):
        metrics.psnr(np.zeros((5, 4, 7)), np.ones((5, 4, 7)))


@pytest.mark.parametrize("gain", [metrics.paired_gain, metrics.paired_psnr_gain])
def test_a_gain_names_the_model_that_does_not_fit(gain):
    x = np.zeros((3, 4))
    with pytest.raises(ValueError, match=r"x has shape \(3, 4\) but first has .*\(3, 1\)"):
        gain(x, x[:, :1], x + 0.1)
    with pytest.raises(ValueError, match=r"x has shape \(3, 4\) but second has .*\(3,\)"):
        gain(x, x + 0.1, x[:, 0])
    with pytest.raises(ValueError, match="seed is 0.5; expected a whole number"):
        gain(x, x + 0.1, x + 0.2, seed=0.5)


# --- the baseline -----------------------------------------------------------------------


def test_pca_reconstruction_is_the_best_flat_code_learned_from_the_training_rows():
    rng = np.random.default_rng(0)
    turn, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    x_train = rng.normal(size=(300, 6)) * [9, 7, 5, 1, 1, 1] @ turn + 4
    x = rng.normal(size=(50, 6)) * [9, 7, 5, 1, 1, 1] @ turn + 5
    mean = x_train.mean(axis=0)
    axes = np.linalg.svd(x_train - mean, full_matrices=False)[2][:3]
    by_hand = (x - mean) @ axes.T @ axes + mean
    assert np.allclose(metrics.pca_reconstruction(x_train, x, 3), by_hand)
    assert np.allclose(metrics.pca_reconstruction(x_train, x, 6), x)
    single = metrics.pca_reconstruction(x_train.astype("float32"), x.astype("float32"), 3)
    assert np.allclose(single, by_hand, atol=1e-3)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (dict(components=0), "components is 0; expected a whole number from 1 to 4"),
        (dict(components=5), "components is 5; expected a whole number from 1 to 4"),
        (dict(x=np.ones((2, 3))), "x_train has 4 columns and x has 3; expected as many"),
        (dict(x=np.ones((0, 4))), r"x has shape \(0, 4\); expected at least one row"),
        (dict(x_train=np.ones(4)), r"x_train has shape \(4,\); expected 2 axes"),
    ],
)
def test_an_impossible_baseline_is_refused(arguments, words):
    usual = dict(x_train=np.eye(9)[:, :4], x=np.ones((2, 4)), components=2)
    with pytest.raises(ValueError, match=words):
        metrics.pca_reconstruction(**usual | arguments)


# --- angles -----------------------------------------------------------------------------


@settings(deadline=None)
@given(st.floats(0, 90), SEEDS)
def test_the_angle_of_a_known_rotation(degrees, seed):
    turn = math.radians(degrees)
    frame = np.linalg.qr(np.random.default_rng(seed).normal(size=(5, 5)))[0]
    turned = [frame[0], math.cos(turn) * frame[1] + math.sin(turn) * frame[2]]
    angles = metrics.principal_angles(frame[:2], np.array(turned))
    assert angles.shape == (2,)
    assert np.allclose(angles, [degrees, 0], atol=1e-4)


@settings(deadline=None)
@given(st.floats(0, 90), st.floats(0, 90))
def test_the_largest_angle_comes_first(one, two):
    cosines, sines = np.cos(np.radians([one, two])), np.sin(np.radians([one, two]))
    first = np.eye(4)[:2]
    second = np.hstack([np.diag(cosines), np.diag(sines)])
    angles = metrics.principal_angles(first, second)
    assert np.allclose(angles, sorted([one, two], reverse=True), atol=1e-4)


@settings(deadline=None)
@given(st.integers(1, 3), SEEDS)
def test_angles_belong_to_the_subspaces_not_to_their_bases(k, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(k, 6)), rng.normal(size=(k, 6))
    change = rng.normal(size=(k, k))
    assume(np.linalg.cond(change) < 1e3)
    angles = metrics.principal_angles(first, second)
    assert np.allclose(metrics.principal_angles(change @ first, second), angles, atol=1e-6)
    assert np.allclose(metrics.principal_angles(second, 5 * first), angles, atol=1e-6)
    bases = [np.linalg.qr(vectors.T)[0] for vectors in (first, second)]
    cosines = np.linalg.svd(bases[0].T @ bases[1], compute_uv=False).clip(0, 1)
    assert np.allclose(angles, np.degrees(np.arccos(cosines))[::-1], atol=1e-4)


@pytest.mark.parametrize(
    "first, second, words",
    [
        (np.eye(2, 3), np.eye(2, 4), "vectors of 3 numbers and second of 4.*transpose"),
        (np.eye(3, 2), np.eye(2, 2), "first.*expected.*at most 2|k at most d|transpose"),
        (np.ones(3), np.eye(2, 3), r"first has shape \(3,\); expected 2 axes"),
        (np.eye(2, 3), np.ones((1, 1, 3)), "second has shape .*; expected 2 axes"),
        (np.eye(2, 3) * np.nan, np.eye(2, 3), "first holds NaN.*expected finite"),
        (np.zeros((0, 3)), np.eye(2, 3), r"first has shape \(0, 3\); expected"),
        (np.eye(2, 3), [["a"]], "second is a list that holds no numbers"),
    ],
)
def test_impossible_subspaces_are_refused(first, second, words):
    with pytest.raises(ValueError, match=words):
        metrics.principal_angles(first, second)


# --- lattices ---------------------------------------------------------------------------


@pytest.mark.parametrize("periods", [1, 5, 14])
def test_a_single_wave_is_the_shortest_or_is_not(periods):
    wave = 3 + np.cos(2 * np.pi * periods * np.arange(28) / 28) * np.ones((2, 4, 1))
    share = metrics.shortest_wave(wave)
    assert share == pytest.approx(100 if periods == 14 else 0, abs=1e-9)
    assert share == pytest.approx(metrics.shortest_wave(wave[..., None]), abs=1e-9)


@settings(deadline=None)
@given(st.integers(2, 8), SEEDS)
def test_all_waves_but_the_mean_share_the_energy(half, seed):
    x = np.random.default_rng(seed).normal(size=(3, 4, 2 * half, 2))
    energy = (np.abs(np.fft.fft(x, axis=2)) ** 2).sum(axis=(0, 1, 3))
    expected = 100 * energy[half] / energy[1:].sum()
    assert metrics.shortest_wave(x) == pytest.approx(expected)


def test_constant_rows_have_no_waves():
    assert math.isnan(metrics.shortest_wave(np.ones((2, 4, 4))))


@pytest.mark.parametrize("shape", [(2, 16), (2, 4, 5), (2, 4, 2), (1, 2, 3, 4, 5)])
def test_waves_want_images_of_an_even_width(shape):
    with pytest.raises(ValueError, match="expected \\(n, height, width\\) or"):
        metrics.shortest_wave(np.ones(shape))


# --- linear probe -----------------------------------------------------------------------

IRIS, SPECIES = datasets.load_iris(return_X_y=True)
ODD = np.arange(150) % 2 == 1


def test_the_probe_reads_separable_labels_and_not_random_ones():
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 3
    code = np.eye(3)[labels] * 9 + rng.normal(size=(300, 3))
    assert metrics.linear_probe(code[:200], labels[:200], code[200:], labels[200:]) == 1
    shuffled = rng.permutation(labels)
    chance = metrics.linear_probe(code[:200], shuffled[:200], code[200:], shuffled[200:])
    assert 0.1 < chance < 0.6


@pytest.fixture
def fitted(monkeypatch):
    """The (rows, labels) that each logistic regression was fitted on."""
    calls = []

    class Spy(linear_model.LogisticRegression):
        def fit(self, x, y):
            calls.append((x, y))
            return super().fit(x, y)

    monkeypatch.setattr(linear_model, "LogisticRegression", Spy)
    return calls


def test_the_probe_is_scaled_logistic_regression(fitted):
    scaler = preprocessing.StandardScaler().fit(IRIS[ODD])
    model = linear_model.LogisticRegression(max_iter=1_000)
    model.fit(scaler.transform(IRIS[ODD]), SPECIES[ODD])
    guesses = model.predict(scaler.transform(IRIS[~ODD]))
    accuracy = metrics.linear_probe(IRIS[ODD], SPECIES[ODD], IRIS[~ODD], SPECIES[~ODD])
    assert accuracy == sklearn_metrics.accuracy_score(SPECIES[~ODD], guesses) < 1
    (rows, labels) = fitted[-1]
    assert np.allclose(rows.mean(axis=0), 0) and np.allclose(rows.std(axis=0), 1)
    assert np.array_equal(labels, SPECIES[ODD]), "scaled and fitted on the training rows"


def test_per_class_draws_so_many_different_rows_of_each_class(fitted):
    labels = np.repeat([3, 5, 8], [20, 11, 40])
    code = np.arange(71.0)[:, None]  # every row is known by its value
    for per_class, seed in ((4, 0), (4, 0), (4, 1), (np.int64(11), 0), (None, 0)):
        metrics.linear_probe(code, labels, code, labels, per_class=per_class, seed=seed)
    counts = [np.unique(y, return_counts=True)[1].tolist() for _, y in fitted]
    assert counts == [[4, 4, 4]] * 3 + [[11, 11, 11], [20, 11, 40]]
    assert all(len(np.unique(x)) == len(x) for x, _ in fitted)
    first, again, other, *_ = (x.ravel() for x, _ in fitted)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_per_class_keeps_rows_and_labels_together():
    rng = np.random.default_rng(1)
    labels = rng.integers(4, size=400)
    code = np.eye(4)[labels] + 0.1 * rng.normal(size=(400, 4))
    assert metrics.linear_probe(code, labels, code, labels, per_class=5) > 0.99


@pytest.mark.parametrize("per_class", [0, -1, 51, 2.0, "all", True])
def test_an_impossible_per_class_is_refused(per_class):
    match = "per_class is .*; expected a whole number from 1 to 50"
    with pytest.raises(ValueError, match=match):
        metrics.linear_probe(IRIS, SPECIES, IRIS, SPECIES, per_class=per_class)


def test_the_rarest_class_limits_per_class():
    code, labels = np.arange(8.0)[:, None], [0] * 5 + [1] * 3
    with pytest.raises(ValueError, match="per_class is 4; expected .* from 1 to 3"):
        metrics.linear_probe(code, labels, code, labels, per_class=4)


@pytest.mark.parametrize(
    "code, labels, code_test, labels_test, words",
    [
        (
            IRIS,
            SPECIES[:-1],
            IRIS,
            SPECIES,
            r"labels has shape \(149,\); .* each of 150 rows",
        ),
        (IRIS, SPECIES, IRIS, SPECIES[:5], r"labels_test has shape \(5,\); .* each of 150"),
        (
            IRIS,
            np.eye(3)[SPECIES],
            IRIS,
            SPECIES,
            r"\(150, 3\); expected one label for each",
        ),
        (IRIS, None, IRIS, SPECIES, r"labels has shape \(\); expected one label"),
        (IRIS[:, 0], SPECIES, IRIS, SPECIES, r"code has shape \(150,\); expected 2 axes"),
        (IRIS, SPECIES, IRIS[0], SPECIES, r"code_test has shape \(4,\); expected 2 axes"),
        (IRIS, SPECIES, IRIS[:0], SPECIES[:0], r"code_test has shape \(0, 4\)"),
        (IRIS * np.nan, SPECIES, IRIS, SPECIES, "code holds NaN.*expected finite"),
        (
            IRIS,
            SPECIES,
            IRIS[:, :2],
            SPECIES,
            "code has 4 columns and code_test has 2; exp",
        ),
        (IRIS, SPECIES + 0.5, IRIS, SPECIES, "labels holds fractions or NaN; expected who"),
        (IRIS, SPECIES, IRIS, SPECIES * np.nan, "labels_test holds fractions or NaN"),
        (IRIS, np.ma.masked_less(SPECIES, 1), IRIS, SPECIES, "labels has masked values"),
        (IRIS, SPECIES * 0, IRIS, SPECIES, "one class|2 classes"),
    ],
)
def test_the_probe_refuses_what_does_not_fit(code, labels, code_test, labels_test, words):
    with pytest.raises(ValueError, match=words):
        metrics.linear_probe(code, labels, code_test, labels_test)


# --- shares ------------------------------------------------------------------------------


def test_share_lost_is_one_for_the_mean_and_zero_for_a_copy():
    x = np.random.default_rng(0).normal(size=(20, 5)) * np.arange(1, 6)
    mean = np.tile(x.mean(axis=0), (20, 1))
    assert metrics.share_lost(x, x) == 0
    assert metrics.share_lost(x, mean) == pytest.approx(1)
    assert metrics.share_lost(x, (x + mean) / 2) == pytest.approx(0.25)


def test_share_lost_is_that_of_scikit_learn():
    from sklearn.metrics import r2_score

    x, x_hat = np.random.default_rng(1).normal(size=(2, 30, 4)) * [1, 2, 3, 9]
    wanted = 1 - r2_score(x, x_hat, multioutput="variance_weighted")
    assert metrics.share_lost(x, x_hat) == pytest.approx(wanted)


def test_the_shares_that_pca_leaves_are_those_of_its_reconstructions():
    rng = np.random.default_rng(0)
    x, x_test = rng.normal(size=(2, 60, 6)) * [9, 5, 3, 2, 1, 1] + 4
    shares = metrics.pca_shares_left(x, x_test, [1, 3, 6])
    mean = np.tile(x.mean(axis=0), (60, 1))
    for size, share in zip([1, 3, 6], shares, strict=True):
        x_hat = metrics.pca_reconstruction(x, x_test, size)
        wanted = metrics.squared_error(x_test, x_hat) / metrics.squared_error(x_test, mean)
        assert share == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.eye(5), np.eye(4), [1]), "x_train has 5 columns and x_test has 4"),
        ((np.eye(5), np.eye(5), [0]), "each of sizes is 0; expected a whole number from 1"),
        ((np.eye(5), np.eye(5), [6]), "each of sizes is 6; expected a whole number"),
        ((np.ones(5), np.eye(5), [1]), r"x_train has shape \(5,\); expected 2 axes"),
    ],
)
def test_shares_of_pca_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        metrics.pca_shares_left(*arguments)
