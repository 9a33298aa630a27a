// Learning curves: drawn again on the scales, the stretch and with the smoothing that the reader chooses. Values are read
// from the page's data, never from a drawing.

/**
 * @typedef { { metric: string, first: number, last: number, lower: number, upper: number, log: boolean, clipped: boolean,
 *   curves: CurveData[] } } ChartData
 */
/** Ticks that do not run into each other: every one, or every second, third … of them. @type {(ticks: number[], place: (tick: number) => number, size: (tick: number) => number) => number[]} */
const spread = (ticks, place, size) => {
  for (let stride = 1; stride < ticks.length; stride += 1) {
    for (let start = 0; start < stride; start += 1) {
      const kept = ticks.filter((_, at) => at % stride === start);
      if (kept.every((tick, at) => at === 0 || Math.abs(place(tick) - place(kept[at - 1])) >= (size(tick) + size(kept[at - 1])) / 2)) return kept;
    }
  }
  return ticks.slice(0, 1);
};
const UNITS = /** @type {[number, string][]} */ ([[86400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"]]);

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
    this.plot = figure.querySelector("svg.plot");
    this.box = figure.querySelector("svg.lines");
    this.axis = figure.querySelector("g.axis");
    this.known = known;
    this.isLog = undefined;
    this.spacing = "auto";
    this.smoothing = 0;
    this.across = "step";
    this.showsAll = !known.clipped;
    this.view = { first: known.first, last: known.last, lower: known.lower, upper: known.upper, isLog: known.log };
    this.curves = known.curves.map((curve) => new Curve(curve));
    this.byRun = new Map(this.curves.map((curve) => [curve.run, curve]));
    this.listen();
    Chart.all.push(this);
  }

  shown() { return this.curves.filter((curve) => runs.isShown(curve.run)); }

  /** From where to where the curves go, without a zoom. */
  whole() {
    if (this.across === "step") return [this.known.first, Math.max(this.known.last, this.known.first + 1)];
    const ends = this.curves.flatMap((curve) => { const xs = curve.xs(this.across); return xs.length ? [xs[0], xs[xs.length - 1]] : []; });
    const [first, last] = [ends.reduce((a, b) => Math.min(a, b), Infinity), ends.reduce((a, b) => Math.max(a, b), -Infinity)];
    return Number.isFinite(first) ? [this.across === "wall" ? first : Math.min(0, first), last > first ? last : first + 1] : [0, 1];
  }

  isZoomed() { return this.stretch !== undefined; }

  // Chooses the scales: as the page was made while nothing is chosen, else to cover what is shown of the curves.
  fit() {
    const { view, known } = this;
    [view.first, view.last] = this.stretch ?? this.whole();
    view.isLog = this.isLog ?? (this.spacing === "auto" ? known.log : this.spacing === "log");
    const isMade = !this.stretch && this.across === "step" && view.isLog === known.log && this.showsAll === !known.clipped
      && runs.shownCount() === runs.ids.length;
    if (isMade) { [view.lower, view.upper] = [known.lower, known.upper]; return; }
    const values = [];
    for (const curve of this.shown()) {
      const xs = curve.xs(this.across);
      curve.buckets.forEach(({ least, greatest }, at) => {
        if (xs[at] < view.first || xs[at] > view.last) return;
        for (const value of [least, greatest]) if (Number.isFinite(value) && (!view.isLog || value > 0)) values.push(value);
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

  /** A place in the lines' own units. @param {number} x @param {number} value */
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

  /** The area between two lines, each over the same places. @param {number[]} xs @param {number[]} lower @param {number[]} upper */
  area(xs, lower, upper) {
    const known = xs.map((_, at) => at).filter((at) => this.at(0, lower[at]) && this.at(0, upper[at]));
    const corners = [...known.map((at) => this.at(xs[at], upper[at])), ...known.reverse().map((at) => this.at(xs[at], lower[at]))];
    return corners.length > 2 ? `M${corners.map((place) => place?.map((part) => part.toFixed(1)).join(" ")).join("L")}z` : "";
  }

  /** Where the middle 80 % of curves run, and the middle half. @param {Curve[]} curves */
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

  /** A run's line, with its band and the mark where it breaks off. @param {Curve} curve @param {string} kind */
  drawn(curve, kind) {
    const xs = curve.xs(this.across);
    const { buckets, run, end } = curve;
    const parts = [];
    if (kind) {
      if (buckets.some(({ count }) => count > 1)) {
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

  render() {
    this.fit();
    const shown = this.shown();
    const grey = shown.filter((curve) => !runs.classOf(curve.run));
    // Of points alone there are no bands.
    this.isCrowded = grey.filter(({ buckets }) => buckets.length > 1).length > Chart.crowd;
    // The best lie on top.
    const order = runs.ranked().map(({ id }) => id).reverse();
    const coloured = order.filter((run) => runs.classOf(run)).map((run) => this.byRun.get(run)).filter(Boolean);
    this.box.replaceChildren(
      ...this.isCrowded ? this.crowd(grey) : grey.flatMap((curve) => this.drawn(curve, "")),
      ...coloured.flatMap((curve) => this.drawn(curve, runs.classOf(curve.run))));
    this.drawAxes();
    this.reset.hidden = !this.isZoomed();
    this.figure.querySelector(".scale-name").textContent = this.view.isLog ? " (log scale)" : "";
  }

  /** Draws the line of a run that has none of its own. @param {string | undefined} run */
  pick(run) {
    this.picked?.forEach((/** @type {Element} */ part) => part.remove());
    this.picked = undefined;
    const curve = this.byRun.get(run);
    if (!curve || !this.isCrowded || runs.classOf(run) || !runs.isShown(run)) return;
    this.picked = this.drawn(curve, "picked").filter((part) => !part.classList.contains("band"));
    this.picked.forEach((/** @type {Element} */ part) => part.removeAttribute("id"));
    this.box.append(...this.picked);
  }

  /** What a place across is called. @param {number} x */
  named(x) {
    if (this.across === "step") return `step ${Math.round(x)}`;
    return this.across === "wall" ? new Date(x).toLocaleString() : `${readableTime(x)} after the start`;
  }

  /** The ticks across, each with its label, and what is measured. */
  acrossTicks() {
    const { first, last } = this.view;
    if (this.across === "step") return { ticks: roundTicks(first, last).filter(Number.isInteger), label: (/** @type {number} */ x) => readable(x, 7), title: "step" };
    const [unit, name] = UNITS.find(([seconds]) => (last - first) / (this.across === "wall" ? 1000 : 1) >= 2 * seconds) ?? [1, "seconds"];
    if (this.across === "relative") {
      return { ticks: roundTicks(first / unit, last / unit).map((tick) => tick * unit), label: (/** @type {number} */ x) => readable(x / unit, 5), title: `${name} since the start` };
    }
    const pad = (/** @type {number} */ part) => String(part).padStart(2, "0");
    const label = (/** @type {number} */ x) => {
      const time = new Date(x);
      if (unit === 86400) return `${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
      return `${pad(time.getHours())}:${pad(time.getMinutes())}${unit === 1 ? `:${pad(time.getSeconds())}` : ""}`;
    };
    return { ticks: roundTicks(first / unit / 1000, last / unit / 1000).map((tick) => tick * unit * 1000), label, title: "time" };
  }

  drawAxes() {
    const { lower, upper, isLog } = this.view;
    const parts = [];
    /** @type {(x: number, y: number, anchor: string, label: string) => void} */
    const text = (x, y, anchor, label) => {
      const element = draw("text", { x, y, "text-anchor": anchor });
      element.textContent = label;
      parts.push(element);
    };
    const up = (/** @type {number} */ tick) => FRAME.top + FRAME.height * (1 - this.y(tick));
    for (const tick of spread(isLog ? decadeTicks(lower, upper) : roundTicks(lower, upper), up, () => 13)) {
      parts.push(draw("path", { d: `M${FRAME.left} ${up(tick)}h${FRAME.width}` }));
      text(FRAME.left - 6, up(tick) + 4, "end", readable(tick));
    }
    const { ticks, label, title } = this.acrossTicks();
    const along = (/** @type {number} */ tick) => FRAME.left + FRAME.width * this.x(tick);
    for (const tick of spread(ticks, along, (one) => 6.6 * label(one).length + 6)) text(along(tick), FRAME.top + FRAME.height + 16, "middle", label(tick));
    text(FRAME.left + FRAME.width / 2, FRAME.drawingHeight - 3, "middle", title);
    this.axis.replaceChildren(...parts);
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

  /** What each curve has nearest to a place, those nearest to the pointer if there are too many; and the same in the other charts. */
  /** @param {number} wanted @param {number} up @param {boolean} leads */
  show(wanted, up, leads = true) {
    const width = this.view.last - this.view.first;
    const listed = this.shown().filter((curve) => !this.isCrowded || runs.classOf(curve.run) || this.picked?.[0]?.dataset.run === curve.run);
    const found = listed.flatMap((curve) => {
      const xs = curve.xs(this.across);
      const place = curve.nearest(wanted, this.across);
      const bucket = curve.buckets[place];
      // A curve that has ended, or not begun, has no value here.
      if (!bucket || wanted < xs[0] - width / 100 || wanted > xs[xs.length - 1] + width / 100) return [];
      const value = this.smoothing > 0 ? curve.heights(this.smoothing)[place] : bucket.last;
      const height = this.y(value);
      return [{ curve, bucket, x: xs[place], value, distance: Number.isFinite(height) ? Math.abs(height - up) : 2 }];
    }).sort((a, b) => a.distance - b.distance);
    const x = found[0]?.x ?? wanted;
    const most = leads ? 12 : 4;
    const top = found.slice(0, most).sort((a, b) => (Number.isFinite(b.value) ? b.value : -Infinity) - (Number.isFinite(a.value) ? a.value : -Infinity));
    this.cursor.setAttribute("d", `M${this.x(x) * FRAME.across} 0V${FRAME.down}`);
    this.box.append(this.cursor);
    this.tip.replaceChildren(make("b", {}, this.named(x)), ...top.map(({ curve, x: own, value }) => {
      const key = draw("svg", { viewBox: "0 0 14 8" });
      key.append(draw("path", { d: "M1 4h12", class: runs.classOf(curve.run) ?? "" }));
      const where = own === x || this.across !== "step" ? "" : ` at ${own}`;
      return make("div", {}, key, make("span", {}, runs.label(curve.run) + where), make("b", {}, curve.text(value)));
    }));
    const bucket = found[0]?.bucket;
    if (bucket && bucket.count > 1 && this.smoothing === 0) {
      this.tip.append(make("div", { className: "quiet" },
        `${readable(bucket.least)} to ${readable(bucket.greatest)} in the ${bucket.count} steps to ${bucket.step}`));
    }
    if (found.length > top.length) this.tip.append(make("div", { className: "quiet" }, `and ${found.length - top.length} more`));
    // Only the chart that is pointed at speaks to a screen reader.
    this.tip.setAttribute("aria-live", leads ? "polite" : "off");
    this.figure.append(this.tip);
    this.settle(x);
    this.cursorAt = x;
    if (!leads) return;
    for (const other of Chart.all) {
      if (other === this) continue;
      const box = other.plot.getBoundingClientRect();
      const [from, to] = other.whole();
      if (box.height > 0 && box.bottom > 0 && box.top < innerHeight && x >= from && x <= to) other.show(x, 0.5, false); else other.hideTip(false);
    }
  }

  /** Puts the tip beside the cursor, within the window. @param {number} x */
  settle(x) {
    const frame = this.plot.getBoundingClientRect();
    const at = frame.left + frame.width * (FRAME.left + FRAME.width * this.x(x)) / FRAME.drawingWidth;
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const left = at > frame.left + frame.width / 2 ? at - 16 - width : at + 16;
    this.tip.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
    this.tip.style.top = `${Math.max(4, Math.min(frame.top + 8, innerHeight - height - 4))}px`;
  }

  hideTip(leads = true) {
    this.cursor.remove();
    this.tip.remove();
    if (leads) for (const other of Chart.all) if (other !== this) other.hideTip(false);
  }

  /** @param {PointerEvent} event */
  share(event) {
    const frame = this.plot.getBoundingClientRect();
    return {
      across: ((event.clientX - frame.left) / frame.width * FRAME.drawingWidth - FRAME.left) / FRAME.width,
      up: 1 - ((event.clientY - frame.top) / frame.height * FRAME.drawingHeight - FRAME.top) / FRAME.height,
    };
  }

  /** @param {number} share */
  placeAt(share) {
    const { first, last } = this.view;
    const x = first + Math.min(1, Math.max(0, share)) * (last - first);
    return this.across === "step" ? Math.round(x) : x;
  }

  listen() {
    this.cursor = draw("path", { class: "cursor" });
    this.selection = draw("rect", { class: "selection", y: 0, height: FRAME.down });
    this.tip = make("div", { className: "tip", "aria-live": "polite" });
    this.reset = make("button", { type: "button", className: "reset", hidden: true }, "Show all steps");
    this.reset.addEventListener("click", () => this.showAll());
    this.figure.querySelector("figcaption").append(this.reset);
    if (this.known.clipped) {
      const outliers = make("input", { type: "checkbox" });
      outliers.addEventListener("change", () => { this.showsAll = outliers.checked; this.render(); });
      this.figure.querySelector(".clip-note").append(" ", make("label", {}, outliers, " show them"));
    }
    this.figure.tabIndex = 0;
    this.plot.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      const { across, up } = this.share(event);
      // A finger reads values; a mouse chooses a stretch.
      if (event.pointerType === "touch") { this.show(this.placeAt(across), up); return; }
      if (event.button !== 0) return;
      this.from = across;
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
      this.show(this.placeAt(across), up);
    });
    this.plot.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
      if (this.from === undefined) return;
      const [a, b] = [this.from, this.share(event).across].sort((a, b) => a - b);
      this.from = undefined;
      this.selection.remove();
      if (b - a > 0.02) this.zoom(this.placeAt(a), this.placeAt(b));
    });
    this.plot.addEventListener("dblclick", () => this.showAll());
    this.figure.addEventListener("pointerleave", (event) => { if (this.from === undefined && event.pointerType !== "touch") this.hideTip(); });
    this.figure.addEventListener("blur", () => this.hideTip());
    this.figure.addEventListener("keydown", (event) => this.press(event));
  }

  // Arrows read values, plus and minus zoom about the cursor, 0 and Escape show all.
  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.target !== this.figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const { first, last } = this.view;
    const at = Math.min(last, Math.max(first, this.cursorAt ?? first));
    const one = (last - first) / (event.shiftKey ? 10 : 100);
    const stride = this.across === "step" ? Math.max(1, Math.round(one)) : one;
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowLeft: () => this.show(Math.max(first, at - stride), 0.5),
      ArrowRight: () => this.show(Math.min(last, at + stride), 0.5),
      Home: () => this.show(first, 0.5),
      End: () => this.show(last, 0.5),
      "+": () => this.zoom(at - (at - first) / 2, at + (last - at) / 2),
      "-": () => this.zoom(at - (at - first) * 2 - 1, at + (last - at) * 2 + 1),
      0: () => this.showAll(),
      Escape: () => { this.hideTip(); this.showAll(); },
    };
    const action = actions[event.key === "=" ? "+" : event.key];
    if (action) { action(); event.preventDefault(); }
  }
}

for (const figure of all("figure.chart[data-chart]")) new Chart(figure, data.charts[Number(figure.dataset.chart)]).render();
emphasizers.push((run) => Chart.all.forEach((chart) => chart.pick(run)));
runs.whenChanged(() => Chart.all.forEach((chart) => chart.render()));
addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "touch") return;
  for (const chart of Chart.all) if (chart.tip.isConnected && !chart.plot.contains(/** @type {Node} */ (event.target))) chart.hideTip(false);
});
addEventListener("scroll", () => Chart.all.forEach((chart) => { if (chart.tip.isConnected) chart.hideTip(false); }), { passive: true });
