// Everything here is a convenience: without it the report is complete.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Links to a run open its part of the page.
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", openTarget);
  openTarget();
  addEventListener("beforeprint", () => all("details").forEach((part) => { part.open = true; }));

  // Sorting: numbers by their exact value, missing values always last.
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const valueOf = (cell) => {
    const text = cell.dataset.v ?? cell.textContent;
    const number = text === "" ? NaN : Number(text);
    return { text, number, missing: text === "" || text === "–" };
  };
  const compare = (a, b) => {
    if (a.missing || b.missing) return 0;
    const both = !Number.isNaN(a.number) && !Number.isNaN(b.number);
    return both ? a.number - b.number : collator.compare(a.text, b.text);
  };
  for (const table of all("table.sortable")) {
    all("thead th", table).forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const descending = header.getAttribute("aria-sort") === "ascending";
        all("thead th", table).forEach((other) => other.removeAttribute("aria-sort"));
        header.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => ({ row, value: valueOf(row.cells[column]) }));
        rows.sort((a, b) => a.value.missing - b.value.missing
          || (descending ? compare(b.value, a.value) : compare(a.value, b.value)));
        table.tBodies[0].append(...rows.map(({ row }) => row));
      });
    });
  }

  // Filtering: words that a row must contain, and conditions such as lambda < 0.5, joined by "and".
  const table = document.getElementById("run-table");
  const filter = document.getElementById("filter");
  if (table && filter) {
    const keys = all("thead th", table).map((header) => (header.dataset.key ?? "").split(".").pop().toLowerCase());
    const titles = all("thead th", table).map((header) => header.textContent.trim().toLowerCase());
    const operators = {
      "<": (order) => order < 0, "<=": (order) => order <= 0, ">": (order) => order > 0,
      ">=": (order) => order >= 0, "=": (order) => order === 0, "!=": (order) => order !== 0,
    };
    const test = (part) => {
      const match = /^([\w.]+)\s*(<=|>=|!=|<|>|=)\s*(.+)$/.exec(part);
      const name = match?.[1].split(".").pop().toLowerCase();
      const column = match ? Math.max(keys.indexOf(name), titles.indexOf(name)) : -1;
      if (column < 0) return (row) => row.textContent.toLowerCase().includes(part.toLowerCase());
      const text = match[3].replace(/^(["'])(.*)\1$/, "$2");
      const wanted = { text, number: Number(text), missing: false };
      return (row) => {
        const value = valueOf(row.cells[column]);
        return !value.missing && operators[match[2]](compare(value, wanted));
      };
    };
    const count = document.getElementById("filter-count");
    const apply = () => {
      const tests = filter.value.trim().split(/\s+and\s+/i).filter(Boolean).map(test);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !tests.every((matches) => matches(row));
        if (!row.hidden) shown += 1;
        const curves = all(`path[data-run="${row.dataset.run}"]`);
        curves.forEach((curve) => { curve.style.display = row.hidden ? "none" : ""; });
      }
      count.textContent = tests.length ? `${shown} of ${table.tBodies[0].rows.length}` : "";
    };
    filter.addEventListener("input", apply);
    filter.closest(".tools").hidden = false;
  }

  // A run that is pointed at in the legend or the table stands out in every chart.
  const charts = document.querySelector(".charts");
  const emphasize = (run) => {
    charts?.classList.toggle("fade", run !== undefined);
    all("path.on, tr.on").forEach((element) => element.classList.remove("on"));
    if (run === undefined) return;
    all(`path[data-run="${run}"], tr[data-run="${run}"]`).forEach((element) => element.classList.add("on"));
  };
  for (const item of all(".legend a, #run-table tbody tr")) {
    item.addEventListener("pointerenter", () => emphasize(item.dataset.run));
    item.addEventListener("pointerleave", () => emphasize());
    item.addEventListener("focusin", () => emphasize(item.dataset.run));
    item.addEventListener("focusout", () => emphasize());
  }

  // Reading values off a chart: each path is turned back into steps and values by its chart's scales.
  const labels = new Map(all("#run-table tbody tr").map((row) => {
    const [id, name] = [row.cells[0].textContent, row.cells[1]?.textContent ?? "–"];
    return [row.dataset.run, name === "–" ? `run ${id}` : `${id} ${name}`];
  }));
  const points = (path) => {
    if (path.points) return path.points;
    path.points = [];
    for (const piece of path.getAttribute("d").split("M").slice(1)) {
      const numbers = piece.match(/-?\d+/g).map(Number);
      let [x, y] = numbers;
      path.points.push([x, y]);
      for (let index = 2; index + 1 < numbers.length; index += 2) {
        x += numbers[index];
        y += numbers[index + 1];
        path.points.push([x, y]);
      }
    }
    return path.points;
  };
  const heightAt = (path, x) => {
    const list = points(path);
    if (!list.length || x < list[0][0] || x > list[list.length - 1][0]) return undefined;
    const after = list.findIndex((point) => point[0] >= x);
    const [b, a] = [list[after], list[Math.max(0, after - 1)]];
    return b[0] === a[0] ? b[1] : a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
  };
  const tip = document.createElement("div");
  tip.className = "tip";
  for (const chart of all(".chart")) {
    const plot = chart.querySelector("svg svg");
    const [lower, upper] = chart.dataset.range.split(" ").map(Number);
    const [first, last] = chart.dataset.steps.split(" ").map(Number);
    const value = (y) => chart.dataset.spacing === "log"
      ? 10 ** (Math.log10(lower) + (1 - y / 500) * (Math.log10(upper) - Math.log10(lower)))
      : lower + (1 - y / 500) * (upper - lower);
    const cursor = document.createElementNS("http://www.w3.org/2000/svg", "path");
    cursor.setAttribute("class", "cursor");
    const hide = () => { cursor.remove(); tip.remove(); };
    chart.addEventListener("pointerleave", hide);
    chart.addEventListener("pointermove", (event) => {
      const frame = chart.querySelector("svg").getBoundingClientRect();
      const share = ((event.clientX - frame.left) / frame.width * 400 - 52) / 330;
      if (share < -0.02 || share > 1.02) { hide(); return; }
      const step = Math.round(first + Math.min(1, Math.max(0, share)) * (last - first));
      const x = (step - first) / (last - first) * 1000;
      const pointer = (event.clientY - frame.top) / frame.height * 240;
      const found = all("path.curve", plot)
        .filter((path) => path.style.display !== "none")
        .map((path) => ({ path, y: heightAt(path, x) }))
        .filter((entry) => entry.y !== undefined)
        .sort((a, b) => Math.abs(10 + a.y * 0.392 - pointer) - Math.abs(10 + b.y * 0.392 - pointer))
        .slice(0, 8)
        .sort((a, b) => a.y - b.y);
      cursor.setAttribute("d", `M${x} 0V500`);
      plot.append(cursor);
      tip.replaceChildren(`epoch ${step}`, ...found.map(({ path, y }) => {
        const line = document.createElement("div");
        const name = document.createElement("span");
        const number = document.createElement("b");
        name.textContent = labels.get(path.dataset.run) ?? `run ${path.dataset.run}`;
        number.textContent = Number(value(y).toPrecision(3)).toString();
        line.append(name, number);
        return line;
      }));
      chart.append(tip);
      const box = chart.getBoundingClientRect();
      const left = event.clientX - box.left;
      tip.style.top = "44px";
      tip.style.left = left > box.width / 2 ? "auto" : `${left + 16}px`;
      tip.style.right = left > box.width / 2 ? `${box.width - left + 16}px` : "auto";
    });
  }

  // The navigation tells where the reader is.
  const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) links.get(entry.target.id)?.classList.toggle("here", entry.isIntersecting);
  }, { rootMargin: "-20% 0px -70% 0px" });
  all("main section").forEach((section) => observer.observe(section));
})();
