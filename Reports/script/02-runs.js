// Which runs are shown, which stand out, how they rank, and what colour each has. All views of the page follow it.

/**
 * @typedef { { key: string, title: string, direction: string | null } } MetricFacts
 * @typedef { { id: string, label: string, group: number | null, checks: [number, number], own: Record<string, any>,
 *   parameters: Record<string, any>, metrics: ([number, number, number, number] | null)[],
 *   tags: Record<string, string> } } RunFacts
 */
const runs = (() => {
  const number = (/** @type {any} */ value) => typeof value === "number" ? value : Number(value);
  // Numbers that JSON does not have are texts, and among parameters in a list.
  const typed = (/** @type {any} */ value) => Array.isArray(value) ? number(value[0]) : value;
  /** @type {(text: string) => number[]} */
  const doubles = (text) => {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / 8 }, (_, at) => view.getFloat64(8 * at, true));
  };
  /**
   * The values that a column has, one after the other.
   * @type {(column: any, count?: number) => any[]}
   */
  const valuesOf = ({ all: one, kinds, places, numbers, each, before = "", after = "" }, count = 0) => {
    if (each) return each.map((/** @type {any} */ value) => typed(typeof value === "string" ? before + value + after : value));
    if (numbers !== undefined) return doubles(numbers);
    if (kinds) return [...places].map((place) => typed(kinds[digitOf.get(place) ?? 0]));
    return Array(count).fill(typed(one));
  };
  /**
   * What a column says of each of so many runs; `undefined` of those that have no value.
   * @type {(column: any, count: number) => any[]}
   */
  const readColumn = (column, count) => {
    const { of } = column;
    if (!of) return valuesOf(column, count);
    const [known, spread] = [valuesOf(column, of.length), Array(count).fill(undefined)];
    of.forEach((/** @type {number} */ run, /** @type {number} */ at) => { spread[run] = known[at]; });
    return spread;
  };
  /**
   * The last, first, least and greatest value of a metric of each of so many runs; `null` of those that have none.
   * @type {(metric: any, count: number) => ([number, number, number, number] | null)[]}
   */
  const readMetric = ({ which, of, ...stream }, count) => {
    const [numbers, found] = [valuesOf(stream).map(number), Array(count).fill(null)];
    let next = 0;
    [...which].forEach((digit, at) => {
      const code = digitOf.get(digit) ?? 0;
      const last = numbers[next++];
      const first = code % 2 ? numbers[next++] : last;
      const [least, greatest] = [Math.floor(code / 2) % 3, Math.floor(code / 6)].map((kind) => [last, first][kind] ?? numbers[next++]);
      found[of ? of[at] : at] = [last, first, least, greatest];
    });
    return found;
  };
  /**
   * The runs that columns tell of.
   * @type {(known: any) => RunFacts[]}
   */
  const readRuns = (known) => {
    const { count = 0 } = known;
    const [labels, groups, passed, checked] = ["label", "group", "passed", "checked"].map((name) => readColumn(known[name] ?? {}, count));
    const metrics = (known.metrics ?? []).map((/** @type {any} */ metric) => readMetric(metric, count));
    const [owns, parameters, tags] = ["own", "parameters", "tags"].map((name) => {
      /** @type {[string, any][][]} */
      const found = Array.from({ length: count }, () => []);
      for (const column of known[name] ?? []) {
        readColumn(column, count).forEach((value, at) => { if (value !== undefined) found[at].push([column.key, value]); });
      }
      return found.map((entries) => Object.fromEntries(entries));
    });
    return owns.map((own, at) => ({
      id: String(own.id), label: labels[at], group: groups[at] ?? null, checks: [passed[at], checked[at]], own,
      parameters: parameters[at], tags: tags[at], metrics: metrics.map((/** @type {any} */ values) => values[at]),
    }));
  };
  /** @type {RunFacts[]} */
  const list = readRuns(data.runs ?? {});
  /** @type {Map<string, RunFacts>} */
  const byNumber = new Map(list.map((run) => [run.id, run]));
  /** @type {MetricFacts[]} */
  const metrics = data.runs?.metrics ?? [];
  const places = new Map(metrics.map(({ key }, place) => [key, place]));

  const state = {
    metric: /** @type {string | null} */ (data.runs?.ranking ?? null),
    direction: /** @type {string | null} */ (metrics.find(({ key }) => key === data.runs?.ranking)?.direction ?? null),
    colours: "rank", baseline: "", pinned: /** @type {Set<string>} */ (new Set()), off: /** @type {Set<string>} */ (new Set()),
  };
  /** @type {Map<string, (run: string) => boolean>} */
  const reasons = new Map([["eye", (run) => state.off.has(run)]]);
  // Runs that only the reader's eye hides keep their row, so that it can show them again.
  const hidden = new Set();
  const out = new Set();
  /** @type {(() => void)[]} */
  const listeners = [];

  const last = (/** @type {RunFacts} */ run, /** @type {string | null} */ metric) => run.metrics[places.get(metric ?? "") ?? -1]?.[0] ?? NaN;
  const value = (/** @type {string} */ id) => { const run = byNumber.get(id); return run ? last(run, state.metric) : NaN; };
  const ranked = () => {
    const sign = state.direction === "maximize" ? -1 : 1;
    const known = (/** @type {RunFacts} */ run) => { const one = last(run, state.metric); return Number.isNaN(one) ? Infinity : sign * one; };
    return list.filter(({ id }) => !hidden.has(id)).map((run) => ({ run, by: known(run) }))
      .sort((a, b) => a.by === b.by ? 0 : a.by - b.by).map(({ run }) => run);
  };

  // Colours go by rank, or by what runs have in common; pinned runs always have one.
  const HUES = 8;
  /** @type {Map<string, string>} */
  let classes = new Map();
  /** @type {{ name: string, class: string, count: number }[]} */
  let kinds = [];
  const paint = () => {
    const order = ranked();
    classes = new Map();
    kinds = [];
    const [mode, key] = [state.colours.split(":")[0], state.colours.slice(state.colours.indexOf(":") + 1)];
    if (mode === "rank") {
      const best = order.length <= HUES ? order : order.slice(0, 6);
      best.forEach(({ id }, place) => classes.set(id, `c${place}`));
      let next = best.length;
      for (const id of state.pinned) if (!hidden.has(id) && !classes.has(id)) classes.set(id, `c${next++ % HUES}`);
      return;
    }
    const of = (/** @type {RunFacts} */ run) => mode === "group"
      ? (run.group === null ? undefined : data.runs.groups[run.group]) : run.parameters[key];
    const found = order.map((run) => ({ id: run.id, kind: of(run) }));
    const distinct = [...new Set(found.map(({ kind }) => kind))].filter((kind) => kind !== undefined);
    const areNumbers = distinct.every((kind) => typeof kind === "number");
    if (areNumbers) distinct.sort((a, b) => a - b); else distinct.sort((a, b) => String(a).localeCompare(String(b), "en", { numeric: true }));
    const isScale = areNumbers && distinct.length > HUES;
    const classOf = (/** @type {any} */ kind) => {
      const place = distinct.indexOf(kind);
      if (place < 0) return undefined;
      return isScale ? `q${Math.floor(place / distinct.length * 5)}` : place < HUES ? `c${place}` : undefined;
    };
    for (const { id, kind } of found) { const name = classOf(kind); if (name) classes.set(id, name); }
    const steps = isScale ? [0, 1, 2, 3, 4].map((fifth) => distinct.filter((_, place) => Math.floor(place / distinct.length * 5) === fifth))
      : distinct.slice(0, HUES).map((kind) => [kind]);
    kinds = steps.filter((step) => step.length).map((step) => ({
      name: step.length === 1 ? String(step[0]) : `${readable(step[0])} to ${readable(step[step.length - 1])}`,
      class: classOf(step[0]) ?? "", count: found.filter(({ kind }) => step.includes(kind)).length,
    }));
  };

  const change = () => {
    for (const { id } of list) {
      const why = [...reasons].filter(([, test]) => test(id)).map(([reason]) => reason);
      if (why.length) hidden.add(id); else hidden.delete(id);
      if (why.some((reason) => reason !== "eye")) out.add(id); else out.delete(id);
    }
    paint();
    for (const element of all(".dots [data-run], .parallel [data-run]")) element.classList.toggle("off", hidden.has(element.dataset.run));
    for (const listener of listeners) listener();
  };
  // The best run is pinned until the reader pins others.
  const aim = (/** @type {string} */ metric, /** @type {string} */ direction) => {
    const before = ranked()[0]?.id;
    const isOwn = state.pinned.size === 0 || (state.pinned.size === 1 && state.pinned.has(before));
    Object.assign(state, { metric, direction });
    if (isOwn && state.pinned.size) state.pinned = new Set([ranked()[0]?.id]);
    change();
  };
  if (list.length > 1 && state.metric) state.pinned.add(ranked()[0].id);
  paint();

  return {
    aim,
    list, metrics, state, column: readColumn, last, value, ranked, change,
    find: (/** @type {string} */ id) => byNumber.get(id),
    /** What a column of the table of runs has of a run, exactly. */
    exact: (/** @type {string} */ id, /** @type {string} */ column) => {
      const run = byNumber.get(id);
      const [scope, key] = [column.split(".")[0], column.slice(column.indexOf(".") + 1)];
      return run && (scope === "metrics" ? last(run, key) : scope === "parameters" ? run.parameters[key] : run.own[column]);
    },
    /**
     * What is newly known of a run, in the form of the page's own data.
     * @type {(known: any) => void}
     */
    follow: (known) => {
      for (const newer of readRuns(known)) {
        const run = byNumber.get(newer.id);
        if (!run) continue;
        const values = new Map(known.metrics.map((/** @type {any} */ { key }, /** @type {number} */ place) => [key, newer.metrics[place]]));
        Object.assign(run, { own: newer.own, checks: newer.checks, tags: newer.tags, metrics: metrics.map(({ key }) => values.get(key) ?? null) });
      }
    },
    ids: list.map(({ id }) => id),
    isOut: (/** @type {string} */ id) => out.has(id),
    isShown: (/** @type {string} */ id) => !hidden.has(id),
    shownCount: () => list.length - hidden.size,
    classOf: (/** @type {string} */ id) => classes.get(id),
    kinds: () => kinds,
    /** Those with a colour that are named in legends, best first. */
    chosen: () => ranked().filter(({ id }) => state.colours === "rank" ? classes.has(id) : state.pinned.has(id)),
    label: (/** @type {string} */ id) => byNumber.get(id)?.label ?? `run ${id}`,
    whenChanged: (/** @type {() => void} */ listener) => { listeners.push(listener); },
    /**
     * A run is shown when no reason, such as a filter, hides it.
     * @type {(reason: string, isHidden: (run: string) => boolean) => void}
     */
    hide: (reason, isHidden) => { reasons.set(reason, isHidden); change(); },
    best: () => { const first = ranked()[0]; return first && !Number.isNaN(last(first, state.metric)) ? first.id : undefined; },
    toggle: (/** @type {Set<string>} */ set, /** @type {string} */ id) => { if (!set.delete(id)) set.add(id); change(); },
  };
})();

// A run that is pointed at or has the focus stands out; a mark in a drawing says whose it is.
/** @type {((run: string | undefined) => void)[]} */
const emphasizers = [];
const emphasize = (/** @type {string | undefined} */ run) => {
  document.body.classList.toggle("fade", run !== undefined);
  for (const draw of emphasizers) draw(run);
  for (const element of all("[data-run].on, .lines .on")) element.classList.remove("on");
  if (run !== undefined) for (const element of all(`[data-run="${CSS.escape(run)}"]`)) element.classList.add("on");
};
const pointed = (/** @type {any} */ target) => target.closest?.(
  ".legend [data-run], #run-table tbody tr, .parallel path[data-run], .dots path[data-run]");
const mark = make("div", { className: "tip mark" });
for (const [start, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  addEventListener(start, (/** @type {any} */ event) => {
    const item = pointed(event.target);
    if (!item) return;
    emphasize(item.dataset.run);
    if (item.localName !== "path") return;
    mark.textContent = runs.label(item.dataset.run);
    document.body.append(mark);
    mark.style.left = `${Math.min(event.clientX + 14, innerWidth - mark.offsetWidth - 8)}px`;
    mark.style.top = `${event.clientY + 14}px`;
  }, { signal: life });
  addEventListener(end, (event) => {
    if (!pointed(event.target)) return;
    emphasize(undefined);
    mark.remove();
  }, { signal: life });
}
