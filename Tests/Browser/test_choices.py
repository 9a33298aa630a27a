"""What a reader chooses: the metric that ranks, colours, a baseline, each chart's tools; and that a link keeps it."""

import csv
import io
from urllib.parse import parse_qs

import pytest


def chart(tab, metric):
    figure = tab.page.locator(f"#curves figure.chart[data-metric='{metric}']")
    figure.scroll_into_view_if_needed()
    return figure


def legend(tab):
    return tab.page.locator("#curves .ranked [data-run]").evaluate_all("all => all.map(one => one.dataset.run)")


def chosen(tab):
    """What the address keeps."""
    return {key: values[-1] for key, values in parse_qs(tab.page.evaluate("location.hash").partition("?")[2]).items()}


def expected_order(reports, metric, falls):
    lines = reports.program("sweep")("list", "--all", "--format", "csv", "--columns", f"id,metrics.{metric}", "--limit", "1000").split()[1:]
    values = sorted((float(value) * (1 if falls else -1), int(run)) for run, value in (line.split(",") for line in lines))
    return [value for value, _ in values], {str(run): value for value, run in values}


@pytest.mark.parametrize("metric, falls", [("testCost", True), ("cost", True), ("trainAccuracy", False)])
def test_the_reader_chooses_by_which_metric_runs_rank(open_report, reports, metric, falls):
    tab = open_report("sweep")
    tab.page.get_by_label("Rank by").select_option(metric)
    values, value_of = expected_order(reports, metric, falls)
    runs = tab.table().runs()
    assert [value_of[run] for run in runs] == values
    assert [value_of[run] for run in legend(tab)] == values[:len(legend(tab))]
    best = tab.page.locator("#overview .best a").get_attribute("href").removeprefix("#run-")
    assert value_of[best] == values[0] and tab.page.locator("tr.best").get_attribute("data-run") == best
    assert metric in tab.page.locator("#effects h3").nth(1).inner_text()
    assert chosen(tab)["metric"] == metric
    tab.page.get_by_label("Which way it is better").select_option("maximize" if falls else "minimize")
    assert [value_of[run] for run in tab.table().runs()] == values[::-1]


def test_colours_go_by_a_parameter(open_report):
    tab = open_report("sweep")
    tab.page.get_by_label("Colour by").select_option("parameter:hidden")
    names = tab.page.locator("#curves .ranked .kind > span:first-of-type").all_text_contents()
    assert names == ["10", "30"]
    classes = tab.page.locator("#curves figure.chart[data-metric='cost'] svg.lines path[id]").evaluate_all(
        "all => all.map(one => [one.dataset.run, one.getAttribute('class')])")
    assert {name for _, name in classes} == {"c0", "c1"} and len(classes) == 18


def test_a_baseline_says_how_far_others_are_from_it(open_report):
    tab = open_report("sweep")
    base = tab.page.get_by_label("Baseline")
    run = legend(tab)[2]
    base.select_option(run)
    rows = tab.page.locator("#curves .ranked li").all_inner_texts()
    assert sum("baseline" in row for row in rows) == 1
    assert all("+" in row or "−" in row for row in rows if "baseline" not in row)
    assert tab.page.locator("#curves figure.chart[data-metric='cost'] path.baseline").get_attribute("data-run") == run


def test_many_runs_are_a_band_with_the_chosen_ones_on_it(open_report):
    tab = open_report("many")
    figure = chart(tab, "testAccuracy")
    assert figure.locator("path.crowd").count() == 2
    before = figure.locator("svg.lines path[id]").count()
    assert before == 6
    run = tab.table().runs()[100]
    tab.page.locator(f"#run-table tr[data-run='{run}'] .pin").click()
    assert run in legend(tab)
    # Of a large page what is out of sight is drawn when it comes into it.
    figure.scroll_into_view_if_needed()
    figure.locator(f"svg.lines path[id][data-run='{run}']").wait_for(state="attached")
    assert figure.locator("svg.lines path[id]").count() == before + 1


def test_a_large_page_is_printed_as_the_reader_made_it(open_report):
    tab = open_report("many")
    run = tab.table().runs()[100]
    tab.page.locator(f"#run-table tr[data-run='{run}'] .pin").click()
    tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    figures = tab.page.locator("#curves figure.chart")
    assert tab.page.locator(f"#curves svg.lines path[id][data-run='{run}']").count() == figures.count() > 1


def test_a_run_of_the_band_is_drawn_while_it_is_pointed_at(open_report):
    tab = open_report("many")
    run = tab.table().runs()[50]
    tab.page.locator(f"#run-table tr[data-run='{run}'] td").nth(2).hover()
    assert tab.page.locator("#overview path.picked").first.get_attribute("data-run") == run


def test_a_chart_has_a_logarithm_of_its_own(open_report):
    tab = open_report("single")
    figure = chart(tab, "trainAccuracy")
    figure.get_by_role("button", name="logarithmic scale").click()
    assert "log scale" in figure.locator("figcaption").inner_text()
    assert "log scale" not in chart(tab, "testAccuracy").locator("figcaption").inner_text()


def test_a_chart_fills_the_window_until_escape(open_report):
    tab = open_report("single")
    figure = chart(tab, "cost")
    figure.get_by_role("button", name="full size").click()
    box = figure.bounding_box()
    assert (box["width"], box["height"]) == (1440, 900)
    tab.page.keyboard.press("Escape")
    assert figure.bounding_box()["width"] < 900


@pytest.mark.parametrize("kind, start", [("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"run,name,step,time")])
def test_a_chart_is_saved(open_report, kind, start):
    tab = open_report("full")
    figure = chart(tab, "cost")
    figure.locator("summary", has_text="save").click()
    with tab.page.expect_download() as download:
        figure.get_by_role("button", name=kind).click()
    content = download.value.path().read_bytes()
    assert download.value.suggested_filename == f"cost.{kind.lower()}"
    assert content.startswith(start) and len(content) > 2000
    if kind == "SVG":
        assert b"var(" not in content and b"class=" not in content
    if kind == "CSV":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        assert {row["run"] for row in rows} == set(figure.locator("path[id]").evaluate_all("all => all.map(one => one.dataset.run)"))
        assert all(float(row["last"]) >= 0 for row in rows)


@pytest.mark.parametrize("across, title", [("relative", "seconds since the start"), ("wall", "time")])
def test_steps_or_times_stand_across(open_report, across, title):
    tab = open_report("sweep")
    figure = chart(tab, "cost")
    tab.page.get_by_label("Across").select_option(across)
    texts = figure.locator("g.axis text").all_text_contents()
    assert texts[-1].endswith(title)
    figure.locator("svg.plot").hover()
    assert ("after the start" in figure.locator(".tip").inner_text()) == (across == "relative")
    assert all("NaN" not in path for path in figure.locator("path[id]").evaluate_all("all => all.map(one => one.getAttribute('d'))"))


def test_pointing_at_one_chart_reads_the_same_step_in_all_that_are_seen(open_report):
    tab = open_report("full")
    figure = chart(tab, "trainAccuracy")
    figure.locator("svg.plot").hover()
    step = figure.locator(".tip > b").inner_text()
    others = tab.page.locator("#curves .tip > b").all_inner_texts()
    assert len(others) > 1 and set(others) == {step}
    assert tab.page.locator(".tip[aria-live=polite]").count() == 1


def test_a_finger_reads_values(open_report):
    tab = open_report("single", width=390, touch=True)
    figure = chart(tab, "cost")
    box = figure.locator("svg.plot").bounding_box()
    tab.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert figure.locator(".tip").is_visible()


def test_metrics_are_sectioned_by_their_prefix(open_report):
    tab = open_report("moons")
    assert tab.page.locator("#curves details.part > summary h3").all_text_contents() == ["train", "val", "grad_norm"]
    tab.page.get_by_label("Metrics", exact=True).fill("loss")
    assert tab.page.locator("#curves figure.chart:visible").evaluate_all("all => all.map(one => one.dataset.metric)") == ["train/loss", "val/loss"]
    assert not tab.page.locator("#curves details.part").nth(2).is_visible()


def test_an_address_shows_the_page_as_it_was_seen(open_report):
    tab = open_report("sweep")
    tab.filter("hidden = 30")
    tab.page.get_by_label("Rank by").select_option("testCost")
    tab.page.get_by_label("Colour by").select_option("parameter:lambda")
    tab.page.get_by_label("Smoothing").fill("0.5")
    tab.page.get_by_label("Across").select_option("relative")
    tab.page.get_by_role("radio", name="logarithmic", exact=True).check()
    run = tab.table().runs()[2]
    tab.page.locator(f"#run-table tr[data-run='{run}'] .eye").click()
    hash_ = tab.page.evaluate("location.hash").removeprefix("#")
    again = open_report("sweep", at=hash_)
    assert again.table().runs() == tab.table().runs() and again.drawn_runs() == tab.drawn_runs()
    assert again.page.get_by_label("Filter").input_value() == "hidden = 30"
    paths = [one.page.locator("#curves figure.chart path[id]").evaluate_all("all => all.map(one => one.getAttribute('d'))") for one in (tab, again)]
    assert paths[0] == paths[1]
    link = again.page.locator(f"#run-table tr[data-run='{run}'] a")
    link.click()
    again.page.locator(f"#run-{run}[open]").wait_for()
    assert again.page.evaluate("location.hash").startswith(f"#run-{run}?") and "where=" in again.page.evaluate("location.hash")
