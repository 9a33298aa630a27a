"""PyTorch: a loop logs by ``run.log``; what it may want beside that is here."""

from __future__ import annotations

import io
from typing import Any, Optional

import torch

import tracker
from tracker._media import base64_text


def log_checkpoint(
    model: Any, optimizer: Any = None, name: str = "checkpoint.pt", run: Optional[tracker.Run] = None
) -> None:
    """Keeps the state of a model, and of its optimiser, as an artifact; the one before is replaced."""
    target = run if run is not None else tracker.run
    if target is None:
        raise tracker.Error("there is no run\nStart one with tracker.init().")
    state = {"model": model.state_dict()}
    if optimizer is not None:
        state["optimizer"] = optimizer.state_dict()
    buffer = io.BytesIO()
    torch.save(state, buffer)
    target._keep(name, "checkpoint", content=base64_text(buffer.getvalue()))
