"""Measures what is typed most on a store of 100 runs of 201 epochs, 50 of which `list` judges: whole processes of each program, in turn."""

import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 20
SWEEP = "sweep --seed 1...100 --epochs 201 --tolerance 0 --hidden 5 --check never"
# What is wrong is named by what the data are like, too.
WRONG = "--optimizer sgd --learning-rate 1e-7"


def milliseconds(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return 1000 * (time.perf_counter() - start)


def main():
    programs = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="list-benchmark-") as folder:
        right, wrong = f"{folder}/right.sqlite", f"{folder}/wrong.sqlite"
        for store, options in [(right, SWEEP), (wrong, f"{SWEEP} {WRONG}")]:
            subprocess.run([programs[0], *options.split(), "--db", store], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
        commands = [("tracker --version", ["--version"]), ("list", ["list", "--db", right]),
                    ("list --limit 20", ["list", "--limit", "20", "--db", right]),
                    ("list of runs that did not learn", ["list", "--db", wrong]),
                    ("show latest", ["show", "latest", "--db", right]), ("compare 1 2", ["compare", "1", "2", "--db", right])]
        times = {}
        for _ in range(ROUNDS):
            for program in programs:
                for what, words in commands:
                    times.setdefault((program, what), []).append(milliseconds([program, *words]))
        for program in programs:
            print(program)
            for what, _ in commands:
                all = times[program, what]
                print(f"  {what:36}least {min(all):7.1f} ms   median {statistics.median(all):7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
