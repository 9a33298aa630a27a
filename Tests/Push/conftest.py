"""A real MLflow server for all tests, and a store with runs for each."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

TRACKER = os.path.abspath(os.environ["TRACKER"])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """`mlflow server` with a worker of its own, that can be killed and started again on the same data."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.uri = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--port", str(self.port), "--workers", "1",
             "--backend-store-uri", os.environ.get("BACKEND") or f"sqlite:///{self.folder}/mlflow.db",
             "--artifacts-destination", f"{self.folder}/artifacts"],
            stdout=open(self.folder / "server.log", "ab"), stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.monotonic() + 600
        while True:
            try:
                with urllib.request.urlopen(f"{self.uri}/health", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "server.log").read_text()[-2000:]
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.2)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Store:
    def __init__(self, folder, server):
        self.server, self.folder = server, folder
        self.environment = {**os.environ, "TRACKER_DB": str(folder / "t.sqlite"), "TMPDIR": str(folder),
                            "MLFLOW_TRACKING_URI": server.uri}

    def run(self, *words, status=0, **options):
        outcome = subprocess.run([TRACKER, *map(str, words)], env=self.environment, text=True, capture_output=True,
                                 cwd=self.folder, timeout=600, **options)
        assert outcome.returncode == status, (words, outcome.returncode, outcome.stdout[-500:], outcome.stderr[-2000:])
        return outcome

    def start(self, *words):
        return subprocess.Popen([TRACKER, *map(str, words)], env=self.environment, text=True, cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def json(self, *words):
        return json.loads(self.run(*words, "--format", "json").stdout)

    def record(self, lines, *options):
        """A run of these JSON lines; its number."""
        self.run("record", *options, input="".join(json.dumps(line) + "\n" for line in lines))
        return self.json("show", "latest")["id"]

    def uuids(self):
        return {row["id"]: row["uuid"] for row in self.json("query", "SELECT id, uuid FROM runs")}

    def points(self, run, key):
        return [(p["step"], float(p["value"]), p["time"]) for p in
                self.json("show", run, "--metric", key)["points"]]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.kill()


@pytest.fixture
def store(tmp_path, server):
    return Store(tmp_path, server)
