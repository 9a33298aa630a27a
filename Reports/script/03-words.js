// Cuts a condition into its words, as `--where` does. The program's reader is Sources/TrackerStore/Filter; a test asks both
// the same questions.
/** @typedef { { kind: string, value: any, scope?: string, from: number, to: number } } Token */

class Mistake extends Error {
  /** @param {[number, number]} range @param {string} message @param {string} [advice] */
  constructor(range, message, advice) {
    super(message);
    this.range = range;
    this.advice = advice;
  }
}

const words = (() => {
  const segments = new Intl.Segmenter();
  const asNumber = (/** @type {string} */ text) => /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined;

  /** @type {Record<string, number>} */
  const SECONDS = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86400, w: 604800 };

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
        const [, amount, unit] = /^(.*?)(\p{Alphabetic}*)$/u.exec(written) ?? ["", "", ""];
        const seconds = SECONDS[unit];
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
    const [hasHour, hasMinute, hasSecond, hasThousandth] = match.slice(4).map((part) => part !== undefined);
    const [year, month, day, hour, minute, second, thousandth] = match.slice(1).map((part) => Number(part ?? 0));
    const start = new Date(0);
    start.setUTCFullYear(year, month - 1, day);
    start.setUTCHours(hour, minute, second, thousandth);
    if (year < 1 || start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return undefined;
    const unit = !hasHour ? 86_400_000 : !hasMinute ? 3_600_000 : !hasSecond ? 60_000 : !hasThousandth ? 1000 : 1;
    return [start.getTime(), start.getTime() + unit];
  };
  return { read, period, asNumber };
})();
