// Sorting: numbers by their exact value, missing values always last.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const valueOf = (cell) => {
  const text = cell.dataset.v ?? cell.textContent;
  return { text, number: text === "" ? NaN : Number(text), missing: text === "" || text === "–" };
};
const compare = (a, b) => {
  if (a.missing || b.missing) return 0;
  const both = !Number.isNaN(a.number) && !Number.isNaN(b.number);
  return both ? a.number - b.number : collator.compare(a.text, b.text);
};
for (const table of all("table.sortable")) {
  const headers = all("thead th", table);
  headers.forEach((header, column) => {
    const button = make("button", { type: "button" }, ...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const descending = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => ({ row, value: valueOf(row.cells[column]) }));
      rows.sort((a, b) => a.value.missing - b.value.missing
        || (descending ? compare(b.value, a.value) : compare(a.value, b.value)));
      table.tBodies[0].append(...rows.map(({ row }) => row));
    });
  });
}

// Filtering: words that a row must contain, and conditions such as lambda < 0.5, joined by "and".
const runTable = document.getElementById("run-table");
const filter = document.getElementById("filter");
if (runTable && filter) {
  const headers = all("thead th", runTable);
  const keys = headers.map((header) => (header.dataset.key ?? "").split(".").pop().toLowerCase());
  const titles = headers.map((header) => header.textContent.trim().toLowerCase());
  const operators = {
    "<": (order) => order < 0, "<=": (order) => order <= 0, ">": (order) => order > 0,
    ">=": (order) => order >= 0, "=": (order) => order === 0, "!=": (order) => order !== 0,
  };
  const test = (part) => {
    const match = /^([\w.]+)\s*(<=|>=|!=|<|>|=)\s*(.+)$/.exec(part);
    const name = match?.[1].split(".").pop().toLowerCase();
    const full = match?.[1].toLowerCase();
    const column = match ? [titles.indexOf(full), titles.indexOf(name), keys.indexOf(name)].find((at) => at >= 0) ?? -1 : -1;
    if (column < 0) return (row) => row.textContent.toLowerCase().includes(part.toLowerCase());
    const text = match[3].replace(/^(["'])(.*)\1$/, "$2");
    const wanted = { text, number: Number(text), missing: false };
    return (row) => {
      const value = valueOf(row.cells[column]);
      return !value.missing && operators[match[2]](compare(value, wanted));
    };
  };
  const count = document.getElementById("filter-count");
  const rowOf = new Map(all("tbody tr", runTable).map((row) => [row.dataset.run, row]));
  filter.addEventListener("input", () => {
    const tests = filter.value.trim().split(/\s+and\s+/i).filter(Boolean).map(test);
    runs.hide("filter", (run) => !tests.every((matches) => matches(rowOf.get(run))));
  });
  runs.whenChanged(() => {
    const shown = runs.shownCount();
    count.textContent = shown < runs.ids.length ? `${shown} of ${runs.ids.length} runs are shown` : "";
  });

  // Choosing columns: those that are not shown at first stand in the page all the same.
  const menu = document.getElementById("columns");
  headers.forEach((header, column) => {
    const box = make("input", { type: "checkbox", checked: !header.classList.contains("off"), disabled: column === 0 });
    box.addEventListener("change", () => {
      for (const row of runTable.rows) row.cells[column].classList.toggle("off", !box.checked);
    });
    menu.append(make("label", {}, box, ` ${titles[column] === keys[column] ? header.textContent : header.textContent}`));
  });
  all(".tools", runTable.closest("section")).forEach((tools) => { tools.hidden = false; });
}
