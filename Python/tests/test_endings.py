"""Every way that a training can end, and what its run then says."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import pytest

import tracker
from tracker import _program, _session


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def status(show):
    facts = show()
    return facts["status"], facts["metrics"].get("x", {}).get("count", 0)


LOOP = """
    import os, sys, time, tracker
    run = tracker.init()
    for step in range(1000):
        run.log({"x": step}, step=step)
"""


@pytest.mark.parametrize(
    "ending, code, expected",
    [
        ("", 0, "finished"),
        ("sys.exit()", 0, "finished"),
        ("sys.exit(3)", 3, "failed"),
        ("raise ValueError('of no use')", 1, "failed"),
        ("raise KeyboardInterrupt", 130, "interrupted"),
        ("os._exit(0)", 0, "crashed"),
        ("os.kill(os.getpid(), 9)", -9, "crashed"),
        ("os.kill(os.getpid(), 15); time.sleep(5)", -15, "interrupted"),
        ("run.finish()", 0, "finished"),
        ("run.finish(exit_code=2)", 0, "failed"),
    ],
)
def test_the_end_of_the_program(python, show, ending, code, expected):
    done = python(LOOP + "    " + ending)
    assert done.returncode in (code, -2 if code == 130 else code), done.stderr
    until(lambda: status(show) == (expected, 1000))
    if "ValueError" in ending:
        error = show()["error"]
        assert "ValueError: of no use" in error and "Traceback" in error


def test_with_an_exception(show):
    with pytest.raises(ZeroDivisionError), tracker.init() as run:
        run.log({"x": 1})
        _ = 1 / 0
    assert show(run.id)["status"] == "failed" and "ZeroDivisionError" in show(run.id)["error"]
    with pytest.raises(KeyboardInterrupt), tracker.init() as run:
        raise KeyboardInterrupt
    assert show(run.id)["status"] == "interrupted"


def test_control_c_at_the_terminal_reaches_the_program_alone(python, show):
    child = python(
        """
        import time, tracker
        run = tracker.init()
        step = 0
        while True:
            run.log({"x": step})
            step += 1
            time.sleep(0.001)
        """,
        wait=False,
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    until(lambda: os.path.exists("tracker.sqlite") and points_so_far(show) > 20)
    os.killpg(child.pid, signal.SIGINT)
    child.communicate(timeout=30)
    until(lambda: show()["status"] == "interrupted")
    points = tracker.get("latest").history("x")
    assert [p.step for p in points] == list(range(len(points))) and len(points) > 20


def points_so_far(show):
    try:
        return status(show)[1]
    except subprocess.CalledProcessError:
        return 0


def test_the_writer_is_killed_and_nothing_is_lost(show, capfd):
    run = tracker.init()
    for step in range(20_000):
        run.log({"x": step, "y": -step}, step=step)
        if step % 5_000 == 2_500:
            _session.current()._child.kill()
    run.alert("after")
    run.finish()
    points = tracker.get(run.id).history("x")
    assert [p.step for p in points] == list(range(20_000))
    assert [p.value for p in tracker.get(run.id).history("y")] == [-s for s in range(20_000)]
    assert show(run.id)["status"] == "finished"
    assert capfd.readouterr().err.count("started again") == 1


def test_the_writer_is_killed_while_nothing_is_logged(show):
    run = tracker.init()
    run.log({"x": 1}, step=0)
    run.flush()
    _session.current()._child.kill()
    time.sleep(0.2)
    run.log({"x": 2}, step=1)
    run.finish()
    assert [p.value for p in tracker.get(run.id).history("x")] == [1, 2]


def test_killed_while_it_logs(python, show):
    child = python(
        """
        import sys, tracker
        run = tracker.init()
        for step in range(10 ** 9):
            run.log({"x": step}, step=step)
            if step % 100 == 0:
                print(step, flush=True)
        """,
        wait=False,
        stdout=subprocess.PIPE,
    )
    seen = 0
    for line in child.stdout:
        seen = int(line)
        if seen >= 30_000:
            child.kill()
            break
    seen = max([seen, *(int(line) for line in child.stdout.read().split())])
    child.wait()
    # Whoever reads sees the program's end at once; its session writes what is under way meanwhile.
    until(lambda: status(show)[0] == "crashed" and status(show)[1] > seen)
    points = tracker.get("latest").history("x")
    assert [p.step for p in points] == list(range(len(points)))


def test_forked_workers_log_into_the_same_run(python, show):
    python(
        """
        import multiprocessing, tracker

        def work(run, worker):
            for step in range(50):
                run.log({f"worker/{worker}": step}, step=step)

        if __name__ == "__main__":
            run = tracker.init()
            run.log({"x": 1}, step=0)
            context = multiprocessing.get_context("fork")
            workers = [context.Process(target=work, args=(run, n)) for n in range(3)]
            for worker in workers: worker.start()
            run.log({"x": 2}, step=1)
            for worker in workers: worker.join()
            run.log({"x": 3}, step=2)
        """,
        check=0,
    )
    facts = show()
    assert facts["status"] == "finished" and facts["metrics"]["x"]["count"] == 3
    assert [facts["metrics"][f"worker/{n}"]["count"] for n in range(3)] == [50] * 3


def test_a_worker_that_dies_does_not_end_the_run(python, show):
    python(
        """
        import os, tracker
        run = tracker.init()
        if os.fork() == 0:
            run.log({"x": 1}, step=0)
            os._exit(1)
        os.wait()
        run.log({"x": 2}, step=1)
        run.flush()
        assert tracker.get(run.id).status == "running"
        """,
        check=0,
    )
    until(lambda: show()["metrics"]["x"]["count"] == 2)
    assert show()["status"] == "finished"


def test_spawned_workers_log_into_the_same_run(tmp_path, show):
    script = tmp_path / "spawn.py"
    script.write_text(
        """
import multiprocessing, tracker

def work(run, worker):
    for step in range(20):
        run.log({f"worker/{worker}": step}, step=step)

if __name__ == "__main__":
    run = tracker.init()
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.starmap(work, [(run, n) for n in range(2)])
        pool.close()
        pool.join()
    run.finish()
"""
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    subprocess.run([sys.executable, script], check=True, timeout=120, env=environment)
    until(lambda: all(show()["metrics"].get(f"worker/{n}", {}).get("count") == 20 for n in range(2)))
    assert show()["status"] == "finished"


def test_several_ranks_into_one_run(python, show):
    text = """
        import sys, time, tracker
        run = tracker.init(id="together", resume="allow", config={"world": 3})
        for step in range(200):
            run.log({f"rank/RANK/loss": step}, step=step)
        time.sleep(0.5 * RANK)
        run.finish()
    """
    ranks = [python(text.replace("RANK", str(n)), wait=False) for n in range(3)]
    assert [rank.wait(timeout=60) for rank in ranks] == [0, 0, 0]
    assert len(tracker.runs()) == 1
    facts = show()
    assert [facts["metrics"][f"rank/{n}/loss"]["count"] for n in range(3)] == [200] * 3
    assert facts["status"] == "finished"


def test_what_one_of_several_processes_logs_after_the_end_of_the_run_is_kept(python, show):
    python(
        """
        import os, time, tracker
        run = tracker.init()
        child = os.fork()
        if child == 0:
            run.log({"worker": 0}, step=0)
            run.flush()
            open("joined", "w").close()
            while not os.path.exists("ended"):
                time.sleep(0.02)
            for step in range(1, 50):
                run.log({"worker": step}, step=step)
            run.flush()
            os._exit(0)
        while not os.path.exists("joined"):
            time.sleep(0.02)
        run.log({"x": 1}, step=0)
        run.finish()
        time.sleep(0.05)
        open("ended", "w").close()
        os.waitpid(child, 0)
        """,
        check=0,
    )
    facts = show()
    assert facts["status"] == "finished" and facts["metrics"]["worker"]["count"] == 50


def test_threads(show):
    run = tracker.init()

    def work(number):
        for step in range(500):
            run.log({f"t/{number}": step}, step=step)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.finish()
    assert [show(run.id)["metrics"][f"t/{n}"]["count"] for n in range(4)] == [500] * 4


def test_a_run_can_be_sent_to_another_process():
    run = tracker.init()
    run.log({"x": 1}, step=0)
    copy = pickle.loads(pickle.dumps(run))
    assert copy.id == run.id and copy.config.as_dict() == {}


def test_a_folder_that_may_not_be_written_to(python):
    # Nobody may write there, not even root.
    done = python(LOOP, check=0, cwd="/proc", env={"TRACKER_DB": "/proc/tracker.sqlite"})
    assert "nothing can be recorded now" in done.stderr


def test_a_store_that_cannot_be_made_does_not_end_a_training(python, tmp_path, show):
    place = tmp_path / "nowhere" / "tracker.sqlite"
    done = python(LOOP, check=0, env={"TRACKER_DB": str(place)})
    assert "nothing can be recorded now" in done.stderr
    spool = next(tmp_path.glob("tracker-*.jsonl"))
    with spool.open("rb") as lines:
        command = [_program.path(), "session", "--db", "tracker.sqlite"]
        subprocess.run(command, stdin=lines, check=True, capture_output=True)
    facts = show()
    assert (facts["status"], facts["metrics"]["x"]["count"]) == ("finished", 1000)


def test_what_a_full_disk_takes_no_more_goes_on_elsewhere(python, tmp_path, show):
    # A limit on the size of files says no in the middle of a line, as a full disk does; the next folder has room.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    full = """
    import resource
    import tracker
    from tracker import _session
    say = _session.tell
    def tell(message):
        say(message)
        if "takes no more" in message:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    _session.tell = tell
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_001, resource.RLIM_INFINITY))
    """
    place = tmp_path / "nowhere" / "tracker.sqlite"
    done = python(full + LOOP.strip(), check=0, env={"TRACKER_DB": str(place), "TMPDIR": str(elsewhere)})
    assert "takes no more" in done.stderr
    assert not list(tmp_path.glob("tracker-*.jsonl"))
    with next(elsewhere.glob("tracker-*.jsonl")).open("rb") as lines:
        command = [_program.path(), "session", "--db", "tracker.sqlite"]
        subprocess.run(command, stdin=lines, check=True, capture_output=True)
    facts = show()
    assert (facts["status"], facts["metrics"]["x"]["count"]) == ("finished", 1000)


def test_without_a_home(python, show):
    homeless = """
    import os
    for name in ("HOME", "USER", "LOGNAME"):
        os.environ.pop(name, None)
    """
    python(homeless + LOOP.lstrip("\n"), check=0)
    assert status(show) == ("finished", 1000)


def test_the_pieces_of_a_line_that_was_cut_off_are_mended(show):
    run = tracker.init()
    run.log({"x": 1}, step=0)
    session = _session.current()
    # As if Ctrl-C had come in the middle of a write.
    os.write(session._input, b'{"request":"log","numb')
    session._is_torn = True
    run.log({"x": 2}, step=1)
    run.finish()
    assert [p.value for p in tracker.get(run.id).history("x")] == [1, 2]


def test_a_cell_of_a_notebook_that_is_run_again(python, show):
    python(
        """
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        cell = "import tracker\\nrun = tracker.init()\\nrun.log({'x': 1})"
        shell.run_cell(cell + "\\n1 / 0", store_history=True)
        shell.run_cell(cell, store_history=True)
        shell.run_cell(cell, store_history=True)
        """,
        check=0,
    )
    assert [run.status for run in tracker.runs()][::-1] == ["failed", "finished", "finished"]
    assert len(tracker.runs()) == 3
