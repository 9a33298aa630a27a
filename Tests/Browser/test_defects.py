"""What was once wrong with the page, and must not come back."""

import pytest
from tab import SIZES, THEMES

# Tall pages with much that could move a target.
LINKED = ["digits", "moons", "full", "many"]


@pytest.mark.parametrize("name", LINKED)
def test_a_link_lands_on_its_target_with_motion_as_readers_have_it(open_report, name):
    tab = open_report(name, motion="no-preference")
    links = tab.page.locator("nav a, #run-table tbody a, #curves .legend a, #overview a[href^='#']")
    targets = [link.get_attribute("href") for link in links.all()]
    for target in dict.fromkeys([*targets[:12], *targets[-6:]]):
        tab.page.evaluate("scrollTo(0, 0)")
        link = tab.page.locator(f"a[href='{target}']:visible").first
        link.click()
        near = tab.page.evaluate(
            """async id => { const root = document.documentElement, target = document.getElementById(id);
                             const distance = () => Math.abs(root.scrollHeight - innerHeight - scrollY) < 2 ? 0
                               : Math.abs(target.getBoundingClientRect().top - parseFloat(getComputedStyle(root).scrollPaddingTop));
                             let near = 0;
                             for (let frame = 0; frame < 600 && near < 12; frame++) {
                               await new Promise(requestAnimationFrame);
                               near = distance() < 5 ? near + 1 : 0;
                             }
                             return near; }""", target[1:])
        assert near == 12, f"{target} is not where the page comes to rest"


def test_a_tip_is_cut_nowhere(open_report):
    tab = open_report("sweep")
    for figure in tab.page.locator("#curves figure.chart").all()[-2:]:
        figure.scroll_into_view_if_needed()
        figure.locator("svg.plot").hover()
        cut = figure.locator(".tip").evaluate(
            """tip => { const box = tip.getBoundingClientRect();
                        if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) return 'window';
                        for (let outer = tip.parentElement; outer; outer = outer.parentElement) {
                          const style = getComputedStyle(outer);
                          if (/paint|strict|content/.test(style.contain) || style.transform !== 'none') return outer.outerHTML.slice(0, 80);
                        } return ''; }""")
        assert cut == ""


def test_a_run_that_a_filter_hides_is_not_ticked_in_the_legend(open_report):
    tab = open_report("sweep")
    tab.filter("hidden = 30")
    shown = set(tab.table().runs())
    ticked = tab.page.locator("#curves .ranked li:has(input:checked) [data-run]").evaluate_all("all => all.map(one => one.dataset.run)")
    assert ticked and set(ticked) <= shown


def test_on_paper_no_header_is_printed_amid_a_table(open_report):
    page = open_report("many").page
    page.locator("#run-table").evaluate("table => { table.closest('.scroll').scrollTop = 400; }")
    page.emulate_media(media="print")
    assert page.locator("#run-table thead th").first.evaluate("one => getComputedStyle(one).position") == "static"


def test_escape_closes_a_menu_and_gives_the_focus_back(open_report):
    page = open_report("full").page
    summary = page.locator("summary").filter(has_text="Columns")
    summary.click()
    page.locator("#columns input").nth(1).focus()
    page.keyboard.press("Escape")
    assert not page.locator("#columns").is_visible()
    assert summary.evaluate("one => one === document.activeElement")
    summary.click()
    page.locator("h1").click()
    assert not page.locator("#columns").is_visible()


@pytest.mark.parametrize("name", ["digits", "moons", "full", "hostile"])
@pytest.mark.parametrize("scale", ["automatic", "logarithmic"])
def test_ticks_do_not_run_into_each_other(open_report, name, scale):
    page = open_report(name).page
    page.get_by_role("radio", name=scale, exact=True).check()
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    collisions = page.locator("svg.plot g.axis").evaluate_all(
        """all => all.flatMap(axis => { const texts = [...axis.querySelectorAll('text:not([transform])')].filter(one => one.checkVisibility());
             const boxes = texts.map(one => [one.textContent, one.getBoundingClientRect()]);
             return boxes.flatMap(([a, x], i) => boxes.slice(i + 1).filter(([, y]) =>
               x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 3 && y.top < x.bottom - 3).map(([b]) => `${a} | ${b}`)); })""")
    assert collisions == []


@pytest.mark.parametrize("width", SIZES)
def test_names_of_150_characters_fit(open_report, width):
    tab = open_report("moons", width=width)
    assert tab.overflow() == []
    tab.page.locator("#curves svg.plot").first.hover()
    assert tab.overflow() == []


def test_a_single_point_is_seen(open_report):
    page = open_report("one_epoch").page
    widths = page.locator("#curves svg.lines path[id]").evaluate_all("all => all.slice(0, 20).map(one => parseFloat(getComputedStyle(one).strokeWidth))")
    assert widths and min(widths) >= 5


def test_runs_without_seeds_are_not_said_to_differ_in_them(open_report):
    text = open_report("repeated").page.locator("#groups").inner_text()
    assert "have the same parameters" in text and "seed" not in text.lower()


def test_every_figure_and_axis_has_a_name_and_tips_are_spoken(open_report):
    page = open_report("sweep").page
    assert page.locator("figure.chart[data-chart]:not([aria-label])").count() == 0
    handles = page.locator("svg.parallel .handle")
    assert handles.count() > 2
    assert all(name and "keep" in name for name in handles.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))"))
    figure = page.locator("#curves figure.chart").first
    figure.focus()
    page.keyboard.press("End")
    assert figure.locator(".tip").get_attribute("aria-live") == "polite"


FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"


def test_what_is_read_by_keys_goes_along_with_the_page_and_ends_out_of_sight(open_report):
    page = open_report("sweep").page
    figure = page.locator("#curves figure.chart").first
    figure.focus()  # scrolls the page: its event comes after the key
    page.keyboard.press("End")
    page.evaluate(FRAMES)
    assert figure.locator(".tip").count() == 1
    figure.evaluate("figure => figure.scrollIntoView({ block: 'center' })")
    page.evaluate(FRAMES)
    before = figure.locator(".tip").bounding_box()
    page.evaluate("scrollBy(0, 30)")
    page.evaluate(FRAMES)
    after = figure.locator(".tip").bounding_box()
    assert before and after and after["y"] == pytest.approx(before["y"] - 30, abs=1)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(FRAMES)
    assert page.locator(".tip").count() == 0


def test_a_parallel_axis_is_used_by_keyboard(open_report):
    tab = open_report("sweep")
    total = len(tab.table().runs())
    tab.page.locator("svg.parallel g[data-axis='0'] .handle").focus()
    tab.page.keyboard.press("ArrowUp")
    assert 0 < len(tab.table().runs()) < total
    tab.page.keyboard.press("Escape")
    assert len(tab.table().runs()) == total


@pytest.mark.parametrize("theme", THEMES)
def test_lines_and_dots_stand_out_from_their_ground_by_3_to_1(open_report, theme):
    page = open_report("sweep", theme=theme).page
    ratios = page.evaluate(
        """() => { const style = getComputedStyle(document.documentElement);
             const canvas = document.createElement('canvas').getContext('2d');
             const rgb = name => { canvas.fillStyle = style.getPropertyValue(name); const hex = canvas.fillStyle;
               return [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16)); };
             const light = colour => colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
               .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
             const card = rgb('--card');
             const opacityOf = { '--rest': 0.9 };
             return ['--c0','--c1','--c2','--c3','--c4','--c5','--c6','--c7','--q0','--q1','--q2','--q3','--q4','--rest'].map(name => {
               const opacity = opacityOf[name] ?? (name[2] === 'q' ? 0.95 : 1);
               const [a, b] = [light(card), light(rgb(name).map((part, at) => part * opacity + card[at] * (1 - opacity)))].sort((x, y) => y - x);
               return [name, (a + 0.05) / (b + 0.05)]; }); }""")
    assert [name for name, ratio in ratios if ratio < 3] == []
