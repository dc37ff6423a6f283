"""What lessonlib prints reaches any terminal, in whatever letters that has."""

import io
import sys

import pytest

from lessonlib import check, claim
from lessonlib._output import say


class Terminal(io.TextIOWrapper):
    def __init__(self, encoding):
        super().__init__(io.BytesIO(), encoding=encoding, newline="")

    def shown(self):
        return self.buffer.getvalue().decode(self.encoding)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "✓ ██░ ~0.11 °\n"),
        ("ascii", "? ??? ~0.11 ?\n"),
        ("cp1252", "? ??? ~0.11 °\n"),
        ("cp437", "? ██░ ~0.11 °\n"),
        ("latin-1", "? ??? ~0.11 °\n"),
    ],
)
def test_what_a_terminal_cannot_show_becomes_a_question_mark(encoding, shown, monkeypatch):
    terminal = Terminal(encoding)
    monkeypatch.setattr(sys, "stdout", terminal)
    say("✓ ██░ ~0.11 °")
    assert terminal.shown() == shown


def test_claims_checks_and_progress_survive_such_a_terminal(monkeypatch, lenient):
    from lessonlib.training import each

    terminal = Terminal("ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    claim("S", 2, at_most=1)
    check("00.1", None)
    assert list(each([1, 2])) == [1, 2]
    claimed, checked, progress, rest = terminal.shown().split("\n")
    assert claimed == "? S: ~2.00 (at most 1)" and rest == ""
    assert checked.startswith("? 00.1 is not solved yet.")
    assert progress.endswith("\r" + "?" * 20 + " 2 of 2")
