// Small helpers to build elements; text is always text, never markup.

import { shortId } from "./format.js";

export const $ = (id) => document.getElementById(id);

/** An element with properties (class, and what is no property goes to attributes) and children. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Sets text only where it differs, so that a selection and a screen reader are left alone. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

export function peer(id) {
  return el("code", { class: "id", title: id }, shortId(id));
}

export function empty(message) {
  return el("p", { class: "empty" }, message);
}

export function yesNo(value, yes = "yes", no = "no") {
  return el("span", { class: value ? "yes" : "no" }, value ? yes : no);
}

export function copyButton(what, value) {
  const button = el("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", () => copy(button, value));
  return button;
}

/** Copies, and says on the button whether that worked: it does not on an insecure origin. */
export async function copy(button, value) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not copied: the browser forbids it";
  }
  setTimeout(() => (button.textContent = before), 1500);
}
