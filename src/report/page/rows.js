// The embedded tables as rows. Nothing is counted here: a number shown is a text of a table, or a ratio
// of two.
"use strict";

const data = JSON.parse(byId("data").textContent);

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
