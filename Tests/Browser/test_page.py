"""The page as a whole: it opens in silence, fits, and shows what it was given as text."""

import re

import pytest
from stores import EMOJI, HOSTILE, INJECTION, REPORTS
from tab import THEMES, WIDTHS

every_report = pytest.mark.parametrize("name", REPORTS)
every_theme = pytest.mark.parametrize("theme", THEMES)
every_width = pytest.mark.parametrize("width", WIDTHS)


@every_report
@every_theme
@every_width
def test_a_report_opens_without_complaint_and_is_no_wider_than_its_window(open_report, name, theme, width):
    tab = open_report(name, theme=theme, width=width)
    assert tab.page.get_by_role("heading", level=1).is_visible()
    assert tab.overflow() == []
    tab.open_runs()
    assert tab.overflow() == []


@every_report
def test_ids_are_unique_and_every_link_within_the_page_leads_somewhere(open_report, name):
    tab = open_report(name)
    ids = tab.ids()
    assert len(ids) == len(set(ids))
    targets = tab.page.eval_on_selector_all(
        "[href^='#'], [aria-labelledby], [aria-describedby], [for], [aria-controls]",
        """all => all.flatMap(one => [(one.getAttribute('href') ?? '').slice(1),
             ...['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']
               .flatMap(name => (one.getAttribute(name) ?? '').split(' '))]).filter(Boolean)""")
    assert set(map(str, targets)) - set(ids) == set()


@every_report
def test_every_picture_can_be_decoded_and_says_what_it_shows(open_report, name):
    tab = open_report(name)
    tab.open_runs()
    pictures = tab.page.locator("img").evaluate_all(
        "all => Promise.all(all.map(one => one.decode().then(() => ({ width: one.naturalWidth, text: one.alt }))))")
    assert all(picture["width"] > 0 and picture["text"] for picture in pictures)
    assert pictures or name not in ("full", "single")


@every_report
def test_a_report_refers_to_nothing_outside_itself(reports, name):
    text = reports[name].read_text(encoding="utf-8")
    attributes = re.findall(r"""(?<![-\w])(?:src|href|xlink:href|action|data|poster|srcset)=["']?([^"'\s>]+)""", text)
    shown = {HOSTILE[0].split("src=")[1].split()[0]}  # the attack's own, which stands there as escaped text
    assert [value for value in attributes if not value.startswith(("#", "data:image/")) and value not in shown] == []
    assert "@import" not in text and not re.search(r"url\((?!#)", text)


@pytest.mark.parametrize("name", ["full", "hostile"])
def test_the_policy_that_forbids_foreign_script_is_in_force(open_report, name):
    tab = open_report(name)
    tab.page.evaluate("""() => { const script = document.createElement('script'); script.textContent = 'window.entered = true';
                                 document.body.append(script); }""")
    assert tab.page.evaluate("window.entered") is None
    assert any("Content Security Policy" in complaint for complaint in tab.complaints)
    tab.complaints.clear()


def test_names_that_attack_are_shown_as_the_text_that_they_are(open_report):
    tab = open_report("hostile")
    text = tab.page.locator("main").text_content()
    for name in (INJECTION, HOSTILE[1], HOSTILE[2], HOSTILE[3], HOSTILE[4], HOSTILE[5]):
        assert name in text
    assert tab.page.locator("img[src=x], [onerror], [onload], [onfocus]").count() == 0
    assert tab.page.locator("script:not([type])").count() == 1


def test_an_emoji_stays_whole(open_report):
    assert EMOJI in open_report("full").page.locator("#run-table").inner_text()


def paper_and_ink(page):
    """How light the page's ground and its text are, 0 to 1."""
    return page.locator("body").evaluate(
        """body => ['backgroundColor', 'color'].map(name => {
             const [r, g, b] = getComputedStyle(body)[name].match(/[\\d.]+/g).map(Number);
             return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; })""")


@every_theme
def test_colours_follow_the_readers_theme(open_report, theme):
    paper, ink = paper_and_ink(open_report("single", theme=theme).page)
    assert (paper > 0.9 and ink < 0.2) if theme == "light" else (paper < 0.1 and ink > 0.8)


@every_theme
def test_paper_is_white_and_ink_dark_whatever_the_screens_theme(open_report, theme):
    page = open_report("single", theme=theme).page
    page.emulate_media(media="print")
    paper, ink = paper_and_ink(page)
    assert paper > 0.9 and ink < 0.2


@pytest.mark.parametrize("name", ["full", "many"])
def test_without_scripts_every_section_chart_and_table_is_there(open_report, name):
    scripted, plain = open_report(name), open_report(name, scripts=False)
    for selector in ("main section", "svg.plot", "table", "#run-table tbody tr", "img"):
        count = scripted.page.locator(selector).count()
        assert plain.page.locator(selector).count() == count > 0 or selector == "img"
    hidden = plain.page.locator("main section > *:not(.tools, script)").evaluate_all("all => all.filter(one => !one.checkVisibility()).length")
    assert hidden == 0
    assert plain.page.locator("nav + main, main").first.is_visible()


@pytest.mark.parametrize("name", ["full", "single", "hostile"])
def test_on_paper_every_run_is_open_and_no_control_is_left(open_report, name):
    page = open_report(name).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details.run:not([open])").count() == 0
    assert page.locator("nav, input, select, .tools, .reset").evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0
    assert page.locator("#run-table").is_visible()
