// Replays the events of a schedule. A word of fast memory is a number in order of birth; a value is an
// input or what a compute made, and may stand in several places.
"use strict";

const data = JSON.parse(byId("data").textContent);
const [LOAD, STORE, COMPUTE, FREE, PLACED, BORN, STATEMENT] = [0, 1, 2, 3, 4, 5, 6];

/** Where in the events each move ends: with the words it puts in their places. */
const ends = [0];
data.events.forEach(([kind], index) => {
  if (kind <= FREE) ends.push(index + 1);
  else if (kind === PLACED) ends[ends.length - 1] = index + 1;
});

const size = (extents) => extents.reduce((words, it) => words * it, 1);

let state;

function start() {
  let inputs = 0;
  const slow = data.slow.map((it) => {
    const words = size(it.extents);
    const values = Array.from({ length: words }, (_, at) => it.input ? inputs + at : -1);
    if (it.input) inputs += words;
    return values;
  });
  state = {
    at: 0, event: 0, loads: 0, stores: 0, held: 0, peak: 0, line: -1, said: "", now: new Set(), read: new Set(),
    slow, words: [], values: inputs, red: new Map(), blue: new Map(), home: new Map(),
    fast: data.fast.map(() => ({ extents: [0], cells: [] })),
  };
  slow.forEach((values, array) => values.forEach((value, at) => {
    if (value >= 0) { state.blue.set(value, 1); state.home.set(value, `s${array},${at}`); }
  }));
}

const more = (map, key, by) => map.set(key, (map.get(key) ?? 0) + by);

function label(name, extents, at) {
  const indices = [];
  for (const it of [...extents].reverse()) { indices.unshift(at % it); at = Math.floor(at / it); }
  return indices.length ? `${name}[${indices.join(",")}]` : name;
}

const slowLabel = (array, at) => label(data.slow[array].name, data.slow[array].extents, at);
const fastLabel = (array, at) => label(data.fast[array], state.fast[array].extents, at);
const wordLabel = ({ array, at }) => array === undefined ? "·" : fastLabel(array, at);
const wordKey = (word) => { const { array, at } = state.words[word]; return array === undefined ? `w${word}` : `f${array},${at}`; };

function born(value) {
  state.words.push({ value });
  more(state.red, value, 1);
  state.held += 1;
  state.peak = Math.max(state.peak, state.held);
}

const actions = {
  [LOAD](value) {
    const from = state.home.get(value);
    const [array, at] = from.slice(1).split(",").map(Number);
    born(value);
    state.loads += 1;
    state.now.add(from);
    state.said = `load ${slowLabel(array, at)}`;
  },
  [STORE](word, array, at) {
    const { value } = state.words[word];
    const old = state.slow[array][at];
    if (old >= 0) more(state.blue, old, -1);
    state.slow[array][at] = value;
    more(state.blue, value, 1);
    state.home.set(value, `s${array},${at}`);
    state.stores += 1;
    state.now.add(`s${array},${at}`).add(wordKey(word));
    state.said = `store ${wordLabel(state.words[word])} → ${slowLabel(array, at)}`;
  },
  [COMPUTE](op, ...operands) {
    operands.forEach((it) => state.read.add(wordKey(it)));
    const read = operands.map((it) => wordLabel(state.words[it])).join(", ");
    state.said = `compute ${data.ops[op]}${read && `(${read})`}`;
    born(state.values);
    state.values += 1;
    state.now.add(`w${state.words.length - 1}`);
  },
  [FREE](word) {
    const it = state.words[word];
    state.now.add(wordKey(word));
    state.said = `free ${wordLabel(it)}`;
    if (it.array !== undefined && state.fast[it.array].cells[it.at] === word) delete state.fast[it.array].cells[it.at];
    more(state.red, it.value, -1);
    state.held -= 1;
    state.words[word] = null;
  },
  [PLACED](word, array, at) {
    Object.assign(state.words[word], { array, at });
    state.fast[array].cells[at] = word;
    state.now.add(`f${array},${at}`);
    state.said += ` → ${fastLabel(array, at)}`;
  },
  [BORN](array, ...extents) { state.fast[array] = { extents, cells: [] }; },
  [STATEMENT](id) { state.line = id; },
};

/** The state after `target` moves. */
function seek(target) {
  target = Math.min(Math.max(target, 0), data.moves);
  if (target < state.at) start();
  while (state.at < target) {
    state.at += 1;
    state.now.clear();
    state.read.clear();
    for (; state.event < ends[state.at]; state.event += 1) {
      const [kind, ...rest] = data.events[state.event];
      actions[kind](...rest);
    }
  }
  show();
}

/** A figure with a cell a word, and what to do to show them. */
function grid(parent, name) {
  const cells = make("div", { class: "grid", role: "img" });
  const caption = make("figcaption");
  parent.append(make("figure", { "data-array": name }, caption, cells));
  let shown = "";
  return (extents, classOf, says) => {
    if (shown !== String(extents)) {
      shown = String(extents);
      cells.style.gridTemplateColumns = `repeat(${extents.length > 1 ? extents.at(-1) : 1}, 1rem)`;
      cells.replaceChildren(...Array.from({ length: size(extents) }, () => make("span", { class: "cell" })));
    }
    const count = { red: 0, blue: 0 };
    [...cells.children].forEach((it, at) => {
      const of = classOf(at);
      for (const color of ["red", "blue"]) if (of.includes(color)) count[color] += 1;
      const all = `cell ${of}`;
      if (it.className !== all) it.className = all;
    });
    caption.textContent = says(count);
    cells.setAttribute("aria-label", `${caption.textContent}; ${count.red} red, ${count.blue} blue`);
  };
}

const has = (map, key) => (map.get(key) ?? 0) > 0;
const marks = (key) => (state.now.has(key) ? " now" : "") + (state.read.has(key) ? " read" : "");

const slowGrids = data.slow.map((it) => grid(byId("slow"), it.name));
const fastGrids = data.fast.map((it) => grid(byId("fast"), it));
const flight = grid(byId("fast"), "in flight");

const lines = data.lines.map(([text]) => make("li", {}, text));
byId("lines").append(...lines);

function show() {
  slowGrids.forEach((draw, array) => {
    const { name, extents } = data.slow[array];
    draw(extents, (at) => {
      const value = state.slow[array][at];
      return (has(state.red, value) ? "red " : "") + (value >= 0 ? "blue" : "") + marks(`s${array},${at}`);
    }, () => `${name} ${extents.join("×")}`);
  });
  const color = (word) => "red" + (has(state.blue, state.words[word].value) ? " blue" : "");
  fastGrids.forEach((draw, array) => {
    const { extents, cells } = state.fast[array];
    draw(extents, (at) => (cells[at] === undefined ? "" : color(cells[at])) + marks(`f${array},${at}`),
      ({ red }) => `${data.fast[array]} ${red ? extents.join("×") : "–"}`);
  });
  const loose = state.words.flatMap((it, word) => it && it.array === undefined ? [word] : []);
  flight([loose.length], (at) => color(loose[at]) + marks(`w${loose[at]}`), ({ red }) => `in flight ${red || "–"}`);
  byId("move").textContent = `${state.at} of ${data.moves}`;
  for (const it of ["loads", "stores", "held", "peak"]) byId(it).textContent = state[it];
  byId("meter").value = state.held;
  byId("at").value = state.at;
  byId("said").textContent = state.said || "nothing has moved yet";
  lines.forEach((it, index) => {
    const now = state.at > 0 && data.lines[index][1] === state.line;
    it.classList.toggle("now", now);
    if (now) it.setAttribute("aria-current", "step"); else it.removeAttribute("aria-current");
  });
}

let timer = null;

function pause() {
  clearInterval(timer);
  timer = null;
  // What passes by while it plays is not read out.
  byId("said").setAttribute("aria-live", "polite");
  byId("play").textContent = "Play";
  byId("play").setAttribute("aria-pressed", "false");
}

function play() {
  if (state.at === data.moves) seek(0);
  clearInterval(timer);
  byId("said").setAttribute("aria-live", "off");
  byId("play").textContent = "Pause";
  byId("play").setAttribute("aria-pressed", "true");
  const speed = Number(byId("speed").value);
  const each = Math.max(1, Math.round(speed / 30));
  timer = setInterval(() => {
    seek(state.at + each);
    if (state.at === data.moves) pause();
  }, 1000 * each / speed);
}

const toggle = () => timer === null ? play() : pause();
const go = (target) => { pause(); seek(target); };

byId("first").addEventListener("click", () => go(0));
byId("back").addEventListener("click", () => go(state.at - 1));
byId("play").addEventListener("click", toggle);
byId("step").addEventListener("click", () => go(state.at + 1));
byId("last").addEventListener("click", () => go(data.moves));
byId("at").addEventListener("input", (it) => go(Number(it.target.value)));
byId("speed").addEventListener("change", () => { if (timer !== null) play(); });

function faster(by) {
  const speed = byId("speed");
  speed.selectedIndex = Math.min(Math.max(speed.selectedIndex + by, 0), speed.options.length - 1);
  if (timer !== null) play();
}

const keys = {
  " ": toggle, ArrowLeft: () => go(state.at - 1), ArrowRight: () => go(state.at + 1),
  Home: () => go(0), End: () => go(data.moves), "+": () => faster(1), "-": () => faster(-1),
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const own = target.matches("select, input") || (key === " " && target.matches("button"));
  if (own || event.ctrlKey || event.altKey || event.metaKey || !(key in keys)) return;
  event.preventDefault();
  keys[key]();
});

start();
show();
