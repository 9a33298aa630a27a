// Learning curves: drawn again on the scales, the stretch and with the smoothing that the reader chooses. Values are read
// from the page's data, never from a drawing.

/**
 * @typedef { { metric: string, first: number, last: number, lower: number, upper: number, log: boolean, clipped: boolean,
 *   curves: CurveData[] } } ChartData
 */
class Chart {
  /** @type {Chart[]} */
  static all = [];
  /** More curves in grey than this are drawn as bands. */
  static crowd = 40;

  /** @param {HTMLElement} figure @param {ChartData} known */
  constructor(figure, known) {
    this.figure = figure;
    this.metric = known.metric;
    this.place = figure.dataset.chart;
    this.hasNames = Boolean(figure.closest("#curves"));
    this.plot = /** @type {SVGSVGElement} */ (figure.querySelector("svg.plot"));
    this.box = /** @type {SVGSVGElement} */ (figure.querySelector("svg.lines"));
    this.axis = /** @type {SVGGElement} */ (figure.querySelector("g.axis"));
    this.known = known;
    /**
     * What the reader chose for this chart.
     * @type {boolean | undefined}
     */
    this.isLog = undefined;
    /**
     * The stretch to which it is zoomed.
     * @type {number[] | undefined}
     */
    this.stretch = undefined;
    /**
     * What draws the run that is pointed at, if it has no line of its own.
     * @type {SVGElement[]}
     */
    this.picked = [];
    this.isCrowded = false;
    /** @type {HTMLElement | undefined} */
    this.logButton = undefined;
    this.spacing = "auto";
    this.smoothing = 0;
    this.across = "step";
    this.showsAll = !known.clipped;
    this.drawing = drawing(figure, () => this.draw());
    /** @type {ChartView} */
    this.fitted = { first: known.first, last: known.last, lower: known.lower, upper: known.upper, isLog: known.log };
    this.curves = known.curves.map((curve) => new Curve(curve));
    this.byRun = new Map(this.curves.map((curve) => [curve.run, curve]));
    this.reset = make("button", { type: "button", className: "reset", hidden: true }, "Show all steps");
    this.reset.addEventListener("click", () => this.showAll());
    figure.querySelector("figcaption")?.append(this.reset);
    /** Whether what lies far out is drawn, too. */
    this.outliers = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox" }));
    /**
     * Fills the window with the chart, or gives it back.
     * @type {(isFull: boolean) => void}
     */
    this.fill = () => {};
    if (known.clipped) {
      this.outliers.addEventListener("change", () => { this.showsAll = this.outliers.checked; this.render(); });
      figure.querySelector(".clip-note")?.append(" ", make("label", {}, this.outliers, " show them"));
    }
    figure.tabIndex = 0;
    this.reading = new Reading(this);
    Chart.all.push(this);
  }

  /** What it shows; of a chart out of sight, too. */
  get view() {
    this.drawing.settle();
    return this.fitted;
  }

  /** Whether heights are logarithms. */
  get isLogarithmic() { return this.isLog ?? (this.spacing === "auto" ? this.known.log : this.spacing === "log"); }

  /** The curves of the runs that are shown; of a stretch as finely as they are known. */
  shown() {
    const shown = this.curves.filter((curve) => runs.isShown(curve.run));
    return this.stretch ? shown.map((curve) => curve.finest) : shown;
  }

  /** @param {string | undefined} run */
  curveOf(run) {
    const curve = this.byRun.get(run ?? "");
    return this.stretch ? curve?.finest : curve;
  }

  /** From where to where the curves go, without a zoom. */
  whole() {
    if (this.across === "step") return [this.known.first, Math.max(this.known.last, this.known.first + 1)];
    const ends = this.curves.flatMap((curve) => { const xs = curve.xs(this.across); return xs.length ? [xs[0], xs[xs.length - 1]] : []; });
    const [first, last] = [ends.reduce((a, b) => Math.min(a, b), Infinity), ends.reduce((a, b) => Math.max(a, b), -Infinity)];
    return Number.isFinite(first) ? [this.across === "wall" ? first : Math.min(0, first), last > first ? last : first + 1] : [0, 1];
  }

  // Chooses the scales: as the page was made while nothing is chosen, else to cover what is shown of the curves.
  fit() {
    const { fitted: view, known } = this;
    [view.first, view.last] = this.stretch ?? this.whole();
    view.isLog = this.isLogarithmic;
    const isMade = !this.stretch && this.across === "step" && view.isLog === known.log && this.showsAll === !known.clipped
      && runs.shownCount() === runs.ids.length;
    if (isMade) { [view.lower, view.upper] = [known.lower, known.upper]; return; }
    /** @type {number[]} */
    const values = [];
    for (const curve of this.shown()) {
      const xs = curve.xs(this.across);
      curve.buckets.forEach(({ least, greatest }, at) => {
        if (xs[at] < view.first || xs[at] > view.last) return;
        for (const value of curve.hasBands ? [least, greatest] : [least]) if (Number.isFinite(value) && (!view.isLog || value > 0)) values.push(value);
      });
    }
    values.sort((a, b) => a - b);
    const margin = this.showsAll ? 0 : Math.floor(values.length / 100);
    let [low, high] = values.length ? [values[margin], values[values.length - 1 - margin]] : view.isLog ? [0.1, 1] : [0, 1];
    if (low === high) [low, high] = view.isLog ? [low / 2, high * 2] : [low - Math.abs(low || 1) / 10, high + Math.abs(high || 1) / 10];
    const space = (high / 2 - low / 2) * 0.08;
    [view.lower, view.upper] = view.isLog ? [low / 1.05, high * 1.05] : [low - space, high + space];
    view.upper = Math.min(view.upper, Number.MAX_VALUE);
    view.lower = Math.max(view.lower, view.isLog ? Number.MIN_VALUE : -Number.MAX_VALUE);
  }

  /** @param {number} x */
  x(x) { return (x - this.view.first) / (this.view.last - this.view.first); }

  /** @param {number} value */
  y(value) {
    const { lower, upper, isLog } = this.view;
    if (isLog) return value > 0 ? (Math.log(value) - Math.log(lower)) / (Math.log(upper) - Math.log(lower)) : NaN;
    return (value / 2 - lower / 2) / (upper / 2 - lower / 2);
  }

  /**
   * A place in the lines' own units.
   * @param {number} x
   * @param {number} value
   */
  at(x, value) {
    const y = this.y(value);
    // Far beyond the chart a place is only beyond it.
    return Number.isFinite(y) ? [this.x(x) * FRAME.across, (1 - Math.max(-9, Math.min(9, y))) * FRAME.down] : undefined;
  }

  /** @param {number[]} xs @param {number[]} heights */
  path(xs, heights) {
    let [text, pen, length] = ["", "M", 0];
    for (let at = 0; at < xs.length; at += 1) {
      const place = this.at(xs[at], heights[at]);
      if (!place) {
        // A point alone is a dot.
        if (length === 1) text += "h0";
        [pen, length] = ["M", 0];
        continue;
      }
      text += `${pen}${place[0].toFixed(2)} ${place[1].toFixed(2)}`;
      pen = "L";
      length += 1;
    }
    return length === 1 ? text + "h0" : text;
  }

  /**
   * The area between two lines, each over the same places.
   * @param {number[]} xs
   * @param {number[]} lower
   * @param {number[]} upper
   */
  area(xs, lower, upper) {
    const known = xs.map((_, at) => at).filter((at) => this.at(0, lower[at]) && this.at(0, upper[at]));
    const corners = [...known.map((at) => this.at(xs[at], upper[at])), ...known.reverse().map((at) => this.at(xs[at], lower[at]))];
    return corners.length > 2 ? `M${corners.map((place) => place?.map((part) => part.toFixed(1)).join(" ")).join("L")}z` : "";
  }

  /**
   * Where the middle 80 % of curves run, and the middle half.
   * @param {Curve[]} curves
   */
  crowd(curves) {
    const { first, last } = this.view;
    const known = curves.map((curve) => ({ xs: curve.xs(this.across), heights: curve.heights(0), next: 0 }));
    const [places, columns] = [/** @type {number[]} */ ([]), /** @type {number[][]} */ ([])];
    for (let place = 0; place <= 60; place += 1) {
      const x = first + (last - first) * place / 60;
      const values = [];
      for (const curve of known) {
        while (curve.next < curve.xs.length && curve.xs[curve.next] <= x) curve.next += 1;
        const value = curve.next > 0 && curve.xs[curve.xs.length - 1] >= x ? curve.heights[curve.next - 1] : NaN;
        if (Number.isFinite(value)) values.push(value);
      }
      if (values.length) { places.push(x); columns.push(values.sort((a, b) => a - b)); }
    }
    return [[0.1, 0.9], [0.25, 0.75]].map((edges) => {
      const [lower, upper] = edges.map((share) => columns.map((values) => values[Math.round((values.length - 1) * share)]));
      return draw("path", { class: "crowd", d: this.area(places, lower, upper) });
    });
  }

  /**
   * A run's line, with its band and the mark where it breaks off.
   * @param {Curve} curve
   * @param {string} kind
   */
  drawn(curve, kind) {
    const xs = curve.xs(this.across);
    const { buckets, run, end } = curve;
    const parts = [];
    if (kind) {
      if (curve.hasBands && buckets.some(({ count }) => count > 1)) {
        parts.push(draw("path", { class: `band ${kind}`, "data-run": run,
          d: this.area(xs, buckets.map(({ least }) => least), buckets.map(({ greatest }) => greatest)) }));
      }
      if (this.smoothing > 0) parts.push(draw("path", { class: `raw ${kind}`, "data-run": run, d: this.path(xs, curve.heights(0)) }));
    }
    const d = this.path(xs, curve.heights(this.smoothing));
    if (d) {
      const isDot = buckets.filter(({ last }) => Number.isFinite(last)).length === 1;
      const isBaseline = run === runs.state.baseline;
      const name = [kind, isDot ? "dot" : "", isBaseline ? "baseline" : ""].filter(Boolean).join(" ");
      parts.push(draw("path", { id: this.hasNames ? `c${run}-${this.place}` : undefined, "data-run": run, class: name || undefined, d }));
    }
    const place = end >= 0 && this.at(xs[end], Number.isFinite(buckets[end].last) ? buckets[end].last : buckets[end].mean);
    if (place) parts.push(draw("path", { class: `end ${kind || "rest"}`, "data-run": run, d: `M${place[0] - 12} ${place[1] - 10}l24 20m-24 0l24-20` }));
    return parts;
  }

  /** Draws it again, as soon as it is looked at. */
  render() { this.drawing.again(); }

  draw() {
    this.fit();
    const shown = this.shown();
    const grey = shown.filter((curve) => !runs.classOf(curve.run));
    // Of points alone there are no bands.
    this.isCrowded = grey.filter(({ buckets }) => buckets.length > 1).length > Chart.crowd;
    // The best lie on top.
    const order = runs.ranked().map(({ id }) => id).reverse();
    const coloured = order.filter((run) => runs.classOf(run)).flatMap((run) => this.curveOf(run) ?? []);
    this.box.replaceChildren(
      ...this.isCrowded ? this.crowd(grey) : grey.flatMap((curve) => this.drawn(curve, "")),
      ...coloured.flatMap((curve) => this.drawn(curve, runs.classOf(curve.run) ?? "")));
    this.axis.replaceChildren(...axesOf(this));
    this.reset.hidden = !this.stretch;
    /** @type {HTMLElement} */ (this.figure.querySelector(".scale-name")).textContent = this.view.isLog ? " (log scale)" : "";
    // What is read there goes on with the newer curves.
    const { isRead, place } = this.reading;
    if (isRead && place !== undefined) this.reading.show(place, 0.5);
  }

  /**
   * Takes a newer curve of a run in the place of the one that it has.
   * @param {Curve} curve
   */
  follow(curve) {
    const at = this.curves.findIndex(({ run }) => run === curve.run);
    if (at < 0) this.curves.push(curve); else this.curves[at] = curve;
    this.byRun.set(curve.run, curve);
    const { known } = this;
    for (const { step, least, greatest } of curve.buckets) {
      [known.first, known.last] = [Math.min(known.first, step), Math.max(known.last, step)];
      if (known.clipped || !Number.isFinite(least) || (known.log && least <= 0)) continue;
      [known.lower, known.upper] = [Math.min(known.lower, least), Math.max(known.upper, greatest)];
    }
  }

  /**
   * Draws the line of a run that has none of its own.
   * @param {string | undefined} run
   */
  pick(run) {
    for (const part of this.picked) part.remove();
    this.picked = [];
    const curve = this.curveOf(run);
    if (!curve || this.drawing.isStale || !this.isCrowded || runs.classOf(curve.run) || !runs.isShown(curve.run)) return;
    this.picked = this.drawn(curve, "picked").filter((part) => !part.classList.contains("band"));
    for (const part of this.picked) part.removeAttribute("id");
    this.box.append(...this.picked);
  }

  /** @param {number} first @param {number} last */
  zoom(first, last) {
    const [from, to] = this.whole();
    const isStep = this.across === "step";
    if (last - first < (isStep ? Math.min(2, to - from) : (to - from) / 1000)) return;
    const stretch = [Math.max(from, isStep ? Math.round(first) : first), Math.min(to, isStep ? Math.round(last) : last)];
    this.stretch = stretch[0] <= from && stretch[1] >= to ? undefined : stretch;
    this.render();
  }

  showAll() { this.stretch = undefined; this.render(); }
}

for (const figure of all("figure.chart[data-chart]")) new Chart(figure, data.charts[Number(figure.dataset.chart)]).render();
emphasizers.push((run) => Chart.all.forEach((chart) => chart.pick(run)));
runs.whenChanged(() => Chart.all.forEach((chart) => chart.render()));
addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "touch") return;
  for (const chart of Chart.all) if (chart.reading.tip.isConnected && !chart.plot.contains(/** @type {Node} */ (event.target))) chart.reading.hide(false);
}, { signal: life });
addEventListener("scroll", () => Chart.all.find((chart) => chart.reading.isRead)?.reading.move(), { passive: true, signal: life });
kept.set("charts", {
  save: () => new Map(Chart.all.map((chart) => [`${chart.hasNames} ${chart.metric}`, {
    stretch: chart.stretch, place: chart.reading.place, isFull: chart.figure.classList.contains("full"), showsAll: chart.outliers.checked,
    isRead: chart.reading.isRead }])),
  restore: (/** @type {Map<string, any>} */ saved) => {
    for (const chart of Chart.all) {
      const old = saved.get(`${chart.hasNames} ${chart.metric}`);
      if (!old) continue;
      [chart.stretch, chart.reading.place] = [old.stretch, old.place];
      if (old.showsAll && chart.known.clipped) chart.showsAll = chart.outliers.checked = true;
      if (old.stretch || old.showsAll) chart.render();
      if (old.isFull) chart.fill(true);
      if (old.isRead && old.place !== undefined) chart.reading.show(old.place, 0.5);
    }
  },
});
