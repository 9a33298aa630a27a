// Conditions as `--where` reads them: the same grammar, the same runs, the same mistakes.
const conditions = (() => {
  const KEYWORDS = ["and", "or", "not", "in", "like", "is"];

  /**
   * The test of a run that a condition says.
   * @type {(text: string) => (run: any) => boolean}
   */
  const compile = (text) => {
    const { tokens, written } = words.read(text);
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
        const known = fields.resolve(field, false);
        return negated((run) => known.value(run) === undefined, isNegated);
      }
      const isNegated = take("not");
      if (take("in")) {
        if (!takeSign("(")) throw unexpected("an opening parenthesis");
        const literals = [literal()];
        while (takeSign(",")) literals.push(literal());
        if (!takeSign(")")) throw unexpected("a comma or a closing parenthesis");
        const known = fields.resolve(field);
        const tests = literals.map((one) => fields.compared(known, "=", one));
        return negated((run) => tests.some((test) => test(run)), isNegated);
      }
      if (take("like")) {
        const pattern = literal();
        if (pattern.kind !== "text") throw new Mistake(pattern.range, "like takes a text", "such as name like \"tnc%\"");
        const known = fields.resolve(field);
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
      if (isNegated || sign.kind !== "sign" || !(sign.value in fields.SIGNS)) {
        throw unexpected(isNegated ? "in or like" : "=, !=, <, <=, >, >=, in, like or is null");
      }
      at += 1;
      const wanted = literal();
      return fields.compared(fields.resolve(field), sign.value, wanted);
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
    const scopeOf = (/** @type {string} */ word) => word === "parameters" ? "params" : word in fields.SCOPES ? word : undefined;
    /** @returns {any} */
    const key = () => {
      const token = here();
      if (token.kind === "key") {
        at += 1;
        const scope = scopeOf((token.scope ?? "").slice(0, -1));
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

    const test = condition();
    if (here().kind !== "end") throw unexpected("and, or, or the end of the condition");
    return test;
  };

  /**
   * What is wrong, and on two more lines where, and what to write.
   * @type {(mistake: any, text: string) => string}
   */
  const explained = (mistake, text) => {
    const line = text.replace(/\s/g, " ");
    const [from, to] = mistake.range;
    const carets = " ".repeat(from) + "^".repeat(Math.max(1, to - from));
    return [mistake.message, line, carets, ...(mistake.advice ? [mistake.advice] : [])].join("\n");
  };
  return { compile, explained, Mistake };
})();
