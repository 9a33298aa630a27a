"""Runs as the store has them."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Union

from . import _notebook, _session
from ._program import Error, ask


class Point(NamedTuple):
    """A value of a metric."""

    #: The step that it belongs to.
    step: int
    #: The value.
    value: float
    #: When it was logged: ISO 8601, UTC.
    time: str


def number(value: Any) -> Any:
    """A number as the program prints it: NaN and ±∞ are texts in JSON."""
    return float(value) if value in ("NaN", "Infinity", "-Infinity") else value


class StoredRun:
    """A run as the store has it.

    Attributes:
        id, name, experiment, status: what names it, and what has become of it
        config: what it was started with
        summary: the last value of each metric
        metrics: of each metric ``first``, ``last``, ``min``, ``max``, ``count`` and ``lastStep``
        tags, note: what was written on it
        facts: everything that ``tracker show --format json`` says
    """

    def __init__(self, facts: Mapping[str, Any], store: Optional[str]) -> None:
        self.facts: Dict[str, Any] = dict(facts)
        self.store = store
        self.id: int = facts["id"]
        self.name: Optional[str] = facts["name"]
        self.experiment: str = facts["experiment"]
        self.status: str = facts["status"]
        self.config: Dict[str, Any] = {key: number(value) for key, value in facts["parameters"].items()}
        self.metrics: Dict[str, Dict[str, Any]] = {
            key: {name: number(value) for name, value in figures.items()}
            for key, figures in facts["metrics"].items()
        }
        self.summary: Dict[str, Any] = {key: figures["last"] for key, figures in self.metrics.items()}
        self.tags: Dict[str, str] = dict(facts["tags"])
        self.note: Optional[str] = facts["note"]
        self.error: Optional[str] = facts.get("error")

    def history(self, *keys: str) -> Any:
        """The points of one metric, or of several side by side.

        Args:
            keys: the metrics; all of them by default

        Returns:
            of one metric a list of :class:`Point`; of several a :class:`Table` with a row a step and a column a metric,
            the last value of each step, ``None`` where there is none
        """
        if len(keys) == 1:
            told = ask(["show", str(self.id), "--metric", keys[0]], self.store)
            return [Point(p["step"], number(p["value"]), p["time"]) for p in told["points"]]
        names = list(keys) or sorted(self.metrics)
        rows: Dict[int, Dict[str, Any]] = {}
        for name in names:
            if name not in self.metrics:
                raise Error(f"run {self.id} has no metric {name!r}")
            for point in self.history(name):
                rows.setdefault(point.step, {"step": point.step, **dict.fromkeys(names)})[name] = point.value
        return Table([rows[step] for step in sorted(rows)])

    def diagnose(self) -> List[Dict[str, Any]]:
        """What is likely wrong with it: findings, likeliest first."""
        findings: List[Dict[str, Any]] = ask(["diagnose", str(self.id)], self.store)["findings"]
        return findings

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<tracker run {self.id}{name} of {self.experiment!r}, {self.status}>"

    def _repr_html_(self) -> str:
        return _notebook.run(self)


class Table(List[Dict[str, Any]]):
    """Rows, each a dictionary of the same keys."""

    def to_pandas(self) -> Any:
        """A data frame of pandas."""
        import pandas

        return pandas.DataFrame(list(self))

    def _repr_html_(self) -> str:
        return _notebook.table(self)


class Runs(List[StoredRun]):
    """Runs, newest first."""

    def to_pandas(self) -> Any:
        """A data frame of pandas with a row a run: what it is, its parameters, and the last values of its metrics."""
        return Table(self._rows()).to_pandas()

    def _rows(self) -> List[Dict[str, Any]]:
        return [
            {
                "id": run.id,
                "name": run.name,
                "experiment": run.experiment,
                "status": run.status,
                "startedAt": run.facts["startedAt"],
                "durationSeconds": run.facts["durationSeconds"],
                **{f"params.{key}": value for key, value in run.config.items()},
                **{f"metrics.{key}": value for key, value in run.summary.items()},
            }
            for run in self
        ]

    def _repr_html_(self) -> str:
        return _notebook.table(self._rows())


def _store(db: Union[str, os.PathLike[str], None]) -> Optional[str]:
    # What this process has logged is to be seen.
    session = _session.started()
    if session is not None:
        session.ask({"request": "flush"})
    if db is not None:
        return os.fspath(db)
    from . import _run

    return _run.newest.store if _run.newest is not None else None


def runs(
    where: Optional[str] = None,
    *,
    sort: Optional[str] = None,
    limit: Optional[int] = None,
    archived: bool = False,
    db: Union[str, os.PathLike[str], None] = None,
) -> Runs:
    """The runs of a store, newest first.

    Args:
        where: a filter, such as ``"params.lr < 0.1 and metrics.val/acc >= 0.9"``; see Documentation/query-language.md
        sort: what to sort by, such as ``metrics.cost``; ``-`` in front turns the order
        limit: at most so many
        archived: whether those that were put aside are among them
        db: the store's file; by default that of the newest run of this process, else the one that ``tracker list`` reads
    """
    store = _store(db)
    arguments = ["list", "--limit", str(limit if limit is not None else 1_000_000_000)]
    if where is not None:
        arguments += ["--where", where]
    if sort is not None:
        arguments += [f"--sort={sort}"]
    if archived:
        arguments += ["--all"]
    return Runs(StoredRun(facts, store) for facts in ask(arguments, store))


def get(run: Union[int, str], db: Union[str, os.PathLike[str], None] = None) -> StoredRun:
    """One run: by its number, its unique name, ``latest``, ``latest~1``, or ``best:METRIC``.

    Raises:
        Error: there is no such run.
    """
    store = _store(db)
    return StoredRun(ask(["show", str(run)], store), store)


def query(sql: str, db: Union[str, os.PathLike[str], None] = None) -> Table:
    """The rows that a SELECT finds in the documented views.

    Raises:
        Error: the statement is wrong, or would write.
    """
    rows: Sequence[Mapping[str, Any]] = ask(["query", sql], _store(db))
    return Table({key: number(value) for key, value in row.items()} for row in rows)


def last_values(run: int, store: Optional[str]) -> Dict[str, Any]:
    """The last value of each metric of a run."""
    return {row["key"]: row["last"] for row in query(f"SELECT key, last FROM metrics WHERE run_id = {run}", store)}
