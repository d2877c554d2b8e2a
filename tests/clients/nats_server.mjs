// SPDX-License-Identifier: MIT
// A nats-server with JetStream for one test: its own port, its own store, gone at the end.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';

const startMax = 10_000;

async function portOf(directory, ended) {
  const deadline = Date.now() + startMax;
  while (Date.now() < deadline && !ended.reason) {
    const file = fs.readdirSync(directory).find(name => name.endsWith('.ports'));
    try {
      return JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8')).nats[0];
    } catch {
      await wait(10); // not there, or not written to its end yet
    }
  }
  throw new Error(`nats-server did not start: ${
      ended.reason ?? `no ports file in ${directory} after ${startMax} ms`}`);
}

/**
 * `{url, stop()}` of a running server whose files are under `directory`.
 * @param configuration a file of its configuration, relative to `directory`; without it, none.
 */
export async function startNats(directory, configuration) {
  const ports = path.join(directory, 'ports');
  fs.mkdirSync(ports, {recursive: true});
  const child = spawn('nats-server', [
    '-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', ports, '-js', '-sd',
    path.join(directory, 'store'), '-l', path.join(directory, 'nats.log'),
    ...(configuration ? ['-c', configuration] : []),
  ], {stdio: 'ignore', cwd: directory});
  const ended = {reason: undefined};
  const over = new Promise(resolve => {
    child.once('error', error => {
      ended.reason = `${error.message} (deploy/install-dependencies.sh installs it)`;
      resolve();
    });
    child.once('exit', (code, signal) => {
      ended.reason = `it ended with ${signal ?? code}; see ${directory}/nats.log`;
      resolve();
    });
  });
  return {
    url: await portOf(ports, ended),
    async stop() {
      child.kill('SIGTERM');
      await over;
    },
  };
}
