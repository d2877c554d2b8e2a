// Who is here, how alive they are and how much they have to do.
import {by_id, keyed_list, make, set_attribute, set_text, show_more} from "./dom.js";
import {plain, show} from "./text.js";
import {date_and_time, rough} from "./time.js";

// Whoever needs a look comes first.
const rank = {stale: 0, busy: 1, online: 2, offline: 3};
const words = {
  busy: "busy",
  online: "online",
  stale: "stale: no sign of life for a while",
  offline: "offline",
};

let known = {total: 0, agents: []};

function make_row() {
  const lamp = make("span", "lamp");
  const handle = make("span", "handle stranger");
  const type = make("span", "type stranger");
  const load = make("span", "load");
  const seen = make("time", "seen");
  const skills = make("span", "skills stranger");
  const host = make("span", "host stranger");
  const state = make("span", "unseen");
  const element = make(
    "li", "",
    make("span", "mark", lamp, state),
    handle, load, seen,
    make("span", "more-about", type, skills, host),
  );
  let last_seen = 0;
  return {
    element,
    update(agent) {
      set_attribute(element, "data-state", agent.status);
      set_text(state, words[agent.status] ?? agent.status);
      set_attribute(lamp, "title", words[agent.status] ?? agent.status);
      show(handle, agent.handle);
      show(type, agent.type);
      show(skills, agent.capabilities.join(" · "));
      show(host, agent.hostname);
      set_attribute(element, "title", plain(`${agent.guid}\n${agent.project}`).trim());
      const load_text = [
        agent.held > 0 ? `${agent.held} held` : "",
        agent.waiting > 0 ? `${agent.waiting} given` : "",
      ].filter(Boolean).join(", ");
      set_text(load, load_text);
      last_seen = Date.parse(agent.lastSeen);
      set_attribute(seen, "title", `Last sign of life ${date_and_time(agent.lastSeen)}`);
    },
    tick(now) {
      set_text(seen, Number.isNaN(last_seen) ? "" : rough(now - last_seen));
    },
  };
}

const narrow = matchMedia("(max-width: 760px)");
const list = new keyed_list(by_id("agent-list"), (agent) => agent.guid, make_row);
const filter = by_id("agents-filter");
const more = new show_more(by_id("agents-more"), () => (narrow.matches ? 5 : 15), render);
filter.addEventListener("input", render);
narrow.addEventListener("change", render);

function matches(agent, wanted) {
  return [agent.handle, agent.type, agent.hostname, agent.status, agent.project, ...agent.capabilities]
    .some((text) => text.toLowerCase().includes(wanted));
}

function render() {
  const wanted = filter.value.trim().toLowerCase();
  const sorted = known.agents
    .filter((agent) => wanted === "" || matches(agent, wanted))
    .sort((left, right) => (rank[left.status] ?? 9) - (rank[right.status] ?? 9)
      || left.handle.localeCompare(right.handle) || left.guid.localeCompare(right.guid));
  list.update(more.cut(sorted, wanted === "" ? known.total : sorted.length));
  const count = wanted === "" ? `${known.total}` : `${sorted.length} of ${known.total}`;
  set_text(by_id("agents-count"), known.total > 0 ? count : "");
  set_text(by_id("jump-agents"), `${known.total}`);
  by_id("agents-empty").hidden = known.total > 0;
  filter.hidden = known.total < 8 && wanted === "";
  on_render();
}

let on_render = () => {};

// Shows the part `agents`. @param then is called whenever rows came or went.
export function show_agents(part, then) {
  known = part;
  on_render = then;
  render();
}

export function tick_agents(now) {
  list.tick(now);
}
