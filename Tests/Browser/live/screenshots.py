"""Pictures of the served page to look at: `Tests/Browser/run --live --screenshots FOLDER`."""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from playwright.sync_api import sync_playwright  # noqa: E402
from served import Served, group  # noqa: E402
from tab import THEMES, WIDTHS, opened  # noqa: E402

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory() as store, sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
    served = Served(store)
    group(served.program)
    served.start()
    for theme in THEMES:
        for width in WIDTHS:
            with opened(browser, served.address, theme=theme, width=width) as tab:
                tab.page.locator("#live.on").wait_for()
                tab.page.screenshot(path=folder / f"top-{width}-{theme}.png")
                tab.page.locator("#run-1 summary").click()
                tab.page.locator("#run-1").get_by_role("button", name="Archive").click()
                tab.page.locator("#notice button").first.click()
                tab.page.locator("#run-2 summary").click()
                tab.page.locator("#run-2").get_by_role("button", name="Edit name, note, tags").click()
                tab.page.wait_for_timeout(500)
                tab.page.screenshot(path=folder / f"edit-{width}-{theme}.png")
    served.stop()
    browser.close()
