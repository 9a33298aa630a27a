"""What people do with MLflow's clients: each function is one recording."""

import os
import subprocess
import tempfile


def fluent():
    """mlflow, any version: what most scripts do."""
    import mlflow
    from mlflow.tracking import MlflowClient

    mlflow.set_experiment("digits")
    with mlflow.start_run(run_name="parent", tags={"team": "a"}) as parent:
        mlflow.log_params({"lr": 1e-3, "layers": [64, 32], "bias": True, "none": None})
        for step in range(3):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
            mlflow.log_metrics({"accuracy": step / 3, "nan": float("nan"), "inf": float("inf")}, step=step)
        mlflow.set_tags({"x": 1, "mlflow.note.content": "a note"})
        with tempfile.TemporaryDirectory() as folder:
            open(os.path.join(folder, "empty"), "w").close()
            with open(os.path.join(folder, "text.txt"), "w") as file:
                file.write("hello")
            mlflow.log_artifacts(folder, "folder")
        mlflow.log_dict({"a": 1}, "config.json")
        mlflow.log_text("words", "words.txt")
        with mlflow.start_run(run_name="child", nested=True):
            mlflow.log_metric("loss", 0.5)
    client = MlflowClient()
    run = client.get_run(parent.info.run_id)
    assert run.data.params == {"lr": "0.001", "layers": "[64, 32]", "bias": "True", "none": "None"}
    assert run.data.metrics["loss"] == 1 / 3 and run.data.metrics["inf"] > 1e308 and run.data.metrics["nan"] != run.data.metrics["nan"]
    assert [m.value for m in client.get_metric_history(run.info.run_id, "loss")] == [1, 0.5, 1 / 3]
    experiment = client.get_experiment_by_name("digits")
    found = client.search_runs([experiment.experiment_id], "params.lr = '0.001' and metrics.loss < 0.4", order_by=["metrics.loss DESC"])
    assert [r.info.run_id for r in found] == [run.info.run_id]
    assert {f.path for f in client.list_artifacts(run.info.run_id)} == {"folder", "config.json", "words.txt"}
    assert {f.path for f in client.list_artifacts(run.info.run_id, "folder")} == {"folder/empty", "folder/text.txt"}
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/words.txt") == "words"
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.log_metric("late", 1)
    try:
        client.log_param(run.info.run_id, "lr", 5)
        raise SystemExit("a parameter was changed")
    except mlflow.exceptions.MlflowException as error:
        assert "Changing param values is not allowed" in str(error)
    client.delete_run(run.info.run_id)
    client.restore_run(run.info.run_id)
    try:
        mlflow.register_model(f"runs:/{run.info.run_id}/folder", "name")
        raise SystemExit("there is a registry")
    except mlflow.exceptions.MlflowException as error:
        assert "There is no" in str(error)


def asynchronous():
    """mlflow 2.9 and later: logging in threads of its own."""
    import mlflow

    with mlflow.start_run() as run:
        for step in range(200):
            mlflow.log_metric("loss", step, step=step, synchronous=False)
        mlflow.log_params({"a": 1}, synchronous=False)
    mlflow.flush_async_logging()
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [m.step for m in history] == list(range(200)), len(history)


def sklearn():
    """scikit-learn's autolog."""
    import mlflow
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    mlflow.sklearn.autolog(log_input_examples=False)
    x, y = load_digits(return_X_y=True)
    with mlflow.start_run(run_name="logistic") as run:
        LogisticRegression(max_iter=20).fit(x[:300], y[:300])
    kept = mlflow.get_run(run.info.run_id)
    assert kept.data.params["max_iter"] == "20" and kept.data.metrics["training_accuracy_score"] > 0.9
    assert kept.outputs.model_outputs and kept.inputs.dataset_inputs
    model = mlflow.sklearn.load_model(f"models:/{kept.outputs.model_outputs[0].model_id}")
    assert model.predict(x[:1]) is not None
    GridSearchCV(LogisticRegression(max_iter=20), {"C": [0.1, 1]}, cv=2).fit(x[:200], y[:200])
    assert len(mlflow.search_runs(search_all_experiments=True)) == 4


def lightgbm():
    """LightGBM's autolog."""
    import lightgbm
    import mlflow
    from sklearn.datasets import load_digits

    mlflow.lightgbm.autolog()
    x, y = load_digits(return_X_y=True)
    data = lightgbm.Dataset(x[:300], y[:300])
    with mlflow.start_run() as run:
        lightgbm.train({"objective": "multiclass", "num_class": 10, "verbose": -1}, data, 5, valid_sets=[data], valid_names=["train"])
    kept = mlflow.get_run(run.info.run_id)
    assert kept.data.params["num_class"] == "10"
    assert len(mlflow.MlflowClient().get_metric_history(run.info.run_id, "train-multi_logloss")) == 5


def lightning():
    """Lightning's MLFlowLogger."""
    from lightning.pytorch.loggers import MLFlowLogger

    logger = MLFlowLogger("lightning", run_name="a run", tracking_uri=os.environ["MLFLOW_TRACKING_URI"], log_model=False)
    logger.log_hyperparams({"lr": 0.1, "model": {"hidden": 64}})
    for step in range(3):
        logger.log_metrics({"train_loss": 1 / (step + 1), "epoch": step}, step)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        logger.experiment.log_artifact(logger.run_id, file.name, "checkpoints")
    logger.finalize("success")
    run = logger.experiment.get_run(logger.run_id)
    assert run.info.status == "FINISHED" and run.data.params["model/hidden"] == "64" and run.data.metrics["train_loss"] == 1 / 3


def transformers():
    """Hugging Face's MLflowCallback, as its Trainer calls it."""
    import mlflow
    from transformers import TrainerControl, TrainerState, TrainingArguments
    from transformers.integrations import MLflowCallback

    os.environ["MLFLOW_EXPERIMENT_NAME"] = "transformers"
    arguments = TrainingArguments(output_dir=tempfile.mkdtemp(), run_name="a run", report_to=[], use_cpu=True)
    state, control = TrainerState(is_world_process_zero=True), TrainerControl()

    class Model:
        config = None

    callback = MLflowCallback()
    callback.on_train_begin(arguments, state, control, model=Model())
    run = mlflow.active_run().info.run_id
    for step in range(3):
        state.global_step = step
        callback.on_log(arguments, state, control, logs={"loss": 1 / (step + 1), "learning_rate": 1e-4, "epoch": step}, model=Model())
    callback.on_train_end(arguments, state, control)
    mlflow.flush_async_logging()
    kept = mlflow.get_run(run)
    assert kept.data.metrics["loss"] == 1 / 3 and kept.data.params["num_train_epochs"] == "3.0"


def curl():
    """No client at all."""
    address = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow"

    def call(*arguments):
        return subprocess.run(["curl", "-sS", "--fail-with-body", *arguments], check=True, capture_output=True, text=True).stdout

    import json

    def post(path, message):
        return json.loads(call("-H", "Content-Type: application/json", "-d", json.dumps(message), f"{address}/{path}"))

    experiment = post("experiments/create", {"name": "by hand"})["experiment_id"]
    # R's and Java's clients send numbers as texts.
    run = post("runs/create", {"experiment_id": experiment, "start_time": "1700000000000", "user_id": "ann"})["run"]["info"]["run_id"]
    post("runs/log-metric", {"run_uuid": run, "run_id": run, "key": "loss", "value": "NaN", "timestamp": "1700000000001", "step": "0"})
    post("runs/log-metric", {"run_id": run, "key": "loss", "value": "0.5", "timestamp": "1700000000002", "step": "1"})
    post("runs/log-parameter", {"run_id": run, "key": "lr", "value": "0.1"})
    post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": "1700000000003"})
    kept = json.loads(call(f"{address}/runs/get?run_id={run}"))["run"]
    assert kept["info"]["end_time"] == 1700000000003 and kept["data"]["metrics"][0]["value"] == 0.5
    with tempfile.NamedTemporaryFile("w") as file:
        call("-T", file.name, f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/a%20b")
    assert json.loads(call(f"{address}/artifacts/list?run_id={run}"))["files"][0]["path"] == "a b"
