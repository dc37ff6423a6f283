"""Measure the lessons: what their claims leave to spare, and what they cost.

python scripts/measure.py claims [--seeds "0 1 2 3 4"] [01 02 ...]
python scripts/measure.py bench [01 02 ...]
"""

import argparse
import collections
import concurrent.futures
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

import lessons
import pipeline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["claims", "bench"])
    parser.add_argument("--seeds", default="0 1 2 3 4", help="numbers, with blanks between")
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    options = parser.parse_intermixed_args()
    sources = lessons.chosen(options.lessons)
    if options.what == "bench":
        bench(sources)
    elif not re.fullmatch(r"\d+( +\d+)*", options.seeds.strip()):
        sys.exit(f"seeds is {options.seeds!r}; expected whole numbers, as in '0 1 2'.")
    elif not claims(sources, options.seeds.split()):
        sys.exit("A claim failed: look for ✗ above.")


def claims(sources: list[Path], seeds: list[str]) -> bool:
    """Print a row for each claim, over the seeds; False if one failed anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [(source, seed, folder) for source in sources for seed in seeds]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            records = [
                line
                for lines in pool.map(lambda run: one_run(*run), runs)
                for line in lines
            ]
    found = collections.defaultdict(list)
    for record in records:
        found[record["lesson"], record["sentence"]].append(record)
    print(f"\n| lesson | claim | worst of {len(seeds)} | limit | margin in sd |")
    print("| --- | --- | ---: | ---: | ---: |")
    for (lesson, sentence), same in sorted(found.items(), key=lambda item: item[0][0]):
        for edge in ("at_most", "at_least"):
            if same[0][edge] is not None:
                print(f"| {lesson} | {sentence} | {row(same, edge)} |")
    return all(record["holds"] for record in records)


def one_run(source: Path, seed: str, folder: str) -> list[dict]:
    path = Path(folder) / f"{source.stem}-{seed}.jsonl"
    pipeline.execute(
        pipeline.read_source(source), LESSONLIB_SEED=seed, LESSONLIB_CLAIMS=str(path)
    )
    print(f"{source.stem}, seed {seed}: done", flush=True)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def row(same: list[dict], edge: str) -> str:
    """Worst value, limit and distance of the mean from the limit, in sd over the seeds."""
    values, limit = [record["value"] for record in same], same[0][edge]
    if None in values:
        return f"nan | {edge.replace('_', ' ')} {limit:g} | ✗"
    sign = -1 if edge == "at_most" else 1
    worst = min(values, key=lambda value: sign * value)
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    margin = sign * (statistics.mean(values) - limit)
    in_sd = f"{margin / spread:.1f}" if spread else "no spread"
    cross = "" if all(record["holds"] for record in same) else " ✗"
    return f"{worst:.4g} | {edge.replace('_', ' ')} {limit:g} | {in_sd}{cross}"


def bench(sources: list[Path]) -> None:
    """Print a row for each lesson: CPU and wall seconds, peak memory, minutes promised."""
    print("| lesson | CPU s | wall s | peak MB | minutes in its header |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for source in sources:
        meter, before = Meter(), time.perf_counter()
        pipeline.execute(pipeline.read_source(source))
        wall = time.perf_counter() - before
        cpu, memory = meter.stop()
        minutes = re.search(
            r"Time: about (\d+) minutes?", source.read_text(encoding="utf-8")
        )
        promised = minutes[1] if minutes else "none"
        print(
            f"| {source.stem} | {cpu:.0f} | {wall:.0f} | {memory / 1e6:.0f} | {promised} |"
        )


class Meter(threading.Thread):
    """Watch the child processes: CPU seconds of all, and the largest memory at one time."""

    def __init__(self):
        super().__init__(daemon=True)
        self.cpu: dict[int, float] = {}
        self.memory, self.running = 0, True
        self.start()

    def run(self):
        while self.running:
            self.look()
            time.sleep(0.1)

    def look(self):
        memory = 0
        for child in psutil.Process().children(recursive=True):
            try:
                times = child.cpu_times()
                memory += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.cpu[child.pid] = times.user + times.system
        self.memory = max(self.memory, memory)

    def stop(self) -> tuple[float, float]:
        self.running = False
        self.join()
        return sum(self.cpu.values()), self.memory


if __name__ == "__main__":
    main()
