// SPDX-License-Identifier: MIT
// The pictures and tables of docs/architecture.md against the wiring in actors/system: the same actors, each
// speaking to whom it is given.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";

import {root} from "./markdown.mjs";

const read = path => readFileSync(join(root, path), "utf8");
const spoken = name => name.replaceAll(/[-_]/g, " ");

/** Who is given whom, by the wiring of one tree: each actor under its id, with the parts it is handed. */
function wiring_of(sources) {
  const names = Object.fromEntries([...sources.matchAll(/^constexpr auto (\w+) = "([a-z-]+)";$/gm)].map(([, name, id]) => [name, id]));
  const wiring = {};
  const give = (name, text) => {
    const id = spoken(names[name]);
    const given = [...text.matchAll(/\bparts\.(\w+)/g)].map(found => spoken(found[1]));
    wiring[id] = [...new Set(given)].filter(other => other !== id).sort();
  };
  // A part's options are filled by a function of its own, or written in one piece.
  for (const [, name, rest] of sources.matchAll(/\bchild_id = (\w+);([^]*?)\n *return\b/g)) give(name, rest);
  for (const [, name, rest] of sources.matchAll(/_options\{(\w+_(?:id|name)),([^}]*)\}/g)) give(name, rest);
  const started = [...sources.matchAll(/(?:permanent|remembering|forgetful)_child\(\s*(\w+),|\bhttp\.id = (\w+);/g)]
    .map(([, name, other]) => names[name ?? other]).filter(Boolean).map(spoken);
  for (const id of started) wiring[id] ??= [];
  return {wiring, started};
}

/** The pictures of the page: the actors in brackets. */
const pictures_of = page => [...page.matchAll(/^```\n([^]*?)^```$/gm)]
  .map(([, picture]) => [...picture.matchAll(/\[([a-z ]+)\]/g)].map(found => found[1]).sort());

/** The tables of actors: whom each speaks to, but for what is no actor. */
const tables_of = page => [...page.matchAll(/^\| actor \| owns \| speaks to \|.*\n\|[-|]+\n((?:\|.*\n)+)/gm)].map(([, rows]) =>
  Object.fromEntries(rows.trim().split("\n").map(row => row.split("|").map(cell => cell.trim())).filter(([, actor]) => actor !== "supervisor")
    .map(([, actor, , others]) => [actor, others.split(", ").filter(other => !/^the /.test(other)).sort()])));

const page = read("docs/architecture.md");
const server = wiring_of(read("actors/system/server_system.cpp"));
const coordinator = wiring_of(read("actors/system/coordinator_system.cpp") + read("actors/main/coordinate_command.cpp"));

test("the wiring is understood", () => {
  assert.equal(server.started.length, Object.keys(server.wiring).length);
  assert.ok(server.started.length >= 8 && coordinator.started.length >= 6);
  assert.deepEqual(server.wiring.heartbeat, ["gateway", "registry"]);
});

test("every actor that is started stands in its picture, and no other", () => {
  assert.deepEqual(pictures_of(page), [server, coordinator].map(tree => [...tree.started].sort()));
});

test("every actor speaks to those that its row says", () => {
  assert.deepEqual(tables_of(page), [server.wiring, coordinator.wiring]);
});

test("the page of supervision names the parts in the order in which they are started", () => {
  const said = /started in this order: ([^.]+)\./.exec(read("docs/supervision.md"))[1];
  assert.deepEqual(said.split(/,\s+/).map(name => name.replaceAll(/\s+/g, " ")), server.started);
});

test("an actor that is missing, and one that is given another, are found", () => {
  const fewer = wiring_of(read("actors/system/server_system.cpp").replace("out.registry = parts.registry;", ""));
  assert.notDeepEqual(tables_of(page)[0], fewer.wiring);
  assert.notDeepEqual(pictures_of(page.replace("[inbox]", " inbox "))[0], [...server.started].sort());
});
