"""What a run is started with, and its results in single numbers, as dictionaries that record."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any, Callable, Dict, Iterator, Mapping, MutableMapping, Optional, Union

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
        return plain(dataclasses.asdict(value))
    if callable(getattr(value, "tolist", None)):
        return plain(value.tolist())
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) else str(value)


def scalar(value: Any) -> Optional[Union[int, float, bool]]:
    """The number in an array or tensor of one element; ``None`` if it is none."""
    if isinstance(value, (bool, int, float)):
        return value
    shape = getattr(value, "shape", None)
    if shape is not None and len(shape) > 0:
        count = 1
        for size in shape:
            count *= int(size)
        if count != 1:
            return None
    item = getattr(value, "item", None)
    try:
        number = item() if callable(item) else float(value)
    except (TypeError, ValueError, RuntimeError):
        return None
    return number if isinstance(number, (bool, int, float)) else None


def flat(config: Any) -> Dict[str, Value]:
    """A configuration as parameters: ``{"a": {"b": 1}}`` is ``{"a.b": 1}``, and a list is its text in JSON.

    Args:
        config: a mapping, a dataclass, the result of ``argparse``, or any object with attributes
    """
    if config is None:
        return {}
    if isinstance(config, Config):
        config = config.as_dict()
    elif dataclasses.is_dataclass(config) and not isinstance(config, type):
        config = dataclasses.asdict(config)
    elif isinstance(config, argparse.Namespace) or not isinstance(config, Mapping):
        config = _attributes(config)
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

    add(config, "")
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
    if isinstance(values, Mapping):
        return {str(key): value for key, value in values.items()}
    if dataclasses.is_dataclass(values) and not isinstance(values, type):
        return dataclasses.asdict(values)
    return dict(_attributes(values))


def _attributes(values: Any) -> Mapping[str, Any]:
    try:
        attributes: Mapping[str, Any] = vars(values)
        return attributes
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
