"""What an agent sees: the protocol's own client asks `tracker mcp`."""

import asyncio
import json
import os
import subprocess

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

TRACKER = os.environ["TRACKER"]


@pytest.fixture
def store(tmp_path):
    path = str(tmp_path / "tracker.sqlite")

    def tracker(*words):
        return subprocess.run(
            [TRACKER, *words, "--db", path], check=True, capture_output=True, text=True
        ).stdout

    for name, rate in [("slow", "0.1"), ("fast", "0.5")]:
        tracker("start", "--name", name, "--experiment", "mnist", "--param", f"lr={rate}")
        for step in range(4):
            tracker("log", name, f"loss={float(rate) / (step + 1)}", "accuracy=nan")
        tracker("finish", name)
    return path


def converse(path, talk, *options):
    """Lets `talk` ask a server of the store at `path`; returns what `talk` does."""

    async def main():
        program = StdioServerParameters(command=TRACKER, args=["mcp", "--db", path, *options])
        async with stdio_client(program) as (reading, writing):
            async with ClientSession(reading, writing) as session:
                greeting = await session.initialize()
                assert greeting.server_info.name == "tracker"
                return await talk(session)

    return asyncio.run(asyncio.wait_for(main(), 600))


async def call(session, tool, /, **arguments):
    result = await session.call_tool(tool, arguments)
    text = result.content[0].text
    return text if result.is_error else json.loads(text)


def test_reading(store):
    async def talk(session):
        await session.send_ping()
        tools = (await session.list_tools()).tools
        assert {tool.name for tool in tools} == {
            "list_runs", "list_experiments", "show_run", "compare_runs", "diagnose_run",
            "metric_history", "query",
        }
        assert all(tool.annotations.read_only_hint for tool in tools)
        runs = await call(session, "list_runs", where="lr > 0.2", sort="-lr")
        assert [run["name"] for run in runs] == ["fast"]
        assert runs[0]["metrics"] == {"accuracy": "NaN", "loss": 0.125}
        assert len(await call(session, "list_runs", limit=1)) == 1
        assert (await call(session, "list_experiments"))[0]["runs"] == 2
        shown = await call(session, "show_run", run="slow")
        assert shown["id"] == 1 and shown["parameters"] == {"lr": 0.1}
        compared = await call(session, "compare_runs", runs=["slow", 2])
        assert [row["differs"] for row in compared["parameters"] if row["key"] == "lr"] == [True]
        diagnosed = await call(session, "diagnose_run", run=1)
        assert diagnosed["run"] == 1 and diagnosed["findings"]
        history = await call(session, "metric_history", run="slow", metric="loss")
        assert [point["step"] for point in history["points"]] == [0, 1, 2, 3]
        rows = await call(session, "query", sql="SELECT count(*) AS n FROM metric_points")
        assert rows == [{"n": 16}]

    converse(store, talk)


def test_mistakes_are_told_to_the_model(store):
    async def talk(session):
        assert "no run 9" in await call(session, "show_run", run=9)
        assert "run is missing" in await call(session, "show_run")
        assert "not authorized" in await call(session, "query", sql="DELETE FROM run")
        assert "it has: " in await call(session, "metric_history", run=1, metric="lost")
        assert "expected" in await call(session, "list_runs", where="lr >")
        assert "two runs" in await call(session, "compare_runs", runs=["1"])
        with pytest.raises(Exception, match="--write"):
            await session.call_tool("note_runs", {"runs": ["1"], "text": "x"})

    converse(store, talk)


def test_writing(store):
    async def talk(session):
        await call(session, "tag_runs", runs=["slow", "fast"], tags={"team": "a"})
        await call(session, "note_runs", runs=["1"], text="look here")
        await call(session, "rename_run", runs=["2"], name="faster")
        await call(session, "move_runs", runs=["2"], experiment="study")
        await call(session, "archive_runs", runs=["1"])
        run = await call(session, "show_run", run=1)
        assert run["tags"] == {"team": "a"} and run["note"] == "look here"
        assert [run["name"] for run in await call(session, "list_runs")] == ["faster"]
        await call(session, "restore_runs", runs=["1"])
        assert [run["experiment"] for run in await call(session, "list_runs")] == ["study", "mnist"]

    converse(store, talk, "--write")


def test_a_store_that_is_not_there_is_told(tmp_path):
    async def talk(session):
        return await call(session, "list_runs")

    assert "there is no store" in converse(str(tmp_path / "none.sqlite"), talk)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\n\n \n", b"\x00\xff\xfe\n", b"[" * 300_000 + b"\n", b"{" + b'"a":{' * 5000 + b"\n",
        b"a" * 20_000_000 + b"\n", b'{"id":1,"method":3}\n', b'{"id":[],"method":"ping"}\n',
        b'{"id":1,"method":"tools/call","params":{"name":"query","arguments":7}}\n',
        b'{"id":1,"method":"tools/call","params":[]}\n', b"[1,2,[]]\n",
    ],
    ids=lambda garbage: repr(garbage[:20]),
)
def test_nonsense_ends_nothing(store, garbage):
    ping = b'{"jsonrpc":"2.0","id":"last","method":"ping"}'
    done = subprocess.run(
        [TRACKER, "mcp", "--db", store], input=garbage + ping, capture_output=True, timeout=600
    )
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[-1] == {"jsonrpc": "2.0", "id": "last", "result": {}}
