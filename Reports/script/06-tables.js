// Sorting: numbers by their exact value, which a cell has, or where runs are the page's data; missing values always last.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const valueOf = (/** @type {HTMLTableCellElement} */ cell, /** @type {unknown} */ exact) => {
  const text = cell.dataset.v ?? cell.textContent?.trim() ?? "";
  const number = typeof exact === "number" ? exact : text === "" ? NaN : Number(text);
  return { text, number, missing: text === "" || text === "–" };
};
/** @typedef { ReturnType<typeof valueOf> } CellValue */
const compare = (/** @type {CellValue} */ a, /** @type {CellValue} */ b) => {
  if (a.missing || b.missing) return 0;
  const both = !Number.isNaN(a.number) && !Number.isNaN(b.number);
  return both ? a.number - b.number : collator.compare(a.text, b.text);
};
/** @type {(table: any, header: any, column: number) => void} */
const addSorting = (table, header, column) => {
  const button = make("button", { type: "button" }, ...header.childNodes);
  header.append(button);
  button.addEventListener("click", () => {
    const descending = header.getAttribute("aria-sort") === "ascending";
    for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const isPinned = (/** @type {any} */ row) => Number(table.id === "run-table" && runs.state.pinned.has(row.dataset.run));
    const exact = (/** @type {any} */ row) => ["run-table", "difference-table"].includes(table.id) && header.dataset.key ? runs.exact(row.dataset.run, header.dataset.key) : undefined;
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, value: valueOf(row.cells[column], exact(row)), pinned: isPinned(row) }));
    rows.sort((a, b) => b.pinned - a.pinned || Number(a.value.missing) - Number(b.value.missing)
      || (descending ? compare(b.value, a.value) : compare(a.value, b.value)));
    table.tBodies[0].append(...rows.map(({ row }) => row));
  });
};
for (const table of all("table.sortable")) all("thead th", table).forEach((header, column) => addSorting(table, header, column));
// The table of runs: which are shown and pinned, by what condition, and what is said of them.
const runTable = byId("run-table");
const filter = byId("filter");
/** Puts the columns into the table of runs that the reader may choose and has not asked for yet. */
let wholeTable = () => {};
if (runTable && filter) {
  const rows = new Map(all("tbody tr", runTable).map((row) => [row.dataset.run, row]));
  const buttons = new Map([...rows].map(([run, row]) => {
    const button = (/** @type {string} */ name, /** @type {string} */ label, /** @type {"off" | "pinned"} */ set) => {
      const made = make("button", { type: "button", className: name, "aria-label": `${label} ${runs.label(run)}`, title: label });
      made.addEventListener("click", () => runs.toggle(runs.state[set], run));
      return made;
    };
    const pair = { eye: button("eye", "Show", "off"), pin: button("pin", "Pin", "pinned") };
    row.cells[0].prepend(pair.eye, pair.pin);
    return [run, pair];
  }));
  const count = byId("filter-count");
  const mistake = byId("filter-mistake");
  const apply = () => {
    const text = filter.value;
    mistake.hidden = true;
    if (text.trim() === "") { runs.hide("filter", () => false); return; }
    try {
      const test = conditions.compile(text);
      runs.hide("filter", (run) => !test(runs.find(run)));
    } catch (error) {
      if (!(error instanceof conditions.Mistake)) throw error;
      mistake.textContent = conditions.explained(error, text);
      mistake.hidden = false;
    }
  };
  filter.addEventListener("input", apply);

  const follow = () => {
    const shown = runs.shownCount();
    count.textContent = shown < runs.ids.length ? `${shown} of ${runs.ids.length} runs are shown` : "";
    const best = runs.best();
    for (const [run, row] of rows) {
      row.classList.toggle("off", runs.isOut(run));
      row.classList.toggle("dim", !runs.isShown(run));
      row.classList.toggle("best", run === best && runs.ids.length > 1);
      row.classList.toggle("pinned", runs.state.pinned.has(run));
      buttons.get(run)?.eye.setAttribute("aria-pressed", String(!runs.state.off.has(run)));
      buttons.get(run)?.pin.setAttribute("aria-pressed", String(runs.state.pinned.has(run)));
    }
    // Until the reader sorts, the best come first; what is pinned always does.
    const isSorted = all("thead th", runTable).some((header) => header.hasAttribute("aria-sort"));
    const order = isSorted ? [...rows.values()].filter((row) => row.parentNode).sort((a, b) => a.rowIndex - b.rowIndex)
      : [...runs.ranked().map(({ id }) => rows.get(id)), ...[...rows].filter(([run]) => !runs.isShown(run)).map(([, row]) => row)];
    const first = order.filter((row) => runs.state.pinned.has(row.dataset.run));
    const wanted = [...first, ...order.filter((row) => !runs.state.pinned.has(row.dataset.run))];
    // Rows that move are laid out anew.
    const { rows: present } = runTable.tBodies[0];
    if (wanted.some((row, at) => row !== present[at])) runTable.tBodies[0].append(...wanted);
  };
  runs.whenChanged(follow);
  follow();

  // Choosing columns: those that are not shown at first stand in the data until one of them is wanted.
  const more = JSON.parse(byId("more-columns")?.textContent || "[]");
  const made = runTable.tHead.rows[0].cells.length;
  wholeTable = () => {
    wholeTable = () => {};
    const off = (/** @type {string | null} */ name) => `${name ?? ""} off`.trim();
    more.forEach((/** @type {any} */ column, /** @type {number} */ at) => {
      const header = make("th", { scope: "col", className: off(column.class), "data-key": column.key }, column.title);
      runTable.tHead.rows[0].append(header);
      addSorting(runTable, header, made + at);
      const [texts, classes] = [column.text, column.classes].map((one) => runs.column(one, runs.ids.length));
      runs.ids.forEach((id, run) => rows.get(id)?.append(make("td", { className: off(classes[run]) }, texts[run])));
    });
  };
  const menu = byId("columns");
  const choice = (/** @type {string} */ title, /** @type {number} */ column, /** @type {boolean} */ checked) => {
    const box = make("input", { type: "checkbox", checked, disabled: column === 0 });
    box.addEventListener("change", () => {
      if (column >= made) wholeTable();
      for (const row of runTable.rows) row.cells[column].classList.toggle("off", !box.checked);
    });
    return make("label", {}, box, ` ${title}`);
  };
  menu.append(...all("thead th", runTable).map((header, column) => choice(header.textContent, column, true)),
    ...more.map((/** @type {any} */ { title }, /** @type {number} */ at) => choice(title, made + at, false)));
  kept.set("columns", {
    save: () => new Map(all("label", menu).map((label) => [label.textContent, label.firstChild.checked])),
    restore: (/** @type {Map<string, boolean>} */ saved) => {
      for (const label of all("label", menu)) {
        const wanted = saved.get(label.textContent);
        if (wanted !== undefined && wanted !== label.firstChild.checked) label.firstChild.click();
      }
    },
  });
  all(".tools", runTable.closest("section")).forEach((tools) => { tools.hidden = false; });
}

// A column may have to be chosen before the table is sorted by it.
const sortKey = (/** @type {HTMLTableElement} */ table) => all("thead th", table).findIndex((header) => header.hasAttribute("aria-sort"));
kept.set("order of tables", {
  save: () => new Map(all("table.sortable").map((table) => {
    const header = table.tHead.rows[0].cells[sortKey(table)];
    return [table.id, header && { column: header.textContent, way: header.getAttribute("aria-sort") }];
  })),
  restore: (/** @type {Map<string, { column: string, way: string } | undefined>} */ saved) => {
    for (const table of all("table.sortable")) {
      const old = saved.get(table.id);
      const header = old && all("thead th", table).find((one) => one.textContent === old.column);
      if (!header) continue;
      header.querySelector("button").click();
      if (header.getAttribute("aria-sort") !== old.way) header.querySelector("button").click();
    }
  },
});

// The overview: what is best among the runs that are shown, by the metric that the reader chose.
const objective = byId("objective");
if (objective && runs.state.metric) {
  const direction = byId("direction");
  const made = { lead: byId("overview")?.querySelector(".best"), why: byId("overview")?.querySelector(".why"), ranking: byId("overview")?.querySelector(".ranking") };
  const asMade = { metric: runs.state.metric, direction: runs.state.direction };
  for (const { key } of runs.metrics) objective.append(make("option", { value: key }, key));
  const choose = () => {
    const known = runs.metrics.find(({ key }) => key === objective.value);
    if (known?.direction) direction.value = known.direction;
    runs.aim(objective.value, direction.value);
  };
  objective.addEventListener("change", choose);
  direction.addEventListener("change", () => runs.aim(objective.value, direction.value));
  const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  const tell = () => {
    const { metric, direction: way } = runs.state;
    [objective.value, direction.value] = [metric, way ?? "minimize"];
    const ranked = runs.ranked();
    const best = runs.find(runs.best() ?? "");
    if (made.lead) {
      made.lead.hidden = !best;
      if (best) {
        const known = ranked.map((run) => runs.last(run, metric)).filter((value) => !Number.isNaN(value));
        const link = made.lead.querySelector("a");
        [link.textContent, link.href] = [best.label, `#run-${best.id}`];
        const title = runs.metrics.find(({ key }) => key === metric)?.title ?? metric;
        made.lead.querySelector(".result").textContent =
          `${title === metric ? metric : `${title} (${metric})`} ${readable(runs.last(best, metric), 4)}; the median is ${readable(median(known))}`;
        const settings = made.lead.querySelector(".settings");
        if (settings) {
          const values = data.runs.varied.filter((/** @type {string} */ key) => best.parameters[key] !== undefined).slice(0, 6)
            .map((/** @type {string} */ key) => `${key} ${typeof best.parameters[key] === "number" ? readable(best.parameters[key]) : best.parameters[key]}`);
          settings.textContent = `With ${values.join(", ")}.`;
        }
      }
    }
    // What mattered was found of all runs and the metric that the report was made for.
    const isAsMade = metric === asMade.metric && way === asMade.direction && ranked.length === runs.ids.length;
    if (made.why) made.why.hidden = !isAsMade;
    for (const tile of all("[data-tile]")) {
      const [figure, link] = [tile.querySelector("b"), tile.querySelector("a")];
      if (tile.dataset.tile === "time") {
        const seconds = ranked.map((run) => run.own.durationSeconds ?? 0).reduce((a, b) => a + b, 0);
        figure.textContent = readableTime(seconds);
      } else if (tile.dataset.tile === "checks") {
        const [passed, of] = [0, 1].map((place) => ranked.map((run) => run.checks[place]).reduce((a, b) => a + b, 0));
        figure.textContent = `${passed} of ${of}`;
        tile.className = passed === of ? "good" : "bad";
      } else {
        const key = tile.dataset.metric;
        const direction = key === metric ? way : runs.metrics.find((one) => one.key === key)?.direction;
        const known = ranked.filter((run) => !Number.isNaN(runs.last(run, key)));
        known.sort((a, b) => (direction === "maximize" ? -1 : 1) * (runs.last(a, key) - runs.last(b, key)));
        figure.textContent = known.length ? readable(runs.last(known[0], key)) : "–";
        if (known.length && link) [link.textContent, link.href] = [known[0].label, `#run-${known[0].id}`];
      }
    }
  };
  // The choices say how the runs are ranked.
  if (made.ranking) made.ranking.hidden = true;
  runs.whenChanged(tell);
  [objective.value, direction.value] = [runs.state.metric, runs.state.direction ?? "minimize"];
  all(".tools", byId("overview")).forEach((tools) => { tools.hidden = false; });
}
