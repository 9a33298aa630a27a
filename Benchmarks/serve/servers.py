"""The two servers, each on a store of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from load import Connection, request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, command, folder, environment=None):
        self.port = free_port()
        self.log = open(Path(folder) / "log", "wb")
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [part.format(port=self.port, folder=folder) for part in command], cwd=folder, stdout=self.log, stderr=self.log,
            env={**os.environ, **(environment or {})}, start_new_session=True)
        while True:
            try:
                connection = Connection(self.port)
                connection.ask(request("GET", "/health"))
                break
            except (OSError, AssertionError):
                assert self.process.poll() is None, "the server ended"
                assert time.perf_counter() - start < 300, "the server does not start"
                time.sleep(0.001)
        self.started = time.perf_counter() - start
        self.store = Path(folder) / "store.db"

    def connect(self, count=1):
        return [Connection(self.port) for _ in range(count)]

    def memory(self):
        """What is in memory, in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def processor(self):
        """The processor's time that it has taken, in seconds."""
        facts = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def ours(tracker, folder, *options):
    return Server([tracker, "serve", "--port", "{port}", "--db", "{folder}/store.db", *options], folder)


def mlflow(folder):
    """MLflow's server as its documentation starts it, on SQLite."""
    return Server(
        [str(Path(sys.executable).parent / "mlflow"), "server", "--port", "{port}", "--backend-store-uri", "sqlite:///{folder}/store.db",
         "--artifacts-destination", "{folder}/artifacts"], folder, {"MLFLOW_DISABLE_TELEMETRY": "true"})


def fill_mlflow(server, runs):
    """Gives MLflow's store runs with their parameters and metrics, through its database: 10,000 take its server many minutes.

    `runs`: of each its id, parameters by key, and metrics by key.
    """
    store = sqlite3.connect(server.store, timeout=60)
    with store:
        known = {row[1] for row in store.execute("PRAGMA table_info(runs)")}
        row = {"name": "", "user_id": "bench", "status": "FINISHED", "source_type": "LOCAL", "source_name": "", "entry_point_name": "",
               "source_version": "", "lifecycle_stage": "active", "experiment_id": 0}
        row = {key: value for key, value in row.items() if key in known}
        for n, (run, params, metrics) in enumerate(runs):
            one = row | {"run_uuid": run, "name": f"r{n}", "start_time": 1_700_000_000_000 + n, "end_time": 1_700_000_001_000 + n,
                         "artifact_uri": f"mlflow-artifacts:/0/{run}/artifacts"}
            store.execute(f"INSERT INTO runs ({', '.join(one)}) VALUES ({', '.join('?' * len(one))})", list(one.values()))
            store.execute("INSERT INTO tags (key, value, run_uuid) VALUES ('mlflow.runName', ?, ?)", (f"r{n}", run))
            store.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", [(key, value, run) for key, value in params.items()])
            for table in ("metrics", "latest_metrics"):
                store.executemany(f"INSERT INTO {table} (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, 1700000000000, ?, 0, 0)",
                                  [(key, value, run) for key, value in metrics.items()])
    store.close()
