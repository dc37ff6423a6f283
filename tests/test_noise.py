"""Corruptions and warps against what is known of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage, stats

from inputs import SEEDS, SHAPES, not_images
from lessonlib import noise

# --- corruptions ------------------------------------------------------------------------

CORRUPTIONS = [noise.gaussian, noise.masking, noise.salt_and_pepper]
corruptions = pytest.mark.parametrize("corrupt", CORRUPTIONS)
IMAGES = st.sampled_from([np.float16, np.float32, np.float64]).flatmap(
    lambda kind: hnp.arrays(kind, SHAPES, elements=st.floats(0, 1, width=16))
) | hnp.arrays(st.sampled_from([np.bool_, np.uint8]), SHAPES, elements=st.integers(0, 1))


@corruptions
@settings(deadline=None)
@given(x=IMAGES, amount=st.floats(0, 1), seed=SEEDS)
def test_a_corruption_is_a_new_image_fixed_by_its_generator(corrupt, x, amount, seed):
    before = x.copy()
    rng = np.random.default_rng(seed)
    noisy, next_one = corrupt(x, amount, rng), corrupt(x, amount, rng)
    assert np.array_equal(x, before) and not np.shares_memory(noisy, x)
    assert noisy.shape == x.shape and noisy.dtype == np.float32
    assert noisy.min() >= 0 and noisy.max() <= 1
    again = corrupt(x, amount, np.random.default_rng(seed))
    assert np.array_equal(noisy, again) and next_one.shape == x.shape
    untouched = corrupt(x, 0, rng)
    assert np.array_equal(untouched, x.astype("float32"))
    assert not np.shares_memory(untouched, x)


@corruptions
def test_the_generator_moves_on_and_the_global_one_is_left_alone(corrupt):
    rng = np.random.default_rng(0)
    x = np.full((20, 20), 0.5, "float32")
    np.random.seed(0)
    state = np.random.get_state()[1].copy()
    assert not np.array_equal(corrupt(x, 0.3, rng), corrupt(x, 0.3, rng))
    assert np.array_equal(np.random.get_state()[1], state)


def test_gaussian_noise_has_the_given_spread_and_is_clipped():
    x = np.full(40_000, 0.5)
    noisy = noise.gaussian(x, 0.1, np.random.default_rng(0)).astype("float64")
    assert abs(noisy.mean() - 0.5) < 5 * 0.1 / 200
    assert abs(noisy.std() - 0.1) < 5 * 0.1 / math.sqrt(80_000)
    assert stats.kstest(noisy, stats.norm(0.5, 0.1).cdf).pvalue > 1e-6
    clipped = noise.gaussian(x * 0, 0.1, np.random.default_rng(1))
    assert abs((clipped == 0).mean() - 0.5) < 5 * 0.5 / 200
    strong = noise.gaussian(x, 10, np.random.default_rng(2))
    assert (strong == 0).any() and (strong == 1).any()


def within_binomial_bounds(count, n, share):
    """Whether neither tail is rarer than one in a billion."""
    law = stats.binom(n, share)
    return bool((np.minimum(law.cdf(count), law.sf(np.subtract(count, 1))) > 1e-9).all())


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 1), SEEDS)
def test_masking_wipes_out_the_given_share_and_nothing_else(share, seed):
    x = np.random.default_rng(seed).uniform(0.1, 1, (100, 100)).astype("float32")
    noisy = noise.masking(x, share, np.random.default_rng(seed + 1))
    changed = noisy != x
    assert within_binomial_bounds(changed.sum(), x.size, share)
    assert (noisy[changed] == 0).all()
    assert within_binomial_bounds(changed.sum(axis=1), 100, share), "pixel by pixel"


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 1), SEEDS)
def test_salt_and_pepper_replaces_the_share_half_by_0_half_by_1(share, seed):
    x = np.random.default_rng(seed).uniform(0.1, 0.9, (100, 100)).astype("float32")
    noisy = noise.salt_and_pepper(x, share, np.random.default_rng(seed + 1))
    changed = noisy != x
    assert within_binomial_bounds(changed.sum(), x.size, share)
    assert set(np.unique(noisy[changed])) <= {0, 1}
    assert within_binomial_bounds((noisy == 1).sum(), changed.sum(), 0.5)


def test_a_share_of_1_spares_no_pixel():
    x, rng = np.full((9, 9), 0.5), np.random.default_rng(0)
    assert not noise.masking(x, 1, rng).any()
    assert set(np.unique(noise.salt_and_pepper(x, 1, rng))) == {0, 1}


@corruptions
@not_images
def test_corruptions_refuse_what_is_not_images(corrupt, bad, words):
    with pytest.raises(ValueError, match=f"x .*{words}"):
        corrupt(bad, 0.5, np.random.default_rng(0))


@corruptions
@pytest.mark.parametrize("value", [-0.01, 1.01, 255])
def test_corruptions_refuse_pixels_outside_0_to_1(corrupt, value):
    with pytest.raises(ValueError, match=r"x has values from .*; expected 0 to 1. Divide"):
        corrupt(np.array([[0.5, value]]), 0.5, np.random.default_rng(0))


@corruptions
@pytest.mark.parametrize("amount", [-0.01, 10.01, np.nan, np.inf, None, "much", [0.5], 1j])
def test_corruptions_refuse_an_impossible_amount(corrupt, amount):
    match = r"(sd|share) is .*; expected a number from 0 to (10|1)\."
    with pytest.raises(ValueError, match=match):
        corrupt(np.full((2, 2), 0.5), amount, np.random.default_rng(0))


@pytest.mark.parametrize("corrupt", CORRUPTIONS[1:])
def test_a_share_is_at_most_1(corrupt):
    with pytest.raises(ValueError, match="share is 1.5; expected a number from 0 to 1"):
        corrupt(np.full((2, 2), 0.5), 1.5, np.random.default_rng(0))


@corruptions
@pytest.mark.parametrize("rng", [None, 0, np.random, np.random.RandomState(0)], ids=str)
def test_corruptions_want_a_generator(corrupt, rng):
    match = rf"rng is a {type(rng).__name__}; expected numpy.random.default_rng\(seed\)"
    with pytest.raises(ValueError, match=match):
        corrupt(np.full((2, 2), 0.5), 0.5, rng)


# --- warps ------------------------------------------------------------------------------


def digit_like(count=20, side=28):
    """Smooth blobs away from the border."""
    rng = np.random.default_rng(0)
    images = rng.random((count, side, side))
    images[:, :6], images[:, -6:], images[:, :, :6], images[:, :, -6:] = 0, 0, 0, 0
    return ndimage.gaussian_filter(images, (0, 1, 1)).astype("float32")


def test_a_warp_is_a_new_image_fixed_by_its_generator():
    x = digit_like()
    before = x.copy()
    rng = np.random.default_rng(3)
    warped, next_one = noise.affine_warp(x, rng), noise.affine_warp(x, rng)
    assert np.array_equal(x, before) and not np.array_equal(warped, next_one)
    assert warped.shape == x.shape and warped.dtype == np.float32
    assert warped.min() >= 0 and warped.max() <= 1
    assert np.array_equal(warped, noise.affine_warp(x, np.random.default_rng(3)))
    rows = noise.affine_warp(x.reshape(20, 784), np.random.default_rng(3))
    assert np.array_equal(rows, warped.reshape(20, 784))


STILL = dict(rotation=0, log_scale=0, shear=0, shift=0)


def test_a_warp_by_nothing_changes_nothing():
    x = digit_like()
    assert np.allclose(
        noise.affine_warp(x, np.random.default_rng(0), **STILL), x, atol=1e-6
    )


def centre(image):
    return np.array(ndimage.center_of_mass(image))


def test_a_shift_moves_the_centre_by_at_most_its_pixels_both_ways():
    x = np.repeat(digit_like(1), 300, axis=0)
    moved = noise.affine_warp(x, np.random.default_rng(0), **STILL | dict(shift=3))
    offsets = np.array([centre(image) for image in moved]) - centre(x[0])
    assert (np.abs(offsets) < 3.05).all() and (np.abs(offsets).max(axis=0) > 2.5).all()
    assert (np.abs(offsets.mean(axis=0)) < 0.5).all()


def test_images_turn_about_their_middle_and_keep_their_ink():
    x = digit_like(200)
    turned = noise.affine_warp(x, np.random.default_rng(0), **STILL | dict(rotation=1))
    radius = [np.linalg.norm(centre(image) - 13.5) for image in (*x, *turned)]
    assert np.allclose(radius[:200], radius[200:], atol=0.1)
    assert np.allclose(turned.sum(axis=(1, 2)), x.sum(axis=(1, 2)), rtol=0.02)
    assert np.abs(turned - x).max() > 0.1


def test_scaling_changes_the_ink_by_the_square_of_the_factor():
    x = np.repeat(digit_like(1), 300, axis=0)
    scaled = noise.affine_warp(x, np.random.default_rng(0), **STILL | dict(log_scale=0.2))
    change = np.log(scaled.sum(axis=(1, 2)) / x.sum(axis=(1, 2)))
    assert 0.35 < change.max() < 0.42 and -0.42 < change.min() < -0.35


def test_shear_slants_a_line_and_leaves_its_rows():
    bar = np.zeros((300, 28, 28), "float32")
    bar[:, 6:22, 13:15] = 1
    slanted = noise.affine_warp(bar, np.random.default_rng(0), **STILL | dict(shear=0.5))
    columns = np.arange(28)
    tops = (slanted[:, 7] * columns).sum(axis=1) / slanted[:, 7].sum(axis=1) - 13.5
    feet = (slanted[:, 20] * columns).sum(axis=1) / slanted[:, 20].sum(axis=1) - 13.5
    assert np.allclose(tops, -feet, atol=0.05) and 2.5 < np.abs(tops).max() < 3.3
    assert np.allclose(slanted[:, 8:20].sum(axis=2), 2, atol=0.01)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (dict(rotation=-0.1), "rotation is -0.1; expected a number from 0 to 3.15"),
        (dict(log_scale=2), "log_scale is 2; expected a number from 0 to 1"),
        (dict(shear=np.nan), "shear is nan; expected a number from 0 to 1"),
        (dict(shift="far"), "shift is 'far'; expected a number from 0 to 100"),
        (dict(rng=0), "rng is a int; expected numpy.random.default_rng"),
        (dict(x=np.ones((2, 35))), r"x has shape \(2, 35\); expected square images"),
        (dict(x=2 * np.ones((2, 36))), "x has values from 2 to 2; expected 0 to 1"),
    ],
)
def test_impossible_warps_are_refused(arguments, words):
    usual = dict(x=np.ones((2, 36)), rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=words):
        noise.affine_warp(**usual | arguments)


def test_a_list_is_warped_as_the_array_it_stands_for():
    images = np.random.default_rng(1).random((2, 5, 5)).astype("float32")
    both = [
        noise.affine_warp(x, np.random.default_rng(0)) for x in (images, images.tolist())
    ]
    assert both[1].shape == (2, 5, 5) and np.array_equal(*both)
