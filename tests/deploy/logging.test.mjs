// SPDX-License-Identifier: MIT
// The table of docs/logging.md against the sources: every event that they write, and no other.
import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";

import {root} from "./markdown.mjs";

const read = path => readFileSync(join(root, path), "utf8");

/** Texts with a dot in them that are no events. A new one of either kind has to be told apart by somebody. */
const other_texts = ["config.json", "engine.json", "engine.lock", "engine.log", "users.lock", "scheduler.policy"];

const files_below = folder => readdirSync(join(root, folder), {withFileTypes: true})
  .flatMap(entry => (entry.isDirectory() ? files_below(join(folder, entry.name)) : [join(folder, entry.name)]));

// Without comments, but with what stands behind "http://".
const sources = ["actors", "protocol", "transport"].flatMap(files_below).filter(path => /\.(cpp|hpp)$/.test(path))
  .map(read).join("\n").replaceAll(/("(?:[^"\\\n]|\\.)*")|\/\/.*$/gm, (all, text) => text ?? "");

/** The events that `text` writes, sorted: those that stand there, and those of the kinds of supervision. */
function events_of(text) {
  const written = [...text.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, id]) => id).filter(id => !other_texts.includes(id));
  const kinds = [...text.matchAll(/case supervision_event::kind::\w+:\s*return "(\w+)";/g)].map(([, kind]) => `supervisor.${kind}`);
  return [...new Set([...written, ...kinds])].sort();
}

/** The names in the first column of the page's table, sorted; one that stands there twice is twice in it. */
const events_in = page => page.split("\n").filter(line => line.startsWith("| `"))
  .flatMap(row => [...row.split("|")[1].matchAll(/`([^`]+)`/g)].map(([, id]) => id)).sort();

test("the table of the log has every event that is written, once, and no other", () => {
  assert.deepEqual(events_in(read("docs/logging.md")), events_of(sources));
});

test("the events are understood", () => {
  const events = events_of(sources);
  assert.ok(events.length >= 20, String(events.length));
  for (const id of ["server.started", "gateway.reconnected", "log.dropped", "supervisor.given_up"]) assert.ok(events.includes(id), id);
  assert.ok(sources.includes('"supervisor." + what'));
  assert.deepEqual(events_of('log("a.b"); open("config.json"); case supervision_event::kind::x:\n  return "x";'), ["a.b", "supervisor.x"]);
  assert.deepEqual(events_in("| event | when |\n|---|---|\n| `b.c`, `a.b` | `d.e` |\n"), ["a.b", "b.c"]);
});
