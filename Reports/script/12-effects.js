// What mattered: drawn again for the runs that are shown and the metric that ranks them.
const effects = byId("effects") && data.effects;
if (effects) {
  const section = byId("effects");
  const parallel = section.querySelector("svg.parallel");
  const known = new Map(effects.runs.map((/** @type {string} */ run, /** @type {number} */ place) => [run, place]));
  const squares = (/** @type {number[]} */ values) => {
    const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  // Fisher's and Pearson's coefficient, corrected for small samples: of skewed outcomes the ranks are told apart.
  const skewness = (/** @type {number[]} */ values) => {
    const n = values.length;
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const [two, three] = [2, 3].map((power) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / n);
    return n < 3 ? 0 : three / two ** 1.5 * Math.sqrt(n * (n - 1)) / (n - 2);
  };
  const ranks = (/** @type {number[]} */ values) => {
    const sorted = [...values].sort((a, b) => a - b);
    return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
  };
  // Kelley's ε², as the program's ParameterImportance has it.
  const share = (/** @type {any} */ parameter, /** @type {number[]} */ at, /** @type {number[]} */ outcomes) => {
    /** @type {number[][]} */
    let groups;
    if (parameter.interval) {
      const sorted = at.map((place, index) => ({ x: parameter.across[place], y: outcomes[index] })).sort((a, b) => a.x - b.x);
      const count = Math.min(4, Math.max(1, sorted.length >> 1));
      groups = Array.from({ length: count }, (_, group) => sorted.slice(Math.floor(sorted.length * group / count), Math.floor(sorted.length * (group + 1) / count)).map(({ y }) => y));
    } else {
      const kinds = new Map();
      at.forEach((place, index) => { const kind = parameter.alike[place]; kinds.set(kind, [...(kinds.get(kind) ?? []), outcomes[index]]); });
      groups = [...kinds.values()];
    }
    groups = groups.filter((group) => group.length);
    const [n, k, total] = [outcomes.length, groups.length, squares(outcomes)];
    if (n < 8 || k < 2 || n <= k || !(total > 0)) return undefined;
    return Math.max(0, 1 - groups.reduce((sum, group) => sum + squares(group), 0) / (n - k) / (total / (n - 1)));
  };

  const redraw = () => {
    const { metric, direction } = runs.state;
    const measured = runs.list.filter((run) => known.has(run.id) && runs.isShown(run.id) && Number.isFinite(runs.last(run, metric)));
    const [at, values] = [measured.map((run) => known.get(run.id)), measured.map((run) => runs.last(run, metric))];
    const isRanked = Math.abs(skewness(values)) > 1;
    const outcomes = isRanked ? ranks(values) : values;
    const title = runs.metrics.find(({ key }) => key === metric)?.title ?? metric;
    for (const place of all(".aim-name", section)) place.textContent = metric;
    for (const place of all(".aim-title", section)) place.textContent = title;
    section.querySelector(".aim-better").textContent = direction === "maximize" ? "higher is better" : "lower is better";

    const shares = effects.parameters.map((/** @type {any} */ parameter) => ({ key: parameter.key, share: share(parameter, at, outcomes) }))
      .filter((/** @type {any} */ one) => one.share !== undefined).sort((/** @type {any} */ a, /** @type {any} */ b) => b.share - a.share).slice(0, 12);
    const bars = section.querySelector(".bars");
    bars?.replaceChildren(...shares.map((/** @type {any} */ one) => {
      const svg = draw("svg", { viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" });
      svg.append(draw("rect", { width: one.share * 1000, height: 10 }));
      return make("li", {}, make("span", {}, one.key), svg, make("b", {}, readable(one.share, 2)));
    }));
    const basis = section.querySelector(".basis");
    if (basis) basis.textContent = `of ${counted(measured.length, "run")}${isRanked ? ", by their ranks" : ""}`;

    // The axis of the outcome, with a little room at its ends.
    let [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
    if (low === high) [low, high] = [low - (Math.abs(low) || 1) / 10, high + (Math.abs(high) || 1) / 10];
    const ticks = roundTicks(low, high);
    const room = ticks.length > 1 ? ticks[1] - ticks[0] : high - low;
    [low, high] = [Math.floor(low / room + 1e-9) * room, Math.ceil(high / room - 1e-9) * room];
    const up = (/** @type {number} */ value) => (value - low) / (high - low);
    const marks = roundTicks(low, high);
    const hue = (/** @type {number} */ value) => `q${Math.min(4, Math.floor((direction === "maximize" ? up(value) : 1 - up(value)) * 5))}`;
    for (const figure of all("figure[data-effect]", section)) {
      const parameter = effects.parameters[Number(figure.dataset.effect)];
      const axis = figure.querySelector("g.axis");
      all("path, text[text-anchor=end]", axis).forEach((old) => old.remove());
      axis.prepend(...marks.flatMap((tick) => {
        const y = FRAME.top + FRAME.height * (1 - up(tick));
        const label = draw("text", { x: FRAME.left - 6, y: y + 4, "text-anchor": "end" });
        label.textContent = readable(tick);
        return [draw("path", { d: `M${FRAME.left} ${y}h${FRAME.width}` }), label];
      }));
      figure.querySelector("svg.dots").replaceChildren(...measured.map((run, index) => draw("path", {
        "data-run": run.id, class: hue(values[index]), d: `M${parameter.across[at[index]] * FRAME.across} ${(1 - up(values[index])) * FRAME.down}h0` })));
    }
    if (!parallel) return;
    const drawn = effects.parameters.filter((/** @type {any} */ parameter) => parameter.drawn);
    const gap = 880 / drawn.length;
    const height = (/** @type {number} */ part) => 40 + 230 * (1 - part);
    heights = new Map(measured.map((run, index) => [run.id,
      [...drawn.map((/** @type {any} */ parameter) => height(parameter.across[at[index]])), height(up(values[index]))]]));
    const sign = direction === "maximize" ? 1 : -1;
    const order = measured.map((run, index) => ({ run, value: values[index] })).sort((a, b) => sign * (a.value - b.value));
    parallel.querySelector("g.lines").replaceChildren(...order.map(({ run, value }) => draw("path", { "data-run": run.id, class: hue(value),
      d: `M${(heights.get(run.id) ?? []).map((y, place) => `${(60 + gap * place).toFixed(1)} ${y.toFixed(1)}`).join("L")}` })));
    const last = all("g[data-axis]", parallel).pop();
    all("text", last).forEach((text) => text.remove());
    const x = 60 + gap * drawn.length;
    const name = draw("text", { class: "title", x, y: 20, "text-anchor": "middle" });
    name.textContent = metric && metric.length > 18 ? `${metric.slice(0, 17)}…` : metric;
    last.append(name, ...marks.map((tick) => {
      const label = draw("text", { x: x - 6, y: height(up(tick)) + 4, "text-anchor": "end" });
      label.textContent = readable(tick);
      return label;
    }));
    last.append(...all(".handle", last));
  };

  // Parallel coordinates: a stretch that is dragged along an axis keeps the runs that pass through it.
  /** @type {Map<string, number[]>} */
  let heights = new Map();
  const TOP = 40, BOTTOM = 270;
  const brushes = new Map();
  /**
   * Heights of all runs, hidden ones too: a brush that is let go brings them back.
   * @type {Map<string, number[]>}
   */
  const everyHeight = new Map();
  const heightOf = (/** @type {PointerEvent} */ event) => {
    const frame = parallel.getBoundingClientRect();
    return Math.min(BOTTOM, Math.max(TOP, (event.clientY - frame.top) / frame.height * 300));
  };
  const picture = drawing(section, redraw);
  const apply = () => {
    picture.settle();
    for (const [run, places] of heights) everyHeight.set(run, places);
    runs.hide("brush", (run) => {
      const places = everyHeight.get(run);
      return brushes.size > 0 && (!places || [...brushes].some(([axis, [from, to]]) => places[axis] < from || places[axis] > to));
    });
  };
  picture.again();
  runs.whenChanged(picture.again);
  for (const axis of parallel ? all("g[data-axis]", parallel) : []) {
    const x = Number(/M([\d.]+)/.exec(axis.querySelector("path").getAttribute("d"))?.[1]);
    const title = axis.querySelector(".title").textContent;
    const handle = draw("rect", { class: "handle", x: x - 14, y: 36, width: 28, height: 238, tabindex: 0, role: "slider",
      "aria-label": `${title}: the runs to keep`, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0, "aria-valuetext": "all runs" });
    const brush = draw("rect", { class: "selection", x: x - 9, width: 18 });
    const index = Number(axis.dataset.axis);
    /** @type {number | undefined} */
    let from;
    axis.append(handle);
    const shade = (/** @type {number} */ top, /** @type {number} */ bottom) => {
      brush.setAttribute("y", top);
      brush.setAttribute("height", bottom - top);
      axis.insertBefore(brush, handle);
    };
    const keep = (/** @type {number} */ top, /** @type {number} */ bottom) => {
      if (bottom - top < 3) { brushes.delete(index); brush.remove(); } else { brushes.set(index, [top - 1, bottom + 1]); shade(top, bottom); }
      const share = (/** @type {number} */ y) => Math.round((BOTTOM - y) / (BOTTOM - TOP) * 100);
      handle.setAttribute("aria-valuenow", bottom - top < 3 ? 0 : share(bottom));
      handle.setAttribute("aria-valuetext", bottom - top < 3 ? "all runs" : `from ${share(bottom)} to ${share(top)} % of the axis`);
      apply();
    };
    axis.keep = keep;
    handle.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      from = heightOf(event);
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (from === undefined) return;
      const [top, bottom] = [from, heightOf(event)].sort((a, b) => a - b);
      shade(top, bottom);
    });
    handle.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
      if (from === undefined) return;
      const [top, bottom] = [from, heightOf(event)].sort((a, b) => a - b);
      from = undefined;
      keep(top, bottom);
    });
    // By keyboard: half of the axis, moved by the arrows; Escape lets go.
    handle.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const step = { ArrowUp: -1, ArrowRight: -1, ArrowDown: 1, ArrowLeft: 1 }[event.key];
      if (step === undefined && event.key !== "Escape") return;
      event.preventDefault();
      const size = (BOTTOM - TOP) / 2;
      if (step === undefined) { keep(0, 0); return; }
      const top = brushes.has(index) ? brushes.get(index)[0] + 1 + step * size / 4 : step < 0 ? BOTTOM - size : TOP;
      const start = Math.min(BOTTOM - size, Math.max(TOP, top));
      keep(start, start + size);
    });
  }
  kept.set("brushes", {
    save: () => new Map([...brushes].map(([index, stretch]) => [all("g[data-axis]", parallel).find((axis) => Number(axis.dataset.axis) === index)?.querySelector(".title").textContent, stretch])),
    restore: (/** @type {Map<string, number[]>} */ saved) => {
      for (const axis of parallel ? all("g[data-axis]", parallel) : []) {
        const stretch = saved.get(axis.querySelector(".title").textContent);
        if (stretch) axis.keep(stretch[0] + 1, stretch[1] - 1);
      }
    },
  });
  all(".scripted", section).forEach((element) => { element.hidden = false; });
}
