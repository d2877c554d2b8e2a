// SPDX-License-Identifier: MIT
// Follows docs/tutorials/two-machines.md on the machines that deploy/two-machines.sh has made:
//
//   node two_machines.mjs <directory of the programs> <directory for homes>
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";

import {root} from "./markdown.mjs";
import {walk} from "./walk.mjs";

const page = "docs/tutorials/two-machines.md";
const [programs, homes] = process.argv.slice(2);
const with_name = 'hostname "$1"; shift; exec "$@"';

const machines = ["alpha", "beta"].map(name => ({
  name,
  prefix: ["nsenter", `--net=/run/netns/${name}`, "unshare", "--uts", "sh", "-c", with_name, "sh", name],
  home: join(homes, name),
  environment: {PATH: `${join(root, "tests/deploy/stand_ins")}:${programs}:${process.env.PATH}`,
                HOME: join(homes, name), TMPDIR: homes, USER: name, LC_ALL: "C.UTF-8"},
}));
// What a reader carries from one machine to the other.
const token = () => readFileSync(join(homes, "alpha/nats/token"), "utf8").trim();
try {
  const followed = await walk(page, machines, {replace: text => text.replaceAll("PASTE-THE-TOKEN", token)});
  assert.ok(followed >= 8, `${page} has only ${followed} blocks`);
  console.log(`${page}: ${followed} blocks followed on alpha and beta.`);
} catch (failure) {
  console.error(`error: ${failure.message}`);
  process.exitCode = 1;
}
