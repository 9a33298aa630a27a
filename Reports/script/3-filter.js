// Conditions as `--where` reads them: the same words, the same runs, the same mistakes. The program's reader is
// Sources/TrackerStore/Filter; a test asks both the same questions.
const conditions = (() => {
  class Mistake extends Error {
    /** @param {[number, number]} range @param {string} message @param {string} [advice] */
    constructor(range, message, advice) {
      super(message);
      this.range = range;
      this.advice = advice;
    }
  }
  const segments = new Intl.Segmenter();
  const fields = data.runs?.fields ?? [];
  const fieldOf = new Map(fields.flatMap((/** @type {any} */ field) => [field.key, ...field.aliases].map((name) => [name, field])));

  // What the runs have.
  const keys = { params: new Set(), metrics: new Set(runs.metrics.map(({ key }) => key)), tags: new Set() };
  for (const run of runs.list) {
    for (const key of Object.keys(run.parameters)) keys.params.add(key);
    for (const key of Object.keys(run.tags)) keys.tags.add(key);
  }
  const SCOPES = { params: "parameter", metrics: "metric", tags: "tag" };
  const place = new Map(runs.metrics.map(({ key }, at) => [key, at]));
  const asNumber = (/** @type {string} */ text) => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;

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

  /** @typedef { { kind: string, value: any, scope?: string, from: number, to: number } } Token */
  /** @type {(text: string) => { tokens: Token[], written: (range: [number, number]) => string }} */
  const read = (text) => {
    const characters = [...segments.segment(text)].map(({ segment }) => segment);
    const isLetter = (/** @type {string} */ one) => one !== undefined && /^\p{Alphabetic}/u.test(one);
    const isDigit = (/** @type {string} */ one) => one !== undefined && /^\p{N}/u.test(one);
    const isStart = (/** @type {string} */ one) => isLetter(one) || one === "_";
    const isPart = (/** @type {string} */ one) => isStart(one) || isDigit(one) || (one !== undefined && ".-/:~".includes(one));
    let at = 0;
    const quoted = (/** @type {string} */ quote) => {
      const start = at;
      let result = "";
      for (at += 1; at < characters.length; at += 1) {
        if (characters[at] === quote) {
          at += 1;
          if (characters[at] !== quote) return result;
        }
        result += characters[at];
      }
      throw new Mistake([start, characters.length], "the quote is not closed", `end the text with ${quote}`);
    };
    const next = () => {
      const [start, one] = [at, characters[at]];
      const token = (/** @type {string} */ kind, /** @type {any} */ value, scope = "") => ({ kind, value, scope, from: start, to: at });
      if (one === "\"" || one === "'") return token("text", quoted(one));
      if (one === "`") return token("key", quoted(one));
      if ("(),".includes(one)) { at += 1; return token("sign", one); }
      if ("=!<>".includes(one)) {
        const pair = one + (characters[at + 1] ?? "");
        if (["==", "!=", "<=", ">=", "<>"].includes(pair)) {
          at += 2;
          return token("sign", pair === "==" ? "=" : pair === "<>" ? "!=" : pair);
        }
        if (one === "!") throw new Mistake([start, start + 1], "\"!\" alone is not an operator", "use != or not");
        at += 1;
        return token("sign", one);
      }
      if (one === "-" && (isStart(characters[at + 1]) || characters[at + 1] === "`")) {
        let word = "";
        for (let end = at + 1; isLetter(characters[end]); end += 1) word += characters[end];
        if (!/^(inf|infinity|nan)$/i.test(word)) { at += 1; return token("sign", "-"); }
      }
      if (isDigit(one) || "+-.".includes(one)) {
        while (isLetter(characters[at]) || isDigit(characters[at]) || (at < characters.length && "+-.:".includes(characters[at]))) at += 1;
        const written = characters.slice(start, at).join("");
        const infinite = /^([+-]?)(inf|infinity|nan)$/i.exec(written);
        const number = infinite ? (/nan/i.test(written) ? NaN : infinite[1] === "-" ? -Infinity : Infinity) : asNumber(written);
        if (number !== undefined) return token("number", number);
        const [, amount, unit] = /^(.*?)(\p{Alphabetic}*)$/u.exec(written);
        const seconds = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86400, w: 604800 }[unit];
        const count = asNumber(amount);
        if (seconds && count !== undefined) return token("number", count * seconds);
        if (isDigit(written[0]) && written.includes("-")) return token("text", written);
        throw new Mistake([start, at], `"${written}" is not a number, a duration or a date`, "write 0.5, 5m, 2h or 2026-11-01; put a text between quotes");
      }
      if (isStart(one)) {
        while (isPart(characters[at])) at += 1;
        const word = characters.slice(start, at).join("");
        if (at < characters.length && "`\"'".includes(characters[at]) && word.endsWith(".")) return token("key", quoted(characters[at]), word);
        return token("word", word);
      }
      throw new Mistake([start, start + 1], `"${one}" means nothing here`, one === "&" ? "write and" : one === "|" ? "write or" : "put a text between quotes");
    };
    const tokens = [];
    for (;;) {
      while (at < characters.length && /^\s/.test(characters[at])) at += 1;
      if (at >= characters.length) break;
      tokens.push(next());
    }
    tokens.push({ kind: "end", value: "", from: characters.length, to: characters.length });
    return { tokens, written: ([from, to]) => characters.slice(from, to).join("") };
  };

  // A date stands for all of its day, hour, minute, second or millisecond, in UTC.
  const period = (/** @type {string} */ text) => {
    const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{3}))?)?)?Z?)?$/.exec(text);
    if (!match) return undefined;
    const [year, month, day, hour, minute, second, thousandth] = match.slice(1).map((part) => part === undefined ? undefined : Number(part));
    const start = new Date(0);
    start.setUTCFullYear(year, month - 1, day);
    start.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0, thousandth ?? 0);
    if (year < 1 || start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
    const unit = hour === undefined ? 86_400_000 : minute === undefined ? 3_600_000 : second === undefined ? 60_000 : thousandth === undefined ? 1000 : 1;
    return [start.getTime(), start.getTime() + unit];
  };

  // Texts compare by their code points.
  const order = (/** @type {any} */ a, /** @type {any} */ b) => {
    if (typeof a === "number") return a - b;
    const [x, y] = [[...a], [...b]];
    for (let at = 0; at < Math.min(x.length, y.length); at += 1) if (x[at] !== y[at]) return x[at].codePointAt(0) - y[at].codePointAt(0);
    return x.length - y.length;
  };
  const SIGNS = {
    "=": (/** @type {number} */ by) => by === 0, "!=": (/** @type {number} */ by) => by !== 0, "<": (/** @type {number} */ by) => by < 0,
    "<=": (/** @type {number} */ by) => by <= 0, ">": (/** @type {number} */ by) => by > 0, ">=": (/** @type {number} */ by) => by >= 0,
  };
  const KEYWORDS = ["and", "or", "not", "in", "like", "is"];

  /** The test of a run that a condition says. @type {(text: string) => (run: any) => boolean} */
  const compile = (text) => {
    const { tokens, written } = read(text);
    let [at, depth] = [0, 0];
    const here = () => tokens[at];
    const range = (/** @type {Token} */ token) => /** @type {[number, number]} */ ([token.from, token.to]);
    const once = (/** @type {Token} */ token) => token.kind === "text" ? written(range(token)) : `"${written(range(token))}"`;
    const unexpected = (/** @type {string} */ expectation) => new Mistake(range(here()), `${tokens.length === 1 ? "the condition is empty"
      : here().kind === "end" ? "the condition ends here" : `${once(here())} is unexpected`}; expected ${expectation}`);
    const take = (/** @type {string} */ word) => here().kind === "word" && here().value.toLowerCase() === word && Boolean(at += 1);
    const takeSign = (/** @type {string} */ sign) => here().kind === "sign" && here().value === sign && Boolean(at += 1);

    const condition = () => {
      depth += 1;
      if (depth > 12) throw new Mistake(range(here()), "the condition is nested too deeply");
      const terms = [conjunction()];
      while (take("or")) terms.push(conjunction());
      depth -= 1;
      return (/** @type {any} */ run) => terms.some((term) => term(run));
    };
    const conjunction = () => {
      const terms = [negation()];
      while (take("and")) terms.push(negation());
      return (/** @type {any} */ run) => terms.every((term) => term(run));
    };
    const negated = (/** @type {(run: any) => boolean} */ test, /** @type {boolean} */ isNegated) => isNegated ? (/** @type {any} */ run) => !test(run) : test;
    const negation = () => {
      let isNegated = false;
      while (take("not")) isNegated = !isNegated;
      let test;
      if (takeSign("(")) {
        test = condition();
        if (!takeSign(")")) throw unexpected("and, or, or a closing parenthesis");
      } else test = comparison();
      return negated(test, isNegated);
    };
    const comparison = () => {
      const field = named();
      if (take("is")) {
        const isNegated = take("not");
        if (!take("null")) throw unexpected(isNegated ? "null" : "null or not null");
        const known = resolve(field, false);
        return negated((run) => known.value(run) === undefined, isNegated);
      }
      const isNegated = take("not");
      if (take("in")) {
        if (!takeSign("(")) throw unexpected("an opening parenthesis");
        const literals = [literal()];
        while (takeSign(",")) literals.push(literal());
        if (!takeSign(")")) throw unexpected("a comma or a closing parenthesis");
        const known = resolve(field);
        const tests = literals.map((one) => compared(known, "=", one));
        return negated((run) => tests.some((test) => test(run)), isNegated);
      }
      if (take("like")) {
        const pattern = literal();
        if (pattern.kind !== "text") throw new Mistake(pattern.range, "like takes a text", "such as name like \"tnc%\"");
        const known = resolve(field);
        if (known.kind === "time") {
          throw new Mistake(known.range, `${known.name} is a date, and like compares texts`, `a date is its whole day: write ${known.name} = 2026-11-01`);
        }
        // Only a–z have no case.
        const source = [...pattern.value].map((one) => one === "%" ? "[^]*" : one === "_" ? "[^]"
          : /[a-z]/i.test(one) ? `[${one.toLowerCase()}${one.toUpperCase()}]` : one.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("");
        const form = new RegExp(`^${source}$`, "u");
        const asText = (/** @type {any} */ value) => typeof value !== "number" ? value
          : known.areReal && Number.isInteger(value) ? value.toFixed(1) : String(value);
        return negated((run) => { const value = known.value(run); return value !== undefined && !Number.isNaN(value) && form.test(asText(value)); }, isNegated);
      }
      const sign = here();
      if (isNegated || sign.kind !== "sign" || !(sign.value in SIGNS)) {
        throw unexpected(isNegated ? "in or like" : "=, !=, <, <=, >, >=, in, like or is null");
      }
      at += 1;
      const wanted = literal();
      return compared(resolve(field), sign.value, wanted);
    };

    const named = () => {
      const token = here();
      if (token.kind !== "word" || tokens[at + 1].kind !== "sign" || tokens[at + 1].value !== "(") return key();
      const aggregate = token.value.toLowerCase();
      if (!["first", "last", "min", "max", "best"].includes(aggregate)) {
        throw new Mistake(range(token), `"${token.value}" is not an aggregate`, "use best, first, last, min or max");
      }
      at += 2;
      const field = key();
      if (!takeSign(")")) throw unexpected("a closing parenthesis");
      return { ...field, aggregate };
    };
    const scopeOf = (/** @type {string} */ word) => word === "parameters" ? "params" : word in SCOPES ? word : undefined;
    /** @returns {any} */
    const key = () => {
      const token = here();
      if (token.kind === "key") {
        at += 1;
        const scope = scopeOf(token.scope.slice(0, -1));
        return { scope, key: scope ? token.value : token.scope + token.value, range: range(token) };
      }
      if (token.kind === "word" && !KEYWORDS.includes(token.value.toLowerCase())) {
        at += 1;
        const dot = token.value.indexOf(".");
        const scope = dot < 0 ? undefined : scopeOf(token.value.slice(0, dot));
        return { scope, key: scope ? token.value.slice(dot + 1) : token.value, range: range(token) };
      }
      if (token.kind === "text") {
        throw new Mistake(range(token), `${once(token)} is a text; expected the name of what it is compared with`,
          `a name with spaces stands between backquotes: \`${token.value}\``);
      }
      throw unexpected("the name of a parameter, metric, tag or column");
    };
    const literal = () => {
      const token = here();
      const found = { kind: token.kind, value: token.value, range: range(token), written: written(range(token)), truth: undefined };
      if (token.kind === "word" && !KEYWORDS.includes(token.value.toLowerCase())) {
        const word = token.value.toLowerCase();
        if (word === "null") throw new Mistake(range(token), "null is not compared with", "use is null or is not null");
        if (word === "true" || word === "false") Object.assign(found, { kind: "truth", truth: word === "true" ? 1 : 0 });
        else if (word === "nan") Object.assign(found, { kind: "number", value: NaN });
        else if (word === "inf" || word === "infinity") Object.assign(found, { kind: "number", value: Infinity });
        else found.kind = "text";
      } else if (!["number", "text"].includes(token.kind)) throw unexpected("a number, a text or a date");
      at += 1;
      return found;
    };

    /** What a field means. @type {(field: any, mustBeKnown?: boolean) => any} */
    const resolve = (field, mustBeKnown = true) => {
      const wrong = (/** @type {string} */ message, /** @type {string} */ advice) => new Mistake(field.range, message, advice);
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
        const hasNumbers = values.some((value) => typeof value === "number" || asNumber(value) !== undefined);
        return { ...facts, kind: "parameter", hasTexts, hasNumbers, isKeyed: true, value: (/** @type {any} */ run) => run.parameters[field.key] };
      }
      let which = { last: 0, first: 1, min: 2, max: 3 }[field.aggregate ?? "last"];
      if (field.aggregate === "best") {
        const direction = runs.metrics[place.get(field.key)].direction;
        if (!direction) {
          throw wrong(`whether more or less of ${field.key} is better is not known`, `write min(${field.key}) or max(${field.key})`);
        }
        which = direction === "maximize" ? 3 : 2;
      }
      return { ...facts, kind: "metric", areReal: true, isKeyed: true, value: (/** @type {any} */ run) => run.metrics[place.get(field.key)]?.[which] };
    };

    /** @type {(field: any, sign: string, wanted: any) => (run: any) => boolean} */
    const compared = (field, sign, wanted) => {
      const wrong = (/** @type {string} */ message, /** @type {string} */ advice) => new Mistake(wanted.range, message, advice);
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
          if (typeof value === "string") value = asNumber(value) ?? value;
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
          const stretch = wanted.kind === "text" ? period(wanted.value) : undefined;
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

    const test = condition();
    if (here().kind !== "end") throw unexpected("and, or, or the end of the condition");
    return test;
  };

  /** What is wrong, and on two more lines where, and what to write. @type {(mistake: any, text: string) => string} */
  const explained = (mistake, text) => {
    const line = text.replace(/\s/g, " ");
    const [from, to] = mistake.range;
    const carets = " ".repeat(from) + "^".repeat(Math.max(1, to - from));
    return [mistake.message, line, carets, ...(mistake.advice ? [mistake.advice] : [])].join("\n");
  };
  return { compile, explained, Mistake };
})();
