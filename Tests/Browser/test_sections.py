"""What a run's network does, sections of a user's own, and how to make it all again."""

import json

import pytest


def test_the_confusion_matrix_counts_every_held_out_example(open_report, reports):
    page = open_report("single").page
    rows = page.locator("table.confusion tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].slice(1).map(cell => Number(cell.textContent.replace('·', '0'))))")
    right = sum(row[place] for place, row in enumerate(rows))
    total = sum(map(sum, rows))
    run = json.loads(reports.program("single")("show", "1", "--format", "json"))
    assert len(rows) == 10 and total == 359
    assert right / total == pytest.approx(run["metrics"]["testAccuracy"]["last"])
    assert page.locator(".mistakes li").count() == min(16, total - right)


def test_each_form_of_a_section_of_ones_own_is_shown_in_the_order_of_the_files(open_report):
    page = open_report("own_sections").page
    headings = page.locator("main section > h2").all_text_contents()
    own = ["Names <b>as they are</b>", "Bars of seconds", "Lines of cost", "Dots by status", "Map of counts"]
    assert [heading for heading in headings if heading in own] == own
    section = {title: page.locator("main section").filter(has=page.get_by_role("heading", name=title, exact=True)) for title in own}
    assert section[own[0]].get_by_text("<script>alert(2)</script>").count() == 3
    assert section[own[1]].locator(".bars li").count() == 3
    assert section[own[2]].locator("svg.lines path").count() == 3
    assert section[own[3]].locator("svg.dots path").count() == 3
    assert section[own[4]].locator("tbody tr").count() == 1


@pytest.mark.parametrize("name", ["full", "own_sections"])
def test_the_commands_that_made_the_runs_are_there_to_be_copied(open_report, reports, name):
    text = open_report(name).page.locator("main").text_content()
    runs = json.loads(reports.program(name)("list", "--all", "--format", "json"))
    # A line's end within an argument is shown as an escape.
    commands = {run["environment"]["command"].replace("\n", "\\n") for run in runs}
    assert [command for command in commands if command not in text] == []
