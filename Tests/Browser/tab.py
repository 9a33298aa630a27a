"""A report that is open in a tab, with everything that it complained of."""

from contextlib import contextmanager

WIDTHS = {1440: 900, 390: 844}
SIZES = {**WIDTHS, 1920: 1080, 768: 1024}
THEMES = ("light", "dark")


class Tab:
    """A page and what a test may ask of it."""

    def __init__(self, page, address):
        self.page = page
        self.address = address
        self.complaints = []
        self.requests = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _refuse(self, dialog):
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, at=""):
        self.page.goto(self.address + (f"#{at}" if at else ""))
        return self

    @property
    def foreign_requests(self):
        """Whatever was asked of disk or network but the report itself; pictures within it are no requests."""
        return [url for url in self.requests if url.split("#")[0] != self.address and not url.startswith("data:")]

    def ids(self):
        return self.page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")

    def overflow(self):
        """What makes the page wider than the window: elements that end beyond its edge and are not scrolled within another."""
        return self.page.evaluate(
            """() => { const root = document.documentElement;
                       if (root.scrollWidth <= root.clientWidth) return [];
                       const isFree = one => { for (let outer = one.parentElement; outer; outer = outer.parentElement)
                         if (getComputedStyle(outer).overflowX !== 'visible') return false; return true; };
                       return [...document.querySelectorAll('body *')]
                         .filter(one => one.getBoundingClientRect().right > root.clientWidth && one.checkVisibility() && isFree(one))
                         .map(one => `${one.getBoundingClientRect().right}: ${one.outerHTML.slice(0, 120)}`); }""")

    def unpin(self):
        """Lets go of the runs that are pinned: they stand first whatever the order is."""
        for button in self.page.locator("#run-table .pin[aria-pressed=true]").all():
            button.click()

    def filter(self, condition):
        self.page.get_by_label("Filter").fill(condition)

    def open_runs(self):
        """Opens the details of every run."""
        self.page.locator("details.run").evaluate_all("all => all.forEach(one => { one.open = true; })")

    def drawn_runs(self):
        """The runs whose learning curves are seen."""
        return set(self.page.locator("#curves svg.lines path[id]").evaluate_all(
            "all => all.filter(one => one.checkVisibility()).map(one => one.id.match(/^c(\\d+)-/)[1])"))

    def table(self, selector="#run-table"):
        return Table(self.page.locator(selector))


class Table:
    """A table as it is shown: its rows in order, without those that are filtered away."""

    def __init__(self, locator):
        self.locator = locator

    def headers(self):
        return self.locator.locator("thead th")

    def shown_columns(self):
        """The places of the columns that are seen."""
        return self.headers().evaluate_all("all => all.map((one, place) => one.checkVisibility() ? place : -1).filter(place => place >= 0)")

    def titles(self):
        """What the columns that are seen are called."""
        return [text.strip() for text in self.headers().locator("visible=true").all_inner_texts()]

    def sort_states(self):
        return self.headers().evaluate_all("all => all.map(one => one.getAttribute('aria-sort'))")

    def runs(self):
        """The runs of the rows that are seen, from top to bottom."""
        return self.locator.locator("tbody tr").evaluate_all(
            "rows => rows.filter(row => row.checkVisibility()).map(row => row.dataset.run)")

    def column(self, index):
        """What cells say, exactly where they do: the value that they carry, else their text."""
        return self.locator.locator("tbody tr").evaluate_all(
            """(rows, index) => rows.filter(row => row.checkVisibility())
                 .map(row => row.cells[index].dataset.v ?? row.cells[index].textContent.trim())""", index)


@contextmanager
def opened(browser, path, theme="light", width=1440, scripts=True, scale=1, motion="reduce", touch=False, at=""):
    """A report, by its path or address, in a new tab, its window as wide as a desktop's or a phone's; `at` is what follows # in its address."""
    context = browser.new_context(
        color_scheme=theme, viewport={"width": width, "height": SIZES[width]}, java_script_enabled=scripts,
        device_scale_factor=scale, reduced_motion=motion, has_touch=touch, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(120_000)
    try:
        yield Tab(context.new_page(), path if isinstance(path, str) else path.as_uri()).open(at)
    finally:
        context.close()
