"""What MLflow and Trackio take for the same: each function returns (seconds, points or calls)."""

import logging
import os
import shutil
import time
from datetime import datetime, timezone

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "1")
BATCHED, SINGLE_EPOCHS, METRICS = 10_000, 10, 11


class MLflow:
    def __init__(self, folder):
        logging.disable(logging.WARNING)
        import mlflow
        from mlflow.entities import Metric
        self.Metric = Metric
        self.client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.sqlite")
        self.experiment = self.client.create_experiment("benchmark")

    def run(self):
        return self.client.create_run(self.experiment).info.run_id

    def bulk(self):
        run = self.run()
        metrics = [self.Metric("cost", 1 / (step + 1), 1_700_000_000_000 + step, step) for step in range(BATCHED)]
        start = time.perf_counter()
        for first in range(0, BATCHED, 1000):  # its limit a call
            self.client.log_batch(run, metrics=metrics[first:first + 1000])
        return time.perf_counter() - start, BATCHED

    def epochs(self):
        run = self.run()
        start = time.perf_counter()
        for step in range(SINGLE_EPOCHS):
            for metric in range(METRICS):
                self.client.log_metric(run, f"metric{metric}", metric / (step + 1), step=step)
        return time.perf_counter() - start, SINGLE_EPOCHS


class Trackio:
    def __init__(self, folder):
        os.environ["TRACKIO_DIR"] = f"{folder}/trackio"
        from trackio.sqlite_storage import SQLiteStorage
        self.storage = SQLiteStorage
        self.count = 0

    def bulk(self):
        self.count += 1
        metrics = [{"cost": 1 / (step + 1)} for step in range(BATCHED)]
        now = datetime.now(timezone.utc).isoformat()
        start = time.perf_counter()
        self.storage.bulk_log(project="benchmark", run=f"run{self.count}", metrics_list=metrics,
                              steps=list(range(BATCHED)), timestamps=[now] * BATCHED)
        return time.perf_counter() - start, BATCHED


def emptied(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder
