// What the names in a condition mean among these runs, and how a field is compared with a value.
const fields = (() => {
  const columns = data.runs?.fields ?? [];
  const fieldOf = new Map(columns.flatMap((/** @type {any} */ field) => [field.key, ...field.aliases].map((name) => [name, field])));

  // What the runs have.
  /** @type {Record<string, Set<string>>} */
  const keys = { params: new Set(), metrics: new Set(runs.metrics.map(({ key }) => key)), tags: new Set() };
  for (const run of runs.list) {
    for (const key of Object.keys(run.parameters)) keys.params.add(key);
    for (const key of Object.keys(run.tags)) keys.tags.add(key);
  }
  /** @type {Record<string, string>} */
  const SCOPES = { params: "parameter", metrics: "metric", tags: "tag" };
  const place = new Map(runs.metrics.map(({ key }, at) => [key, at]));

  // The nearest name, as the program has it: F. J. Damerau, 1964, no character being touched twice.
  const distance = (/** @type {string[]} */ a, /** @type {string[]} */ b) => {
    let [before, last] = [/** @type {number[]} */ ([]), Array.from({ length: b.length + 1 }, (_, at) => at)];
    a.forEach((x, i) => {
      const row = [i + 1];
      b.forEach((y, j) => {
        let least = Math.min(row[j] + 1, last[j + 1] + 1, last[j] + (x === y ? 0 : 1));
        if (i > 0 && j > 0 && x === b[j - 1] && a[i - 1] === y) least = Math.min(least, before[j - 1] + 1);
        row.push(least);
      });
      [before, last] = [last, row];
    });
    return last[b.length];
  };
  const nearest = (/** @type {string} */ written, /** @type {Iterable<string>} */ names) => {
    const [own, limit] = [[...written.toLowerCase()], Math.max(1, Math.floor([...written].length / 3))];
    const near = [...names].map((name) => ({ name, far: distance(own, [...name.toLowerCase()]) }))
      .filter(({ far }) => far <= limit && far < own.length)
      .sort((a, b) => a.far - b.far || [...a.name].length - [...b.name].length || (a.name < b.name ? -1 : 1));
    return near[0]?.name;
  };
  const meant = (/** @type {string | undefined} */ name) => name === undefined ? undefined : `did you mean ${name}?`;

  // Texts compare by their code points.
  const order = (/** @type {any} */ a, /** @type {any} */ b) => {
    if (typeof a === "number") return a - b;
    const [x, y] = [[...a], [...b]];
    for (let at = 0; at < Math.min(x.length, y.length); at += 1) if (x[at] !== y[at]) return x[at].codePointAt(0) - y[at].codePointAt(0);
    return x.length - y.length;
  };
  /** @type {Record<string, (by: number) => boolean>} */
  const SIGNS = {
    "=": (/** @type {number} */ by) => by === 0, "!=": (/** @type {number} */ by) => by !== 0, "<": (/** @type {number} */ by) => by < 0,
    "<=": (/** @type {number} */ by) => by <= 0, ">": (/** @type {number} */ by) => by > 0, ">=": (/** @type {number} */ by) => by >= 0,
  };

  /**
   * What a field means.
   * @type {(field: any, mustBeKnown?: boolean) => any}
   */
  const resolve = (field, mustBeKnown = true) => {
    const wrong = (/** @type {string} */ message, /** @type {string | undefined} */ advice) => new Mistake(field.range, message, advice);
    const bareScope = () => {
      if (field.aggregate) return "metrics";
      if (fieldOf.has(field.key)) return undefined;
      if (keys.params.has(field.key)) {
        if (keys.metrics.has(field.key)) {
          throw wrong(`${field.key} is a parameter and a metric`, `write params.${field.key} or metrics.${field.key}`);
        }
        return "params";
      }
      if (keys.metrics.has(field.key)) return "metrics";
      if (keys.tags.has(field.key)) return "tags";
      const scoped = Object.keys(SCOPES).flatMap((scope) => [...keys[scope]].map((one) => `${scope}.${one}`));
      const bare = [...fieldOf.keys(), ...keys.params, ...keys.metrics, ...keys.tags];
      throw wrong(`no run has a column, parameter, metric or tag named ${field.key}`, meant(nearest(field.key, [...bare, ...scoped])));
    };
    if (field.aggregate) {
      if (!keys.metrics.has(field.key)) {
        const isOther = fieldOf.has(field.key) || keys.params.has(field.key) || keys.tags.has(field.key);
        throw wrong(`no run has a metric named ${field.key}, and ${field.aggregate}() takes one`,
          isOther ? `write ${field.key} without ${field.aggregate}()` : meant(nearest(field.key, keys.metrics)));
      }
      if (field.scope && field.scope !== "metrics") throw wrong("only metrics have more than one value", `write ${field.key} alone`);
    }
    const scope = field.scope ?? bareScope();
    const facts = { name: field.key, range: field.range };
    if (!scope) {
      const column = fieldOf.get(field.key);
      return { ...facts, kind: column.kind, words: column.words, areReal: column.key === "durationSeconds", hasTexts: column.kind !== "number",
        value: (/** @type {any} */ run) => run.own[column.key] };
    }
    if (mustBeKnown && !keys[scope].has(field.key)) {
      const near = nearest(field.key, keys[scope]);
      throw wrong(`no run has a ${SCOPES[scope]} named ${field.key}`, near && `did you mean ${scope}.${near}?`);
    }
    if (scope === "tags") return { ...facts, kind: "tag", hasTexts: true, isKeyed: true, value: (/** @type {any} */ run) => run.tags[field.key] };
    if (scope === "params") {
      const values = runs.list.map((run) => run.parameters[field.key]).filter((value) => value !== undefined);
      const hasTexts = values.some((value) => typeof value === "string");
      const hasNumbers = values.some((value) => typeof value === "number" || words.asNumber(value) !== undefined);
      return { ...facts, kind: "parameter", hasTexts, hasNumbers, isKeyed: true, value: (/** @type {any} */ run) => run.parameters[field.key] };
    }
    /** The place of the value among those that the page has. */
    let which = ["last", "first", "min", "max"].indexOf(field.aggregate ?? "last");
    if (field.aggregate === "best") {
      const direction = runs.metrics[place.get(field.key) ?? -1]?.direction;
      if (!direction) {
        throw wrong(`whether more or less of ${field.key} is better is not known`, `write min(${field.key}) or max(${field.key})`);
      }
      which = direction === "maximize" ? 3 : 2;
    }
    return { ...facts, kind: "metric", areReal: true, isKeyed: true, value: (/** @type {any} */ run) => run.metrics[place.get(field.key) ?? -1]?.[which] };
  };

  /** @type {(field: any, sign: string, wanted: any) => (run: any) => boolean} */
  const compared = (field, sign, wanted) => {
    const wrong = (/** @type {string} */ message, /** @type {string | undefined} */ advice) => new Mistake(wanted.range, message, advice);
    const text = wanted.kind === "text" ? wanted.value : wanted.written;
    const number = wanted.kind === "number" ? wanted.value : undefined;
    const aNumber = "write a number such as 0.5, or a duration such as 5m";
    const byText = () => (/** @type {any} */ run) => {
      const value = field.value(run);
      if (value === undefined || Number.isNaN(value)) return false;
      // A number is not text, and equal to none.
      return typeof value === "number" ? sign === "!=" : SIGNS[sign](order(value, text));
    };
    const byNumber = (/** @type {number} */ limit) => {
      if (Number.isNaN(limit)) {
        if (sign !== "=" && sign !== "!=") throw wrong("nothing is above or below NaN", "use = nan or != nan");
        return (/** @type {any} */ run) => {
          const value = field.value(run);
          if (value === undefined) return !field.isKeyed && sign === "=";
          return Number.isNaN(value) === (sign === "=");
        };
      }
      return (/** @type {any} */ run) => {
        let value = field.value(run);
        if (typeof value === "string") value = words.asNumber(value) ?? value;
        if (value === undefined || Number.isNaN(value)) return false;
        return typeof value === "string" ? sign === "!=" : SIGNS[sign](value - limit || (value === limit ? 0 : value < limit ? -1 : 1));
      };
    };
    switch (field.kind) {
      case "text": return byText();
      case "tag": return number === undefined ? byText() : byNumber(number);
      case "word": {
        if (field.words.includes(text)) return byText();
        const listed = `it is ${field.words.slice(0, -1).join(", ")} or ${field.words[field.words.length - 1]}`;
        throw wrong(`there is no ${field.name} ${wanted.written}`, meant(nearest(text, field.words))
          ?? (keys.params.has(field.name) ? `${listed}; the parameter is params.${field.name}` : listed));
      }
      case "time": {
        const stretch = wanted.kind === "text" ? words.period(wanted.value) : undefined;
        if (!stretch) throw wrong(`${field.name} is a date, and ${wanted.written} is not`, "write 2026-11-01 or 2026-11-01T14:30, in UTC");
        return (/** @type {any} */ run) => {
          const value = field.value(run);
          if (value === undefined) return false;
          return SIGNS[sign](value < stretch[0] ? -1 : value >= stretch[1] ? 1 : 0);
        };
      }
      case "parameter": {
        const wantedNumber = number ?? wanted.truth;
        if (wantedNumber !== undefined) {
          if (!field.hasNumbers) throw wrong(`${field.name} is a text in every run, and ${wanted.written} is not`, `write ${field.name} = "${wanted.written}"`);
          return byNumber(wantedNumber);
        }
        if (!field.hasTexts) throw wrong(`${field.name} is a number in every run, and ${wanted.written} is not`, aNumber);
        return byText();
      }
      default:
        if (number === undefined) throw wrong(`${field.name} is a number, and ${wanted.written} is not`, aNumber);
        return byNumber(number);
    }
  };
  return { SCOPES, SIGNS, resolve, compared };
})();
