"""Run the tests two at a time, and say what they cost.

    python scripts/suite.py [--changed-since COMMIT] [00 01 ...]

With numbers, these are the tests of those lessons: notebook, conventions, exercises and
sabotage. With a commit, only lessons whose outputs may have changed since are sabotaged.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import nbformat

import lessons
import measure
import pipeline

# What undoes and cripples: a change here concerns every lesson.
SABOTAGE = ["tests/test_sabotage.py", "tests/outside.py", "tests/leaks.py"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changed-since", metavar="COMMIT", help="such as HEAD^1")
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    options = parser.parse_args()
    chosen = [source.name[:2] for source in lessons.chosen(options.lessons)]
    command = [sys.executable, "-m", "pytest", "-n", "2"]
    if options.lessons:
        command.append(f"--lessons={','.join(chosen)}")
    if options.changed_since:
        command.append(f"--sabotage={','.join(changed_since(options.changed_since))}")
    before = children()
    code = subprocess.call(command, env=os.environ | pipeline.ONE_THREAD)
    print(f"The tests took {measure.cost(children() - before, measure.speed())}.")
    return code


def changed_since(commit: str) -> list[str]:
    """The numbers of the lessons whose outputs may be others than in that commit."""
    if git("diff", "--name-only", commit, "--", *SABOTAGE):
        return [source.name[:2] for source in lessons.SOURCES]
    return [source.name[:2] for source in lessons.SOURCES if changed(source, commit)]


def changed(source: Path, commit: str) -> bool:
    """Whether a lesson is new since a commit, or what its outputs depend on is."""
    name = lessons.notebook_path(source).relative_to(lessons.ROOT).as_posix()
    if not git("ls-tree", commit, "--", name):
        return True
    stored = nbformat.reads(git("show", f"{commit}:{name}"), as_version=4)
    return (
        stored.metadata.get("lessonlib") != pipeline.read_source(source).metadata.lessonlib
    )


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=lessons.ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout


def children() -> float:
    """CPU seconds of the processes that this one has started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    sys.exit(main())
