"""What a lesson is made of, counted by hand."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import lessons
import shape

FIGURE = new_output("display_data", data={"image/png": "", "text/plain": ""})
LIVE = new_output("display_data", data={"text/html": '<div data-live="plane">'})


@pytest.fixture
def lesson(tmp_path):
    """A lesson of nine cells, two of them after the heading "Further"."""
    ticks = "✓ One: ~1.00 (at least 0.5)\n✓ Two: ~2.00 (at most 3)\n✓ solved\n"
    printed = new_output("stream", name="stdout", text=ticks)
    hidden = "<details><summary>More</summary>\n\nfour words not counted\n\n</details>"
    cells = [
        new_markdown_cell(f"# 09 Title\n\n**Predict before you run:** a, b?\n\n{hidden}"),
        new_code_cell("import lessonlib\n\nlessonlib.start()"),
        new_code_cell("a = 1\n\n# a comment\nclaim(a)", outputs=[printed, FIGURE]),
        new_code_cell('claim(b, kind="rival")\nlive.plane(b)', outputs=[LIVE, FIGURE]),
        new_code_cell("\n".join(f"x = {n}" for n in range(11))),
        new_markdown_cell("## Exercises\n\nnot counted"),
        new_code_cell("check(1)", outputs=[FIGURE]),
        new_markdown_cell("## Further, if you like"),
        new_code_cell("claim(c)", outputs=[printed]),
    ]
    path = tmp_path / "09_title.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_each_count_is_that_of_a_reader(lesson):
    assert shape.shape(lesson) == shape.Shape(
        cells=7,
        lines=2 + 2 + 2 + 11,
        median_lines=2,
        long_cells=1 / 4,
        words=3 + 6,
        figures=2,
        live=1,
        claims=2,
        rivals=1,
        predictions=1,
        tables=0,
    )


def test_what_is_outside_its_target_is_named(lesson):
    misses = shape.misses(lesson)
    assert misses["cells"] == "7, not 25 to 55" and misses["words"] == "9, not 1200 to 2400"
    assert "live" not in misses and "rivals" not in misses


def test_the_command_prints_a_row_for_each_lesson(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["shape.py", "00", "01"])
    shape.main()
    heading, targets, *rows = capsys.readouterr().out.splitlines()
    assert heading.split(" | ")[:2] == ["lesson", "cells"]
    assert targets.split(" | ")[:2] == ["target", "25 to 55"]
    assert [row[:2] for row in rows] == [source.name[:2] for source in lessons.SOURCES[:2]]
    assert all(row.count(" | ") == heading.count(" | ") for row in rows)
