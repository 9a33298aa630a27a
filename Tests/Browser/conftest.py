"""What tests are given: the reports, made once, and tabs in which nothing may go wrong."""

import os
from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright
from stores import EXAMPLES, OPTIONS, STORES, Program
from tab import opened


class Reports:
    """Reports by the name of their store, each made when it is first asked for."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = {}

    def program(self, name):
        """The program, on the store of this name."""
        if name not in self.programs:
            (self.folder / name).mkdir()
            program = Program(self.folder / name)
            STORES[name](program)
            program("report", "--html", "-o", "report.html", *OPTIONS.get(name, []))
            self.programs[name] = program
        return self.programs[name]

    def __getitem__(self, name):
        return EXAMPLES.get(name) or self.program(name).folder / "report.html"


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    return Reports(tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"])
        yield browser
        browser.close()


@pytest.fixture
def open_report(browser, reports):
    """Opens a report by its store's name. When the test is over nothing may have complained and nothing been fetched."""
    with ExitStack() as tabs:
        all_tabs = []

        def open_one(name, **options):
            all_tabs.append(tabs.enter_context(opened(browser, reports[name], **options)))
            return all_tabs[-1]

        yield open_one
        for tab in all_tabs:
            assert tab.complaints == []
            assert tab.foreign_requests == []
