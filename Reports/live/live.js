// A page of `tracker serve` follows the store. The server tells what has changed (`events`); then the page's parts are read
// again, take the place of the old ones, and the page's script starts anew on them. What the reader did stays: what stands
// in the address, what the script's parts have kept, and what is kept here: open parts, the focus, where the window is.
let life = new AbortController();
let page = startPage(life.signal);

const all = (/** @type {string} */ selector, /** @type {ParentNode} */ root = document) => /** @type {any[]} */ ([...root.querySelectorAll(selector)]);
const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));

// What the reader sees of it: whether the page is up to date, and what a part has to say.
const state = document.createElement("p");
state.id = "live";
state.setAttribute("role", "status");
document.querySelector("header")?.append(state);
/** @type {(kind: "on" | "away" | "waiting", text: string) => void} */
const say = (kind, text) => {
  if (state.textContent === text) return;
  state.className = kind;
  state.textContent = text;
};

// An element is found again by where it is and what it is called.
const PLACES = "tr[data-run], figure[data-chart], details[id], article[aria-labelledby], section[id], nav";
/** @type {(element: Element) => string} */
const placeName = (element) => element.id ? `#${CSS.escape(element.id)}`
  : element instanceof HTMLElement && element.dataset.run ? `#${element.closest("table")?.id || "run-table"} tr[data-run="${CSS.escape(element.dataset.run)}"]`
    : element instanceof HTMLElement && element.dataset.chart ? `#${element.closest("section")?.id} figure[data-metric="${CSS.escape(element.dataset.metric ?? "")}"]`
      : element.hasAttribute("aria-labelledby") ? `[aria-labelledby="${CSS.escape(element.getAttribute("aria-labelledby") ?? "")}"]` : element.localName;
const called = (/** @type {any} */ element) => element.getAttribute("aria-label") ?? element.name ?? element.textContent;
/** @type {(element: any) => (() => any) | undefined} */
const finder = (element) => {
  if (!element || element === document.body) return undefined;
  if (element.id) { const { id } = element; return () => byId(id); }
  if (element.matches(PLACES)) { const name = placeName(element); return () => document.querySelector(name); }
  const place = element.closest(PLACES);
  if (!place) return () => element;
  const [name, tag, text] = [placeName(place), element.localName, called(element)];
  const at = all(tag, place).filter((one) => called(one) === text).indexOf(element);
  return () => { const root = document.querySelector(name); return root && all(tag, root).filter((one) => called(one) === text)[at]; };
};

const saved = () => {
  const active = /** @type {any} */ (document.activeElement);
  const focus = finder(active);
  const selection = active && "selectionStart" in active && active.type !== "range" ? [active.selectionStart, active.selectionEnd] : undefined;
  const parts = all("details:not(.menu)").map((part) => ({ find: finder(part.id ? part : part.querySelector("summary")), open: part.open }));
  const scrolls = all(".scroll").filter((one) => one.scrollLeft || one.scrollTop).map((one) => ({ find: finder(one), left: one.scrollLeft, top: one.scrollTop }));
  // What stands at the top of the window stays there.
  const top = document.querySelector("nav")?.getBoundingClientRect().bottom ?? 0;
  const anchor = scrollY > 0 ? all("main section, main details.run, main figure.chart, #run-table tr[data-run], main article.check")
    .filter((one) => { const frame = one.getBoundingClientRect(); return frame.height > 0 && frame.bottom > top; })
    .sort((a, b) => Math.abs(a.getBoundingClientRect().top - top) - Math.abs(b.getBoundingClientRect().top - top))[0] : undefined;
  const [findAnchor, before] = [finder(anchor), anchor?.getBoundingClientRect().top];
  const own = [...page.kept].map(([name, part]) => ({ name, value: part.save() }));
  return () => {
    for (const { name, value } of own) page.kept.get(name)?.restore(value);
    for (const { find, open } of parts) {
      const found = find?.();
      const part = found?.closest("details");
      if (part) part.open = open;
    }
    equip();
    for (const { find, left, top: down } of scrolls) find?.()?.scrollTo?.(left, down);
    const after = findAnchor?.()?.getBoundingClientRect().top;
    if (after !== undefined && before !== undefined) scrollBy({ top: after - before, behavior: /** @type {any} */ ("instant") });
    const target = focus?.();
    if (!target || target === document.activeElement) return;
    target.focus({ preventScroll: true });
    if (selection && selection[0] !== null) target.setSelectionRange?.(...selection);
  };
};

// A swap waits while the reader's hand is on something that it would take away.
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; });
for (const name of ["pointerup", "pointercancel", "dragend"]) addEventListener(name, () => { isPressed = false; });
const isHeld = () => isPressed || document.querySelector("details.menu[open]") !== null || getSelection()?.isCollapsed === false || document.querySelector("form.edit") !== null;
const untilFree = async () => { while (isHeld()) await new Promise((done) => setTimeout(done, 200)); };

// What people may change of a run, with a way back.
const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
};
const notice = document.createElement("div");
notice.id = "notice";
notice.setAttribute("role", "status");
/** It stands at the window's edge, but for an open form, whose buttons it would cover: it stands above them. */
const placeNotice = () => {
  const row = document.querySelector("details.run[open] form.edit > .edits");
  const place = row?.parentElement ?? document.body;
  // A move would take the focus from its buttons.
  if (notice.parentElement !== place) place.insertBefore(notice, row);
};
placeNotice();
/** @type {(text: string, ...buttons: HTMLButtonElement[]) => void} */
const tell = (text, ...buttons) => notice.replaceChildren(text, ...buttons, button("Close", () => notice.replaceChildren()));
/** @type {(id: string, edit: any, what: string) => Promise<boolean>} */
const edited = async (id, edit, what) => {
  const answer = await fetch(`runs/${id}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(edit) })
    .catch(() => undefined);
  const said = await answer?.json().catch(() => undefined);
  if (!answer?.ok) {
    tell(`Run ${id} is as it was: ${said?.error ?? said?.message ?? "the server does not answer"}`);
    return false;
  }
  tell(`${what} run ${id}.`, button("Undo", async () => { if (await edited(id, said, "Took back the change of")) notice.querySelector("button")?.focus(); }));
  return true;
};
/** @type {(tags: Record<string, string>) => string} */
const written = (tags) => Object.entries(tags).map(([key, value]) => `${key}=${value}`).join("\n");
const labelled = (/** @type {string} */ text, /** @type {any} */ field) => {
  const label = document.createElement("label");
  label.append(text, field);
  return label;
};
const openForm = (/** @type {any} */ part, /** @type {string} */ id) => {
  const { own, tags } = page.runs.find(id);
  const form = document.createElement("form");
  form.className = "edit";
  const [name, note, list] = ["input", "textarea", "textarea"].map((kind) => /** @type {any} */ (document.createElement(kind)));
  [name.value, note.value, list.value, note.rows, list.rows] = [own.name ?? "", own.note ?? "", written(tags), 3, 3];
  const close = () => { form.remove(); placeNotice(); part.querySelector(".edits > button")?.focus(); };
  const save = Object.assign(document.createElement("button"), { type: "submit", textContent: "Save" });
  const row = document.createElement("p");
  row.className = "edits";
  row.append(save, button("Cancel", close));
  const mistake = document.createElement("p");
  mistake.className = "bad";
  mistake.setAttribute("role", "alert");
  form.append(labelled("Name", name), labelled("Note", note), labelled("Tags, a line each: key=value", list), mistake, row);
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const lines = list.value.split("\n").filter((/** @type {string} */ line) => line.trim() !== "");
    const bad = lines.find((/** @type {string} */ line) => line.indexOf("=") < 1);
    if (bad !== undefined) { mistake.textContent = `A tag is key=value, and this is not: ${bad}`; return; }
    const wanted = Object.fromEntries(lines.map((/** @type {string} */ line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1)]));
    const edit = {};
    if (name.value !== (own.name ?? "")) edit.name = name.value;
    if (note.value !== (own.note ?? "")) edit.note = note.value;
    const changed = [...new Set([...Object.keys(tags), ...Object.keys(wanted)])].filter((key) => tags[key] !== wanted[key]);
    if (changed.length) edit.tags = Object.fromEntries(changed.map((key) => [key, wanted[key] ?? null]));
    if (!Object.keys(edit).length || await edited(id, edit, "Changed")) close();
  });
  part.querySelector(".edits").after(form);
  placeNotice();
  name.focus();
};
/** Gives the parts of runs that are open their buttons. */
const equip = () => {
  for (const part of all("details.run[open]:not(:has(> .edits))")) {
    const id = part.id.slice("run-".length);
    if (!page.runs.find(id)) continue;
    const edits = document.createElement("p");
    edits.className = "edits";
    edits.append(button("Edit name, note, tags", () => { if (!part.querySelector("form.edit")) openForm(part, id); }),
      button("Archive", () => edited(id, { archived: true }, "Archived")));
    part.querySelector("summary").after(edits);
  }
  placeNotice();
};
document.addEventListener("toggle", equip, true);

/** Sections as they came, before the script changed them. @type {Map<string, string>} */
const came = new Map();
/** @type {(text: string) => void} */
const swap = (text) => {
  const next = new DOMParser().parseFromString(text, "text/html");
  const script = (/** @type {Document} */ of) => of.scripts[of.scripts.length - 1]?.textContent;
  // Another version of the program has another script.
  if (script(next) !== script(document)) { location.reload(); return; }
  const restore = saved();
  life.abort();
  document.title = next.title;
  document.querySelector("h1")?.replaceWith(/** @type {Node} */ (next.querySelector("h1")));
  document.querySelector("header p")?.replaceWith(/** @type {Node} */ (next.querySelector("header p")));
  document.querySelector("nav ul")?.replaceWith(/** @type {Node} */ (next.querySelector("nav ul")));
  byId("data").textContent = next.getElementById("data")?.textContent;
  const old = new Map(all("main > section").map((section) => [section.id, section]));
  byId("main").replaceChildren(...[...next.querySelectorAll("main > section")].map((section) => {
    const isSame = came.get(section.id) === section.outerHTML;
    came.set(section.id, section.outerHTML);
    // Where the script changes nothing, what has not changed stays as it is.
    const isPlain = !section.querySelector("table.sortable, .tools, [data-chart], [data-effect], .ranked");
    return isSame && isPlain ? old.get(section.id) ?? section : section;
  }));
  life = new AbortController();
  page = startPage(life.signal);
  restore();
};

// What runs that go on log is seen at once: each is read again alone. The sections, in which everything is compared with
// everything, follow when the server says so.
/** @type {(key: string, run: any) => any} */
const shown = (key, run) => {
  if (key === "status") return run.own.status;
  const place = key.startsWith("metrics.") ? page.runs.metrics.findIndex((metric) => `metrics.${metric.key}` === key) : -1;
  const value = run.metrics[place]?.[0];
  return value === undefined ? undefined : page.readable(value);
};
/** @type {(id: string, text: string) => void} */
const showRun = (id, text) => {
  const come = document.createElement("template");
  come.innerHTML = text;
  const known = JSON.parse(come.content.querySelector("script")?.textContent ?? "{}");
  page.runs.follow(known.runs);
  const run = page.runs.find(id);
  if (!run) return;
  const book = page.codeBook(known);
  for (const chart of page.Chart.all) {
    const data = known.charts?.find((/** @type {any} */ one) => one.metric === chart.metric)?.curves[0];
    if (!data) continue;
    chart.follow(new page.Curve(data, book));
    chart.render();
  }
  // Columns that the reader may choose later follow it, too.
  page.wholeTable();
  const row = document.querySelector(`#run-table tr[data-run="${CSS.escape(id)}"]`);
  if (row instanceof HTMLTableRowElement) {
    all("#run-table thead th").forEach((header, column) => {
      const value = shown(header.dataset.key ?? "", run);
      if (value === undefined) return;
      row.cells[column].textContent = value;
      delete row.cells[column].dataset.v;
    });
  }
  const old = byId(`run-${id}`);
  const part = come.content.querySelector("details");
  if (!old || !part || old.contains(document.activeElement)) return;
  part.open = old.open;
  for (const use of all("svg use", part)) {
    const key = use.closest("tr").cells[0].textContent;
    const chart = page.Chart.all.find((one) => one.hasNames && one.metric === key);
    if (chart) use.setAttribute("href", `#c${id}-${chart.place}`); else use.closest("svg").remove();
  }
  old.replaceWith(part);
  equip();
};
/** Runs that are to be read again. @type {Set<string>} */
const pending = new Set();
let isFollowing = false;
const followRuns = async () => {
  if (isFollowing) return;
  isFollowing = true;
  while (pending.size) {
    const ids = [...pending];
    pending.clear();
    const start = performance.now();
    for (const id of ids) {
      const answer = await fetch(`runs/${id}`, { cache: "no-store" }).catch(() => undefined);
      if (!answer?.ok) continue;
      const text = await answer.text();
      if (!isHeld()) showRun(id, text);
    }
    page.drawLegends();
    await new Promise((done) => setTimeout(done, Math.max(0, 700 - (performance.now() - start))));
  }
  isFollowing = false;
};

const changeOf = () => JSON.parse(byId("data").textContent).change;
let change = changeOf();
let isReading = false;
let isStale = false;
const refresh = async () => {
  isStale = true;
  if (isReading) return;
  isReading = true;
  try {
    while (isStale) {
      isStale = false;
      const answer = await fetch("sections", { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const text = await answer.text();
      await untilFree();
      swap(text);
      change = changeOf();
    }
  } catch {
    // Asked again when the server is heard of.
    isStale = true;
  } finally {
    isReading = false;
  }
};

/** @type {EventSource | undefined} */
let source;
const listen = () => {
  source?.close();
  source = new EventSource(`events?since=${encodeURIComponent(change)}`);
  source.addEventListener("open", () => { say("on", "live"); if (isStale) refresh(); });
  source.addEventListener("change", (event) => {
    change = event.lastEventId;
    const { runs, sections } = JSON.parse(event.data);
    if (sections) { refresh(); return; }
    for (const id of runs.map(String)) if (page.runs.find(id)?.own.status === "running") pending.add(id);
    followRuns();
  });
  source.addEventListener("error", () => {
    say("away", "The server does not answer: the page shows what it last said, and tries again.");
    // An answer that is none, as a proxy gives while the server is away, ends an EventSource.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => { if (!document.hidden) listen(); }, 2000);
  });
};
// Nothing is asked for while nobody looks.
document.addEventListener("visibilitychange", () => { if (document.hidden) { source?.close(); source = undefined; } else listen(); });
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

// MLflow's clients print links to its own page: `/#/experiments/1/runs/0123…`.
const follow = async () => {
  const found = /^#\/experiments\/(\d+)(?:\/runs\/([0-9a-f]{32}))?/.exec(location.hash);
  if (!found) return;
  const [, experiment, uuid] = found;
  if (uuid) {
    const run = page.runs.list.find(({ own }) => String(own.uuid).replaceAll("-", "") === uuid);
    if (run) { location.replace(`#run-${run.id}`); return; }
    say("waiting", "The run of this link is not among those of this page: it is archived, or older.");
    return;
  }
  const answer = await fetch(`api/2.0/mlflow/experiments/get?experiment_id=${experiment}`);
  if (!answer.ok) { say("waiting", `There is no experiment ${experiment}.`); return; }
  const { name } = (await answer.json()).experiment;
  const known = page.runs.list.find(({ own }) => own.experiment === name)?.own.experiment ?? (name === "Default" ? "default" : name);
  location.replace(`#runs?where=${encodeURIComponent(`experiment = ${JSON.stringify(known)}`)}`);
  location.reload();
};
addEventListener("hashchange", follow);

page.openTarget();
equip();
follow();
if (!document.hidden) listen();
