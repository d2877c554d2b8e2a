// SPDX-License-Identifier: MIT
// Stands between a client and the server as the command the client starts: passes every byte on and
// keeps it. One record file per started process, because a client in mode `auto` starts two.
// Usage: node recorder.mjs <directory for records> <server> [arguments…]
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const [directory, command, ...args] = process.argv.slice(2);
const base = path.join(directory, String(process.pid));
const record = fs.openSync(`${base}.jsonl`, 'a');
const errors = fs.openSync(`${base}.stderr`, 'a');

/** Written at once: a client may kill this process at any moment. */
function keep(entry) {
  fs.writeSync(record, JSON.stringify(entry) + '\n');
}

const server = spawn(command, args, {stdio: ['pipe', 'pipe', errors]});

server.on('error', error => {
  keep({exit: `could not be started: ${error.message}`});
  process.exit(127);
});

process.stdin.on('data', chunk => {
  keep({from: 'client', bytes: chunk.toString('base64')});
  server.stdin.write(chunk);
});
process.stdin.on('end', () => server.stdin.end());
server.stdin.on('error', () => {}); // it went away; its exit is what is recorded

server.stdout.on('data', chunk => {
  keep({from: 'server', bytes: chunk.toString('base64')});
  process.stdout.write(chunk);
});
process.stdout.on('error', () => {}); // the client went away; what the server still says is kept

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => server.kill(signal));
}

// `close` and not `exit`: everything it wrote has been read by then.
server.on('close', (code, signal) => {
  keep({exit: signal ?? code});
  process.exit(code ?? 1);
});
