"use strict";
// Plays the moves forward and backward. A move says what it does to the pebbles of a cell, so back is the same
// with the sign turned over; nothing is judged here, the referee has done that.
const film = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const svg = (name, attributes) => {
  const it = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  return it;
};
const KINDS = ["load", "store", "compute", "free"];

const cells = []; // {name, rect, title, red, blue}
for (const grid of film.grids) {
  const size = Math.max(9, Math.min(22, Math.floor(420 / grid.columns)));
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  const name = document.createElement("b");
  name.textContent = grid.name;
  caption.append(name, ` ${grid.about}`);
  const [width, height] = [grid.columns * size, grid.rows * size];
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  picture.setAttribute("aria-label", `${grid.name}, ${grid.rows} by ${grid.columns}: ${grid.about}`);
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const [x, y] = [column * size + 1.5, row * size + 1.5];
      const rect = svg("rect", { x, y, width: size - 3, height: size - 3, rx: 1.5, class: "pebble" });
      const title = svg("title", {});
      rect.append(title);
      picture.append(rect);
      cells.push({ name: `${grid.name}[${row},${column}]`, rect, title, red: 0, blue: grid.blue ? 1 : 0 });
    }
  }
  figure.append(caption, picture);
  at("grids").append(figure);
}

let time = 0, loads = 0, stores = 0, held = 0;
let marked = [];

// Words held after each move, and the most so far.
const heights = [0], peaks = [0];
for (const [, , red] of film.frames) {
  heights.push(heights.at(-1) + red);
  peaks.push(Math.max(peaks.at(-1), heights.at(-1)));
}

function draw(cell) {
  const { rect, title, name, red, blue } = cells[cell];
  rect.classList.toggle("red", red > 0);
  rect.classList.toggle("blue", blue > 0);
  title.textContent = `${name}: ${red} in fast memory, ${blue} in slow memory`;
}

function step(sign) {
  if (sign < 0) time--;
  const [kind, cell, red, blue] = film.frames[time];
  cells[cell].red += sign * red;
  cells[cell].blue += sign * blue;
  held += sign * red;
  if (kind === 0) loads += sign;
  if (kind === 1) stores += sign;
  if (sign > 0) time++;
  return cell;
}

function say() {
  if (time === 0) return "Before the first move: inputs are blue, fast memory is empty.";
  const [kind, cell, , , ...operands] = film.frames[time - 1];
  const from = kind === 2 && operands.length ? ` from ${operands.map((it) => cells[it].name).join(", ")}` : "";
  return `${KINDS[kind]} ${cells[cell].name}${from}`;
}

function show() {
  for (const it of marked) cells[it].rect.classList.remove("now", "read");
  marked = [];
  if (time > 0) {
    const [, cell, , , ...operands] = film.frames[time - 1];
    for (const it of operands) cells[it].rect.classList.add("read");
    cells[cell].rect.classList.add("now");
    marked = [cell, ...operands];
  }
  at("time").value = time;
  at("at").textContent = `${time} of ${film.frames.length}`;
  at("loads").textContent = loads;
  at("stores").textContent = stores;
  at("red").textContent = held;
  at("peak").textContent = peaks[time];
  // A reader of the screen is told each move by itself, not a stream of them.
  at("said").setAttribute("aria-live", playing ? "off" : "polite");
  at("said").textContent = say();
  const x = (600 * time) / film.frames.length;
  now.setAttribute("x1", x);
  now.setAttribute("x2", x);
}

function go(to) {
  const changed = new Set();
  while (time < to) changed.add(step(1));
  while (time > to) changed.add(step(-1));
  for (const it of changed) draw(it);
  show();
}

// The picture of what is held: of each column of it the most.
const top_ = Math.max(film.fast, peaks.at(-1), 1);
const y = (words) => 88 - (84 * words) / top_;
const columns = Math.min(600, film.frames.length);
let path = "";
for (let column = 0; column < columns; column++) {
  const from = Math.floor((column * heights.length) / columns);
  const to = Math.max(from + 1, Math.floor(((column + 1) * heights.length) / columns));
  const most = Math.max(...heights.slice(from, to));
  path += `${path ? "L" : "M"}${((600 * column) / columns).toFixed(2)} ${y(most).toFixed(2)}`;
}
at("held").append(svg("path", { d: path, class: "line" }));
at("held").append(svg("line", { x1: 0, x2: 600, y1: y(film.fast), y2: y(film.fast), class: "fast" }));
const now = at("held").appendChild(svg("line", { x1: 0, x2: 0, y1: 0, y2: 90, class: "now" }));

let playing = false, last = 0, owed = 0;
function frame(clock) {
  if (!playing) return;
  owed += ((clock - last) / 1000) * Number(at("speed").value);
  last = clock;
  if (owed >= 1) {
    go(Math.min(film.frames.length, time + Math.floor(owed)));
    owed -= Math.floor(owed);
  }
  if (time === film.frames.length) play(false);
  else requestAnimationFrame(frame);
}
function play(on) {
  playing = on;
  at("play").textContent = on ? "Stop" : "Play";
  if (on) {
    if (time === film.frames.length) go(0);
    [last, owed] = [performance.now(), 0];
    requestAnimationFrame(frame);
  } else {
    show();
  }
}

const by = (moves) => { play(false); go(Math.max(0, Math.min(film.frames.length, time + moves))); };
at("play").onclick = () => play(!playing);
at("next").onclick = () => by(1);
at("back").onclick = () => by(-1);
at("first").onclick = () => by(-Infinity);
at("last").onclick = () => by(Infinity);
at("time").oninput = () => { play(false); go(Number(at("time").value)); };
document.onkeydown = (event) => {
  if (event.target.matches("select, input") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === " " && event.target.matches("button")) return; // the button takes it
  const keys = { " ": () => play(!playing), ArrowRight: () => by(1), ArrowLeft: () => by(-1), Home: () => by(-Infinity), End: () => by(Infinity) };
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
};
cells.forEach((_, it) => draw(it));
show();
