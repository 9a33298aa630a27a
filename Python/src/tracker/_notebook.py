"""Runs in a notebook: small tables of HTML that need nothing else."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Mapping, Sequence

if TYPE_CHECKING:
    from ._reading import StoredRun

#: A notebook shows at most so many rows and columns.
ROWS, COLUMNS = 50, 20
_CELL = 'style="text-align:left;padding:.15em .7em"'


def _text(value: Any) -> str:
    if value is None:
        return ""
    shown = f"{value:.6g}" if isinstance(value, float) else str(value)
    return html.escape(shown if len(shown) <= 80 else shown[:79] + "…")


def text(shown: str) -> str:
    """A line."""
    return f"<code>{html.escape(shown)}</code>"


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows under their keys."""
    columns: Dict[str, None] = {}
    for row in rows:
        columns.update(dict.fromkeys(row))
    shown = list(columns)[:COLUMNS]
    head = "".join(f"<th {_CELL}>{_text(column)}</th>" for column in shown)
    body = "".join(
        "<tr>" + "".join(f"<td {_CELL}>{_text(row.get(column))}</td>" for column in shown) + "</tr>"
        for row in rows[:ROWS]
    )
    left = []
    if len(rows) > ROWS:
        left.append(f"{len(rows) - ROWS} more rows")
    if len(columns) > COLUMNS:
        left.append(f"{len(columns) - COLUMNS} more columns")
    note = f"<p>{html.escape(', '.join(left))}</p>" if left else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def run(stored: StoredRun) -> str:
    """A run: what it is, what it was started with, and its metrics with their curves."""
    title = f"run {stored.id}" + (f" · {stored.name}" if stored.name else "")
    parts = [f"<b>{_text(title)}</b> · {_text(stored.experiment)} · {_text(stored.status)}"]
    if stored.error:
        parts.append(f"<pre>{html.escape(stored.error[-2000:])}</pre>")
    if stored.config:
        parts.append(table([stored.config]))
    names = [name for name in stored.metrics if not name.startswith("system/")]
    rows: List[str] = []
    for name in names[:COLUMNS]:
        figures = stored.metrics[name]
        line = curve(p.value for p in stored.history(name)) if figures["count"] > 1 else ""
        cells = "".join(f"<td {_CELL}>{_text(figures[key])}</td>" for key in ("last", "min", "max", "lastStep"))
        rows.append(f"<tr><td {_CELL}>{_text(name)}</td>{cells}<td>{line}</td></tr>")
    if rows:
        head = "".join(f"<th {_CELL}>{word}</th>" for word in ("metric", "last", "min", "max", "step", ""))
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
    return "".join(f"<div>{part}</div>" for part in parts)


def curve(values: Iterable[float], width: int = 160, height: int = 28) -> str:
    """A small line of a series as SVG; what is not finite is left out."""
    every = list(values)
    step = max(1, len(every) // width)
    points = [(place, value) for place, value in enumerate(every) if place % step == 0 and value - value == 0]
    if len(points) < 2:
        return ""
    low, high = min(v for _, v in points), max(v for _, v in points)
    x, y = (width - 2) / max(1, len(every) - 1), (height - 4) / ((high - low) or 1)
    path = " ".join(f"{1 + place * x:.1f},{height - 2 - (value - low) * y:.1f}" for place, value in points)
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="from {points[0][1]:.4g} to {points[-1][1]:.4g}">'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    )
