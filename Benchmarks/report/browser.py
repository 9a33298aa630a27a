"""How soon a page can be used, and how long it takes to answer, in Chromium over `file://`."""

import statistics
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

# Tasks beyond 50 ms, during which a click waits: the Long Tasks API of the W3C.
WATCH = """
  window.longTasks = [];
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(one => one.startTime + one.duration)))
    .observe({ type: "longtask", buffered: true });
"""
# Quiet for a second after the load: the end of the last long task is when the page became usable.
USABLE = """() => new Promise(done => {
  const look = () => {
    const [entry] = performance.getEntriesByType("navigation");
    const last = Math.max(entry.domContentLoadedEventEnd, ...longTasks);
    if (entry.loadEventEnd > 0 && performance.now() - Math.max(last, entry.loadEventEnd) > 1000)
      done({ parsed: entry.domContentLoadedEventEnd, usable: last });
    else setTimeout(look, 50);
  };
  look();
})"""
# From the action to the frame after it, which shows what it did.
ANSWER = """action => new Promise(done => requestAnimationFrame(() => {
  const start = performance.now();
  %s
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
}))"""
ACTIONS = {
    "sort by a column": "document.querySelectorAll('#run-table thead th button')[4].click();",
    "filter by a condition": """const filter = document.getElementById("filter"); filter.value = filter.value ? "" : "cost < 0.5";
                                filter.dispatchEvent(new Event("input", { bubbles: true }));""",
    "smooth all curves": """const smoothing = document.getElementById("smoothing"); smoothing.value = smoothing.value > 0 ? 0 : 0.9;
                            smoothing.dispatchEvent(new Event("input", { bubbles: true }));""",
}


class Browser:
    """A browser that starts anew for each page, so that none finds another's caches."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.playwright = sync_playwright().start()
        return self

    def __exit__(self, *_):
        self.playwright.stop()

    @contextmanager
    def open(self, path):
        """A page that is loading, and how many milliseconds its main thread has had of a processor so far."""
        browser = self.playwright.chromium.launch(executable_path=self.path)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(300_000)
        page.add_init_script(WATCH)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def processor():
            metrics = session.send("Performance.getMetrics")["metrics"]
            return 1000 * next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime")

        before = processor()
        page.goto(path.as_uri())
        yield page, lambda: processor() - before
        browser.close()

    def load(self, path):
        """Milliseconds from the navigation until scripts have run, and until no long task keeps the reader waiting."""
        with self.open(path) as (page, processor):
            return {**page.evaluate(USABLE), "processor": processor()}

    def interactions(self, path):
        """Milliseconds until what was asked for is seen, and of the processor, each the median of six."""
        with self.open(path) as (page, processor):
            page.evaluate(USABLE)
            answers = {}
            for what, action in ACTIONS.items():
                taken = []
                for _ in range(6):
                    before = processor()
                    taken.append((page.evaluate(ANSWER % action), processor() - before))
                answers[what] = [statistics.median(side) for side in zip(*taken)]
            return answers
