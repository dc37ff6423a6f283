"""Figures: that they show the numbers they were given, legibly, and refuse others."""

import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from lessonlib import plots
from lessonlib.data import Curve
from lessonlib.layers import PoolWithPositions
from lessonlib.runs import mean_of_runs

RNG = np.random.default_rng(0)
IMAGES = RNG.random((15, 6, 6))
LABELS = dict(x_label="epochs", y_label="error (squared)", title="A finding")


@pytest.fixture(autouse=True)
def style():
    """The course's style, and nothing of it left behind."""
    with plt.rc_context():
        plots.set_style()
        yield
    plt.close("all")


@pytest.fixture
def draw(monkeypatch):
    """Call a plot function; return its one figure, shown once and found legible."""
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gcf()))

    def call(function, *arguments, **options):
        shown.clear()
        assert function(*arguments, **options) is None
        (figure,) = shown
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as letters that the font lacks
            figure.canvas.draw()
        texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text()]
        assert texts and min(text.get_fontsize() for text in texts) >= 9
        return figure

    return call


def words(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


# --- style ------------------------------------------------------------------------------


def luminance(colour):
    """The relative luminance of WCAG 2."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return np.dot([0.2126, 0.7152, 0.0722], parts)


def test_lines_stay_apart_without_colour():
    assert len(plots.COLOURS) == len(plots.DASHES) == len(plots.MARKERS)
    for styles in (plots.COLOURS, plots.DASHES, plots.MARKERS):
        assert len(set(styles)) == len(styles)
    for colour in (*plots.COLOURS, *plots.DIGITS):
        assert 1.05 / (luminance(to_rgb(colour)) + 0.05) > 2, "visible on white paper"


def test_set_style_uses_a_font_that_matplotlib_ships():
    assert plt.rcParams["font.family"] == ["DejaVu Sans"]
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(plots.COLOURS)
    assert plt.rcParams["image.cmap"] == "gray" and plt.rcParams["figure.dpi"] == 90


def test_every_function_is_tried_here_and_states_its_errors():
    functions = {name for name in plots.__all__ if callable(getattr(plots, name))}
    assert functions - {"set_style"} == set(WRONG) == set(RIGHT)
    for name in WRONG:
        assert "Raises:" in getattr(plots, name).__doc__


def test_every_function_shows_one_figure_under_its_title(draw):
    for name, (arguments, options) in RIGHT.items():
        figure = draw(getattr(plots, name), *arguments, **options)
        assert "A finding" in words(figure), name
        plt.close(figure)


# --- rows of images ---------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
    st.integers(1, 5),
    st.integers(1, 6),
    st.booleans(),
    st.sampled_from(["float32", "float64", "uint8", "bool"]),
)
def test_every_image_is_in_its_place_on_white_paper(counts, side, columns, flat, kind):
    rng = np.random.default_rng(side)
    rows = {
        f"row {i}": (rng.random((n, side, side)) * 1.99).astype(kind).clip(0, 1)
        for i, n in enumerate(counts)
    }
    given_rows = {k: v.reshape(len(v), -1) if flat else v for k, v in rows.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plt, "show", lambda: None)
        plots.image_rows(given_rows, "A finding", columns=columns)
    picture = plt.gca().images[0]
    paper = np.array(picture.get_array(), "float64")
    plt.close("all")
    assert picture.get_clim() == (0, 1) and picture.get_cmap().name == "gray"
    pitch = side + 2
    assert paper.shape == (len(counts) * pitch - 2, min(columns, max(counts)) * pitch - 2)
    for row, images in enumerate(rows.values()):
        for column, image in enumerate(images[:columns]):
            top, left = row * pitch, column * pitch
            place = np.s_[top : top + side, left : left + side]
            assert np.allclose(paper[place], image)
            paper[place] = 1
    assert (paper == 1).all(), "gaps are white"


def test_rows_are_labelled_and_titled(draw):
    figure = draw(plots.image_rows, {"input": IMAGES, "output": IMAGES}, "Ink comes back")
    (axes,) = figure.axes
    assert axes.get_title(loc="left") == "Ink comes back"
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["input", "output"]
    assert axes.get_yticks().tolist() == [3, 11], "the middle of each row"
    assert axes.images[0].get_array().shape[1] == 12 * 8 - 2, "twelve columns at most"


def test_signed_images_are_scaled_each_to_its_own_size(draw):
    images = RNG.normal(size=(3, 4, 4)) * np.array([1, 10, 0])[:, None, None]
    before = images.copy()
    figure = draw(plots.image_rows, {"filters": images}, "Strokes", signed=True)
    picture = figure.axes[0].images[0]
    assert picture.get_clim() == (-1, 1)
    paper = np.array(picture.get_array())
    for column, image in enumerate(images[:2]):
        cell = paper[:, column * 6 : column * 6 + 4]
        assert np.allclose(cell, image / np.abs(image).max()) and np.abs(cell).max() == 1
    assert (paper[:, 12:16] == 0).all(), "an empty image is mid-grey"
    assert np.array_equal(images, before)


# --- lines, bars, points ----------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 6])
def test_lines_carry_their_values_and_differ_in_dash_and_marker(draw, count):
    lines = {f"model {i}": [i, i + 1, i + 4] for i in range(count)}
    figure = draw(plots.line_plot, [1, 2, 5], lines, **LABELS)
    (axes,) = figure.axes
    assert [line.get_label() for line in axes.lines] == list(lines)
    for line, values in zip(axes.lines, lines.values(), strict=True):
        assert line.get_xdata().tolist() == [1, 2, 5] and list(line.get_ydata()) == values
    assert len({line.get_marker() for line in axes.lines}) == count
    assert len({line.get_color() for line in axes.lines}) == count
    assert axes.get_xlabel() == "epochs" and axes.get_ylabel() == "error (squared)"
    assert axes.get_title(loc="left") == "A finding" and axes.get_yscale() == "linear"
    legends = [t.get_text() for legend in figure.legends for t in legend.get_texts()]
    assert legends == (list(lines) if count > 1 else []), "one line needs no legend"


def test_axes_may_be_logarithmic(draw):
    figure = draw(plots.line_plot, [2, 8, 32], {"a": [1, 10, 1_000]}, **LABELS, log=True)
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    figure = draw(plots.line_plot, [2, 8, 32], {"a": [1, 10, 99]}, **LABELS, log_x=True)
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["2", "8", "32"]
    assert axes.get_xticks().tolist() == [2, 8, 32]


def test_lines_may_have_places_of_their_own_and_many_values_no_marks(draw):
    lines = {"few": [1, 2, 3], "many": np.arange(31)}
    places = {"few": [4, 5, 9], "many": np.arange(31) / 10}
    figure = draw(plots.line_plot, places, lines, **LABELS)
    few, many = figure.axes[0].lines
    assert few.get_xdata().tolist() == [4, 5, 9]
    assert np.array_equal(many.get_xdata(), places["many"])
    assert few.get_marker() == "o" and many.get_marker() in ("", "None")
    places = {"a": [2, 8], "b": [4]}
    figure = draw(plots.line_plot, places, {"a": [1, 2], "b": [3]}, **LABELS, log_x=True)
    assert figure.axes[0].get_xticks().tolist() == [2, 4, 8]


@pytest.mark.parametrize("low, high", [(3.5, 44), (1e-3, 50), (0.9, 1.4)])
def test_a_logarithmic_axis_is_labelled_in_plain_numbers(draw, low, high):
    figure = draw(plots.line_plot, [1, 2], {"a": [low, high]}, **LABELS, log=True)
    figure.canvas.draw()
    axis = figure.axes[0].yaxis
    marks = [tick.get_text() for tick in axis.get_ticklabels() + axis.get_minorticklabels()]
    assert not [mark for mark in marks if mark and not re.fullmatch(r"[0-9.e-]+", mark)]


# --- maps of codes ----------------------------------------------------------------------


def test_each_point_of_a_map_is_drawn_as_its_digit(draw):
    labels = np.array([0, 5, 5, 9])
    maps = {"PCA-2": np.arange(8.0).reshape(4, 2), "network": np.ones((4, 2))}
    figure = draw(plots.code_scatter, maps, labels, "A finding")
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(maps)
    for axes, code in zip(figure.axes, maps.values(), strict=True):
        drawn = {line.get_marker(): line.get_xydata() for line in axes.lines}
        for digit in range(10):
            assert np.array_equal(drawn[f"${digit}$"], code[labels == digit])
    assert figure.get_suptitle() == "A finding"


def test_bars_carry_their_labels_and_values(draw):
    bars = {"PCA": 14.237, "network": np.float32(7.5), "nothing": 0, "worse": -1}
    figure = draw(plots.bar_plot, bars, x_label="error", title="Half the error")
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [14.237, 7.5, 0, -1]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == list(bars)
    assert {"14.24", "7.50", "0.00", "-1.00"} <= set(words(figure))
    assert axes.yaxis_inverted(), "the first bar is on top"
    assert axes.get_xlabel() == "error" and axes.get_title(loc="left") == "Half the error"


@pytest.mark.parametrize("columns", [1, 2, 4])
def test_columns_are_drawn_in_the_order_of_the_hidden_number(draw, columns):
    z = RNG.permutation(20).astype("float32")
    x = np.stack([z**power for power in range(1, columns + 1)], axis=1)
    names = Curve.names[:columns]
    figure = draw(plots.columns_against, z, x, x + 1, names, "Two columns are lost")
    panels = figure.axes
    assert [panel.get_title(loc="left") for panel in panels] == list(names)
    for power, panel in enumerate(panels, start=1):
        reconstruction, original = panel.lines[:2]
        assert original.get_xdata().tolist() == list(range(20))
        assert np.allclose(original.get_ydata(), np.arange(20.0) ** power)
        assert np.allclose(reconstruction.get_xdata(), np.arange(20))
        assert np.allclose(reconstruction.get_ydata(), np.arange(20.0) ** power + 1)
        assert panel.get_xlabel() == "$z$"
    assert figure.get_suptitle() == "Two columns are lost"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["data", "reconstruction"]
    colours = [to_hex(line.get_color()) for line in panels[0].lines[:2]]
    keys = [to_hex(line.get_color()) for line in legend.get_lines()]
    assert keys == colours[::-1], "the legend names the right lines"


@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_marked_points_differ_in_colour_and_shape(draw, share):
    z, values = RNG.random(30), {"PCA": RNG.random(30), "network": RNG.random(30)}
    marked = RNG.random((2, 30)) < share
    options = dict(y_label="code", title="Cut", marked=marked, mark_label="worst")
    figure = draw(plots.points_against, z, values, **options)
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(values)
    for axes, y, special in zip(figure.axes, values.values(), marked, strict=True):
        others, worst = axes.lines
        for points, rows in ((others, ~special), (worst, special)):
            assert np.array_equal(points.get_xdata(), z[rows])
            assert np.array_equal(points.get_ydata(), y[rows])
        assert others.get_marker() != worst.get_marker()
        assert others.get_color() != worst.get_color()
        assert "$z$" in axes.get_xlabel()
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["other rows", "worst"]
    for shown, points in zip(legend.get_lines(), (others, worst), strict=True):
        assert to_hex(shown.get_color()) == to_hex(points.get_color())
    assert figure.axes[0].get_ylabel() == "code" and figure.get_suptitle() == "Cut"


def test_points_need_no_marks(draw):
    figure = draw(plots.points_against, [3, 1], {"code": [5, 6]}, y_label="y", title="t")
    (axes,) = figure.axes
    assert axes.lines[0].get_xdata().tolist() == [3, 1] and not figure.legends
    assert axes.lines[0].get_ydata().tolist() == [5, 6]
    assert sum(len(points.get_xdata()) for points in axes.lines) == 2


def test_arrows_lead_from_points_to_targets_and_have_heads(draw):
    points, targets, other = RNG.random((3, 9, 2))
    panels = {"network": targets, "posterior mean": other}
    figure = draw(plots.arrows, points, panels, "A finding", curve=points[:4])
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(panels)
    for axes, ends in zip(figure.axes, panels.values(), strict=True):
        (field,) = axes.collections
        assert np.allclose(field.get_offsets(), points)
        assert np.allclose(np.stack([field.U, field.V], 1), ends - points)
        assert (field.angles, field.scale_units, field.scale) == ("xy", "xy", 1)
        assert field.headwidth > 1 and axes.get_aspect() == 1
        low, high = axes.dataLim.get_points()
        assert (low <= ends.min(0) + 1e-9).all() and (ends.max(0) <= high + 1e-9).all()
        assert np.array_equal(axes.lines[0].get_xydata(), points[:4])
    assert not draw(plots.arrows, points, panels, "A finding").axes[0].lines


def test_the_grid_shows_each_point_at_its_place(draw):
    def decoder(points):  # an image of one pixel's shade a number
        assert points.dtype == "float32" and points.shape == (9, 2)
        return np.stack([points[:, 0], points[:, 1]] * 2, axis=1) / 10

    crowd = np.random.default_rng(0).exponential(size=(999, 2))
    (axes,) = draw(plots.latent_grid, decoder, crowd, "A finding", count=3).axes
    (picture,) = axes.images
    paper = picture.get_array()
    assert paper.shape == (6, 6) and picture.get_clim() == (0, 1)
    assert picture.get_extent() == [-0.5, 2.5, -0.5, 2.5]
    first, second = np.quantile(crowd, [0.01, 0.5, 0.99], axis=0).T
    for row, y in enumerate(second[::-1]):  # the largest second number on top
        for column, x in enumerate(first):
            shades = paper[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            assert np.allclose(shades, [[x / 10, y / 10]] * 2, atol=1e-6)
    ticks = [float(tick.get_text()) for tick in axes.get_xticklabels()]
    assert np.allclose(ticks, first, rtol=0.06) and list(axes.get_xticks()) == [0, 1, 2]


def test_strips_draw_each_number_and_count_those_that_are_not_zero(draw):
    codes = {"plain": np.array([1.0, -2, 3]), "L1": np.array([0, 0, 4.0, 0])}
    figure = draw(plots.code_strips, codes, "A finding")
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == ["plain: 3 of 3 are not zero", "L1: 1 of 4 are not zero"]
    for axes, code in zip(figure.axes, codes.values(), strict=True):
        strokes = axes.collections[0].get_segments()
        assert [stroke.tolist() for stroke in strokes] == [
            [[i, 0], [i, value]] for i, value in enumerate(code)
        ]


def test_a_unit_stands_beside_what_lights_it_up(draw):
    code = np.arange(15.0)[:, None]  # the last image is the strongest
    rows = 3 * IMAGES[:1] - 1
    figure = draw(plots.lit_units, code, rows, IMAGES, "A finding", count=1)
    paper = figure.axes[0].images[0].get_array()
    np.testing.assert_allclose(paper[:, :6], 0.5 + rows[0] / np.abs(rows).max() / 2)
    np.testing.assert_allclose(paper[:, 8:14], IMAGES[14])
    np.testing.assert_allclose(paper[:, -6:], IMAGES[4])


# --- networks ---------------------------------------------------------------------------


def bars(figure):
    """Height, width and colour of each bar, and the text below it, from left to right."""
    axes = figure.axes[0]
    drawn = [p for p in axes.patches if isinstance(p, plt.Rectangle)]
    below = [text.get_text() for text in axes.texts if text.get_position()[1] < -1.2]
    sizes = [text.replace("\n", " ") for text in below]
    return [
        (p.get_height(), p.get_width(), to_hex(p.get_facecolor()), size)
        for p, size in zip(drawn, sizes, strict=True)
    ]


def test_a_network_is_drawn_from_a_list_of_sizes(draw):
    figure = draw(plots.network, [784, 196, 49, (28, 28, 16), (28, 28, 64)], "A finding")
    heights, widths, colours, sizes = zip(*bars(figure), strict=True)
    assert sizes == ("784", "196", "49", "28 × 28 × 16", "28 × 28 × 64")
    assert np.allclose(np.array(heights) / heights[0], [1, 1 / 2, 1 / 4, 1, 1])
    assert widths[0] == widths[1] < widths[3] < widths[4], "width grows with channels"
    blue, orange = (to_hex(colour) for colour in plots.COLOURS[:2])
    assert colours == (blue, blue, orange, blue, blue), "the smallest is the code"
    places = {t.get_text(): t.get_position()[0] for t in figure.axes[0].texts}
    assert places["code"] == places["49"]
    wide = draw(plots.network, [784, 1_000, 784], "A finding", code=1)
    assert [colour for *_, colour, _ in bars(wide)] == [blue, orange, blue]


def test_a_network_is_drawn_with_its_image(draw):
    figure = draw(plots.network, [36, 4, 36], "A finding", image=IMAGES[0])
    (picture,) = figure.axes[0].images
    assert np.array_equal(picture.get_array(), IMAGES[0])
    assert picture.get_extent()[1] < figure.axes[0].patches[0].get_x()


@pytest.fixture(scope="module")
def layers():
    return pytest.importorskip("keras").layers


def test_a_model_of_models_is_drawn_layer_by_layer(draw, layers):
    keras = pytest.importorskip("keras")
    encoder = keras.Sequential(
        [
            layers.Input((16,)),
            layers.Reshape((4, 4, 1)),
            layers.Conv2D(2, 3, 2, "same"),
            layers.Activation("gelu"),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(20),
        ]
    )
    decoder = keras.Sequential(
        [
            layers.Input((20,)),
            layers.Dense(8, "relu"),
            layers.Reshape((2, 2, 2)),
            layers.Conv2DTranspose(1, 4, 2, "same", activation="sigmoid"),
            layers.Flatten(),
        ]
    )
    figure = draw(plots.network, keras.Sequential([encoder, decoder]), "A finding")
    *_, colours, sizes = zip(*bars(figure), strict=True)
    assert sizes == ("4 × 4 × 1", "2 × 2 × 2", "20", "2 × 2 × 2", "4 × 4 × 1")
    assert colours.index(to_hex(plots.COLOURS[1])) == 2, "what the encoder gives"
    assert [w for w in words(figure) if w in ("gelu", "relu", "sigmoid")] == [
        "gelu",
        "relu",
        "sigmoid",
    ]
    assert "linear" not in words(figure)


def test_models_that_are_no_chain_of_known_shapes_are_refused(layers):
    keras = pytest.importorskip("keras")
    with pytest.raises(ValueError, match="'bare' is not built; expected.*Input layer"):
        plots.network(keras.Sequential([layers.Dense(2)], name="bare"), "t")
    there = layers.Input((4, 4, 1))
    pooled, places = PoolWithPositions(name="pool")(there)
    both = keras.Model(there, [pooled, places])
    with pytest.raises(ValueError, match="'pool' has several outputs.*; expected one"):
        plots.network(both, "t")


def test_each_shallow_network_keeps_its_number_and_colour_in_the_deep_one(draw):
    figure = draw(plots.stacking, [784, 256, 30], "A finding")
    above, below = figure.axes
    layers = [
        [
            (text.get_text(), to_hex(patch.get_facecolor()))
            for text, patch in zip(
                [t for t in panel.texts if t.get_position()[1] == 0],
                [p for p in panel.patches if isinstance(p, plt.Polygon)],
                strict=True,
            )
        ]
        for panel in (above, below)
    ]
    first, second = (("1", "#0072b2"), ("2", "#d55e00"))
    assert layers == [[first, first, second, second], [first, second, second, first]]
    sizes = [
        [t.get_text() for t in p.texts if t.get_position()[1] < -1] for p in (above, below)
    ]
    assert sizes == [
        ["784", "256", "784", "256", "30", "256"],
        ["784", "256", "30", "256", "784"],
    ]
    assert {"1: on the images", "2: on the codes of 1"} <= set(words(figure))


# --- a cloud of points ------------------------------------------------------------------


def test_a_cloud_shows_every_point_and_its_lines_from_left_to_right(draw):
    x, y, line = [2, 0, 1], [5, 3, 4], [20, 0, 10]
    axes = draw(plots.cloud, x, y, {"mean": line}, label="a dot", **LABELS).axes[0]
    dots, mean = axes.lines
    assert dots.get_xydata().tolist() == [[2, 5], [0, 3], [1, 4]]
    assert mean.get_xydata().tolist() == [[0, 0], [1, 10], [2, 20]]
    assert {"a dot", "mean"} <= set(words(axes.figure))
    axes = draw(plots.cloud, x, [5, 1, 3], {}, fit="closest", **LABELS).axes[0]
    np.testing.assert_allclose(axes.lines[1].get_xydata(), [[0, 1], [1, 3], [2, 5]])


# --- gains of paired runs ---------------------------------------------------------------


def test_gains_show_each_run_their_mean_and_its_interval(draw):
    gains = {"plain": [1.0, 2, -0.5, 0.3], "noise": [3.0, 4, 2.5, 5]}
    axes = draw(plots.paired_gains, gains, x_label="points", title="A finding").axes[0]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == list(gains)
    assert axes.yaxis_inverted(), "the first entry is on top"
    _, *lines = axes.lines
    for place, (values, rings) in enumerate(
        zip(gains.values(), axes.collections, strict=True)
    ):
        assert np.array_equal(rings.get_offsets(), [(value, place) for value in values])
        bar, mean = lines[2 * place : 2 * place + 2]
        assert np.array_equal(bar.get_xdata(), mean_of_runs(values)[1:])
        assert mean.get_xdata() == pytest.approx([np.mean(values)])


# --- the diagram ------------------------------------------------------------------------


def test_the_diagram_asks_until_it_is_told(draw):
    figure = draw(plots.autoencoder_diagram, IMAGES[0])
    (axes,) = figure.axes
    assert np.allclose(axes.images[0].get_array(), IMAGES[0]) and len(axes.images) == 1
    seen = words(figure)
    assert {"?", "?\n?\n?", "input", "encoder", "code", "decoder", "reconstruction"} <= {
        *seen
    }
    assert axes.get_title(loc="left").startswith("An autoencoder")


@pytest.mark.parametrize("flat", [False, True])
def test_the_diagram_shows_image_code_and_reconstruction(draw, flat):
    shape = (36,) if flat else (6, 6)
    code = np.array([1.0, -4, 2])
    image, back = IMAGES[0].reshape(shape), IMAGES[1].reshape(shape)
    figure = draw(plots.autoencoder_diagram, image, code, back, title="Three numbers")
    (axes,) = figure.axes
    first, second, cells = sorted(
        axes.images, key=lambda picture: picture.get_array().size
    )[::-1]
    assert {first.get_clim(), second.get_clim()} == {(0, 1)}
    left, right = sorted([first, second], key=lambda picture: picture.get_extent()[0])
    assert np.allclose(left.get_array(), IMAGES[0])
    assert np.allclose(right.get_array(), IMAGES[1])
    assert np.allclose(np.ravel(cells.get_array()), [0.25, -1, 0.5])
    seen = words(figure)
    assert "code: 3 numbers" in seen and not any("?" in text for text in seen)
    assert axes.get_title(loc="left") == "Three numbers" and axes.get_xlim() == (0, 10)


def test_the_diagram_takes_a_code_of_zeros(draw):
    figure = draw(plots.autoencoder_diagram, IMAGES[0], np.zeros(2))
    cells = min(figure.axes[0].images, key=lambda picture: picture.get_array().size)
    assert not np.any(cells.get_array())


# --- records, orders and space ----------------------------------------------------------


def test_a_record_is_drawn_against_its_steps(draw):
    history = {"loss": [3.0, 2, 1], "val_loss": [4.0, 3, 3]}
    levels = dict(levels={"PCA": 2.5}, inset=(2, 4))
    figure = draw(plots.record_plot, history, 300, title="It falls", **levels)
    whole = figure.axes[0]
    (small,) = whole.child_axes
    assert [line.get_label() for line in whole.lines] == ["training", "validation", "PCA"]
    assert list(whole.lines[0].get_xdata()) == [100, 200, 300]
    assert small.get_ylim() == (2, 4) and len(small.lines) == 3


def test_random_images_come_first_and_the_worst_of_the_last_model_at_the_end(draw):
    x = np.zeros((15, 6, 6))
    one, other = x.copy(), x.copy()
    one[3], other[[4, 9]] = 1, [[[0.5]], [[0.9]]]
    answers = {"one": one, "other": other}
    figure = draw(plots.random_and_worst, x, answers, "A finding", count=2)
    (axes,) = figure.axes
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["original", *answers]
    paper = np.asarray(axes.images[0].get_array())
    greys = [paper[16:22, left : left + 6].mean() for left in (16, 24)]
    assert np.allclose(greys, [0.5, 0.9]), "the worst image is the last one"


def test_an_order_that_falls_is_turned_round(draw):
    z = np.array([0.3, 0.1, 0.2, 0.4])
    figure = draw(plots.order_against, z, {"up": z**3, "down": -z[:, None]}, "Two orders")
    for axes in figure.axes:
        places = axes.collections[0].get_offsets() if axes.collections else None
        y = places[:, 1] if places is not None else axes.lines[0].get_ydata()
        assert sorted(y) == [0, 1, 2, 3]
        x = places[:, 0] if places is not None else axes.lines[0].get_xdata()
        assert list(np.argsort(x)) == list(np.argsort(y))


def test_two_planes_show_their_principal_angles(draw):
    slope = [0, np.cos(np.radians(40)), np.sin(np.radians(40))]
    # The same two planes, spanned by other vectors.
    first, second = [[2, 1, 0], [0, 3, 0]], np.array([[1, 0, 0], slope]) @ np.eye(3)
    figure = draw(plots.tilted_planes, first, second, "Two planes")
    assert {"0°", "40°"} <= set(words(figure))


def test_a_curve_in_space_takes_its_colours_from_the_order_of_a_code(draw):
    z = np.linspace(-1, 1, 20)
    x = np.stack([z, z**2, z**3, -z], axis=1)
    panels = {"z": z, "code": -(z[:, None] ** 3)}
    given = dict(columns=[0, 2, 1], names="abcd", jump=x[[0, 19]], title="One curve")
    figure = draw(plots.curve_in_space, x, panels, **given)
    for axes in figure.axes:
        assert [axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()] == ["a", "c", "b"]
        colours = axes.collections[0].get_array()
        assert list(np.argsort(colours)) == list(range(20)), "turned round to rise with z"
        ends = np.array(axes.lines[0].get_data_3d()).T
        assert np.allclose(ends, x[[0, 19]][:, [0, 2, 1]])


# --- convolutions -----------------------------------------------------------------------


def test_a_window_frames_its_place_and_names_its_sum(draw):
    kernel, result = np.array([[1.0, 2, 3]] * 3), IMAGES[1]
    figure = draw(plots.window, IMAGES[0], kernel, result, (3, 2), "One place")
    seen, numbers, sums = figure.axes
    assert np.allclose(seen.images[0].get_array(), IMAGES[0])
    assert np.allclose(sums.images[0].get_array(), result)
    assert [t.get_text() for t in numbers.texts] == ["1", "2", "3"] * 3
    (frame,), (pixel,) = seen.patches, sums.patches
    assert frame.get_xy() == (0.5, 1.5)
    assert (frame.get_width(), frame.get_height()) == (3, 3)
    assert pixel.get_xy() == (1.5, 2.5)
    assert sums.get_title(loc="left").endswith(f"{result[3, 2]:.2f}")


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_stamps_pile_up_to_what_the_matrix_makes(draw, stride):
    numbers, kernel = np.array([1.0, 2, 0.5]), np.array([1.0, 0, 3])
    figure = draw(plots.stamps, numbers, kernel, stride, "Stamps")
    piles, matrix = figure.axes
    columns = matrix.images[0].get_array()
    assert columns.shape == (2 * stride + 3, 3)
    assert np.allclose(columns[stride : stride + 3, 1], kernel)
    tops = np.zeros(len(columns))
    for bar in piles.patches:
        tops[round(bar.get_x() + 0.45)] += bar.get_height()
    assert np.allclose(tops, columns @ numbers)


def convolution(filters, channels=1):
    keras = pytest.importorskip("keras")
    layer = keras.layers.Conv2D(filters, 3, strides=2, padding="same")
    layer.build((None, 6, 6, channels))
    return layer


def test_each_filter_stands_over_its_map(draw):
    layer = convolution(6)
    maps = np.asarray(layer(IMAGES[:1, ..., None]))[0]
    figure = draw(plots.feature_maps, IMAGES[0], layer, "Maps", columns=4)
    drawn = [axes.images[0].get_array() for axes in figure.axes if axes.images]
    assert len(drawn) == 1 + 2 * 6 and np.allclose(drawn[0], IMAGES[0])
    for start, width in ((1, 4), (9, 2)):
        for column in range(width):
            number = (start > 1) * 4 + column
            kernel = np.asarray(layer.kernel)[:, :, 0, number]
            assert np.allclose(drawn[start + column], kernel)
            assert np.allclose(drawn[start + width + column], maps[..., number], atol=1e-5)


def test_filters_of_another_layer_are_refused():
    for layer in (None, convolution(2, channels=3)):
        with pytest.raises(ValueError, match="expected a built Conv2D"):
            plots.feature_maps(IMAGES[0], layer, "t")


def test_two_roads_show_what_passes_and_what_is_put_back(draw):
    image = np.zeros((6, 6))
    image[1, 3], image[2, 5], image[4, 2], image[3, 5] = 0.6, 0.7, 0.8, 0.9
    figure = draw(plots.two_roads, image, "30 numbers", "places", "Two", corner=(1, 2))
    assert {"main road: 30 numbers", "side door: places", "code"} <= set(words(figure))
    patch, maxima, places, back = (axes.images[0].get_array() for axes in figure.axes[1:])
    assert np.allclose(patch, image[1:5, 2:6])
    assert np.allclose(maxima, [[0.6, 0.7], [0.8, 0.9]])
    assert places.sum() == 4 and np.allclose(back, patch * places)
    assert np.allclose(back[places == 1], [0.6, 0.7, 0.9, 0.8])


# --- what is refused --------------------------------------------------------------------

OBLONG = "expected square images"
NO_SQUARE = "expected one square image"
AXES = dict(y_label="y", title="t")
WRONG = {
    "image_rows": [
        ([{}, "t"], {}, "rows is empty; expected a label and images for each row"),
        ([IMAGES, "t"], {}, "rows is a ndarray; expected a dictionary with a label and im"),
        ([{"a": np.ones((2, 6, 5))}, "t"], {}, rf"'a' has shape \(2, 6, 5\); {OBLONG}"),
        ([{"a": np.ones((2, 4, 9))}, "t"], {}, rf"'a' has shape \(2, 4, 9\); {OBLONG}"),
        ([{"a": np.ones((2, 35))}, "t"], {}, rf"'a' has shape \(2, 35\); {OBLONG}"),
        ([{"a": np.ones(36)}, "t"], {}, rf"'a' has shape \(36,\); {OBLONG}"),
        ([{"a": np.ones((2, 6, 6, 1))}, "t"], {}, rf"shape \(2, 6, 6, 1\); {OBLONG}"),
        ([{"a": IMAGES[:0]}, "t"], {}, r"'a' has shape \(0, 6, 6\); expected at least one"),
        ([{"a": IMAGES * np.nan}, "t"], {}, "'a' holds NaN.*expected finite"),
        ([{"a": ["x"]}, "t"], {}, "'a' is a list that holds no numbers"),
        (
            [{"a": IMAGES, "b": np.ones((2, 5, 5))}, "t"],
            {},
            "different sizes; expected one",
        ),
        ([{"a": IMAGES}, "t"], dict(columns=0), "columns is 0; expected a whole number"),
        ([{"a": IMAGES}, "t"], dict(columns=-1), "columns is -1; expected a whole number"),
    ],
    "line_plot": [
        ([[1, 2], {}], LABELS, "lines is empty; expected a label and values"),
        (
            [[1, 2], {"a": [1]}],
            LABELS,
            r"x has shape \(2,\) but the line 'a' .*\(1,\); exp",
        ),
        ([[1, 2], {"a": [1, np.nan]}], LABELS, "the line 'a' holds NaN.*expected finite"),
        ([[1, np.inf], {"a": [1, 2]}], LABELS, "x holds NaN or infinite.*expected"),
        ([[], {"a": []}], LABELS, r"'a' has shape \(0,\); expected at least one"),
        ([[1, 2], [1, 2]], LABELS, "lines is a list; expected a dictionary with a label"),
        ([np.eye(2), {"a": np.eye(2)}], LABELS, r"'a' has shape \(2, 2\); expected 1 ax"),
        ([[1, 2], {"a": ["b", "c"]}], LABELS, "the line 'a' is a list that holds no numb"),
        ([[1], {str(i): [i] for i in range(7)}], LABELS, "lines .*7.*expected at most 6"),
        ([{"b": [1]}, {"a": [1]}], LABELS, r"x has the labels \['b'\] and lines \['a'\]"),
    ],
    "code_scatter": [
        ([{}, [1, 2], "t"], {}, "panels is empty; expected a label and codes"),
        ([{"a": np.eye(2)}, [1], "t"], {}, r"'a' has shape \(2, 2\); expected \(1, 2\)"),
        ([{"a": np.eye(3)}, [1, 2, 3], "t"], {}, r"'a' has shape .*; expected \(3, 2\)"),
        ([{"a": np.eye(2)}, [1, 10], "t"], {}, "labels holds 10; expected digits"),
        ([{"a": np.eye(2) * np.nan}, [1, 2], "t"], {}, "'a' holds NaN.*expected finite"),
    ],
    "bar_plot": [
        ([{}], dict(x_label="x", title="t"), "bars is empty; expected a label and a value"),
        ([[1]], dict(x_label="x", title="t"), "bars is a list; expected a dictionary"),
        ([{"a": np.nan}], dict(x_label="x", title="t"), "bars holds NaN.*expected finite"),
        ([{"a": "high"}], dict(x_label="x", title="t"), "bars is a list that holds no"),
        ([{"a": [1, 2]}], dict(x_label="x", title="t"), r"bars has shape \(1, 2\); expect"),
    ],
    "columns_against": [
        (
            [[1, 2], np.eye(2), np.eye(3), "ab", "t"],
            {},
            r"x has .* but x_hat has .*expected",
        ),
        (
            [[1, 2, 3], np.eye(2), np.eye(2), "ab", "t"],
            {},
            "z has 3 values but x has 2 rows",
        ),
        (
            [[[1, 2]], np.eye(2), np.eye(2), "ab", "t"],
            {},
            r"z has shape \(1, 2\); expected",
        ),
        (
            [[1, 2], np.eye(2), np.eye(2), "abc", "t"],
            {},
            "names has 3 .*but x has 2 .*expected one",
        ),
        (
            [[1, 2], np.eye(2), np.eye(2), "a", "t"],
            {},
            "names has 1 .*but x has 2 .*expected one",
        ),
        (
            [[1, 2], np.ones(2), np.ones(2), "ab", "t"],
            {},
            r"x has shape \(2,\); expected 2",
        ),
        ([[1, 2], np.eye(2) * np.nan, np.eye(2), "ab", "t"], {}, "x holds NaN.*expected"),
        (
            [[1, np.nan], np.eye(2), np.eye(2), "ab", "t"],
            {},
            "z holds NaN.*expected finite",
        ),
    ],
    "cloud": [
        ([[1, 2], [1, 2], {}], LABELS, "lines is empty; expected a label and heights"),
        ([[1, 2], [1], {"a": [1, 2]}], LABELS, r"x has shape \(2,\) but y has shape \(1,"),
        ([[1, 2], [1, 2], {"a": [1]}], LABELS, r"x has shape \(2,\) but the line 'a'"),
        ([[1, 2], [1, np.nan], {"a": [1, 2]}], LABELS, "y holds NaN.*expected finite"),
    ],
    "points_against": [
        ([[1, 2], {}], AXES, "panels is empty; expected a label and values for each"),
        ([[1, 2], [1, 2]], AXES, "panels is a list; expected a dictionary with a label"),
        (
            [[1, 2], {"a": [1, 2]}],
            AXES | dict(marked=[[0.2, 0.4]]),
            "marked holds float64; expected True or False for each row",
        ),
        ([[1, 2], {"a": [1]}], AXES, r"z has shape \(2,\) but the panel 'a' .*\(1,\); exp"),
        ([[1, 2], {"a": [1, 2], "b": [1]}], AXES, "panels is a list that holds no numbers"),
        ([[1, 2], {"a": [1, np.nan]}], AXES, "panels holds NaN.*expected finite"),
        ([[1, np.inf], {"a": [1, 2]}], AXES, "z holds NaN or infinite.*expected finite"),
        ([[], {"a": []}], AXES, r"(z|panels) has shape .*; expected at least one"),
        (
            [[1, 2], {"a": [1, 2]}],
            AXES | {"marked": [True, False]},
            r"panels has shape \(1, 2\) but marked has shape \(2,\); expected the same",
        ),
    ],
    "autoencoder_diagram": [
        ([np.ones((5, 6))], {}, f"input.*{NO_SQUARE}"),
        ([np.ones((4, 9))], {}, f"input.*{NO_SQUARE}"),
        ([np.ones(35)], {}, f"input.*{NO_SQUARE}"),
        ([np.ones((1, 36))], {}, rf"input has shape \(1, 36\); {NO_SQUARE}.*is x\[0\]"),
        ([np.ones((6, 6)) * np.nan], {}, "input.*NaN.*expected finite"),
        ([IMAGES[0], None, np.ones((5, 6))], {}, f"reconstruction.*{NO_SQUARE}"),
        ([IMAGES[0], None, np.ones(9)], {}, r"\(6, 6\) and the .*\(9,\); exp.* one size"),
        ([IMAGES[0], np.ones((1, 3))], {}, r"code has shape \(1, 3\); expected 1 axes"),
        ([IMAGES[0], [np.inf]], {}, "code holds NaN or infinite.*expected finite"),
        ([IMAGES[0], []], {}, r"code has shape \(0,\); expected"),
    ],
}
SQUARE = np.stack(np.meshgrid([0, 1, 2], [0, 1, 2]), -1).reshape(9, 2)
WRONG |= {
    "arrows": [
        ([np.eye(2), {}, "t"], {}, "panels is empty; expected a label and targets"),
        ([np.eye(3), {"a": np.eye(3)}, "t"], {}, r"points has .*; expected \(n, 2\)"),
        ([np.eye(2), {"a": np.ones((3, 2))}, "t"], {}, r"panel 'a' has shape \(3, 2\)"),
        (
            [np.eye(2), {"a": np.full((2, 2), np.inf)}, "t"],
            {},
            "panel 'a' holds NaN or inf",
        ),
        ([np.eye(2), {"a": np.eye(2)}, "t", [1, 2]], {}, r"curve has shape \(2,\); expec"),
    ],
    "latent_grid": [
        ([None, np.eye(3), "t"], {}, r"code has shape \(3, 3\); expected \(n, 2\)"),
        ([None, np.ones((5, 2)), "t"], {}, "same number in all rows.*encoder collapse"),
        ([None, [1, 2], "t"], {}, r"code has shape \(2,\); expected 2 axes"),
        ([None, SQUARE, "t"], dict(count=1), "count is 1; expected a whole number from 2"),
        ([lambda p: p[:, :1].repeat(3, 1), SQUARE, "t"], {}, f"draws has .*{OBLONG}"),
        ([lambda p: p[:, :1] * np.nan, SQUARE, "t"], {}, "decoder draws holds NaN"),
        (["a decoder", SQUARE, "t"], {}, "decoder is a str; expected a Keras model"),
        ([lambda p: p[:5, :1], SQUARE, "t"], {}, "draws 5 images for 225 codes; expec"),
    ],
    "code_strips": [
        ([{}, "t"], {}, "codes is empty; expected a label and a code for each strip"),
        ([np.eye(2), "t"], {}, "codes is a ndarray; expected a dictionary with a label"),
        ([{"a": np.eye(2)}, "t"], {}, r"the code 'a' has shape \(2, 2\); expected 1 axes"),
        ([{"a": [np.nan]}, "t"], {}, "the code 'a' holds NaN.*expected finite"),
    ],
    "network": [
        ([[784], "t"], {}, r"model is \[784\]; expected a Keras model or a list"),
        (["784", "t"], {}, "model is '784'; expected a Keras model or a list"),
        ([None, "t"], {}, "model is None; expected a Keras model or a list"),
        ([[784, 0], "t"], {}, "a size in model is 0; expected a whole number from 1"),
        ([[784, 2.5], "t"], {}, "a size in model is 2.5; expected a whole number"),
        ([[784, ()], "t"], {}, "model holds an empty shape; expected a size"),
        ([[9, 2, 9], "t"], dict(code=3), "code is 3; expected a whole number from 0 to 2"),
        ([[9, 2, 9], "t"], dict(image=np.ones(5)), f"image has .*{NO_SQUARE}"),
    ],
    "paired_gains": [
        ([{}], dict(x_label="g", title="t"), "gains is empty; expected a label and gains"),
        ([{"a": [1]}], dict(x_label="g", title="t"), "holds 1 run; expected at least 2"),
        ([{"a": [1, np.nan]}], dict(x_label="g", title="t"), "the gains 'a' holds NaN"),
    ],
    "stacking": [
        ([[784], "t"], {}, "sizes has 1 entries; expected 2 to 6"),
        ([[9] * 7, "t"], {}, "sizes has 7 entries; expected 2 to 6"),
        ([[9, 0], "t"], {}, "each of sizes is 0; expected a whole number from 1"),
    ],
    "record_plot": [
        ([{}, 9], dict(title="t"), "history and levels hold 0 and 0 lines; expected a rec"),
        ([{str(n): [1] for n in range(7)}, 9], dict(title="t"), "at most 6 in all"),
        ([{"a": [np.nan]}, 9], dict(title="t"), "a holds NaN.*expected finite"),
    ],
    "random_and_worst": [
        ([IMAGES, {}, "t"], {}, "answers is empty; expected a label and reconstructions"),
        ([IMAGES, {"a": IMAGES[:3]}, "t"], {}, "x has .* but x_hat has .*expected"),
        ([IMAGES, {"a": IMAGES}, "t"], dict(count=16), "count is 16; expected a whole nu"),
    ],
    "order_against": [
        ([[1, 2], {}, "t"], {}, "codes is empty; expected a label and codes"),
        ([[1, 2], {"a": [1, 2, 3]}, "t"], {}, "the code 'a' has 3 rows and z 2; expected"),
        ([[1, 2], {"a": [1, np.nan]}, "t"], {}, "the code 'a' holds NaN.*expected finite"),
    ],
    "tilted_planes": [
        ([np.eye(3), np.eye(3)[:2], "t"], {}, "first is .*expected two vectors of three"),
        ([np.eye(3)[:2], np.ones((2, 3)), "t"], {}, "second is .*do not lie on one line"),
    ],
    "curve_in_space": [
        ([np.eye(3), {}], dict(names="abc", title="t"), "panels is empty; expected"),
        (
            [np.eye(3), {"a": [1, 2]}],
            dict(names="abc", title="t"),
            "panels of 2 numbers; expected a name for each column",
        ),
        (
            [np.eye(3), {"a": [1, 2, 3]}],
            dict(names="ab", title="t"),
            "with 2 names, 3 columns to draw",
        ),
    ],
}
WRONG |= {
    "window": [
        ([np.ones((5, 6)), np.eye(3), np.eye(6), (2, 2), "t"], {}, f"image.*{NO_SQUARE}"),
        ([IMAGES[0], np.eye(2), IMAGES[0], (2, 2), "t"], {}, "kernel 2; expected.*odd"),
        ([IMAGES[0], np.eye(3), np.eye(5), (2, 2), "t"], {}, "result 5 and kernel 3; exp"),
        ([IMAGES[0], np.eye(3), IMAGES[0], (0, 2), "t"], {}, "the row is 0; expected a wh"),
    ],
    "stamps": [
        ([[], [1], 2, "t"], {}, r"numbers has shape \(0,\); expected"),
        ([[1], np.eye(2), 2, "t"], {}, r"kernel has shape \(2, 2\); expected 1 axes"),
        ([[1], [-1], 2, "t"], {}, "numbers or kernel hold a negative one; expected at le"),
        ([[1], [1], 0, "t"], {}, "stride is 0; expected a whole number from 1 to 9"),
    ],
    "feature_maps": [
        ([np.ones(5), None, "t"], {}, f"image.*{NO_SQUARE}"),
        ([IMAGES[0], "conv", "t"], {}, "layer is a str with a kernel of shape .*; expect"),
        ([IMAGES[0], None, "t"], dict(columns=0), "columns is 0; expected a whole nu"),
    ],
    "two_roads": [
        ([np.ones(5), "a", "b", "t"], {}, f"image.*{NO_SQUARE}"),
        ([IMAGES[0], "a", "b", "t"], dict(corner=(0, 3)), "the column is 3; expected a wh"),
    ],
}
WRONG |= {
    "lit_units": [
        ([np.eye(15), IMAGES, IMAGES[:14], "t"], {}, r"code has shape \(15, 15\), rows"),
        ([np.eye(15), IMAGES, IMAGES, "t"], {}, "no unit of code is above 0 for 11 images"),
        ([np.ones((15, 2)), IMAGES[:2], IMAGES, "t"], {}, "count is 4; expected a whole"),
    ],
}
TITLE = dict(title="A finding")
RIGHT = {
    "image_rows": ([{"a": IMAGES}], TITLE),
    "line_plot": ([[1, 2], {"a": [1, 2]}], LABELS),
    "bar_plot": ([{"a": 1}], TITLE | dict(x_label="error")),
    "columns_against": ([[1, 2], np.eye(2), np.eye(2), "ab"], TITLE),
    "points_against": ([[1, 2], {"a": [1, 2]}], TITLE | dict(y_label="error")),
    "cloud": ([[1, 2], [2, 1], {"a": [1, 2]}], LABELS),
    "arrows": ([np.eye(2), {"a": np.ones((2, 2))}], TITLE),
    "code_scatter": ([{"a": np.eye(2)}, [1, 2]], TITLE),
    "code_strips": ([{"a": [1, 0]}], TITLE),
    "lit_units": ([np.ones((15, 4)), IMAGES[:4], IMAGES], TITLE),
    "latent_grid": ([lambda points: points[:, :1], SQUARE], TITLE),
    "autoencoder_diagram": ([IMAGES[0]], TITLE),
    "network": ([[9, 2, 9]], TITLE),
    "paired_gains": ([{"a": [1, 2]}], TITLE | dict(x_label="points")),
    "stacking": ([[9, 4, 2]], TITLE),
    "record_plot": ([{"loss": [2, 1]}, 9], TITLE),
    "random_and_worst": ([IMAGES, {"a": IMAGES}], TITLE),
    "order_against": ([[1, 2], {"a": [1, 2]}], TITLE),
    "tilted_planes": ([np.eye(3)[:2], np.eye(3)[1:]], TITLE),
    "curve_in_space": (
        [np.eye(3), {"a": [1, 2, 3]}],
        TITLE | dict(names="abc"),
    ),
}


class OneFilter:
    """Like a Keras layer that passes an image on."""

    kernel = np.ones((3, 3, 1, 1))

    def __call__(self, x):
        return x


RIGHT |= {
    "window": ([IMAGES[0], np.eye(3), IMAGES[1], (2, 2)], TITLE),
    "stamps": ([[1, 2], [1, 0.5, 1], 2], TITLE),
    "feature_maps": ([IMAGES[0], OneFilter()], TITLE),
    "two_roads": ([IMAGES[0], "30 numbers", "places"], TITLE | dict(corner=(1, 2))),
}
CASES = [(name, *case) for name, cases in WRONG.items() for case in cases]


@pytest.mark.parametrize(
    "name, arguments, options, message", CASES, ids=[f"{c[0]}-{c[3][:30]}" for c in CASES]
)
def test_wrong_inputs_are_refused_before_anything_is_shown(
    monkeypatch, name, arguments, options, message
):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a figure was shown"))
    with pytest.raises(ValueError, match=message):
        getattr(plots, name)(*arguments, **options)
