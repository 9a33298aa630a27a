"""LightGBM: ``lightgbm.train(…, callbacks=[tracker.integrations.lightgbm.callback()])``."""

from __future__ import annotations

from typing import Any, Optional

import tracker


class _Callback:
    order = 20
    before_iteration = False

    def __init__(self, run: Optional[tracker.Run], options: Any) -> None:
        self.run = run
        self._options = options
        self._is_own = False

    def __call__(self, environment: Any) -> None:
        if environment.iteration == environment.begin_iteration:
            if self._is_own and self.run is not None:  # An early stop of an earlier training left it open.
                self.run.finish()
            self.run, self._is_own = tracker.integrations.run_for(self.run, self._options)
            self.run.config.setdefaults(environment.params)
        assert self.run is not None
        # Of a cross-validation each result has its spread as a fifth figure.
        figures = {}
        for result in environment.evaluation_result_list or []:
            figures[f"{result[0]}/{result[1]}"] = result[2]
            if len(result) > 4:
                figures[f"{result[0]}/{result[1]}/deviation"] = result[4]
        if figures:
            self.run.log(figures, step=environment.iteration)
        if self._is_own and environment.iteration + 1 >= environment.end_iteration:
            self.run.finish()


def callback(run: Optional[tracker.Run] = None, **options: Any) -> Any:
    """Records the evaluations of each round as ``valid/binary_logloss`` and so on.

    Args:
        run: the run; by default the newest, else a new one. It ends with the last round; after an early stop with the
            program, with ``tracker.finish()``, or when the callback serves another training.
        options: what a new run is started with: see :func:`tracker.init`
    """
    return _Callback(run, options)


#: The same under the name that the other callbacks have.
TrackerCallback = callback
#: W&B's name of it.
wandb_callback = callback
