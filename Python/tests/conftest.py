"""Each test has a store of its own, and the program that $TRACKER_PROGRAM or the installed wheel brings."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

from tracker import _program, _run, _session


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    path = tmp_path / "tracker.sqlite"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DB", str(path))
    _run.newest = None
    _session._told.clear()
    yield path
    for run in _run.open_runs():
        run.finish()
    _run.newest = None
    _session._end()


@pytest.fixture
def show(store):
    """What the program says of a run."""

    def shown(run="latest", *more):
        done = subprocess.run(
            [_program.path(), "show", str(run), "--format", "json", *more], capture_output=True, check=True
        )
        return json.loads(done.stdout)

    return shown


@pytest.fixture
def python(store):
    """Runs a program in another Python; its ending."""

    def run(text, *, check=None, wait=True, **options):
        environment = {**os.environ, **options.pop("env", {})}
        environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
        command = [sys.executable, "-c", textwrap.dedent(text)]
        if not wait:
            return subprocess.Popen(command, env=environment, **options)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, **options)
        if check is not None:
            assert done.returncode == check, done.stderr
        return done

    return run
