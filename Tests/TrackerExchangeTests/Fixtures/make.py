"""Makes small stores with the real programs, and `expected.json` with what those programs' own readers say of them.

    python3 make.py FOLDER WHAT...      WHAT: mlflow mlruns tensorboard wandb trackio sacred dvclive

Packages (PyPI): mlflow==3.17.2 (mlflow), mlflow==2.22.5 (mlruns: the last line that still writes the folder),
tensorboardX==2.6.5, wandb, trackio==0.43.0, sacred, dvclive. Values are of many magnitudes, with NaN and ±infinity where the
program keeps them.
"""
import json, math, os, sys, time

FOLDER = os.path.abspath(sys.argv[1])
VALUES = [0.1, 1 / 3, -2.5e-300, 1e300, 0.0, -0.0, 123456789.123456789, math.nan, math.inf, -math.inf, 5e-324, 2.0**53]


def text(value):
    return "NaN" if math.isnan(value) else "Infinity" if value == math.inf else "-Infinity" if value == -math.inf else repr(float(value))


def save(kind, runs):
    path = os.path.join(FOLDER, "expected.json")
    everything = json.load(open(path)) if os.path.exists(path) else {}
    everything[kind] = runs
    json.dump(everything, open(path, "w"), indent=1, sort_keys=True)


def mlflow_store(uri, kind):
    import mlflow
    mlflow.set_tracking_uri(uri)
    client = mlflow.MlflowClient()
    experiment = client.create_experiment("exp one")
    ids = []
    for number in range(2):
        run = client.create_run(experiment, run_name=f"run {number}", start_time=1_700_000_000_000 + number)
        ids.append(run.info.run_id)
        client.log_param(run.info.run_id, "lr", 0.001)
        client.log_param(run.info.run_id, "commit", "12e4567")
        client.log_param(run.info.run_id, "a/b", "text with\nlines")
        client.set_tag(run.info.run_id, "team", "ü")
        client.set_tag(run.info.run_id, "mlflow.note.content", "a note")
        for step, value in enumerate(VALUES):
            client.log_metric(run.info.run_id, "train/loss", value, timestamp=1_700_000_000_100 + step, step=step)
        client.log_metric(run.info.run_id, "loss", 1.5, timestamp=1_700_000_000_100, step=-3)
        client.set_terminated(run.info.run_id, "FINISHED" if number == 0 else "FAILED", end_time=1_700_000_009_000)
    runs = []
    for run_id in ids:
        run = client.get_run(run_id)
        metrics = {key: [[m.step, text(m.value), m.timestamp] for m in sorted(client.get_metric_history(run_id, key), key=lambda m: (m.step, m.timestamp))] for key in run.data.metrics}
        runs.append(dict(name=run.info.run_name, experiment="exp one", status=run.info.status.lower(), start=run.info.start_time, end=run.info.end_time, params=dict(run.data.params), metrics=metrics))
    save(kind, runs)


def mlflow_database():
    mlflow_store("sqlite:///" + os.path.join(FOLDER, "mlflow.db"), "mlflow")


def mlruns():
    mlflow_store("file://" + os.path.join(FOLDER, "mlruns"), "mlruns")


def tensorboard():
    from tensorboardX import SummaryWriter
    folder = os.path.join(FOLDER, "tensorboard")
    import struct
    expected = []
    for name in ["a", "b"]:
        with SummaryWriter(os.path.join(folder, name), filename_suffix=".x") as writer:
            for step, value in enumerate(VALUES):
                writer.add_scalar("train/loss", value, step, walltime=1_700_000_000 + step)
            writer.add_scalars("both", {"one": 1.0, "two": 2.0}, 0, walltime=1_700_000_000)
            writer.add_text("note", "some text", 0)
    as32 = lambda value: struct.unpack("f", struct.pack("f", value if not math.isfinite(value) or abs(value) < 3e38 else math.inf))[0]
    for name in ["a", "b"]:
        metrics = {"train/loss": [[step, text(as32(value)), 1_700_000_000_000 + 1000 * step] for step, value in enumerate(VALUES)], "both/one": [[0, "1.0", 1_700_000_000_000]], "both/two": [[0, "2.0", 1_700_000_000_000]]}
        expected.append(dict(name=name, experiment="tensorboard", status="finished", params={}, metrics=metrics))
    save("tensorboard", expected)


def wandb_offline():
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=FOLDER, WANDB_CONSOLE="off", WANDB_DISABLE_CODE="true", WANDB_DISABLE_GIT="true", WANDB_X_DISABLE_STATS="true")
    import wandb
    run = wandb.init(project="proj", name="first", id="abc12345", config={"lr": 0.001, "layers": [1, 2], "opt": {"name": "adam"}}, notes="a note", tags=["x"], save_code=False, settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True))
    for step, value in enumerate(VALUES):
        run.log({"train/loss": value, "nested": {"b": step}}, step=step)
    run.finish()
    metrics = {"train/loss": [[step, text(value), None] for step, value in enumerate(VALUES)], "nested.b": [[step, text(step), None] for step in range(len(VALUES))]}
    save("wandb", [dict(name="first", experiment="proj", status="finished", params={"lr": "0.001", "layers": "[1,2]", "opt.name": "adam"}, metrics=metrics)])


def trackio_store():
    os.environ["TRACKIO_DIR"] = os.path.join(FOLDER, "trackio")
    import trackio
    run = trackio.init(project="proj", name="first", config={"lr": 0.001}, embed=False)
    for step, value in enumerate(VALUES):
        trackio.log({"loss": value}, step=step)
    trackio.finish()
    save("trackio", [dict(name="first", experiment="proj", status="finished", params={"lr": "0.001"}, metrics={"loss": [[step, text(value), None] for step, value in enumerate(VALUES)]})])


def sacred_runs():
    from sacred import Experiment
    from sacred.observers import FileStorageObserver
    import sacred.settings
    sacred.SETTINGS["CAPTURE_MODE"] = "no"
    experiment = Experiment("exp", save_git_info=False)
    experiment.observers.append(FileStorageObserver(os.path.join(FOLDER, "sacred"), copy_sources=False))
    experiment.add_config(lr=0.001, opt={"name": "adam"})

    @experiment.main
    def main(_run):
        for step, value in enumerate(VALUES):
            _run.log_scalar("loss", value, step)
        return 0.5

    experiment.run()
    save("sacred", [dict(name="1", experiment="exp", status="finished", params={"lr": "0.001", "opt.name": "adam"}, metrics={"loss": [[step, text(value), None] for step, value in enumerate(VALUES)]})])


def dvclive_run():
    os.chdir(FOLDER)
    from dvclive import Live
    values = [v for v in VALUES if math.isfinite(v)]
    with Live(os.path.join(FOLDER, "dvclive"), save_dvc_exp=False, dvcyaml=None, report=None) as live:
        live.log_param("lr", 0.001)
        for value in values:
            live.log_metric("train/loss", value)
            live.next_step()
    save("dvclive", [dict(name=None, experiment="default", status="finished", params={"lr": "0.001"}, metrics={"train/loss": [[step, text(value), None] for step, value in enumerate(values)]})])


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    makers = dict(mlflow=mlflow_database, mlruns=mlruns, tensorboard=tensorboard, wandb=wandb_offline, trackio=trackio_store, sacred=sacred_runs, dvclive=dvclive_run)
    for what in sys.argv[2:]:
        makers[what]()
