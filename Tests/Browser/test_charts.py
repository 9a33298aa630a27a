"""Learning curves answer to the pointer."""

import json

import pytest


def chart(tab, metric):
    """The chart of a metric."""
    return tab.page.locator("figure.chart").filter(has=tab.page.locator("figcaption b").get_by_text(metric, exact=True))


def plot_box(figure):
    """Where its curves are drawn, in pixels of the window."""
    return figure.locator("svg svg").evaluate(
        """plot => { const matrix = plot.getScreenCTM(); const at = (x, y) => new DOMPoint(x, y).matrixTransform(matrix);
                     const [a, b] = [at(0, 0), at(1000, 500)]; return { left: a.x, top: a.y, right: b.x, bottom: b.y }; }""")


def hover(tab, figure, step, last):
    """Points at a step, in the middle of the chart's height."""
    figure.scroll_into_view_if_needed()
    box = plot_box(figure)
    tab.page.mouse.move(box["left"] + (box["right"] - box["left"]) * step / last, (box["top"] + box["bottom"]) / 2)


@pytest.mark.parametrize("metric", ["cost", "trainAccuracy", "testCost"])
@pytest.mark.parametrize("step", [0, 10, 50])
def test_hovering_tells_the_value_that_was_recorded(open_report, reports, metric, step):
    tab = open_report("single")
    figure = chart(tab, metric)
    hover(tab, figure, step, 50)
    points = json.loads(reports.program("single")("show", "1", "--metric", metric, "--format", "json"))["points"]
    values = {point["step"]: point["value"] for point in points}
    tip = figure.locator(".tip")
    assert tip.inner_text().splitlines()[0] == f"epoch {step}"
    shown = float(tip.locator("b").inner_text())
    spread = max(values.values()) - min(values.values())
    assert shown == pytest.approx(values[step], rel=0.02, abs=0.01 * spread)


def test_the_tip_goes_with_the_pointer(open_report):
    tab = open_report("single")
    figure = chart(tab, "cost")
    hover(tab, figure, 10, 50)
    assert figure.locator(".tip").is_visible()
    tab.page.mouse.move(1, 1)
    assert figure.locator(".tip").count() == 0 or not figure.locator(".tip").is_visible()


def test_pointing_at_a_run_makes_its_curve_stand_out(open_report):
    tab = open_report("full")
    row = tab.page.locator("#run-table tbody tr").first
    run = row.get_attribute("data-run")
    row.hover()
    opacities = chart(tab, "loss").or_(chart(tab, "cost")).first.locator("path.curve").evaluate_all(
        "all => all.map(one => [one.dataset.run, Number(getComputedStyle(one).opacity)])")
    assert all((opacity == 1) == (other == run) for other, opacity in opacities)


def test_curves_with_gaps_say_what_is_left_out(open_report):
    figure = chart(open_report("full"), "loss")
    assert "4 values that are NaN, infinite" in figure.inner_text()
