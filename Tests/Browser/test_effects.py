"""The effect of the parameters: scatter plots, parallel coordinates, groups over seeds."""

import pytest


def drag_along(tab, axis, start, end):
    """Drags along an axis of the parallel coordinates, between shares of its height from the top."""
    figure = tab.page.locator("svg.parallel")
    figure.scroll_into_view_if_needed()
    x, top, bottom = figure.locator(f"g[data-axis='{axis}'] > path").first.evaluate(
        "path => { const box = path.getBoundingClientRect(); return [box.left + box.width / 2, box.top, box.bottom]; }")
    tab.page.mouse.move(x, top + start * (bottom - top))
    tab.page.mouse.down()
    tab.page.mouse.move(x, top + (start + end) / 2 * (bottom - top))
    tab.page.mouse.move(x, top + end * (bottom - top))
    tab.page.mouse.up()


def kept(tab):
    return set(tab.page.locator("svg.parallel path[data-run]:visible").evaluate_all("all => all.map(one => one.dataset.run)"))


def test_a_brush_keeps_the_runs_that_pass_through_it(open_report):
    tab = open_report("sweep")
    every = kept(tab)
    assert len(every) == 18
    axes = tab.page.locator("svg.parallel g[data-axis]")
    titles = [text for text in axes.locator("text.title").all_text_contents()]
    hidden = titles.index("hidden")
    drag_along(tab, hidden, 0, 0.4)
    upper = kept(tab)
    assert len(upper) == 9
    assert set(tab.table().runs()) == upper and tab.drawn_runs() == upper
    drag_along(tab, hidden, 0.6, 1)
    assert kept(tab) == every - upper, "the brush was moved"
    drag_along(tab, hidden, 0.5, 0.5)
    assert kept(tab) == every


def test_a_drag_that_began_beside_the_axis_is_no_brush(open_report):
    tab = open_report("sweep")
    every = kept(tab)
    drag_along(tab, 0, -0.2, 0.4)
    assert kept(tab) == every


def test_brushes_of_two_axes_and_the_filter_work_together(open_report):
    tab = open_report("sweep")
    titles = tab.page.locator("svg.parallel g[data-axis] text.title").all_text_contents()
    drag_along(tab, titles.index("hidden"), 0, 0.4)
    drag_along(tab, titles.index("lambda"), 0.9, 1)
    assert len(kept(tab)) == 3
    tab.page.get_by_label("Filter").fill("seed = 1")
    assert len(kept(tab)) == 1


@pytest.mark.parametrize("parameter", ["lambda", "hidden"])
def test_a_parameter_that_was_varied_has_its_scatter_plot(open_report, parameter):
    figure = open_report("sweep").page.locator("#effects figure.chart").filter(has_text=parameter).first
    assert figure.locator("svg.dots path").count() >= 18 or figure.locator("svg.dots path[data-run]").count() > 0


def test_groups_over_seeds_have_their_intervals_drawn(open_report):
    section = open_report("sweep").page.locator("#groups")
    assert section.locator("path.band").count() >= 6
    assert section.locator("table tbody tr").count() == 6
