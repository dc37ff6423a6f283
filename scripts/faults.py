"""Plant known mistakes, one by one, in a copy of the course, and say what catches each.

    python scripts/faults.py [01 02 ...]

A fault is a line of a lesson or of lessonlib, and what a tired contributor makes of it:
tests/faults holds a list for each lesson. What would catch it is tried in the order of its
price, up to the first that does. Fails if one goes by without a reason in its list, or if
fewer than nine in ten are caught of all.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import lessons
import pipeline

LISTS = lessons.ROOT / "tests" / "faults"
KEYS = {"name", "file", "old", "new", "uncaught"}
ENOUGH = 0.9
LEFT_OUT = shutil.ignore_patterns(".*", "build", "handout", "__pycache__", "*.egg-info")
SABOTAGE = "tests/test_sabotage.py::test_"
STRICT = "strict run"


@dataclasses.dataclass(frozen=True)
class Fault:
    """A mistake: in this file of this lesson's world, `new` stands where `old` stood."""

    lesson: str
    name: str
    file: str
    old: str
    new: str
    uncaught: str = ""  # why nothing is expected to catch it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    sources = lessons.chosen(parser.parse_args().lessons)
    faults = [fault for source in sources for fault in read_faults(source)]
    for fault in faults:
        planted(fault, lessons.ROOT)  # one that no longer fits is named before any run
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            verdicts = list(pool.map(bench.try_fault, faults))
    return report(faults, verdicts, all_lessons=sources == lessons.SOURCES)


def read_faults(source: Path) -> list[Fault]:
    """The planted faults of a lesson, from its list.

    Raises:
        SystemExit: if the list is missing or holds what is no fault.
    """
    path, number = LISTS / f"{source.name[:2]}.toml", source.name[:2]
    if not path.exists():
        sys.exit(f"{path.name} is not in tests/faults: write five faults at least.")
    faults = []
    for entry in tomllib.loads(path.read_text("utf-8")).get("fault", []):
        if not {"name", "old", "new"} <= set(entry) <= KEYS:
            sys.exit(
                f"{path.name} holds a fault with {', '.join(entry)}; expected name, old, "
                "new and perhaps file and uncaught."
            )
        own = source.relative_to(lessons.ROOT).as_posix()
        faults.append(Fault(number, **{"file": own} | entry))
    return faults


def planted(fault: Fault, root: Path) -> str:
    """The text of the fault's file with the fault in it.

    Raises:
        SystemExit: if the old text is not there exactly once.
    """
    text = (root / fault.file).read_text("utf-8")
    times = text.count(fault.old)
    if times != 1:
        sys.exit(
            f"{fault.lesson}, {fault.name!r}: its old text is {times} times in "
            f"{fault.file}; expected once. Bring tests/faults/{fault.lesson}.toml up to "
            "date."
        )
    return text.replace(fault.old, fault.new)


class Bench:
    """Where faults are tried: a clean copy of the course, and a copy for each fault."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.clean = self.copy("clean")

    def copy(self, name: str) -> Path:
        return Path(shutil.copytree(lessons.ROOT, self.folder / name, ignore=LEFT_OUT))

    def try_fault(self, fault: Fault) -> str:
        """Who caught it and how, in words, or nothing."""
        root = self.copy(f"{fault.lesson} {abs(hash(fault))}")
        (root / fault.file).write_text(planted(fault, root), "utf-8")
        verdict = ""
        for who, tests in watchmen(fault):
            verdict = failure(root, fault.lesson, tests)
            if verdict:
                self.expect_clean(who, fault.lesson, tests)
                verdict = f"{who}: {verdict}"
                break
        shutil.rmtree(root)
        print(f"{fault.lesson}, {fault.name}: {verdict or 'NOT CAUGHT'}", flush=True)
        return verdict

    @functools.cache  # noqa: B019  (it lives as long as the run)
    def expect_clean(self, who: str, lesson: str, tests: tuple[str, ...]) -> None:
        """A catch proves nothing if the course as it is fails too."""
        if verdict := failure(self.clean, lesson, tests):
            sys.exit(f"{lesson} fails without a fault, so mend it first. {who}: {verdict}")


def watchmen(fault: Fault) -> list[tuple[str, tuple[str, ...]]]:
    """What may catch a fault, the cheapest first: a name and what to give pytest."""
    found = []
    if fault.file.startswith("lessonlib/"):
        found.append(("unit tests", unit_tests(Path(fault.file))))
    undone, crippled = (
        f"{SABOTAGE}{name}[{fault.lesson}]"
        for name in (
            "without_learning_claims_fail_and_no_fit_sees_test_rows",
            "with_crippled_rivals_the_claims_about_them_fail",
        )
    )
    (source,) = lessons.chosen([fault.lesson])
    notebook = lessons.notebook_path(source).relative_to(lessons.ROOT).as_posix()
    found += [
        ("nothing learned, fits watched", (undone,)),
        ("rivals crippled", (crippled,)),
    ]
    return [*found, (STRICT, (notebook,))]


def unit_tests(file: Path) -> tuple[str, ...]:
    """The test files that bear the name of a module, or of the package that it is in."""
    for name in (file.stem, file.parent.name):
        found = sorted((lessons.ROOT / "tests").glob(f"test_*{name}*.py"))
        if found:
            return tuple(path.relative_to(lessons.ROOT).as_posix() for path in found)
    sys.exit(f"No test file in tests bears the name of {file}.")


def failure(root: Path, lesson: str, tests: tuple[str, ...]) -> str:
    """Run tests in a copy; what went wrong, in a line, or nothing."""
    # The notebook gets the copy's cells and keeps its outputs, which are what is expected.
    renew = (
        f"import lessons, pipeline; pipeline.renew(*lessons.chosen(['{lesson}']), False)"
    )
    for command in (["-c", renew], ["-m", "pytest", "-x", "-vv", "-p", "no:xdist", *tests]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=root,
            env=os.environ
            | pipeline.ONE_THREAD
            | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'scripts'}", "HASTE": "1"},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            return first_complaint(done.stdout + done.stderr)
    return ""


def first_complaint(output: str) -> str:
    """The line of pytest's output that says most in the least words."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    for pattern in (
        r"^\s*[-+] (✗ .*)$",  # a claim that failed, in nbval's comparison
        r"^E +AssertionError: (.*?)$",
        r"^E +(?:assert )?(.*?)$",
        r"^(?:AssertionError|\w*Error): (.*)$",
        r"^\s*(mismatch .*)$",
    ):
        if found := re.search(pattern, plain, re.M):
            return found[1][:90]
    return (plain.strip().splitlines() or ["it failed without a word"])[-1][:90]


def report(faults: list[Fault], verdicts: list[str], all_lessons: bool) -> int:
    """Print the table; 1 if one goes by without a reason, or, of all lessons, too many."""
    print("\n| lesson | fault | caught by |\n| --- | --- | --- |")
    for fault, verdict in zip(faults, verdicts, strict=True):
        reason = f"nothing: {fault.uncaught}" if fault.uncaught else "NOTHING"
        text = (verdict or reason).replace("|", r"\|")
        print(f"| {fault.lesson} | {fault.name} | {text} |")
    missed = [fault for fault, verdict in zip(faults, verdicts, strict=True) if not verdict]
    caught = len(faults) - len(missed)
    print(f"\n{caught} of {len(faults)} are caught.")
    unexplained = [fault for fault in missed if not fault.uncaught]
    return int((all_lessons and caught < ENOUGH * len(faults)) or bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
