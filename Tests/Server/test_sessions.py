"""Programs that record for a server: `tracker.init(db="http://…")`, a queue on their disk, and `tracker push --queued`.

$TRACKER_CLIENT may name another program for their side than the one that serves.
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENT = os.environ.get("TRACKER_CLIENT", os.environ["TRACKER"])

TRAINING = """
import sys, time, tracker
run = tracker.init(db=sys.argv[1], experiment="away", name="cnn", config={"lr": 0.1, "net": {"layers": 2}}, tags={"team": "a"})
for step in range(int(sys.argv[2])):
    run.log({"loss": 1 / (step + 1), "accuracy": step}, step=step)
    time.sleep(float(sys.argv[3]))
run.log_text("weights", "model.txt")
"""


@pytest.fixture
def train(tmp_path):
    """Starts a Python program in a folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()

    def start(text, *arguments, **more):
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "Python/src"), "TRACKER_PROGRAM": CLIENT, **more}
        return subprocess.Popen(
            [sys.executable, "-c", text, *map(str, arguments)], cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    start.folder = folder
    start.queues = lambda: sorted(folder.glob("tracker-queue/*/*.sqlite"))
    return start


def address(server):
    return f"http://127.0.0.1:{server.port}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def push(train, *options, **environment):
    return subprocess.run(
        [CLIENT, "push", "--queued", "tracker-queue", *options], cwd=train.folder, capture_output=True, text=True,
        timeout=120, env={**os.environ, **environment})


def steps(server, key):
    """The steps of a metric that the server has, with all that is there twice."""
    return [step for step, in server.query(
        "SELECT step FROM metric_point JOIN metric_series ON id = series_id WHERE key = '%s' ORDER BY step" % key)]


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.05)


def test_a_run_reaches_the_server_whole(serve, train):
    server = serve()
    program = train(TRAINING, address(server), 500, 0)
    _, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors
    assert steps(server, "loss") == steps(server, "accuracy") == list(range(500))
    [run] = server.post("runs/search", {"experiment_ids": ["0", "1", "2"], "max_results": 10})["runs"]
    assert run["info"]["status"] == "FINISHED" and run["info"]["run_name"] == "cnn"
    assert {"lr": "0.1", "net.layers": "2"}.items() <= {p["key"]: p["value"] for p in run["data"]["params"]}.items()
    assert server.query("SELECT count(*) FROM artifact WHERE name = 'model.txt'") == [(1,)]
    assert train.queues() == [] and not list(train.folder.glob("tracker-queue/*"))


def test_the_points_come_while_the_training_goes_on(serve, train):
    server = serve()
    program = train(TRAINING, address(server), 10_000, 0.01)
    until(lambda: len(steps(server, "loss")) > 50)
    assert program.poll() is None
    program.send_signal(signal.SIGTERM)
    program.communicate(timeout=60)
    assert server.query("SELECT status FROM run WHERE id = (SELECT max(id) FROM run)") == [("interrupted",)]


def test_a_server_that_is_killed_and_comes_back_has_all_once(serve, train):
    port = free_port()
    server = serve("--port", str(port))
    program = train(TRAINING, address(server), 1500, 0.004)
    until(lambda: len(steps(server, "loss")) > 20)
    server.stop(signal.SIGKILL)
    time.sleep(2)
    server = serve("--port", str(port))
    _, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors
    assert steps(server, "loss") == list(range(1500)) and steps(server, "accuracy") == list(range(1500))
    assert server.query("SELECT count(*) FROM run") == [(1,)]
    assert train.queues() == []


def test_what_waited_is_brought_by_a_command(serve, train):
    port = free_port()
    program = train(TRAINING, f"http://127.0.0.1:{port}", 300, 0)
    _, errors = program.communicate(timeout=60)
    assert program.returncode == 0 and "tracker push --queued" in errors, errors
    assert len(train.queues()) == 1
    assert push(train).returncode == 69
    server = serve("--port", str(port))
    done = push(train)
    assert done.returncode == 0, done.stderr
    assert steps(server, "loss") == list(range(300)) and train.queues() == []
    assert "nothing waits" in push(train).stderr


def test_a_killed_training_is_crashed_there_too(serve, train):
    server = serve()
    program = train(TRAINING, address(server), 10_000, 0.005)
    until(lambda: steps(server, "loss"))
    program.kill()
    program.communicate()
    until(lambda: server.query("SELECT status FROM run") in ([("crashed",)], [("failed",)]))
    until(lambda: train.queues() == [])
    kept = steps(server, "loss")
    assert kept == list(range(len(kept)))


def test_the_session_is_killed_and_nothing_is_lost(serve, train):
    server = serve()
    text = TRAINING.replace("    time.sleep", "    if step == 200: __import__('os').kill(tracker._session.started()._child.pid, 9)\n    time.sleep")
    program = train(text, address(server), 600, 0.002)
    _, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors
    assert steps(server, "loss") == list(range(600)) and server.query("SELECT count(*) FROM run") == [(1,)]
    until(lambda: train.queues() == [])


def test_forked_processes_write_along(serve, train):
    server = serve()
    text = """
import multiprocessing, sys, tracker
def work(run, place):
    for step in range(100):
        run.log({f"worker{place}": step}, step=step)
run = tracker.init(db=sys.argv[1])
context = multiprocessing.get_context("fork")
workers = [context.Process(target=work, args=(run, place)) for place in range(2)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
run.finish()
"""
    program = train(text, address(server))
    _, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors
    until(lambda: train.queues() == [])
    assert steps(server, "worker0") == steps(server, "worker1") == list(range(100))


def test_the_token_is_shown_and_a_wrong_one_is_told(serve, train, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("correct-horse-battery-staple")
    server = serve("--token", str(secret))
    # Not on the command line, which is recorded.
    text = TRAINING.replace("db=sys.argv[1]", "db=sys.argv[1], token=__import__('os').environ['SECRET']")
    wrong = train(text, address(server), 10, 0, SECRET="wrong-horse-battery-staple")
    _, errors = wrong.communicate(timeout=60)
    assert wrong.returncode == 0 and "401" in errors and len(train.queues()) == 1, errors
    assert b"horse" not in train.queues()[0].read_bytes()
    assert push(train, MLFLOW_TRACKING_TOKEN="correct-horse-battery-staple").returncode == 0
    right = train(text, address(server), 10, 0, SECRET="correct-horse-battery-staple")
    _, errors = right.communicate(timeout=60)
    assert right.returncode == 0 and "401" not in errors, errors
    assert server.query("SELECT count(*) FROM run") == [(2,)] and train.queues() == []


def test_the_servers_runs_are_read_from_python(serve, train):
    server = serve()
    text = TRAINING + """
run.finish()
tracker._session._end()
[stored] = tracker.runs(where="params.lr = 0.1", db=sys.argv[1])
assert stored.name == "cnn" and stored.metrics["loss"]["count"] == 20 and stored.status == "finished", stored.facts
assert [point.step for point in stored.history("loss")] == list(range(20))
assert tracker.get("latest", db=sys.argv[1]).id == stored.id
try:
    tracker.runs(where="lr <", db=sys.argv[1])
except tracker.Error as error:
    print(error)
"""
    program = train(text, address(server), 20, 0)
    out, errors = program.communicate(timeout=60)
    assert program.returncode == 0, errors
    assert "answers 400" in out


def test_the_environment_names_the_server_and_the_queue(serve, train, tmp_path):
    server = serve()
    text = TRAINING.replace("db=sys.argv[1], ", "")
    program = train(text, "", 20, 0, TRACKER_DB=address(server), TRACKER_QUEUE=str(tmp_path / "waiting"))
    _, errors = program.communicate(timeout=60)
    assert program.returncode == 0, errors
    assert steps(server, "loss") == list(range(20))
    assert (tmp_path / "waiting").exists() and not (train.folder / "tracker-queue").exists()
