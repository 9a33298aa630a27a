"""What clients sent to a server once, recorded by recordings/record.py, is sent again: each request gets the status that it got, and an answer of the
same form. Ids are those of the present store."""

import json
import pathlib
import urllib.parse

import pytest

RECORDINGS = sorted((pathlib.Path(__file__).parent / "recordings").glob("*.jsonl"))


def form(value):
    """The names in an answer, and not their values; in a list in any order: runs that started at once come by their ids."""
    if isinstance(value, dict):
        return {name: form(member) for name, member in value.items()}
    if isinstance(value, list):
        return sorted((form(item) for item in value), key=json.dumps)
    return None


def ids(value):
    """The ids of runs, models and experiments in an answer, in the order of their places."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in ("run_id", "model_id") and isinstance(member, str):
                yield member
            else:
                yield from ids(member)
    elif isinstance(value, list):
        for member in value:
            yield from ids(member)


def parsed(text):
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return None


def test_there_is_a_recording_of_each_client():
    names = {path.stem for path in RECORDINGS}
    assert names == {
        "asynchronous-3.17.2", "curl", "lightgbm-autolog", "lightning", "mlflow-3.17.2", "mlflow-skinny-2.22.5", "mlflow-skinny-3.1.4", "sklearn-autolog",
        "transformers"}


@pytest.mark.parametrize("recording", RECORDINGS, ids=[path.stem for path in RECORDINGS])
def test_recorded_clients_get_the_answers_that_they_got(server, recording):
    present = {}
    for number, line in enumerate(recording.read_text().splitlines(), 1):
        for old, new in present.items():
            line = line.replace(old, new)
        recorded = json.loads(line)
        body = recorded["body"]
        # The bytes of files are not kept, but there were as many.
        body = b"\x07" * body["bytes"] if isinstance(body, dict) else body.encode()
        path = urllib.parse.quote(recorded["path"])
        if recorded["query"]:
            path += "?" + urllib.parse.urlencode([tuple(pair) for pair in recorded["query"]])
        headers = [(name, recorded[name]) for name in ("content-type", "user-agent") if name in recorded]
        status, _, answer = server.request(recorded["method"], path, headers=headers or [("content-type", "")], body=body or None)
        place = f"{recording.name}:{number}: {recorded['method']} {recorded['path']}: {answer[:300]}"
        assert status == recorded["status"], place
        before, now = parsed(recorded["answer"]), parsed(answer)
        if before is None or now is None:
            continue
        assert form(now) == form(before), place
        for old, new in zip(ids(before), ids(now)):
            if old != new:
                present.setdefault(old, new)
    assert server.query("SELECT count(*) FROM run")[0][0] > 0
    assert server.query("PRAGMA integrity_check") == [("ok",)]
