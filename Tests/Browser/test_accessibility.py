"""Readers with a keyboard, a screen reader or weak eyes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tab import THEMES, WIDTHS


# Large reports take axe a quarter of a minute: each theme and each width once.
AXE = [("full", "light", 1440), ("full", "dark", 390), ("digits", "dark", 1440), ("digits", "light", 390)] + [
    (name, theme, width) for name in ("own_sections", "empty", "hostile") for theme in THEMES for width in WIDTHS]


@pytest.mark.parametrize("name, theme, width", AXE)
def test_axe_finds_nothing_serious(open_report, name, theme, width):
    tab = open_report(name, theme=theme, width=width)
    tab.open_runs()
    violations = Axe().run(tab.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary']} × {len(one['nodes'])}"
        for one in violations if one["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_tabulator_reaches_every_control_and_shows_where_it_is(open_report, width):
    page = open_report("single", width=width).page
    reachable = page.locator("a[href], button, input, select, summary, [tabindex='0']").evaluate_all(
        """all => all.filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !one.matches('.skip')
                                    && !(one.type === 'radio' && !one.checked)).length""")
    seen = set()
    for _ in range(reachable + 5):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """() => { const one = document.activeElement; if (one === document.body) return null;
                       window.places ??= new Map(); if (!places.has(one)) places.set(one, places.size);
                       const style = getComputedStyle(one);
                       return { number: places.get(one), skip: one.matches('.skip'), html: one.outerHTML.slice(0, 120),
                                shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 }; }""")
        if place is None:
            break
        assert place["shown"], place["html"]
        if not place["skip"]:
            seen.add(place["number"])
    assert len(seen) == reachable


def test_the_first_stop_skips_to_the_report(open_report):
    page = open_report("full").page
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the report" and skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")


def test_a_link_to_a_run_opens_it(open_report):
    page = open_report("full").page
    link = page.locator("#run-table tbody a").first
    target = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    # The browser tells the page of the new address when it has time.
    page.locator(f"{target}[open]").wait_for()
    assert page.locator(target).locator("summary").is_visible()
