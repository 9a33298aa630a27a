"""A server of the page, and the program on the same store."""

import os
import signal
import subprocess
import time
from pathlib import Path

from stores import Program


class Served:
    def __init__(self, folder):
        self.program = Program(folder)
        self.log = Path(folder) / "server.log"
        self.port = 0
        self.process = None

    def start(self):
        """Starts the server; again on the port that it had."""
        self.log.write_text("")
        self.process = subprocess.Popen(
            [os.environ["TRACKER"], "serve", "--port", str(self.port), "--log"], stderr=open(self.log, "ab"), env=self.program.environment)
        deadline = time.monotonic() + 60
        while "serving" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.02)
        self.port = int(self.log.read_text().split("\n")[0].rsplit(":", 1)[1].strip("/"))
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(10) == 0

    def asked(self, path):
        """How often a path was asked for since the start."""
        return sum(f" {path} " in line for line in self.log.read_text().splitlines())

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"


def group(program):
    """A few runs that have ended, and one that goes on. Returns its number."""
    for number in range(3):
        program.record([{"step": step, "loss": 1 / (step + 1 + number), "val/acc": 1 - 1 / (step + 2 + number)} for step in range(60)],
                       "--name", f"ended {number}", "--param", f"lr={0.1 * (number + 1)}")
    going = program("start", "--name", "goes on", "--param", "lr=0.5", "--tag", "team=a").strip()
    for step in range(5):
        program("log", going, f"loss={0.9 / (step + 1)}", "--step", step)
    return going
