// Lists of the API in sortable tables, a page at a time.

import { get } from "./api.js";
import { el, empty } from "./dom.js";
import { count } from "./format.js";

const PAGE = 25;

/**
 * @param place the element to fill
 * @param path of the list in the API
 * @param caption of the table
 * @param columns [{title, sort: name in the API, numeric, cell: item -> element or text}]
 * @param sort the first order
 * @param nothing what stands there where the list is empty
 * @param nothingFound and where the filter lets nothing through
 */
export class List {
  constructor(place, path, { caption, columns, sort, nothing, nothingFound }) {
    this.place = place;
    this.path = path;
    this.caption = caption;
    this.columns = columns;
    this.sort = sort;
    this.nothing = nothing;
    this.nothingFound = nothingFound;
    this.filter = "";
    this.cursors = [""]; // of the pages up to the one shown
    this.busy = false;
    this.#build();
  }

  #build() {
    this.body = el("tbody");
    this.heads = this.columns.map((column) => this.#head(column));
    const caption = el("caption", {}, this.caption);
    caption.id = `${this.place.id}-caption`;
    this.table = el("table", {}, caption, el("thead", {}, el("tr", {}, ...this.heads)), this.body);
    this.scroll = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": caption.id }, this.table);
    this.before = el("button", { type: "button", onclick: () => this.#turn(-1) }, "Previous");
    this.after = el("button", { type: "button", onclick: () => this.#turn(1) }, "Next");
    this.where = el("span", { class: "quiet" });
    this.pager = el("div", { class: "pager" }, this.before, this.after, this.where);
    this.none = empty(this.nothing);
    this.#markSort();
  }

  #head(column) {
    const kind = column.numeric ? "num" : null;
    if (!column.sort) return el("th", { scope: "col", class: kind }, column.title);
    return el("th", { scope: "col", class: kind }, el("button", { type: "button", onclick: () => this.#sortBy(column) }, column.title));
  }

  #sortBy(column) {
    const down = `-${column.sort}`;
    this.sort = this.sort === column.sort || (this.sort !== down && column.numeric) ? down : column.sort;
    this.#markSort();
    this.first();
  }

  #markSort() {
    this.columns.forEach((column, i) => {
      if (this.sort === column.sort) this.heads[i].setAttribute("aria-sort", "ascending");
      else if (column.sort && this.sort === `-${column.sort}`) this.heads[i].setAttribute("aria-sort", "descending");
      else this.heads[i].removeAttribute("aria-sort");
    });
  }

  #turn(step) {
    if (step < 0) this.cursors.pop();
    else this.cursors.push(this.next);
    this.load();
  }

  /** Shows the first page, of what the filter lets through. */
  first(filter = this.filter) {
    this.filter = filter;
    this.cursors = [""];
    return this.load();
  }

  /** Asks again for the page that is shown. */
  async load() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const query = new URLSearchParams({ limit: PAGE, sort: this.sort });
      if (this.cursors.at(-1)) query.set("after", this.cursors.at(-1));
      if (this.filter) query.set("id", this.filter);
      this.#show(await get(`${this.path}?${query}`));
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      await this.load();
    }
  }

  #show(page) {
    if (page.items.length === 0 && this.cursors.length > 1) {
      this.first(); // what was on this page is gone
      return;
    }
    this.next = page.next;
    const rows = page.items.map((item) => el("tr", {}, ...this.columns.map((column) => el("td", { class: column.numeric ? "num" : column.wrap ? "wrap" : null }, column.cell(item)))));
    this.body.replaceChildren(...rows);
    this.before.disabled = this.cursors.length === 1;
    this.after.disabled = page.next == null;
    const from = (this.cursors.length - 1) * PAGE + 1;
    this.where.textContent = `${count(from)} to ${count(from + rows.length - 1)} of ${count(page.total)}`;
    this.none.textContent = this.filter ? this.nothingFound : this.nothing;
    const shown = rows.length === 0 ? [this.none] : page.total > PAGE ? [this.scroll, this.pager] : [this.scroll];
    // the focus stays where it is unless the list changes its kind
    if (shown.some((element, i) => this.place.children[i] !== element) || this.place.children.length !== shown.length) {
      this.place.replaceChildren(...shown);
    }
  }
}
