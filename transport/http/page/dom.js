// The few things the parts of the page need of the document.
import {show} from "./text.js";

export const by_id = (id) => document.getElementById(id);

// An element with a class, and others inside it.
export function make(tag, name = "", ...inside) {
  const out = document.createElement(tag);
  if (name) {
    out.className = name;
  }
  out.append(...inside);
  return out;
}

// Text of our own, written only if it is another than before.
export function set_text(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function set_attribute(element, name, value) {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

// A list whose rows stay the same elements as long as their keys do: focus, selection and what a
// screen reader has read are kept. A row is `{element, update(item), tick?(now)}`.
export class keyed_list {
  #parent;
  #key_of;
  #make_row;
  #rows = new Map();

  constructor(parent, key_of, make_row) {
    this.#parent = parent;
    this.#key_of = key_of;
    this.#make_row = make_row;
  }

  update(items) {
    const left = new Map(this.#rows);
    let before = this.#parent.firstElementChild;
    for (const item of items) {
      const key = this.#key_of(item);
      let row = this.#rows.get(key);
      if (!row) {
        row = this.#make_row(item);
        this.#rows.set(key, row);
      }
      left.delete(key);
      row.update(item);
      if (row.element === before) {
        before = before.nextElementSibling;
      } else {
        this.#parent.insertBefore(row.element, before);
      }
    }
    for (const [key, row] of left) {
      row.element.remove();
      this.#rows.delete(key);
    }
  }

  tick(now) {
    for (const row of this.#rows.values()) {
      row.tick?.(now);
    }
  }
}

// "Show all 200" under a list that begins with a few.
export class show_more {
  // @param few how many are shown at first: a number, or what says it now.
  #button;
  #few;
  #is_open = false;

  constructor(button, few, on_change) {
    this.#button = button;
    this.#few = typeof few === "function" ? few : () => few;
    button.addEventListener("click", () => {
      this.#is_open = !this.#is_open;
      on_change();
    });
  }

  // @param total how many there are in all, those the server did not send included.
  cut(items, total = items.length) {
    const few = this.#few();
    const is_long = items.length > few;
    const unsent = total > items.length ? `, of ${total}` : "";
    this.#button.hidden = !is_long;
    set_attribute(this.#button, "aria-expanded", String(this.#is_open));
    set_text(this.#button, this.#is_open ? `Show the first ${few}` : `Show all ${items.length}${unsent}`);
    return is_long && !this.#is_open ? items.slice(0, few) : items;
  }
}

// What happened, in words, for eyes and screen readers.
let toast_end = 0;
export function announce(text, kind = "done") {
  const toast = by_id("toast");
  toast.dataset.kind = kind;
  toast.classList.add("shown");
  show(toast, "");
  // Another task: the same words again are read out again.
  setTimeout(() => show(toast, text), 30);
  clearTimeout(toast_end);
  toast_end = setTimeout(() => toast.classList.remove("shown"), 8000);
}
