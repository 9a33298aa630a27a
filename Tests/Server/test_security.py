"""Tokens, names and origins."""

import base64
import subprocess

import pytest
from conftest import TRACKER, answer


def get(server, *headers, path="/api/2.0/mlflow/experiments/get?experiment_id=0", method="GET"):
    return answer(server.exchange("\r\n".join([f"{method} {path} HTTP/1.1", "Connection: close", *headers]).encode() + b"\r\n\r\n"))


def test_without_a_token_only_this_machine_is_listened_to(tmp_path):
    result = subprocess.run([TRACKER, "serve", "--host", "0.0.0.0", "--db", tmp_path / "s.sqlite"], capture_output=True, text=True, timeout=20)
    assert result.returncode == 64 and "--token" in result.stderr
    assert not (tmp_path / "s.sqlite").exists()


@pytest.mark.parametrize("host,status", [
    ("localhost", 200), ("127.0.0.1:5000", 200), ("[::1]:80", 200), ("LOCALHOST", 200), ("10.1.2.3", 200), ("a.localhost", 200),
    ("evil.example", 403), ("127.0.0.1.evil.example", 403), ("localhost.evil.example", 403), ("", 403), ("0x7f.1", 403)])
def test_a_name_that_leads_here_is_not_ours(server, host, status):
    assert get(server, f"Host: {host}")[0] == status


@pytest.mark.parametrize("header,status", [
    ("Origin: http://localhost:1", 403), ("Origin: null", 403), ("Origin: https://evil.example", 403), ("Sec-Fetch-Site: cross-site", 403),
    ("Origin: http://localhost", 200), ("X: y", 200)])
def test_pages_of_others_do_not_write(server, header, status):
    body = '{"experiment_ids": []}'
    received = server.exchange(
        f"POST /api/2.0/mlflow/runs/search HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{header}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
    assert answer(received)[0] == status
    assert b"Access-Control" not in received


def test_a_form_of_another_page_is_no_message(server):
    status, _, body = server.request("POST", "/api/2.0/mlflow/experiments/create", headers=[("Content-Type", "text/plain")], body=b'{"name": "x"}')
    assert status == 400 and b"Content-Type" in body


def test_the_token_is_wanted_for_all_but_the_health(serve, tmp_path):
    (tmp_path / "token").write_text("s3cret\nsecond line\n")
    server = serve("--token", str(tmp_path / "token"))

    def basic(pair):
        return "Authorization: Basic " + base64.b64encode(pair.encode()).decode()

    status, headers, body = get(server, "Host: any.example")
    assert status == 401 and headers["www-authenticate"] == 'Basic realm="mlflow"' and b"UNAUTHENTICATED" in body
    for header in ("Authorization: Bearer s3cret", "authorization: bearer  s3cret", basic("me:s3cret"), basic(":s3cret")):
        assert get(server, "Host: any.example", header)[0] == 200
    for header in ("Authorization: Bearer s3cre", "Authorization: Bearer s3cret2", "Authorization: Bearer ", "Authorization: s3cret", basic("s3cret:"),
                   "Authorization: Basic %%%", "Authorization: Digest s3cret", "Authorization: Bearer second line"):
        assert get(server, "Host: localhost", header)[0] == 401
    assert get(server, "Host: x", path="/health")[0] == 200
    assert get(server, "Host: x", path="/none")[0] == 401


def test_the_token_of_the_environment(serve):
    server = serve(environment={"TRACKER_TOKEN": "t"})
    assert get(server, "Host: localhost")[0] == 401
    assert get(server, "Host: localhost", "Authorization: Bearer t")[0] == 200
