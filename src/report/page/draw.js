// Axes, markers and lines.
"use strict";

/** Places of ticks between two values, about `wanted` of them labelled. */
function ticks(low, high, { binary }, log, wanted) {
  if (!log) {
    const raw = (high - low) / wanted;
    const base = binary ? 2 ** Math.floor(Math.log2(raw)) : 10 ** Math.floor(Math.log10(raw));
    const step = base * (binary ? [1, 2] : [1, 2, 5, 10]).find((it) => it * base >= raw);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => (first + at) * step);
  }
  const base = binary ? 2 : 10;
  const powers = [];
  for (let it = Math.floor(Math.log(low) / Math.log(base)); base ** it <= high; it += 1) powers.push(base ** it);
  const choices = (binary ? [[1]] : [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]])
    .map((digits) => powers.flatMap((power) => digits.map((it) => it * power)).filter((it) => it >= low && it <= high));
  const places = choices.find((it) => it.length <= wanted) ?? choices.at(-1);
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
    class: look.width > 9 ? "band" : "line", d, fill: "none", stroke: paint(look), "stroke-width": look.width,
    "stroke-dasharray": look.dashes.join(" "), "stroke-linejoin": "round",
  });
}
