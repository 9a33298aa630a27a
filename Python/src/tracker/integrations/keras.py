"""Keras 3: ``model.fit(…, callbacks=[tracker.integrations.keras.TrackerCallback()])``."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Union

import keras

import tracker


class TrackerCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Records what ``fit`` says of each epoch, and of every few batches.

    Args:
        run: the run; by default the newest, else a new one, which ends with the training
        log_batches: after so many batches their figures are recorded as ``batch/…``; 0 for never
        options: what a new run is started with: see :func:`tracker.init`
    """

    def __init__(self, run: Optional[tracker.Run] = None, log_batches: int = 0, **options: Any) -> None:
        super().__init__()
        self.run = run
        self._options = options
        self._log_batches = log_batches
        self._batch = 0
        self._is_own = False

    def on_train_begin(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Starts a run where there is none, and keeps what is known of the training."""
        self.run, self._is_own = tracker.integrations.run_for(self.run, self._options)
        optimizer = getattr(self.model, "optimizer", None)
        config: Dict[str, Any] = {"parameters": self.model.count_params(), **(self.params or {})}
        if optimizer is not None:
            config["optimizer"] = {
                key: value for key, value in optimizer.get_config().items() if not isinstance(value, (dict, list))
            }
        self.run.config.setdefaults(config)

    def on_train_batch_end(self, batch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Records the figures of a batch, if it is the turn of it."""
        self._batch += 1
        if self.run is not None and logs and self._log_batches and self._batch % self._log_batches == 0:
            self.run.log({f"batch/{key}": value for key, value in logs.items()}, step=self._batch)

    def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Any]] = None) -> None:
        """Records the figures of an epoch."""
        if self.run is not None and logs:
            rate = getattr(getattr(self.model, "optimizer", None), "learning_rate", None)
            figures = dict(logs)
            if rate is not None:
                figures["learning_rate"] = float(rate)
            self.run.log(figures, step=epoch)

    def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Ends the run that it started."""
        if self._is_own and self.run is not None:
            self.run.finish()


#: W&B's name of it.
WandbCallback = TrackerCallback


class WandbMetricsLogger(TrackerCallback):
    """W&B's callback.

    Args:
        log_freq: ``"epoch"``, ``"batch"``, or after how many batches their figures are recorded, too
    """

    def __init__(self, log_freq: Union[str, int] = "epoch", **_: Any) -> None:
        super().__init__(log_batches=log_freq if isinstance(log_freq, int) else int(log_freq == "batch"))


class WandbModelCheckpoint(keras.callbacks.ModelCheckpoint):  # type: ignore[misc]
    """Keras's own callback; the file that is there at the end is kept with the run."""

    def on_train_end(self, logs: Optional[Dict[str, Any]] = None) -> None:
        """Keeps the file."""
        super().on_train_end(logs)
        if tracker.run is not None and os.path.exists(self.filepath):
            tracker.run.log_artifact(self.filepath, type="model")
