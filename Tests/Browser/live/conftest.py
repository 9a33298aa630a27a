"""A server of its own for each test, and tabs that look at it."""

from contextlib import ExitStack

import pytest
from served import Served, group
from tab import opened


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path)
    served.going = group(served.program)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def look(browser, served):
    """Opens the page. When the test is over nothing may have complained that was not foreseen."""
    with ExitStack() as tabs:
        all_tabs = []

        def open_one(**options):
            tab = tabs.enter_context(opened(browser, served.address, **options))
            if options.get("scripts", True):
                tab.page.locator("#live.on").wait_for()
            tab.foreseen = []
            all_tabs.append(tab)
            return tab

        yield open_one
        for tab in all_tabs:
            assert [one for one in tab.complaints if not any(word in one for word in tab.foreseen)] == []
            assert [url for url in tab.requests if not url.startswith((served.address, "data:"))] == []
