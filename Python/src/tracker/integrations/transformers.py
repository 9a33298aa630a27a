"""Hugging Face Transformers: ``Trainer(…, callbacks=[tracker.integrations.transformers.TrackerCallback()])``."""

from __future__ import annotations

from typing import Any, Dict, Optional

import transformers

import tracker


class TrackerCallback(transformers.TrainerCallback):  # type: ignore[misc]
    """Records what the trainer logs: ``train/loss``, ``eval/loss`` and so on.

    Args:
        run: the run; by default the newest, else a new one, which ends with the training; what is evaluated
            after that is added to it
        options: what a new run is started with: see :func:`tracker.init`
    """

    def __init__(self, run: Optional[tracker.Run] = None, **options: Any) -> None:
        self.run = run
        self._options = options
        self._is_own = False

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """Starts a run where there is none, and keeps the arguments of the training."""
        if not state.is_world_process_zero:
            return
        self.run, self._is_own = tracker.integrations.run_for(self.run, self._options)
        config: Dict[str, Any] = {
            key: value for key, value in args.to_sanitized_dict().items() if value is not None and value != ""
        }
        if model is not None:
            config["parameters"] = sum(parameter.numel() for parameter in model.parameters())
            config["model"] = type(model).__name__
        self.run.config.setdefaults(config)

    def on_log(self, args: Any, state: Any, control: Any, logs: Optional[Dict[str, Any]] = None, **_: Any) -> None:
        """Records the figures of a step."""
        if self.run is None or not state.is_world_process_zero or not logs:
            return
        has_ended = self._is_own and self.run.ended == "finished"
        if has_ended:  # As `Trainer.evaluate` after `Trainer.train` has it.
            self.run = tracker.integrations.reopened(self.run, self._options)
        self.run.log(
            {_name(key): value for key, value in logs.items() if isinstance(value, (int, float))},
            step=state.global_step,
        )
        if has_ended:
            self.run.finish()

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ends the run that it started."""
        if self._is_own and self.run is not None:
            self.run.finish()


def _name(key: str) -> str:
    for part in ("eval", "test"):
        if key.startswith(part + "_"):
            return f"{part}/{key[len(part) + 1 :]}"
    return f"train/{key}"
