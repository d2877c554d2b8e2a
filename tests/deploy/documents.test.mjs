// SPDX-License-Identifier: MIT
// Commands in the documentation: that a shell understands them, and that what they name is there. Whether
// links lead somewhere is looked at by the tidy tests.
import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, readFileSync, readdirSync} from "node:fs";
import {dirname, join, relative} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const server = process.env.NATS_MCP_SERVER_BINARY;

function markdown_below(folder) {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : markdown_below(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** Fenced blocks of shell commands: {place, text}. */
function blocks_of(path) {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/^( *)```(?:bash|sh)\n([^]*?)^ *```$/gm)].map(([, indent, block]) => ({
    place: relative(root, path), text: block.split("\n").map(line => line.slice(indent.length)).join("\n"),
  }));
}

const pages = [...readdirSync(root).filter(name => name.endsWith(".md")).map(name => join(root, name)),
               ...markdown_below(join(root, "docs")), ...markdown_below(join(root, "deploy"))];
const blocks = pages.flatMap(blocks_of);

test("there are commands to look at", () => {
  assert.ok(blocks.length >= 20);
});

test("a shell understands every command", () => {
  for (const {place, text} of blocks) {
    const checked = spawnSync("bash", ["-n"], {input: text, encoding: "utf8"});
    assert.equal(checked.status, 0, `${place}: ${checked.stderr}`);
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

test("every command and option of nats-mcp-server is there", () => {
  const help = (...words) => execFileSync(server, [...words, "--help"], {encoding: "utf8"});
  const commands = text => [.../^Subcommands:\n((?: .*\n)*)/m.exec(text)?.[1].matchAll(/^ {2}([a-z]+) /gm) ?? []]
    .map(found => found[1]);
  const known = commands(help());
  let looked_at = 0;
  for (const {place, text} of blocks) {
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
  assert.ok(looked_at >= 5);
});
