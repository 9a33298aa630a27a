"""What changes, as events; edits; and clients that fall silent."""

import json
import os
import sqlite3
import subprocess
import time
from contextlib import contextmanager

import pytest
from conftest import TRACKER


class Stream:
    def __init__(self, client):
        self.client = client
        self.text = ""

    def event(self, seconds=20):
        """The next event, as its id and its data."""
        self.client.settimeout(seconds)
        while True:
            # The pieces' lengths stand on lines of their own.
            blocks = [block for block in self.text.replace("\r\n", "\n").split("\n\n") if "data: " in block]
            if blocks and self.text.rstrip("\r\n").endswith("}"):
                self.text = ""
                lines = dict(line.split(": ", 1) for line in blocks[-1].split("\n") if ": " in line)
                return lines["id"], json.loads(lines["data"])
            self.text += self.client.recv(1 << 16).decode()


@contextmanager
def listening(server, *headers, path="/events"):
    with server.connect() as client:
        client.sendall("\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers]).encode() + b"\r\n\r\n")
        head = b""
        while b"retry: 1000" not in head:
            head += client.recv(1 << 16)
        assert b"200 OK" in head and b"text/event-stream" in head and b"no-store" in head
        stream = Stream(client)
        stream.text = head.decode().split("retry: 1000", 1)[1]
        yield stream


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.05)


def log(server, run, value, step=0):
    server.post("runs/log-metric", {"run_id": run, "key": "loss", "value": value, "timestamp": 1, "step": step})


def test_a_listener_hears_what_changes_and_goes_on_where_it_was(server):
    first, second = server.start_run(), server.start_run()
    with listening(server) as stream:
        known, data = stream.event()
        assert data["sections"]
        log(server, first, 1)
        known, data = stream.event()
        assert data["runs"] == [1]
    log(server, second, 1)
    with listening(server, f"Last-Event-ID: {known}") as stream:
        later, data = stream.event()
        assert data["runs"] == [2] and later != known
    # Another server's event says nothing about this one.
    with listening(server, "Last-Event-ID: other.5.5") as stream:
        assert stream.event()[1]["sections"]
    # What is known already is not told.
    with listening(server, path=f"/events?since={later}") as stream:
        with pytest.raises(TimeoutError):
            while stream.event(2)[1]["runs"] == []:
                pass


def test_what_other_programs_write_is_heard(server):
    server.start_run()
    with listening(server) as stream:
        stream.event()
        with sqlite3.connect(server.store) as store:
            store.execute("UPDATE run SET note = 'from elsewhere'")
        store.close()
        assert stream.event()[1]["runs"] == [1]


def test_nothing_is_looked_for_while_nobody_listens(server):
    run = server.start_run()
    with listening(server) as stream:
        stream.event()
    time.sleep(1)

    def seconds():
        parts = open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    log(server, run, 1)
    before = seconds()
    time.sleep(3)
    assert seconds() - before <= 0.02


def test_listeners_do_not_keep_the_server_from_ending(server):
    with listening(server) as stream:
        stream.event()
        start = time.monotonic()
        assert server.stop() == 0 and time.monotonic() - start < 6  # 3 s, and what a busy machine adds
        assert stream.client.recv(1 << 16).rstrip(b"\r\n") in (b"", b"0")


def test_an_edit_and_the_edit_that_takes_it_back(server):
    server.start_run()

    def edit(message, **options):
        status, _, body = server.request("POST", "/runs/1", message, **options)
        return status, json.loads(body)

    def shown():
        run = json.loads(server.request("GET", "/api/tracker/1/runs/1")[2])
        return run["name"], run["note"], run["tags"]

    status, undo = edit({"name": "a", "note": "b", "tags": {"team": "x", "gone": None}, "archived": True})
    assert (status, undo) == (200, {"name": "r", "note": None, "tags": {"gone": None, "team": None}, "archived": False})
    assert shown() == ("a", "b", {"team": "x"})
    assert server.query("SELECT archived FROM runs") == [(1,)]
    assert edit(undo) == (200, {"name": "a", "note": "b", "tags": {"gone": None, "team": "x"}, "archived": True})
    assert shown() == ("r", None, {}) and server.query("SELECT archived FROM runs") == [(0,)]

    for message in ({}, [], {"status": "failed"}, {"name": 5}, {"tags": {"": "x"}}, {"tags": {"a": 1}}, {"archived": "yes"}):
        assert edit(message)[0] == 400, message
    assert shown() == ("r", None, {})
    assert server.request("POST", "/runs/7", {"name": "x"})[0] == 404
    assert server.request("POST", "/runs/1", {"name": "x"}, headers=[("Content-Type", "text/plain")])[0] == 415
    for header in (("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")):
        assert edit({"name": "x"}, headers=[header])[0] == 403
    assert shown() == ("r", None, {})
    assert server.request("DELETE", "/runs/1")[0] == 405
    status, headers, body = server.request("HEAD", "/events")
    assert (status, headers["content-type"], body) == (200, "text/event-stream", b"")


def test_a_client_that_falls_silent_is_taken_for_crashed_until_it_is_heard_of(serve):
    server = serve()
    run = server.start_run()
    server.stop()
    with sqlite3.connect(server.store) as store:
        store.execute("UPDATE run SET heard_at = heard_at - 3 * 3600 * 1000")
    store.close()
    for words in (["list"], ["show", "latest"]):
        said = subprocess.run([TRACKER, *words, "--db", server.store], capture_output=True, text=True, timeout=60).stdout
        assert "running, silent for 3 h" in said
    server = serve("--lost-after", "2h")
    until(lambda: server.query("SELECT status FROM runs") == [("crashed",)])
    assert server.query("SELECT ended_at = max(started_at, heard_at) FROM run") == [(1,)]
    log(server, run, 1)
    assert server.query("SELECT status, ended_at FROM runs") == [("running", None)]
