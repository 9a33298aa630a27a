"""Measures runs that are long and wide: 100,000 steps of 50 metrics, and 5,000 metrics of 20 steps, by the release program."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time


def lines(steps, metrics):
    """JSON lines as `tracker record` reads them: noisy losses that fall."""
    names = [f"train/loss.{index}" if index else "train/loss" for index in range(metrics)]
    generator = random.Random(0)
    noise = [generator.gauss(0, 0.05) for _ in range(4096)]
    rows = []
    for step in range(steps):
        level = 2 / (1 + step * 20 / steps)
        values = ", ".join(f'"{name}": {level + noise[(step * 31 + index * 7) % 4096]:.6f}'
                           for index, name in enumerate(names))
        rows.append(f'{{"step": {step}, {values}}}\n')
    return "".join(rows).encode()


def seconds(command, data=None):
    """Seconds that went by, and seconds of processor, which other programs beside it change less."""
    start, used = time.perf_counter(), os.times()
    subprocess.run(command, input=data, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    now = os.times()
    processor = now.children_user + now.children_system - used.children_user - used.children_system
    return time.perf_counter() - start, processor


def line(what, ours, goal, met, extra=""):
    print(f"{what:44}{ours:>22}{goal:>26}  {'met' if met else 'MISSED'}  {extra}", flush=True)


def main():
    tracker = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="wide-benchmark-") as folder:
        def timed(what, arguments, goal, rounds=7):
            both = [seconds([tracker, *arguments]) for _ in range(rounds)]
            spent, processor = (statistics.median(side) for side in zip(*both))
            line(what, f"{spent:.3f} s", f"{goal} s", spent <= goal, f"processor {processor:.3f} s")

        store = f"{folder}/long.sqlite"
        data = lines(100_000, 50)
        spent, processor = seconds([tracker, "record", "--db", store], data)
        line("record 100,000 steps of 50 metrics", f"{5e6 / spent:,.0f} points/s", "200,000", 5e6 / spent >= 200_000,
             f"processor {processor:.1f} s")
        timed("show of it", ["show", "1", "--db", store], 0.5)
        timed("diagnose of it", ["diagnose", "1", "--db", store], 0.5)
        timed("report of it", ["report", "--html", "--db", store, "-o", f"{folder}/report.html"], 2)
        store = f"{folder}/wide.sqlite"
        data = lines(20, 5_000)
        for _ in range(2):
            seconds([tracker, "record", "--db", store], data)
        timed("show of a run with 5,000 metrics", ["show", "1", "--db", store], 0.2)
        timed("compare of two of them", ["compare", "1", "2", "--db", store], 0.3)


if __name__ == "__main__":
    main()
