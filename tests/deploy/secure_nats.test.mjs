// SPDX-License-Identifier: MIT
// docs/howto/secure-nats.md does what it says: its commands are run, from top to bottom in one folder, and
// its configurations are those of a real nats-server. What needs `nsc` is left out: Debian has none.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {after, before, test} from "node:test";

import {startNats} from "../clients/nats_server.mjs";
import {blocks_of, root} from "./markdown.mjs";

const server = process.env.NATS_MCP_SERVER_BINARY;
const page = readFileSync(join(root, "docs/howto/secure-nats.md"), "utf8");

/** `{title, blocks}` for everything below a `## `. */
const sections = page.split(/^## /m).slice(1).map(section => ({
  title: section.slice(0, section.indexOf("\n")), blocks: blocks_of("docs/howto/secure-nats.md", section),
}));
const is_ours = ({directives}) => directives["run by"] === "tests/deploy/secure_nats.test.mjs";

let folder;
let nats;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "nats-mcp-secure-"));
  symlinkSync(join(root, "deploy"), join(folder, "deploy"));
});

after(async () => {
  await nats?.stop();
  rmSync(folder, {recursive: true});
});

/** Runs a block as the page has it, but for where the server is. */
function run(block) {
  const port = nats ? new URL(nats.url).port : "4222";
  const text = block.replaceAll("nats.example.org", "localhost").replaceAll(":4222", `:${port}`);
  return spawnSync("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder, encoding: "utf8",
    env: {PATH: `${dirname(server)}:/usr/bin:/bin`, HOME: "/nonexistent", NATS_MCP_LOCAL: "never", LOG_LEVEL: "ERROR"},
  });
}

/** Starts a server with the block as its configuration, and a store of its own. */
async function serve(block, name) {
  await nats?.stop();
  const made = block.replace("UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4", () =>
    readFileSync(join(folder, "ann.public"), "utf8").trim());
  // Files are named relative to the folder the server is started in.
  const files = made.replaceAll(/"([\w.]+\.(?:pem|key))"/g, (_, file) => `"${join(folder, file)}"`);
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, "nats-server.conf"), files);
  nats = await startNats(place, "nats-server.conf");
  return place;
}

/** The command with some of the variables before it taken away. */
const without = (block, variables) => block.replaceAll(new RegExp(`(?:${variables})=\\S+ (?:\\\\\\n *)?`, "g"), "");

function expect_problem(block, words) {
  const examined = run(block);
  assert.equal(examined.status, 1, `${block}\n${examined.stdout}${examined.stderr}`);
  assert.match(examined.stdout, words);
}

let admissions = 0;

for (const [number, {title, blocks}] of sections.entries()) {
  if (!blocks.some(is_ours)) continue;
  const runnable = blocks.filter(block => is_ours(block) || block.text.startsWith("# nats-server.conf"));
  test(`${title}: what it says is enough, and less is not`, async () => {
    for (const {text} of runnable) {
      if (text.startsWith("# nats-server.conf")) {
        await serve(text, `server-${number}`);
        continue;
      }
      const done = run(text);
      assert.equal(done.status, 0, `${text}\n${done.stdout}${done.stderr}`);
      if (!text.includes("doctor")) continue;
      assert.match(done.stdout, /Everything works/);
      ++admissions;
      if (text.includes("NATS_TLS_CA")) expect_problem(without(text, "NATS_TLS_CA"), /No TLS connection/);
      const secrets = "NATS_(?:TOKEN|USER|PASSWORD|NKEY_SEED_FILE|TLS_CERT|TLS_KEY)";
      if (without(text, secrets) !== text) {
        expect_problem(without(text, secrets), /asks for credentials, and none are set|asks for a client certificate, and none is set/);
      }
    }
  });
}

test("every way but that of nsc was tried", () => {
  assert.equal(admissions, 5);
});

test("secrets that were made can be read by their owner alone", () => {
  for (const name of ["ca.key", "server.key", "ann.key", "ann.nk"]) {
    assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  }
});

test("the store is as unreadable as it says", async () => {
  const block = sections.find(({title}) => title.startsWith("What is protected")).blocks.find(({text}) => text.includes("jetstream"));
  const stored = "what nobody else should read";
  const call = (id, method, params) => JSON.stringify({jsonrpc: "2.0", id, method, params});
  const lines = [
    call(1, "initialize", {protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {name: "test", version: "1"}}),
    call(2, "tools/call", {name: "send_message", arguments: {channel: "roadmap", message: stored}}),
  ].join("\n");
  const files_with = place => readdirSync(join(place, "store"), {recursive: true})
    .map(name => join(place, "store", name))
    .filter(file => statSync(file).isFile() && readFileSync(file).includes(stored));
  for (const [name, configuration, found] of [["plain", "", true], ["encrypted", block.text, false]]) {
    const place = await serve(configuration, name);
    const sent = run(`echo '${lines}' | NATS_URL=nats://127.0.0.1:4222 NATS_MCP_HANDLE=ann nats-mcp-server`);
    assert.match(sent.stdout, /Message sent to #roadmap/, sent.stderr);
    await nats.stop();
    nats = undefined;
    assert.equal(files_with(place).length > 0, found, name);
  }
});

test("every setting it names is one", () => {
  const settings = Object.keys(JSON.parse(readFileSync(join(root, "docs/reference/config.schema.json"), "utf8")).properties);
  const example = sections.flatMap(({blocks}) => blocks).find(({language}) => language === "json");
  for (const key of Object.keys(JSON.parse(example.text))) assert.ok(settings.includes(key), key);
  const reference = readFileSync(join(root, "docs/reference/configuration.md"), "utf8");
  for (const [name] of page.matchAll(/\bNATS_[A-Z_]+\b/g)) assert.ok(reference.includes(`\`${name}\``), name);
});
