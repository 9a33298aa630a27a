"""Accelerate: ``Accelerator(log_with=tracker.integrations.accelerate.TrackerTracker("mnist"))``."""

from __future__ import annotations

from typing import Any, Dict, Optional

from accelerate.tracking import GeneralTracker, on_main_process

import tracker
from tracker._config import flat


class TrackerTracker(GeneralTracker):  # type: ignore[misc]
    """Records what ``accelerator.log`` is given.

    Args:
        run_name: the experiment
        run: the run; by default a new one
        options: what a new run is started with: see :func:`tracker.init`
    """

    name = "tracker"
    requires_logging_directory = False

    @on_main_process
    def __init__(self, run_name: Optional[str] = None, run: Optional[tracker.Run] = None, **options: Any) -> None:
        super().__init__()
        self.run = run if run is not None else tracker.init(experiment=run_name, **options)

    @property
    def tracker(self) -> tracker.Run:
        """The run."""
        return self.run

    @on_main_process
    def store_init_configuration(self, values: Dict[str, Any]) -> None:
        """Keeps the configuration."""
        self.run.config.setdefaults(flat(values))

    @on_main_process
    def log(self, values: Dict[str, Any], step: Optional[int] = None, **_: Any) -> None:
        """Records the figures of a step."""
        self.run.log(values, step=step)

    @on_main_process
    def finish(self) -> None:
        """Ends the run."""
        self.run.finish()
