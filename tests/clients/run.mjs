// SPDX-License-Identifier: MIT
// One official client against the shipped binary and a real nats-server, with every line on record.
// Usage: node run.mjs <kind of client> <server> [arguments…]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {connect, kindNames} from './connect.mjs';
import {startNats} from './nats_server.mjs';
import {Expectations, project, runScenario} from './scenario.mjs';
import {checkRecords} from './wire_check.mjs';

const [kind, server, ...serverArguments] = process.argv.slice(2);
if (!kindNames.includes(kind) || !server) {
  console.error(`usage: node run.mjs <${kindNames.join('|')}> <server> [arguments…]`);
  process.exit(2);
}

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'nats-mcp-clients-'));
const records = path.join(directory, 'records');
const projectDirectory = path.join(directory, 'project');
fs.mkdirSync(records);
fs.mkdirSync(projectDirectory);
fs.writeFileSync(path.join(projectDirectory, '.mcp-config.json'), JSON.stringify(project, null, 2));

/** What a client's configuration would hold, with the recorder in front. */
function entry(url) {
  return {
    command: process.execPath,
    args: [
      fileURLToPath(new URL('./recorder.mjs', import.meta.url)), records, server,
      ...serverArguments,
    ],
    cwd: projectDirectory,
    env: {
      // The clients pass on a short list only; sanitizer options are for the server as well.
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /SAN_OPTIONS$/.test(name))),
      HOME: directory,
      XDG_DATA_HOME: path.join(directory, 'data'),
      NATS_URL: url,
      NATS_MCP_LOCAL: 'never',
    },
  };
}

/** The error and the places of ours it passed; frames inside of the packages help nobody. */
function describe(error) {
  const own = (error.stack ?? '').split('\n').filter(
      line => line.includes('/tests/clients/') && !line.includes('node_modules'));
  return [error.message ?? String(error), ...own].join('\n');
}

const expect = new Expectations();
const agents = [];
let nats;
try {
  nats = await startNats(directory);
  for (const name of ['manager', 'analyst']) {
    const agent = await connect(kind, entry(nats.url));
    agents.push(agent);
    expect.equal(`revision of the ${name}'s connection`, agent.negotiated, agent.revision);
  }
  await runScenario(expect, ...agents);
} catch (error) {
  expect.failures.push(`the run stopped early: ${describe(error)}`);
}
for (const agent of agents) {
  await agent.close();
  expect.failures.push(...agent.clientErrors.map(text => `the client complained: ${text}`));
}
await nats?.stop();

const wire = checkRecords(records);
const failures = [...expect.failures, ...wire.problems];
for (const text of failures) {
  console.error(`error: ${kind}: ${text}`);
}
console.log(`${kind}: ${expect.count} expectations, ${wire.lines} lines of ${wire.processes} processes ` +
            `checked against their schema, ${failures.length} failures`);
if (failures.length > 0) {
  console.error(`The records are kept in ${records}`);
} else {
  fs.rmSync(directory, {recursive: true});
}
process.exitCode = failures.length > 0 ? 1 : 0;
