"""Learning curves answer to pointer and keyboard: values, zoom, smoothing, scales, choice."""

import json

import pytest

LAST = 50  # the single run's last epoch


class Figure:
    """The chart of a metric."""

    def __init__(self, tab, metric):
        self.tab = tab
        self.root = tab.page.locator(f"#curves figure.chart[data-metric='{metric}']")
        self.root.scroll_into_view_if_needed()

    def at(self, step, first=0, last=LAST):
        """Where a step stands in the window, half way up."""
        self.root.scroll_into_view_if_needed()
        left, top, right, bottom = self.root.locator("svg.lines").evaluate(
            """plot => { const at = (x, y) => new DOMPoint(x, y).matrixTransform(plot.getScreenCTM());
                         const [a, b] = [at(0, 0), at(1000, 500)]; return [a.x, a.y, b.x, b.y]; }""")
        return left + (right - left) * (step - first) / (last - first), (top + bottom) / 2

    def hover(self, step, first=0, last=LAST):
        # The tip is drawn with the next frame. On a busy machine the page may still scroll below the pointer, which
        # then points elsewhere: it is moved again until there is a tip.
        for _ in range(20):
            self.tab.page.mouse.move(*self.at(step, first, last))
            self.tab.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            if self.tip():
                return

    def drag(self, start, end, last=LAST):
        """Drags across a stretch of the whole chart."""
        mouse = self.tab.page.mouse
        self.hover(start, 0, last)
        mouse.down()
        mouse.move(*self.at((start + end) / 2, 0, last))
        mouse.move(*self.at(end, 0, last))
        mouse.up()

    def stretch(self):
        """The steps at the chart's ends, as its axis has them."""
        return tuple(round(step) for step in self.root.evaluate(
            """figure => { const lines = figure.querySelector("svg.lines");
                           const ticks = [...figure.querySelectorAll("g.axis text[text-anchor=middle]")]
                             .map(one => [Number(one.getAttribute("x")), Number(one.textContent)]).filter(([, step]) => !Number.isNaN(step));
                           const [[x, step], [x2, step2]] = [ticks[0], ticks[ticks.length - 1]];
                           const at = place => step + (place - x) / (x2 - x) * (step2 - step);
                           const [left, width] = ["x", "width"].map(name => Number(lines.getAttribute(name)));
                           return [at(left), at(left + width)]; }"""))

    def tip(self):
        """What the tip says: the epoch, and the values from top to bottom; nothing where there is none."""
        lines = self.root.locator(".tip")
        if lines.count() == 0 or not lines.is_visible():
            return None
        return lines.locator("> b").inner_text(), [float(text.removeprefix("≈ ")) for text in lines.locator("div > b").all_inner_texts()]

    def paths(self):
        return self.root.locator("svg.lines path[id]").evaluate_all("all => all.map(one => one.getAttribute('d'))")

    def epochs(self):
        """The epochs that the axis names."""
        return [float(text) for text in self.root.locator("g.axis text[text-anchor=middle]").all_text_contents() if text != "step"]

    def values(self):
        """The values that the axis names."""
        return [float(text) for text in self.root.locator("g.axis text[text-anchor=end]").all_text_contents()]

    def reset(self):
        return self.root.get_by_role("button", name="Show all steps")


@pytest.fixture
def recorded(reports):
    """What was recorded of a metric of the single run, in the order of its steps."""
    def read(metric):
        points = json.loads(reports.program("single")("show", "1", "--metric", metric, "--format", "json"))["points"]
        return [point["value"] for point in points]
    return read


def near(values, step):
    """A value in the four digits that a tip has."""
    return pytest.approx(values[step], rel=6e-4)


@pytest.mark.parametrize("metric", ["cost", "trainAccuracy", "gradientNorm"])
def test_hovering_tells_the_value_that_was_recorded(open_report, recorded, metric):
    figure, values = Figure(open_report("single"), metric), recorded(metric)
    for step in (0, 1, 10, 33, LAST):
        figure.hover(step)
        assert figure.tip() == (f"step {step}", [near(values, step)])


def test_the_tip_goes_with_the_pointer(open_report):
    tab = open_report("single")
    figure = Figure(tab, "cost")
    figure.hover(10)
    assert figure.tip()
    tab.page.mouse.move(1, 1)
    assert figure.tip() is None


def test_dragging_zooms_and_a_double_click_or_the_button_shows_all_again(open_report, recorded):
    tab = open_report("single")
    figure, values = Figure(tab, "cost"), recorded("cost")
    before = figure.paths(), figure.epochs(), figure.values()
    for restore in (lambda: tab.page.mouse.dblclick(*figure.at(20)), lambda: figure.reset().click()):
        assert not figure.reset().is_visible()
        figure.drag(10, 30)
        assert figure.epochs() and all(10 <= epoch <= 30 for epoch in figure.epochs())
        assert max(figure.values()) < max(before[2])
        figure.hover(20, 10, 30)
        assert figure.tip() == ("step 20", [near(values, 20)])
        restore()
        assert (figure.paths(), figure.epochs(), figure.values()) == before


def test_a_chart_is_read_and_zoomed_by_keyboard(open_report, recorded):
    figure, values = Figure(open_report("single"), "cost"), recorded("cost")
    page = figure.tab.page
    before = figure.paths()
    figure.root.focus()
    page.keyboard.press("End")
    assert figure.tip() == (f"step {LAST}", [near(values, LAST)])
    page.keyboard.press("ArrowLeft")
    assert figure.tip() == (f"step {LAST - 1}", [near(values, LAST - 1)])
    page.keyboard.press("+")
    assert min(figure.epochs()) >= 20
    page.keyboard.press("0")
    assert figure.paths() == before
    page.keyboard.press("Escape")
    assert figure.tip() is None


def test_smoothing_draws_an_exponential_mean_over_the_raw_curve(open_report, recorded):
    tab = open_report("single")
    figure, values = Figure(tab, "gradientNorm"), recorded("gradientNorm")
    before = figure.paths()
    keep = 0.8
    tab.page.get_by_label("Smoothing").fill(str(keep))
    figure.root.locator("path.raw").first.wait_for(state="attached")
    # The mean without a bias towards 0, as Adam's moments have it.
    total = weight = 0.0
    means = []
    for value in values:
        total, weight = keep * total + (1 - keep) * value, keep * weight + (1 - keep)
        means.append(total / weight)
    for step in (0, 5, 40):
        figure.hover(step)
        assert figure.tip()[1] == [near(means, step)]
    assert figure.root.locator("path.raw").evaluate_all("all => all.map(one => one.getAttribute('d'))") == before
    tab.page.get_by_label("Smoothing").fill("0")
    assert figure.paths() == before and figure.root.locator("path.raw").count() == 0


@pytest.mark.parametrize("scale, is_logarithmic", [("linear", False), ("logarithmic", True)])
def test_values_are_the_same_on_either_scale(open_report, recorded, scale, is_logarithmic):
    tab = open_report("single")
    figure, values = Figure(tab, "cost"), recorded("cost")
    before = figure.paths()
    tab.page.get_by_role("radio", name=scale).check()
    assert ("log scale" in figure.root.locator("figcaption").inner_text()) == is_logarithmic
    ticks = figure.values()
    steps = [upper - lower for lower, upper in zip(ticks, ticks[1:])]
    assert (max(steps) == pytest.approx(min(steps))) != is_logarithmic
    figure.hover(10)
    assert figure.tip() == ("step 10", [near(values, 10)])
    tab.page.get_by_role("radio", name="automatic").check()
    assert figure.paths() == before


def test_a_logarithm_leaves_out_what_has_none(open_report):
    tab = open_report("full")
    tab.page.get_by_role("radio", name="logarithmic").check()
    figure = Figure(tab, "reward")  # 0, −1, −2 …
    assert figure.root.is_visible()
    assert all("NaN" not in path for path in figure.paths())


def test_metrics_are_chosen(open_report):
    tab = open_report("single")
    figure = Figure(tab, "cost")
    search = tab.page.get_by_label("Metrics", exact=True)
    search.fill("test")
    assert not figure.root.is_visible() and Figure(tab, "testCost").root.is_visible()
    search.fill("")
    assert figure.root.is_visible()


def test_the_legend_hides_a_run_and_brings_it_back(open_report):
    tab = open_report("full")
    shown = tab.drawn_runs()
    run = tab.page.locator("#curves .legend [data-run]").first.get_attribute("data-run")
    item = tab.page.locator(f"#curves .legend li:has([data-run='{run}'])")
    item.get_by_role("checkbox").uncheck()
    assert tab.drawn_runs() == shown - {run}
    assert item.locator("[data-run]").is_visible(), "what is hidden can still be told by its name"
    item.get_by_role("checkbox").check()
    assert tab.drawn_runs() == shown


@pytest.mark.parametrize("place", ["#run-table tbody tr", "#curves .legend [data-run]"])
def test_pointing_at_a_run_makes_its_curve_stand_out(open_report, place):
    tab = open_report("full")
    item = tab.page.locator(place).first
    run = item.get_attribute("data-run")
    item.hover()
    opacities = tab.page.locator("#curves svg.lines path[id]").evaluate_all(
        "all => all.map(one => [one.id.split('-')[0], Number(getComputedStyle(one).opacity)])")
    assert all((opacity == 1) == (name == f"c{run}") for name, opacity in opacities)


def test_curves_with_gaps_say_what_is_left_out(open_report):
    figure = Figure(open_report("full"), "loss")
    assert "4 values are NaN or infinite" in figure.root.inner_text()


def test_a_run_that_goes_on_is_drawn_as_far_as_it_came(open_report):
    tab = open_report("full")
    figure = Figure(tab, "loss")
    figure.hover(4, 0, 39)
    assert len(figure.tip()[1]) == 2
    figure.hover(30, 0, 39)
    assert len(figure.tip()[1]) == 1


@pytest.mark.parametrize("scale", ["linear", "logarithmic", "automatic"])
@pytest.mark.parametrize("smoothing", ["0.9", "0"])
def test_no_choice_draws_what_is_no_number(open_report, scale, smoothing):
    page = open_report("hostile").page
    page.get_by_role("radio", name=scale).check()
    page.get_by_label("Smoothing").fill(smoothing)
    for figure in page.locator("figure.chart[data-metric]").all():
        figure.focus()
        for key in ("End", "+", "+", "ArrowLeft"):
            page.keyboard.press(key)
    wrong = page.locator("figure.chart *").evaluate_all(
        """all => all.flatMap(one => [...one.attributes]).filter(one => /NaN|Infinity|undefined/.test(one.value))
             .map(one => one.ownerElement.outerHTML.slice(0, 150))""")
    assert wrong == []
