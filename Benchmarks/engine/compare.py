"""Measures the engine and its peers in turn, task by task, and prints medians and ratios.

The ratio is taken pair by pair (ours and the peer's measured one after the other), so that it holds when the machine's speed drifts.
"""

import argparse
import json
import statistics
import subprocess

from threadpoolctl import threadpool_limits

from peers import Peers

# task: (the most that ours may take, as a share of the peer's time; the rounds at least)
TASKS = {
    "cost_gradient": (0.15, 15),
    "lbfgs_200": (0.15, 7),
    "tnc_400": (0.15, 7),
    "bfgs_step": (1 / 50, 3),
    "sgd_epoch": (0.15, 7),
    "adam_epoch": (0.15, 7),
    "mnist_cost_gradient": (1 / 1.5, 7),
    "check": (1 / 150, 7),
}


class Engine:
    """The Swift program, kept running: a line with a task's name in, a line of JSON out."""

    def __init__(self, path, instructions):
        self.process = subprocess.Popen([path, instructions], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, task):
        self.process.stdin.write(task + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["figure"]


def faster_thread_count(peers, task):
    """One BLAS thread or two, whichever is faster today at this task (or, where a round takes long, at its evaluations)."""
    trial = getattr(peers, "cost_gradient" if task in ("bfgs_step", "check") else task)

    def seconds(threads):
        with threadpool_limits(threads):
            return min(trial()[0] for _ in range(3))
    return min((1, 2), key=seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", required=True, help="the engine's benchmark program, built for release")
    parser.add_argument("--debug", required=True, help="the same, built for debugging")
    parser.add_argument("--instructions", default="avx512", choices=["baseline", "avx2", "avx512"], help="the best that ours may use; of the peers OPENBLAS_CORETYPE says it")
    parser.add_argument("tasks", nargs="*", default=list(TASKS))
    arguments = parser.parse_args()
    peers = Peers()
    release, debug = (Engine(path, arguments.instructions) for path in (arguments.release, arguments.debug))
    print("medians, seconds; ratio = ours / peer's, pair by pair; threads = the peer's BLAS threads, the faster of 1 and 2")
    print(f"{'task':22}{'release':>11}{'debug':>11}{'peer':>11}{'threads':>8}{'ratio':>9}{'goal':>9}{'debug/release':>15}   figures (ours, peer's)")
    for task in arguments.tasks:
        goal, rounds = TASKS[task]
        threads = faster_thread_count(peers, task)
        ours, theirs, debugs = [], [], []
        release.measure(task)  # a first call warms the caches
        debug.measure(task)
        with threadpool_limits(threads):
            for _ in range(rounds):
                ours.append(release.measure(task))
                theirs.append(getattr(peers, task)())
                debugs.append(debug.measure(task))
        seconds = [statistics.median(s for s, _ in series) for series in (ours, debugs, theirs)]
        ratio = statistics.median(a / b for (a, _), (b, _) in zip(ours, theirs))
        slower = statistics.median(a / b for (a, _), (b, _) in zip(debugs, ours))
        verdict = "" if ratio <= goal else "  MISSED"
        print(f"{task:22}{seconds[0]:11.5f}{seconds[1]:11.5f}{seconds[2]:11.5f}{threads:8}{ratio:9.4f}{goal:9.4f}{slower:15.2f}"
              f"   {ours[-1][1]:.6g}, {theirs[-1][1]:.6g}{verdict}", flush=True)


if __name__ == "__main__":
    main()
