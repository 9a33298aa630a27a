"""What is answered, and what is refused before anything is done."""

import hashlib
import json
import shutil

import pytest
from conftest import answer


def test_requests_follow_each_other_on_one_connection(server):
    one = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    received = server.exchange(one * 3 + last)
    assert received.count(b"HTTP/1.1 200 OK") == 4
    assert received.endswith(b"3.3.2")


def test_an_unread_body_is_not_the_next_request(server):
    smuggled = b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"
    received = server.exchange(
        b"POST /api/2.0/mlflow/none HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%sGET /health HTTP/1.1\r\n"
        b"Host: localhost\r\nConnection: close\r\n\r\n" % (len(smuggled), smuggled))
    assert received.count(b"HTTP/1.1 ") == 2
    assert b"ENDPOINT_NOT_FOUND" in received and received.endswith(b"OK")


TWO_READINGS = {
    "length and pieces": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "pieces and length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "equal lengths": b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a list of lengths": b"Content-Length: 5, 5\r\n\r\nhello",
    "a length below zero": b"Content-Length: -1\r\n\r\n",
    "another coding": b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a hidden coding": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a bad piece": b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "two hosts": b"Host: other\r\n\r\n",
    "a folded line": b"A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "a NUL": b"A: \x00\r\n\r\n",
}


@pytest.mark.parametrize("rest", TWO_READINGS.values(), ids=TWO_READINGS.keys())
def test_a_request_with_two_readings_is_refused(server, rest):
    received = server.exchange(
        b"POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: localhost\r\n" + rest
        + b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert received.count(b"HTTP/1.1 ") == 1
    assert answer(received)[0] in (400, 501)
    assert server.is_alive()


@pytest.mark.parametrize(
    "data", [b"\x16\x03\x01\x02\x00\x01\x00", b"hello\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 100 + b"x\r\n\r\n",
             b"GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"],
    ids=["TLS", "words", "no path", "version", "blank lines", "no UTF-8", "no host"])
def test_garbage_is_refused(server, data):
    assert answer(server.exchange(data))[0] in (400, 505)
    assert server.is_alive()


def test_a_header_that_is_too_large_is_refused(server):
    large = b"GET /health HTTP/1.1\r\nHost: localhost\r\nA: " + b"x" * (33 << 10)
    assert answer(server.exchange(large + b"\r\n\r\n"))[0] == 431
    assert answer(server.exchange(large))[0] == 431
    many = b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"A%d: %s\r\n" % (n, b"x" * 400) for n in range(100))
    assert answer(server.exchange(many + b"\r\n"))[0] == 431
    fits = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nA: " + b"x" * (31 << 10) + b"\r\n\r\n"
    assert answer(server.exchange(fits))[0] == 200


def test_expect_continue(server):
    run = server.start_run()
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/a"
    with server.connect() as client:
        client.sendall(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n".encode())
        assert client.recv(1 << 10) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hello")
        assert client.recv(1 << 10).startswith(b"HTTP/1.1 200")
    # What will be refused is not asked for.
    refused = server.exchange(f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000000000\r\nExpect: 100-continue\r\n\r\n".encode())
    assert answer(refused)[0] == 413 and b"100 Continue" not in refused


def test_what_the_disk_has_no_room_for_is_not_asked_for(server, tmp_path):
    run = server.start_run()
    size = 99_999_999_999
    with server.connect() as client:
        client.sendall(f"PUT /api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/a HTTP/1.1\r\nHost: localhost\r\n"
                       f"Content-Length: {size}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n".encode())
        has_room = shutil.disk_usage(tmp_path).free > size
        assert client.recv(1 << 10).startswith(b"HTTP/1.1 100" if has_room else b"HTTP/1.1 503")
    assert server.is_alive()


def test_a_body_that_is_too_large_is_refused_and_the_answer_arrives(server):
    for size in (33 << 20, 200 << 20):
        with server.connect() as client:
            client.sendall(f"POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n".encode())
            try:
                for _ in range(64):
                    client.sendall(b" " * (1 << 16))
            except (BrokenPipeError, ConnectionResetError):
                pass
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 413")
    assert server.is_alive()


def test_endless_pieces_are_refused(server):
    with server.connect() as client:
        client.sendall(b"POST /api/2.0/mlflow/runs/log-batch HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        try:
            for _ in range(2000):
                client.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert server.is_alive()
    assert server.memory() < 250 << 20


@pytest.mark.parametrize("size", [0, 5, 1 << 20, (1 << 20) + 1, 40 << 20, 70 << 20])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_content_goes_up_and_comes_down_to_the_bit(server, size, chunked):
    run = server.start_run()
    path = f"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/folder/file.bin"
    seed = hashlib.sha256(b"seed").digest()
    content = (seed * (size // 32 + 1))[:size]
    if chunked:
        pieces = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (content[n:n + 70_000] for n in range(0, size, 70_000)))
        status, _, body = server.request("PUT", path, headers=[("Transfer-Encoding", "chunked")], body=pieces + b"0\r\n\r\n")
    else:
        status, _, body = server.request("PUT", path, body=content)
    assert (status, body) == (200, b"{}")
    status, headers, body = server.request("GET", path)
    assert status == 200 and headers["content-length"] == str(size) and hashlib.sha256(body).digest() == hashlib.sha256(content).digest()
    assert headers["x-content-type-options"] == "nosniff"
    status, headers, body = server.request("HEAD", path)
    assert (status, headers["content-length"], body) == (200, str(size), b"")
    files = server.request("GET", f"/api/2.0/mlflow/artifacts/list?run_id={run}&path=folder")[2]
    assert json.loads(files)["files"] == [{"path": "folder/file.bin", "is_dir": False, "file_size": size}]


def test_the_log_has_a_line_a_request(serve):
    server = serve("--log")
    server.request("GET", "/health")
    server.request("GET", "/%1b%5b31m")
    server.stop()
    lines = server.log.read_text().splitlines()[1:]
    assert " GET /health 200 2 bytes " in lines[0]
    assert "\x1b" not in server.log.read_text()
