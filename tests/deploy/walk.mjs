// SPDX-License-Identifier: MIT
// Follows a page as its reader does: its commands in a terminal of each machine, in their order, its
// conversations with agents that are started as the page had them added to Claude Code.
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

import {start_agent} from "./agent.mjs";
import {blocks_of, conversation_of, is_conversation, is_shell, root} from "./markdown.mjs";

/** Longest run of a block of commands, on a busy machine. */
const block_within_ms = 120_000;
const end_within_ms = 10_000;

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const without_times = text => text.replaceAll(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>");

/** Waits until `condition` holds, or fails with what() says. */
export async function until(what, condition) {
  const deadline = Date.now() + block_within_ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what()}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** A terminal: a shell that keeps its directory and variables from block to block, and ends at a failure. */
class Terminal {
  constructor({prefix, home, environment}) {
    this.printed = "";
    this.ended = undefined;
    this.blocks = 0;
    this.home = home;
    const [program, ...words] = [...prefix, "bash", "--noprofile", "--norc"];
    // With a group of its own, in which everything is that was started in it.
    this.shell = spawn(program, words, {stdio: ["pipe", "pipe", "pipe"], cwd: home, env: environment, detached: true});
    for (const stream of [this.shell.stdout, this.shell.stderr]) stream.on("data", chunk => { this.printed += chunk; });
    this.over = new Promise(resolve => {
      this.shell.once("error", error => { this.printed += error.message; this.ended = -1; resolve(-1); });
      this.shell.once("exit", (code, signal) => { this.ended = signal ?? code; resolve(this.ended); });
    });
    this.shell.stdin.on("error", () => {}); // told by `ended`
    this.shell.stdin.write("set -euo pipefail\n");
  }

  /** Runs a block to its end. @returns what it printed. */
  async run(text) {
    const before = this.printed.length;
    const done = await this.#begin(text);
    await until(() => text, () => this.ended !== undefined || this.printed.includes(done, before));
    const said = this.printed.slice(before).replace(`${done}\n`, "");
    if (!this.printed.includes(done, before)) throw new Error(`it ended with ${this.ended}:\n${text}\n${said}`);
    return said;
  }

  /** Runs a block that goes on, until it has printed `wanted`. */
  async run_until(text, wanted) {
    await this.#begin(text);
    await until(() => `${wanted} of\n${text}\n${this.printed}`, () => this.ended !== undefined || this.printed.includes(wanted));
    if (!this.printed.includes(wanted)) throw new Error(`it ended with ${this.ended}:\n${text}\n${this.printed}`);
  }

  async #begin(text) {
    const file = join(this.home, `.block-${++this.blocks}-${this.shell.pid}`);
    writeFileSync(file, `${text}\n`);
    const done = `-- block ${this.blocks} is over --`;
    this.shell.stdin.write(`. '${file}' </dev/null; rm '${file}'; echo '${done}'\n`);
    return done;
  }

  /** Ends it, and what it started. */
  async end() {
    this.shell.stdin.end();
    const signal = name => {
      try {
        return process.kill(-this.shell.pid, name);
      } catch {
        return false; // nobody is left
      }
    };
    signal("SIGTERM");
    const deadline = Date.now() + end_within_ms;
    while (signal(0) && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 20));
    signal("SIGKILL");
    await this.over;
  }
}

/**
 * A machine of the page: {name, prefix, home, environment}. `prefix` is the command before every command on it,
 * such as `ip netns exec alpha`; its home is made.
 */
class Machine {
  constructor({name, prefix, home, environment}) {
    Object.assign(this, {name, prefix, home, environment});
    mkdirSync(home, {recursive: true});
    this.terminal = new Terminal(this);
    this.others = [];
  }

  /** In a terminal of its own, that begins where the first one stands and goes on until the page is over. */
  async run_until(text, wanted) {
    const other = new Terminal(this);
    this.others.push(other);
    await other.run(await this.#where());
    await other.run_until(text, wanted);
  }

  /** An agent, started as Claude Code starts the server that was added to it. */
  async agent() {
    const command = ["bash", "-c", `${await this.#where()}\nexec claude start`];
    const [program, ...words] = [...this.prefix, ...command];
    return start_agent([program, ...words], {cwd: this.home, env: this.environment});
  }

  /** Commands that bring another shell to the directory and the variables of the first one. */
  async #where() {
    return (await this.terminal.run("export -p; printf 'cd %q\\n' \"$PWD\"")).trimEnd();
  }

  async end(last_command) {
    for (const terminal of [...this.others, this.terminal]) await terminal.end();
    const last = new Terminal(this);
    await last.run(`${last_command} || true`);
    await last.end();
  }
}

/**
 * Follows a page, a path or {name, content}, on `machines`; a block that does not say on which one belongs to the
 * first. `replace` makes of a block's text what is run; `at_end` is run on each machine, whatever happened.
 * @returns how many blocks were followed.
 */
export async function walk(page, machines, {replace = text => text, at_end = ":"} = {}) {
  const {name: title = page, content = readFileSync(join(root, page), "utf8")} = page;
  const agents = new Map();
  const told = {agents, guids: new Map()};
  const homes = /^<!-- agents: (.+) -->$/m.exec(content)?.[1] ?? "";
  const machine_of = Object.fromEntries(homes.split(", ").filter(Boolean).map(text => text.split(" on ")));
  const by_name = Object.fromEntries(machines.map(each => [each.name, new Machine(each)]));
  const first = by_name[machines[0].name];
  let run = 0;
  try {
    for (const block of blocks_of(title, content)) {
      const {directives, place} = block;
      const here = directives["run on"] === undefined ? first : by_name[directives["run on"]];
      try {
        if (is_conversation(block)) await talk(block.text, told, name => by_name[machine_of[name]].agent());
        else if (is_shell(block) && !("not run" in directives) && !("run by" in directives)) await run_commands(block, here, replace);
        else continue;
      } catch (failure) {
        throw new Error(`${place}: ${failure.message}`);
      }
      run += 1;
    }
    for (const [name, agent] of agents) assert.equal(await agent.end(), 0, name);
    return run;
  } finally {
    for (const agent of agents.values()) await agent.end();
    for (const machine of Object.values(by_name)) await machine.end(at_end);
  }
}

async function run_commands({text, directives}, machine, replace) {
  if (directives["run after"] !== undefined) await machine.terminal.run(replace(directives["run after"]));
  if (directives["run until"] !== undefined) await machine.run_until(replace(text), directives["run until"]);
  else await machine.terminal.run(replace(text));
}

/** `guids`: the real one for each of the page, learnt from the answers. */
async function talk(text, {agents, guids}, start) {
  const real = said => said.replaceAll(guid, found => guids.get(found) ?? found);
  for (const {agent, tool, arguments: given, answer} of conversation_of(text)) {
    if (!agents.has(agent)) agents.set(agent, await start(agent));
    const said = await agents.get(agent).call(tool, JSON.parse(real(JSON.stringify(given))));
    // An answer that is not shown may be any but an error; of one that ends with … the beginning counts.
    const open_end = answer === "" || answer.endsWith("…");
    const wanted = answer.replace(/…$/, "");
    const got = open_end ? said.text.slice(0, wanted.length) : said.text;
    const real_ones = got.match(guid) ?? [];
    (wanted.match(guid) ?? []).forEach((found, at) => guids.has(found) || guids.set(found, real_ones[at] ?? found));
    assert.equal(without_times(got), without_times(real(wanted)), `${agent} > ${tool}`);
    assert.equal(said.failed, false, `${agent} > ${tool}: ${said.text}`);
  }
}

/** A folder that is gone when `use` is over. */
export async function in_folder(use) {
  const folder = mkdtempSync(join(tmpdir(), "nats-mcp-page-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
