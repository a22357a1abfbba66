// Elements, and numbers as texts. Texts go into the page as text, never as HTML.
"use strict";

const byId = (id) => document.getElementById(id);

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

const hundredths = (text) => text === "" ? "not known" : Number(text).toFixed(2);
const ratio = (a, b) => hundredths(Number(a) / Number(b));
