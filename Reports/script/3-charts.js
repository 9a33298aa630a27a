// Learning curves: each line is turned back into steps and values by its chart's scales, and drawn anew on the
// scales, the stretch of epochs and with the smoothing that the reader chooses.
const PLOT = { left: 52, top: 10, width: 330, height: 196, across: 400, down: 240 };

const roundTicks = (lower, upper, count = 5) => {
  const rough = (upper - lower) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999999) * power;
  const ticks = [];
  for (let at = Math.ceil(lower / step - 1e-9); at * step <= upper + step * 1e-9; at += 1) ticks.push(at * step);
  return ticks;
};
const decadeTicks = (lower, upper) => {
  const [from, to] = [Math.floor(Math.log10(lower)), Math.ceil(Math.log10(upper))];
  const ticks = [];
  for (let decade = from; decade <= to; decade += Math.max(1, Math.ceil((to - from) / 6))) {
    for (const factor of to - from > 3 ? [1] : [1, 2, 5]) ticks.push(factor * 10 ** decade);
  }
  return ticks.filter((tick) => tick >= lower * 0.999 && tick <= upper * 1.001);
};
const readable = (value, digits = 4) => {
  const number = Number(value.toPrecision(digits));
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? number.toExponential().replace("e+", "e") : String(number);
};

class Chart {
  constructor(figure) {
    this.figure = figure;
    this.metric = figure.dataset.metric;
    this.plot = figure.querySelector("svg.plot");
    this.box = figure.querySelector("svg.lines");
    this.axis = figure.querySelector("g.axis");
    this.lines = all("path[id]", this.box);
    const [lower, upper] = figure.dataset.range.split(" ").map(Number);
    const [first, last] = figure.dataset.steps.split(" ").map(Number);
    this.made = { lower, upper, first, last, isLog: figure.dataset.spacing === "log" };
    this.view = { ...this.made };
    this.smoothing = 0;
    this.spacing = "auto";
    this.listen();
  }

  // The values of a line, read from its path once: pieces of [step, value].
  values(line) {
    if (line.values) return line.values;
    const { lower, upper, first, last, isLog } = this.made;
    line.made = line.getAttribute("d");
    line.values = line.made.split("M").slice(1).map((piece) => {
      const numbers = piece.replace("h0", "").match(/-?(\d*\.\d+|\d+)/g).map(Number);
      const points = [];
      let [x, y] = [0, 0];
      for (let index = 0; index + 1 < numbers.length; index += 2) {
        x += numbers[index];
        y += numbers[index + 1];
        const share = 1 - y / 500;
        points.push([
          Math.round((first + x / 1000 * (last - first)) * 1000) / 1000,
          isLog ? lower * (upper / lower) ** share : lower + share * (upper - lower),
        ]);
      }
      return points;
    });
    return line.values;
  }

  // An exponential mean that starts at the first value without a bias towards 0, and that weighs by steps, not by
  // points, which are thinned.
  smoothed(points) {
    if (this.smoothing === 0) return points;
    let [sum, weight, before] = [0, 0, points[0][0]];
    return points.map(([step, value]) => {
      const keep = this.smoothing ** Math.max(1, step - before);
      before = step;
      sum = sum * keep + value * (1 - keep);
      weight = weight * keep + (1 - keep);
      return [step, sum / weight];
    });
  }

  shownLines() {
    return this.lines.filter((line) => !line.classList.contains("off"));
  }

  // Chooses the scale upwards: as it was made, or to cover what is shown of the curves.
  fit() {
    const view = this.view;
    const isWhole = view.first === this.made.first && view.last === this.made.last;
    view.isLog = this.spacing === "auto" ? this.made.isLog : this.spacing === "log";
    this.isMade = isWhole && view.isLog === this.made.isLog;
    if (this.isMade) { [view.lower, view.upper] = [this.made.lower, this.made.upper]; return; }
    let [low, high] = [Infinity, -Infinity];
    for (const line of this.shownLines()) {
      for (const [step, value] of this.values(line).flat()) {
        if (step < view.first || step > view.last || (view.isLog && value <= 0)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) [low, high] = view.isLog ? [0.1, 1] : [0, 1];
    if (low === high) [low, high] = view.isLog ? [low / 2, high * 2] : [low - Math.abs(low || 1) / 10, high + Math.abs(high || 1) / 10];
    const margin = (high - low) * 0.04;
    [view.lower, view.upper] = view.isLog ? [low / 1.05, high * 1.05] : [low - margin, high + margin];
  }

  x(step) { return (step - this.view.first) / (this.view.last - this.view.first); }
  y(value) {
    const { lower, upper, isLog } = this.view;
    if (isLog) return value > 0 ? Math.log(value / lower) / Math.log(upper / lower) : NaN;
    return (value - lower) / (upper - lower);
  }

  path(points) {
    let [text, pen] = ["", "M"];
    for (const [step, value] of points) {
      const y = this.y(value);
      if (!Number.isFinite(y)) { pen = "M"; continue; }
      text += `${pen}${(this.x(step) * 1000).toFixed(2)} ${((1 - y) * 500).toFixed(2)}`;
      pen = "L";
    }
    return points.length === 1 && text ? text + "h0" : text;
  }

  render() {
    this.fit();
    all(".raw", this.box).forEach((raw) => raw.remove());
    for (const line of this.lines) {
      const pieces = this.values(line);
      const isAsMade = this.isMade && this.smoothing === 0;
      line.setAttribute("d", isAsMade ? line.made : pieces.map((points) => this.path(this.smoothed(points))).join(""));
      if (this.smoothing > 0 && line.classList.length > 0) {
        const raw = draw("path", { class: `raw ${line.getAttribute("class")}`, "data-of": line.id });
        raw.setAttribute("d", this.isMade ? line.made : pieces.map((points) => this.path(points)).join(""));
        this.box.prepend(raw);
      }
    }
    this.box.setAttribute("overflow", this.isZoomed() ? "hidden" : "visible");
    this.drawAxes();
    this.reset.hidden = !this.isZoomed();
    const scale = this.figure.querySelector(".scale-name");
    scale.textContent = this.view.isLog ? " (log scale)" : "";
  }

  isZoomed() { return this.view.first !== this.made.first || this.view.last !== this.made.last; }

  drawAxes() {
    this.madeAxis ??= [...this.axis.childNodes];
    if (this.isMade) { this.axis.replaceChildren(...this.madeAxis); return; }
    const { first, last, lower, upper, isLog } = this.view;
    const parts = [];
    const text = (x, y, anchor, label) => {
      const element = draw("text", { x, y, "text-anchor": anchor });
      element.textContent = label;
      parts.push(element);
    };
    for (const tick of isLog ? decadeTicks(lower, upper) : roundTicks(lower, upper)) {
      const at = PLOT.top + PLOT.height * (1 - this.y(tick));
      parts.push(draw("path", { d: `M${PLOT.left} ${at}h${PLOT.width}` }));
      text(PLOT.left - 6, at + 4, "end", readable(tick));
    }
    for (const tick of roundTicks(first, last).filter(Number.isInteger)) {
      text(PLOT.left + PLOT.width * this.x(tick), 222, "middle", readable(tick, 7));
    }
    text(217, 237, "middle", "epoch");
    this.axis.replaceChildren(...parts);
  }

  zoom(first, last) {
    const least = Math.min(2, this.made.last - this.made.first);
    if (last - first < least) return;
    this.view.first = Math.max(this.made.first, Math.round(first));
    this.view.last = Math.min(this.made.last, Math.round(last));
    this.render();
  }

  valueAt(line, step) {
    for (const piece of this.values(line)) {
      const points = this.smoothed(piece);
      if (!points.length || step < points[0][0] || step > points[points.length - 1][0]) continue;
      const after = points.findIndex((point) => point[0] >= step);
      const [b, a] = [points[after], points[Math.max(0, after - 1)]];
      return b[0] === a[0] ? b[1] : a[1] + (b[1] - a[1]) * (step - a[0]) / (b[0] - a[0]);
    }
    return undefined;
  }

  // The values of all curves at a step, those nearest to the pointer if there are too many to show.
  show(step, nearest) {
    const found = this.shownLines()
      .map((line) => ({ line, value: this.valueAt(line, step) }))
      .filter(({ value }) => value !== undefined && Number.isFinite(this.y(value)))
      .sort((a, b) => Math.abs(this.y(a.value) - nearest) - Math.abs(this.y(b.value) - nearest));
    const listed = found.slice(0, 12).sort((a, b) => b.value - a.value);
    this.cursor.setAttribute("d", `M${this.x(step) * 1000} 0V500`);
    this.box.append(this.cursor);
    this.tip.replaceChildren(make("b", {}, `epoch ${step}`), ...listed.map(({ line, value }) => {
      const key = draw("svg", { viewBox: "0 0 14 8" });
      key.append(draw("path", { d: "M1 4h12", class: line.getAttribute("class")?.replace(/\b(on|off)\b/g, "").trim() ?? "" }));
      return make("div", {}, key, make("span", {}, runs.label(runOf(line))), make("b", {}, readable(value)));
    }));
    if (found.length > listed.length) this.tip.append(make("div", { className: "quiet" }, `and ${found.length - listed.length} more`));
    this.figure.append(this.tip);
    const width = this.figure.clientWidth;
    const left = width * (PLOT.left + PLOT.width * this.x(step)) / PLOT.across;
    this.tip.classList.toggle("before", left > width / 2);
    this.tip.style.left = left > width / 2 ? "auto" : `${left + 16}px`;
    this.tip.style.right = left > width / 2 ? `${width - left + 16}px` : "auto";
    this.step = step;
  }

  hideTip() { this.cursor.remove(); this.tip.remove(); }

  share(event) {
    const frame = this.plot.getBoundingClientRect();
    return {
      across: ((event.clientX - frame.left) / frame.width * PLOT.across - PLOT.left) / PLOT.width,
      up: 1 - ((event.clientY - frame.top) / frame.height * PLOT.down - PLOT.top) / PLOT.height,
    };
  }

  stepAt(share) {
    const { first, last } = this.view;
    return Math.round(first + Math.min(1, Math.max(0, share)) * (last - first));
  }

  listen() {
    this.cursor = draw("path", { class: "cursor" });
    this.selection = draw("rect", { class: "selection", y: 0, height: 500 });
    this.tip = make("div", { className: "tip" });
    this.reset = make("button", { type: "button", className: "reset", hidden: true }, "Show all epochs");
    this.reset.addEventListener("click", () => this.zoom(this.made.first, this.made.last));
    const caption = this.figure.querySelector("figcaption");
    caption.append(this.reset);
    this.figure.tabIndex = 0;
    this.plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      this.from = this.share(event).across;
      this.plot.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.plot.addEventListener("pointermove", (event) => {
      const { across, up } = this.share(event);
      if (this.from !== undefined) {
        const [a, b] = [this.from, across].map((share) => Math.min(1, Math.max(0, share)) * 1000).sort((a, b) => a - b);
        this.selection.setAttribute("x", a);
        this.selection.setAttribute("width", b - a);
        this.box.append(this.selection);
      }
      if (across < -0.03 || across > 1.03) { this.hideTip(); return; }
      this.show(this.stepAt(across), up);
    });
    this.plot.addEventListener("pointerup", (event) => {
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
  press(event) {
    if (event.target !== this.figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const { first, last } = this.view;
    const at = Math.min(last, Math.max(first, this.step ?? first));
    const stride = Math.max(1, Math.round((last - first) / (event.shiftKey ? 10 : 100)));
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

const charts = all("figure.chart[data-metric]").map((figure) => new Chart(figure));
const tools = document.getElementById("curve-tools");
if (charts.length && tools) {
  tools.hidden = false;
  const smoothing = document.getElementById("smoothing");
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
  // The legend shows and hides.
  const off = new Set();
  for (const item of all(".legend [data-run]")) {
    const box = make("input", { type: "checkbox", checked: true, "aria-label": `Show ${item.textContent.trim()}` });
    box.addEventListener("change", () => {
      if (box.checked) off.delete(item.dataset.run); else off.add(item.dataset.run);
      runs.hide("legend", (run) => off.has(run));
    });
    item.before(box);
  }
  runs.whenChanged(() => charts.forEach((chart) => {
    if (chart.isMade === false || chart.smoothing > 0) chart.render();
  }));
}
