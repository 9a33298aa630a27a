"""What logging from Python costs, beside what it cannot be cheaper than and beside other trackers.

    python3 -m venv v && v/bin/pip install mlflow-skinny sqlalchemy trackio wandb tensorboardX
    v/bin/python Benchmarks/python/compare.py [tracker mlflow trackio wandb tensorboardX]

Each tracker is given the same dictionaries of 11 metrics; those that are not installed are left out. `per call` is the median
of rounds, the trackers in turn; `stored` counts until everything is in the file.
"""

import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "Python", "src"))
import tracker  # noqa: E402

METRICS = {f"metric/{n}": 0.123456789 * (n + 1) for n in range(11)}
CALLS = int(os.environ.get("CALLS", "5000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))


class Floor:
    """json.dumps and one os.write of the dictionary into a pipe that somebody reads."""

    def __init__(self):
        reading, self.writing = os.pipe()

        def read():
            while os.read(reading, 1 << 16):
                pass

        pid = os.fork()
        if pid == 0:
            os.close(self.writing)
            read()
            os._exit(0)
        os.close(reading)
        self.pid = pid

    def log(self, values, step):
        os.write(self.writing, json.dumps(values).encode())

    def end(self):
        os.close(self.writing)
        os.waitpid(self.pid, 0)


class Ours:
    def __init__(self):
        self.run = tracker.init(db=os.path.join(tempfile.mkdtemp(), "tracker.sqlite"), system_metrics=False)

    def log(self, values, step):
        self.run.log(values, step=step)

    def end(self):
        self.run.flush()
        self.run.finish()


class MLflow:
    limit = 50  # It takes milliseconds a call.

    def __init__(self):
        import mlflow

        mlflow.set_tracking_uri("sqlite:///" + os.path.join(tempfile.mkdtemp(), "mlflow.db"))
        self.mlflow = mlflow
        mlflow.start_run()

    def log(self, values, step):
        self.mlflow.log_metrics(values, step=step)

    def end(self):
        self.mlflow.end_run()


class Trackio:
    limit = 1000  # Its end takes a minute for more.

    def __init__(self):
        os.environ["TRACKIO_DIR"] = tempfile.mkdtemp()
        import trackio

        self.trackio = trackio
        trackio.init(project="benchmark")

    def log(self, values, step):
        self.trackio.log(values, step=step)

    def end(self):
        self.trackio.finish()


class WandB:
    def __init__(self):
        import wandb

        self.run = wandb.init(mode="offline", dir=tempfile.mkdtemp(), settings=wandb.Settings(silent=True))
        self.next = 0

    def log(self, values, step):
        self.run.log(values)

    def end(self):
        self.run.finish()


class TensorBoardX:
    def __init__(self):
        from tensorboardX import SummaryWriter

        self.writer = SummaryWriter(tempfile.mkdtemp())

    def log(self, values, step):
        for key, value in values.items():
            self.writer.add_scalar(key, value, step)

    def end(self):
        self.writer.close()


def measure(kind):
    calls = min(CALLS, getattr(kind, "limit", CALLS))
    target = kind()
    for step in range(min(100, calls)):
        target.log(METRICS, step)
    began = time.perf_counter()
    for step in range(100, 100 + calls):
        target.log(METRICS, step)
    told = time.perf_counter()
    target.end()
    return (told - began) / calls, calls * len(METRICS) / (time.perf_counter() - began)


kinds = {"json.dumps + os.write": Floor}
for name, module, kind in (
    ("tracker", "tracker", Ours),
    ("MLflow (SQLite)", "mlflow", MLflow),
    ("Trackio", "trackio", Trackio),
    ("W&B offline", "wandb", WandB),
    ("TensorBoardX", "tensorboardX", TensorBoardX),
):
    if module in (sys.argv[1:] or [module]) and importlib.util.find_spec(module):
        kinds[name] = kind
results = {name: [] for name in kinds}
for _ in range(ROUNDS):
    for name, kind in kinds.items():
        results[name].append(measure(kind))
floor = statistics.median(cost for cost, _ in results["json.dumps + os.write"])
print(f"{'':24}{'per call':>12}{'× floor':>10}{'points/s, stored':>20}")
for name, rounds in results.items():
    cost = statistics.median(cost for cost, _ in rounds)
    ratio = statistics.median(c / f for (c, _), (f, _) in zip(rounds, results["json.dumps + os.write"]))
    rate = statistics.median(rate for _, rate in rounds)
    print(f"{name:24}{cost * 1e6:9.1f} µs{ratio:10.2f}{rate:20,.0f}")
