// SPDX-License-Identifier: MIT
// deploy/registry/server.json against the rules of the MCP registry's format of 2025-09-29, written out
// here: its schema is not a package that could be depended on.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import Ajv from "ajv";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const server = JSON.parse(readFileSync(join(root, "deploy/registry/server.json"), "utf8"));
const npm = JSON.parse(readFileSync(join(root, "deploy/npm/package.json.in"), "utf8"));
const version = /^ +VERSION ([0-9.]+)$/m.exec(readFileSync(join(root, "CMakeLists.txt"), "utf8"))[1];

const text = {type: "string", minLength: 1};
const exact_version = {type: "string", pattern: "^[0-9]+\\.[0-9]+\\.[0-9]+$"};
// Stricter than the format, which lets unknown members pass: a misspelled one should not.
const variable = {
  type: "object", additionalProperties: false, required: ["name", "description"],
  properties: {
    name: {type: "string", pattern: "^[A-Z][A-Z0-9_]*$"}, description: text, isRequired: {type: "boolean"},
    isSecret: {type: "boolean"}, format: {enum: ["string", "number", "boolean", "filepath"]}, default: text, placeholder: text,
    choices: {type: "array", items: text, minItems: 1},
  },
};
const npm_package = {
  type: "object", additionalProperties: false, required: ["registryType", "identifier", "version", "transport"],
  properties: {
    registryType: {const: "npm"}, registryBaseUrl: {const: "https://registry.npmjs.org"}, identifier: text, version: exact_version,
    runtimeHint: {const: "npx"}, transport: {type: "object", additionalProperties: false, required: ["type"],
                                             properties: {type: {const: "stdio"}}},
    environmentVariables: {type: "array", items: variable},
  },
};
const schema = {
  type: "object", additionalProperties: false, required: ["$schema", "name", "description", "version", "packages"],
  properties: {
    $schema: {const: "https://static.modelcontextprotocol.io/schemas/2025-09-29/server.schema.json"},
    name: {type: "string", minLength: 3, maxLength: 200, pattern: "^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$"},
    description: {type: "string", minLength: 1, maxLength: 100}, version: exact_version,
    packages: {type: "array", minItems: 1, items: npm_package},
  },
};
const valid = new Ajv({allErrors: true}).compile(schema);

test("server.json keeps the format", () => {
  valid(server);
  assert.equal(valid.errors, null);
});

test("a misspelled member, a range of versions and a long description are found", () => {
  const wrong = structuredClone(server);
  wrong.packages[0].registry_type = "npm";
  wrong.version = "^0.1.0";
  wrong.description = "x".repeat(101);
  valid(wrong);
  assert.equal(valid.errors.length, 3);
});

test("it names the project's version, and the npm package that names it", () => {
  assert.equal(server.version, version);
  assert.deepEqual(server.packages.map(each => each.version), [version]);
  assert.equal(server.packages[0].identifier, npm.name);
  assert.equal(npm.mcpName, server.name);
});

const variables = server.packages[0].environmentVariables;

test("its variables exist, and those that are secret are marked", () => {
  const reference = readFileSync(join(root, "docs/reference/configuration.md"), "utf8");
  for (const {name, isSecret} of variables) {
    assert.ok(reference.includes(`\`${name}\``), name);
    assert.equal(isSecret === true, /TOKEN|PASSWORD/.test(name), name);
  }
  assert.equal(new Set(variables.map(each => each.name)).size, variables.length);
});

test("it has every variable that says how NATS is reached, what is logged and what becomes of work, with the reference's defaults", () => {
  const rows = readFileSync(join(root, "docs/reference/configuration.md"), "utf8").split("\n").filter(line => line.startsWith("| `"));
  const settings = rows.map(row => row.split(" | ").map(cell => cell.replaceAll(/^[`"| ]+|[`"| ]+$/g, "")))
    .map(([, name, accepts, value]) => ({name, accepts, value}));
  const wanted = settings.filter(({name}) => /^(NATS_(?!MCP_)|LOG_|WORKQUEUE_)/.test(name));
  assert.ok(wanted.length >= 15, String(wanted.length));
  for (const {name} of wanted) assert.ok(variables.some(each => each.name === name), name);
  for (const {name, accepts, value} of settings) {
    const found = variables.find(each => each.name === name);
    if (found === undefined) continue;
    assert.equal(found.default ?? "", value, name);
    assert.equal(found.format === "number", accepts.startsWith("a whole number"), name);
    if (found.choices !== undefined) assert.deepEqual(found.choices, [...accepts.matchAll(/"(\w+)/g)].map(([, choice]) => choice), name);
  }
});
