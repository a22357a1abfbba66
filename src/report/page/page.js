// What the reader chooses, and its answers.
"use strict";

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
    ? `At ${place}, ${name} moves ${grouped(yours.words)} words, ${grouped(yours.bytes)} bytes. ${least}: its gap is ${hundredths(yours.gap)}. ` +
      `The best schedule, ${best.is}, moves ${grouped(best.words)}: gap ${hundredths(best.gap)}.`
    : `At ${place}, ${name} does not fit: it needs ${grouped(yours["needs M"])} words. ${least}; the best schedule, ${best.is || "none"}, moves ${grouped(best.words) || "none"}.`;
  byId("answer-tiles").textContent = yours.words
    ? `At ${place}: ${name} with ${yours.tiles}. Fewest words of all: ${best.is} with ${best.tiles}.`
    : `At ${place} no tiles of ${name} fit.`;
  const columns = ["algorithm", "gap", "words", "bytes", "tiles", "needs M"];
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
    `At no size here it moves fewer than ${grouped(fewest.words)}, from M = ${grouped(fewest.M)} on` +
    (fewest.words === fewest.bound ? `, the least there can be (${fewest["bound by"]}).` : `; at least ${grouped(fewest.bound)} have to be moved there.`);
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
