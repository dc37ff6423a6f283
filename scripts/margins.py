"""Run lessons over many seeds and print what their claims leave to spare.

    python scripts/margins.py [--seeds "0 1 2"] [--scheduler tcp://host:8786] [01 02 ...]

The runs are shared out by Dask, to two processes of this machine or to the workers of a
scheduler. Each run is a lesson, a seed and a kernel of its own, and returns what was
claimed; one whose worker is lost is done again.
"""

import argparse
import collections
import json
import logging
import re
import statistics
import sys
import tempfile
from pathlib import Path

import cloudpickle
import distributed
import nbformat

import commands
import lessons
import pipeline
from pipeline import ONE_THREAD, execute, read_source

# Workers get this code sent, since they need not have the scripts on their path.
for module in (commands, pipeline, sys.modules[__name__]):
    cloudpickle.register_pickle_by_value(module)
Run = tuple[str, str, str]  # the lesson's number, its notebook as text, the seed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0 1 2 3 4", help="numbers, with blanks between")
    parser.add_argument("--scheduler", help="of Dask; none means two processes here")
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    options = parser.parse_intermixed_args()
    sources = lessons.chosen(options.lessons)
    if not re.fullmatch(r"\d+( +\d+)*", options.seeds.strip()):
        sys.exit(f"seeds is {options.seeds!r}; expected whole numbers, as in '0 1 2'.")
    runs = [
        (source.name[:2], nbformat.writes(read_source(source)), seed)
        for source in sources
        for seed in options.seeds.split()
    ]
    with workers(options.scheduler) as client:
        records = shared_out(client, runs)
    print("\n" + table(records))
    if not all(record["holds"] for record in records):
        sys.exit("A claim failed: look for ✗ above.")


def workers(scheduler: str | None = None) -> distributed.Client:
    """Dask's workers behind an address, or two of our own, with a run at a time each."""
    if scheduler:
        return distributed.Client(scheduler)
    return distributed.Client(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=None,  # it is the kernels that take some
        dashboard_address=None,
        silence_logs=logging.CRITICAL,  # of a failure we tell ourselves
    )


def shared_out(client: distributed.Client, runs: list[Run]) -> list[dict]:
    """What was claimed in all runs, in their order; shows how far they are."""
    futures = [
        client.submit(claims_of, notebook, seed, pure=False) for _, notebook, seed in runs
    ]
    names = {
        future: f"{number}, seed {seed}"
        for future, (number, _, seed) in zip(futures, runs, strict=True)
    }
    for count, future in enumerate(distributed.as_completed(futures), 1):
        if future.status == "error":
            sys.exit(f"{names[future]} failed:\n{future.exception()}")
        print(f"{names[future]}: done ({count} of {len(runs)})", flush=True)
    return [record for future in futures for record in future.result()]


def claims_of(notebook: str, seed: str) -> list[dict]:
    """Run a lesson with a seed; depends on nothing else and leaves nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.jsonl"
        execute(
            nbformat.reads(notebook, as_version=4),
            folder=Path(folder),
            LESSONLIB_SEED=seed,
            LESSONLIB_CLAIMS=str(path),
            **ONE_THREAD,
        )
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def table(records: list[dict]) -> str:
    """A row for each claim and limit, over the seeds."""
    found = collections.defaultdict(list)
    for record in records:
        found[record["lesson"], record["sentence"]].append(record)
    seeds = len({record["seed"] for record in records})
    lines = [f"| lesson | claim | worst of {seeds} | limit | margin in sd |"]
    lines.append("| --- | --- | ---: | ---: | ---: |")
    for (lesson, sentence), same in found.items():
        for edge in ("at_most", "at_least"):
            if same[0][edge] is not None:
                lines.append(f"| {lesson} | {sentence} | {row(same, edge)} |")
    return "\n".join(lines)


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


if __name__ == "__main__":
    main()
