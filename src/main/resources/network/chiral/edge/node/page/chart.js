// Line charts of the last hour, drawn as SVG, readable by keyboard.

import { el } from "./dom.js";
import { clock, NONE } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 120;

function svg(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/**
 * A chart with one or two lines.
 *
 * @param title what it shows
 * @param lines [{name, read: sample columns -> values}], the second dashed
 * @param format a value as text
 * @param most the top of the scale where it is fixed, such as 1 for shares, or what makes one of the largest value
 */
export class Chart {
  constructor(title, lines, format, most = niceAbove) {
    this.lines = lines;
    this.format = format;
    this.most = most;
    this.at = [];
    this.values = [];
    this.cursor = null;
    this.readout = el("span", { class: "readout" });
    this.top = el("span", { class: "top", "aria-hidden": "true" });
    this.from = el("span");
    this.to = el("span");
    this.picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", tabindex: "0" });
    for (const y of [0, HEIGHT / 2, HEIGHT]) this.picture.append(svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y, y2: y }));
    this.paths = lines.map((_, i) => svg("path", { class: i === 0 ? "first" : "second" }));
    this.mark = svg("line", { class: "cursor", y1: 0, y2: HEIGHT, visibility: "hidden" });
    this.picture.append(...this.paths, this.mark);
    this.picture.addEventListener("keydown", (event) => this.#key(event));
    this.picture.addEventListener("pointermove", (event) => this.#point(event));
    for (const leave of ["pointerleave", "blur"]) this.picture.addEventListener(leave, () => this.#show(null));
    const key = lines.length < 2 ? null : el("div", { class: "key" }, ...lines.map((line, i) => el("span", { class: i === 0 ? "first" : "second" }, line.name)));
    this.title = title;
    this.element = el("figure", {}, el("figcaption", {}, el("b", {}, title), this.readout), key, el("div", { class: "plot" }, this.picture, this.top), el("div", { class: "ends", "aria-hidden": "true" }, this.from, this.to));
  }

  /** Shows the samples: columns of the same length, `at` in Unix seconds. */
  draw(samples) {
    this.at = samples.at;
    this.values = this.lines.map((line) => line.read(samples));
    const known = this.values.flat().filter((value) => value != null);
    const largest = Math.max(0, ...known);
    this.scale = typeof this.most === "number" ? this.most : this.most(largest);
    this.top.textContent = this.format(this.scale);
    this.from.textContent = this.at.length ? clock(1000 * this.at[0]) : "";
    this.to.textContent = this.at.length ? clock(1000 * this.at.at(-1)) : "";
    this.paths.forEach((path, i) => path.setAttribute("d", this.#path(this.values[i])));
    this.#show(this.cursor);
  }

  #x(index) {
    return this.at.length < 2 ? WIDTH : (index * WIDTH) / (this.at.length - 1);
  }

  #path(values) {
    let path = "";
    let drawing = false;
    values.forEach((value, i) => {
      if (value == null) {
        drawing = false;
        return;
      }
      const y = HEIGHT - (Math.min(value, this.scale) / this.scale) * HEIGHT;
      path += `${drawing ? "L" : "M"}${this.#x(i).toFixed(1)} ${y.toFixed(1)}`;
      if (!drawing && values[i + 1] == null) path += "h1"; // one sample alone is a dot
      drawing = true;
    });
    return path;
  }

  #key(event) {
    const last = this.at.length - 1;
    const now = this.cursor ?? last;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last, PageUp: now - 30, PageDown: now + 30 }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#show(Math.min(last, Math.max(0, to)));
  }

  #point(event) {
    if (this.at.length === 0) return;
    const box = this.picture.getBoundingClientRect();
    this.#show(Math.round(((event.clientX - box.left) / box.width) * (this.at.length - 1)));
  }

  #show(index) {
    this.cursor = index == null ? null : Math.min(this.at.length - 1, Math.max(0, index));
    const i = this.cursor ?? this.at.length - 1;
    const told = this.values.map((values) => (values[i] == null ? NONE : this.format(values[i])));
    const named = this.lines.length < 2 ? told.join() : this.lines.map((line, n) => `${line.name} ${told[n]}`).join(", ");
    const when = this.cursor == null ? "now" : clock(1000 * this.at[i]);
    this.readout.textContent = this.at.length === 0 ? "no samples yet" : `${when}: ${named}`;
    this.picture.setAttribute("aria-label", `${this.title}. ${this.readout.textContent}. ${this.at.length} samples, scale to ${this.top.textContent}.`);
    this.mark.setAttribute("visibility", this.cursor == null ? "hidden" : "visible");
    this.mark.setAttribute("x1", this.#x(i));
    this.mark.setAttribute("x2", this.#x(i));
  }
}

/** The next power of two, for bytes. */
export function binaryAbove(value) {
  return value <= 1024 ? 1024 : 2 ** Math.ceil(Math.log2(value));
}

/** 1, 2 or 5 times a power of ten, at or above the value. */
function niceAbove(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value);
}
