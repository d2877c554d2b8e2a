// SPDX-License-Identifier: MIT
// The plugin of Claude Code, as far as its rules are written down; the program `claude plugin validate`
// knows more, but is no dependency of ours.
import assert from "node:assert/strict";
import {existsSync, readFileSync, readdirSync} from "node:fs";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import {parse} from "yaml";

import {start_agent} from "./agent.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const plugin = join(root, "deploy/claude-plugin");
const manifest = JSON.parse(readFileSync(join(plugin, ".claude-plugin/plugin.json"), "utf8"));
const {mcpServers: servers} = JSON.parse(readFileSync(join(plugin, ".mcp.json"), "utf8"));
const version = /^ +VERSION ([0-9.]+)$/m.exec(readFileSync(join(root, "CMakeLists.txt"), "utf8"))[1];
const tools = [...readFileSync(join(root, "docs/reference/tools.md"), "utf8").matchAll(/^## `([a-z_]+)`$/gm)].map(found => found[1]);

test("the manifest has a name of lowercase words, the project's version, and no member that Claude Code does not know", () => {
  assert.match(manifest.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  assert.equal(manifest.version, version);
  const known = ["name", "version", "description", "author", "homepage", "repository", "license", "keywords", "commands",
                 "agents", "skills", "hooks", "mcpServers", "outputStyles", "lspServers", "channels", "userConfig"];
  assert.deepEqual(Object.keys(manifest).filter(member => !known.includes(member)), []);
});

test("the server's entry starts the program, with settings that exist", () => {
  const reference = readFileSync(join(root, "docs/reference/configuration.md"), "utf8");
  for (const {command, env} of Object.values(servers)) {
    assert.equal(command, "nats-mcp-server");
    for (const variable of Object.keys(env ?? {})) {
      assert.ok(reference.includes(`\`${variable}\``), variable);
    }
  }
});

test("every command says what it does and names only tools that there are", () => {
  const files = readdirSync(join(plugin, "commands"));
  assert.ok(files.includes("check-messages.md") && files.includes("introduce-yourself.md"));
  for (const file of files) {
    assert.match(file, /^[a-z]+(-[a-z]+)*\.md$/);
    const [, head, body] = /^---\n([^]*?)\n---\n([^]*)$/.exec(readFileSync(join(plugin, "commands", file), "utf8"));
    const {description, "argument-hint": hint, ...rest} = parse(head);
    assert.ok(description.length > 0 && description.length <= 100, file);
    assert.deepEqual(rest, {});
    assert.equal(hint !== undefined, body.includes("$ARGUMENTS"), `${file}: an argument without a hint, or the other way round`);
    const named = [...body.matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)].map(found => found[0]);
    assert.ok(named.length > 0, file);
    assert.deepEqual(named.filter(name => !tools.includes(name)), [], file);
  }
});

test("the hook asks the plugin's own server, for something it knows, in words that the hook understands", async () => {
  const {hooks, description, ...rest} = JSON.parse(readFileSync(join(plugin, "hooks/hooks.json"), "utf8"));
  assert.ok(description);
  assert.deepEqual(rest, {});
  assert.deepEqual(Object.keys(hooks), ["UserPromptSubmit"]);
  const agent = await start_agent([process.env.NATS_MCP_SERVER_BINARY], {env: {...process.env, NATS_MCP_LOCAL: "never"}});
  const offered = await agent.tools();
  for (const {type, server, tool, input, timeout, ...others} of hooks.UserPromptSubmit.flatMap(each => each.hooks)) {
    assert.equal(type, "mcp_tool");
    // A server of a plugin is called so in Claude Code.
    assert.ok(Object.keys(servers).some(name => server === `plugin:${manifest.name}:${name}`), server);
    assert.ok(timeout > 0 && timeout <= 10, "somebody waits for it");
    assert.deepEqual(others, {});
    const {inputSchema: schema} = offered.find(each => each.name === tool);
    assert.deepEqual(Object.keys(input).filter(name => !(name in schema.properties)), []);
    // JSON, or Claude Code would show it as it is; what it says of news is tested by prompt_hook.
    const said = await agent.call(tool, input);
    assert.deepEqual(said, {text: "{}", failed: false});
  }
  assert.equal(await agent.end(), 0);
});

test("the marketplace offers this plugin under its name", () => {
  const marketplace = JSON.parse(readFileSync(join(root, ".claude-plugin/marketplace.json"), "utf8"));
  assert.match(marketplace.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  assert.ok(marketplace.owner.name);
  for (const {name, source} of marketplace.plugins) {
    assert.ok(source.startsWith("./"));
    assert.ok(existsSync(join(root, source, ".claude-plugin/plugin.json")));
    assert.equal(name, JSON.parse(readFileSync(join(root, source, ".claude-plugin/plugin.json"), "utf8")).name);
  }
});
