"""The largest values kept, images built from a few rows, and in which order."""

import keras
import numpy as np
import pytest

from lessonlib.sparse import TopK, pursue, refit, strongest_pieces

CODE = np.array([[0.9, 0.1, 0.5, 0.0], [0.2, 0.8, 0.0, 0.3]], "float32")


def test_the_largest_of_each_row_are_kept_and_ties_stay():
    kept = TopK(2)(CODE).numpy()
    np.testing.assert_array_equal(kept, CODE * [[1, 0, 1, 0], [0, 1, 0, 1]])
    np.testing.assert_array_equal(TopK(1)(np.ones((1, 3), "float32")), np.ones((1, 3)))


def test_the_layer_survives_saving(tmp_path):
    model = keras.Sequential([keras.layers.Input((4,)), TopK(1)])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(CODE), TopK(1)(CODE))


def test_codes_of_other_shapes_are_refused():
    with pytest.raises(ValueError, match="k is 5; expected a whole number from 1 to 4"):
        TopK(5)(CODE)
    with pytest.raises(ValueError, match="flatten it"):
        TopK(1)(CODE[None])


def test_pursuit_finds_what_an_image_was_made_of():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(12, 30)) * rng.uniform(1, 5, (12, 1))
    x = np.stack([2 * rows[3] - rows[7], rows[1] + 3 * rows[9]])
    code, x_hat = pursue(x, rows, 2)
    assert [np.flatnonzero(row).tolist() for row in code] == [[3, 7], [1, 9]]
    np.testing.assert_allclose(x_hat, x, atol=1e-9)
    assert code[0, 3] == pytest.approx(2 * np.linalg.norm(rows[3]))


def test_refitted_values_are_the_best_for_a_choice():
    rng = np.random.default_rng(0)
    rows, x = rng.normal(size=(6, 9)), rng.normal(size=(3, 9))
    code = np.array([[1, 0, 5, 0, 0, 2], [0, 0, 0, 7, 0, 0], [0, 0, 0, 0, 0, 0]])
    values, x_hat = refit(x, rows, code)
    assert ((values != 0) == (code != 0)).all()
    best = np.linalg.lstsq(rows[[0, 2, 5]].T, x[0], rcond=None)[0]
    np.testing.assert_allclose(values[0, [0, 2, 5]], best, atol=1e-9)
    np.testing.assert_allclose(x_hat, values @ rows)
    searched, found = pursue(x, rows, 2)
    np.testing.assert_allclose(refit(x, rows, searched)[1], found, atol=1e-9)


def test_pieces_come_by_length_and_add_up():
    code, rows = np.array([1.0, -3.0, 0.0]), np.array([[2.0, 0.0], [0.0, 1.0], [9.0, 9.0]])
    pieces = strongest_pieces(code, rows, 3)
    assert pieces.tolist() == [[0, -3], [2, 0], [0, 0]]
    np.testing.assert_array_equal(pieces.sum(axis=0), code @ rows)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pursue(np.ones((2, 3)), np.ones((4, 2)), 1), "columns"),
        (lambda: pursue(np.ones((2, 3)), np.eye(3), 4), "k is 4; expected a whole number"),
        (
            lambda: pursue(np.ones((2, 3)), np.eye(3)[:2] * [[1], [0]], 1),
            "row 1 of rows",
        ),
        (
            lambda: refit(np.ones((2, 3)), np.eye(3), np.ones((2, 2))),
            r"expected \(2, 3\), a number for ",
        ),
        (lambda: strongest_pieces(np.ones(3), np.eye(2), 1), "code has 3 numbers and rows"),
        (
            lambda: strongest_pieces(np.ones(2), np.eye(2), 3),
            "count is 3; expected",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
