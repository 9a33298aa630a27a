"""The frameworks that are too large for every change: `Python/check --frameworks` runs these."""

import math

import numpy as np
import pytest
import torch

import tracker


def data(count=80):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 4)).astype("float32")
    return x, (x.sum(axis=1) > 0).astype("float32")


def test_pytorch_modules_and_functions():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)).double()
    x, y = torch.randn(8, 4, dtype=torch.float64), torch.randn(8, 1, dtype=torch.float64)
    before = [p.detach().clone() for p in model.parameters()]
    result = tracker.check_gradients(lambda: torch.nn.functional.mse_loss(model(x), y), theta=model)
    assert result and {block["name"] for block in result.blocks} >= {"0.weight", "2.bias"}
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters()))

    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(context, v):
            context.save_for_backward(v)
            return v**3

        @staticmethod
        def backward(context, g):
            (v,) = context.saved_tensors
            return 2 * v**2 * g

    v = torch.tensor([1.0, -2.0, 0.5, 1.7], dtype=torch.float64)
    wrong = tracker.check_gradients(lambda t: Wrong.apply(t).sum(), theta=v)
    assert not wrong and wrong.failed == 4


@pytest.mark.parametrize(
    "cost, theta, told",
    [
        (lambda w: float((w.detach() ** 2).sum()), torch.ones(3), "Return the tensor itself"),
        (lambda w: (w**2).sum().detach(), torch.ones(3), "Return the tensor itself"),
        (lambda w: w**2, torch.ones(3), "not one number"),
        (lambda w: (w.abs() ** 2).sum(), torch.ones(3, dtype=torch.complex64), "real and imaginary parts"),
        (lambda w: (w**2).sum(), torch.ones(3, dtype=torch.bfloat16), "too few digits"),
        (lambda w: (w**2).sum(), torch.ones(3, dtype=torch.int64), "floating point alone"),
        (lambda w: (w**2).sum(), torch.ones(1).expand(3), r"\.clone\(\)"),
        (lambda: torch.zeros(()), torch.nn.Tanh(), "no parameters"),
    ],
)
def test_what_pytorch_cannot_derive_is_said(cost, theta, told):
    with pytest.raises(tracker.Error, match=told):
        tracker.check_gradients(cost, None, theta)


def test_pytorch_gives_parameters_and_gradients_in_its_own_ways():
    layer = torch.nn.Linear(3, 2).double()
    x = torch.ones(4, 3).double()

    def cost():
        return (layer(x) ** 2).mean()

    def gradients():
        return list(torch.autograd.grad(cost(), list(layer.parameters())))

    assert tracker.check_gradients(cost, None, layer.parameters())
    assert tracker.check_gradients(cost, gradients, layer)
    assert tracker.check_gradients(lambda: (cost(), gradients()), True, layer)


def test_pytorch_watch(show):
    torch.manual_seed(0)
    x, y = (torch.as_tensor(part) for part in data())
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Sigmoid(), torch.nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    with tracker.init() as run:
        watching = tracker.watch(model, every=2)
        for step in range(6):
            optimizer.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x)[:, 0], y)
            loss.backward()
            optimizer.step()
            run.log({"loss": loss}, step=step)
        watching.close()
        tracker.integrations.pytorch.log_checkpoint(model, optimizer)
    metrics = show(run.id)["metrics"]
    for name in ("gradients/0/norm", "weights/2/norm", "updates/0/ratio", "gradients/2/nonfinite"):
        assert metrics[name]["count"] == 3, name
    assert 0 <= metrics["activations/1/saturated"]["last"] <= 1 and metrics["activations/1/zero"]["last"] == 0
    with torch.no_grad():
        model[0].weight[0, 0] = math.nan
    with tracker.init() as run:
        watching = tracker.watch(model, every=1)
        model(x).sum().backward()
        watching.close()
    assert show(run.id)["metrics"]["gradients/0/nonfinite"]["last"] > 0


def test_transformers(show, tmp_path):
    import transformers
    config = transformers.BertConfig(
        vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=2
    )
    model = transformers.BertForSequenceClassification(config)
    rows = [{"input_ids": torch.tensor([1, 2, n % 10]), "labels": torch.tensor(n % 2)} for n in range(16)]
    arguments = transformers.TrainingArguments(
        str(tmp_path / "out"), max_steps=6, logging_steps=2, eval_strategy="steps", eval_steps=3, report_to=[],
        per_device_train_batch_size=4, use_cpu=True, save_strategy="no",
    )  # fmt: skip
    callback = tracker.integrations.transformers.TrackerCallback()
    trainer = transformers.Trainer(model, arguments, train_dataset=rows, eval_dataset=rows, callbacks=[callback])
    trainer.train()
    facts = show()
    assert facts["status"] == "finished" and facts["parameters"]["max_steps"] == 6
    assert facts["metrics"]["train/loss"]["count"] == 3 and facts["metrics"]["eval/loss"]["count"] == 2
    trainer.evaluate(metric_key_prefix="test")
    later = show()
    assert later["id"] == facts["id"] and later["status"] == "finished"
    assert later["metrics"]["test/loss"]["lastStep"] == 6 and later["metrics"]["train/loss"]["count"] == 3
    trainer.train()
    assert show()["id"] == facts["id"] + 1 and show()["metrics"]["train/loss"]["count"] == 3


def test_lightning(show, tmp_path):
    import lightning
    x, y = (torch.as_tensor(part) for part in data())

    class Model(lightning.LightningModule):
        def __init__(self, width=8):
            super().__init__()
            self.save_hyperparameters()
            self.layers = torch.nn.Sequential(torch.nn.Linear(4, width), torch.nn.ReLU(), torch.nn.Linear(width, 1))

        def training_step(self, batch, _):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(self.layers(batch[0])[:, 0], batch[1])
            self.log("train/loss", loss)
            return loss

        def test_step(self, batch, _):
            self.log("test/logit", self.layers(batch[0]).mean())

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), 0.01)

    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=20)
    logger = tracker.integrations.lightning.TrackerLogger(experiment="l")
    trainer = lightning.Trainer(
        max_epochs=3, logger=logger, log_every_n_steps=1, accelerator="cpu", enable_progress_bar=False,
        enable_checkpointing=False, enable_model_summary=False, default_root_dir=tmp_path,
    )  # fmt: skip
    model = Model()
    trainer.fit(model, loader)
    facts = show()
    assert facts["status"] == "finished" and facts["parameters"]["width"] == 8
    assert facts["metrics"]["train/loss"]["count"] == 12
    trainer.test(model, loader, verbose=False)
    later = show()
    assert later["id"] == facts["id"] and later["status"] == "finished"
    assert later["metrics"]["test/logit"]["lastStep"] == 12


def test_accelerate(show):
    import accelerate
    accelerator = accelerate.Accelerator(
        cpu=True, log_with=tracker.integrations.accelerate.TrackerTracker("mnist", name="a")
    )
    accelerator.init_trackers("mnist", config={"lr": 0.1})
    for step in range(4):
        accelerator.log({"loss": 1 / (step + 1)}, step=step)
    accelerator.end_training()
    facts = show()
    assert facts["status"] == "finished" and facts["parameters"] == {"lr": 0.1}
    assert facts["metrics"]["loss"]["count"] == 4
