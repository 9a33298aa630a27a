// A run's curve as far as the page knows it: stretches of steps, each with its last, least, greatest and mean value.

/**
 * @typedef { { step: number, time: number, count: number, last: number, least: number, greatest: number, mean: number } } Bucket
 * A curve in the page's data: its run, the tables of its steps and times, its least and greatest value, how its code is read
 * (odd if by logarithms; below 2 if of each bucket more than one value is known), its code, and the same
 * again, in more detail.
 * @typedef { [number, number, number, number, number, number, string, CurveData?] } CurveData
 */
/**
 * Reads numbers one after the other, each of so many digits.
 * @type {(code: string, low: number, high: number, log: boolean) => (digits: number) => number}
 */
const decoder = (code, low, high, log) => {
  const [from, to] = log ? [Math.log(low), Math.log(high)] : [low, high];
  let at = 0;
  return (digits) => {
    const sign = code[at];
    if (sign === "." || sign === "+" || sign === "-") {
      at += 1;
      return sign === "." ? NaN : sign === "+" ? Infinity : -Infinity;
    }
    let level = 0;
    for (const end = at + digits; at < end; at += 1) level = level * 64 + (digitOf.get(code[at]) ?? 0);
    const share = level / (64 ** digits - 1);
    const place = from * (1 - share) + to * share;
    return log ? Math.exp(place) : place;
  };
};
/**
 * What codes of curves are read with: their digits, and the steps and times that curves share.
 * @type {(of: any) => any}
 */
const codeBook = ({ digits, bandDigits, steps = [], times = [] }) => ({ digits, bandDigits, times, steps: steps.map((/** @type {number[]} */ table) => {
  const list = [];
  for (let at = 0, step = 0; at < table.length; at += 2) {
    step += table[at];
    list.push({ step, count: table[at + 1] });
  }
  return list;
}) });
const pageBook = codeBook(data);

class Curve {
  /** @param {CurveData} known */
  constructor([run, steps, times, low, high, kind, code, fine], book = pageBook) {
    this.known = { steps, times, low, high, log: kind % 2 === 1, code };
    /** Whether it is known between which values each bucket lies. */
    this.hasBands = kind < 2;
    this.book = book;
    this.run = String(run);
    /** @type {Bucket[] | undefined} */
    this.read = undefined;
    /** @type {Record<string, number[]>} */
    this.places = {};
    /**
     * The curve as finely as the page knows it.
     * @type {Curve}
     */
    this.finest = fine ? new Curve(fine, book) : this;
  }

  /**
   * The buckets, read when they are first asked for.
   * @returns {Bucket[]}
   */
  get buckets() { return this.read ??= this.decode(); }

  decode() {
    const { low, high, log, code, steps, times } = this.known;
    const { digits, bandDigits } = this.book;
    const next = decoder(code, low, high, log);
    const [first, span, clock] = this.book.times[times];
    const tick = decoder(clock, first, first + span, false);
    return this.book.steps[steps].map((/** @type { { step: number, count: number } } */ { step, count }) => {
      const [last, time] = [next(digits), tick(3)];
      const value = Number.isFinite(last) ? last : NaN;
      if (!this.hasBands) return { step, time, count, last, least: value, greatest: value, mean: value };
      return { step, time, count, last, least: next(bandDigits), greatest: next(bandDigits), mean: next(bandDigits) };
    });
  }

  /**
   * Where each bucket stands across: its step, its seconds since the run's start, or its time.
   * @param {string} across
   * @returns {number[]}
   */
  xs(across) {
    return this.places[across] ??= this.buckets.map(({ step, time }) => across === "step" ? step
      : across === "wall" ? time : (time - (runs.find(this.run)?.own.startedAt ?? 0)) / 1000);
  }

  /**
   * A value as well as it is known: ≈ where its four digits are not all sure. What is not a last value is known less well.
   * @param {number} value
   * @param {boolean} isLast
   */
  text(value, isLast) {
    if (!Number.isFinite(value)) return readable(value);
    const { low, high, log } = this.known;
    const levels = 64 ** (isLast || !this.hasBands ? this.book.digits : this.book.bandDigits) - 1;
    const unsure = (log ? Math.log(high / low) * Math.abs(value) : high - low) / levels / 2;
    const text = readable(value);
    return readable(value - unsure) === text && readable(value + unsure) === text ? text : `≈ ${text}`;
  }

  /**
   * The line's heights: the last value of each bucket, or an exponential mean over all values, which starts at the first
   * without a bias towards 0. A bucket stands for its values by their mean.
   * @param {number} keep @returns {number[]}
   */
  heights(keep) {
    if (keep === 0) return this.buckets.map(({ last }) => last);
    let [sum, weight] = [0, 0];
    return this.buckets.map(({ count, mean }) => {
      if (!Number.isFinite(mean)) return NaN;
      const kept = keep ** count;
      sum = sum * kept + mean * (1 - kept);
      weight = weight * kept + (1 - kept);
      return sum / weight;
    });
  }

  /**
   * The bucket that stands nearest.
   * @param {number} x
   * @param {string} across
   */
  nearest(x, across) {
    const xs = this.xs(across);
    let [from, to] = [0, xs.length - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (xs[middle] < x) from = middle + 1; else to = middle;
    }
    return from > 0 && x - xs[from - 1] <= xs[from] - x ? from - 1 : from;
  }

  /** The last bucket with a finite value, where only values that are not finite follow. */
  get end() {
    const { buckets } = this;
    if (!buckets.length || Number.isFinite(buckets[buckets.length - 1].last)) return -1;
    for (let at = buckets.length - 1; at >= 0; at -= 1) if (Number.isFinite(buckets[at].mean)) return at;
    return -1;
  }
}
