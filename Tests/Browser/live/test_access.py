"""The served page for readers with a keyboard, a screen reader, weak eyes or a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from tab import THEMES, WIDTHS


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious_while_a_run_is_edited(look, theme, width):
    tab = look(theme=theme, width=width)
    tab.page.locator("#run-2 summary").click()
    tab.page.locator("#run-2").get_by_role("button", name="Archive").click()
    tab.page.locator("#notice button").first.wait_for()
    tab.page.locator("#run-1 summary").click()
    tab.page.get_by_role("button", name="Edit name, note, tags").first.click()
    violations = Axe().run(tab.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary']} × {len(one['nodes'])}"
        for one in violations if one["impact"] in ("serious", "critical")
    ] == []
    assert tab.overflow() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_done_covers_no_button_of_an_open_form(look, width):
    tab = look(width=width)
    page = tab.page
    page.locator("#run-2 summary").click()
    page.locator("#run-2").get_by_role("button", name="Archive").click()
    page.locator("#notice button").first.wait_for()
    page.locator("#run-1 summary").click()
    page.get_by_role("button", name="Edit name, note, tags").first.click()
    save = page.get_by_role("button", name="Save")
    # At the window's lower edge, where the notice stands else.
    assert save.evaluate("""save => {
        save.scrollIntoView({ block: 'end', behavior: 'instant' });
        const [one, other] = [save, document.getElementById('notice')].map(part => part.getBoundingClientRect());
        return other.height > 0 && (other.bottom <= one.top || other.top >= one.bottom);
    }""")
    assert page.locator("#notice").get_by_role("button", name="Undo").is_visible()
    page.get_by_role("button", name="Cancel").click()
    assert page.locator("body > #notice").count() == 1


def test_a_run_is_edited_by_keyboard_alone(served, look):
    tab = look()
    page = tab.page
    page.locator("#run-1 summary").focus()
    page.keyboard.press("Enter")
    page.locator("#run-1").get_by_role("button", name="Edit name, note, tags").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('label').textContent") == "Name"
    page.keyboard.press("Control+A")
    page.keyboard.type("by keyboard")
    page.keyboard.press("Enter")
    page.locator("#notice button").first.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Edit name, note, tags"
    page.locator("#run-1 summary", has_text="by keyboard").wait_for()
    # The swap has left the focus where it was.
    assert page.evaluate("document.activeElement.textContent") == "Edit name, note, tags"
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.locator("form.edit").count() == 0
