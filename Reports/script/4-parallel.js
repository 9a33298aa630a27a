// Parallel coordinates: a stretch that is dragged along an axis keeps the runs that pass through it.
for (const parallel of all("svg.parallel")) {
  const brushes = new Map();
  const shareOf = new Map(all("path[data-run]", parallel).map((path) => {
    const numbers = path.getAttribute("d").match(/-?(\d*\.\d+|\d+)/g).map(Number);
    const heights = [numbers[1]];
    for (let index = 3; index < numbers.length; index += 2) heights.push(heights[heights.length - 1] + numbers[index]);
    return [path.dataset.run, heights];
  }));
  const apply = () => runs.hide("brush", (run) => {
    const heights = shareOf.get(run);
    return brushes.size > 0 && (!heights
      || [...brushes].some(([axis, [from, to]]) => heights[axis] < from || heights[axis] > to));
  });
  const heightOf = (event) => {
    const frame = parallel.getBoundingClientRect();
    return Math.min(270, Math.max(40, (event.clientY - frame.top) / frame.height * 300));
  };
  for (const axis of all("g[data-axis]", parallel)) {
    const x = Number(/M([\d.]+)/.exec(axis.querySelector("path").getAttribute("d"))[1]);
    const handle = draw("rect", { class: "handle", x: x - 14, y: 36, width: 28, height: 238 });
    const brush = draw("rect", { class: "selection", x: x - 9, width: 18 });
    const index = Number(axis.dataset.axis);
    let from;
    axis.append(handle);
    handle.addEventListener("pointerdown", (event) => {
      from = heightOf(event);
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener("pointermove", (event) => {
      if (from === undefined) return;
      const [top, bottom] = [from, heightOf(event)].sort((a, b) => a - b);
      brush.setAttribute("y", top);
      brush.setAttribute("height", bottom - top);
      axis.insertBefore(brush, handle);
    });
    handle.addEventListener("pointerup", (event) => {
      if (from === undefined) return;
      const [top, bottom] = [from, heightOf(event)].sort((a, b) => a - b);
      from = undefined;
      if (bottom - top < 3) { brushes.delete(index); brush.remove(); } else brushes.set(index, [top - 1, bottom + 1]);
      apply();
    });
  }
  all(".scripted", parallel.closest("section")).forEach((element) => { element.hidden = false; });
}
