"""The autoencoder with pooling: its parts, and what its decoder listens to."""

import numpy as np
import pytest

from lessonlib.unpooling import pooling_autoencoder

IMAGES = np.random.default_rng(0).random((5, 784), "float32")


@pytest.mark.parametrize("remember", [False, True])
def test_code_and_positions_have_their_shapes_and_make_the_output(remember):
    model = pooling_autoencoder(remember, code_size=7)
    encoder, decoder = model.layers[1:]
    code, large, small = encoder(IMAGES)
    shapes = [tuple(part.shape) for part in (code, large, small)]
    assert shapes == [(5, 7), (5, 14, 14, 8), (5, 7, 7, 16)]
    for positions in (np.asarray(large), np.asarray(small)):
        assert positions.dtype == "int32" and set(np.unique(positions)) == {0, 1, 2, 3}
    x_hat = np.asarray(model(IMAGES))
    assert x_hat.shape == (5, 784) and 0 <= x_hat.min() and x_hat.max() <= 1
    parts = [code, large, small] if remember else [code]
    assert np.allclose(x_hat, decoder(parts), atol=1e-6)


def test_a_decoder_that_remembers_listens_to_code_and_positions():
    encoder, decoder = pooling_autoencoder(remember=True).layers[1:]
    code, large, small = (np.asarray(part) for part in encoder(IMAGES))
    before = np.asarray(decoder([code, large, small]))
    others = (
        [code[::-1], large, small],
        [code, large[::-1], small],
        [code, large, small[::-1]],
    )
    for moved in others:
        assert np.abs(before - decoder(moved)).max() > 1e-4


def test_a_decoder_that_does_not_remember_has_no_side_door():
    decoder = pooling_autoencoder(remember=False).layers[2]
    assert [part.shape for part in decoder.inputs] == [(None, 30)]


def test_both_begin_with_the_same_weights():
    one, other = (pooling_autoencoder(remember).get_weights() for remember in (False, True))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_code_of_no_size_is_refused():
    with pytest.raises(ValueError, match="code_size is 0; expected a whole number"):
        pooling_autoencoder(True, code_size=0)
