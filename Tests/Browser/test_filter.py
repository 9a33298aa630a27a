"""The page's filter is `--where`: one table of conditions is asked of the page and of `tracker list`."""

import json
import os
import subprocess
from pathlib import Path

import pytest

CONDITIONS = json.loads((Path(__file__).parent / "conditions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def listed(reports):
    """What `tracker list` says to a condition: the runs, or the mistake."""
    def ask(condition):
        program = reports.program("full")
        result = subprocess.run(
            [os.environ["TRACKER"], "list", "--all", "--format", "csv", "--columns", "id", "--limit", "1000", "--where", condition],
            cwd=program.folder, env=program.environment, capture_output=True, text=True, timeout=60)
        if result.returncode == 64:
            return None, result.stderr.removeprefix("error: ").rstrip("\n")
        assert result.returncode == 0, result.stderr
        return sorted(result.stdout.split()[1:]), None
    return ask


def test_a_condition_chooses_the_runs_that_the_program_lists_and_makes_the_same_mistakes(open_report, listed):
    tab = open_report("full")
    total = len(tab.table().runs())
    mistake = tab.page.locator("#filter-mistake")
    wrong = []
    for condition in CONDITIONS:
        runs, message = listed(condition)
        tab.filter("")
        tab.filter(condition)
        said = mistake.text_content() if mistake.is_visible() else None
        shown = sorted(tab.table().runs())
        if condition == "":
            assert said is None and len(shown) == total  # Nothing is written yet.
        elif said != message or (runs is not None and shown != runs):
            wrong.append((condition, message, said, runs, shown if runs is not None else None))
    assert wrong == []


def test_the_filter_says_how_many_runs_are_left_and_everything_follows_it(open_report):
    tab = open_report("sweep")
    total = len(tab.table().runs())
    tab.filter("hidden = 30 and seed = 1")
    assert tab.page.locator("#filter-count").inner_text() == f"3 of {total} runs are shown"
    runs = set(tab.table().runs())
    assert tab.drawn_runs() == runs
    dots = tab.page.locator("#effects figure[data-effect='0'] svg.dots path")
    assert set(dots.evaluate_all("all => all.filter(one => one.checkVisibility()).map(one => one.dataset.run)")) == runs
    assert tab.page.locator("#effects .basis").text_content() in ("", "of 3 runs", "of 3 runs, by their ranks")
    best = tab.page.locator("#overview .best a").get_attribute("href")
    assert best.removeprefix("#run-") in runs
    figures = tab.page.locator("[data-tile=metric] a").evaluate_all("all => all.map(one => one.getAttribute('href').slice(5))")
    assert set(figures) <= runs
    tab.filter("")
    assert len(tab.table().runs()) == total


def test_a_mistake_leaves_what_was_shown(open_report):
    tab = open_report("sweep")
    tab.filter("hidden = 30")
    shown = tab.table().runs()
    tab.filter("hidden = 30 and")
    assert tab.table().runs() == shown and tab.page.locator("#filter-mistake").is_visible()
