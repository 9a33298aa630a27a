"""Makes the stores that the tests report on, with the program itself, as a user would."""

import json
import os
import random
import subprocess
import uuid
from pathlib import Path

INJECTION = "<img src=x onerror=alert(1)>"
EMOJI = "🧪 trial 👩🏽‍🔬"
HOSTILE = [
    INJECTION, "</script><script>alert(1)</script>", "\"><svg onload=alert(1)>", "'onfocus='alert(1)", "{{title}} {{{script}}}",
    "&lt;b&gt;", "javascript:alert(1)", "\u202egnirts lanoitceridib", "tab\tand\nline", "x" * 5000, "-- ; DROP TABLE run",
]


class Program:
    """The program on a store of its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.environment = {**os.environ, "TRACKER_DB": str(self.folder / "tracker.sqlite"), "NO_COLOR": "1", "TZ": "UTC"}

    def __call__(self, *arguments, given=None):
        """Its standard output; a status that is not 0 is an error."""
        result = subprocess.run(
            [os.environ["TRACKER"], *map(str, arguments)], cwd=self.folder, env=self.environment, input=given,
            capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, f"tracker {' '.join(map(str, arguments))}: {result.stderr}"
        return result.stdout

    def record(self, lines, *options):
        """Records a foreign program's lines of metrics."""
        self("record", *options, given="".join(json.dumps(line) + "\n" for line in lines))


def full(program):
    """A store as it grows: trainings, checks that pass and fail, a sweep over seeds, foreign runs, a run that goes on."""
    program("run", "--quiet", "--epochs", 40, "--name", INJECTION, "--tag", "team=<b>a</b>")
    program("run", "--quiet", "--epochs", 60, "--name", EMOJI, "--note", "A remark on <i>two</i>\nlines.")
    program("run", "--quiet", "--preset", "saturated-digits", "--epochs", 60, "--name", "saturated")
    program("run", "--quiet", "--preset", "saturated-digits", "--epochs", 60, "--init-range", "0.12", "--check", "both")
    program("run", "--quiet", "--epochs", 30, "--optimizer", "adam", "--activation", "relu", "--hidden", "40,20")
    sweep(program)
    gaps = [{"step": step, "loss": float("nan") if step in (7, 8, 20) else 2 / (step + 1), "reward": -step} for step in range(40)]
    gaps[12]["loss"] = float("inf")
    program.record(gaps, "--name", "has gaps", "--param", "lr=0.1")
    going = program("start", "--name", "goes on", "--param", "lr=0.01").strip()
    for step in range(5):
        program("log", going, f"loss={1 / (step + 1)}", "--step", step)


def sweep(program):
    """A grid over two parameters and three seeds, alone."""
    program("sweep", "--quiet", "--epochs", 25, "--lambda", "0,0.5,3", "--hidden", "10,30", "--seed", "1...3", "--check", "never")


def own_sections(program):
    """A few runs, with sections of a user's own, one of each form."""
    program("run", "--quiet", "--epochs", 20, "--name", INJECTION)
    program("run", "--quiet", "--epochs", 20, "--lambda", "2")
    program("run", "--quiet", "--epochs", 20, "--check", "never", "--experiment", "other")


def single(program):
    """One run."""
    program("run", "--quiet", "--epochs", 50)


def long(program):
    """A run of 3,000 steps, more than a chart shows at once."""
    chance = random.Random(7)
    program.record([{"step": step, "val/loss": 1 / (1 + step / 300) + chance.uniform(0, 0.1)} for step in range(3000)])


def empty(program):
    """A store without runs."""
    program("import", "-", given=export(0, 0))


def many(program):
    """240 runs of 120 epochs."""
    program("import", "-", given=export(240, 120))


def one_epoch(program):
    """500 runs that recorded a single epoch: curves are dots."""
    program("import", "-", given=export(500, 1))


def hostile(program):
    """Names that attack or burst the page, and series that hardly are ones."""
    for name in HOSTILE:
        program.record([{"step": step, "loss": 1 / (step + 1)} for step in range(4)], f"--name={name}", f"--param=key={name}")
    program.record([], "--name", "no epochs")
    program.record([{"step": 3, "loss": 0.5}], "--name", "one epoch")
    program.record([{"step": step, "loss": float("nan"), "other": float("-inf")} for step in range(9)], "--name", "nothing finite")
    program.record([{"step": step, INJECTION: step, "🧪": 1e308 * (-1) ** step, "tiny": 5e-324} for step in range(9)])


def repeated(program):
    """The same again and again, without a seed."""
    for number in range(6):
        program.record([{"step": step, "loss": 1 / (step + 1 + number % 3)} for step in range(20)], "--param", f"lr={0.1 * (1 + number % 2)}")


# What a report is made with beside its store.
OPTIONS = {"own_sections": ["--reports", Path(__file__).parent / "sections"]}
STORES = {make.__name__: make for make in (full, sweep, own_sections, single, long, empty, many, one_epoch, hostile, repeated)}
# Reports that are kept, not made.
EXAMPLES = {path.stem: path for path in (Path(__file__).parents[2] / "Reports" / "examples").glob("*.html")}
REPORTS = [*STORES, *EXAMPLES]

METRICS = {"cost": True, "dataCost": True, "penalty": False, "trainAccuracy": False, "testAccuracy": False, "testCost": True,
           "gradientNorm": True, "stepLength": False, "evaluations": False, "seconds": False, "saturated.1": False}


def export(run_count, epoch_count, seed=0):
    """The lines of an export (Migrations/README.md) of runs whose curves fall or rise with noise of their own."""
    rows = [{"table": "experiment", "id": 1, "name": "generated"}]
    chance = random.Random(seed)
    series = 0
    for run in range(1, run_count + 1):
        started = 1_700_000_000_000 + run * 60_000
        rows.append({
            "table": "run", "id": run, "uuid": str(uuid.UUID(int=seed << 64 | run)), "experiment_id": 1, "name": f"generated {run}",
            "status": "finished", "started_at": started, "ended_at": started + 30_000, "program": "generated", "host": "host",
            "user": "user", "pid": run, "command": f"train --seed {run}"})
        rate = 10 ** chance.uniform(-3, 0)
        for key, kind, value in (("learningRate", "real", rate), ("seed", "integer", run)):
            rows.append({"table": "parameter", "run_id": run, "key": key, "kind": kind, "value": value})
        for key, falls in METRICS.items():
            series += 1
            rest = chance.uniform(0.01, 0.3)
            curve = [rest + (1 - rest) / (1 + rate * step) + chance.gauss(0, 0.01) for step in range(epoch_count)]
            values = [abs(value) if falls else max(0.0, 1 - value) for value in curve]
            rows.append({
                "table": "metric_series", "id": series, "run_id": run, "key": key, "point_count": epoch_count,
                "first_value": values[0], "last_value": values[-1], "min_value": min(values), "max_value": max(values),
                "last_step": epoch_count - 1, "last_at": started + 30_000})
            rows.extend({"table": "metric_point", "series_id": series, "step": step, "nth": 0, "value": value, "elapsed": step}
                        for step, value in enumerate(values))
    lines = [{"tracker": "export", "schema": 1, "program": "generated"}, *rows, {"end": len(rows)}]
    return "".join(json.dumps(line) + "\n" for line in lines)
