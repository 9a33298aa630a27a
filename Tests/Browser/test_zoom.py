"""A stretch of a chart: as finely as the page knows the curves, chosen by mouse or by two fingers."""

import json

import pytest
from test_charts import Figure

LAST = 2999


@pytest.fixture
def recorded(reports):
    """What was recorded in the long run, by step."""
    points = json.loads(reports.program("long")("show", "1", "--metric", "val/loss", "--format", "json"))["points"]
    return {point["step"]: point["value"] for point in points}


def test_a_stretch_shows_every_step_that_was_recorded(open_report, recorded):
    figure = Figure(open_report("long"), "val/loss")
    figure.hover(2000, 0, LAST)
    # Of the whole only stretches are known: the tip tells the last value of one.
    name, [value] = figure.tip()
    assert value == pytest.approx(recorded[int(name.split()[1])], rel=6e-4)
    figure.drag(1960, 2060, LAST)
    for step in (1995, 2001, 2002, 2017):
        figure.hover(step, *figure.stretch())
        name, [value] = figure.tip()
        assert name == f"step {step}"
        assert value == pytest.approx(recorded[step], rel=6e-4)


def test_two_fingers_zoom_and_keep_what_they_touch(open_report):
    tab = open_report("long", width=768, touch=True)
    figure = Figure(tab, "val/loss")
    whole = figure.stretch()
    session = tab.page.context.new_cdp_session(tab.page)

    def touch(kind, *steps):
        points = [dict(zip("xy", figure.at(step, 0, LAST))) for step in steps]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{**point, "id": at} for at, point in enumerate(points)]})

    touch("touchStart", 1000)
    touch("touchStart", 1000, 1500)
    touch("touchMove", 500, 2500)
    touch("touchEnd")
    # 500 steps lie now where 2,000 were: the chart shows a quarter.
    first, last = figure.stretch()
    assert last - first == pytest.approx(LAST / 4, abs=LAST / 50)
    assert first == pytest.approx(1000 - 500 / 4, abs=LAST / 50)
    assert figure.reset().is_visible()
    figure.reset().click()
    assert figure.stretch() == whole
