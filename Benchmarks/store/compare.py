"""Measures the store, plain C on the same schema, MLflow and Trackio in turn, and prints medians and ratios.

Rates are compared pair by pair (ours and the peer's measured one after the other), so that they hold when the machine's speed drifts.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

from peers import MLflow, Trackio, emptied

ROUNDS = 7


class Program:
    """The Swift program, kept running: a task and a folder in, a line of JSON out."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, task, folder, *more):
        self.process.stdin.write(" ".join([task, folder, *map(str, more)]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["figure"]


def line(what, ours, goal, met, extra=""):
    print(f"{what:44}{ours:>22}{goal:>26}  {'met' if met else 'MISSED'}  {extra}", flush=True)


def rate(pair):
    return pair[1] / pair[0]


def versus(what, ours, theirs, goal, unit, rounds=ROUNDS):
    """Our rate as a multiple of the peer's, in pairs."""
    ours(), theirs()  # caches
    pairs = [(rate(ours()), rate(theirs())) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    us, them = (statistics.median(side) for side in zip(*pairs))
    line(what, f"{us:,.0f} {unit}/s", f"{ratio:.3g} × ({goal:g} ×)", ratio >= goal, f"peer {them:,.0f}")


def command(what, arguments, goal, rounds=15, environment=None):
    """A whole process of the release build: its median time in milliseconds."""
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True, env=environment)
        times.append(1000 * (time.perf_counter() - start))
    median = statistics.median(times[1:])
    line(what, f"{median:.1f} ms", f"{goal} ms" if goal else "", not goal or median <= goal, f"least {min(times):.1f}")


def resident(pid):
    """The most memory that a process has had, in megabytes."""
    with open(f"/proc/{pid}/status") as status:
        return next((int(row.split()[1]) for row in status if row.startswith("VmHWM")), 0) // 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--tracker", required=True)
    parser.add_argument("tasks", nargs="*")
    arguments = parser.parse_args()
    tasks = arguments.tasks or ["append", "bytes", "read", "start", "processes", "growth", "memory"]
    root = tempfile.mkdtemp(prefix="store-benchmark-")
    folder = emptied(f"{root}/ours")
    program, tracker = Program(arguments.program), arguments.tracker

    def store(task, *more):
        return lambda: program.measure(task, folder, *more)

    if "append" in tasks:
        versus("bulk append, against plain C", store("bulk"), store("plain-bulk"), 0.9, "points")
        mlflow = MLflow(emptied(f"{root}/mlflow"))
        versus("bulk append, against MLflow's log_batch", store("bulk"), mlflow.bulk, 50, "points")
        trackio = Trackio(emptied(f"{root}/trackio"))
        versus("bulk append, against Trackio's bulk_log", store("bulk"), trackio.bulk, 10, "points")
        versus("epochs of 11, each committed, against plain C", store("epochs"), store("plain-epochs"), 0.8, "epochs")
        versus("epochs of 11, against MLflow's single calls", store("epochs"), mlflow.epochs, 100, "epochs")
    if "bytes" in tasks:
        _, size = program.measure("bytes", folder)
        line("a point on disk, in a series of 10,000", f"{size:.1f} bytes", "28 bytes", size <= 28)
    if "read" in tasks:
        program.measure("make-million", folder)
        ours, plain = store("read"), store("plain-read")
        ours(), plain()
        pairs = [(ours()[0], plain()[0]) for _ in range(ROUNDS)]
        ratio = statistics.median(a / b for a, b in pairs)
        seconds = statistics.median(a for a, _ in pairs)
        line("read a series of 1,000,000", f"{seconds:.3f} s", f"{ratio:.2f} of C (1.3)", ratio <= 1.3)
    if "start" in tasks:
        seconds = statistics.median(program.measure("start-end", folder)[0] for _ in range(ROUNDS))
        line("start and end of an empty run, in-process", f"{1000 * seconds:.2f} ms", "5 ms", seconds <= 0.005)
    if "processes" in tasks:
        program.measure("fill", folder, 100)
        command("tracker --version", [tracker, "--version"], 15)
        command("tracker list, 100 runs", [tracker, "list", "--limit", "20", "--db", f"{folder}/store.sqlite"], 25)
        program.measure("two-million", folder)
        command("compare two runs of 1,000,000 points", [tracker, "compare", "1", "2", "--db", f"{folder}/store.sqlite"], 250, 7)
    if "growth" in tasks:
        for count in (1_000, 10_000, 100_000):
            seconds, _ = program.measure("fill", folder, count)
            path = f"{folder}/store.sqlite"
            size = os.path.getsize(path) / 1e6
            print(f"-- {count:,} runs × 20 parameters × 10 metrics × 100 epochs: {size:,.0f} MB, written in {seconds:.1f} s")
            query = ["--where", "p3 > 50 and min(m4) < 10", "--sort", "-m7", "--limit", "50"]
            command(f"list --where --sort, {count:,} runs", [tracker, "list", *query, "--db", path],
                    100 if count == 10_000 else None, 7)
            command(f"compare 1 2, {count:,} runs", [tracker, "compare", "1", "2", "--db", path], None, 7)
            command(f"show latest, {count:,} runs", [tracker, "show", "latest", "--db", path], None, 7)
    if "memory" in tasks:
        for task in ("bulk", "append-ten-million"):
            separate = Program(arguments.program)
            separate.measure(task, folder)
            peak = resident(separate.process.pid)
            separate.process.stdin.close()
            separate.process.wait()
            line(f"resident memory, {task}", f"{peak} MB", "", True)
        start = time.perf_counter()
        export = subprocess.Popen([tracker, "export", "--db", f"{folder}/store.sqlite"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        peak = 0
        while export.poll() is None:
            peak = max(peak, resident(export.pid))
            time.sleep(0.02)
        line("resident memory, export of 10,000,000 points", f"{peak} MB", "", export.returncode == 0,
             f"{time.perf_counter() - start:.1f} s")
    subprocess.run(["rm", "-rf", root], check=True)


if __name__ == "__main__":
    main()
