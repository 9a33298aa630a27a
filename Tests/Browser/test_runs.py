"""The table of runs: sorted and filtered by pointer and by keyboard."""

import json
import math

import pytest


def order(texts):
    """Values of a column as they compare: numbers by size; nothing where there is no value."""
    known = [text for text in texts if text not in ("", "–")]
    numbers = [number(text) for text in known]
    return numbers if not any(value is None for value in numbers) else None


def number(text):
    try:
        value = float(text)
        return None if math.isnan(value) else value
    except ValueError:
        return None


@pytest.mark.parametrize("name, how", [("full", "click"), ("full", "Enter"), ("full", "Space"), ("many", "click")])
def test_every_column_sorts_up_and_down(open_report, name, how):
    tab = open_report(name)
    tab.unpin()
    table = tab.table()
    runs = sorted(table.runs())
    for index in table.shown_columns():
        button = table.headers().nth(index).get_by_role("button")
        for state in ("ascending", "descending"):
            if how == "click":
                button.click()
            else:
                button.focus()
                button.press(how)
            assert table.sort_states() == [state if other == index else None for other in range(table.headers().count())]
            texts = table.column(index)
            assert sorted(table.runs()) == runs
            first_missing = next((place for place, text in enumerate(texts) if text in ("", "–")), len(texts))
            assert all(text in ("", "–") for text in texts[first_missing:]), "missing values come last"
            values = order(texts)
            if values is not None:
                assert values == sorted(values, reverse=state == "descending")


def test_what_is_pinned_stays_first_however_the_table_is_sorted(open_report):
    tab = open_report("full")
    table = tab.table()
    best = table.runs()[0]
    assert table.locator.locator("tr.best.pinned").get_attribute("data-run") == best
    if best != "3":
        table.locator.locator("tr[data-run='3'] .pin").click()
    for _ in range(2):
        table.headers().nth(0).get_by_role("button").click()
        assert set(table.runs()[:2]) == {best, "3"}


def test_an_eye_hides_a_run_everywhere_and_keeps_its_row(open_report):
    tab = open_report("full")
    table, run = tab.table(), "3"
    shown = tab.drawn_runs()
    eye = table.locator.locator(f"tr[data-run='{run}'] .eye")
    assert run in shown and eye.get_attribute("aria-pressed") == "true"
    eye.click()
    assert tab.drawn_runs() == shown - {run} and run in table.runs()
    assert eye.get_attribute("aria-pressed") == "false"
    eye.click()
    assert tab.drawn_runs() == shown




def test_columns_are_chosen_and_hidden_ones_can_be_filtered_by(open_report):
    tab = open_report("full")
    table = tab.table()
    tab.page.locator("summary").filter(has_text="Columns").click()
    boxes = tab.page.locator("#columns").get_by_role("checkbox")
    titles = [text.strip() for text in tab.page.locator("#columns label").all_inner_texts()]
    assert [title for index, title in enumerate(titles) if boxes.nth(index).is_checked()] == table.titles()
    optimizer = titles.index("optimizer")
    assert not boxes.nth(optimizer).is_checked() or "optimizer" in table.titles()
    was_shown = boxes.nth(optimizer).is_checked()
    boxes.nth(optimizer).set_checked(not was_shown)
    assert ("optimizer" in table.titles()) != was_shown
    tab.page.get_by_label("Filter").fill("optimizer = adam")
    assert len(table.runs()) == 1


def test_the_metrics_that_a_large_page_leaves_out_are_filled_in_when_a_run_is_opened(open_report, reports):
    tab = open_report("many")
    bare = tab.page.eval_on_selector_all(
        "details.run", "all => all.filter(one => !one.querySelector('table.metrics')).map(one => one.id)")
    assert 0 < len(bare) < 240
    run = json.loads(reports.program("many")("show", bare[0].removeprefix("run-"), "--format", "json"))
    tab.page.evaluate("id => { document.getElementById(id).open = true }", bare[0])
    tab.page.wait_for_selector(f"#{bare[0]} table.metrics")
    rows = tab.page.eval_on_selector_all(
        f"#{bare[0]} table.metrics tbody tr", "all => all.map(row => [...row.cells].map(cell => cell.textContent))")
    assert {row[0] for row in rows} == set(run["metrics"])
    for key, first, last, _ in rows:
        assert float(first) == pytest.approx(run["metrics"][key]["first"], rel=1e-3)
        assert float(last) == pytest.approx(run["metrics"][key]["last"], rel=1e-3)
