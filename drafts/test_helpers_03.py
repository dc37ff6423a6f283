"""Tests of what lesson 03 adds to lessonlib."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lessonlib import live, metrics, plots, rates


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


def test_watched_images_are_judged_after_each_epoch_and_never_trained_on():
    from keras import Sequential, layers

    from lessonlib.training import fit, set_seed

    x = np.random.default_rng(3).uniform(size=(40, 6)).astype("float32")
    records = []
    for watch in (None, {"test": 1 - x}):
        set_seed()
        model = Sequential([layers.Input((6,)), layers.Dense(2), layers.Dense(6)])
        record = fit(model, x, steps=6, batch_size=20, watch=watch, quiet=True).history
        records.append((record, model.get_weights()))
    assert list(records[0][0]) == ["loss"] and list(records[1][0]) == ["loss", "test"]
    assert len(records[1][0]["test"]) == 3
    last = metrics.squared_error(1 - x, np.asarray(model(1 - x)))
    assert records[1][0]["test"][-1] == pytest.approx(last, rel=1e-5)
    for one, other in zip(records[0][1], records[1][1], strict=True):
        assert np.array_equal(one, other)


def test_a_record_is_drawn_against_its_steps():
    plots.record_plot(
        {"loss": [3.0, 2, 1], "val_loss": [4.0, 3, 3]}, 300,
        levels={"PCA": 2.5}, title="falls", inset=(2, 4),
    )
    whole, small = plt.gcf().axes[0], plt.gcf().axes[0].child_axes[0]
    assert [line.get_label() for line in whole.lines] == ["training", "validation", "PCA"]
    assert list(whole.lines[0].get_xdata()) == [100, 200, 300]
    assert small.get_ylim() == (2, 4) and len(small.lines) == 3
    plt.close("all")


def test_more_lines_than_styles_are_refused():
    with pytest.raises(ValueError, match="at most 6"):
        plots.record_plot({str(n): [1.0] for n in range(7)}, 10, title="too many")


def test_frames_are_packed_in_order(capsys, monkeypatch):
    shown = []
    figures = __import__("lessonlib.live.figures", fromlist=["_"])
    monkeypatch.setattr(figures, "display", lambda *one, **_: shown.append(one[0]))
    black, white = np.zeros((3, 784)), np.full((3, 784), 1.4)
    live.frames({"in": black, "out": white}, "share")
    import base64
    import zlib

    packed = shown[0]["text/html"].split('data-weights="')[1].split('"')[0]
    raw = zlib.decompress(base64.b64decode(packed))
    end = 4 + int.from_bytes(raw[:4], "little")
    data = json.loads(raw[4:end])
    assert data["labels"] == ["in", "out"] and data["places"] == 3
    assert raw[end:] == bytes(3 * 784) + b"\xff" * (3 * 784)
    assert "move the share" in shown[0]["text/plain"]


def test_frames_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="out"):
        live.frames({"in": np.zeros((3, 784)), "out": np.zeros((4, 784))}, "share")
