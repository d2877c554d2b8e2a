// SPDX-License-Identifier: MIT
// What stands in the documentation: that every command is run by a test or says why not, that calls of tools
// are calls of ours, that links and anchors lead somewhere, and what the README may be.
import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";
import Ajv from "ajv/dist/2020.js";

import {start_agent} from "./agent.mjs";
import {blocks_of, calls_of, conversation_of, dead_links, is_calls, is_conversation, is_shell, links_of, pages, root} from "./markdown.mjs";

const server = process.env.NATS_MCP_SERVER_BINARY;
const read = page => readFileSync(join(root, page), "utf8");
const everything = pages().flatMap(page => blocks_of(page));
const blocks = everything.filter(is_shell);

/** Commands of a block: its lines without those that only go on or comment. */
const commands_in = text => text.split("\n").filter(line => /^[^\s#]/.test(line));

/**
 * Which commands of a block of `page` the script `file` takes from there: a shell script by commands-of.sh, ours in JavaScript by
 * what stands above the block.
 */
function commands_taken(file, page, text) {
  if (!existsSync(join(root, file))) return [];
  const script = read(file).replaceAll(/^ *(?:#|\/\/).*$/gm, "");
  const commands = commands_in(text);
  if (file.endsWith(".mjs")) return script.includes(`"${page}"`) && script.includes('directives["run by"]') ? commands : [];
  const in_variable = /^page=\$PWD\/(\S+)$/m.exec(script)?.[1];
  return [...script.matchAll(/\bcommands_of"? (--lines )?(\S+) '([^']+)'/g)]
    .filter(([, , from]) => (from === '"$page"' ? in_variable : from) === page)
    .flatMap(([, lines_only, , beginning]) => {
      const begun = commands.filter(line => line.startsWith(beginning));
      return lines_only !== undefined || begun.length === 0 ? begun : commands;
    });
}

/** What is wrong with the scripts that a block of `page` says it is run by. */
function complaints_about_scripts(files, page, text) {
  const taken = files.map(file => commands_taken(file, page, text));
  const idle = files.filter((_, at) => taken[at].length === 0).map(file => `${file} takes no command of it`);
  return [...idle, ...commands_in(text).filter(command => idle.length === 0 && !taken.flat().includes(command)).map(command => `nobody runs ${command}`)];
}

/** What is wrong with how a page says that its commands are run, one sentence each. */
function complaints_about_running(page, content = read(page)) {
  const complaints = [];
  for (const {place, directives, language, text} of blocks_of(page, content)) {
    const {"not run": reason, "run by": file} = directives;
    const others = Object.keys(directives).length - (reason !== undefined) - (file !== undefined);
    if (reason !== undefined && reason.length < 10) complaints.push(`${place}: why is it not run?`);
    if ((reason !== undefined) + (file !== undefined) > 1 || ((reason ?? file) !== undefined && others > 0)) {
      complaints.push(`${place}: it is run, or it is not`);
    }
    if (file !== undefined) complaints.push(...complaints_about_scripts(file.split(", "), page, text).map(wrong => `${place}: ${wrong}`));
    // A block of shell under another name would be looked at by nobody.
    if (!["bash", "sh", "json", "yaml", "ini", "text", ""].includes(language)) complaints.push(`${place}: ${language}?`);
    if (language === "" && /^ *(\$|sudo|nats-mcp-server|claude mcp|npm|docker|kubectl) /m.test(text)) complaints.push(`${place}: a command in a block without a language`);
  }
  const heard = new Set(blocks_of(page, content).flatMap(block => block.lines_of_directives));
  content.split("\n").forEach((line, at) => {
    const agents = /^<!-- agents: [a-z]+ on [a-z]+(?:, [a-z]+ on [a-z]+)* -->$/.test(line);
    if (/^ *<!-- *(not|run|agent)/.test(line) && !agents && !heard.has(at + 1)) complaints.push(`${page}:${at + 1}: nobody hears ${line.trim()}`);
  });
  return complaints;
}

test("there are commands to look at", () => {
  assert.ok(blocks.length >= 20);
});

test("every command is run by a test, or says why not", () => {
  assert.deepEqual(pages().flatMap(page => complaints_about_running(page)), []);
});

test("a missing reason, a test that is not there and a misspelled comment are found", () => {
  const block = "```sh\nfalse\n```\n";
  for (const wrong of [`<!-- not run: no -->\n${block}`, `<!-- run by: deploy/none.sh -->\n${block}`, `<!-- run by: LICENSE -->\n${block}`,
                       `<!-- not runn: needs a cluster -->\n${block}`, `<!-- not run: needs a cluster -->\n\n${block}`,
                       `<!-- not run: needs a cluster -->\n<!-- run after: true -->\n${block}`,
                       "```shell\nfalse\n```\n", "```\nsudo rm -r /\n```\n", "<!-- agents: ann at home -->\n"]) {
    assert.equal(complaints_about_running("a.md", wrong).length, 1, wrong);
  }
  assert.deepEqual(complaints_about_running("a.md", `<!-- not run: needs a cluster -->\n${block}<!-- run on: alpha -->\n<!-- run until: x -->\n${block}`), []);
});

test("a script that takes other commands, those of another page or only some of them is found", () => {
  const said_of = (page, files, ...commands) => complaints_about_running(page, `<!-- run by: ${files} -->\n\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`)
    .map(wrong => wrong.replace(/^\S+ /, ""));
  const source = "deploy/packaging/test-source.sh";
  const everything_else = "deploy/packaging/test-everything.sh";
  const both = ["deploy/quickstart.sh  # first", "  # and more", "deploy/test.sh"];
  assert.deepEqual(said_of("README.md", `${source}, ${everything_else}`, ...both), []);
  assert.deepEqual(said_of("README.md", source, ...both), ["nobody runs deploy/test.sh"]);
  assert.deepEqual(said_of("README.md", `${source}, deploy/packaging/test-deb.sh`, ...both), ["deploy/packaging/test-deb.sh takes no command of it"]);
  assert.deepEqual(said_of("README.md", source, "deploy/package.sh"), [`${source} takes no command of it`]);
  assert.deepEqual(said_of("docs/operations.md", source, "deploy/quickstart.sh"), [`${source} takes no command of it`]);
  assert.deepEqual(said_of("docs/operations.md", "tests/deploy/secure_nats.test.mjs", "true"), ["tests/deploy/secure_nats.test.mjs takes no command of it"]);
  assert.deepEqual(said_of("deploy/npm/README.md", "tests/deploy/npm_package.sh", "npx nats-mcp-server doctor"), []);
});

test("a shell understands every command", () => {
  for (const {place, text, directives} of blocks) {
    for (const commands of [text, directives["run after"] ?? ":"]) {
      const checked = spawnSync("bash", ["-n"], {input: commands, encoding: "utf8"});
      assert.equal(checked.status, 0, `${place}: ${checked.stderr}`);
    }
  }
});

test("every file of the repository that a command names is there", () => {
  for (const {place, text} of blocks) {
    const code = text.replaceAll(/#.*$/gm, "");
    for (const [path] of code.matchAll(/(?<![\w./-])(?:deploy|docs|tests)\/[\w./-]+/g)) {
      assert.ok(existsSync(join(root, path)), `${place}: ${path}`);
    }
  }
});

test("every command and option of nats-mcp-server is there, in blocks and in sentences", () => {
  const help = (...words) => execFileSync(server, [...words, "--help"], {encoding: "utf8"});
  const commands = text => [.../^Subcommands:\n((?: .*\n)*)/m.exec(text)?.[1].matchAll(/^ {2}([a-z]+) /gm) ?? []]
    .map(found => found[1]);
  const known = commands(help());
  const in_sentences = pages().flatMap(page => [...read(page).matchAll(/`(nats-mcp-server [^`\n]+)`/g)].map(([, text]) => ({place: page, text})));
  let looked_at = 0;
  for (const {place, text} of [...blocks, ...in_sentences]) {
    for (const [, rest] of text.matchAll(/(?<![\w-])nats-mcp-server((?: +-{0,2}[a-z][a-z-]*)+)/g)) {
      let words = [];
      for (const word of rest.trim().split(/ +/)) {
        const page = help(...words);
        if (word.startsWith("--")) {
          assert.ok(page.includes(word), `${place}: ${words.join(" ")} ${word}`);
        } else if (commands(page).includes(word)) {
          words = [...words, word];
        } else {
          assert.ok(words.length > 0 || known.includes(word), `${place}: ${word}`);
          break;
        }
        looked_at += 1;
      }
    }
  }
  assert.ok(looked_at >= 20, String(looked_at));
});

test("every call of a tool is one that the tool takes", async () => {
  const agent = await start_agent([server], {env: {...process.env, NATS_MCP_LOCAL: "never"}});
  const schemas = Object.fromEntries((await agent.tools()).map(tool => [tool.name, tool.inputSchema]));
  assert.equal(await agent.end(), 0);
  const ajv = new Ajv({strict: false, validateFormats: false});
  const takes = ({tool, arguments: given}) => {
    const valid = ajv.compile(schemas[tool] ?? false);
    return valid(given) ? "" : `${tool}: ${ajv.errorsText(valid.errors)}`;
  };
  let looked_at = 0;
  for (const block of everything.filter(each => is_calls(each) || is_conversation(each))) {
    for (const call of is_calls(block) ? calls_of(block.text) : conversation_of(block.text)) {
      assert.equal(takes(call), "", block.place);
      looked_at += 1;
    }
  }
  assert.ok(looked_at >= 25, String(looked_at));
  assert.notEqual(takes({tool: "claim_work", arguments: {capabilities: 5}}), "");
  assert.notEqual(takes({tool: "take_work", arguments: {}}), "");
});

test("settings that are shown are settings that there are", () => {
  const schema = JSON.parse(read("docs/reference/config.schema.json"));
  const valid = new Ajv({strict: false, validateFormats: false}).compile(schema);
  const reference = read("docs/reference/configuration.md");
  let looked_at = 0;
  for (const {place, text} of everything.filter(({language, text}) => language === "json" && /"(channels|mcpServers)"/.test(text))) {
    const settings = JSON.parse(text);
    if (settings.mcpServers === undefined) {
      assert.ok(valid(settings), `${place}: ${JSON.stringify(valid.errors)}`);
    } else {
      for (const {command, args = [], env = {}, ...rest} of Object.values(settings.mcpServers)) {
        assert.ok(["nats-mcp-server", "npx", "docker"].includes(command) && (command === "nats-mcp-server") === (args.length === 0), place);
        assert.deepEqual(Object.keys(env).filter(name => !reference.includes(`\`${name}\``)), [], place);
        assert.deepEqual(rest, {}, place);
      }
    }
    looked_at += 1;
  }
  assert.ok(looked_at >= 4, String(looked_at));
  assert.equal(valid({channel: []}), false);
});

test("every link and every anchor leads somewhere", () => {
  assert.deepEqual([...pages(), "tests/README.md", "tests/transcripts/README.md"].flatMap(page => dead_links(root, page)), []);
  const wrong = "# A title\n[a](#b) [c](nowhere.md) [d](README.md#nowhere) [e](https://nowhere) [f](#a-title) [g](README.md#two-commands)\n";
  assert.equal(dead_links(root, "wrong.md", wrong).length, 4);
});

test("the README is short, and shows the coordinator's page", () => {
  const readme = read("README.md");
  assert.ok(readme.split("\n").length < 200);
  assert.match(readme, /!\[[^\]]+\]\(docs\/images\/page-light\.png\)/);
});

test("the index of the documentation names every page", () => {
  const named = links_of(read("docs/README.md")).map(({target}) => join("docs", target));
  const missing = pages().filter(page => /^docs\/(?!README|decisions\/)/.test(page) && !named.includes(page));
  assert.deepEqual(missing, []);
});
