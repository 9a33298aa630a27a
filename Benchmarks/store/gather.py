"""Measures how long `tracker sync FOLDER` takes to gather the stores of a thousand tasks, of 10,000 points each."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

STORES, STEPS, METRICS, GOAL = 1_000, 1_000, 10, 30


def make(tracker, folder):
    """One recorded store, and copies of it as other tasks would have made."""
    first = folder / "task-0.sqlite"
    lines = "".join(
        f'{{"step": {step}, ' + ", ".join(f'"m{metric}": {1 / (1 + step + metric)}' for metric in range(METRICS)) + "}\n"
        for step in range(STEPS))
    subprocess.run([tracker, "record", "--db", first], input=lines, text=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)
    for task in range(1, STORES):
        copy = folder / f"task-{task}.sqlite"
        shutil.copy(first, copy)
        with sqlite3.connect(copy) as store:
            store.execute("UPDATE run SET uuid = ?, name = ?", (str(uuid.uuid4()), f"task {task}"))
        store.close()
    for rest in [*folder.glob("*-wal"), *folder.glob("*-shm")]:
        rest.unlink()


def main():
    tracker = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="gather-benchmark-") as root:
        tasks = Path(root, "tasks")
        tasks.mkdir()
        make(tracker, tasks)
        start = time.perf_counter()
        subprocess.run([tracker, "sync", tasks, "--db", f"{root}/all.sqlite"], stdout=subprocess.DEVNULL, check=True)
        spent = time.perf_counter() - start
        with sqlite3.connect(f"{root}/all.sqlite") as store:
            runs, points = store.execute("SELECT count(DISTINCT run_id), count(*) FROM metric_points").fetchone()
        assert (runs, points) == (STORES, STORES * STEPS * METRICS), (runs, points)
        print(f"sync of {STORES:,} stores of {STEPS * METRICS:,} points: {spent:.1f} s ({GOAL} s)  "
              f"{'met' if spent <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
