// What the reader chose stands in the address, behind "?", so that a link shows the page as it is seen.
const address = (() => {
  const made = { metric: runs.state.metric, direction: runs.state.direction, pinned: [...runs.state.pinned].join(" ") };
  const write = () => {
    const { metric, direction, colours, baseline: base, pinned, off } = runs.state;
    const query = new URLSearchParams();
    const set = (/** @type {string} */ key, /** @type {any} */ value, /** @type {any} */ usual = "") => { if (value !== undefined && value !== null && value !== usual) query.set(key, value); };
    set("where", filter?.value);
    set("metric", metric, made.metric);
    if (direction !== made.direction) set("better", direction === "maximize" ? "higher" : "lower");
    set("colours", colours, "rank");
    set("baseline", base);
    set("pinned", [...pinned].join(" "), made.pinned);
    set("hidden", [...off].join(" "));
    set("across", choices.across?.value, "step");
    set("smoothing", choices.smoothing?.value, "0");
    set("values", choices.spacing.find((choice) => choice.checked)?.value, "auto");
    set("search", choices.search?.value);
    const own = Chart.all.filter((chart) => chart.hasNames && chart.isLog !== undefined).map((chart) => `${chart.isLog ? "+" : "-"}${chart.metric}`);
    for (const name of own) query.append("log", name);
    const text = query.toString();
    const hash = `${anchor() ? encodeURIComponent(anchor()) : ""}${text ? `?${text}` : ""}`;
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };
  const read = () => {
    const at = location.hash.indexOf("?");
    if (at < 0) return;
    const query = new URLSearchParams(location.hash.slice(at + 1));
    const { state } = runs;
    const isRun = (/** @type {string} */ id) => runs.ids.includes(id);
    const metric = query.get("metric") ?? state.metric;
    if (runs.metrics.some(({ key }) => key === metric)) {
      state.metric = metric;
      state.direction = query.has("better") ? query.get("better") === "higher" ? "maximize" : "minimize"
        : runs.metrics.find(({ key }) => key === metric)?.direction ?? state.direction;
    }
    if (query.has("pinned")) state.pinned = new Set((query.get("pinned") ?? "").split(" ").filter(isRun));
    for (const id of (query.get("hidden") ?? "").split(" ").filter(isRun)) state.off.add(id);
    const base = query.get("baseline") ?? "";
    if (isRun(base)) state.baseline = base;
    const colours = query.get("colours") ?? "rank";
    if (choices.colours && all("option", choices.colours).some((option) => option.value === colours)) state.colours = choices.colours.value = colours;
    if (choices.across && query.has("across")) { choices.across.value = query.get("across"); if (choices.across.value) setAcross(); else choices.across.value = "step"; }
    if (choices.smoothing && query.has("smoothing")) { choices.smoothing.value = query.get("smoothing"); setSmoothing(); }
    const spacing = choices.spacing.find((choice) => choice.value === query.get("values"));
    if (spacing) { spacing.checked = true; setSpacing(); }
    if (choices.search && query.has("search")) { choices.search.value = query.get("search"); setSearch(); }
    for (const name of query.getAll("log")) {
      for (const chart of Chart.all) if (chart.hasNames && chart.metric === name.slice(1)) { chart.isLog = name[0] === "+"; chart.logButton?.setAttribute("aria-pressed", String(chart.isLog)); }
    }
    if (filter && query.has("where")) { filter.value = query.get("where"); filter.dispatchEvent(new Event("input")); } else runs.change();
  };
  return { read, write };
})();
address.read();
runs.whenChanged(address.write);
for (const name of ["input", "change", "hashchange"]) addEventListener(name, address.write, { signal: life });
