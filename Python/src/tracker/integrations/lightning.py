"""Lightning: ``Trainer(logger=tracker.integrations.lightning.TrackerLogger(experiment="mnist"))``."""

from __future__ import annotations

from typing import Any, Mapping, Optional

try:
    from lightning.pytorch.loggers.logger import Logger, rank_zero_experiment
    from lightning.pytorch.utilities import rank_zero_only
except ImportError:
    from pytorch_lightning.loggers.logger import Logger, rank_zero_experiment
    from pytorch_lightning.utilities import rank_zero_only

import tracker
from tracker._config import flat


class TrackerLogger(Logger):  # type: ignore[misc]
    """Records what a Lightning module logs.

    Args:
        run: the run; by default a new one, which ends with the training; what a later ``Trainer.test`` tells is added to it
        options: what a new run is started with: see :func:`tracker.init`
    """

    def __init__(self, run: Optional[tracker.Run] = None, **options: Any) -> None:
        super().__init__()
        self._run = run
        self._options = options
        self._is_own = run is None

    @property
    @rank_zero_experiment
    def experiment(self) -> tracker.Run:
        """The run."""
        if self._run is None:
            self._run = tracker.init(**self._options)
        return self._run

    @property
    def name(self) -> str:
        """The group that the run belongs to."""
        return str(self.experiment.experiment)

    @property
    def version(self) -> str:
        """The run's number."""
        return str(self.experiment.id)

    @rank_zero_only
    def log_hyperparams(self, params: Any, *_: Any, **__: Any) -> None:
        """Keeps the hyperparameters."""
        self.experiment.config.setdefaults(flat(params))

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: Optional[int] = None) -> None:
        """Records the figures of a step."""
        if self._run is not None and self._is_own and self._run.ended == "finished":
            self._run = tracker.integrations.reopened(self._run, self._options)
        self.experiment.log(dict(metrics), step=step)

    @rank_zero_only
    def finalize(self, status: str) -> None:
        """Ends the run that it started."""
        if self._run is not None and self._is_own:
            self._run.finish(status="finished" if status in ("success", "finished") else "failed")


#: The same under the name that the callbacks of other frameworks have.
TrackerCallback = TrackerLogger
