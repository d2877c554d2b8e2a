// SPDX-License-Identifier: MIT
// Runs the commands of the documentation, page by page, each page in a home of its own beside a nats-server of
// its own. What cannot be run here says so above its block (documents.test.mjs); two-machines.md needs two
// machines (deploy/two-machines.sh).
import assert from "node:assert/strict";
import {mkdirSync, readdirSync, readFileSync, symlinkSync} from "node:fs";
import {spawn} from "node:child_process";
import {createServer} from "node:net";
import {dirname, join} from "node:path";
import {test} from "node:test";

import {blocks_of, is_conversation, is_shell, pages, root} from "./markdown.mjs";
import {in_folder, until, walk} from "./walk.mjs";

const programs = dirname(process.env.NATS_MCP_SERVER_BINARY);
const with_machines_of_its_own = ["docs/tutorials/two-machines.md"];
const path = `${join(root, "tests/deploy/stand_ins")}:${programs}:${process.env.PATH}:/usr/sbin`;

const is_run = ({directives}) => !("not run" in directives) && !("run by" in directives);

/** A port at which nobody listens now. */
const free_port = () => new Promise(resolve => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const {port} = server.address();
    server.close(() => resolve(port));
  });
});

/** A nats-server as the pages have it: with JetStream and a monitor. Calls `use` with both addresses. */
async function beside_nats(folder, use) {
  mkdirSync(join(folder, "ports"));
  const words = ["-a", "127.0.0.1", "-p", "-1", "-m", "-1", "--ports_file_dir", join(folder, "ports"), "-js", "-sd", join(folder, "store")];
  const server = spawn("nats-server", words, {stdio: "ignore", env: {...process.env, PATH: path}});
  let ended = false;
  const over = new Promise(resolve => {
    for (const event of ["error", "exit"]) server.once(event, () => { ended = true; resolve(); });
  });
  try {
    let ports;
    await until(() => "the ports of nats-server", () => {
      try {
        const [file] = readdirSync(join(folder, "ports"));
        ports = JSON.parse(readFileSync(join(folder, "ports", file), "utf8"));
      } catch {
        return ended; // not there, or not written to its end yet
      }
      return true;
    });
    assert.ok(!ended, "nats-server did not start");
    return await use({url: ports.nats[0], monitor: ports.monitoring[0]});
  } finally {
    server.kill("SIGKILL");
    await over;
  }
}

/** A home in which the paths of the repository are where somebody stands who has just checked it out. */
function home_in(folder) {
  const home = join(folder, "home");
  mkdirSync(home);
  for (const name of ["deploy", "docs", "tests"]) symlinkSync(join(root, name), join(home, name));
  return home;
}

async function follow(page, {home, environment, places}) {
  const machine = {name: "here", prefix: [], home, environment: {PATH: path, HOME: home, TMPDIR: dirname(home), LC_ALL: "C.UTF-8", ...environment}};
  const replace = text => Object.entries(places).reduce((before, [from, to]) => before.replaceAll(from, to), text);
  return walk(page, [machine], {replace, at_end: "nats-mcp-server local stop --force"});
}

const to_run = page => blocks_of(page).filter(block => is_conversation(block) || (is_shell(block) && is_run(block)));

for (const page of pages().filter(each => to_run(each).length > 0 && !with_machines_of_its_own.includes(each))) {
  test(`the commands of ${page} do what it says`, () => in_folder(folder => beside_nats(folder, async ({url, monitor}) => {
    const port = await free_port();
    const places = {
      "/path/to/nats-mcp-server": join(programs, "nats-mcp-server"),
      "nats://nats.example.org:4222": url,
      "http://127.0.0.1:8222": monitor,
      "10.0.0.5:7280": `127.0.0.1:${port}`,
      "127.0.0.1:7280": `127.0.0.1:${port}`,
    };
    // A tutorial begins with nothing: no settings, and no server but the private one that is started.
    const environment = page.startsWith("docs/tutorials/") ? {} : {NATS_URL: url, NATS_MCP_HTTP_TOKEN: "0123456789abcdef0123456789abcdef"};
    const run = await follow(page, {home: home_in(folder), environment, places});
    assert.equal(run, to_run(page).length);
  })));
}

test("a command that fails and an answer that is another one are found", async () => {
  for (const wrong of ["```bash\nnats-mcp-server doctor --no-such-option\n```\n",
                       "```bash\nfalse\n```\n",
                       "<!-- agents: planner on here -->\n```\nplanner > get_my_handle()\n        | You have none.\n```\n"]) {
    await in_folder(async folder => {
      const home = home_in(folder);
      const page = {name: "a page", content: `\`\`\`bash\nclaude mcp add nats -- nats-mcp-server\n\`\`\`\n\n${wrong}`};
      await assert.rejects(follow(page, {home, environment: {NATS_MCP_LOCAL: "never"}, places: {}}), /a page:\d+/);
    });
  }
});
