// The page: one stream of events from the coordinator, each of them one part of what is shown,
// whole. Between them only the clocks tick.
import {show_agents, tick_agents} from "./agents.js";
import {show_channels} from "./channels.js";
import {by_id, set_attribute, set_text} from "./dom.js";
import {newest_death, show_letters, tick_letters} from "./letters.js";
import {show} from "./text.js";
import {last_hour, show_throughput} from "./throughput.js";
import {clock, rough, server_now, server_says} from "./time.js";
import {longest, show_work, tick_work} from "./work.js";

// The server says its time every 10 s: after so much silence there is no connection.
const silence_max = 35_000;
const retry_after = 4_000;

const numbers = {agents: [], counts: {}, dead: 0, has_work: false};

// -- figures -------------------------------------------------------------------------------------

function write_figures(now) {
  const of = (status) => numbers.agents.filter((agent) => agent.status === status).length;
  const [busy, online, stale] = [of("busy"), of("online"), of("stale")];
  set_text(by_id("figure-agents"), String(busy + online));
  set_text(by_id("note-agents"), [busy ? `${busy} busy` : "", stale ? `${stale} stale` : ""]
    .filter(Boolean).join(", ") || (online ? "all idle" : "nobody"));
  if (numbers.has_work) {
    set_text(by_id("figure-waiting"), (numbers.counts.pending ?? 0).toLocaleString());
    const waited = longest("pending", now);
    set_text(by_id("note-waiting"), waited === undefined ? "none" : `longest ${rough(waited)}`);
    set_text(by_id("figure-progress"), (numbers.counts.claimed ?? 0).toLocaleString());
    const held = longest("claimed", now);
    set_text(by_id("note-progress"), held === undefined ? "none" : `longest ${clock(held)}`);
  }
  set_text(by_id("figure-dead"), numbers.dead.toLocaleString());
  const died = newest_death(now);
  set_text(by_id("note-dead"), died === undefined ? "none" : `newest ${rough(died)} ago`);
  set_attribute(by_id("cell-dead"), "data-some", numbers.dead > 0 ? "" : null);
  const dead = numbers.dead > 0 ? `${numbers.dead} dead · ` : "";
  document.title = `${dead}${numbers.counts.claimed ?? 0} in progress · Coordinator`;
}

function write_hour() {
  const done = last_hour("completed");
  set_text(by_id("figure-completed"), done.toLocaleString());
  const by_minute = done / 60;
  set_text(by_id("note-completed"), done === 0 ? "none" : `${by_minute < 10 ? by_minute.toFixed(1) : Math.round(by_minute)} a minute`);
  const failed = last_hour("failed");
  set_text(by_id("figure-failed"), failed.toLocaleString());
  const attempts = last_hour("claimed");
  set_text(by_id("note-failed"), attempts > 0 ? `${Math.round((100 * failed) / attempts)} % of attempts` : "none");
}

function tick() {
  const now = server_now();
  tick_agents(now);
  tick_work(now);
  tick_letters(now);
  write_figures(now);
}

function show_coordinator(part) {
  const element = by_id("leader");
  if (part.leads) {
    set_text(element, `Leads, term ${part.term}`);
  } else if (part.leader) {
    show(element, `Stands by; ${part.leader.slice(0, 8)} leads`);
  } else {
    set_text(element, "Nobody leads");
  }
  set_attribute(element, "title", part.leader || null);
  set_attribute(element, "data-leads", part.leads ? "yes" : part.leader ? "no" : "nobody");
}

// -- the connection ------------------------------------------------------------------------------

const parts = {
  clock: (part) => server_says(part.now),
  sight(part) {
    by_id("banner").hidden = part.ok;
    show(by_id("banner"), part.ok ? "" : `What is shown may be old: ${part.reason}`);
  },
  coordinator: show_coordinator,
  agents(part) {
    numbers.agents = part.agents;
    show_agents(part, tick);
  },
  work(part) {
    numbers.counts = part.counts;
    numbers.has_work = true;
    show_work(part, tick);
  },
  "dead-letters"(part) {
    numbers.dead = part.total;
    show_letters(part, tick);
  },
  channels: show_channels,
  throughput(part) {
    show_throughput(part);
    write_hour();
  },
};

let source = null;
let last_heard = 0;
let again = 0;

function state(name, text) {
  set_attribute(by_id("link"), "data-state", name);
  set_text(by_id("link-text"), text);
  document.documentElement.dataset.link = name;
}

function connect() {
  clearTimeout(again);
  source?.close();
  source = new EventSource("events");
  last_heard = Date.now();
  source.onopen = () => {
    last_heard = Date.now();
    state("live", "Live");
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      refused();
    } else {
      state("lost", "Reconnecting");
    }
  };
  for (const [name, use] of Object.entries(parts)) {
    source.addEventListener(name, (event) => {
      last_heard = Date.now();
      use(JSON.parse(event.data));
    });
  }
}

// The coordinator answered, but with no stream: the session is over, or too many pages are open.
async function refused() {
  state("lost", "Reconnecting");
  try {
    const answer = await fetch("session");
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (answer.ok) {
      state("lost", "Too many pages are open; trying again");
    }
  } catch {
    // It is gone; the next attempt tells.
  }
  again = setTimeout(connect, retry_after);
}

setInterval(() => {
  if (!document.hidden) {
    tick();
  }
  if (source.readyState !== EventSource.CLOSED && Date.now() - last_heard > silence_max) {
    state("lost", "Reconnecting");
    connect();
  }
}, 1000);
document.addEventListener("visibilitychange", () => document.hidden || tick());

// -- keys and colours ----------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  const is_typing = event.target.matches("input, textarea, dialog *");
  if (event.key === "/" && !is_typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const filter = by_id("agents-filter");
    if (!filter.hidden) {
      event.preventDefault();
      filter.focus();
    }
  }
});

const colours = {
  auto: {next: "light", text: "Auto", label: "Colours: as the system has them"},
  light: {next: "dark", text: "Light", label: "Colours: light"},
  dark: {next: "auto", text: "Dark", label: "Colours: dark"},
};
function use_colours(choice) {
  const root = document.documentElement;
  if (choice === "auto") {
    delete root.dataset.colours;
  } else {
    root.dataset.colours = choice;
  }
  set_text(by_id("theme-text"), colours[choice].text);
  set_attribute(by_id("theme"), "aria-label", `${colours[choice].label}. Press for the next.`);
}
by_id("theme").addEventListener("click", () => {
  const choice = colours[document.documentElement.dataset.colours ?? "auto"].next;
  use_colours(choice);
  try {
    localStorage.setItem("colours", choice);
  } catch {
    // Storage may be forbidden; then it holds for this page.
  }
});
use_colours(document.documentElement.dataset.colours ?? "auto");

connect();
