"""The table of runs: sorted and filtered by pointer and by keyboard."""

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
    table = open_report(name).table()
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


def test_the_filter_keeps_rows_that_say_the_words(open_report):
    tab = open_report("full")
    table = tab.table()
    total = len(table.runs())
    tab.page.get_by_label("Filter").fill("saturated")
    assert 0 < len(table.runs()) < total
    assert all("saturated" in row for row in table.locator.locator("tbody tr:visible").all_text_contents())
    tab.page.get_by_label("Filter").fill("no run says this")
    assert table.runs() == []
    tab.page.get_by_label("Filter").fill("")
    assert len(table.runs()) == total


@pytest.mark.parametrize("condition", ["cost < 0.5", "cost >= 0.5 and testAccuracy > 0.5", "id != 3", "id = 3"])
def test_a_condition_keeps_the_runs_that_the_program_would_list(open_report, reports, condition):
    tab = open_report("full")
    tab.page.get_by_label("Filter").fill(condition)
    listed = reports.program("full")("list", "--all", "--format", "csv", "--columns", "id", "--where",
                                     condition.replace("cost", "metrics.cost"))
    assert sorted(tab.table().runs()) == sorted(listed.split()[1:])


def test_the_filter_says_how_many_runs_are_left_and_hides_their_curves(open_report):
    tab = open_report("full")
    total = len(tab.table().runs())
    tab.page.get_by_label("Filter").fill("id = 3")
    assert tab.page.locator("#filter-count").inner_text() == f"1 of {total} runs are shown"
    assert tab.drawn_runs() == {"3"}


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
