// What the reader chooses of the charts: scales, colours, metrics; and each chart's own log scale, full size and files.

/**
 * The fill and stroke that the style sheet gives, written where a file without the sheet has them.
 * @type {(svg: SVGElement) => SVGElement}
 */
const styledCopy = (svg) => {
  const copy = /** @type {any} */ (svg.cloneNode(true));
  const [from, to] = [[svg, ...all("*", svg)], [copy, ...all("*", copy)]];
  from.forEach((element, place) => {
    const style = getComputedStyle(element);
    if (style.display === "none") { to[place].setAttribute("display", "none"); return; }
    for (const name of ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "vector-effect", "font-size"]) {
      to[place].setAttribute(name, style.getPropertyValue(name));
    }
    to[place].removeAttribute("class");
    to[place].removeAttribute("id");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("font-family", "sans-serif");
  copy.setAttribute("width", FRAME.drawingWidth * 2);
  copy.setAttribute("height", FRAME.drawingHeight * 2);
  copy.prepend(draw("rect", { width: FRAME.drawingWidth, height: FRAME.drawingHeight, fill: getComputedStyle(document.body).getPropertyValue("--card") }));
  return copy;
};
/** @type {(name: string, content: Blob) => void} */
const save = (name, content) => {
  const link = make("a", { href: URL.createObjectURL(content), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
};
const quoted = (/** @type {any} */ value) => /[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll("\"", "\"\"")}"` : String(value);
/**
 * The values of the runs that a chart shows, as the page knows them.
 * @type {(chart: Chart) => string}
 */
const csvOf = (chart) => {
  const rows = [["run", "name", "step", "time", "last", "min", "max", "mean", "points"]];
  for (const { finest: curve } of chart.shown()) {
    const name = runs.find(curve.run)?.own.name ?? "";
    for (const { step, time, count, last, least, greatest, mean } of curve.buckets) {
      rows.push([curve.run, name, String(step), new Date(time).toISOString(), ...[last, least, greatest, mean].map((value) => String(Number(value.toPrecision(6)))), String(count)]);
    }
  }
  return rows.map((row) => row.map(quoted).join(",") + "\n").join("");
};
for (const chart of Chart.all) {
  const { figure, metric, plot } = chart;
  const file = metric.replace(/[^\p{L}\p{N}.-]+/gu, "-").slice(0, 60);
  const log = make("button", { type: "button", "aria-pressed": "false", "aria-label": `${metric}: logarithmic scale` }, "log");
  log.addEventListener("click", () => {
    chart.isLog = !chart.isLogarithmic;
    chart.render();
    log.setAttribute("aria-pressed", String(chart.isLog));
    address.write();
  });
  const full = make("button", { type: "button", "aria-pressed": "false", "aria-label": `${metric}: full size` }, "⤢");
  const fill = (/** @type {boolean} */ isFull) => {
    figure.classList.toggle("full", isFull);
    full.setAttribute("aria-pressed", String(isFull));
    document.body.classList.toggle("covered", isFull);
  };
  chart.fill = fill;
  full.addEventListener("click", () => fill(!figure.classList.contains("full")));
  figure.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape" && figure.classList.contains("full")) { fill(false); full.focus(); } });
  const svg = () => { chart.drawing.settle(); return new XMLSerializer().serializeToString(styledCopy(plot)); };
  /** @type {[string, () => void][]} */
  const kinds = [
    ["SVG", () => save(`${file}.svg`, new Blob([svg()], { type: "image/svg+xml" }))],
    ["PNG", () => {
      const image = new Image();
      image.addEventListener("load", () => {
        const canvas = make("canvas", { width: FRAME.drawingWidth * 3, height: FRAME.drawingHeight * 3 });
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((/** @type {Blob} */ blob) => save(`${file}.png`, blob));
      });
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg())}`;
    }],
    ["CSV", () => save(`${file}.csv`, new Blob([csvOf(chart)], { type: "text/csv" }))],
  ];
  const menu = make("details", { className: "menu" }, make("summary", { "aria-label": `${metric}: save` }, "save"),
    make("div", {}, ...kinds.map(([name, act]) => { const one = make("button", { type: "button" }, name); one.addEventListener("click", act); return one; })));
  figure.querySelector("figcaption")?.append(make("span", { className: "chart-tools" }, log, full, menu));
  chart.logButton = log;
}

// The legends: the best first, each with its value, the difference to a baseline, and what shows, hides and pins it.
const legends = all(".ranked");
const baseline = byId("baseline");
const drawLegends = () => {
  const { metric, baseline: base, off } = runs.state;
  const value = (/** @type {string} */ id) => runs.value(id);
  const chosen = runs.chosen().map(({ id }) => id);
  if (base && !chosen.includes(base) && runs.isShown(base)) chosen.push(base);
  for (const legend of legends) {
    const kinds = runs.kinds().map((kind) => make("li", { className: "kind" }, swatch(kind.class), make("span", {}, kind.name), " ", make("span", { className: "quiet" }, counted(kind.count, "run"))));
    // What the reader hides here can be shown again here.
    const listed = [...chosen, ...[...off].filter((id) => !runs.isOut(id))];
    const items = listed.map((id) => {
      const box = make("input", { type: "checkbox", checked: runs.isShown(id), "aria-label": `Show ${runs.label(id)}` });
      box.addEventListener("change", () => { runs.toggle(off, id); focusBox(legend, id); });
      const link = make("a", { href: `#run-${id}`, "data-run": id }, swatch(runs.classOf(id) ?? ""), make("span", {}, runs.label(id)));
      const number = value(id);
      const difference = base && base !== id ? number - value(base) : NaN;
      const text = metric === null || Number.isNaN(number) ? "" : readable(number);
      const note = base === id ? "baseline" : Number.isFinite(difference) ? `${difference < 0 ? "−" : "+"}${readable(Math.abs(difference), 3)}` : "";
      return make("li", { className: runs.isShown(id) ? "" : "dim" }, box, link, make("b", {}, text), make("span", { className: "quiet" }, note));
    });
    legend.replaceChildren(...kinds, ...items);
  }
  if (baseline) {
    const ids = [...new Set([...chosen, ...(base ? [base] : [])])];
    baseline.replaceChildren(make("option", { value: "" }, "none"), ...ids.map((id) => make("option", { value: id }, runs.label(id))));
    baseline.value = base;
  }
};
const swatch = (/** @type {string} */ name) => {
  const svg = draw("svg", { viewBox: "0 0 28 8", "aria-hidden": "true" });
  svg.append(draw("path", { class: name || "rest", d: "M1 4h26" }));
  return svg;
};
const focusBox = (/** @type {any} */ legend, /** @type {string} */ id) => legend.querySelector(`[data-run="${CSS.escape(id)}"]`)?.previousElementSibling?.focus();
runs.whenChanged(drawLegends);
if (legends.length) drawLegends();

// The tools above the charts.
const curveTools = byId("curve-tools");
const choices = { smoothing: byId("smoothing"), across: byId("across"), search: byId("metric-search"), colours: byId("colours"), spacing: all("input[name=spacing]") };
const setSmoothing = () => {
  byId("smoothing-value").textContent = choices.smoothing.value;
  for (const chart of Chart.all) { chart.smoothing = Number(choices.smoothing.value); chart.render(); }
};
const setAcross = () => {
  for (const chart of Chart.all) { chart.across = choices.across.value; chart.stretch = undefined; chart.reading.place = undefined; chart.reading.hide(false); chart.render(); }
};
const setSpacing = () => {
  const chosen = choices.spacing.find((choice) => choice.checked).value;
  for (const chart of Chart.all) {
    Object.assign(chart, { spacing: chosen, isLog: undefined });
    chart.render();
    chart.logButton?.setAttribute("aria-pressed", String(chart.isLogarithmic));
  }
};
const setSearch = () => {
  const words = choices.search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const figure of all("#curves figure.chart")) figure.hidden = !words.every((/** @type {string} */ word) => figure.dataset.metric.toLowerCase().includes(word));
  for (const part of all("#curves details.part")) part.hidden = all("figure.chart", part).every((figure) => figure.hidden);
};
if (curveTools && Chart.all.length) {
  curveTools.hidden = false;
  choices.colours.append(make("option", { value: "rank" }, "rank"), ...(data.runs.groups.length > 1 ? [make("option", { value: "group" }, "group")] : []),
    ...data.runs.varied.map((/** @type {string} */ key) => make("option", { value: `parameter:${key}` }, key)));
  choices.smoothing.addEventListener("input", setSmoothing);
  choices.across.addEventListener("change", setAcross);
  choices.search.addEventListener("input", setSearch);
  for (const choice of choices.spacing) choice.addEventListener("change", setSpacing);
  choices.colours.addEventListener("change", () => { runs.state.colours = choices.colours.value; runs.change(); });
  baseline.addEventListener("change", () => { runs.state.baseline = baseline.value; runs.change(); });
  const note = curveTools.parentElement.querySelector(".colour-note");
  if (note) runs.whenChanged(() => { note.hidden = runs.state.colours !== "rank" || runs.shownCount() < runs.ids.length; });
}
