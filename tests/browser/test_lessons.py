"""Every lesson in JupyterLab, run from the menu as a student does it."""

import json
import subprocess
import sys

import nbformat
import pytest
from jupyter_lab import PICTURES, SHUT_DOWN, changed, run_all, serve, without_outputs

import pages


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on copies without outputs; gives the address of a lesson in it."""
    folder = tmp_path_factory.mktemp("lab")
    for path in pages.NOTEBOOKS:
        nbformat.write(without_outputs(path), folder / path.name)
    with serve(folder) as address:
        yield address


def test_lesson_runs_from_the_menu(visit, lab, lesson):
    page = visit(lab(lesson.name))
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        cells = run_all(page)
        move_each_figure(page, lesson.stem, json.dumps(cells).count("data-live="))
    finally:
        page.screenshot(path=PICTURES / f"{lesson.stem}.png")
        page.evaluate(SHUT_DOWN)  # else its kernel would slow the next lessons
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert [cell["execution_count"] for cell in cells] == [*range(1, len(cells) + 1)]
    text = json.dumps(outputs, ensure_ascii=False)
    assert "✓" in text and "✗" not in text


def move_each_figure(page, name, count):
    """Move the first knob of each live figure, by keyboard; its picture has to change."""
    figures = page.locator("[data-live][data-code]")
    assert figures.count() == count
    for place, figure in enumerate(figures.all()):
        figure.scroll_into_view_if_needed()
        knobs = figure.locator("[role=application], input[type=range], button")
        knob = knobs.first
        key = "Enter" if knob.evaluate("knob => knob.tagName") == "BUTTON" else "ArrowRight"
        changed(figure, lambda knob=knob, key=key: knob.press(key))
        figure.screenshot(path=PICTURES / f"{name}-live-{place}.png")


def test_an_unknown_lesson_is_refused(request):
    command = [sys.executable, "-m", "pytest", "-c", request.config.inipath, "--lessons"]
    result = subprocess.run(
        [*command, "99", __file__], capture_output=True, encoding="utf-8"
    )
    assert result.stderr.startswith("ERROR: There is no lesson '99'; there are 00, 01")
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
