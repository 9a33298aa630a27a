"""What the programs that `export --to` is for read from its folders is what the store holds."""

import csv
import json
import math
import os
import struct
import subprocess

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.plugins.hparams import plugin_data_pb2

from test_push import lines

READ_FOLDER = """
import json, sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
runs = []
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        history = {key: [(m.step, repr(m.value), m.timestamp) for m in client.get_metric_history(run.info.run_id, key)]
                   for key in run.data.metrics}
        runs.append(dict(experiment=experiment.name, name=run.info.run_name, status=run.info.status, params=run.data.params,
                         tags=run.data.tags, metrics=history, start=run.info.start_time, end=run.info.end_time,
                         files=sorted(f.path for f in client.list_artifacts(run.info.run_id))))
print(json.dumps(runs))
"""


def bits(value):
    return struct.pack(">d", float(value)) if not math.isnan(float(value)) else "nan"


def fill(store, tmp_path):
    store.record(lines(200), "--experiment", "digits", "--name", "a/run", "--param", "lr=0.001", "--param", "text=x: y",
                 "--tag", "team=a", "--note", "two\nlines")
    (tmp_path / "model.bin").write_bytes(b"content")
    store.run("artifact", "add", 1, tmp_path / "model.bin", "--name", "models/m.bin")
    store.run("run", "--preset", "saturated-digits", "--epochs", 3)


def test_mlruns(store, tmp_path):
    fill(store, tmp_path)
    store.run("export", "--to", "mlruns", "-o", tmp_path / "mlruns")
    output = subprocess.run([os.environ["FOLDER_READER"], "-c", READ_FOLDER, str(tmp_path / "mlruns")], text=True,
                            capture_output=True, check=True).stdout
    runs = {run["name"]: run for run in json.loads(output)}
    run = runs["a/run"]
    assert run["experiment"] == "digits" and run["status"] == "FINISHED" and runs["run 2"]["experiment"] == "Default"
    assert run["params"] == {"lr": "0.001", "text": "x: y"} and run["files"] == ["models"]
    assert run["tags"]["team"] == "a" and run["tags"]["mlflow.note.content"] == "two\nlines"
    points = store.points(1, "train/loss")
    history = sorted(run["metrics"]["train/loss"])
    assert [(p[0], bits(p[1])) for p in points] == [(h[0], bits(h[1])) for h in history]
    assert runs["run 2"]["metrics"]["gradientCheck/failedCount"][0][1] != "0.0"
    # Back again, to the bit.
    store.environment["TRACKER_DB"] = str(tmp_path / "back.sqlite")
    store.run("import", tmp_path / "mlruns")
    back = {run["name"]: run["id"] for run in store.json("list")}
    again = store.points(back["a/run"], "train/loss")
    assert [(p[0], bits(p[1]), p[2]) for p in points] == [(p[0], bits(p[1]), p[2]) for p in again]


def test_tensorboard(store, tmp_path):
    fill(store, tmp_path)
    store.run("export", "--to", "tensorboard", "-o", tmp_path / "logs")
    board = EventMultiplexer().AddRunsFromDirectory(str(tmp_path / "logs"))
    board.Reload()
    assert set(board.Runs()) == {"digits/a_run", "default/run 2"}
    events = board.GetAccumulator("digits/a_run")
    points = store.points(1, "train/loss")
    scalars = events.Tensors("train/loss") if "train/loss" in events.Tags()["tensors"] else events.Scalars("train/loss")
    assert len(scalars) == len(points)
    for (step, value, _), event in zip(points, scalars):
        number = event.value if hasattr(event, "value") else event.tensor_proto.float_val[0]
        narrow = struct.unpack("f", struct.pack("f", value))[0] if abs(value) < 3e38 or not math.isfinite(value) else \
            math.copysign(math.inf, value)
        assert event.step == step and bits(number) == bits(narrow)
    assert "team" in events.Tags()["tensors"]
    start = plugin_data_pb2.HParamsPluginData.FromString(
        events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content)
    assert start.session_start_info.hparams["lr"].number_value == 0.001
    assert start.session_start_info.hparams["text"].string_value == "x: y"


def test_tables(store, tmp_path):
    fill(store, tmp_path)
    store.run("export", "--to", "csv", "-o", tmp_path / "tables")
    with open(tmp_path / "tables" / "metrics.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["run_id"] == "1" and row["metric"] == "train/loss"]
    points = store.points(1, "train/loss")
    assert [(int(r["step"]), bits(r["value"]), r["time"]) for r in rows] == [(p[0], bits(p[1]), p[2]) for p in points]
    with open(tmp_path / "tables" / "runs.csv", newline="") as file:
        runs = list(csv.DictReader(file))
    assert runs[0]["name"] == "a/run" and runs[0]["params.lr"] == "0.001" and runs[0]["note"] == "two\nlines"
    with open(tmp_path / "tables" / "gradient-checks.csv", newline="") as file:
        assert int(list(csv.DictReader(file))[0]["failedCount"]) > 0
