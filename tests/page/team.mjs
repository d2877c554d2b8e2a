// A team that does exist, for the page: a nats-server, a coordinator, and agents that call tools.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

import {startNats} from '../clients/nats_server.mjs';

function programOf(variable) {
  const program = process.env[variable];
  if (!program) {
    throw new Error(`${variable} has to name the program`);
  }
  return program;
}

async function startCoordinator(folder, nats, token) {
  const child = spawn(programOf('COORDINATOR'), ['--http', '127.0.0.1:0'], {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder, NATS_URL: nats, LOG_FORMAT: 'json', NATS_MCP_HTTP_TOKEN: token},
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const log = [];
  const url = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the coordinator ended with ${code}:\n${log.join('\n')}`)));
    readline.createInterface({input: child.stderr}).on('line', (line) => {
      log.push(line);
      const event = JSON.parse(line);
      if (event.fields?.url) {
        resolve(event.fields?.url);
      }
    });
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** An agent whose client is this test: `{call(tool, arguments), stop()}`. */
async function startAgent(folder, nats, handle, capabilities) {
  const child = spawn(programOf('SERVER'), [], {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder, NATS_URL: nats, LOG_LEVEL: 'error'},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const open = new Map();
  readline.createInterface({input: child.stdout}).on('line', (line) => {
    const answer = JSON.parse(line);
    open.get(answer.id)?.(answer);
    open.delete(answer.id);
  });
  const send = (message) => child.stdin.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`);
  let last = 0;
  const ask = (method, params) => new Promise((resolve) => {
    open.set(++last, resolve);
    send({id: last, method, params});
  });
  await ask('initialize', {protocolVersion: '2025-06-18', capabilities: {}, clientInfo: {name: handle, version: '1'}});
  send({method: 'notifications/initialized'});
  const agent = {
    async call(tool, given = {}) {
      const {result} = await ask('tools/call', {name: tool, arguments: given});
      const text = result.content.map((part) => part.text).join('\n');
      if (result.isError) {
        throw new Error(`${tool}: ${text}`);
      }
      return text;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
  await agent.call('register_agent', {agentType: 'developer', handle, capabilities, visibility: 'public'});
  return agent;
}

/** `{url, agent(handle, capabilities), stop()}`. @param token what the page asks for; empty: nothing. */
export async function startTeam(token = '') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'nats-mcp-team-'));
  const nats = await startNats(folder);
  const coordinator = await startCoordinator(folder, nats.url, token).catch(async (error) => {
    await nats.stop();
    throw error;
  });
  const agents = [];
  return {
    url: coordinator.url,
    async agent(handle, capabilities = []) {
      agents.push(await startAgent(folder, nats.url, handle, capabilities));
      return agents.at(-1);
    },
    /** @returns the coordinator's exit code. */
    async stop() {
      await Promise.all(agents.map((one) => one.stop()));
      const code = await coordinator.stop();
      await nats.stop();
      fs.rmSync(folder, {recursive: true});
      return code;
    },
  };
}
