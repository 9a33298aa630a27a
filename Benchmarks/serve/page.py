"""What the live page costs the server: 1,000 runs, ten that go on, and a browser that looks."""

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from load import drive, request
from servers import ours

RUNS, GOING, EPOCHS, METRICS = 1000, 10, 50, 3


def batch(run, steps):
    """A request with a value of each metric at each of the steps."""
    return request("POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": run, "metrics": [
        {"key": f"m{k}", "value": (k + 1) / (step + 1), "timestamp": int(1000 * time.time()), "step": step} for step in steps for k in range(METRICS)]})


class Listener(threading.Thread):
    """Notes when the page's stream of events tells of something new."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        self.times = []
        self.start()

    def run(self):
        while piece := self.socket.recv(1 << 16):
            if b"data:" in piece:
                self.times.append(time.monotonic())


def find_chromium():
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def page(tracker, rounds):
    """Processor time of the server over a minute in which ten of 1,000 runs log a batch a second: nobody looks, and a browser does."""
    seconds = 60 if rounds > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        server = ours(tracker, folder, "--log")
        browser = None
        try:
            connections = server.connect(8)
            runs = [connections[0].post("runs/create", {
                "experiment_id": "0", "run_name": f"r{n}", "start_time": int(1000 * time.time())})["run"]["info"]["run_id"] for n in range(RUNS)]
            queues = [[] for _ in connections]
            for n, run in enumerate(runs):
                params = [{"key": "lr", "value": str(n % 7)}, {"key": "seed", "value": str(n)}]
                queues[n % 8].append(request("POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": run, "params": params}))
                queues[n % 8].append(batch(run, range(EPOCHS)))
                if n >= GOING:
                    queues[n % 8].append(request("POST", "/api/2.0/mlflow/runs/update", {
                        "run_id": run, "status": "FINISHED", "end_time": int(1000 * time.time())}))
            drive(connections, queues)
            step = EPOCHS
            logged = []

            def follow(length):
                """Logs for so many seconds; the share of a processor that the server takes."""
                nonlocal step
                connection, = server.connect()
                before, start = server.processor(), time.monotonic()
                while (now := time.monotonic()) - start < length:
                    for run in runs[:GOING]:
                        connection.ask(batch(run, [step]))
                    logged.append(time.monotonic())
                    step += 1
                    time.sleep(max(0, 1 - (time.monotonic() - now)))
                return 100 * (server.processor() - before) / (time.monotonic() - start)

            alone = follow(seconds)
            program = find_chromium()
            assert program, "Chromium is missing; name it in CHROMIUM"
            browser = subprocess.Popen(
                [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1440,900",
                 "--remote-debugging-port=0", f"--user-data-dir={folder}/browser", f"http://127.0.0.1:{server.port}/"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            listener = Listener(server.port)
            opening = server.processor()
            log = Path(folder) / "log"
            # The listener's stream, and the page's: it is open then.
            while log.read_bytes().count(b" GET /events ") < 2:
                assert browser.poll() is None, "Chromium ended"
                follow(1)
            follow(10)
            opening = server.processor() - opening
            logged.clear()
            listener.times.clear()
            parts = (b" GET /runs/", b" GET /sections ")
            read = [log.read_bytes().count(part) for part in parts]
            looked = follow(seconds)
            read = [log.read_bytes().count(part) - before for part, before in zip(parts, read)]
            time.sleep(2)
            told = [min(one - at for one in listener.times if one >= at) for at in logged]
            browser.terminate()
            browser.wait(20)
            line = "{:44}{:>22}{:>26}  {}  {}".format
            print(line("a page of 1,000 runs, ten of which go on", f"{looked - alone:.1f} % of a core", "5 %", "met" if looked - alone < 5 else "MISSED",
                       f"{looked:.1f} % with the logging, {alone:.1f} % without a page; until it stood: {opening:.1f} s; "
                       f"it read a run {read[0]} times and all {read[1]} times"), flush=True)
            print(line("from a point to the page's event", f"{1000 * statistics.median(told):.0f} ms", "1 s",
                       "met" if statistics.median(told) < 1 else "MISSED", f"longest {1000 * max(told):.0f} ms"), flush=True)
        finally:
            if browser and browser.poll() is None:
                browser.kill()
            server.stop()
