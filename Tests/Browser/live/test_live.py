"""The page of `tracker serve` follows the store, and what the reader did stays."""

import json
import time
import urllib.request

from stores import INJECTION


def last_value(tab, run):
    """The metric that the table gives as a run's last loss."""
    return tab.page.locator(f"#run-table tr[data-run='{run}']").evaluate(
        """row => row.cells[[...row.closest('table').querySelectorAll('th')].findIndex(one => one.dataset.key === 'metrics.loss')].textContent.trim()""")


def until(condition, seconds=60):
    """Waits for something to become true; gives how long it took."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, "it does not come true"
        time.sleep(0.02)
    return time.monotonic() - start


def test_new_points_runs_and_names_come_by_themselves(served, look):
    tab = look()
    drawn = tab.page.locator(f"#curves [data-metric=loss] path[id^='c{served.going}-']")
    before = drawn.get_attribute("d")
    served.program("log", served.going, "loss=0.125", "--step", 5)
    until(lambda: last_value(tab, served.going) == "0.125" and drawn.get_attribute("d") != before)
    new = served.program("start", "--name", INJECTION).strip()
    served.program("log", new, "loss=3", "--step", 0)
    until(lambda: tab.page.locator(f"#run-{new}").count() == 1)
    assert INJECTION in tab.page.locator(f"#run-{new} summary").text_content()
    served.program("finish", served.going)
    until(lambda: "finished" in tab.page.locator(f"#run-{served.going} summary").text_content())


def test_what_the_reader_did_stays(served, look):
    tab = look()
    page = tab.page
    tab.filter("lr < 0.9")
    page.locator("#run-table th[data-key=name] button").click()
    page.locator("#columns").evaluate("menu => menu.closest('details').open = true")
    page.locator("#columns label", has_text="outcome").locator("input").check()
    page.keyboard.press("Escape")
    page.locator(f"#run-{served.going} summary").click()
    chart = page.locator("#curves figure[data-metric=loss]")
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    page.get_by_label("Filter").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.evaluate("scrollTo(0, 700)")
    page.wait_for_timeout(100)

    seen = """() => ({
        filter: document.querySelector('#filter').value, caret: document.querySelector('#filter').selectionStart,
        focus: document.activeElement.id, top: document.querySelector('#curves').getBoundingClientRect().top,
        sort: document.querySelector('#run-table th[data-key=name]').ariaSort,
        column: document.querySelector('#run-table th[data-key=outcome]').checkVisibility(),
        open: document.querySelector('#run-4').open, zoomed: !document.querySelector('#curves [data-metric=loss] .reset').hidden,
        address: location.hash })"""
    before = page.evaluate(seen)
    assert before["sort"] == "ascending" and before["column"] and before["open"] and before["zoomed"] and before["caret"] == 1
    page.locator("#curves").evaluate("one => one.dataset.old = 'yes'")
    served.program("note", "1", "something new")
    until(lambda: page.locator("#curves[data-old]").count() == 0)
    after = page.evaluate(seen)
    assert abs(after.pop("top") - before.pop("top")) < 2
    assert after == before


def test_a_swap_waits_for_the_readers_hand(served, look):
    tab = look()
    chart = tab.page.locator("#overview svg.plot, #curves svg.plot").first
    chart.scroll_into_view_if_needed()
    frame = chart.bounding_box()
    tab.page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    tab.page.mouse.down()
    tab.page.locator("#curves").evaluate("one => one.dataset.old = 'yes'")
    served.program("note", "1", "something new")
    until(lambda: served.asked("/sections") > 0)
    tab.page.wait_for_timeout(600)
    assert tab.page.locator("#curves[data-old]").count() == 1
    tab.page.mouse.up()
    until(lambda: tab.page.locator("#curves[data-old]").count() == 0)


def test_it_comes_back_after_the_server_did(served, look):
    tab = look()
    tab.foreseen = ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE"]
    served.stop()
    tab.page.locator("#live.away").wait_for()
    served.program("log", served.going, "loss=0.0625", "--step", 6)
    served.start()
    tab.page.locator("#live.on").wait_for()
    until(lambda: last_value(tab, served.going) == "0.0625")


def test_two_tabs_and_an_edit_with_its_way_back(served, look):
    one, other = look(), look(theme="dark", width=390)
    one.page.locator("#run-1 summary").click()
    one.page.get_by_role("button", name="Edit name, note, tags").click()
    form = one.page.locator("form.edit")
    form.get_by_label("Name").fill("the best of all")
    form.get_by_label("Note").fill("A remark\nof two lines")
    form.get_by_label("Tags").fill("team=b\nbad")
    form.get_by_role("button", name="Save").click()
    assert "this is not: bad" in form.get_by_role("alert").inner_text()
    form.get_by_label("Tags").fill("team=b")
    form.get_by_role("button", name="Save").click()
    for tab in (one, other):
        until(lambda tab=tab: "the best of all" in tab.page.locator("#run-1 summary").text_content())
    show = json.loads(served.program("show", "1", "--format", "json"))
    assert (show["name"], show["note"], show["tags"]) == ("the best of all", "A remark\nof two lines", {"team": "b"})
    one.page.locator("#notice").get_by_role("button", name="Undo").click()
    for tab in (one, other):
        until(lambda tab=tab: "ended 0" in tab.page.locator("#run-1 summary").text_content())
    show = json.loads(served.program("show", "1", "--format", "json"))
    assert (show["name"], show["note"], show["tags"]) == ("ended 0", None, {})


def test_an_archived_run_goes_and_comes_back(served, look):
    tab = look()
    tab.page.locator("#run-2 summary").click()
    tab.page.locator("#run-2").get_by_role("button", name="Archive").click()
    until(lambda: tab.page.locator("#run-2").count() == 0)
    tab.page.locator("#notice").get_by_role("button", name="Undo").click()
    until(lambda: tab.page.locator("#run-2").count() == 1)


def test_links_of_mlflows_clients_land(served, look):
    uuid = json.loads(served.program("query", "SELECT uuid FROM runs WHERE id = 2", "--format", "json"))[0]["uuid"].replace("-", "")
    tab = look(at=f"/experiments/0/runs/{uuid}")
    until(lambda: tab.page.locator("#run-2[open]").count() == 1)
    assert tab.page.url.endswith("#run-2")
    tab = look(at="/experiments/0")
    until(lambda: tab.page.get_by_label("Filter").input_value() == 'experiment = "default"')


def test_nothing_is_asked_for_while_nobody_looks(served, look):
    tab = look()
    hide = """hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
                         document.dispatchEvent(new Event('visibilitychange')); }"""
    tab.page.evaluate(hide, True)
    tab.page.wait_for_timeout(500)
    asked = len(tab.requests)
    served.program("log", served.going, "loss=0.5", "--step", 7)
    tab.page.wait_for_timeout(1500)
    assert len(tab.requests) == asked
    tab.page.evaluate(hide, False)
    until(lambda: last_value(tab, served.going) == "0.5")


def test_without_scripts_the_page_reloads_itself(served, look):
    tab = look(scripts=False)
    assert tab.page.locator("#runs table").count() == 1
    served.program("rename", "1", "renamed since")
    with tab.page.expect_navigation():
        pass
    assert "renamed since" in tab.page.locator("#run-1 summary").text_content()


def test_sections_and_runs_alone_are_those_of_the_page(served):
    def get(path):
        with urllib.request.urlopen(served.address + path) as answer:
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            return answer.read().decode()

    page = get("")
    for name in ("overview", "runs", "curves", "details"):
        section = get(f"sections/{name}")
        assert section.startswith(f'<section id="{name}"') and section in page
    assert get("sections") == page
    part = get("runs/goes%20on")
    assert part.startswith('<details id="run-4" class="run"') and "</details>" in part
