"""Measure what the lessons cost, here and on a common machine.

    python scripts/measure.py [01 02 ...]

Processors differ by more than three, and the same one when others use it. So costs are
CPU seconds, also scaled to a core that multiplies matrices at 100 GFLOP/s in TensorFlow.
Lessons are measured on one thread, as builds and tests run them: several threads spin while
they wait for each other, and would be counted for it. The minutes in a lesson's head are
those of one such core, rounded up; a second one takes off what it can.
"""

import argparse
import math
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

import lessons
import pipeline

COMMON = 100  # GFLOP/s of the core that costs are scaled to
PRODUCT = """
import time
import tensorflow as tf

table = tf.random.stateless_uniform((1000, 1000), (0, 0))
seconds = []
for _ in range(40):
    before = time.process_time()
    tf.matmul(table, table).numpy()
    seconds.append(time.process_time() - before)
print(2 * 1000**3 / sorted(seconds)[20] / 1e9)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="numbers such as 01; none means all")
    bench(lessons.chosen(parser.parse_args().lessons))


def speed() -> float:
    """GFLOP/s of one core: the median of 40 products of 1,000 x 1,000 float32 numbers."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, "-c", PRODUCT],
        env=os.environ | pipeline.ONE_THREAD | quiet,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return float(done.stdout)


def scaled(seconds: float, gflops: float) -> float:
    """CPU seconds of a core of this speed, as a common core would take them."""
    return seconds * gflops / COMMON


def cost(seconds: float, gflops: float) -> str:
    """CPU seconds in words, as measured and scaled."""
    return (
        f"{seconds:,.0f} CPU seconds, {scaled(seconds, gflops):,.0f} on a core of {COMMON} "
        f"GFLOP/s (this one has {gflops:.0f})"
    )


def bench(sources: list[Path]) -> None:
    """Print a row for each lesson: CPU seconds, memory, minutes, and those promised."""
    gflops = speed()
    print(f"One core multiplies matrices at {gflops:.0f} GFLOP/s.\n")
    print("| lesson | CPU s | scaled CPU s | peak MB | minutes | minutes in its head |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for source in sources:
        meter = Meter()
        pipeline.execute(pipeline.read_source(source), **pipeline.ONE_THREAD)
        cpu, memory = meter.stop()
        common = scaled(cpu, gflops)
        minutes = math.ceil(common / 60)
        print(
            f"| {source.stem} | {cpu:.0f} | {common:.0f} | {memory / 1e6:.0f} | {minutes} "
            f"| {lessons.header(source).minutes} |",
            flush=True,
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
