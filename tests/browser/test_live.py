"""The live figures in the gallery, moved by keyboard, mouse and finger.

What they draw is compared with what Keras gives for the same codes and images.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from jupyter_lab import (
    PICTURES,
    READ,
    SHUT_DOWN,
    changed,
    run_all,
    serve,
    wait_until_open,
    without_outputs,
)

import commands
import pages

NETWORKS = ["plane", "sliders", "mix", "pad"]
KINDS = [*NETWORKS, "frames"]
PAGE = "site/gallery/gallery.html"
TRUTH = Path(__file__).with_name("truth.py")
ROUNDING = 0.5 / 255 + 1e-4  # a canvas holds whole greys


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab with the gallery as stored, and with one that saves its networks."""
    folder = tmp_path_factory.mktemp("lab")
    nbformat.write(nbformat.read(pages.GALLERY, as_version=4), folder / "stored.ipynb")
    notebook = without_outputs(pages.GALLERY)
    for place, cell in reversed(list(enumerate(notebook.cells))):
        if call := re.match(r"live\.(\w+)\(", cell.source):
            save = "".join(
                f"{part}.save('{call[1]}-{part}.keras')\n"
                for part in ("encoder", "decoder")
            )
            notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(save))
    nbformat.write(notebook, folder / "fresh.ipynb")
    with serve(folder) as address:
        yield address, folder


def figures(page):
    """The figures by kind, once their scripts have built them."""
    for kind in KINDS:
        page.locator(f"[data-live={kind}][data-code]").wait_for()
    return {kind: page.locator(f"[data-live={kind}]") for kind in KINDS}


def drag(page, area, stops):
    """Lead the mouse over an area, along points that are shares of its width and height."""
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stops]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def play_plane(page, figure):
    field = figure.get_by_role("application")
    field.focus()
    seen = []
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1)):
        before = figure.evaluate(READ)["code"]
        seen.append(changed(figure, lambda key=key: page.keyboard.press(key)))
        after = seen[-1]["code"]
        assert (after[axis] - before[axis]) * sign > 0 and after[1 - axis] == before[
            1 - axis
        ]
    seen.append(
        changed(figure, lambda: drag(page, field, [(0.2, 0.2), (0.5, 0.9), (2, 0.5)]))
    )
    said = figure.get_by_role("status").inner_text().replace("\u2212", "-")
    numbers = [float(number) for number in re.findall(r"-?\d+\.\d\d", said)]
    assert numbers == pytest.approx(seen[-1]["code"], abs=0.0051)
    return [(one["code"], one["images"]["what the decoder draws"]) for one in seen]


def play_sliders(page, figure):
    first, second, *_ = figure.get_by_role("slider").all()
    start = figure.evaluate(READ)
    assert start["images"]["at the start"] == start["images"]["now"]
    first.focus()
    seen = [start]
    seen.append(changed(figure, lambda: page.keyboard.press("ArrowRight")))
    assert seen[-1]["code"][1:] == start["code"][1:]
    assert first.get_attribute("aria-valuetext").replace("\u2212", "-") == (
        f"{seen[-1]['code'][0]:.2f}"
    )
    seen.append(changed(figure, lambda: drag(page, second, [(0.5, 0.5), (0.97, 0.5)])))
    back = figure.get_by_role("button", name="Back to the start")
    again = changed(figure, lambda: back.press("Enter"))
    assert again == start
    return [(one["code"], one["images"]["now"]) for one in seen]


def play_mix(page, figure):
    share = figure.get_by_role("slider")
    share.focus()
    seen = [figure.evaluate(READ)]
    for key in ("ArrowRight", "End"):
        seen.append(changed(figure, lambda key=key: page.keyboard.press(key)))
    end = seen[-1]
    other = figure.get_by_role("group", name="from").get_by_role("button", name="image 4")
    other.press("Enter")
    assert other.get_attribute("aria-pressed") == "true"
    assert figure.evaluate(READ) == end, "at the end only the other image counts"
    seen.append(changed(figure, lambda: share.press("Home")))
    middle = changed(figure, lambda: drag(page, share, [(0.1, 0.5), (0.5, 0.5)]))
    halves = zip(
        seen[-1]["images"]["pixels mixed"], end["images"]["pixels mixed"], strict=True
    )
    step = figure.evaluate("figure => figure.querySelector('input').value")
    mixed = [one + float(step) * (other - one) for one, other in halves]
    assert middle["images"]["pixels mixed"] == pytest.approx(mixed, abs=2 * ROUNDING)
    return [(one["code"], one["images"]["codes mixed"]) for one in [*seen, middle]]


def play_pad(page, figure):
    example = figure.get_by_role("button", name="Example digit")
    seen = [figure.evaluate(READ)]
    seen += [changed(figure, lambda: example.press("Enter")) for _ in range(3)]
    noise, threshold = figure.get_by_role("slider").all()
    seen.append(changed(figure, lambda: noise.press("End")))
    noise.press("Home")
    bars = figure.get_by_role("img", name=re.compile("^Its code: ")).bounding_box()
    assert bars["height"] == pytest.approx(bars["width"], rel=0.05)
    clear = figure.get_by_role("button", name="Clear")
    empty = changed(figure, lambda: clear.press("Enter"))
    assert not any(empty["images"]["what goes in"])
    # A seven, small and in a corner: what goes in is large and in the middle.
    pad = figure.get_by_role("img", name="The pad")
    seven = [(0.1, 0.1), (0.4, 0.1), (0.2, 0.45)]
    seen.append(changed(figure, lambda: drag(page, pad, seven)))
    ink = seen[-1]["images"]["what goes in"]
    rows = [row for row in range(28) if max(ink[28 * row : 28 * row + 28]) > 0.3]
    assert 18 <= len(rows) <= 21, "it fills a box of twenty pixels"
    for place in (lambda i: i % 28, lambda i: i // 28):
        mass = sum(value * (place(i) + 0.5) for i, value in enumerate(ink)) / sum(ink)
        assert abs(mass - 14) < 0.1, "its mass is in the middle"
    verdict = figure.get_by_role("status")
    threshold.press("Home")
    assert ": unusual, it is above the threshold" in verdict.inner_text()
    changed(figure, lambda: example.press("Enter"))
    threshold.press("End")
    assert ": usual, it is below the threshold" in verdict.inner_text()
    near = figure.get_by_text(re.compile("nearest by (pixels|code): [0-9 ]{19}$"))
    assert near.count() == 2
    return [
        (one["images"]["what goes in"], one["images"]["what comes out"]) for one in seen
    ]


def play_frames(page, figure):
    share = figure.get_by_role("slider")
    share.focus()
    seen = [figure.evaluate(READ)]
    for key in (*["ArrowRight"] * 4, "End"):
        seen.append(changed(figure, lambda key=key: page.keyboard.press(key)))
    start, *_, half, _, whole, _ = seen  # two and four steps of a hundred: one frame's way
    for name, picture in half["images"].items():
        ends = zip(start["images"][name], whole["images"][name], strict=True)
        wanted = [(one + other) / 2 for one, other in ends]
        assert picture == pytest.approx(wanted, abs=2 * ROUNDING)
    assert "computed beforehand" in figure.locator("p").last.inner_text()
    return []


PLAYS = {
    "plane": play_plane,
    "sliders": play_sliders,
    "mix": play_mix,
    "pad": play_pad,
    "frames": play_frames,
}


def played(page, pictures):
    """Move every figure; gives what was seen, by kind, and what each figure states."""
    seen, stated = {}, {}
    for kind, figure in figures(page).items():
        figure.scroll_into_view_if_needed()
        figure.screenshot(path=PICTURES / f"{pictures}-{kind}.png")
        seen[kind] = PLAYS[kind](page, figure)
        figure.screenshot(path=PICTURES / f"{pictures}-{kind}-moved.png")
        if kind in NETWORKS:
            words = figure.locator("p").last.inner_text()
            stated[kind] = float(re.search(r"more than (\d\.\d+)\.$", words)[1])
            assert 0 < stated[kind] < 0.1
        width = "figure => figure.scrollWidth - figure.clientWidth"
        assert figure.evaluate(width) <= 0
    return seen, stated


def largest_differences(seen, source):
    """By kind, between the pixels that a figure drew and those that it should have drawn.

    `seen` holds pairs of inputs and drawings; `source` makes a question for truth.py.
    """
    questions = [
        source(kind, ["encoder", "decoder"] if kind == "pad" else ["decoder"], inputs)
        for kind in NETWORKS
        for inputs, _ in seen[kind]
    ]
    result = subprocess.run(
        [str(commands.python_in(commands.VENV)), str(TRUTH)],
        input=json.dumps(questions),
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert result.returncode == 0, result.stderr
    truths = iter(json.loads(result.stdout))
    return {
        kind: max(
            abs(one - other)
            for _, drawing in seen[kind]
            for one, other in zip(drawing, next(truths), strict=True)
        )
        for kind in NETWORKS
    }


def grave_faults(page, axe):
    page.evaluate(axe)
    found = page.evaluate("axe.run('.live-figure').then(result => result.violations)")
    return [fault for fault in found if fault["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_in_jupyterlab_they_draw_what_keras_draws(visit, lab, axe, theme):
    address, folder = lab
    page = visit(address("fresh.ipynb"))
    PICTURES.mkdir(parents=True, exist_ok=True)
    theme_command = "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})"
    try:
        cells = run_all(page)
        page.evaluate(theme_command, f"JupyterLab {theme}")
        assert not [o for c in cells for o in c["outputs"] if o["output_type"] == "error"]
        seen, stated = played(page, f"lab-{theme.lower()}")
        assert not grave_faults(page, axe)
        page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    finally:
        page.evaluate(SHUT_DOWN)

    def source(kind, parts, x):
        return {"models": [str(folder / f"{kind}-{part}.keras") for part in parts], "x": x}

    for kind, difference in largest_differences(seen, source).items():
        assert difference <= stated[kind] + ROUNDING, kind


def test_saved_and_opened_again_they_move_before_any_cell_runs(visit, lab):
    address, folder = lab
    if not list(folder.glob("*.keras")):
        pytest.skip("the notebook was not run")
    page = visit(address("fresh.ipynb"))
    wait_until_open(page)
    for kind, figure in figures(page).items():
        PLAYS[kind](page, figure)


def test_where_the_notebook_is_not_trusted_a_sentence_says_what_to_do(visit, lab):
    address, _ = lab
    page = visit(address("stored.ipynb"))
    wait_until_open(page)
    waiting = page.get_by_text("This figure moves where scripts run: trust the notebook")
    waiting.last.wait_for()
    waiting.last.scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "lab-untrusted.png")
    assert waiting.count() == len(KINDS)
    assert page.locator(".jp-OutputArea canvas, .jp-OutputArea style").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_on_the_site_they_draw_what_their_weights_say(visit, site, axe, width, scheme):
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = visit(site + PAGE, width, color_scheme=scheme)
    packed = {
        kind: figure.get_attribute("data-weights") for kind, figure in figures(page).items()
    }
    seen, _ = played(page, f"site-{width}-{scheme}")
    assert not grave_faults(page, axe)

    def source(kind, parts, x):
        return {"page": packed[kind], "names": parts, "x": x}

    for kind, difference in largest_differences(seen, source).items():
        assert difference <= ROUNDING, kind


def test_a_finger_moves_the_point_and_draws(visit, site):
    page = visit(site + PAGE, 390, has_touch=True, is_mobile=True)
    parts = figures(page)
    field = parts["plane"].get_by_role("application")
    changed(parts["plane"], lambda: field.tap(position={"x": 200, "y": 30}))
    pad = parts["pad"].get_by_role("img", name="The pad")
    dot = changed(parts["pad"], lambda: pad.tap(position={"x": 50, "y": 60}))
    ink = dot["images"]["what goes in"]
    assert 2 < sum(ink) < 8 and ink.index(max(ink)) // 28 in (13, 14), "a dot in the middle"


def test_a_finger_that_slides_over_the_plane_does_not_scroll_the_page(visit, site):
    page = visit(site + PAGE, 390, has_touch=True, is_mobile=True)
    figure = figures(page)["plane"]
    field = figure.get_by_role("application")
    field.scroll_into_view_if_needed()
    box, top = field.bounding_box(), page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)
    for share in (0.9, 0.7, 0.5, 0.3, 0.1):
        kind = "touchStart" if share == 0.9 else "touchMove"
        place = {"x": box["x"] + 150, "y": box["y"] + share * box["height"]}
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    knob = figure.locator(".live-knob").evaluate("knob => parseFloat(knob.style.top)")
    assert knob == pytest.approx(10, abs=1) and page.evaluate("scrollY") == top


def test_a_plane_keeps_its_arrow_keys_to_itself(visit, site):
    page = visit(site + PAGE)
    field = figures(page)["plane"].get_by_role("application")
    field.focus()
    before = page.evaluate("document.scrollingElement.scrollTop")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    assert page.evaluate("document.scrollingElement.scrollTop") == before
    outline = "field => getComputedStyle(field).outlineStyle"
    assert field.evaluate(outline) == "solid", "the focus is visible"
