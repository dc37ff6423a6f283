"""The one place that prints, so that no terminal can end a training or a check."""

from __future__ import annotations

import sys


def say(text: str, end: str = "\n") -> None:
    """Print at once, with a question mark for what the terminal cannot show."""
    try:
        sys.stdout.write(text + end)
    except UnicodeEncodeError:  # a tick or a bar, where the terminal is not in UTF-8
        encoding = sys.stdout.encoding
        sys.stdout.write((text + end).encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()
