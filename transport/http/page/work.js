// Open work: who holds what and for how long, what is given to somebody, what waits.
import {by_id, keyed_list, make, set_attribute, set_text, show_more} from "./dom.js";
import {show} from "./text.js";
import {clock, date_and_time, rough} from "./time.js";

// A lease with less time left is shown as a worry.
const short_lease = 15_000;

let known = {counts: {}, total: 0, items: []};

function place_of(item) {
  if (item.state === "claimed") {
    return "held";
  }
  return item.worker ? "given" : "waiting";
}

function make_row() {
  const what = make("span", "what stranger");
  const task = make("span", "task stranger");
  const capability = make("span", "capability stranger");
  const priority = make("span", "priority");
  const attempt = make("span", "attempt");
  const note = make("span", "note stranger");
  const who = make("span", "who stranger");
  const since = make("time", "since");
  const until = make("span", "until");
  const bar = make("span", "bar");
  const track = make("span", "track", bar);
  const element = make(
    "li", "",
    make("span", "main", what, make("span", "about", capability, task, priority, attempt, note)),
    make("span", "holder", who, until),
    make("span", "age", since), track,
  );
  let item = null;
  return {
    element,
    update(next) {
      item = next;
      const at = place_of(item);
      set_attribute(element, "data-place", at);
      show(what, item.description);
      show(task, item.task);
      show(capability, item.capability);
      set_text(priority, `priority ${item.priority}`);
      set_attribute(priority, "data-high", item.priority >= 8 ? "" : null);
      set_text(attempt, item.attempt > 1 ? `attempt ${item.attempt} of ${item.maxAttempts}` : "");
      show(note, item.note ?? "");
      show(who, item.worker ? item.worker.handle || item.worker.guid : "");
      set_attribute(since, "title", `Since ${date_and_time(item.since)}; to be done by ${date_and_time(item.deadline)}`);
      track.hidden = item.progress === undefined;
      if (item.progress !== undefined) {
        const percent = Math.min(100, Math.max(0, item.progress));
        bar.style.width = `${percent}%`;
        set_attribute(track, "role", "img");
        set_attribute(track, "aria-label", `${Math.round(percent)} % done`);
      }
    },
    tick(now) {
      set_text(since, clock(now - Date.parse(item.since)));
      const left = Date.parse(item.leaseUntil ?? item.assignedUntil ?? "") - now;
      const noun = item.leaseUntil ? "lease" : "to claim";
      const over = item.leaseUntil ? "lease ran out" : "not claimed in time";
      set_text(until, Number.isNaN(left) ? "" : left > 0 ? `${noun} ${rough(left)}` : over);
      set_attribute(until, "data-short", left < short_lease ? "" : null);
    },
  };
}

// How many of each are shown at first.
const groups = Object.entries({held: 8, given: 4, waiting: 6}).map(([place, few]) => ({
  place,
  list: new keyed_list(by_id(`items-${place}`), (item) => item.id, make_row),
  more: new show_more(by_id(`more-${place}`), few, render),
}));

function render() {
  for (const {place, list, more} of groups) {
    const items = known.items.filter((item) => place_of(item) === place);
    // Only of the last kind some may be left out by the server.
    const unsent = place === "waiting" ? known.total - known.items.length : 0;
    list.update(more.cut(items, items.length + unsent));
    by_id(`group-${place}`).hidden = items.length === 0;
    set_text(by_id(`count-${place}`), `${items.length + unsent}`);
  }
  const left_out = known.leftOut ?? 0;
  by_id("work-left-out").hidden = left_out === 0;
  set_text(by_id("work-left-out"), `${left_out.toLocaleString()} more ${left_out === 1 ? "item is" : "items are"} neither counted nor shown: so many this coordinator does not keep in view.`);
  by_id("work-empty").hidden = known.total > 0;
  set_text(by_id("work-count"), known.total > 0 ? `${known.total} open` : "");
  set_text(by_id("jump-work"), `${known.total}`);
  on_render();
}

let on_render = () => {};

// Shows the part `work`. @param then is called whenever rows came or went.
export function show_work(part, then) {
  known = part;
  on_render = then;
  render();
}

export function tick_work(now) {
  for (const {list} of groups) {
    list.tick(now);
  }
}

// How long the item has been where it is that has been there longest; nothing without one.
export function longest(state, now) {
  const since = known.items.filter((item) => item.state === state).map((item) => Date.parse(item.since));
  return since.length > 0 ? now - Math.min(...since) : undefined;
}
