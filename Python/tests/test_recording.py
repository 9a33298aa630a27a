"""What a run records, and what is read back."""

import dataclasses
import json
import math
import subprocess

import numpy
import pytest

import tracker


def test_the_first_lines_of_the_documentation(show):
    run = tracker.init(
        experiment="mnist", name="cnn 3", config={"lr": 1e-3, "hidden": [64, 32]}, tags={"team": "a"}
    )
    for epoch in range(10):
        run.log({"train/loss": 0.41, "val/acc": 0.93}, step=epoch)
    run.finish()
    facts = show(run.id)
    assert facts["experiment"] == "mnist" and facts["name"] == "cnn 3" and facts["status"] == "finished"
    assert facts["parameters"] == {"lr": 1e-3, "hidden": "[64, 32]"}
    assert facts["tags"] == {"team": "a"}
    assert facts["metrics"]["train/loss"]["count"] == 10 and facts["metrics"]["val/acc"]["lastStep"] == 9


def test_values_arrive_to_the_bit(show):
    values = [0.1, 1e-323, -0.0, 1 / 3, 1.7976931348623157e308, math.nan, math.inf, -math.inf, 5e300]
    run = tracker.init()
    for step, value in enumerate(values):
        run.log({"x": value}, step=step)
    told = [point.value for point in run.history("x")]
    assert [math.copysign(1, v) if v == 0 else v for v in told if v == v] == [
        math.copysign(1, v) if v == 0 else v for v in values if v == v
    ]
    assert math.isnan(told[5])


def test_numbers_of_numpy_and_nested_metrics(show):
    run = tracker.init()
    run.log({"a": numpy.float32(0.5), "b": numpy.array([2.0]), "c": numpy.int64(3), "d": {"e": 4, "f": True}})
    run.log({"a": numpy.float64(1.5)})
    run.finish()
    metrics = show(run.id)["metrics"]
    assert {key: figures["last"] for key, figures in metrics.items()} == {
        "a": 1.5, "b": 2, "c": 3, "d/e": 4, "d/f": 1,
    }  # fmt: skip


def test_what_is_no_number_is_said_once_and_ends_nothing(show, capsys):
    run = tracker.init()
    for _ in range(3):
        run.log({"loss": 1.0, "odd": object(), "vector": [1, 2], "word": "warm"})
    run.finish()
    facts = show(run.id)
    assert facts["metrics"]["loss"]["count"] == 3 and facts["tags"] == {"word": "warm"}
    assert capsys.readouterr().err.count("odd is not recorded: a object is not a number") == 1


def test_steps_count_up_and_commit_holds_them():
    run = tracker.init()
    run.log({"a": 1})
    run.log({"a": 2}, commit=False)
    run.log({"b": 3})
    run.log({"a": 4}, step=10)
    run.log({"b": 5})
    assert [(p.step, p.value) for p in run.history("a")] == [(0, 1), (1, 2), (10, 4)]
    assert [(p.step, p.value) for p in run.history("b")] == [(1, 3), (10, 5)]


def test_configurations_of_all_kinds(show):
    @dataclasses.dataclass
    class Settings:
        lr: float = 0.5
        layers: tuple = (3, 4)

    run = tracker.init(config=Settings())
    run.config.update({"optimizer": {"name": "adam", "beta": numpy.float32(0.5)}, "none": None})
    run.config.extra = True
    run.config["lr"] = 0.25
    assert run.config.lr == 0.25 and run.config["extra"] is True
    run.finish()
    assert show(run.id)["parameters"] == {
        "lr": 0.25, "layers": "[3, 4]", "optimizer.name": "adam", "optimizer.beta": 0.5, "none": "None", "extra": True,
    }  # fmt: skip


def test_a_value_that_is_recorded_stays_unless_it_may_change(show, capsys):
    run = tracker.init(config={"lr": 1})
    run.config.update({"lr": 2})
    run.flush()
    assert show(run.id)["parameters"] == {"lr": 1}
    assert "has other values of lr" in capsys.readouterr().err
    run.config.update({"lr": 2}, allow_val_change=True)
    run.finish()
    assert show(run.id)["parameters"] == {"lr": 2}


def test_artifacts_of_all_kinds(store, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "weights.bin").write_bytes(b"\0\1\2")
    run = tracker.init()
    run.log_artifact(tmp_path / "folder" / "weights.bin", kind="model")
    run.log_artifact(tmp_path / "folder", name="all")
    run.log_text("né\n", "notes.txt")
    run.log_image(numpy.zeros((2, 3)), "picture")
    run.log({"shown": tracker.Image([[0, 255]]), "spread": tracker.Histogram([1, 2, math.nan]), "loss": 1.0}, step=4)
    run.log_table(tracker.Table(["a", "b"], [[1, "x,y"]]), "rows")
    run.finish()
    kept = {row["name"]: row for row in tracker.query("SELECT name, kind, byte_count FROM artifacts")}
    assert set(kept) == {
        "weights.bin", "all/weights.bin", "notes.txt", "picture/0.png", "shown/4.png", "spread/4.json", "rows/4.csv",
    }  # fmt: skip
    assert kept["weights.bin"]["kind"] == "model" and kept["notes.txt"]["byte_count"] == 4
    out = tmp_path / "rows.csv"
    subprocess.run([tracker._program.path(), "artifact", "get", "1", "rows/4.csv", "-o", out], check=True)
    assert out.read_text() == 'a,b\n1,"x,y"\n'


def test_an_artifact_that_is_not_there_ends_nothing(capsys):
    with tracker.init() as run:
        run.log_artifact("nowhere.bin")
    assert "nowhere.bin" in capsys.readouterr().err


def test_a_png_is_one_that_others_read():
    from tracker._media import png

    made = png([[[255, 0, 0], [0, 255, 0]]])
    assert made.startswith(b"\x89PNG\r\n\x1a\n") and made[16:24] == (2).to_bytes(4, "big") + (1).to_bytes(4, "big")
    with pytest.raises(ValueError, match="channels"):
        png([[[1, 2], [3, 4]], [[1, 2], [3, 4]]])


def test_alerts_tags_notes_and_summary(show):
    run = tracker.init(notes="first")
    run.log({"loss": 2.0})
    run.alert("slow", "it is slow", level=tracker.AlertLevel.WARN)
    run.set_tags(["good"], stage=2)
    run.set_note("second")
    run.summary["best"] = 0.9
    run.summary["word"] = "done"
    assert run.summary["loss"] == 2.0 and run.summary["best"] == 0.9
    run.finish()
    facts = show(run.id)
    assert facts["note"] == "second" and facts["tags"] == {"good": "true", "stage": "2", "word": "done"}
    assert facts["metrics"]["best"]["last"] == 0.9
    assert [row["title"] for row in tracker.query("SELECT title, level FROM alerts")] == ["slow"]


def test_reading_runs():
    for rate in (0.1, 0.5):
        with tracker.init(experiment="e", config={"lr": rate}) as run:
            for step in range(3):
                run.log({"loss": rate * step, "acc": 1 - rate}, step=step)
    found = tracker.runs(where="params.lr > 0.3")
    assert [r.config for r in found] == [{"lr": 0.5}] and found[0].summary == {"loss": 1.0, "acc": 0.5}
    assert len(tracker.runs()) == 2 and len(tracker.runs(limit=1)) == 1
    assert tracker.get("latest").id == 2
    rows = tracker.get(1).history("loss", "acc")
    assert rows[2] == {"step": 2, "loss": 0.2, "acc": 0.9}
    with pytest.raises(tracker.Error, match="expected"):
        tracker.runs(where="lr >")
    with pytest.raises(tracker.Error):
        tracker.query("DELETE FROM run")


def test_a_notebook_shows_runs_escaped():
    with tracker.init(name="<b>bold</b>", config={"a": "<script>"}) as run:
        for step in range(5):
            run.log({"<x>": step})
    for shown in (run._repr_html_(), tracker.runs()._repr_html_(), tracker.get(1)._repr_html_()):
        assert "<script>" not in shown and "<b>bold" not in shown and "&lt;" in shown
        assert len(shown) < 20_000
    assert "<svg" in run._repr_html_()


def test_a_disabled_run_records_nothing(store):
    with tracker.init(mode="disabled", config={"a": 1}) as run:
        run.log({"x": 1})
        run.log_text("t")
        run.alert("a")
        assert run.config.a == 1
    assert not store.exists()


def test_several_runs_at_once(show):
    first, second = tracker.init(name="one"), tracker.init(name="two")
    for step in range(100):
        first.log({"x": step})
        second.log({"x": -step})
    second.finish()
    first.log({"x": 100})
    first.finish()
    assert show(first.id)["metrics"]["x"]["last"] == 100 and show(second.id)["metrics"]["x"]["last"] == -99


def test_runs_in_a_run(show):
    study = tracker.init(id="cross-validation")
    folds = [tracker.init(parent=above) for above in (study, study.uuid)]
    with pytest.raises(tracker.Error, match="uuid"):
        tracker.init(parent=1)
    with pytest.raises(tracker.Error, match="names no run"):
        tracker.init(parent="")
    apart = tracker.init()
    for run in (apart, *folds, study):
        run.finish()
    assert show(study.id)["children"] == [fold.id for fold in folds]
    assert [show(run.id)["parent"] for run in (*folds, apart)] == [study.id, study.id, None]


def test_going_on_with_a_run(show):
    with tracker.init(id="mine", config={"a": 1}) as run:
        run.log({"x": 1})
    with tracker.init(id="mine", resume="allow") as again:
        assert again.id == run.id and again.resumed and again.step == 1
        again.log({"x": 2})
    with tracker.init(id=run.id) as third:
        third.log({"x": 3})
    assert [p.value for p in tracker.get(run.id).history("x")] == [1, 2, 3]
    with pytest.raises(tracker.Error, match="already"):
        tracker.init(id="mine", resume="never")
    with pytest.raises(tracker.Error, match="no run"):
        tracker.init(id="other", resume="must")


def test_system_metrics(show):
    import time

    run = tracker.init(system_metrics=0.2)
    time.sleep(2.5)
    run.finish()
    metrics = show(run.id)["metrics"]
    for name in ("system/cpu", "system/memory", "system/disk"):
        assert 0 <= metrics[name]["last"] <= 100 and metrics[name]["count"] >= 2
    with tracker.init(system_metrics=False) as quiet:
        pass
    assert show(quiet.id)["metrics"] == {}


def test_the_console_is_kept_on_request(capsys, tmp_path):
    with tracker.init(console=True) as run:
        print("hello there")
    print("not kept")
    assert "hello there" in capsys.readouterr().out
    subprocess.run(
        [tracker._program.path(), "artifact", "get", str(run.id), "console.txt", "-o", "c.txt"], check=True
    )
    assert (tmp_path / "c.txt").read_text() == "hello there\n"


def test_everything_public_has_a_docstring():
    for name in tracker.__all__:
        assert getattr(tracker, name).__doc__, name
    json.dumps(tracker.__all__)


def test_a_step_that_is_not_one_and_values_after_the_end_are_said_and_end_nothing(show, capsys):
    run = tracker.init()
    run.log({"x": 1}, step=3)
    run.log({"x": 2}, step="soon")
    run.finish()
    run.log({"x": 3})
    assert [(point.step, point.value) for point in run.history("x")] == [(3, 1), (3, 2)]
    told = capsys.readouterr().err
    assert "'soon' is not a step" in told and "has ended; nothing more is recorded" in told


@pytest.mark.parametrize("config", [5, "lr=1"])
def test_a_configuration_without_parameters_says_what_it_may_be(config):
    with pytest.raises(TypeError, match="give a mapping, a dataclass or an argparse.Namespace"):
        tracker.init(config=config)


def test_a_step_that_no_store_holds_and_a_text_for_values_are_told_and_lose_nothing(show, capsys):
    with tracker.init() as run:
        run.log({"a": 1}, step=2**70)
        run.log("a")
        run.log({"a": 2})
    told = capsys.readouterr().err
    assert f"{2**70} is not a step" in told and "nothing is recorded of a str" in told
    assert show(run.id)["metrics"]["a"]["count"] == 2


def test_a_configuration_that_holds_itself_and_a_program_that_is_not_there_are_said(monkeypatch):
    config = {}
    config["self"] = config
    with pytest.raises(TypeError, match="holds itself"):
        tracker.init(config=config)
    monkeypatch.setenv("TRACKER_PROGRAM", "/nowhere/tracker")
    with pytest.raises(tracker.Error, match=r"\$TRACKER_PROGRAM names /nowhere/tracker"):
        tracker.query("SELECT 1")
