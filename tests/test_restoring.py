"""Fair trials, filters and holes, on cases that are known by hand."""

import numpy as np
import pytest

from lessonlib import restoring


def images(rows, seed=0):
    return np.random.default_rng(seed).uniform(0.1, 0.9, (rows, 16)).astype("float32")


def scale(factor, x):
    return factor * x


def test_a_curve_is_undone_and_the_best_setting_chosen():
    x, x_test = images(400), images(5, seed=1)
    trial = restoring.Trial(x, 0.2 + 0.6 * x, 0.2 + 0.6 * x_test)
    seen = []

    def method(setting, given):
        seen.append(given)
        return given**3 if setting == "good" else np.flip(given, axis=1)

    np.testing.assert_allclose(trial.best(method, ["bad", "good"]), x_test, atol=2e-3)
    np.testing.assert_allclose(trial.best(scale, [3]), x_test, atol=2e-3)
    trial.best(method, ["bad"], expects_clean=True)
    np.testing.assert_allclose(seen[-1], x_test, atol=1e-5)


def test_the_curve_is_that_of_the_validation_images_and_never_falls():
    x = np.array([[0, 1, 0.2, 0.6]] * 2)
    trial = restoring.Trial(x, [[0.1, 0.2, 0.4, 0.3]] * 2, [[0.1, 0.4, 0, 0.9]])
    # 1, 0.6 and 0.2 would fall with rising answers: their mean is the best that does not.
    np.testing.assert_allclose(trial.best(scale, [2]), [[0, 0.6, 0, 0.6]], atol=1e-6)


def test_a_trial_refuses_what_does_not_fit():
    x = images(4)
    with pytest.raises(ValueError, match="valid_noisy"):
        restoring.Trial(x, x[:3], x)
    trial = restoring.Trial(x, x, x)
    with pytest.raises(ValueError, match="settings is empty"):
        trial.best(scale, [])
    with pytest.raises(ValueError, match="the method's answer"):
        trial.best(lambda setting, given: given[:, :3], [1])
    with pytest.raises(ValueError, match="the method's answer"):
        trial.best(scale, [np.nan])


def test_filters_smooth_and_leave_the_images_apart():
    dot = np.zeros((2, 25), "float32")
    dot[0, 12] = 1
    assert not restoring.median(3, dot).any()
    np.testing.assert_array_equal(restoring.blur(0, dot), dot)
    soft = restoring.blur(1, dot)
    assert soft.shape == dot.shape and 0 < soft[0, 12] < 0.3 and not soft[1].any()
    assert restoring.blur(1, dot.reshape(2, 5, 5)).shape == (2, 5, 5)


def test_holes_are_squares_away_from_the_border():
    x = np.full((50, 784), 0.5, "float32")
    holed = restoring.punch(x, np.random.default_rng(0)).reshape(-1, 28, 28)
    assert (x == 0.5).all()
    assert ((holed == -1).sum(axis=(1, 2)) == 100).all()
    rows, columns = np.where((holed == -1).any(axis=0))
    assert {rows.min(), columns.min()} == {4} and {rows.max(), columns.max()} == {23}
    with pytest.raises(ValueError, match="side"):
        restoring.punch(x, np.random.default_rng(0), side=21)


def test_a_hole_in_gaussian_rows_gets_its_conditional_mean():
    rng = np.random.default_rng(0)
    first = rng.normal(0.5, 1, 4_000)
    x = np.column_stack([first, 2 * first + 1, rng.normal(0.3, 1, 4_000)])
    holed = np.array([[0.7, -1, 0.2], [0.1, -1, 0.9]])
    filled = restoring.fill(x, holed, extra=1e-6)
    np.testing.assert_allclose(filled[:, 1], [2.4, 1.2], atol=1e-3)
    np.testing.assert_array_equal(filled[:, [0, 2]], holed[:, [0, 2]])
    with pytest.raises(ValueError, match="columns"):
        restoring.fill(x, holed[:, :2])
