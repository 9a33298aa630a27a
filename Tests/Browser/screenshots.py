"""Writes pictures of the reports into a folder: each at a desktop's and a phone's width, light and dark, whole."""

import os
import sys
import tempfile
from pathlib import Path

from conftest import Reports
from playwright.sync_api import sync_playwright
from tab import THEMES, WIDTHS, opened

NAMES = ("full", "single", "hostile", "empty")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as stores, sync_playwright() as playwright:
        reports = Reports(Path(stores))
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
        for name in NAMES:
            for theme in THEMES:
                for width in WIDTHS:
                    with opened(browser, reports[name], theme=theme, width=width) as tab:
                        tab.page.locator("details.run").evaluate_all("all => all.slice(-5).forEach(one => { one.open = true; })")
                        path = folder / f"{name}-{width}-{theme}.png"
                        tab.page.screenshot(path=path, full_page=True)
                        print(path)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
