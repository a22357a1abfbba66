// The page of the report. It draws rows of the embedded tables, and counts nothing itself: a number
// shown is a text of a table, or a ratio of two. Texts go into the page as text, never as HTML.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

// ---- Elements and texts -------------------------------------------------------------------------

function make(name, attributes = {}, ...children) {
  const it = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  it.append(...children);
  return it;
}

function svg(name, attributes = {}, text) {
  const it = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  if (text !== undefined) it.textContent = text;
  return it;
}

/** Whole numbers with their digits in groups; anything else as it is. */
const grouped = (text) => /^\d+$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text;

const superscript = (number) => [...String(number)].map((it) => it === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[it]).join("");

/** A tick of an axis, short: 4Ki, 2·10⁷. */
function short(value, binary) {
  if (value === 0) return "0";
  if (binary) {
    let unit = 0;
    while (value >= 1024 && Number.isInteger(value / 512) && unit < 5) { value /= 1024; unit += 1; }
    return `${value}${["", "Ki", "Mi", "Gi", "Ti", "Pi"][unit]}`;
  }
  if (value < 10000) return String(+value.toPrecision(3));
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digits = +(value / 10 ** power).toPrecision(3);
  return (digits === 1 ? "" : `${digits}·`) + `10${superscript(power)}`;
}

const ratio = (a, b) => (Number(a) / Number(b)).toFixed(2);

// ---- Tables -------------------------------------------------------------------------------------

const zip = (names, values) => Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]));

/** Curves of full rows: column to text. */
const curvesOf = (table) => table.curves.map(({ name, look, rows }) => ({
  name,
  look,
  rows: rows.map(([place, own]) => ({
    [table.key]: name,
    ...Object.fromEntries(table.fixed),
    ...zip(table.place, table.places[place]),
    ...zip(table.own, own),
  })),
}));

/** The largest lower bound as a curve of its own. */
const boundOf = (table) => ({
  name: "largest lower bound",
  look: { color: [0, 0, 0], width: 3, dashes: [], marker: "none", filled: true },
  column: "bound",
  rows: table.places.map((it) => ({
    [table.key]: "largest lower bound",
    ...Object.fromEntries(table.fixed),
    ...zip(table.place, it),
  })),
});

/** The tiles of one algorithm, a curve each. */
function tilesOf(curve) {
  const tiles = (row) => row.tiles.split(" ").filter(Boolean).map((it) => it.split("="));
  const names = [...new Set(curve.rows.flatMap((row) => tiles(row).map((it) => it[0])))];
  const looks = curvesOf(chosenTable()).slice(1).map((it) => it.look);
  return names.map((name, at) => ({
    name,
    look: looks[at % looks.length],
    rows: curve.rows.map((row) => ({ tile: name, size: Object.fromEntries(tiles(row))[name] ?? "", ...row })),
  }));
}

const chosenTable = () => data.tables[byId("model").value];

function curvesFor(spec) {
  const table = spec.table ? data.tables[spec.table] : chosenTable();
  const curves = curvesOf(table);
  if (spec.id === "tiles") return tilesOf(curves.find((it) => it.name === byId("algorithm").value));
  return spec.floor === "bound" ? [...curves, boundOf(table)] : curves;
}

// ---- Axes ---------------------------------------------------------------------------------------

/** Places of ticks between two values, about `wanted` of them labelled. */
function ticks(low, high, { binary }, log, wanted) {
  if (!log) {
    const raw = (high - low) / wanted;
    const base = binary ? 2 ** Math.floor(Math.log2(raw)) : 10 ** Math.floor(Math.log10(raw));
    const step = base * (binary ? [1, 2] : [1, 2, 5, 10]).find((it) => it * base >= raw);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => (first + at) * step);
  }
  const places = [];
  const digits = binary ? [1] : high / low > 10 ** wanted ? [1] : high / low < 20 ? [1, 1.5, 2, 3, 4, 5, 7] : [1, 2, 5];
  const base = binary ? 2 : 10;
  for (let power = Math.floor(Math.log(low) / Math.log(base)); base ** power <= high; power += 1) {
    for (const digit of digits) if (digit * base ** power >= low && digit * base ** power <= high) places.push(digit * base ** power);
  }
  const every = Math.ceil(places.length / wanted);
  return places.filter((_, at) => at % every === 0);
}

function axis(values, spec, log, from, to) {
  let low = Math.min(...values), high = Math.max(...values);
  if (!(high > 0)) [low, high] = [1, 2];
  if (spec.column === "gap") low = Math.min(low, 1);
  if (log) {
    if (low === high) [low, high] = [low / 2, high * 2];
    if (!spec.binary) [low, high] = [low / 1.15, high * 1.15];
  } else {
    [low, high] = [0, high * 1.05];
  }
  const map = log ? Math.log : (it) => it;
  const at = (value) => from + (to - from) * (map(value) - map(low)) / (map(high) - map(low));
  return { low, high, at, log };
}

// ---- Markers ------------------------------------------------------------------------------------

const MARKERS = {
  none: (r) => `M${-r / 2} 0a${r / 2} ${r / 2} 0 1 0 ${r} 0a${r / 2} ${r / 2} 0 1 0 ${-r} 0`,
  circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
  square: (r) => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  triangle: (r) => `M0 ${-r}L${r} ${r}H${-r}z`,
  diamond: (r) => `M0 ${-r}L${r} 0L0 ${r}L${-r} 0z`,
  cross: (r) => `M${-r} ${-r}L${r} ${r}M${-r} ${r}L${r} ${-r}`,
  plus: (r) => `M${-r} 0H${r}M0 ${-r}V${r}`,
};

const paint = (look) => `rgb(${look.color.join(" ")})`;
const open = (look) => ["cross", "plus"].includes(look.marker) || !look.filled;

function marker(look, x, y, r) {
  return svg("path", {
    d: MARKERS[look.marker](r), transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
    stroke: paint(look), "stroke-width": 1.5, fill: open(look) ? "transparent" : paint(look),
  });
}

function line(look, d) {
  return svg("path", {
    d, fill: "none", stroke: paint(look), "stroke-width": look.width,
    "stroke-dasharray": look.dashes.join(" "), "stroke-linejoin": "round",
  });
}

// ---- A plot -------------------------------------------------------------------------------------

/** Fills one figure, and gives the function that draws it anew. */
function plot(spec) {
  const figure = document.querySelector(`figure[data-plot="${spec.id}"]`);
  const hidden = new Set();
  const title = figure.closest("section").querySelector("h2").textContent;
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
  figure.append(details, save);

  for (const key of ["x", "y"]) {
    const box = make("input", { type: "checkbox", class: `log-${key}` });
    box.checked = log[key];
    box.addEventListener("change", () => { log[key] = box.checked; draw(); });
    scales.append(make("label", {}, box, ` ${key === "x" ? "↔" : "↕"} logarithmic ${key}`));
  }

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
        if (spec.joined || curve.look.marker === "none") swatch.append(line(curve.look, "M0 6H28"));
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
    const box = { left: 62, right: width - 10, top: 12, bottom: height - 44 };
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
        svg("text", { x: x.at(value), y: box.bottom + 16, "text-anchor": "middle", class: "tick-x" }, short(value, spec.x.binary)),
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
    points.forEach((all, at) => {
      const curve = shown()[at];
      if (spec.joined) lines.append(line(curve.look, path(all)));
      lines.append(...dots[at].map((it) => it.dot));
    });
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
    const same = dots.flat().filter((it) => it !== point && it.left === point.left && it.top === point.top);
    const list = make("dl");
    for (const [key, value] of Object.entries(point.row)) {
      if (value !== "") list.append(make("dt", {}, key), make("dd", {}, grouped(value)));
    }
    tip.replaceChildren(list);
    if (same.length) tip.append(make("p", {}, `also here: ${same.map((it) => it.curve.name).join(", ")}`));
    tip.hidden = false;
    const room = area.clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(room, point.left + 12 > room ? point.left - tip.offsetWidth - 12 : point.left + 12))}px`;
    tip.style.top = `${Math.max(0, point.top + 12)}px`;
    picture.querySelector(".now")?.classList.remove("now");
    point.dot.classList.add("now");
  }

  function hide() {
    tip.hidden = true;
    picture.querySelector(".now")?.classList.remove("now");
  }

  function near(event) {
    const frame = picture.getBoundingClientRect();
    const [left, top] = [event.clientX - frame.left, event.clientY - frame.top];
    const distance = (it) => Math.hypot(it.left - left, it.top - top);
    const nearest = dots.flat().reduce((best, it) => !best || distance(it) < distance(best) ? it : best, null);
    if (nearest && distance(nearest) < 40) show(nearest); else hide();
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
  picture.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") hide(); });
  picture.addEventListener("focusin", (event) => {
    const found = find(event.target);
    if (found) show(dots[found[0]][found[1]]);
  });
  picture.addEventListener("focusout", hide);
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

// ---- Answers for the choice ---------------------------------------------------------------------

function fillMemories() {
  const wanted = byId("memory").value || data.memory;
  const table = chosenTable();
  const option = ([m, memory]) => make("option", { value: m }, memory ? `${memory}: ${grouped(m)} words` : `${grouped(m)} words`);
  const group = (label, places) => make("optgroup", { label }, ...places.map(option));
  byId("memory").replaceChildren(
    group("Processors' memories, 2 bytes a word", table.places.filter((it) => it[1])),
    group("Other sizes", table.places.filter((it) => !it[1])),
  );
  byId("memory").value = wanted;
  if (byId("memory").selectedIndex < 0) byId("memory").value = data.memory;
}

function answer() {
  const curves = curvesOf(chosenTable());
  const m = byId("memory").value, name = byId("algorithm").value;
  const at = (curve, m) => curve.rows.find((it) => it.M === m);
  const [best, yours] = [curves[0], curves.find((it) => it.name === name)].map((it) => at(it, m));
  const place = `M = ${grouped(m)} words${best.memory ? ` (${best.memory})` : ""}`;
  const least = `At least ${grouped(best.bound)} words have to be moved (${best["bound by"]})`;
  byId("answer-distance").textContent = yours.words
    ? `At ${place}, ${name} moves ${grouped(yours.words)} words, ${grouped(yours.bytes)} bytes. ${least}: its gap is ${ratio(yours.words, yours.bound)}. ` +
      `The best schedule, ${best.is}, moves ${grouped(best.words)}: gap ${ratio(best.words, best.bound)}.`
    : `At ${place}, ${name} does not fit: it needs ${grouped(yours["needs M"])} words. ${least}; the best schedule, ${best.is || "none"}, moves ${grouped(best.words) || "none"}.`;
  byId("answer-tiles").textContent = yours.words
    ? `At ${place}: ${name} with ${yours.tiles}. Fewest words of all: ${best.is} with ${best.tiles}.`
    : `At ${place} no tiles of ${name} fit.`;
  const columns = ["algorithm", "tiles", "words", "bytes", "gap", "needs M"];
  const rows = curves.slice(1).map((it) => at(it, m)).sort((a, b) => Number(a.words || Infinity) - Number(b.words || Infinity));
  byId("here").replaceChildren(
    make("caption", {}, `All algorithms at ${place}, fewest words first`), head(columns),
    make("tbody", {}, ...rows.map((row) => make("tr", row.algorithm === name ? { class: "yours" } : {}, ...columns.map((it) => cell(row[it]))))),
  );
  const more = curves[0].rows.find((it) => Number(it.M) >= 2 * Number(m));
  const words = curves[0].rows.filter((it) => it.words);
  const fewest = words.reduce((a, b) => Number(b.words) < Number(a.words) ? b : a, words[0]);
  byId("answer-memory").textContent =
    (more && best.words ? `With M = ${grouped(more.M)}, ${ratio(more.M, m)} times as much, the best schedule moves ${grouped(more.words)} words instead of ${grouped(best.words)}, ${ratio(more.words, best.words)} of them. ` : "") +
    `From M = ${grouped(fewest.M)} on it moves ${grouped(fewest.words)}, the fewest at any size here; ${grouped(fewest.bound)} is the least there can be.`;
}

const refreshes = data.plots.map((spec) => ({ spec, refresh: plot(spec) }));

function choose() {
  fillMemories();
  answer();
  for (const { spec, refresh } of refreshes) if (!spec.table) refresh();
}

for (const id of ["model", "memory", "algorithm"]) byId(id).addEventListener("change", choose);
byId("choice").addEventListener("submit", (event) => event.preventDefault());
choose();
for (const { spec, refresh } of refreshes) if (spec.table) refresh();
