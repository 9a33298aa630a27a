"""XGBoost: ``xgboost.train(…, callbacks=[tracker.integrations.xgboost.TrackerCallback()])``."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

import xgboost

import tracker


class TrackerCallback(xgboost.callback.TrainingCallback):  # type: ignore[misc]
    """Records the evaluations of each round as ``train/logloss`` and so on.

    Args:
        run: the run; by default the newest, else a new one, which ends with the training
        options: what a new run is started with: see :func:`tracker.init`
    """

    def __init__(self, run: Optional[tracker.Run] = None, **options: Any) -> None:
        super().__init__()
        self.run = run
        self._options = options
        self._is_own = False

    def before_training(self, model: Any) -> Any:
        """Starts a run where there is none, and keeps the booster's parameters."""
        self.run, self._is_own = tracker.integrations.run_for(self.run, self._options)
        learner = json.loads(model.save_config())["learner"]
        config = {"objective": learner["objective"]["name"], "booster": learner["gradient_booster"]["name"]}
        trained = learner["gradient_booster"].get("tree_train_param", {})
        config.update({key: _typed(value) for key, value in trained.items() if not isinstance(value, (dict, list))})
        self.run.config.setdefaults(config)
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: Dict[str, Dict[str, Any]]) -> bool:
        """Records a round; the training goes on."""
        figures: Dict[str, float] = {}
        for data, metrics in evals_log.items():
            for metric, values in metrics.items():
                last = values[-1]
                figures[f"{data}/{metric}"] = float(last[0] if isinstance(last, tuple) else last)
        if figures and self.run is not None:
            self.run.log(figures, step=epoch)
        return False

    def after_training(self, model: Any) -> Any:
        """Ends the run that it started."""
        if self.run is not None:
            best = model.attr("best_iteration") if hasattr(model, "attr") else None
            if best is not None:
                self.run.set_tags({"best_iteration": best})
            if self._is_own:
                self.run.finish()
        return model


#: W&B's name of it.
WandbCallback = TrackerCallback


def _typed(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text
