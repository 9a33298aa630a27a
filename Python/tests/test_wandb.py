"""Scripts that were written for W&B, as people write them, with ``import tracker as wandb``."""

import argparse
import dataclasses
import json
import subprocess

import numpy
import pytest

import tracker
import tracker as wandb
from tracker import _program


def artifacts(run):
    """The names and kinds of what a run keeps."""
    done = subprocess.run(
        [_program.path(), "query", f"SELECT name, kind FROM artifacts WHERE run_id = {run.id}", "--format", "json"],
        capture_output=True,
        check=True,
    )
    return {row["name"]: row["kind"] for row in json.loads(done.stdout)}


def test_scripts_for_wandb_run(show, capsys):
    wandb.login()
    wandb.init(
        project="demo", config={"lr": 0.1}, tags=["baseline"], notes="n", group="g", job_type="train", entity="me"
    )
    wandb.config.update({"batch": 32})
    wandb.define_metric("val/*", step_metric="epoch")
    for step in range(3):
        wandb.log({"loss": 1.0 / (step + 1), "epoch": step})
    wandb.log({"image": wandb.Image(numpy.zeros((2, 2))), "table": wandb.Table(columns=["a"], data=[[1]])})
    wandb.log({"hist": wandb.Histogram([1, 2, 3]), "video": wandb.Video("x.mp4")})
    wandb.run.summary["best"] = 1
    artifact = wandb.Artifact("model", type="model")
    artifact.add_file(__file__)
    wandb.log_artifact(artifact)
    wandb.plot.line_series([1], [2])
    wandb.alert(title="t", text="x", level=wandb.AlertLevel.ERROR)
    wandb.finish(exit_code=0)
    facts = show()
    assert facts["status"] == "finished" and facts["experiment"] == "demo"
    assert facts["parameters"] == {"lr": 0.1, "batch": 32}
    assert facts["tags"] == {"baseline": "true", "group": "g", "job_type": "train"}
    assert facts["metrics"]["loss"]["count"] == 3
    err = capsys.readouterr().err
    assert err.count("Video is not supported") == 1 and err.count("plot is not supported") == 1


def test_a_training_with_options_of_argparse(show):
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--lr", type=float, default=0.01)
    wandb.init(project="mnist", config=parser.parse_args([]), settings=wandb.Settings(start_method="fork"), save_code=True)
    config = wandb.config
    config.momentum = 0.1
    assert config.batch_size == 64 and config["lr"] == 0.01 and "momentum" in config and config.get("none", 1) == 1
    for epoch in range(2):
        images = [wandb.Image(numpy.zeros((4, 4)), caption=f"epoch {epoch}"), wandb.Image(numpy.ones((3, 4, 4)))]
        wandb.log({"loss": numpy.float32(0.5), "examples": images, "val": {"acc": numpy.array([0.25])}})
        wandb.run.summary["best"] = 0.25
    wandb.save("nothing.h5")
    artifact = wandb.Artifact("model", type="model", metadata={"acc": numpy.float64(0.25)})
    with artifact.new_file("weights.txt") as file:
        file.write("1 2 3")
    artifact.add(wandb.Table(columns=["a"], data=[[1]]), "rows")
    wandb.log_artifact(artifact, aliases=["latest"]).wait()
    run = wandb.run
    assert run.project == "mnist" and run.url is None and run.get_url() is None and run.starting_step == 0
    wandb.finish()
    facts = show(run.id)
    assert facts["parameters"] == {"batch_size": 64, "lr": 0.01, "momentum": 0.1}
    assert facts["metrics"]["val/acc"]["last"] == 0.25 and facts["metrics"]["loss"]["count"] == 2
    kept = artifacts(run)
    assert kept["model/weights.txt"] == kept["model/rows.csv"] == "model" and kept["model.json"] == "metadata"
    assert kept["examples/0/1.png"] == "image" and kept["examples/0/1.txt"] == "caption"


def test_configurations_of_every_kind(show):
    @dataclasses.dataclass
    class Options:
        size: int = 3
        names: tuple = ("a", "b")

    class Odd:
        def item(self):
            raise AttributeError("nothing to see")

        def __str__(self):
            return "odd"

    with wandb.init(config=Options()) as run:
        run.config.update({"nested": {"list": [1, 2], "deeper": {"x": numpy.float32(1.5)}}, "type": numpy.int64})
        run.config.update({"array": numpy.arange(3), "odd": Odd(), "none": None, "function": len})
        run.config.update({"size": 4}, allow_val_change=True)
        run.config.setdefaults({"size": 5, "new": True})
    assert show()["parameters"] == {
        "size": 4, "names": '["a", "b"]', "nested.list": "[1, 2]", "nested.deeper.x": 1.5, "type": "int64",
        "array": "[0, 1, 2]", "odd": "odd", "none": "None", "function": "len", "new": True,
    }  # fmt: skip


def test_a_sweep_and_what_reads_another_service_say_so_once(capsys):
    calls = []
    sweep = wandb.sweep(sweep={"method": "random", "parameters": {}}, project="p")
    wandb.agent(sweep, function=lambda: calls.append(1), count=2)
    wandb.agent(sweep, function=lambda: calls.append(1), count=2)
    assert [run.name for run in wandb.Api().runs("me/project")] == [] and calls == []
    with wandb.init() as run:
        run.log({"curve": wandb.plot.roc_curve([0, 1], [0.1, 0.9]), "loss": 1})
        wandb.sklearn.plot_roc([0, 1], [0.1, 0.9])
        run.log_code(".")
        run.use_artifact("data:latest").download()
    err = capsys.readouterr().err
    for name in ("sweep", "agent", "Api", "plot", "plot_roc", "log_code", "use_artifact"):
        assert err.count(f"note: {name} is not supported") == 1, err
    assert "call it yourself" in err


def test_tables_figures_and_what_is_no_number(capsys):
    table = wandb.Table(columns=["id", "image", "score"])
    for number in range(2):
        table.add_data(number, wandb.Image(numpy.zeros((2, 2))), 0.5)
    table.add_column("last", [7, 8])
    assert table.get_column("score") == [0.5, 0.5]
    with wandb.init() as run:
        run.log({"table": table, "array": numpy.arange(3), "word": "hello", "none": None, "html": wandb.Html("<b>")})
        run.log([1, 2])
    assert set(artifacts(run)) == {"table/0.csv", "table/0/0.1.png", "table/0/1.1.png", "html/0.html"}
    err = capsys.readouterr().err
    assert "array is not recorded" in err and "log takes a dictionary" in err


def test_a_run_is_renamed_and_tagged_by_assignment(show):
    run = wandb.init(name="before", tags=("a",), notes="one", group="g", job_type="t")
    assert run.name == "before" and run.group == "g" and run.job_type == "t"
    run.name = "after"
    run.tags = run.tags + ("b",)
    run.notes = "two"
    run.save()
    run.finish(exit_code=0, quiet=True)
    facts = show(run.id)
    assert facts["name"] == "after" and facts["note"] == "two"
    assert facts["tags"] == {"a": "true", "b": "true", "group": "g", "job_type": "t"}


def test_whether_there_is_a_run_is_known():
    assert wandb.run is None
    with wandb.init() as run:
        assert wandb.run is run
    assert wandb.run is None
    disabled = wandb.init(mode="disabled")
    assert wandb.run is disabled and disabled.disabled
    disabled.finish()


def test_the_environment_names_the_project(monkeypatch, show, capsys):
    monkeypatch.setenv("WANDB_PROJECT", "from outside")
    monkeypatch.setenv("WANDB_NAME", "n")
    monkeypatch.setenv("WANDB_MODE", "disabled")
    with wandb.init():
        pass
    assert show()["experiment"] == "from outside" and show()["name"] == "n"
    assert "TRACKER_MODE=disabled" in capsys.readouterr().err


def test_the_callbacks_names_of_wandb():
    keras = pytest.importorskip("keras")
    from tracker.integration.keras import WandbMetricsLogger, WandbModelCheckpoint

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    x, y = numpy.random.rand(32, 4), numpy.random.rand(32, 1)
    with wandb.init() as run:
        callbacks = [wandb.keras.WandbCallback(save_model=False), WandbMetricsLogger(log_freq=1)]
        model.fit(x, y, epochs=2, verbose=0, callbacks=[*callbacks, WandbModelCheckpoint("best.keras")])
    assert {"loss", "batch/loss"} <= set(tracker.get(run.id).metrics)
    assert artifacts(run) == {"best.keras": "model"}


def test_unknown_names_are_errors():
    with pytest.raises(AttributeError, match="innit"):
        _ = tracker.innit
    with wandb.init() as run, pytest.raises(AttributeError, match="lgo"):
        _ = run.lgo
