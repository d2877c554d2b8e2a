// SPDX-License-Identifier: MIT
// The version stands by hand where files of packages and tags of images are named: in pages, manifests and the
// Compose file. It has to be that of CMakeLists.txt; plugin and registry have tests of their own.
import assert from "node:assert/strict";
import {readFileSync, readdirSync, statSync} from "node:fs";
import {join} from "node:path";
import {test} from "node:test";

import {pages, root} from "./markdown.mjs";

const version = /^ +VERSION ([0-9.]+)$/m.exec(readFileSync(join(root, "CMakeLists.txt"), "utf8"))[1];
const manifests = readdirSync(join(root, "deploy/kubernetes"), {recursive: true}).map(name => join("deploy/kubernetes", name))
  .filter(path => statSync(join(root, path)).isFile());

/**
 * Versions of ours in a text: of a package's file or folder, and of an image, there or as kustomize's `newTag`. What
 * was built on the same machine a moment ago is called `latest`.
 */
const versions_in = text => [...text.matchAll(/nats-mcp-server(?:[_-]|:(?=\d))v?(\d+(?:\.\d+)+)|^ *newTag: *"?(\d[^"\s]*)/gm)]
  .map(found => found[1] ?? found[2]);

test("packages and images that are named have the project's version", () => {
  const wrong = [];
  const said = [];
  for (const path of [...pages(), ...manifests, "docker-compose.yml"]) {
    const found = versions_in(readFileSync(join(root, path), "utf8"));
    if (found.length > 0) said.push(path);
    wrong.push(...found.filter(each => each !== version).map(each => `${path}: ${each}`));
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(said, ["docs/howto/install.md", "deploy/kubernetes/base/coordinator.yaml",
                          "deploy/kubernetes/overlays/production/kustomization.yaml"]);
});

test("an old version is found in each of the ways it is written", () => {
  for (const [text, ...found] of [
    ["apt install ./nats-mcp-server_0.0.9-1_amd64.deb", "0.0.9"],
    ["tar -xzf nats-mcp-server-0.0.9-linux-x86_64.tar.gz && ls nats-mcp-server-0.0.9-linux-x86_64", "0.0.9", "0.0.9"],
    ["npm install ./nats-mcp-server-0.0.9.tgz", "0.0.9"],
    ["  image: registry.example.org/nats-mcp-server:0.0.9", "0.0.9"],
    ["  - name: nats-mcp-server\n    newTag: 0.0.9", "0.0.9"],
    ["docker build -t nats-mcp-server:latest ."],
  ]) {
    assert.deepEqual(versions_in(text), found, text);
  }
});
