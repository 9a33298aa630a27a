"""The two servers, each on a store of its own."""

import os
import signal
import socket
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
                time.sleep(0.001)
        self.started = time.perf_counter() - start
        self.store = Path(folder) / "store.db"

    def connect(self, count=1):
        return [Connection(self.port) for _ in range(count)]

    def memory(self):
        """What is in memory, in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def ours(tracker, folder):
    return Server([tracker, "serve", "--port", "{port}", "--db", "{folder}/store.db"], folder)


def mlflow(folder):
    """MLflow's server as its documentation starts it, on SQLite."""
    return Server(
        [str(Path(sys.executable).parent / "mlflow"), "server", "--port", "{port}", "--backend-store-uri", "sqlite:///{folder}/store.db",
         "--artifacts-destination", "{folder}/artifacts"], folder, {"MLFLOW_DISABLE_TELEMETRY": "true"})
