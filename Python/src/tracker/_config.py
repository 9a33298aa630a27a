"""What a run is started with, and its results in single numbers, as dictionaries that record."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from typing import Any, Callable, Dict, Iterator, Mapping, MutableMapping, Optional, Union

from ._session import tell
from ._wandb import Unsupported

Value = Union[None, bool, int, float, str]


def plain(value: Any) -> Any:
    """A value as JSON has it: numbers of numpy and of frameworks become numbers, and what else is there its text."""
    if value is None or isinstance(value, (bool, int, float, str)):
        # Their own subclasses, such as numpy's float64 or an enumeration, are written as what they hold.
        for kind in (bool, int, float, str):
            if isinstance(value, kind):
                return kind(value)
        return None
    number = scalar(value)
    if number is not None:
        return number
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return plain(_members(value))
    if not isinstance(value, type) and callable(getattr(value, "tolist", None)):
        return plain(value.tolist())
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else str(value)


def scalar(value: Any) -> Optional[Union[int, float, bool]]:
    """The number in an array or tensor of one element; ``None`` if it is none."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (type, str, Unsupported)):
        return None
    try:
        shape = getattr(value, "shape", None) or ()
        if math.prod(int(size) for size in shape) != 1:
            return None
        item = getattr(value, "item", None)
        number = item() if callable(item) else float(value)
    except Exception:  # Whatever a stranger's object does when it is asked.
        return None
    return number if isinstance(number, (bool, int, float)) else None


def flat(config: Any) -> Dict[str, Value]:
    """A configuration as parameters: ``{"a": {"b": 1}}`` is ``{"a.b": 1}``, and a list is its text in JSON.

    Args:
        config: a mapping, a dataclass, the result of ``argparse``, or any object with attributes
    """
    if config is None:
        return {}
    config = config.as_dict() if isinstance(config, Config) else _members(config)
    result: Dict[str, Value] = {}

    def add(members: Mapping[Any, Any], prefix: str) -> None:
        for key, value in members.items():
            value = plain(value)
            if isinstance(value, dict):
                add(value, f"{prefix}{key}.")
            elif isinstance(value, list):
                result[f"{prefix}{key}"] = json.dumps(value)
            elif value is None:
                result[f"{prefix}{key}"] = "None"
            else:
                result[f"{prefix}{key}"] = value

    try:
        add(config, "")
    except RecursionError:
        raise TypeError("the configuration holds itself: give a mapping whose values do not lead back to it") from None
    return result


class Config(MutableMapping[str, Any]):
    """What a run is started with; keys are attributes too. What is set later is recorded as well."""

    def __init__(self, values: Any, record: Callable[[Dict[str, Value], bool], None]) -> None:
        object.__setattr__(self, "_values", {})
        object.__setattr__(self, "_record", record)
        if values is not None:
            self._values.update(values.as_dict() if isinstance(values, Config) else _members(values))

    _values: Dict[str, Any]
    _record: Callable[[Dict[str, Value], bool], None]

    def as_dict(self) -> Dict[str, Any]:
        """A copy."""
        return dict(self._values)

    def update(self, values: Any = None, allow_val_change: bool = False, **more: Any) -> None:  # type: ignore[override]
        """Adds values.

        Args:
            values: a mapping, a dataclass or the result of ``argparse``
            allow_val_change: whether a value that is recorded already may be replaced by another one
        """
        new = {**(_members(values) if values is not None else {}), **more}
        self._values.update(new)
        self._record(flat(new), allow_val_change)

    def setdefaults(self, values: Any) -> None:
        """Adds the values whose keys are not there."""
        self.update({key: value for key, value in _members(values).items() if key not in self._values})

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value}, allow_val_change=True)

    def __delitem__(self, key: str) -> None:
        # What was recorded stays: a parameter is what the run was made with.
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getattr__(self, key: str) -> Any:
        try:
            return self._values[key]
        except KeyError:
            raise AttributeError(f"the configuration has no {key!r}") from None

    def __setattr__(self, key: str, value: Any) -> None:
        self[key] = value

    def __repr__(self) -> str:
        return f"Config({self._values!r})"


def _members(values: Any) -> Dict[str, Any]:
    if isinstance(values, str) and os.path.isfile(values):
        tell(f"warning: the configuration's file {values} is not read; its name is kept as the parameter config")
        return {"config": values}
    if dataclasses.is_dataclass(values) and not isinstance(values, type):
        return {field.name: getattr(values, field.name) for field in dataclasses.fields(values)}
    if isinstance(values, Mapping) or (hasattr(values, "keys") and hasattr(values, "__getitem__")):
        return {str(key): values[key] for key in values.keys()}  # noqa: SIM118 (some are no mappings)
    try:
        return dict(vars(values))
    except TypeError:
        kind = type(values).__name__
        raise TypeError(f"a {kind} holds no parameters: give a mapping, a dataclass or an argparse.Namespace") from None


class Summary(MutableMapping[str, Any]):
    """The last value of each metric, and what is set here: a number becomes a metric, a text a tag."""

    def __init__(
        self, record: Callable[[Mapping[str, Any]], None], last: Callable[[], Dict[str, Any]]
    ) -> None:
        self._set: Dict[str, Any] = {}
        self._record = record
        self._last = last

    def _values(self) -> Dict[str, Any]:
        return {**self._last(), **self._set}

    def update(self, values: Optional[Mapping[str, Any]] = None, **more: Any) -> None:  # type: ignore[override]
        """Sets values."""
        new = {**(values or {}), **more}
        self._set.update({key: value for key, value in new.items() if isinstance(value, (bool, int, float, str))})
        self._record(new)

    def __getitem__(self, key: str) -> Any:
        return self._set[key] if key in self._set else self._values()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def __delitem__(self, key: str) -> None:
        # What is recorded stays.
        self._set.pop(key, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __repr__(self) -> str:
        return f"Summary({self._values()!r})"
