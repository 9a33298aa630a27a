"""Measures `tracker serve` and MLflow's own server on SQLite in turn, with the same client, and prints medians and ratios.

Rates are compared pair by pair, one server after the other, so that they hold when the machine's speed drifts. While one is asked the other does nothing.
"""

import argparse
import itertools
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager

from load import Connection, drive, request
from page import page
from servers import fill_mlflow, mlflow, ours

ROUNDS = 7
steps = itertools.count()


def line(what, ours, goal, met, extra=""):
    print(f"{what:44}{ours:>22}{goal:>26}  {'met' if met else 'MISSED'}  {extra}", flush=True)


@contextmanager
def both(tracker):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, ExitStack() as stack:
        servers = []
        for start in (lambda: ours(tracker, one), lambda: mlflow(other)):
            servers.append(start())
            stack.callback(servers[-1].stop)
        yield servers


def start_runs(server, count):
    connection, = server.connect()
    return [connection.post("runs/create", {"experiment_id": "0", "run_name": f"r{n}"})["run"]["info"]["run_id"] for n in range(count)]


def log_metric(run):
    step = next(steps)
    return request("POST", "/api/2.0/mlflow/runs/log-metric", {
        "run_id": run, "key": "loss", "value": 1 / (step + 1), "timestamp": 1_700_000_000_000 + step, "step": step})


def log_batch(run):
    step = next(steps)
    return request("POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": run, "metrics": [
        {"key": f"m{n}", "value": n / (step + 1), "timestamp": 1_700_000_000_000 + step, "step": step} for n in range(20)]})


def logging(tracker, rounds):
    """Rates of writing, by one client and by 16, each with a run of its own. About two minutes, most of them MLflow's."""
    with both(tracker) as servers:
        for name, make in (("log-metric", log_metric), ("log-batch of 20 metrics", log_batch)):
            for clients in (1, 16):
                sides = []
                for server, count in zip(servers, (1600, 64)):
                    sides.append((server, start_runs(server, clients), max(4, count // clients)))

                def rate(side):
                    server, runs, count = side
                    # Anew each time: MLflow's server closes a connection that is idle for five seconds.
                    connections = server.connect(len(runs))
                    requests = [[make(run) for _ in range(count)] for run in runs]
                    start = time.perf_counter()
                    drive(connections, requests)
                    return count * len(runs) / (time.perf_counter() - start)

                for side in sides:
                    rate(side)
                Connection.closed = 0
                pairs = [tuple(map(rate, sides)) for _ in range(rounds)]
                ratio = statistics.median(a / b for a, b in pairs)
                us, them = (statistics.median(side) for side in zip(*pairs))
                line(f"{name}, {clients} client{'s' if clients > 1 else ''}", f"{us:,.0f} requests/s", f"{ratio:.3g} × (20 ×)", ratio >= 20,
                     f"peer {them:,.0f}" + (f"; {Connection.closed} connections closed early" if Connection.closed else ""))


def search(tracker, rounds):
    """Search among 10,000 runs with 5 parameters and 3 metrics: by two conditions, in the order of a metric, the first 100."""
    with both(tracker) as servers:
        chance = random.Random(0)
        contents = [({f"p{k}": str(chance.randint(0, 99)) for k in range(5)}, {f"m{k}": chance.random() for k in range(3)}) for _ in range(10_000)]
        us, them = servers
        connections = us.connect(8)
        queues = [[] for _ in connections]
        for n, (params, metrics) in enumerate(contents):
            run = connections[n % 8].post("runs/create", {"experiment_id": "0", "run_name": f"r{n}"})["run"]["info"]["run_id"]
            queues[n % 8].append(request("POST", "/api/2.0/mlflow/runs/log-batch", {
                "run_id": run, "params": [{"key": key, "value": value} for key, value in params.items()],
                "metrics": [{"key": key, "value": value, "timestamp": 1_700_000_000_000, "step": 0} for key, value in metrics.items()]}))
        drive(connections, queues)
        fill_mlflow(them, [(uuid.uuid4().hex, *content) for content in contents])
        asked = {"experiment_ids": ["0"], "filter": "params.p3 = '50' AND metrics.m1 < 0.5", "order_by": ["metrics.m2 DESC"], "max_results": 100}
        newest = {"experiment_ids": ["0"], "max_results": 100}
        for what, message in (("search of 10,000 runs, two conditions", asked), ("the newest 100 of 10,000 runs", newest)):
            def seconds(server):
                connection, = server.connect()
                start = time.perf_counter()
                found = connection.post("runs/search", message)["runs"]
                return time.perf_counter() - start, [run["info"]["run_name"] for run in found]

            answers = [seconds(server)[1] for server in servers]
            assert answers[0] == answers[1] or message is newest, "the two found other runs"
            pairs = [tuple(seconds(server)[0] for server in servers) for _ in range(rounds)]
            ratio = statistics.median(b / a for a, b in pairs)
            us, them = (statistics.median(side) for side in zip(*pairs))
            line(what, f"{1000 * us:.1f} ms", f"{ratio:.3g} × (10 ×)", ratio >= 10, f"peer {1000 * them:,.0f} ms, {len(answers[0])} found")


class Beside(threading.Thread):
    """Logs a value again and again while something else goes on, and notes how long each takes."""

    def __init__(self, server, run):
        super().__init__(daemon=True)
        self.connection, = server.connect()
        self.run_id = run
        self.times = []
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.02):
            start = time.perf_counter()
            self.connection.ask(log_metric(self.run_id))
            self.times.append(time.perf_counter() - start)

    def stop(self):
        self.ended.set()
        self.join()
        return self.times


def memory(tracker, rounds):
    """What the server's memory grows by, over one upload of 5 GB, which takes 10 GB of the disk, and over 100,000 requests."""
    with tempfile.TemporaryDirectory() as folder:
        server = ours(tracker, folder)
        try:
            run, = start_runs(server, 1)
            connection, = server.connect()
            for _ in range(2000):
                connection.ask(log_metric(run))
            before = server.memory()
            size, piece = 5_000_000_000, os.urandom(1_000_000)
            connection.socket.sendall(
                f"PUT /api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/big.bin HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode())
            start, most = time.perf_counter(), 0
            beside = Beside(server, run)
            for number in range(size // len(piece)):
                connection.socket.sendall(piece)
                if number % 32 == 0:
                    most = max(most, server.memory())
            sent = time.perf_counter()
            connection.received = b""
            while connection.body() is None:
                pass
            answered = time.perf_counter()
            times = beside.stop()
            most = max(most, server.memory())
            growth = (most - before) / 1e6
            line("memory: an upload of 5 GB", f"{growth:.1f} MB", "20 MB", growth <= 20, f"from {before / 1e6:.0f} MB; sent in {sent - start:.1f} s")
            line("from its last byte to the answer", f"{answered - sent:.1f} s", "120 s", answered - sent <= 120)
            longest = max(times)
            line("log-metric of another client beside it", f"{1000 * statistics.median(times):.1f} ms", "longest 1 s", longest <= 1,
                 f"longest {longest:.2f} s, of {len(times)}")
            before = server.memory()
            runs = [run] + start_runs(server, 15)
            drive(server.connect(16), [[log_metric(one) for _ in range(6250)] for one in runs])
            growth = (server.memory() - before) / 1e6
            line("memory: 100,000 requests by 16 clients", f"{growth:.1f} MB", "20 MB", growth <= 20, f"from {before / 1e6:.0f} MB")
        finally:
            server.stop()


def start(tracker, rounds):
    """From the start of the process to its first answer, on a store that is there; and the peer's."""
    with tempfile.TemporaryDirectory() as folder:
        ours(tracker, folder).stop()
        times = []
        for _ in range(3 * rounds):
            server = ours(tracker, folder)
            times.append(1000 * server.started)
            server.stop()
        plain = []
        for _ in range(3 * rounds):
            begin = time.perf_counter()
            subprocess.run([tracker, "--version"], stdout=subprocess.DEVNULL, check=True)
            plain.append(1000 * (time.perf_counter() - begin))
    with tempfile.TemporaryDirectory() as folder:
        peer = mlflow(folder)
        peer.stop()
    median = statistics.median(times)
    line("start to the first answer", f"{median:.1f} ms", "20 ms", median <= 20,
         f"least {min(times):.1f}; `--version` {statistics.median(plain):.1f}; peer {peer.started:.1f} s")


TASKS = {task.__name__: task for task in (start, logging, search, memory, page)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tracker", required=True)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("tasks", nargs="*", choices=[*TASKS, []], default=[])
    arguments = parser.parse_args()
    for name in arguments.tasks or TASKS:
        TASKS[name](os.path.abspath(arguments.tracker), arguments.rounds)
