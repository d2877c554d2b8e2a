// SPDX-License-Identifier: MIT
// The documentation as every package installs it: that its links lead somewhere, and that what a page tells
// people to run is there and runs. NATS_MCP_BUILD is a configured build folder; nothing in it need be built.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, test} from "node:test";

import {blocks_of, dead_links, is_shell, links_of, pages_in, root} from "./markdown.mjs";

const prefix = mkdtempSync(join(tmpdir(), "nats-mcp-documents-"));
after(() => rmSync(prefix, {recursive: true, force: true}));
// As one of an administrator who lets nobody else read what he writes: a package is for everybody.
execFileSync("sh", ["-c", 'umask 022 && exec "$0" "$@"', process.env.CMAKE ?? "cmake", "--install", process.env.NATS_MCP_BUILD,
                    "--component", "documents", "--prefix", prefix], {stdio: ["ignore", "ignore", "inherit"]});
const folder = join(prefix, "share/doc/nats-mcp-server");
const pages = pages_in(folder);

test("every page of docs/ is there, and what the pages on top link to", () => {
  assert.deepEqual(pages.filter(page => page.startsWith("docs/")), pages_in(join(root, "docs")).map(page => `docs/${page}`));
  for (const page of ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"]) assert.ok(pages.includes(page), page);
  // The names that Debian wants.
  for (const file of ["changelog.gz", "changelog.Debian.gz", "copyright"]) assert.ok(existsSync(join(folder, file)), file);
});

test("every link and every anchor leads somewhere", () => {
  assert.deepEqual(pages.flatMap(page => dead_links(folder, page)), []);
});

test("what only the sources have is named, and nothing else lost its link", () => {
  let named = 0;
  for (const page of pages) {
    const installed = readFileSync(join(folder, page), "utf8");
    const mentions = [...installed.matchAll(/`([\w./-]+)` of the sources/g)].map(([, path]) => path);
    for (const path of mentions) assert.ok(existsSync(join(root, path)) && !existsSync(join(folder, path)), `${page}: ${path}`);
    const before = links_of(readFileSync(join(root, page), "utf8")).length;
    assert.equal(links_of(installed).length + mentions.length, before, page);
    named += mentions.length;
  }
  assert.ok(named >= 10, String(named));
});

test("links of a page are named wherever it stands, outside of code alone", () => {
  const page = "docs/howto/install.md";
  const content = readFileSync(join(folder, page), "utf8");
  const text = "[a](../../tests/README.md#b) [deploy/README.md](../../deploy/README.md) [c](../wire.md) [d](actors/e.hpp)\n" +
    "```\n[a](../../tests/README.md)\n```\n";
  try {
    writeFileSync(join(folder, page), text);
    execFileSync(join(root, "deploy/packaging/name-sources.sh"), [folder]);
    assert.equal(readFileSync(join(folder, page), "utf8"),
                 "a [`tests/README.md` of the sources] `deploy/README.md` of the sources [c](../wire.md) [d](actors/e.hpp)\n" +
                   "```\n[a](../../tests/README.md)\n```\n");
  } finally {
    writeFileSync(join(folder, page), content);
  }
});

test("what the pages on security tell people to run is there, for everybody, and runs", () => {
  const ran = new Set();
  for (const page of ["docs/howto/nats-permissions.md", "docs/howto/secure-nats.md"]) {
    for (const {place, text} of blocks_of(page, readFileSync(join(folder, page), "utf8")).filter(is_shell)) {
      for (const [path] of text.matchAll(/deploy\/[\w./-]+/g)) {
        assert.ok(existsSync(join(folder, path)), `${place}: ${path}`);
        assert.equal(statSync(join(folder, path)).mode & 0o777, 0o755, path);
        ran.add(path);
      }
    }
  }
  assert.deepEqual([...ran].sort(), ["deploy/nats/agent-permissions.sh", "deploy/nats/make-nkey.sh"]);
  for (const role of ["agent", "project", "user", "read-only"]) {
    const words = ["--role", role, "--guid", "550e8400-e29b-41d4-a716-446655440000", "--project", "0123456789abcdef",
                   "--namespace", "my-project", "--user", "ann"];
    const print = from => execFileSync(join(from, "deploy/nats/agent-permissions.sh"), words, {encoding: "utf8"});
    assert.equal(print(folder), print(root));
  }
  const key = execFileSync(join(folder, "deploy/nats/make-nkey.sh"), [join(prefix, "ann.nk")], {encoding: "utf8"});
  assert.match(key, /^U[A-Z2-7]{55}\n$/);
});

test("the folder is a marketplace with the plugin, as the sources are", () => {
  const marketplace = JSON.parse(readFileSync(join(folder, ".claude-plugin/marketplace.json"), "utf8"));
  assert.ok(marketplace.plugins.length > 0);
  for (const {source} of marketplace.plugins) {
    for (const file of [".claude-plugin/plugin.json", ".mcp.json", "hooks/hooks.json", "commands/check-messages.md"]) {
      assert.ok(existsSync(join(folder, source, file)), file);
    }
  }
});
