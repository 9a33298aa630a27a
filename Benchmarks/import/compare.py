"""Imports of a million points of each kind, in turn with the program's own reader: `compare.py TRACKER [KIND …]`.

The sources are written here, as the programs write them: MLflow's, TensorBoard's and plain tables by `tracker export --to`, the
others by the programs themselves or in their form. Processor time, for machines are busy: ours of the whole command into a new
store; a reader's of its call alone, without the start of Python and its imports.
"""

import json
import os
import pathlib
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile

POINTS = int(os.environ.get("POINTS", 1_000_000))
METRICS = 10
ROUNDS = int(os.environ.get("ROUNDS", 3))
TRACKER = os.path.abspath(sys.argv[1])
random.seed(1)


def rows():
    """Steps with a value of each metric."""
    for step in range(POINTS // METRICS):
        yield step, {f"m{number}": random.random() for number in range(METRICS)}


def tracker(folder, *words):
    subprocess.run([TRACKER, *map(str, words)], check=True, capture_output=True,
                   env={**os.environ, "TRACKER_DB": str(folder / "source.sqlite")})


def table(folder):
    path = folder / "history.csv"
    with open(path, "w") as file:
        file.write("step," + ",".join(f"m{number}" for number in range(METRICS)) + "\n")
        for step, values in rows():
            file.write(f"{step}," + ",".join(map(repr, values.values())) + "\n")
    return path


def exported(folder, reader):
    tracker(folder, "import", table(folder))
    tracker(folder, "export", "--to", reader, "-o", folder / reader)
    return folder / reader


def jsonl(folder):
    with open(folder / "history.jsonl", "w") as file:
        for step, values in rows():
            file.write(json.dumps({"step": step, **values}) + "\n")
    return folder / "history.jsonl"


def mlflow_database(folder):
    from mlflow.tracking import MlflowClient
    path = folder / "mlflow.db"
    client = MlflowClient(f"sqlite:///{path}")
    run = client.create_run("0").info.run_id
    client.set_terminated(run)
    store = sqlite3.connect(path)
    store.executemany(
        "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)",
        ((key, value, 1_700_000_000_000 + step, run, step) for step, values in rows() for key, value in values.items()))
    store.executemany("INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, 0, 0, 0, 0, ?)",
                      ((f"m{number}", run) for number in range(METRICS)))
    store.commit()
    return path


def wandb_offline(folder):
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=str(folder), WANDB_CONSOLE="off")
    import wandb
    run = wandb.init(project="p", settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True))
    for step, values in rows():
        run.log(values, step=step)
    run.finish()
    return folder / "wandb"


def trackio_project(folder):
    os.environ["TRACKIO_DIR"] = str(folder / "trackio")
    from trackio.sqlite_storage import SQLiteStorage
    data = list(rows())
    for start in range(0, len(data), 5000):
        part = data[start:start + 5000]
        SQLiteStorage.bulk_log(project="p", run="r", metrics_list=[values for _, values in part],
                               steps=[step for step, _ in part])
    return folder / "trackio"


def sacred_run(folder):
    run = folder / "sacred" / "1"
    run.mkdir(parents=True)
    data = list(rows())
    metrics = {f"m{number}": {"steps": [step for step, _ in data], "timestamps": ["2024-01-01T00:00:00.000000"] * len(data),
                              "values": [values[f"m{number}"] for _, values in data]} for number in range(METRICS)}
    (run / "metrics.json").write_text(json.dumps(metrics))
    (run / "config.json").write_text("{}")
    (run / "run.json").write_text(json.dumps({"experiment": {"name": "e"}, "status": "COMPLETED",
                                              "start_time": "2024-01-01T00:00:00", "stop_time": "2024-01-01T01:00:00"}))
    return folder / "sacred"


def dvclive_folder(folder):
    plots = folder / "dvclive" / "plots" / "metrics"
    plots.mkdir(parents=True)
    files = [open(plots / f"m{number}.tsv", "w") for number in range(METRICS)]
    for number, file in enumerate(files):
        file.write(f"step\tm{number}\n")
    for step, values in rows():
        for file, value in zip(files, values.values()):
            file.write(f"{step}\t{value!r}\n")
    (folder / "dvclive" / "metrics.json").write_text("{}")
    return folder / "dvclive"


READ_MLFLOW = """
from mlflow.tracking import MlflowClient
client = MlflowClient({uri!r})
begin()
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        for key in run.data.metrics: client.get_metric_history(run.info.run_id, key)
"""
READ_PANDAS = "import pandas\nbegin()\npandas.read_{0}\n"

KINDS = {
    "mlruns": (lambda folder: exported(folder, "mlruns"), lambda path: READ_MLFLOW.format(uri=str(path)), "MLflow 2.22"),
    "mlflow": (mlflow_database, lambda path: READ_MLFLOW.format(uri=f"sqlite:///{path}"), "MLflow 2.22"),
    "tensorboard": (lambda folder: exported(folder, "tensorboard"), lambda path: f"""
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
board = EventMultiplexer(size_guidance={{"scalars": 0, "tensors": 0}}).AddRunsFromDirectory({str(path)!r})
begin()
board.Reload()
""", "TensorBoard's EventMultiplexer"),
    "wandb": (wandb_offline, lambda path: f"""
import glob
from wandb.sdk.internal.datastore import DataStore
from wandb.proto import wandb_internal_pb2
begin()
store = DataStore()
store.open_for_scan(glob.glob({str(path)!r} + "/offline-run-*/*.wandb")[0])
while (data := store.scan_data()) is not None:
    record = wandb_internal_pb2.Record.FromString(data)
    [(item.nested_key, item.value_json) for item in record.history.item]
""", "W&B's DataStore"),
    "trackio": (trackio_project, lambda path: f"""
import os
os.environ["TRACKIO_DIR"] = {str(path)!r}
from trackio.sqlite_storage import SQLiteStorage
begin()
SQLiteStorage.get_logs(project="p", run="r")
""", "Trackio's SQLiteStorage"),
    "sacred": (sacred_run, lambda path: f"import json\nbegin()\njson.load(open({str(path / '1' / 'metrics.json')!r}))\n",
               "json.load"),
    "dvclive": (dvclive_folder, lambda path: f"""
import glob, pandas
begin()
for file in glob.glob({str(path)!r} + "/plots/metrics/*.tsv"): pandas.read_csv(file, sep="\\t")
""", "pandas"),
    "csv": (table, lambda path: READ_PANDAS.format(f"csv({str(path)!r})"), "pandas"),
    "jsonl": (jsonl, lambda path: READ_PANDAS.format(f"json({str(path)!r}, lines=True)"), "pandas"),
}


def ours(path, kind):
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        outcome = subprocess.run([TRACKER, "import", str(path), "--from", "mlflow" if kind == "mlruns" else kind],
                                 env={**os.environ, "TRACKER_DB": f"{folder}/t.sqlite"}, text=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        assert outcome.returncode == 0, outcome.stderr
        count = sqlite3.connect(f"{folder}/t.sqlite").execute("SELECT sum(count) FROM metrics").fetchone()[0]
        assert count >= POINTS, (kind, count, outcome.stderr)
        return seconds


def theirs(code):
    program = ("import time\nstart = 0\ndef begin():\n    global start\n    start = time.process_time()\n"
               + code + "\nprint(time.process_time() - start)")
    outcome = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True)
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    return float(outcome.stdout.split()[-1])


def main():
    print(f"| {POINTS:,} points | ours | reader | ratio | reader |\n| --- | ---: | ---: | ---: | --- |")
    for kind in sys.argv[2:] or KINDS:
        make, code, name = KINDS[kind]
        folder = pathlib.Path(tempfile.mkdtemp())
        try:
            path = make(folder)
            pairs = [(ours(path, kind), theirs(code(path))) for _ in range(ROUNDS)]
            a, b = (statistics.median(values) for values in zip(*pairs))
            ratio = statistics.median(x / y for x, y in pairs)
            print(f"| {kind} | {a:.2f} s | {b:.2f} s | {ratio:.3f} | {name} |", flush=True)
        finally:
            shutil.rmtree(folder)


main()
