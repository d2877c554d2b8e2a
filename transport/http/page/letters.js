// Dead letters, and the two things that can be done about them.
import {announce, by_id, keyed_list, make, set_attribute, set_text, show_more} from "./dom.js";
import {plain, show} from "./text.js";
import {date_and_time, rough} from "./time.js";

let known = {total: 0, items: []};
// Of items somebody just retried or discarded here: nothing is offered for them twice.
const under_way = new Set();

async function post(item, action) {
  under_way.add(item.id);
  render();
  const what = `“${plain(item.description) || item.id}”`;
  try {
    const answer = await fetch(`dead-letters/${encodeURIComponent(item.id)}/${action}`, {
      method: "POST",
      headers: {"X-Nats-Mcp": "page"},
    });
    const text = (await answer.text()).trim();
    if (answer.status === 401) {
      location.reload();
      return;
    }
    announce(answer.ok ? `${text}` : `${what} stays: ${plain(text)}`, answer.ok ? "done" : "failed");
  } catch {
    announce(`Not known whether ${what} was touched: the coordinator did not answer.`, "failed");
  } finally {
    under_way.delete(item.id);
    render();
  }
}

function confirm_discard(item) {
  const dialog = by_id("discard");
  show(by_id("discard-what"), item.description || item.id);
  dialog.returnValue = "keep";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "discard") {
      post(item, "discard");
    }
  }, {once: true});
  dialog.showModal();
}

function make_row(first) {
  let item = first;
  const what = make("span", "what stranger");
  const reason = make("span", "reason stranger");
  const capability = make("span", "capability stranger");
  const task = make("span", "task stranger");
  const attempts = make("span", "attempt");
  const who = make("span", "who stranger");
  const since = make("time", "since");
  const retry = make("button", "", "Retry");
  const discard = make("button", "quiet danger", "Discard");
  retry.type = discard.type = "button";
  retry.addEventListener("click", () => post(item, "retry"));
  discard.addEventListener("click", () => confirm_discard(item));
  const element = make(
    "li", "",
    make("span", "main", what, reason, make("span", "about", capability, task, attempts, who, since)),
    make("span", "actions", retry, discard),
  );
  return {
    element,
    update(next) {
      item = next;
      show(what, item.description);
      show(reason, item.reason);
      show(capability, item.capability);
      show(task, item.task);
      set_text(attempts, item.attempts === 1 ? "1 attempt" : `${item.attempts} attempts`);
      show(who, item.worker.handle ? `last with ${item.worker.handle}` : "");
      set_attribute(since, "title", date_and_time(item.since));
      const name = plain(item.description).slice(0, 60) || item.id;
      set_attribute(retry, "aria-label", `Retry ${name}`);
      set_attribute(discard, "aria-label", `Discard ${name}`);
      retry.disabled = discard.disabled = under_way.has(item.id);
    },
    tick(now) {
      const at = Date.parse(item.since);
      set_text(since, Number.isNaN(at) ? "" : `died ${rough(now - at)} ago`);
    },
  };
}

const list = new keyed_list(by_id("letters"), (item) => item.id, make_row);
const more = new show_more(by_id("letters-more"), 2, render);

function render() {
  const had_focus = by_id("letters").contains(document.activeElement);
  list.update(more.cut(known.items, known.total));
  if (had_focus && !by_id("letters").contains(document.activeElement)) {
    // The row somebody stood on is gone: stay near it.
    (by_id("letters").querySelector("button:not(:disabled)") ?? by_id("work")).focus({preventScroll: true});
  }
  by_id("letters-empty").hidden = known.total > 0;
  set_text(by_id("letters-count"), known.total > 0 ? `${known.total}` : "");
  set_text(by_id("jump-letters"), `${known.total}`);
  set_attribute(by_id("dead-letters"), "data-some", known.total > 0 ? "" : null);
  on_render();
}

let on_render = () => {};

// Shows the part `dead-letters`. @param then is called whenever rows came or went.
export function show_letters(part, then) {
  known = part;
  on_render = then;
  render();
}

export function tick_letters(now) {
  list.tick(now);
}

// How long ago the newest died; nothing without one.
export function newest_death(now) {
  return known.items.length > 0 ? now - Date.parse(known.items[0].since) : undefined;
}
