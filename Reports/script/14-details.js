// A page of many runs has the metrics and commands of the best alone in their parts: those of the others are filled in when
// they are opened.
{
  const fill = (/** @type {any} */ part) => {
    const run = runs.find(part.id.slice("run-".length));
    if (!run || part.querySelector("pre")) return;
    part.append(make("h4", {}, "To run it again"), make("pre", { tabIndex: 0 }, make("code", {}, run.own.command ?? "")));
    if (part.querySelector("table.metrics")) return;
    const rows = runs.metrics.flatMap(({ key, direction }, place) => {
      const values = run.metrics[place];
      if (!values) return [];
      const [last, first, least, greatest] = values;
      const best = direction === "maximize" ? readable(greatest) : direction === "minimize" ? readable(least) : "–";
      return [make("tr", {}, make("th", {}, key), ...[readable(first), readable(last), best].map((text) => make("td", {}, text)))];
    });
    if (!rows.length) return;
    const head = make("tr", {}, ...["metric", "first", "last", "best"].map((name) => make("th", { scope: "col" }, name)));
    part.querySelector(".facts").before(make("table", { className: "metrics" }, make("thead", {}, head), make("tbody", {}, ...rows)));
  };
  addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLDetailsElement && event.target.matches("details.run[open]")) fill(event.target);
  }, { capture: true, signal: life });
  addEventListener("beforeprint", () => all("details.run").forEach(fill), { signal: life });
}
