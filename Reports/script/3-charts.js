// Learning curves: the page's data says what is known of each; they are drawn anew on the scales, the stretch of steps
// and with the smoothing that the reader chooses, and values are read from the data, never from a drawing.

/**
 * @typedef { { step: number, count: number, last: number, least: number, greatest: number, mean: number } } Bucket
 * @typedef { { run: string, steps: number, low: number, high: number, log: boolean, whole: boolean, code: string } } CurveData
 * @typedef { { metric: string, first: number, last: number, lower: number, upper: number, log: boolean, clipped: boolean,
 *   curves: CurveData[] } } ChartData
 * @typedef { { first: number, last: number, lower: number, upper: number, isLog: boolean } } View
 */
const data = JSON.parse(document.getElementById("data")?.textContent || "{}");
const FRAME = data.frame ?? {};

/** @type {(lower: number, upper: number, count?: number) => number[]} */
const roundTicks = (lower, upper, count = 5) => {
  const rough = (upper - lower) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999999) ?? 10) * power;
  const ticks = [];
  for (let at = Math.ceil(lower / step - 1e-9); at * step <= upper + step * 1e-9; at += 1) ticks.push(at * step);
  return ticks;
};
/** @type {(lower: number, upper: number) => number[]} */
const decadeTicks = (lower, upper) => {
  const [from, to] = [Math.floor(Math.log10(lower)), Math.ceil(Math.log10(upper))];
  const ticks = [];
  for (let decade = from; decade <= to; decade += Math.max(1, Math.ceil((to - from) / 6))) {
    for (const factor of to - from > 3 ? [1] : [1, 2, 5]) ticks.push(factor * 10 ** decade);
  }
  return ticks.filter((tick) => Number.isFinite(tick) && tick >= lower * 0.999 && tick <= upper * 1.001);
};
/** @type {(value: number, digits?: number) => string} */
const readable = (value, digits = 4) => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-∞" : "∞";
  const number = Number(value.toPrecision(digits));
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? number.toExponential().replace("e+", "e") : String(number);
};

const digitOf = new Map([...(data.alphabet ?? "")].map((character, place) => [character, place]));
const stepTables = (data.steps ?? []).map((/** @type {number[]} */ table) => {
  const steps = [];
  for (let at = 0, step = 0; at < table.length; at += 2) {
    step += table[at];
    steps.push({ step, count: table[at + 1] });
  }
  return steps;
});

/** A run's line in a chart, with what is known of it. */
class Curve {
  /** @param {CurveData} known @param {Element | null} line @param {Element | null} band @param {Element | null} mark */
  constructor(known, line, band, mark) {
    this.known = known;
    this.run = known.run;
    this.line = line;
    this.band = band;
    this.mark = mark;
    this.made = { line: line?.getAttribute("d") ?? "", band: band?.getAttribute("d") ?? "", mark: mark?.getAttribute("d") ?? "" };
    this.isColoured = [...(line?.classList ?? [])].some((name) => /^c\d$/.test(name));
  }

  /** The buckets, read when they are first asked for. @returns {Bucket[]} */
  get buckets() { return this.read ??= this.decode(); }

  decode() {
    const { low, high, log, whole, code } = this.known;
    const levels = 64 ** data.digits - 1;
    let at = 0;
    const next = () => {
      const sign = code[at];
      if (sign === "." || sign === "+" || sign === "-") {
        at += 1;
        return sign === "." ? NaN : sign === "+" ? Infinity : -Infinity;
      }
      let level = 0;
      for (const end = at + data.digits; at < end; at += 1) level = level * 64 + (digitOf.get(code[at]) ?? 0);
      const share = level / levels;
      return log ? Math.exp(Math.log(low) * (1 - share) + Math.log(high) * share) : low * (1 - share) + high * share;
    };
    return stepTables[this.known.steps].map(({ step, count }) => {
      const last = next();
      const value = Number.isFinite(last) ? last : NaN;
      if (whole) return { step, count, last, least: value, greatest: value, mean: value };
      return { step, count, last, least: next(), greatest: next(), mean: next() };
    });
  }

  /** A value as well as it is known: ≈ where its four digits are not all sure. @param {number} value */
  text(value) {
    if (!Number.isFinite(value)) return readable(value);
    const { low, high, log } = this.known;
    const levels = 64 ** data.digits - 1;
    const unsure = (log ? Math.log(high / low) * Math.abs(value) : high - low) / levels / 2;
    const text = readable(value);
    return readable(value - unsure) === text && readable(value + unsure) === text ? text : `≈ ${text}`;
  }

  /**
   * The line: the last value of each bucket, or an exponential mean over all values, which starts at the first without a
   * bias towards 0. A bucket stands for its values by their mean.
   * @param {number} keep @returns {[number, number][]}
   */
  points(keep) {
    if (keep === 0) return this.buckets.map(({ step, last }) => [step, last]);
    let [sum, weight] = [0, 0];
    return this.buckets.map(({ step, count, mean }) => {
      if (!Number.isFinite(mean)) return [step, NaN];
      const kept = keep ** count;
      sum = sum * kept + mean * (1 - kept);
      weight = weight * kept + (1 - kept);
      return [step, sum / weight];
    });
  }

  /** The bucket whose last step is nearest. @param {number} step */
  nearest(step) {
    const buckets = this.buckets;
    let [from, to] = [0, buckets.length - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (buckets[middle].step < step) from = middle + 1; else to = middle;
    }
    return from > 0 && step - buckets[from - 1].step <= buckets[from].step - step ? from - 1 : from;
  }
}

class Chart {
  /** @param {HTMLElement} figure @param {ChartData} known */
  constructor(figure, known) {
    this.figure = figure;
    this.metric = known.metric;
    this.plot = figure.querySelector("svg.plot");
    this.box = figure.querySelector("svg.lines");
    this.axis = figure.querySelector("g.axis");
    const { first, last, lower, upper, log } = known;
    this.clipped = known.clipped;
    /** @type {View} */
    this.made = { lower, upper, first, last, isLog: log };
    /** @type {View} */
    this.view = { ...this.made };
    this.smoothing = 0;
    this.spacing = "auto";
    this.showsAll = !known.clipped;
    const place = figure.dataset.chart;
    this.curves = known.curves.map((curve) => new Curve(
      curve, document.getElementById(`c${curve.run}-${place}`),
      this.box.querySelector(`.band[data-run="${curve.run}"]`), this.box.querySelector(`.end[data-run="${curve.run}"]`)));
    this.listen();
  }

  shown() { return this.curves.filter((curve) => curve.line && runs.isShown(curve.run)); }

  // Chooses the scale upwards: as it was made, or to cover what is shown of the curves.
  fit() {
    const view = this.view;
    const isWhole = view.first === this.made.first && view.last === this.made.last;
    view.isLog = this.spacing === "auto" ? this.made.isLog : this.spacing === "log";
    this.isMade = isWhole && view.isLog === this.made.isLog && this.showsAll === !this.clipped;
    if (this.isMade) { [view.lower, view.upper] = [this.made.lower, this.made.upper]; return; }
    const values = [];
    for (const curve of this.shown()) {
      for (const { step, least, greatest } of curve.buckets) {
        if (step < view.first || step > view.last) continue;
        for (const value of [least, greatest]) if (Number.isFinite(value) && (!view.isLog || value > 0)) values.push(value);
      }
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

  /** @param {number} step */
  x(step) { return (step - this.view.first) / (this.view.last - this.view.first); }

  /** @param {number} value */
  y(value) {
    const { lower, upper, isLog } = this.view;
    if (isLog) return value > 0 ? (Math.log(value) - Math.log(lower)) / (Math.log(upper) - Math.log(lower)) : NaN;
    return (value / 2 - lower / 2) / (upper / 2 - lower / 2);
  }

  /** A place in the lines' own units. @param {number} step @param {number} value */
  at(step, value) {
    const y = this.y(value);
    // Far beyond the chart a place is only beyond it.
    return Number.isFinite(y) ? [this.x(step) * FRAME.across, (1 - Math.max(-9, Math.min(9, y))) * FRAME.down] : undefined;
  }

  /** @param {[number, number][]} points */
  path(points) {
    let [text, pen, length] = ["", "M", 0];
    for (const [step, value] of points) {
      const place = this.at(step, value);
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

  /** The area between the least and the greatest values. @param {Curve} curve */
  bandPath(curve) {
    const known = curve.buckets.filter(({ least, greatest }) => this.at(0, least) && this.at(0, greatest));
    const corners = [...known.map(({ step, greatest }) => this.at(step, greatest)),
      ...known.reverse().map(({ step, least }) => this.at(step, least))];
    return corners.length > 2 ? `M${corners.map((place) => place?.map((part) => part.toFixed(1)).join(" ")).join("L")}z` : "";
  }

  /** A × where a curve breaks off. @param {Curve} curve */
  markPath(curve) {
    const end = [...curve.buckets].reverse().find(({ mean }) => Number.isFinite(mean));
    const place = end && this.at(end.step, Number.isFinite(end.last) ? end.last : end.mean);
    return place ? `M${place[0] - 12} ${place[1] - 10}l24 20m-24 0l24-20` : "";
  }

  render() {
    this.fit();
    all(".raw", this.box).forEach((raw) => raw.remove());
    const isAsMade = this.isMade && this.smoothing === 0;
    for (const curve of this.curves) {
      const { line, band, mark } = curve;
      if (!line) continue;
      line.setAttribute("d", isAsMade ? curve.made.line : this.path(curve.points(this.smoothing)));
      band?.setAttribute("d", this.isMade ? curve.made.band : this.bandPath(curve));
      mark?.setAttribute("d", this.isMade ? curve.made.mark : this.markPath(curve));
      if (this.smoothing > 0 && curve.isColoured) {
        const raw = draw("path", { class: `raw ${line.getAttribute("class")}`, "data-run": curve.run });
        raw.setAttribute("d", this.isMade ? curve.made.line : this.path(curve.points(0)));
        this.box.prepend(raw);
      }
    }
    this.drawAxes();
    this.reset.hidden = !this.isZoomed();
    this.figure.querySelector(".scale-name").textContent = this.view.isLog ? " (log scale)" : "";
  }

  isZoomed() { return this.view.first !== this.made.first || this.view.last !== this.made.last; }

  drawAxes() {
    this.madeAxis ??= [...this.axis.childNodes];
    if (this.isMade) { this.axis.replaceChildren(...this.madeAxis); return; }
    const { first, last, lower, upper, isLog } = this.view;
    const parts = [];
    /** @type {(x: number, y: number, anchor: string, label: string) => void} */
    const text = (x, y, anchor, label) => {
      const element = draw("text", { x, y, "text-anchor": anchor });
      element.textContent = label;
      parts.push(element);
    };
    for (const tick of isLog ? decadeTicks(lower, upper) : roundTicks(lower, upper)) {
      const at = FRAME.top + FRAME.height * (1 - this.y(tick));
      parts.push(draw("path", { d: `M${FRAME.left} ${at}h${FRAME.width}` }));
      text(FRAME.left - 6, at + 4, "end", readable(tick));
    }
    for (const tick of roundTicks(first, last).filter(Number.isInteger)) {
      text(FRAME.left + FRAME.width * this.x(tick), FRAME.top + FRAME.height + 16, "middle", readable(tick, 7));
    }
    text(FRAME.left + FRAME.width / 2, FRAME.drawingHeight - 3, "middle", "step");
    this.axis.replaceChildren(...parts);
  }

  /** @param {number} first @param {number} last */
  zoom(first, last) {
    const least = Math.min(2, this.made.last - this.made.first);
    if (last - first < least) return;
    this.view.first = Math.max(this.made.first, Math.round(first));
    this.view.last = Math.min(this.made.last, Math.round(last));
    this.render();
  }

  /** What each curve has at the step nearest to one, the curves nearest to the pointer if there are too many to show. */
  /** @param {number} wanted @param {number} up */
  show(wanted, up) {
    const width = this.view.last - this.view.first;
    const found = this.shown().flatMap((curve) => {
      const place = curve.nearest(wanted);
      const bucket = curve.buckets[place];
      const [first, last] = [curve.buckets[0].step, curve.buckets[curve.buckets.length - 1].step];
      // A curve that has ended, or not begun, has no value here.
      if (!bucket || wanted < first - width / 100 || wanted > last + width / 100) return [];
      const value = this.smoothing > 0 ? curve.points(this.smoothing)[place][1] : bucket.last;
      const height = this.y(value);
      return [{ curve, bucket, value, distance: Number.isFinite(height) ? Math.abs(height - up) : 2 }];
    }).sort((a, b) => a.distance - b.distance);
    const step = found[0]?.bucket.step ?? wanted;
    const listed = found.slice(0, 12).sort((a, b) => (Number.isFinite(b.value) ? b.value : -Infinity) - (Number.isFinite(a.value) ? a.value : -Infinity));
    this.cursor.setAttribute("d", `M${this.x(step) * FRAME.across} 0V${FRAME.down}`);
    this.box.append(this.cursor);
    this.tip.replaceChildren(make("b", {}, `step ${step}`), ...listed.map(({ curve, bucket, value }) => {
      const key = draw("svg", { viewBox: "0 0 14 8" });
      key.append(draw("path", { d: "M1 4h12", class: curve.line?.getAttribute("class")?.replace(/\b(on|off)\b/g, "").trim() ?? "" }));
      const where = bucket.step === step ? "" : ` at ${bucket.step}`;
      return make("div", {}, key, make("span", {}, runs.label(curve.run) + where), make("b", {}, curve.text(value)));
    }));
    const bucket = found[0]?.bucket;
    if (bucket && bucket.count > 1 && this.smoothing === 0) {
      this.tip.append(make("div", { className: "quiet" },
        `${readable(bucket.least)} to ${readable(bucket.greatest)} in the ${bucket.count} steps to ${step}`));
    }
    if (found.length > listed.length) this.tip.append(make("div", { className: "quiet" }, `and ${found.length - listed.length} more`));
    this.figure.append(this.tip);
    const room = this.figure.clientWidth;
    const left = room * (FRAME.left + FRAME.width * this.x(step)) / FRAME.drawingWidth;
    this.tip.style.left = left > room / 2 ? "auto" : `${left + 16}px`;
    this.tip.style.right = left > room / 2 ? `${room - left + 16}px` : "auto";
    this.step = step;
  }

  hideTip() { this.cursor.remove(); this.tip.remove(); }

  /** @param {PointerEvent} event */
  share(event) {
    const frame = this.plot.getBoundingClientRect();
    return {
      across: ((event.clientX - frame.left) / frame.width * FRAME.drawingWidth - FRAME.left) / FRAME.width,
      up: 1 - ((event.clientY - frame.top) / frame.height * FRAME.drawingHeight - FRAME.top) / FRAME.height,
    };
  }

  /** @param {number} share */
  stepAt(share) {
    const { first, last } = this.view;
    return Math.round(first + Math.min(1, Math.max(0, share)) * (last - first));
  }

  listen() {
    this.cursor = draw("path", { class: "cursor" });
    this.selection = draw("rect", { class: "selection", y: 0, height: FRAME.down });
    this.tip = make("div", { className: "tip", "aria-live": "polite" });
    this.reset = make("button", { type: "button", className: "reset", hidden: true }, "Show all steps");
    this.reset.addEventListener("click", () => this.zoom(this.made.first, this.made.last));
    this.figure.querySelector("figcaption").append(this.reset);
    if (this.clipped) {
      const outliers = make("input", { type: "checkbox" });
      outliers.addEventListener("change", () => { this.showsAll = outliers.checked; this.render(); });
      this.figure.querySelector(".clip-note").append(" ", make("label", {}, outliers, " show them"));
    }
    this.figure.tabIndex = 0;
    this.plot.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      this.from = this.share(event).across;
      this.plot.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.plot.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      const { across, up } = this.share(event);
      if (this.from !== undefined) {
        const [a, b] = [this.from, across].map((share) => Math.min(1, Math.max(0, share)) * FRAME.across).sort((a, b) => a - b);
        this.selection.setAttribute("x", String(a));
        this.selection.setAttribute("width", String(b - a));
        this.box.append(this.selection);
      }
      if (across < -0.03 || across > 1.03) { this.hideTip(); return; }
      this.show(this.stepAt(across), up);
    });
    this.plot.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
      if (this.from === undefined) return;
      const [a, b] = [this.from, this.share(event).across].sort((a, b) => a - b);
      this.from = undefined;
      this.selection.remove();
      if (b - a > 0.02) this.zoom(this.stepAt(a), this.stepAt(b));
    });
    this.plot.addEventListener("dblclick", () => this.zoom(this.made.first, this.made.last));
    this.figure.addEventListener("pointerleave", () => { if (this.from === undefined) this.hideTip(); });
    this.figure.addEventListener("blur", () => this.hideTip());
    this.figure.addEventListener("keydown", (event) => this.press(event));
  }

  // Arrows read values, plus and minus zoom about the cursor, 0 and Escape show all.
  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.target !== this.figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const { first, last } = this.view;
    const at = Math.min(last, Math.max(first, this.step ?? first));
    const stride = Math.max(1, Math.round((last - first) / (event.shiftKey ? 10 : 100)));
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowLeft: () => this.show(Math.max(first, at - stride), 0.5),
      ArrowRight: () => this.show(Math.min(last, at + stride), 0.5),
      Home: () => this.show(first, 0.5),
      End: () => this.show(last, 0.5),
      "+": () => this.zoom(at - (at - first) / 2, at + (last - at) / 2),
      "-": () => this.zoom(at - (at - first) * 2 - 1, at + (last - at) * 2 + 1),
      0: () => this.zoom(this.made.first, this.made.last),
      Escape: () => { this.hideTip(); this.zoom(this.made.first, this.made.last); },
    };
    const action = actions[event.key === "=" ? "+" : event.key];
    if (action) { action(); event.preventDefault(); }
  }
}

const charts = all("figure.chart[data-chart]").map((figure) => new Chart(figure, data.charts[Number(figure.dataset.chart)]));
const tools = document.getElementById("curve-tools");
if (charts.length && tools) {
  tools.hidden = false;
  const smoothing = /** @type {HTMLInputElement} */ (document.getElementById("smoothing"));
  const value = document.getElementById("smoothing-value");
  smoothing.addEventListener("input", () => {
    value.textContent = smoothing.value;
    for (const chart of charts) { chart.smoothing = Number(smoothing.value); chart.render(); }
  });
  for (const choice of all("input[name=spacing]", tools)) {
    choice.addEventListener("change", () => {
      for (const chart of charts) { chart.spacing = choice.value; chart.render(); }
    });
  }
  const menu = document.getElementById("metrics");
  for (const chart of charts) {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => { chart.figure.hidden = !box.checked; });
    menu.append(make("label", {}, box, ` ${chart.metric}`));
  }
  // The legend shows and hides; a run that a filter hides is not ticked.
  const off = new Set();
  const boxes = new Map();
  for (const item of all("#curves .legend [data-run]")) {
    const box = make("input", { type: "checkbox", checked: true, "aria-label": `Show ${item.textContent.trim()}` });
    box.addEventListener("change", () => {
      if (box.checked) off.delete(item.dataset.run); else off.add(item.dataset.run);
      runs.hide("legend", (run) => off.has(run));
    });
    boxes.set(item.dataset.run, box);
    item.before(box);
  }
  runs.whenChanged(() => {
    for (const [run, box] of boxes) box.checked = runs.isShown(run);
    charts.forEach((chart) => { if (chart.isMade === false || chart.smoothing > 0) chart.render(); });
  });
}
