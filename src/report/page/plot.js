// A plot: its curves on and off, its points, its table.
"use strict";

/** Where the pointer was when it last moved. */
let pointer = "";
const placeOf = (event) => `${event.clientX} ${event.clientY}`;
document.addEventListener("pointermove", (event) => { pointer = placeOf(event); });

/** Fills one figure, and gives the function that draws it anew. */
function plot(spec) {
  const figure = document.querySelector(`figure[data-plot="${spec.id}"]`);
  const hidden = new Set();
  const headings = [...figure.closest("section").querySelectorAll("h2, h3")];
  const title = headings.findLast((it) => it.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING).textContent;
  const log = { x: spec.x.log, y: spec.y.log };
  let curves = [], dots = [];

  const legend = make("fieldset", { class: "legend" });
  const scales = make("p", { class: "scales" });
  const picture = svg("svg", { role: "group" });
  const tip = make("div", { class: "tip", hidden: "", "aria-hidden": "true" });
  const details = make("details", {}, make("summary", {}, "Table"));
  const save = make("button", { type: "button", class: "csv" }, "Download CSV");
  const area = make("div", { class: "plot" }, picture, tip);
  figure.prepend(legend, scales, area);
  figure.append(details);

  for (const key of ["x", "y"]) {
    const box = make("input", { type: "checkbox", class: `log-${key}` });
    box.checked = log[key];
    box.addEventListener("change", () => { log[key] = box.checked; draw(); });
    scales.append(make("label", {}, box, ` ${key === "x" ? "↔" : "↕"} logarithmic ${key}`));
  }

  scales.append(save);

  const shown = () => curves.filter((it) => !hidden.has(it.name));
  const yOf = (curve, row) => Number(row[curve.column ?? spec.y.column] || NaN);
  const columns = () => [...new Set(shown().flatMap((it) => Object.keys(it.rows[0] ?? {})))];

  function refresh() {
    curves = curvesFor(spec);
    fillLegend();
    draw();
  }

  function fillLegend() {
    const all = (text, change) => {
      const it = make("button", { type: "button" }, text);
      it.addEventListener("click", () => { change(); fillLegend(); draw(); });
      return it;
    };
    legend.replaceChildren(
      make("legend", {}, "Curves"),
      ...curves.map((curve) => {
        const box = make("input", { type: "checkbox", value: curve.name });
        box.checked = !hidden.has(curve.name);
        box.addEventListener("change", () => {
          if (box.checked) hidden.delete(curve.name); else hidden.add(curve.name);
          draw();
        });
        const swatch = svg("svg", { class: "ink", width: 28, height: 12, "aria-hidden": "true" });
        if (!spec.diagonal || curve.look.marker === "none") swatch.append(line(curve.look, "M0 6H28"));
        if (curve.look.marker !== "none") swatch.append(marker(curve.look, 14, 6, 4));
        return make("label", {}, box, swatch, ` ${curve.name}`);
      }),
      all("all", () => hidden.clear()),
      all("none", () => curves.forEach((it) => hidden.add(it.name))),
    );
  }

  function draw() {
    const width = Math.max(260, Math.floor(area.clientWidth));
    const height = Math.round(Math.min(460, Math.max(300, width * 0.5)));
    const box = { left: 66, right: width - 18, top: 12, bottom: height - 44 };
    const to = spec.table ? undefined : chosenTable().to;
    const inside = (row) => row[spec.x.column] !== "" && !(Number(row[spec.x.column]) > to);
    const points = shown().map((curve) => curve.rows.filter(inside).map((row) => {
      const [x, y] = [Number(row[spec.x.column]), yOf(curve, row)];
      return { curve, row, x, y, there: Number.isFinite(y) && (y > 0 || !log.y) };
    }));
    const there = points.flat().filter((it) => it.there);
    const x = axis(there.map((it) => it.x), spec.x, log.x, box.left, box.right);
    const y = axis(there.map((it) => it.y), spec.y, log.y, box.bottom, box.top);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("aria-label", `${title} ${spec.y.label} against ${spec.x.label}. Arrow keys move between points.`);
    picture.replaceChildren(grid(x, y, box, width, height), ink(points, x, y, box, width));
    hide();
    if (details.open) fillTable();
  }

  function grid(x, y, box, width, height) {
    const group = svg("g", { "aria-hidden": "true", class: "grid" });
    for (const value of ticks(x.low, x.high, spec.x, x.log, width < 500 ? 5 : 10)) {
      group.append(
        svg("line", { x1: x.at(value), x2: x.at(value), y1: box.top, y2: box.bottom }),
        svg("text", { x: x.at(value), y: box.bottom + 18, "text-anchor": "middle", class: "tick-x" }, short(value, spec.x.binary)),
      );
    }
    for (const value of ticks(y.low, y.high, spec.y, y.log, 8)) {
      group.append(
        svg("line", { x1: box.left, x2: box.right, y1: y.at(value), y2: y.at(value) }),
        svg("text", { x: box.left - 6, y: y.at(value) + 4, "text-anchor": "end", class: "tick-y" }, short(value, spec.y.binary)),
      );
    }
    const middle = (box.top + box.bottom) / 2;
    group.append(
      svg("text", { x: (box.left + box.right) / 2, y: height - 6, "text-anchor": "middle" }, spec.x.label),
      svg("text", { transform: `translate(13 ${middle}) rotate(-90)`, "text-anchor": "middle" }, spec.y.label),
    );
    return group;
  }

  function ink(points, x, y, box, width) {
    const group = svg("g");
    const floor = floorOf(points, x, y, box);
    if (floor) group.append(svg("path", { class: "floor", d: floor }));
    if (spec.diagonal) {
      const [low, high] = [Math.max(x.low, y.low), Math.min(x.high, y.high)];
      const steps = Array.from({ length: 65 }, (_, it) => low + (high - low) * (it / 64) ** 2);
      group.append(svg("path", { class: "equal", d: `M${steps.map((it) => `${x.at(it)} ${y.at(it)}`).join("L")}` }));
    }
    const m = Number(byId("memory").value);
    if (spec.x.column === "M" && !spec.table && m >= x.low && m <= x.high) {
      group.append(svg("line", { class: "chosen", x1: x.at(m), x2: x.at(m), y1: box.top, y2: box.bottom }));
    }
    const lines = svg("g", { class: "ink" });
    dots = points.map((all) => all.filter((it) => it.there).map((point) => {
      const { curve, row } = point;
      const dot = marker(curve.look, x.at(point.x), y.at(point.y), width < 500 ? 2.5 : 3.5);
      const label = Object.entries(row).filter((it) => it[1] !== "").map(([key, value]) => `${key} ${grouped(value)}`);
      for (const [key, value] of Object.entries({ class: "dot", tabindex: -1, role: "img", "aria-label": label.join(", "), "data-curve": curve.name, "data-x": row[spec.x.column] })) dot.setAttribute(key, value);
      return Object.assign(point, { dot, left: x.at(point.x), top: y.at(point.y) });
    }));
    // The chosen algorithm is drawn last, over those that move the same.
    const chosen = shown().findIndex((it) => it.name === byId("algorithm").value);
    const order = [...points.keys()].filter((it) => it !== chosen).concat(chosen < 0 ? [] : [chosen]);
    for (const at of order) {
      if (!spec.diagonal) lines.append(line(shown()[at].look, path(points[at])));
      lines.append(...dots[at].map((it) => it.dot));
    }
    dots.flat()[0]?.dot.setAttribute("tabindex", 0);
    group.append(lines);
    return group;
  }

  /** A line through points, interrupted where there is none. */
  function path(all) {
    let pen = "M";
    return all.map((it) => {
      if (!it.there) { pen = "M"; return ""; }
      const step = `${pen}${it.left.toFixed(1)} ${it.top.toFixed(1)}`;
      pen = "L";
      return step;
    }).join("");
  }

  function floorOf(points, x, y, box) {
    if (!points.length || !spec.floor) return null;
    if (spec.floor === "1") return `M${box.left} ${box.bottom}V${y.at(1)}H${box.right}V${box.bottom}z`;
    // The places of one curve are the places of all.
    const edge = points[0].map((it) => [x.at(it.x), Math.min(box.bottom, y.at(Number(it.row.bound)))]);
    return `M${edge[0][0]} ${box.bottom}L${edge.map((it) => it.join(" ")).join("L")}V${box.bottom}z`;
  }

  // ---- Its tip ----

  function show(point) {
    const same = dots.flat().filter((it) => it !== point && Math.hypot(it.left - point.left, it.top - point.top) < 3);
    const list = make("dl");
    for (const [key, value] of Object.entries(point.row)) {
      if (value !== "") list.append(make("dt", {}, key), make("dd", {}, grouped(value)));
    }
    tip.replaceChildren(list);
    if (same.length) tip.append(make("p", {}, `also here: ${same.map((it) => it.curve.name).join(", ")}`));
    tip.hidden = false;
    const room = area.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, point.left + 12 > room ? point.left - tip.offsetWidth - 12 : point.left + 12))}px`;
    const below = point.top < picture.clientHeight / 2;
    tip.style.top = `${below ? point.top + 12 : point.top - tip.offsetHeight - 12}px`;
    picture.querySelector(".now")?.classList.remove("now");
    point.dot.classList.add("now");
  }

  function hide() {
    tip.hidden = true;
    picture.querySelector(".now")?.classList.remove("now");
  }

  /** Without a pointer near a point: the point that has the focus, or none. */
  function rest() {
    const found = find(document.activeElement);
    if (found) show(dots[found[0]][found[1]]); else hide();
  }

  function near(event) {
    // The page was scrolled under a pointer that rests.
    if (event.type === "pointermove" && placeOf(event) === pointer) return;
    const frame = picture.getBoundingClientRect();
    const [left, top] = [event.clientX - frame.left, event.clientY - frame.top];
    const distance = (it) => Math.hypot(it.left - left, it.top - top);
    const least = Math.min(...dots.flat().map(distance));
    const nearest = dots.flat().filter((it) => distance(it) < least + 0.5);
    // Of points in one place the chosen algorithm's, then one with a marker of its own.
    const mine = nearest.find((it) => it.curve.name === byId("algorithm").value);
    if (least < 40) show(mine ?? nearest.find((it) => it.curve.look.marker !== "none") ?? nearest[0]); else rest();
  }

  const find = (dot) => {
    for (const [at, all] of dots.entries()) {
      const index = all.findIndex((it) => it.dot === dot);
      if (index >= 0) return [at, index];
    }
    return null;
  };

  picture.addEventListener("pointermove", near);
  picture.addEventListener("pointerdown", near);
  picture.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") rest(); });
  // Listened to here: Chromium would let an SVG that hears of it take the focus itself.
  area.addEventListener("focusin", rest);
  area.addEventListener("focusout", hide);
  picture.addEventListener("keydown", (event) => {
    const found = find(event.target);
    if (!found) return;
    const [at, index] = found;
    const closest = (all) => all.reduce((best, it) => !best || Math.abs(it.left - dots[at][index].left) < Math.abs(best.left - dots[at][index].left) ? it : best, null);
    const filled = dots.filter((it) => it.length);
    const curve = (step) => closest(filled[(filled.indexOf(dots[at]) + step + filled.length) % filled.length]);
    const next = {
      ArrowLeft: () => dots[at][index - 1], ArrowRight: () => dots[at][index + 1],
      ArrowUp: () => curve(-1), ArrowDown: () => curve(1),
      Home: () => dots[at][0], End: () => dots[at].at(-1),
    }[event.key];
    if (event.key === "Escape") hide();
    if (!next) return;
    event.preventDefault();
    const target = next();
    if (!target) return;
    event.target.setAttribute("tabindex", -1);
    target.dot.setAttribute("tabindex", 0);
    target.dot.focus();
  });

  // ---- Its table ----

  function fillTable() {
    const table = make("table", {}, make("caption", {}, title), head(columns()));
    const body = make("tbody");
    for (const { rows } of shown()) {
      for (const row of rows) body.append(make("tr", {}, ...columns().map((it) => cell(row[it] ?? ""))));
    }
    table.append(body);
    details.querySelector(".scroll")?.remove();
    details.append(make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Table: ${title}` }, table));
  }

  details.addEventListener("toggle", () => { if (details.open) fillTable(); });
  save.addEventListener("click", () => {
    const quote = (text) => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    const rows = shown().flatMap((it) => it.rows).map((row) => columns().map((it) => row[it] ?? ""));
    const lines = [columns(), ...rows].map((it) => `${it.map(quote).join(",")}\n`);
    const url = URL.createObjectURL(new Blob(lines, { type: "text/csv" }));
    const name = spec.table ? spec.id : `${spec.id}-${byId("model").value}`;
    make("a", { href: url, download: `${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });

  new ResizeObserver(draw).observe(area);
  return refresh;
}

const head = (columns) => make("thead", {}, make("tr", {}, ...columns.map((it) => make("th", { scope: "col" }, it))));
const cell = (text) => make("td", /^[\d.]+$/.test(text) ? { class: "number" } : {}, grouped(text));
