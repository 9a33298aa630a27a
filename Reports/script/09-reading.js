// Reading a chart: the cursor and its tip, and the stretch that the reader chooses by mouse, fingers or keys.

class Reading {
  /** @param {Chart} chart */
  constructor(chart) {
    this.chart = chart;
    /** @type {SVGPathElement} */
    this.cursor = draw("path", { class: "cursor" });
    /** @type {SVGRectElement} */
    this.selection = draw("rect", { class: "selection", y: 0, height: FRAME.down });
    /** @type {HTMLElement} */
    this.tip = make("div", { className: "tip", "aria-live": "polite" });
    /**
     * Where the cursor was last.
     * @type {number | undefined}
     */
    this.place = undefined;
    /**
     * Where the mouse went down.
     * @type {number | undefined}
     */
    this.from = undefined;
    /**
     * Where each finger is.
     * @type {Map<number, number>}
     */
    this.fingers = new Map();
    /**
     * What two fingers touched first.
     * @type {number[] | undefined}
     */
    this.pinched = undefined;
    this.listen();
  }

  /**
   * What each curve has nearest to a place, those nearest to the pointer if there are too many; and the same in the other charts.
   * @param {number} wanted @param {number} up @param {boolean} leads
   */
  show(wanted, up, leads = true) {
    const { chart } = this;
    const width = chart.view.last - chart.view.first;
    const listed = chart.shown().filter((curve) => !chart.isCrowded || runs.classOf(curve.run) || chart.picked[0]?.dataset.run === curve.run);
    const found = listed.flatMap((curve) => {
      const xs = curve.xs(chart.across);
      const place = curve.nearest(wanted, chart.across);
      const bucket = curve.buckets[place];
      // A curve that has ended, or not begun, has no value here.
      if (!bucket || wanted < xs[0] - width / 100 || wanted > xs[xs.length - 1] + width / 100) return [];
      const value = chart.smoothing > 0 ? curve.heights(chart.smoothing)[place] : bucket.last;
      const height = chart.y(value);
      return [{ curve, bucket, x: xs[place], value, distance: Number.isFinite(height) ? Math.abs(height - up) : 2 }];
    }).sort((a, b) => a.distance - b.distance);
    const x = found[0]?.x ?? wanted;
    const most = leads ? 12 : 4;
    const top = found.slice(0, most).sort((a, b) => (Number.isFinite(b.value) ? b.value : -Infinity) - (Number.isFinite(a.value) ? a.value : -Infinity));
    this.cursor.setAttribute("d", `M${chart.x(x) * FRAME.across} 0V${FRAME.down}`);
    chart.box.append(this.cursor);
    this.tip.replaceChildren(make("b", {}, placeName(x, chart.across)), ...top.map(({ curve, x: own, value }) => {
      const key = draw("svg", { viewBox: "0 0 14 8" });
      key.append(draw("path", { d: "M1 4h12", class: runs.classOf(curve.run) ?? "" }));
      const where = own === x || chart.across !== "step" ? "" : ` at ${own}`;
      return make("div", {}, key, make("span", {}, runs.label(curve.run) + where), make("b", {}, curve.text(value, chart.smoothing === 0)));
    }));
    const nearest = found[0];
    if (nearest && nearest.bucket.count > 1 && nearest.curve.hasBands && chart.smoothing === 0) {
      const { curve, bucket } = nearest;
      this.tip.append(make("div", { className: "quiet" },
        `${curve.text(bucket.least, false)} to ${curve.text(bucket.greatest, false)} in the ${bucket.count} steps to ${bucket.step}`));
    }
    if (found.length > top.length) this.tip.append(make("div", { className: "quiet" }, `and ${found.length - top.length} more`));
    // Only the chart that is pointed at speaks to a screen reader.
    this.tip.setAttribute("aria-live", leads ? "polite" : "off");
    chart.figure.append(this.tip);
    this.settle(x);
    this.place = x;
    if (!leads) return;
    for (const other of Chart.all) {
      if (other === chart) continue;
      const box = other.plot.getBoundingClientRect();
      const [from, to] = other.whole();
      if (box.height > 0 && box.bottom > 0 && box.top < innerHeight && x >= from && x <= to) other.reading.show(x, 0.5, false); else other.reading.hide(false);
    }
  }

  /**
   * Puts the tip beside the cursor, within the window.
   * @param {number} x
   */
  settle(x) {
    const frame = this.chart.plot.getBoundingClientRect();
    const at = frame.left + frame.width * (FRAME.left + FRAME.width * this.chart.x(x)) / FRAME.drawingWidth;
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const left = at > frame.left + frame.width / 2 ? at - 16 - width : at + 16;
    this.tip.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
    this.tip.style.top = `${Math.max(4, Math.min(frame.top + 8, innerHeight - height - 4))}px`;
  }

  hide(leads = true) {
    this.cursor.remove();
    this.tip.remove();
    if (leads) for (const other of Chart.all) if (other !== this.chart) other.reading.hide(false);
  }

  /** Whether the reader points at this chart, and its tip is not one that another's brings along. */
  get isRead() { return this.tip.isConnected && this.tip.getAttribute("aria-live") === "polite"; }

  /** The page has moved: what is read by keys goes along while it is in sight, and what the pointer showed is no longer below it. */
  move() {
    const { top, bottom } = this.chart.plot.getBoundingClientRect();
    if (document.activeElement === this.chart.figure && this.place !== undefined && bottom > 0 && top < innerHeight) this.show(this.place, 0.5); else this.hide();
  }

  /** @param {PointerEvent} event */
  share(event) {
    const frame = this.chart.plot.getBoundingClientRect();
    return {
      across: ((event.clientX - frame.left) / frame.width * FRAME.drawingWidth - FRAME.left) / FRAME.width,
      up: 1 - ((event.clientY - frame.top) / frame.height * FRAME.drawingHeight - FRAME.top) / FRAME.height,
    };
  }

  /** @param {number} share */
  placeAt(share) {
    const { first, last } = this.chart.view;
    const x = first + Math.min(1, Math.max(0, share)) * (last - first);
    return this.chart.across === "step" ? Math.round(x) : x;
  }

  // A mouse chooses a stretch; a finger reads values, and two fingers keep what they touch below them.
  listen() {
    const { chart } = this;
    const { plot, figure } = chart;
    plot.addEventListener("pointerdown", (event) => {
      const { across, up } = this.share(event);
      if (event.pointerType === "touch") { this.touch(event, across, up); return; }
      if (event.button !== 0) return;
      this.from = across;
      plot.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    plot.addEventListener("pointermove", (event) => {
      const { across, up } = this.share(event);
      if (this.fingers.has(event.pointerId)) {
        this.fingers.set(event.pointerId, across);
        if (this.pinched) { this.pinch(this.pinched); return; }
      }
      if (this.from !== undefined) {
        const [a, b] = [this.from, across].map((share) => Math.min(1, Math.max(0, share)) * FRAME.across).sort((a, b) => a - b);
        this.selection.setAttribute("x", String(a));
        this.selection.setAttribute("width", String(b - a));
        chart.box.append(this.selection);
      }
      if (across < -0.03 || across > 1.03) { this.hide(); return; }
      this.show(this.placeAt(across), up);
    });
    plot.addEventListener("pointerup", (event) => {
      this.lift(event);
      if (this.from === undefined) return;
      const [a, b] = [this.from, this.share(event).across].sort((a, b) => a - b);
      this.from = undefined;
      this.selection.remove();
      if (b - a > 0.02) chart.zoom(this.placeAt(a), this.placeAt(b));
    });
    plot.addEventListener("pointercancel", (event) => this.lift(event));
    plot.addEventListener("dblclick", () => chart.showAll());
    figure.addEventListener("pointerleave", (event) => { if (this.from === undefined && event.pointerType !== "touch") this.hide(); });
    figure.addEventListener("blur", () => this.hide());
    figure.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {PointerEvent} event @param {number} across @param {number} up */
  touch(event, across, up) {
    this.fingers.set(event.pointerId, across);
    this.pinched = undefined;
    if (this.fingers.size === 1) { this.show(this.placeAt(across), up); return; }
    if (this.fingers.size !== 2) return;
    this.hide();
    const { first, last } = this.chart.view;
    this.pinched = [...this.fingers.values()].map((share) => first + share * (last - first));
  }

  /** @param {PointerEvent} event */
  lift(event) {
    this.fingers.delete(event.pointerId);
    this.pinched = undefined;
  }

  /**
   * Zooms so that each of two fingers stays on the place that it touched first.
   * @param {number[]} places
   */
  pinch([one, other]) {
    const [a, b] = [...this.fingers.values()];
    const width = (other - one) / (b - a);
    // Fingers that have met or crossed say nothing.
    if (!Number.isFinite(width) || width <= 0) return;
    this.chart.zoom(one - a * width, one + (1 - a) * width);
  }

  /**
   * Arrows read values, plus and minus zoom about the cursor, 0 and Escape show all.
   * @param {KeyboardEvent} event
   */
  press(event) {
    const { chart } = this;
    if (event.target !== chart.figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const { first, last } = chart.view;
    const at = Math.min(last, Math.max(first, this.place ?? first));
    const one = (last - first) / (event.shiftKey ? 10 : 100);
    const stride = chart.across === "step" ? Math.max(1, Math.round(one)) : one;
    /** @type {Record<string, () => void>} */
    const actions = {
      ArrowLeft: () => this.show(Math.max(first, at - stride), 0.5),
      ArrowRight: () => this.show(Math.min(last, at + stride), 0.5),
      Home: () => this.show(first, 0.5),
      End: () => this.show(last, 0.5),
      "+": () => chart.zoom(at - (at - first) / 2, at + (last - at) / 2),
      "-": () => chart.zoom(at - (at - first) * 2 - 1, at + (last - at) * 2 + 1),
      0: () => chart.showAll(),
      Escape: () => { this.hide(); chart.showAll(); },
    };
    const action = actions[event.key === "=" ? "+" : event.key];
    if (action) { action(); event.preventDefault(); }
  }
}
