"""Makes small stores with the real programs, and `expected.json` with what those programs' own readers say of them.

    python3 make.py FOLDER WHAT...      WHAT: mlflow mlruns tensorboard wandb wandb-summary trackio sacred dvclive
                                              pictures-tensorboard pictures-wandb pictures-trackio

Packages (PyPI): mlflow==3.17.2 (mlflow), mlflow==2.22.5 with sqlalchemy<2.1 (mlruns: the last line that still writes the folder),
tensorboardX==2.6.5, wandb==0.19.11 (0.31.0 for wandb-summary), trackio==0.43.0, sacred, dvclive; for pictures also tensorboard==2.20.0 and pillow. Values are of many magnitudes, with NaN and ±infinity where the
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


def wandb_summary():
    """What no curve tells: the summary and statistics of the machine."""
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=os.path.join(FOLDER, "wandb-summary"), WANDB_CONSOLE="off", WANDB_DISABLE_CODE="true", WANDB_DISABLE_GIT="true")
    os.makedirs(os.environ["WANDB_DIR"], exist_ok=True)
    import wandb
    run = wandb.init(project="proj", name="summary", id="sum12345", settings=wandb.Settings(x_stats_sampling_interval=0.2, x_disable_meta=True))
    run.define_metric("acc", summary="max")
    for step in range(3):
        run.log({"loss": 1 / (step + 1), "acc": [0.5, 0.75, 0.25][step]})
        time.sleep(0.5)
    run.summary.update({"best": {"acc": 0.75}, "verdict": "good", "gone": 1})
    del run.summary["gone"]
    run.summary["loss"] = 0.125
    run.finish()


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


# Images and histograms: `expected.json` has the SHA-256 of a file's bytes, or a histogram's values, by the name of the artifact.


def image(shift):
    import numpy
    return (numpy.arange(48, dtype=numpy.uint8) + shift).reshape(4, 4, 3)


def sha256(content):
    import hashlib
    return hashlib.sha256(content).hexdigest()


def pictures_tensorboard():
    import io
    import numpy
    from PIL import Image
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.histogram.summary_v2 import histogram_pb
    from tensorboard.plugins.image import metadata
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    from tensorboard.util import tensor_util
    from tensorboardX import SummaryWriter
    folder = os.path.join(FOLDER, "pictures", "tensorboard")
    data = numpy.array([-3.5, -1 / 3, 0.0, 0.1, 0.1, 2.0, 1e30])
    with SummaryWriter(os.path.join(folder, "one"), filename_suffix=".x") as writer:
        for step in range(2):
            writer.add_scalar("loss", 0.5, step)
            writer.add_image("pic", image(step), step, dataformats="HWC")
            writer.add_histogram("weights/a", data * (step + 1), step, bins="auto")

    # As `tf.summary` of TensorFlow 2 writes them: tensors, told apart by the plugin's name.
    def png(shift):
        file = io.BytesIO()
        Image.fromarray(image(shift)).save(file, "PNG")
        return file.getvalue()

    two = EventFileWriter(os.path.join(folder, "two"), filename_suffix=".x")
    for step in range(2):
        tensor = tensor_util.make_tensor_proto([b"4", b"4", png(step), png(step + 100)])
        value = Summary.Value(tag="pic", tensor=tensor, metadata=metadata.create_summary_metadata(None, None))
        two.add_event(Event(wall_time=1_700_000_000 + step, step=step, summary=Summary(value=[value])))
        two.add_event(Event(wall_time=1_700_000_000 + step, step=step, summary=histogram_pb("weights/a", data * (step + 1), buckets=5)))
    two.close()

    expected = {}
    reader = EventAccumulator(os.path.join(folder, "one"), dict(images=0, histograms=0)).Reload()
    pictures = {f"pic/{event.step}.png": sha256(event.encoded_image_string) for event in reader.Images("pic")}
    for event in reader.Histograms("weights/a"):
        value = event.histogram_value
        pictures[f"weights/a/{event.step}.json"] = dict(min=text(value.min), max=text(value.max), count=text(value.num), sum=text(value.sum), sumOfSquares=text(value.sum_squares), limits=list(map(text, value.bucket_limit)), counts=list(map(text, value.bucket)))
    expected["one"] = pictures
    reader = EventAccumulator(os.path.join(folder, "two"), dict(tensors=0)).Reload()
    pictures = {}
    for event in reader.Tensors("pic"):
        for number, content in enumerate(event.tensor_proto.string_val[2:]):
            pictures[f"pic/{event.step}" + (f".{number}" if number else "") + ".png"] = sha256(content)
    for event in reader.Tensors("weights/a"):
        rows = tensor_util.make_ndarray(event.tensor_proto)
        pictures[f"weights/a/{event.step}.json"] = dict(min=text(rows[0][0]), max=text(rows[-1][1]), count=text(rows[:, 2].sum()), limits=list(map(text, rows[:, 1])), counts=list(map(text, rows[:, 2])))
    expected["two"] = pictures
    save("pictures/tensorboard", expected)


def numpy_histogram(edges, counts):
    return dict(min=text(edges[0]), max=text(edges[-1]), limits=list(map(text, edges[1:])), counts=list(map(text, counts)))


def pictures_wandb():
    import glob
    import numpy
    folder = os.path.join(FOLDER, "pictures")
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=folder, WANDB_CONSOLE="off", WANDB_DISABLE_CODE="true", WANDB_DISABLE_GIT="true")
    import wandb
    run = wandb.init(project="proj", name="pictures", id="pict0001", save_code=False, settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True))
    expected = {}
    for step in range(2):
        counts, edges = numpy.histogram([1.0, 2.0, 2.0, 3.0, 10.0 + step], bins=4)
        run.log({"loss": 0.5, "pic": wandb.Image(image(step)), "both": [wandb.Image(image(7)), wandb.Image(image(9))], "weights": wandb.Histogram(np_histogram=(counts, edges))}, step=step)
        expected[f"weights/{step}.json"] = numpy_histogram(edges, counts)
    run.finish()
    files = glob.glob(os.path.join(folder, "wandb", "offline-run-*", "files", "media", "images", "*"))
    assert len(files) == 4
    for file in files:
        expected["media/images/" + os.path.basename(file)] = sha256(open(file, "rb").read())
    save("pictures/wandb", {"pictures": expected})


def pictures_trackio():
    import glob
    import numpy
    folder = os.path.join(FOLDER, "pictures", "trackio")
    os.environ["TRACKIO_DIR"] = folder
    import trackio
    trackio.init(project="proj", name="pictures", embed=False)
    expected = {}
    for step in range(2):
        values = [1.0, 2.0, 2.0, 3.0, 10.0 + step]
        counts, edges = numpy.histogram(values, bins=4)
        trackio.log({"loss": 0.5, "pic": trackio.Image(image(step)), "weights": trackio.Histogram(values, num_bins=4)}, step=step)
        expected[f"weights/{step}.json"] = numpy_histogram(edges, counts)
    trackio.finish()
    for step in range(2):
        (file,) = glob.glob(os.path.join(folder, "media", "proj", "pictures", str(step), "*"))
        expected[f"pic/{step}.png"] = sha256(open(file, "rb").read())
    save("pictures/trackio", {"pictures": expected})


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    makers = dict(mlflow=mlflow_database, mlruns=mlruns, tensorboard=tensorboard, wandb=wandb_offline, trackio=trackio_store, sacred=sacred_runs, dvclive=dvclive_run)
    makers["wandb-summary"] = wandb_summary
    makers |= {"pictures-tensorboard": pictures_tensorboard, "pictures-wandb": pictures_wandb, "pictures-trackio": pictures_trackio}
    for what in sys.argv[2:]:
        makers[what]()
