// The axes of a chart: where the ticks stand and what they are called.

/**
 * What a chart shows: from where to where across, and up.
 * @typedef { { first: number, last: number, lower: number, upper: number, isLog: boolean } } ChartView
 */
/**
 * Ticks that do not run into each other: every one, or every second, third … of them.
 * @type {(ticks: number[], place: (tick: number) => number, size: (tick: number) => number) => number[]}
 */
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


/**
 * What a place across is called.
 * @type {(x: number, across: string) => string}
 */
const placeName = (x, across) => {
  if (across === "step") return `step ${Math.round(x)}`;
  return across === "wall" ? new Date(x).toLocaleString() : `${readableTime(x)} after the start`;
};
/**
 * The ticks across, each with its label, and what is measured.
 * @type {(view: ChartView, across: string) => { ticks: number[], label: (x: number) => string, title: string }}
 */
const ticksAcross = ({ first, last }, across) => {
  if (across === "step") return { ticks: roundTicks(first, last).filter(Number.isInteger), label: (x) => readable(x, 7), title: "step" };
  const [unit, name] = UNITS.find(([seconds]) => (last - first) / (across === "wall" ? 1000 : 1) >= 2 * seconds) ?? [1, "seconds"];
  if (across === "relative") {
    return { ticks: roundTicks(first / unit, last / unit).map((tick) => tick * unit), label: (x) => readable(x / unit, 5), title: `${name} since the start` };
  }
  const pad = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const label = (/** @type {number} */ x) => {
    const time = new Date(x);
    if (unit === 86400) return `${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
    return `${pad(time.getHours())}:${pad(time.getMinutes())}${unit === 1 ? `:${pad(time.getSeconds())}` : ""}`;
  };
  return { ticks: roundTicks(first / unit / 1000, last / unit / 1000).map((tick) => tick * unit * 1000), label, title: "time" };
};
/**
 * The elements that draw a chart's axes.
 * @type {(chart: Chart) => SVGElement[]}
 */
const axesOf = (chart) => {
  const { lower, upper, isLog } = chart.view;
  /** @type {SVGElement[]} */
  const parts = [];
  /** @type {(x: number, y: number, anchor: string, label: string) => void} */
  const text = (x, y, anchor, label) => {
    const element = draw("text", { x, y, "text-anchor": anchor });
    element.textContent = label;
    parts.push(element);
  };
  const up = (/** @type {number} */ tick) => FRAME.top + FRAME.height * (1 - chart.y(tick));
  for (const tick of spread(isLog ? decadeTicks(lower, upper) : roundTicks(lower, upper), up, () => 13)) {
    parts.push(draw("path", { d: `M${FRAME.left} ${up(tick)}h${FRAME.width}` }));
    text(FRAME.left - 6, up(tick) + 4, "end", readable(tick));
  }
  const { ticks, label, title } = ticksAcross(chart.view, chart.across);
  const along = (/** @type {number} */ tick) => FRAME.left + FRAME.width * chart.x(tick);
  for (const tick of spread(ticks, along, (one) => 6.6 * label(one).length + 6)) text(along(tick), FRAME.top + FRAME.height + 16, "middle", label(tick));
  text(FRAME.left + FRAME.width / 2, FRAME.drawingHeight - 3, "middle", title);
  return parts;
};
