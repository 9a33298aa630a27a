"""Clients that are slow, half, many or gone; a store that cannot be written; signals."""

import json
import os
import resource
import signal
import socket
import sqlite3
import threading
import time

from conftest import answer, read_all


def log_metric(run, step):
    body = json.dumps({"run_id": run, "key": "m", "value": step, "timestamp": step, "step": step}).encode()
    return (b"POST /api/2.0/mlflow/runs/log-metric HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


def test_kill_9_amid_16_writers_loses_nothing_that_was_answered(serve):
    server = serve()
    runs = [server.start_run() for _ in range(4)]
    answered = [0] * 16

    def write(place):
        try:
            with server.connect() as client:
                for step in range(100_000):
                    client.sendall(log_metric(runs[place % 4], place * 1_000_000 + step))
                    if not client.recv(1 << 12).startswith(b"HTTP/1.1 200"):
                        return
                    answered[place] = step + 1
        except OSError:
            pass

    threads = [threading.Thread(target=write, args=(place,)) for place in range(16)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    server.process.kill()
    server.process.wait()
    for thread in threads:
        thread.join()
    assert sum(answered) > 16
    for place in range(16):
        kept = server.query(f"SELECT count(*) FROM metric_point WHERE step >= {place}000000 AND step < {place + 1}000000")[0][0]
        assert answered[place] <= kept <= answered[place] + 1
    # The next server goes on with the same store.
    again = serve()
    assert again.exchange(log_metric(runs[0], 5).replace(b"Host", b"Connection: close\r\nHost")).startswith(b"HTTP/1.1 200")


def test_sigterm_answers_what_is_under_way_and_ends_within_three_seconds(server):
    run = server.start_run()
    idle = server.connect()
    half = server.connect()
    half.sendall(b"POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    late = server.connect()
    whole = log_metric(run, 1)
    late.sendall(whole[:-1])
    time.sleep(0.3)
    start = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    late.sendall(whole[-1:])
    status, headers, _ = answer(read_all(late))
    assert status == 200
    assert read_all(idle) == b""
    assert server.process.wait(10) == 0
    assert time.monotonic() - start < 6  # 3 s, and what a busy machine adds
    assert server.query("SELECT count(*) FROM metric_point") == [(1,)]
    half.close()


def test_clients_that_send_half_cost_nothing_and_the_rest_is_answered(server):
    halves = []
    for number in range(300):
        client = server.connect()
        client.sendall([b"", b"GET /hea", b"POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"][number % 3])
        halves.append(client)
    before = server.memory()
    assert server.is_alive()
    for client in halves:
        client.close()
    assert server.memory() - before < 20 << 20
    assert server.is_alive()


def test_more_connections_than_there_is_room_for_are_told_to_come_back(server):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    clients = [server.connect() for _ in range(1024)]
    time.sleep(0.5)
    status, headers, body = answer(server.exchange(b""))
    assert status == 503 and headers["retry-after"] == "1"
    for client in clients:
        client.close()
    time.sleep(0.5)
    assert server.is_alive()


def test_without_descriptors_it_goes_on(serve):
    server = serve(limits=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    clients = []
    for _ in range(100):
        clients.append(server.connect())
    time.sleep(0.5)
    assert server.process.poll() is None
    start = os.times()
    for client in clients:
        client.close()
    time.sleep(1.5)
    assert server.is_alive()


def test_a_busy_store_is_unavailable_and_heals(server):
    run = server.start_run()
    other = sqlite3.connect(server.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    status, _, body = answer(server.exchange(log_metric(run, 1).replace(b"Host", b"Connection: close\r\nHost"), timeout=40))
    assert status == 503 and b"TEMPORARILY_UNAVAILABLE" in body
    assert server.request("GET", f"/api/2.0/mlflow/runs/get?run_id={run}")[0] == 200
    other.execute("ROLLBACK")
    assert server.exchange(log_metric(run, 1).replace(b"Host", b"Connection: close\r\nHost")).startswith(b"HTTP/1.1 200")


def test_a_full_disk_is_unavailable_and_heals(serve):
    """A limit on the size of files is what a full disk is to the store."""
    server = serve(limits=lambda: (resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, resource.RLIM_INFINITY)), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)))
    run = server.start_run()
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    for size in (3 << 20, 8 << 20):
        status, _, body = server.request("PUT", f"{path}/{size}", body=os.urandom(size))
    assert status == 503 and b"TEMPORARILY_UNAVAILABLE" in body
    assert server.is_alive()
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert server.request("PUT", f"{path}/again", body=os.urandom(8 << 20))[0] == 200
    assert server.exchange(log_metric(run, 1).replace(b"Host", b"Connection: close\r\nHost")).startswith(b"HTTP/1.1 200")


def test_a_disk_that_fills_up_amid_a_large_content_leaves_nothing_of_it(serve):
    """Larger than 64 MiB: it is written in several transactions. The body just fits; store and log do not take all of it."""
    limit = 80 << 20
    server = serve(limits=lambda: (resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)))
    run = server.start_run()
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts"
    assert server.request("PUT", f"{path}/first", body=os.urandom(70 << 20))[0] == 200
    kept = server.query("SELECT count(*), sum(length(content)) FROM blob_piece")
    assert kept[0][1] == 70 << 20
    content = os.urandom(limit - 4096)
    status, _, body = server.request("PUT", f"{path}/second", body=content)
    assert status == 503 and b"TEMPORARILY_UNAVAILABLE" in body
    assert server.query("SELECT count(*), sum(length(content)) FROM blob_piece") == kept
    assert server.query("SELECT count(*) FROM blob") == [(1,)] and server.is_alive()
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert server.request("PUT", f"{path}/second", body=content)[0] == 200
    assert server.query("SELECT name, byte_count FROM artifacts") == [("first", 70 << 20), ("second", len(content))]


def test_requests_leave_nothing_in_memory(server):
    run = server.start_run()
    with server.connect() as client:
        def send(count, first):
            for step in range(first, first + count):
                client.sendall(log_metric(run, step))
                assert client.recv(1 << 12).startswith(b"HTTP/1.1 200")
        send(500, 0)
        before = server.memory()
        send(3000, 1000)
    assert server.memory() - before < 20 << 20


def test_uploads_leave_nothing_in_memory(server):
    run = server.start_run()
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/big"
    server.request("PUT", path, body=os.urandom(4 << 20))
    before = server.memory()
    size = 200 << 20
    peak = 0
    with server.connect(timeout=60) as client:
        client.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode())
        block = os.urandom(1 << 20)
        for number in range(200):
            client.sendall(block)
            if number % 20 == 0:
                peak = max(peak, server.memory())
        assert read_all(client).startswith(b"HTTP/1.1 200")
    assert max(peak, server.memory()) - before < 20 << 20
