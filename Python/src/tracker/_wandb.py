"""Names of W&B that scripts use: what they mean here, and what has no meaning here, says so once and does nothing."""

from __future__ import annotations

import enum
import os
import sys
import types
from typing import Any, Dict, Iterable, Iterator, Optional

from ._program import Error
from ._session import tell

#: Names of W&B's module that are accepted and do nothing.
_MODULE_WORDS = """
    Api ArtifactTTL Audio Classes EvalTable Graph JoinedTable Molecule Object3D Plotly Settings Video agent agents analytics
    api apis attach box3d catboost controller ensure_configured env fastai gym jupyter plot plot_table plots pin_config_keys
    profiler require sacred sdk sweep teardown tensorboard tensorflow trigger visualize wandb_sdk
"""
#: Names of its runs.
_RUN_WORDS = """
    display finish_artifact join link_artifact link_model log_code mark_preempting pin_config_keys plot_table restore settings
    status sync_dir to_html unwatch upsert_artifact use_artifact use_model write_logs
"""
#: Names of its artifacts.
_ARTIFACT_WORDS = """
    add_reference checkout delete download file finalize get get_entry get_path is_draft link manifest new_draft remove save
    unlink used_by verify wait
"""
RUN_WORDS = frozenset(_RUN_WORDS.split())
ARTIFACT_WORDS = frozenset(_ARTIFACT_WORDS.split())
UNSUPPORTED = frozenset(_MODULE_WORDS.split()) | RUN_WORDS

#: What to do in place of what is not supported.
_INSTEAD = {
    "Api": "tracker.runs() reads runs",
    "agent": "it calls no function; call it yourself, once for each configuration",
    "plot": "log a Table, or a figure of matplotlib",
    "sweep": "call the training once for each configuration",
    "use_artifact": "read the file where it is",
}


class AlertLevel(enum.Enum):
    """How grave an alert is."""

    INFO = "info"
    WARN = "warning"
    ERROR = "error"


class Unsupported:
    """Something that tracker does not have. Whatever is done with it does nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        instead = _INSTEAD.get(name)
        tell(f"note: {name} is not supported; it does nothing" + (f" ({instead})" if instead else ""))

    def __call__(self, *_: Any, **__: Any) -> Unsupported:
        return self

    def __getattr__(self, name: str) -> Unsupported:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: Any) -> Unsupported:
        return self

    def __setitem__(self, _: Any, __: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Unsupported:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<{self._name}: not supported>"


class Tags(Dict[str, str]):
    """Tags by their keys; words that are added are keys whose value is ``true``."""

    def __add__(self, more: Iterable[str]) -> Tags:
        return Tags({**self, **{str(tag): "true" for tag in more}})


class WandbRun:
    """What scripts for W&B ask of a run, beyond what :class:`tracker.Run` has."""

    experiment: str
    tags: Tags
    store: Optional[str]
    id: Optional[int]

    #: There is no account, no page and no sweep.
    entity = ""
    url = None
    project_url = None
    sweep_id = None
    sweep_url = None
    offline = False

    @property
    def project(self) -> str:
        """The experiment."""
        return self.experiment

    def project_name(self) -> str:
        """The experiment."""
        return self.experiment

    def get_url(self) -> None:
        """No page."""
        return

    @property
    def group(self) -> Optional[str]:
        """The tag of this name."""
        return self.tags.get("group")

    @property
    def job_type(self) -> Optional[str]:
        """The tag of this name."""
        return self.tags.get("job_type")

    @property
    def dir(self) -> str:
        """The folder of the store: a place for files that scripts write before they save them."""
        return os.path.dirname(self.store or "") or os.getcwd()

    @property
    def path(self) -> str:
        """The experiment and the run's number."""
        return f"{self.experiment}/{self.id}"

    def log_model(self: Any, path: str, name: Optional[str] = None, **_: Any) -> None:
        """Keeps the files of a model."""
        self.log_artifact(path, name=name, type="model")

    def __getattr__(self, name: str) -> Any:
        if name in RUN_WORDS:
            return Unsupported(name)
        raise AttributeError(f"a run has no {name!r}")


def login(*_: Any, **__: Any) -> bool:
    """Nothing to log in to."""
    return True


def setup(*_: Any, **__: Any) -> None:
    """Nothing to set up."""


def term(text: Any = "", *_: Any, **__: Any) -> None:
    """Says something on the terminal."""
    print(f"tracker: {text}", file=sys.stderr)


def generate_id(length: int = 8) -> str:
    """A name for ``init(id=…)``."""
    import random
    import string

    return "".join(random.SystemRandom().choices(string.ascii_lowercase + string.digits, k=length))


def from_environment(name: str) -> Optional[str]:
    """What W&B's variable of this name says, such as ``WANDB_PROJECT``."""
    return os.environ.get(f"WANDB_{name}") or None


def of_module(name: str) -> Any:
    """What a name of W&B's module means here; ``None`` if it is none of its names."""
    from . import _media

    if name in ("keras", "lightgbm", "sklearn", "xgboost"):
        import importlib

        return importlib.import_module(f".integrations.{name}", __package__)
    if name in ("termlog", "termwarn", "termerror"):
        return term
    if name in ("CommError", "UsageError"):
        return Error
    if name in ("errors", "data_types", "util"):
        members = {
            "errors": {"Error": Error, "CommError": Error, "UsageError": Error},
            "data_types": {kind: getattr(_media, kind) for kind in ("Histogram", "Html", "Image", "Table")},
            "util": {"generate_id": generate_id},
        }
        return types.SimpleNamespace(**members[name])
    return Unsupported(name) if name in UNSUPPORTED else None
