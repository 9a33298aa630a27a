"""Plotly's file of the same curves: a chart a metric, a line a run, its own script included."""

import sqlite3
from contextlib import closing

import numpy
import plotly.graph_objects
import plotly.subplots

CURVES = """
  SELECT step, value FROM metric_point WHERE series_id = ? ORDER BY step, nth
"""


def write_html(store, path):
    with closing(sqlite3.connect(store)) as connection:
        series = connection.execute("SELECT id, key, run_id FROM metric_series ORDER BY run_id, key").fetchall()
        keys = sorted({key for _, key, _ in series})
        figure = plotly.subplots.make_subplots(rows=(len(keys) + 2) // 3, cols=3, subplot_titles=keys)
        for number, key, run in series:
            rows = connection.execute(CURVES, [number]).fetchall()
            place = keys.index(key)
            figure.add_trace(
                plotly.graph_objects.Scattergl(
                    x=numpy.array([row[0] for row in rows]), y=numpy.array([row[1] for row in rows]), mode="lines",
                    name=f"run {run}", legendgroup=f"run {run}", showlegend=place == 0),
                row=place // 3 + 1, col=place % 3 + 1)
    figure.write_html(path)
