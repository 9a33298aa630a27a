"""Measures `report --html` on stores of 100 and 1,000 runs × 1,000 epochs × 11 metrics: its time and size, and how soon
Chromium can be used on it, in turn with Plotly's `write_html` of the same curves.

The program's release and debug builds and the peer are measured one after the other, again and again; medians are printed.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from browser import Browser
from peer import write_html

EPOCHS = 1_000
# Seconds, megabytes: what the report promises.
GOALS = {100: (1, 1), 1_000: (5, 5)}
# Plotly's file of more runs is hundreds of megabytes, for which a browser has no memory.
PEER_LIMIT = 100


def line(what, figure, goal=None, met=True, extra=""):
    verdict = "" if goal is None else "met" if met else "MISSED"
    print(f"{what:52}{figure:>14}{goal or '':>12}  {verdict:8}{extra}", flush=True)


def processor():
    """Seconds of processor that this program and those that it waited for have had."""
    return sum(os.times()[:4])


def timed(action):
    """Seconds that went by, and seconds of processor, which other programs beside it change less."""
    start, used = time.perf_counter(), processor()
    action()
    return time.perf_counter() - start, processor() - used


def measure(runs, rounds, arguments, folder, browser):
    store, file, peer = folder / "store.sqlite", folder / "report.html", folder / "plotly.html"
    filled, _ = timed(lambda: subprocess.run([arguments.program, store, str(runs), str(EPOCHS)], check=True))
    print(f"-- {runs:,} runs × {EPOCHS:,} epochs × 11 metrics: {store.stat().st_size / 1e6:,.0f} MB, written in {filled:.1f} s")

    def report(tracker):
        subprocess.run([tracker, "report", "--html", "--db", store, "-o", file], check=True, stdout=subprocess.DEVNULL)

    ways = {"release": lambda: report(arguments.release), "debug": lambda: report(arguments.debug)}
    if runs <= PEER_LIMIT:
        ways["plotly"] = lambda: write_html(store, peer)
    times = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(timed(way))
    seconds, megabytes = GOALS.get(runs, (float("inf"), float("inf")))
    for name, taken in times.items():
        median, used = (statistics.median(side) for side in zip(*taken))
        goal = None if name == "plotly" else f"{seconds} s"
        line(f"report --html, {name}" if goal else "plotly write_html", f"{median:.2f} s", goal, median <= seconds,
             f"processor {used:.2f} s")
    size = file.stat().st_size / 1e6
    line("its size", f"{size:.2f} MB", f"{megabytes} MB", size <= megabytes)
    if peer.exists():
        line("plotly's size", f"{peer.stat().st_size / 1e6:.1f} MB")
    for name, path in (("report", file), ("plotly", peer)):
        if not path.exists():
            continue
        loads = [browser.load(path) for _ in range(1 if name == "plotly" else 5)]
        parsed, usable, used = (statistics.median(load[key] for load in loads) for key in ("parsed", "usable", "processor"))
        line(f"{name}: parsed, scripts run (DOMContentLoaded)", f"{parsed:.0f} ms")
        line(f"{name}: usable (no long task any more)", f"{usable:.0f} ms", None if name == "plotly" else "1000 ms", usable <= 1000,
             f"processor {used:.0f} ms")
    for what, (taken, used) in browser.interactions(file).items():
        line(what, f"{taken:.0f} ms", extra=f"processor {used:.0f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--release", required=True)
    parser.add_argument("--debug", required=True)
    parser.add_argument("runs", nargs="*", type=int)
    arguments = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        parser.error("Chromium is needed: install it, or name its program in CHROMIUM")
    with Browser(chromium) as browser:
        for runs in arguments.runs or GOALS:
            with tempfile.TemporaryDirectory() as folder:
                measure(runs, 5 if runs <= 100 else 3, arguments, Path(folder), browser)


if __name__ == "__main__":
    main()
