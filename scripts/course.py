"""The door to the course: set up .venv if need be, then open or check it.

    python scripts/course.py lab | test | notebooks | claims | bench | shape |
        links | test-colab | test-faults | handout | site | test-browser

The Makefile calls this file; so can who has no make. It holds nothing that an old Python
cannot read, so that one can be told that it is old.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 13)
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        "The course needs Python 3.11, 3.12 or 3.13, and this is Python {}.{}: "
        "install one of them and name it, as in `make lab PYTHON=python3.12`.".format(
            *sys.version_info[:2]
        )
    )

import commands  # noqa: E402

if __name__ == "__main__":
    sys.exit(commands.main(sys.argv[1:]))
