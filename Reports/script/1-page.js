// What the other parts of the script share: finding elements, which runs are shown, and which stands out.
// Everything in the script is a convenience: without it the report is complete.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (name, properties = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-")) element.setAttribute(key, value); else element[key] = value;
  }
  element.append(...children);
  return element;
};
const draw = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

// A line of a chart is named c12-0: run 12, metric 0.
const runOf = (element) => element.dataset.run ?? /^c(\d+)-/.exec(element.id)?.[1];

const runs = (() => {
  let elements;
  const elementsOf = (run) => {
    if (!elements) {
      elements = new Map();
      for (const element of all("[data-run], .lines path[id]")) {
        const key = runOf(element);
        if (!elements.has(key)) elements.set(key, []);
        elements.get(key).push(element);
      }
    }
    return elements.get(run) ?? [];
  };
  const rows = all("#run-table tbody tr");
  const ids = rows.map((row) => row.dataset.run);
  // A run is shown when no reason, such as a filter, hides it.
  const reasons = new Map();
  const hidden = new Set();
  const listeners = [];
  const hide = (reason, isHidden) => {
    reasons.set(reason, isHidden);
    for (const run of ids) {
      const isOff = [...reasons.values()].some((test) => test(run));
      if (isOff === hidden.has(run)) continue;
      if (isOff) hidden.add(run); else hidden.delete(run);
      for (const element of elementsOf(run)) element.classList.toggle("off", isOff);
    }
    listeners.forEach((listener) => listener());
  };
  const labels = new Map(rows.map((row) => {
    const [id, name] = [row.cells[0].textContent, row.cells[1]?.textContent ?? "–"];
    return [row.dataset.run, name === "–" ? `run ${id}` : `${id} ${name}`];
  }));
  let marked = [];
  return {
    ids, hide,
    isShown: (run) => !hidden.has(run),
    shownCount: () => ids.length - hidden.size,
    whenChanged: (listener) => listeners.push(listener),
    label: (run) => labels.get(run) ?? `run ${run}`,
    // One run stands out everywhere, or none does.
    emphasize: (run) => {
      document.body.classList.toggle("fade", run !== undefined);
      marked.forEach((element) => element.classList.remove("on"));
      marked = run === undefined ? [] : elementsOf(run);
      marked.forEach((element) => element.classList.add("on"));
    },
  };
})();

// A run that is pointed at or has the focus stands out; a mark in a drawing says whose it is.
const pointed = (target) => target.closest?.(
  ".legend [data-run], #run-table tbody tr, .parallel path[data-run], .dots path[data-run]");
const mark = make("div", { className: "tip mark" });
for (const [start, end] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  addEventListener(start, (event) => {
    const item = pointed(event.target);
    if (!item) return;
    runs.emphasize(item.dataset.run);
    if (item.localName !== "path") return;
    mark.textContent = runs.label(item.dataset.run);
    document.body.append(mark);
    mark.style.left = `${Math.min(event.clientX + 14, innerWidth - mark.offsetWidth - 8)}px`;
    mark.style.top = `${event.clientY + 14}px`;
  });
  addEventListener(end, (event) => {
    if (!pointed(event.target)) return;
    runs.emphasize();
    mark.remove();
  });
}

// Links to a run open its part of the page.
const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target instanceof HTMLDetailsElement) { target.open = true; target.scrollIntoView(); }
  // What is laid out on the way may move the target.
  addEventListener("scrollend", () => target.scrollIntoView({ behavior: "instant" }), { once: true });
};
addEventListener("hashchange", openTarget);
openTarget();
addEventListener("beforeprint", () => all("details.run").forEach((part) => { part.open = true; }));

// The navigation tells where the reader is.
const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) links.get(entry.target.id)?.classList.toggle("here", entry.isIntersecting);
}, { rootMargin: "-20% 0px -70% 0px" });
all("main section").forEach((section) => observer.observe(section));
