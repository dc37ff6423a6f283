"""Live figures, as far as Python goes; tests/browser moves them in a page."""

import base64
import configparser
import json
import re
import subprocess
import sys
import zlib

import keras
import nbformat
import numpy as np
import pytest
from keras import Sequential, layers

import gallery
import pipeline
from conftest import ROOT
from lessonlib import live
from lessonlib.layers import TiedDense
from lessonlib.live import figures
from lessonlib.live.networks import ACTIVATIONS, layers_of, outputs, rounded_weights

RNG = np.random.default_rng(0)
IMAGES = RNG.random((5, 784))


def chain(*sizes, seed=0):
    """A network as a plain list of layers, with a sigmoid at its end."""
    rng = np.random.default_rng(seed)
    pairs = list(zip(sizes, sizes[1:], strict=False))
    names = ["gelu"] * (len(pairs) - 1) + ["sigmoid"]
    return [
        (rng.normal(size=(a, b)) / a**0.5, rng.normal(size=b), name)
        for (a, b), name in zip(pairs, names, strict=True)
    ]


@pytest.fixture
def shown(monkeypatch):
    """Call a figure's function; return the one bundle that it displays."""
    bundles = []
    monkeypatch.setattr(figures, "display", lambda b, raw: bundles.append((b, raw)))

    def call(function, *arguments, **options):
        bundles.clear()
        assert function(*arguments, **options) is None
        ((bundle, raw),) = bundles
        assert raw
        return bundle

    return call


def unpacked(html):
    """What the page's script reads, as the script reads it."""
    (text,) = re.findall('data-weights="([^"]*)"', html)
    whole = zlib.decompress(base64.b64decode(text))
    first = 4 + int.from_bytes(whole[:4], "little")

    def array(value):
        if "array" not in value:
            return value
        part = whole[first + value["at"] : first + value["end"]]
        return np.frombuffer(part, value["array"])

    return json.loads(whole[4:first], object_hook=array)


FIGURES = {
    "plane": lambda seed=0: (live.plane, chain(2, 9, 784, seed=seed), RNG.random((50, 2))),
    "sliders": lambda seed=0: (
        live.sliders,
        chain(5, 9, 784, seed=seed),
        np.random.default_rng(seed).random((50, 5)),
    ),
    "mix": lambda seed=0: (
        live.mix,
        chain(3, 784, seed=seed),
        np.random.default_rng(seed).random((5, 3)),
        IMAGES,
    ),
    "frames": lambda seed=0: (
        live.frames,
        {"in": np.random.default_rng(seed).random((9, 784)), "out": np.ones((9, 784))},
        "share",
    ),
    "pad": lambda seed=0: (
        live.pad,
        chain(784, 4, seed=seed),
        chain(4, 784, seed=seed),
        np.random.default_rng(seed).random((5, 784)),
        live.error_dial(20 + seed, 80),
        live.neighbours(IMAGES, [0, 1, 2, 3, 9], count=3),
        live.networks({"another": chain(784, 2, 784, seed=seed)}),
    ),
}


def test_frames_are_packed_in_order_and_cut_to_the_range(shown):
    black, white = np.zeros((3, 784)), np.full((3, 784), 1.4)
    data = unpacked(shown(live.frames, {"in": black, "out": white}, "share")["text/html"])
    assert data["labels"] == ["in", "out"] and data["places"] == 3
    assert np.array_equal(np.unique(data["images"][: 3 * 784]), [0])
    assert np.array_equal(np.unique(data["images"][3 * 784 :]), [255])


# --- networks ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_layers_compute_what_keras_computes(name):
    model = Sequential([layers.Input((6,)), layers.Dense(5, name), layers.Dense(4, name)])
    x = 3 * RNG.normal(size=(20, 6)).astype("float32")
    assert np.allclose(outputs(layers_of("it", model), x), np.asarray(model(x)), atol=1e-5)


def test_models_in_models_and_idle_layers_are_a_chain():
    inner = Sequential([layers.Input((6, 1)), layers.Flatten(), layers.Dense(5)])
    there = layers.Input((5,))
    functional = keras.Model(there, layers.ReLU()(layers.Dense(4)(there)))
    tail = [layers.Dropout(0.5), layers.Activation("tanh"), layers.GaussianNoise(1.0)]
    model = Sequential([inner, *tail, functional, layers.Dense(4, use_bias=False)])
    chained = layers_of("it", model)
    assert [layer.activation for layer in chained] == ["tanh", "relu", "linear"]
    x = RNG.normal(size=(9, 6)).astype("float32")
    assert np.allclose(outputs(chained, x), model(x[..., None]), atol=1e-5)


def with_side_door():
    there = layers.Input((4,))
    return keras.Model(there, layers.Dense(4)(there) + layers.Dense(4)(there))


REFUSED = [
    (lambda: Sequential([layers.Dense(2)]), "it is not built; expected.*Input layer"),
    (
        lambda: Sequential([layers.Input((4,)), layers.BatchNormalization(name="norm")]),
        "the layer 'norm', a BatchNormalization; expected a chain of Dense",
    ),
    (
        lambda: Sequential([layers.Input((4,)), TiedDense(2, name="tied")]),
        "the layer 'tied', a TiedDense",
    ),
    (
        lambda: Sequential([layers.Input((4,)), layers.Dense(2, abs, name="odd")]),
        "the layer 'odd' with an activation that a page does not know; expected one of lin",
    ),
    (
        lambda: Sequential(
            [
                layers.Input((4,)),
                layers.Dense(2, "relu"),
                layers.Activation("tanh", name="b"),
            ]
        ),
        "the layer 'b' after another activation",
    ),
    (with_side_door, "it is more than its Dense layers one after another; expected"),
    (lambda: Sequential([layers.Input((4,)), layers.Flatten()]), "it has no Dense layer"),
    (
        lambda: Sequential(
            [layers.Input((4,)), layers.Dense(99), layers.ReLU(max_value=0.1)]
        ),
        "it is more than its Dense layers one after another",
    ),
    (lambda: None, "it is None; expected a Keras model or a list"),
    (lambda: [], r"it is \[\]; expected a Keras model or a list"),
    (lambda: [3], r"layer 0 of it is 3; expected \(weights, bias, activation\)"),
    (lambda: [(np.eye(2), [1, 2, 3], "relu")], "layer 0 of it has 2 units but a bias of 3"),
    (lambda: [(np.eye(2), [1, 2], "swish")], "layer 0 of it has the activation 'swish'"),
    (lambda: [(np.eye(2) * np.nan, [1, 2], "relu")], "weights of layer 0 of it holds NaN"),
    (lambda: chain(3, 2) + chain(3, 2), "a layer of 2 units before one that takes 3"),
]


@pytest.mark.parametrize("make, message", REFUSED, ids=[m[:40] for _, m in REFUSED])
def test_what_is_no_chain_is_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        layers_of("it", make())


def test_weights_are_rounded_with_one_scale_for_each_unit():
    weights = RNG.normal(size=(30, 3)) * [1e-3, 1, 0]
    (layer,) = layers_of("it", [(weights, np.zeros(3), "linear")])
    for levels, kind in ((127, "int8"), (128, "int16"), (32_767, "int16")):
        whole, _ = rounded_weights(layer, levels)
        assert whole.dtype == kind and np.abs(whole).max() == levels
    whole, scale = rounded_weights(layer, 127)
    assert np.abs(whole).max(axis=0).tolist() == [127, 127, 0]
    largest = np.abs(weights).max(axis=0)
    assert (np.abs(whole * scale - weights) <= largest / 254 * (1 + 1e-5)).all()


def test_network_error_is_the_largest_difference_in_any_output():
    weights = np.array([[1.0, 0.25], [0.004, 1]])  # 0.004 is 0.508 of a step of 1 / 127
    network = [(weights, [0, 0], "linear")]
    expected = max(10 * (1 / 127 - 0.004), abs(32 / 127 - 0.25))
    error = live.network_error(network, [[1, 0], [0, 10]], 127)
    assert error == pytest.approx(expected, rel=1e-5)
    even = [(np.array([[127.0, -3]]).T, [5], "relu")]
    assert live.network_error(even, [[1, 1]], 127) == 0
    deep, x = chain(4, 9, 9), RNG.random((50, 4))
    errors = [live.network_error(deep, x, levels) for levels in (1023, 127, 31)]
    assert 0 < errors[0] < errors[1] < errors[2]


@pytest.mark.parametrize(
    "x, levels, message",
    [
        ([[1, 2, 3]], 9, r"x has shape \(1, 3\); expected \(n, 4\)"),
        ([1, 2], 9, r"x has shape \(2,\); expected 2 axes"),
        (np.ones((1, 4)), 0, "levels is 0; expected a whole number from 1 to 32767"),
    ],
)
def test_network_error_refuses_what_does_not_fit(x, levels, message):
    with pytest.raises(ValueError, match=message):
        live.network_error(chain(4, 2), x, levels)


# --- what is written into the page --------------------------------------------------------


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_one_small_output_that_asks_no_host(shown, kind):
    bundle = shown(*FIGURES[kind]())
    html = bundle["text/html"]
    assert sorted(bundle) == ["text/html", "text/plain"]
    assert re.match(
        "A live figure: .*untrusted notebooks do not run[.]$", bundle["text/plain"]
    )
    assert html.startswith(f'<div class="live-figure" data-live="{kind}" data-weights="')
    assert f"<p>{figures.WAITING}</p>" in html and "run the cell" in figures.WAITING
    assert len(html) < 300_000
    without = html.replace("http://www.w3.org/2000/svg", "")  # a name, not an address
    assert not re.findall(r"https?:|src=|url\(|import\b|fetch\(", without)


@pytest.mark.parametrize("kind", FIGURES)
def test_the_sanitizer_hides_the_weights_and_nothing_else(shown, kind):
    config = configparser.ConfigParser()
    config.read(ROOT / "tests" / "sanitize.cfg")

    def sanitized(text):
        for name in config.sections():
            text = re.sub(config.get(name, "regex"), config.get(name, "replace"), text)
        return text

    one, other = (shown(*FIGURES[kind](seed))["text/html"] for seed in (0, 1))
    assert one != other and sanitized(one) == sanitized(other)
    (weights,) = re.findall('data-weights="([^"]*)"', one)
    assert sanitized(one) == one.replace(weights, "#"), "and nothing else"
    assert len(weights) > 100


@pytest.mark.parametrize("kind", FIGURES)
def test_the_page_gets_the_networks_it_was_given(shown, kind):
    function, *arguments = FIGURES[kind]()
    data = unpacked(shown(function, *arguments)["text/html"])
    given = {
        "pad": dict(zip(["encoder", "decoder"], arguments, strict=False)),
        "frames": {},
    }.get(kind, {"decoder": arguments[0]})
    for name, network in given.items():
        for packed, (weights, bias, activation) in zip(
            data["networks"][name], network, strict=True
        ):
            there = packed["weights"].reshape(weights.shape) * packed["scale"]
            assert np.allclose(there, weights, atol=np.abs(weights).max() / 2_000)
            assert np.allclose(packed["bias"], bias) and packed["activation"] == activation
    assert (
        data["bits"] == 11 and (data["error"] < 0.02) and bool(data["error"]) == bool(given)
    )


def test_a_plane_covers_the_middle_of_the_codes(shown):
    code = np.stack([np.linspace(0, 1, 1_200), np.linspace(5, 9, 1_200)], axis=1)
    code[-1] = 1_000, -1_000
    labels = np.arange(1_200) % 10
    data = unpacked(shown(live.plane, chain(2, 784), code, labels)["text/html"])
    low, high = np.percentile(code, [1, 99], axis=0)
    assert np.allclose(data["low"], low) and np.allclose(data["high"], high)
    assert (np.array(data["high"]) < 10).all()
    assert np.allclose(data["points"].reshape(-1, 2), code[:1_000])
    assert np.array_equal(data["labels"], labels[:1_000])
    assert (low <= data["start"]).all() and (data["start"] <= high).all()
    assert unpacked(shown(live.plane, chain(2, 784), code)["text/html"])["labels"] is None


def position(data):
    """The code at which the sliders stand at first."""
    moved = [knob["value"] * np.array(knob["vector"]) for knob in data["knobs"]]
    return np.array(data["base"]) + sum(moved)


def test_sliders_begin_where_they_are_told(shown):
    code, decoder = RNG.normal(size=(200, 5)), chain(5, 784)
    start = np.array([9.0, 0, 0, 0, 7])
    data = unpacked(shown(live.sliders, decoder, code, start, count=3)["text/html"])
    assert [knob["label"] for knob in data["knobs"]] == ["number 1", "number 2", "number 3"]
    assert np.allclose(position(data), start)
    first, second, _ = data["knobs"]
    assert first["high"] == 9, "the start is within reach"
    assert np.isclose(second["high"], np.percentile(code[:, 1], 99))
    assert second["vector"] == [0, 1, 0, 0, 0]
    data = unpacked(shown(live.sliders, decoder, code)["text/html"])
    assert len(data["knobs"]) == 5 and np.allclose(position(data), code.mean(axis=0))


def test_sliders_follow_directions(shown):
    code = RNG.normal(size=(500, 3)) * [1, 5, 0.1]
    data = unpacked(
        shown(live.sliders, chain(3, 784), code, directions="principal", count=2)[
            "text/html"
        ]
    )
    assert [knob["label"] for knob in data["knobs"]] == ["direction 1", "direction 2"]
    assert np.allclose(position(data), code.mean(axis=0))
    first, second = (np.array(knob["vector"]) for knob in data["knobs"])
    spread = code.std(axis=0)
    assert np.allclose(np.abs(first), [0, spread[1], 0], atol=0.2), "one standard deviation"
    assert np.allclose(np.abs(second), [spread[0], 0, 0], atol=0.2)
    own = {"thicker": np.array([0, 0, 7.0])}
    data = unpacked(shown(live.sliders, chain(3, 784), code, directions=own)["text/html"])
    (knob,) = data["knobs"]
    assert (knob["label"], knob["low"], knob["high"], knob["value"]) == (
        "thicker",
        -3,
        3,
        0,
    )
    assert np.allclose(knob["vector"], [0, 0, spread[2]])


def test_a_pad_takes_its_readouts_along(shown):
    function, *arguments = FIGURES["pad"]()
    data = unpacked(shown(function, *arguments, noise=0.5)["text/html"])
    dial, near, others = data["readouts"]
    assert (dial["kind"], dial["threshold"], dial["highest"]) == ("dial", 20, 80)
    assert near["count"] == 3 and near["labels"].tolist() == [0, 1, 2, 3, 9]
    assert np.abs(near["images"].reshape(5, 784) / 255 - IMAGES).max() <= 0.5 / 255 + 1e-9
    assert others["labels"] == ["another"] and "2 another" in data["networks"]
    assert data["noise"] == 0.5 and data["examples"].shape == (5 * 784,)
    codes = outputs(layers_of("it", arguments[0]), data["examples"].reshape(5, 784) / 255)
    assert data["reach"] >= np.abs(codes).max(), "the bars have room for noisy ones too"
    whole = arguments[0] + arguments[1]
    data = unpacked(shown(live.pad, whole, None, IMAGES)["text/html"])
    assert list(data["networks"]) == ["encoder"]


def test_the_stated_error_is_the_worst_on_all_that_was_tried(shown):
    decoder, code = chain(2, 60, 784), 5 * RNG.normal(size=(300, 2))
    stated = unpacked(shown(live.plane, decoder, code)["text/html"])["error"]
    corners = np.stack(np.meshgrid(*np.percentile(code, [1, 99], axis=0).T), -1)
    for x in (code, corners.reshape(-1, 2)):
        assert live.network_error(decoder, x) <= stated
    assert stated < 3 * live.network_error(decoder, code)


def test_a_large_network_gets_fewer_bits_and_a_larger_one_a_sentence(shown, monkeypatch):
    figure = live.plane, chain(2, 40, 784), RNG.random((50, 2))
    html = shown(*figure)["text/html"]
    monkeypatch.setattr(figures, "LARGEST", len(html) - 1)
    smaller = shown(*figure)["text/html"]
    assert len(smaller) < len(html)
    before, after = unpacked(html), unpacked(smaller)
    assert (before["bits"], after["bits"]) == (11, 8) and after["error"] > before["error"]
    assert np.abs(after["networks"]["decoder"][0]["weights"]).max() == 127
    monkeypatch.setattr(figures, "LARGEST", 30_000)
    with pytest.raises(
        ValueError, match=r"would take \d+ KB; expected at most 30. Take a nar"
    ):
        live.plane(*figure[1:])


# --- what is refused ----------------------------------------------------------------------

D2, D3, E3 = chain(2, 784), chain(3, 784), chain(784, 3)
C2, C3 = RNG.random((5, 2)), RNG.random((5, 3))
TURN = "expected None, 'principal', or a label"
WRONG = [
    (live.plane, [D2, C3], {}, r"code has shape \(5, 3\); expected \(n, 2\), as the dec"),
    (live.plane, [D3, C3], {}, r"code has shape \(5, 3\); expected \(n, 2\)\."),
    (live.plane, [D2, C2, [1, 2]], {}, "labels has shape .*each of the 5 rows"),
    (live.plane, [D2, C2, [1, 2, 3, 4, 10]], {}, "expected a digit, 0 to 9, for each"),
    (live.plane, [D2, C2 * 0], {}, "same number in all rows.*encoder collapse"),
    (live.plane, [D2, C2 * np.nan], {}, "code holds NaN"),
    (live.plane, [chain(2, 783), C2], {}, "decoder gives 783 numbers; expected a square"),
    (live.sliders, [D3, C3, [1, 2]], {}, r"start has shape \(2,\); expected \(3,\)"),
    (live.sliders, [D3, C3], dict(count=0), "count is 0; expected a whole number"),
    (live.sliders, [D3, C3 * [1, 0, 1]], {}, "number 2 of the codes never varies"),
    (live.sliders, [D3, C3], dict(directions="main"), f"directions is 'main'; {TURN}"),
    (live.sliders, [D3, C3], dict(directions={}), f"directions is {{}}; {TURN}"),
    (live.sliders, [D3, C3], dict(directions={"a": [1, 2]}), r"'a' has shape \(2,\)"),
    (live.sliders, [D3, C3], dict(directions={"a": [0, 0, 0]}), "'a' .* not all zero"),
    (
        live.sliders,
        [D3, C3 * [0, 1, 1]],
        dict(directions={"a": [1, 0, 0]}),
        "the codes do not vary along 'a'",
    ),
    (live.mix, [D3, C3, IMAGES[:4]], {}, r"images has shape \(4, 784\); expected 5 images"),
    (live.mix, [D3, C3, IMAGES[:, :4]], {}, r"images has shape \(5, 4\); .*784 pixels"),
    (live.mix, [D3, C3, IMAGES * 2], {}, "images has values from .*expected 0 to 1"),
    (live.mix, [D3, C3[:1], IMAGES[:1]], {}, "number of images is 1; expected a whole"),
    (live.frames, [{}, "share"], {}, "panels is empty; expected a label and images"),
    (live.frames, [{"a": IMAGES[:1]}, "share"], {}, "number of places is 1; expected a wh"),
    (
        live.frames,
        [{"a": IMAGES, "b": IMAGES[:4]}, "share"],
        {},
        "the first panel has .* but the panel 'b' has",
    ),
    (live.pad, [E3, D2, IMAGES], {}, "3 units before one that takes 2|expected 784|lead"),
    (live.pad, [E3, D3, IMAGES[:, :4]], {}, "examples has 4 pixels; expected 784 for all"),
    (live.pad, [E3, D3, IMAGES, "dial"], {}, "the readout 'dial' is none; expected live"),
    (live.pad, [E3, D3, IMAGES], dict(noise=-1), "noise is -1; expected a number from 0"),
    (live.pad, [E3, None, IMAGES], {}, "lead from 784 to 3 numbers"),
    (
        live.pad,
        [E3 + D3, None, IMAGES, live.neighbours(IMAGES, count=2)],
        {},
        "neighbours needs a code",
    ),
    (live.error_dial, [9, 5], {}, "threshold is 9; expected a number from 0 to 5"),
    (live.error_dial, [0, 0], {}, "highest is 0; expected a number from 1e-06"),
    (live.neighbours, [IMAGES], dict(count=6), "count is 6; expected .* from 1 to 5"),
    (live.neighbours, [IMAGES, [1]], dict(count=1), "labels has shape"),
    (live.neighbours, [np.eye(9)], dict(count=1), "9 pixels in each row; expected 784"),
    (
        live.neighbours,
        [IMAGES, np.ma.masked_less(range(5), 2)],
        dict(count=1),
        "labels has masked values; expected none",
    ),
    (live.networks, [[E3 + D3]], {}, "models is a list; expected a dictionary"),
    (live.networks, [{}], {}, "models is empty; expected a label and a network"),
    (live.networks, [{"a": 3}], {}, "the network 'a' is 3; expected a Keras model"),
]


@pytest.mark.parametrize(
    "function, arguments, options, message", WRONG, ids=[w[3][:40] for w in WRONG]
)
def test_wrong_arguments_are_refused_before_anything_is_shown(
    monkeypatch, function, arguments, options, message
):
    monkeypatch.setattr(figures, "display", lambda *_, **__: pytest.fail("it was shown"))
    with pytest.raises(ValueError, match=message):
        function(*arguments, **options)


def test_the_gallery_holds_the_figures_as_they_are():
    notebook = nbformat.read(gallery.NOTEBOOK, as_version=4)
    source = pipeline.read_source(gallery.SOURCE)
    assert [cell.source for cell in notebook.cells] == [
        cell.source for cell in source.cells
    ]
    htmls = [
        output.data["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    kinds = [re.search('data-live="([a-z]+)"', html)[1] for html in htmls]
    assert kinds == ["plane", "sliders", "mix", "frames", "pad"]
    for kind, html in zip(kinds, htmls, strict=True):
        packed = re.search('data-weights="([^"]*)"', html)[1]
        assert html == figures._html(kind, packed), "run scripts/gallery.py"


def test_importing_live_loads_no_tensorflow():
    code = "import sys, lessonlib.live; print('tensorflow' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "False", run.stderr
