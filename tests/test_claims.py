"""What lessons print, and what nbval hides of it."""

import json
import math
import os
import re
import sys
import types

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbval.plugin import get_sanitize_patterns

from conftest import ROOT
from lessonlib import claim, claims, show, show_table
from lessonlib.claims import number

SANITIZER = get_sanitize_patterns((ROOT / "tests" / "sanitize.cfg").read_text("ascii"))


def sanitized(text):
    """The text as nbval compares it."""
    for pattern, replacement in SANITIZER:
        text = re.sub(pattern, replacement, text)
    return text


@pytest.fixture
def recorded(monkeypatch, tmp_path):
    """A function that returns what LESSONLIB_CLAIMS has gathered so far."""
    path = tmp_path / "claims.jsonl"
    monkeypatch.setenv("LESSONLIB_CLAIMS", str(path))
    return lambda: [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# --- claim: what it prints --------------------------------------------------------------


@pytest.mark.parametrize(
    "value, limits, line",
    [
        (0.11, dict(at_most=1.0, unit="°"), "✓ S: ~0.110° (at most 1°)"),
        (3.1, dict(at_least=3, unit=" dB"), "✓ S: ~3.10 dB (at least 3 dB)"),
        (0.5, dict(at_least=0.4, at_most=0.6), "✓ S: ~0.500 (at least 0.4, at most 0.6)"),
        (1, dict(at_most=1), "✓ S: ~1.00 (at most 1)"),
        (1, dict(at_least=1), "✓ S: ~1.00 (at least 1)"),
        (1.01, dict(at_most=1), "✗ S: ~1.01 (at most 1)"),
        (0.39, dict(at_least=0.4, at_most=0.6), "✗ S: ~0.390 (at least 0.4, at most 0.6)"),
        (0.61, dict(at_least=0.4, at_most=0.6), "✗ S: ~0.610 (at least 0.4, at most 0.6)"),
        (0, dict(at_most=0), "✓ S: ~0.00 (at most 0)"),
        (-2, dict(at_most=0), "✓ S: ~-2.00 (at most 0)"),
        (np.float32(0.25), dict(at_most=1), "✓ S: ~0.250 (at most 1)"),
        (np.int64(7_000), dict(at_least=1), "✓ S: ~7,000 (at least 1)"),
        (np.array(0.25), dict(at_most=1), "✓ S: ~0.250 (at most 1)"),
        (math.nan, dict(at_most=1), "✗ S: ~nan (at most 1)"),
        (math.nan, dict(at_least=1), "✗ S: ~nan (at least 1)"),
        (math.inf, dict(at_least=1), "✗ S: ~inf (at least 1)"),
        (-math.inf, dict(at_most=1), "✗ S: ~-inf (at most 1)"),
    ],
)
def test_a_claim_is_one_line(lenient, capsys, value, limits, line):
    assert claim("S", value, **limits) is None
    assert capsys.readouterr().out == line + "\n"


@settings(deadline=None)
@given(*[st.floats(allow_nan=False, allow_infinity=False)] * 2, st.floats(0, 9))
def test_a_tick_means_that_the_limits_are_kept(value, low, width):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LESSONLIB_STRICT")
        lines = []
        patch.setattr(claims, "say", lines.append)
        claim("S", value, at_least=low, at_most=low + width)
        claim("S", value, at_least=low)
        claim("S", value, at_most=low)
    ticks = [line[0] == "✓" for line in lines]
    assert ticks == [low <= value <= low + width, value >= low, value <= low]


NO_NUMBERS = {
    "None": None,
    "word": "high",
    "complex": 1j,
    "list": [0.5, 0.5],
    "array": np.array([0.5, 0.5]),
    "empty array": np.array([]),
    "table": np.ones((2, 2)),
    "object": object(),
    "dots": ...,
    "function": math.sqrt,
    "too large": 10**400,
    "too small": -(10**400),
}


@pytest.mark.parametrize("value", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_what_is_no_number_gets_a_cross_and_never_stops_the_lesson(lenient, capsys, value):
    claim("S", value, at_most=1)
    claim("S", value, at_least=-1)
    for line in capsys.readouterr().out.splitlines():
        assert re.fullmatch(r"✗ S: ~(nan|-?inf) \(at (most 1|least -1)\)", line)


@pytest.mark.parametrize("value", [2, math.nan, None, np.ones(2), "high"])
def test_strict_mode_raises_after_the_line_is_printed(capsys, value):
    assert os.environ["LESSONLIB_STRICT"] == "1", "the tests set it"
    with pytest.raises(AssertionError, match=r"✗ S: ~.* \(at most 1\)") as error:
        claim("S", value, at_most=1)
    assert capsys.readouterr().out == f"{error.value}\n"
    claim("S", 1, at_most=1)


@pytest.mark.parametrize("value", ["0", "", "yes"])
def test_only_1_is_strict(monkeypatch, capsys, value):
    monkeypatch.setenv("LESSONLIB_STRICT", value)
    claim("S", 2, at_most=1)
    assert capsys.readouterr().out.startswith("✗")


@pytest.mark.parametrize(
    "misuse, words",
    [
        (dict(), "'S' has no limit; expected at_most or at_least"),
        (dict(at_most=1, kind="guess"), "kind is 'guess'.*expected one of .*identity"),
        (dict(at_most=1, kind=None), "kind is None.*expected one of"),
        (dict(at_most=1, sizes=()), r"sizes \(\); expected .*'small', 'full'"),
        (dict(at_most=1, sizes=("small", "huge")), "sizes .*'huge'.*expected"),
        (dict(at_most=1, sizes="small"), "sizes 'small'; expected"),
    ],
)
def test_misuse_is_an_error_even_for_students(lenient, capsys, misuse, words):
    with pytest.raises(ValueError, match=words):
        claim("S", 1, **misuse)
    assert capsys.readouterr().out == ""


def test_a_claim_may_hold_on_one_size_only(monkeypatch, capsys, recorded):
    claim("S", 1, at_most=1, sizes=("small",))
    monkeypatch.setenv("LESSONLIB_SIZE", "full")
    claim("S", 2, at_most=1, sizes=("small",))  # strict, and yet no error
    assert capsys.readouterr().out.splitlines()[1] == "– S: not claimed on the full data"
    claim("S", 1, at_most=1, sizes=["full"])
    with pytest.raises(AssertionError):
        claim("S", 2, at_most=1)
    assert [entry["size"] for entry in recorded()] == ["small", "full", "full"]


# --- claim: what it records -------------------------------------------------------------


def test_each_claim_appends_a_line_of_json(recorded, monkeypatch):
    monkeypatch.setattr(claims, "lesson", "07")
    monkeypatch.setenv("LESSONLIB_SEED", "7")
    fake = types.SimpleNamespace(__version__="3.99")
    monkeypatch.setitem(sys.modules, "keras", fake)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    claim("Résumé: “r²” °", 0.25, at_most=1, at_least=np.float64(0.1), kind="identity")
    claim("second", np.float32(2), at_least=1, unit=" dB")
    first, second = recorded()
    versions = first.pop("versions")
    assert first == dict(
        lesson="07",
        sentence="Résumé: “r²” °",
        value=0.25,
        at_most=1,
        at_least=0.1,
        kind="identity",
        holds=True,
        size="small",
        seed=7,
    )
    assert versions["keras"] == "3.99" and versions["numpy"] == np.__version__
    assert "tensorflow" not in versions, "it is not loaded for this"
    assert (second["value"], second["at_most"], second["kind"]) == (2, None, "trained")


def test_the_record_says_what_kind_of_claim_it_is(recorded):
    claim("ours", 1, at_most=1)
    claim("the rival's", 1, at_least=1, kind="rival")
    assert [entry["kind"] for entry in recorded()] == ["trained", "rival"]


def test_a_failed_claim_is_recorded_before_it_raises(recorded):
    for value in (2, math.nan, None):
        with pytest.raises(AssertionError):
            claim("S", value, at_most=1)
    assert [entry["holds"] for entry in recorded()] == [False] * 3
    assert recorded()[0]["seed"] == 0


@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "uint8"])
def test_limits_may_be_numpy_numbers(recorded, capsys, kind):
    limit = np.dtype(kind).type(2)
    claim("S", limit, at_most=limit, at_least=limit)
    assert capsys.readouterr().out == "✓ S: ~2.00 (at least 2, at most 2)\n"
    assert [recorded()[0][key] for key in ("value", "at_most", "at_least")] == [2, 2, 2]


@pytest.mark.parametrize("place", ["", "missing/claims.jsonl"])
def test_a_claims_file_that_cannot_be_written_is_named(monkeypatch, tmp_path, place):
    monkeypatch.setenv("LESSONLIB_CLAIMS", str(tmp_path / place))
    with pytest.raises(OSError, match=r"LESSONLIB_CLAIMS is .*cannot be written.*Name a"):
        claim("S", 1, at_most=1)


# --- numbers, and what nbval hides of them ----------------------------------------------


@pytest.mark.parametrize(
    "value, text",
    [
        (0.11, "~0.110"),
        (12.34, "~12.3"),
        (123.4, "~123"),
        (99.96, "~100"),
        (999.4, "~999"),
        (999.5, "~1,000"),
        (4_523.2, "~4,523"),
        (-4_523_000, "~-4,523,000"),
        (0, "~0.00"),
        (1, "~1.00"),
        (0.000012345, "~1.23e-05"),
        (1e-300, "~1.00e-300"),
        (-0.5, "~-0.500"),
        (np.float32(0.1), "~0.100"),
        (math.nan, "~nan"),
        (-math.inf, "~-inf"),
    ],
)
def test_measured_numbers_have_three_digits(value, text):
    assert number(value) == text


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**300), 10**300))
@example(999.4999999999999)
@example(-0.0)
@example(5e-324)
def test_every_finite_number_is_right_to_three_digits_and_hidden(value):
    text = number(value)
    assert text.isascii() and sanitized(text) == "~#"
    assert math.isclose(float(text[1:].replace(",", "")), value, rel_tol=5.1e-3)
    assert sanitized(f"loss {text}° of 3") == "loss ~#° of 3"
    assert sanitized(f"| {text} | 0.5 |") == "| ~# | 0.5 |"


@pytest.mark.parametrize(
    "text",
    ["~nan", "~inf", "~-inf", "0.11", "(4000, 28, 28)", "~ 5", "~about", "5~", "~#", "-~"],
)
def test_everything_else_is_compared_to_the_letter(text):
    assert sanitized(text) == text
    assert sanitized(f"a {text} b") == f"a {text} b"


def test_sanitizer_hides_versions_and_leaves_the_limit():
    assert sanitized("✓ keras ~3.15.1 (3.13 or newer)") == "✓ keras ~# (3.13 or newer)"
    assert sanitized("✗ S: ~1.2e-05° (at most 1e-06°)") == "✗ S: ~#° (at most 1e-06°)"
    assert [replacement for _, replacement in SANITIZER] == ["~#", 'data-weights="#"']


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (dict(at_most="3"), "at_most is '3'; expected a number"),
        (dict(at_least=float("nan")), "at_least is nan; expected a number"),
        (dict(at_most=[1, 2]), r"at_most is \[1, 2\]; expected a number"),
        (dict(at_most=math.inf), "at_most is inf; expected a number"),
        (dict(at_least=3, at_most=2), "at least 3 and at most 2; expected the smaller"),
    ],
)
def test_a_limit_is_a_number_that_can_be_kept(limits, words):
    with pytest.raises(ValueError, match=words):
        claim("S", 1, **limits)


# --- show and show_table ----------------------------------------------------------------

TEXTS = [
    (0.5, None, "~0.500"),
    (np.float32(0.5), None, "~0.500"),
    (0.5, True, "~0.500"),
    (0.5, False, "0.5"),
    (math.nan, None, "~nan"),
    (12_345, None, "12,345"),
    (np.int64(12_345), None, "12,345"),
    (12_345, True, "~12,345"),
    (np.uint8(7), True, "~7"),
    (-3, True, "~-3"),
    (True, None, "True"),
    ((4_000, 28, 28), None, "(4000, 28, 28)"),
    ((np.float32(0.5), 2.0), None, "~0.500 and ~2.00"),
    ("a word", None, "a word"),
    ("a word", True, "a word"),
]


@pytest.mark.parametrize("value, measured, text", TEXTS)
def test_show_marks_what_was_measured(capsys, value, measured, text):
    show("label", value, measured=measured)
    show("label", value, " dB", measured)
    assert capsys.readouterr().out == f"label: {text}\nlabel: {text} dB\n"


@pytest.mark.parametrize("value, measured, text", TEXTS)
def test_show_table_formats_cells_as_show_does(capsys, value, measured, text):
    show_table(["what", "how much"], [["first", value], [value, "x"]], measured)
    expected = f"what | how much\nfirst | {text}\n{text} | x\n"
    assert capsys.readouterr().out == expected


def test_a_table_is_markdown_in_a_notebook(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    show_table(["model", "error", "units"], [["PCA", 14.2, 30]])
    assert shown[0]._repr_markdown_().splitlines() == [
        "| model | error | units |",
        "| --- | ---: | ---: |",
        "| PCA | ~14.2 | 30 |",
    ]


@pytest.mark.parametrize("row", [[], ["PCA"], ["PCA", 1, 2]])
def test_a_row_of_another_length_is_an_error(capsys, row):
    match = rf"{re.escape(repr(row))} has {len(row)} cells; expected 2, one for each"
    with pytest.raises(ValueError, match=match):
        show_table(["model", "error"], [["PCA", 1], row])
    assert capsys.readouterr().out == ""
