"""A server of its own for each test, and clients that speak to it byte by byte."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import time

import pytest

TRACKER = os.environ["TRACKER"]


class Server:
    def __init__(self, folder, options=(), environment=None, limits=None):
        self.store = folder / "store.sqlite"
        self.log = folder / f"server-{time.monotonic_ns()}.log"
        self.process = subprocess.Popen(
            [TRACKER, "serve", "--db", str(self.store), "--port", "0", *options],
            stderr=open(self.log, "ab"), env={**os.environ, **(environment or {})}, preexec_fn=limits)
        deadline = time.monotonic() + 60
        while "serving" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        self.port = int(self.log.read_text().rsplit(":", 1)[1].strip().strip("/"))

    def connect(self, timeout=60):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def exchange(self, data, timeout=60):
        """Sends bytes and reads until the server closes."""
        with self.connect(timeout) as client:
            client.sendall(data)
            return read_all(client)

    def request(self, method, path, message=None, headers=(), body=None):
        """One request; gives status, headers and body."""
        if message is not None:
            body = json.dumps(message).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        names = {name.lower() for name, _ in headers}
        if body is not None:
            if "transfer-encoding" not in names:
                lines.append(f"Content-Length: {len(body)}")
            if "content-type" not in names:
                lines.append("Content-Type: application/json")
        lines += [f"{name}: {value}" for name, value in headers]
        return answer(self.exchange("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")))

    def post(self, path, message):
        status, _, body = self.request("POST", f"/api/2.0/mlflow/{path}", message)
        assert status == 200, body
        return json.loads(body)

    def start_run(self):
        return self.post("runs/create", {"experiment_id": "0", "run_name": "r"})["run"]["info"]["run_id"]

    def is_alive(self):
        return self.process.poll() is None and self.request("GET", "/health")[0] == 200

    def memory(self):
        """What is in memory, in bytes."""
        pages = open(f"/proc/{self.process.pid}/statm").read().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def query(self, sql):
        with contextlib.closing(sqlite3.connect(self.store)) as store:
            return store.execute(sql).fetchall()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(10)


def read_all(client):
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(1 << 16):
            received += piece
    return received


def answer(data):
    """Status, headers (lower case) and body of the last answer in these bytes."""
    while data.startswith(b"HTTP/1.1 100"):
        data = data.split(b"\r\n\r\n", 1)[1]
    if not data:
        return 0, {}, b""
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    headers = dict((name.lower(), value) for name, value in (line.split(": ", 1) for line in lines[1:]))
    return int(lines[0].split(" ")[1]), headers, body


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(*options, **settings):
        servers.append(Server(tmp_path, options, **settings))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait()


@pytest.fixture
def server(serve):
    return serve()
