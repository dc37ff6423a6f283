"""Bytes and errors of files and of codes."""

import numpy as np
import pytest

from lessonlib import metrics, rates


def test_entropy_bytes_of_levels_that_are_equally_frequent():
    levels = np.tile(np.arange(4), 250)[:, None]  # four levels, so two bits
    assert rates.entropy_bytes(levels, levels) == pytest.approx(2 / 8, abs=1e-3)
    both = np.hstack([levels, levels + 7])
    assert rates.entropy_bytes(both, both) == pytest.approx(4 / 8, abs=1e-3)


def test_entropy_bytes_are_paid_by_frequencies_in_other_rows():
    known = np.repeat([0, 1], [900, 100])[:, None]
    rare, frequent = np.ones((50, 1), int), np.zeros((50, 1), int)
    assert rates.entropy_bytes(known, rare) > 10 * rates.entropy_bytes(known, frequent)


def test_a_level_that_was_never_counted_has_a_price():
    assert np.isfinite(rates.entropy_bytes(np.zeros((9, 1)), np.full((3, 1), 5.0)))


def halves(x):
    return x[:, ::2]


def doubled(code):
    return np.repeat(code, 2, axis=1) * 3 - 1  # leaves [0, 1] on either side


def test_a_code_curve_rounds_and_cuts():
    x = np.random.default_rng(2).uniform(size=(25, 784))
    curve = rates.code_curve(x, x, halves, doubled, [0.5, 0.01])
    assert curve.sizes[0] < curve.sizes[1]
    assert set(np.unique(curve.images[0])) == {0, 0.5, 1}
    error = metrics.squared_error(x, doubled(halves(x)).clip(0, 1))
    assert curve.errors[1] == pytest.approx(error, rel=0.01)


def test_a_rate_curve_between_and_beyond_its_points():
    images = np.zeros((2, 3, 784), "float32") + [[[0]], [[1]]]
    curve = rates.RateCurve(np.array([10.0, 20.0]), np.array([8.0, 4.0]), images)
    assert curve.bytes_at(6) == pytest.approx(15)
    assert np.isnan(curve.bytes_at(9)) and np.isnan(curve.bytes_at(3))
    assert curve.images_at(5) is not None and (curve.images_at(5) == 1).all()


@pytest.mark.parametrize("kind", ["jpeg", "webp"])
def test_a_file_curve_gives_each_image_back_in_its_place(kind):
    x = np.zeros((50, 28, 28), "float32")
    for place in range(50):
        x[place, place // 2, 4:24] = 1
    x = x.reshape(50, 784)
    curve = rates.file_curve(x, kind, [20, 95])
    assert curve.sizes[0] < curve.sizes[1] and curve.errors[1] < curve.errors[0]
    assert curve.errors[1] < 1 < metrics.squared_error(x, np.roll(x, 1, axis=0))


def test_a_file_needs_whole_rows_of_images():
    with pytest.raises(ValueError, match="multiple of 25"):
        rates.file_curve(np.zeros((30, 784)), "jpeg", [50])
