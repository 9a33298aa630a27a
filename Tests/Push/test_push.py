"""What MLflow's own client reads after a push is what the store holds."""

import datetime
import http.server
import json
import math
import signal
import threading
import time

import pytest
from mlflow.tracking import MlflowClient

VALUES = [0.1, "NaN", "Infinity", "-Infinity", 1e-310, -1e308, 1 / 3, 0.0]
# What takes so many seconds does not end.
HANG = 600


def lines(count, start=0):
    return [{"step": start + i, "train/loss": VALUES[i % len(VALUES)], "acc@1": i / 7} for i in range(count)]


def there(server, store):
    """Each run's copy on the server, by its number here."""
    client = MlflowClient(server.uri)
    experiments = [e.experiment_id for e in client.search_experiments()]
    copies = {}
    for run, uuid in store.uuids().items():
        found = client.search_runs(experiments, f"tags.`tracker.uuid` = '{uuid}'")
        assert len(found) == 1, f"run {run} is there {len(found)} times"
        copies[run] = found[0]
    return client, copies


def same(ours, theirs):
    # MLflow keeps infinity as the greatest number.
    if math.isinf(ours):
        return abs(theirs) > 1.79e308 and (theirs > 0) == (ours > 0)
    return ours == theirs or math.isnan(ours) and math.isnan(theirs)


def expect_same(server, store):
    client, copies = there(server, store)
    for run, copy in copies.items():
        shown = store.json("show", run)
        for key in shown["metrics"]:
            keys = [k for k in copy.data.metrics if k == key or "@" in key and k.startswith(key.replace("@", "_") + "-")]
            assert len(keys) == 1, key
            points = sorted(store.points(run, key), key=lambda p: (p[0], p[2]))
            history = sorted(client.get_metric_history(copy.info.run_id, keys[0]), key=lambda m: (m.step, m.timestamp))
            assert len(points) == len(history)
            for (step, value, moment), metric in zip(points, history):
                milliseconds = round(datetime.datetime.fromisoformat(moment).timestamp() * 1000)
                assert (step, milliseconds) == (metric.step, metric.timestamp) and same(value, metric.value)
        for key, value in shown["tags"].items():
            assert copy.data.tags[key] == value
        for key, value in shown["parameters"].items():
            assert copy.data.params[key] == (str(value) if not isinstance(value, float) else repr(value))
    return client, copies


def test_everything_arrives(server, store, tmp_path):
    store.record(lines(2500), "--experiment", "digits", "--name", "a run", "--param", "lr=0.001", "--param", "note=x y",
                 "--tag", "team=a", "--note", "two\nlines")
    content = bytes(range(256)) * 20_000
    (tmp_path / "model.bin").write_bytes(content)
    (tmp_path / "empty").touch()
    store.run("artifact", "add", 1, tmp_path / "model.bin", "--name", "models/a b.bin")
    store.run("artifact", "add", 1, tmp_path / "empty", "--name", "empty")
    store.run("run", "--preset", "saturated-digits", "--epochs", 5)
    outcome = store.run("push")
    assert "sent 2 new runs" in outcome.stderr and f"{server.uri}/#/experiments/" in outcome.stdout
    client, copies = expect_same(server, store)
    assert copies[1].info.status == "FINISHED" and copies[1].info.run_name == "a run"
    assert copies[1].data.tags["mlflow.note.content"] == "two\nlines"
    folder = client.download_artifacts(copies[1].info.run_id, "", str(tmp_path))
    assert open(f"{folder}/models/a b.bin", "rb").read() == content
    assert open(f"{folder}/empty", "rb").read() == b""
    checks = json.loads(open(client.download_artifacts(
        copies[2].info.run_id, "tracker/gradient-checks.json", str(tmp_path))).read())
    assert checks["gradientChecks"][0]["failedCount"] == copies[2].data.metrics["gradientCheck/failedCount"] > 0
    assert copies[2].inputs.dataset_inputs[0].dataset.name == "digits"
    again = store.run("push")
    assert again.stdout == "" and "the server has all of it" in again.stderr


def test_a_server_that_is_killed_is_waited_for(server, store):
    """Half a minute long; where it takes longer to start, on a busy machine, the same command goes on."""
    store.record(lines(30_000))
    push = store.start("push")
    time.sleep(1.5)
    server.kill()
    time.sleep(1)
    server.start()
    status = push.wait(HANG)
    assert status in (0, 69), push.stderr.read()
    if status == 69:
        assert "does not answer" in push.stderr.read()
        store.run("push")
    expect_same(server, store)
    assert "the server has all of it" in store.run("push").stderr


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("after", [0.3, 1, 2])
def test_a_push_that_is_killed_goes_on(server, store, number, after):
    store.record(lines(10_000))
    push = store.start("push")
    time.sleep(after)
    push.send_signal(number)
    assert push.wait(HANG) in ((0, 130) if number == signal.SIGINT else (0, -9))
    store.run("push")
    expect_same(server, store)
    assert "the server has all of it" in store.run("push").stderr


def test_following(server, store):
    run = int(store.run("start", "--name", "follower").stdout)
    push = store.start("push", "--follow")
    for step in range(30):
        store.run("log", run, f"loss={1 / (step + 1)}", "--step", step)
        time.sleep(0.1)
    deadline = time.monotonic() + HANG
    while True:
        try:
            _, copies = expect_same(server, store)
            break
        except AssertionError:
            assert time.monotonic() < deadline
            time.sleep(1)
    assert copies[run].info.status == "RUNNING"
    store.run("log", run, "loss=7", "--step", 3)
    store.run("finish", run)
    assert push.wait(HANG) == 0, push.stderr.read()
    _, copies = expect_same(server, store)
    assert copies[run].info.status == "FINISHED"


def test_a_token_goes_with_each_request_and_is_not_seen(store):
    """A server that asks for a token, and what it is shown."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.headers["Authorization"])
            ok = seen[-1] == "Bearer s3cret"
            words = open(f"/proc/{push.pid}/cmdline").read()
            assert "s3cret" not in words
            body = b'{"experiments": [], "runs": []}' if ok else b'{"error_code": "PERMISSION_DENIED", "message": "no"}'
            self.send_response(200 if ok else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    store.record(lines(1))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as guard:
        threading.Thread(target=guard.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{guard.server_port}"
        for token, status in [("wrong", 69), ("s3cret", 0)]:
            store.environment["MLFLOW_TRACKING_TOKEN"] = token
            push = store.start("push", "--to", address, "--dry-run")
            assert push.wait(HANG) == status, push.stderr.read()
            assert "MLFLOW_TRACKING_TOKEN" in push.stderr.read() or status == 0
        guard.shutdown()
    assert seen[0] == "Bearer wrong" and set(seen[1:]) == {"Bearer s3cret"}


def test_a_deleted_run_is_left_alone(server, store):
    store.record(lines(1))
    store.record(lines(2))
    store.run("push")
    client, copies = there(server, store)
    client.delete_run(copies[1].info.run_id)
    store.run("tag", 2, "a=b")
    refused = store.run("push", status=65)
    assert copies[1].info.run_id in refused.stderr
    assert client.get_run(copies[2].info.run_id).data.tags["a"] == "b"
