// What the other parts of the script share: finding and making elements, numbers as they are read, links and menus.
// Everything in the script is a convenience: without it the report is complete.
/** @type {(selector: string, root?: ParentNode) => any[]} */
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
/** @type {(name: string, properties?: Record<string, any>, ...children: any[]) => any} */
const make = (name, properties = {}, ...children) => {
  const element = /** @type {any} */ (document.createElement(name));
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-")) element.setAttribute(key, value); else element[key] = value;
  }
  element.append(...children);
  return element;
};
/** @type {(name: string, attributes: Record<string, any>) => any} */
const draw = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  return element;
};
const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));

/**
 * What the program says of the runs and their curves.
 * @type {any}
 */
const data = JSON.parse(byId("data")?.textContent || "{}");
const FRAME = data.frame ?? {};
/** The digits of numbers in the data. */
const digitOf = new Map([...(data.alphabet ?? "")].map((character, place) => [character, place]));

/** @type {(value: number, digits?: number) => string} */
const readable = (value, digits = 4) => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-∞" : "∞";
  const number = Number(value.toPrecision(digits));
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? number.toExponential().replace("e+", "e") : String(number);
};
/** @type {(seconds: number) => string} */
const readableTime = (seconds) => {
  if (seconds < 60) return `${readable(seconds, 3)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return seconds < 600 ? `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s` : `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${readable(minutes / 1440, 3)} d`;
};
/** @type {(count: number, noun: string) => string} */
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @type {(lower: number, upper: number, count?: number) => number[]} */
const roundTicks = (lower, upper, count = 5) => {
  const rough = (upper - lower) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999999) ?? 10) * power;
  const ticks = [];
  for (let at = Math.ceil(lower / step - 1e-9); at * step <= upper + step * 1e-9; at += 1) ticks.push(at * step);
  return ticks;
};
/** @type {(lower: number, upper: number) => number[]} */
const decadeTicks = (lower, upper) => {
  const [from, to] = [Math.floor(Math.log10(lower)), Math.ceil(Math.log10(upper))];
  const ticks = [];
  for (let decade = from; decade <= to; decade += Math.max(1, Math.ceil((to - from) / 6))) {
    for (const factor of to - from > 3 ? [1] : [1, 2, 5]) ticks.push(factor * 10 ** decade);
  }
  return ticks.filter((tick) => Number.isFinite(tick) && tick >= lower * 0.999 && tick <= upper * 1.001);
};

// A link to a run opens its part of the page. What follows "?" in the address is what the reader chose.
const anchor = () => decodeURIComponent(location.hash.slice(1).split("?")[0]);
const openTarget = () => {
  const target = document.getElementById(anchor());
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  // What is laid out on the way may move the target: a few frames later all of it is.
  let frames = 6;
  const settle = () => {
    target.scrollIntoView();
    frames -= 1;
    if (frames > 0) requestAnimationFrame(settle);
  };
  settle();
};
addEventListener("hashchange", openTarget, { signal: life });
addEventListener("beforeprint", () => all("details.run, details.part").forEach((part) => { part.open = true; }), { signal: life });

/** @typedef { { isSeen: boolean, isStale: boolean, again: () => void, settle: () => void } } Drawing */

// The navigation tells where the reader is.
const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) links.get(entry.target.id)?.classList.toggle("here", entry.isIntersecting);
}, { rootMargin: "-20% 0px -70% 0px" });
all("main section").forEach((section) => observer.observe(section));
life.addEventListener("abort", () => observer.disconnect());

/** Pictures of more runs take so long that only those in sight are drawn at once. */
const isLarge = (data.runs?.count ?? 0) > 200;
/**
 * Makes what draws an element again: now, or on a large page when it comes into sight, is asked for, or is printed.
 * @type {(element: Element, draw: () => void) => Drawing}
 */
const drawing = (() => {
  /** @type {Map<Element, Drawing>} */
  const known = new Map();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const one = known.get(target);
      if (!one) continue;
      one.isSeen = isIntersecting;
      if (isIntersecting) one.settle();
    }
  }, { rootMargin: "200px" });
  life.addEventListener("abort", () => watcher.disconnect());
  addEventListener("beforeprint", () => { for (const one of known.values()) one.settle(); }, { signal: life });
  return (element, draw) => {
    const one = {
      isSeen: false, isStale: false,
      again: () => { one.isStale = true; if (one.isSeen || !isLarge) one.settle(); },
      settle: () => { if (one.isStale) { one.isStale = false; draw(); } },
    };
    known.set(element, one);
    watcher.observe(element);
    return one;
  };
})();

// A menu closes when the reader turns away from it: by Escape, or by a click elsewhere.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}, { signal: life });
addEventListener("click", (event) => {
  for (const menu of all("details.menu[open]")) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
}, { signal: life });

/**
 * What the reader did that the address does not tell, part by part: a page that takes the place of this one goes on with it.
 * @type {Map<string, { save: () => any, restore: (saved: any) => void }>}
 */
const kept = new Map();
