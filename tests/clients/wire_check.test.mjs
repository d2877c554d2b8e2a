// SPDX-License-Identifier: MIT
// The judge is judged: what wire_check.mjs must find in a record, one case each.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

import {checkRecords} from './wire_check.mjs';

const handshake = [
  ['client', '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}\n'],
  ['server',
   '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}\n'],
];
const modernPing = '{"jsonrpc":"2.0","id":"a","method":"tools/list","params":{"_meta":' +
    '{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}\n';

function problemsOf(traffic, exit = 0) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'wire-check-'));
  const entries = traffic.map(
      ([from, text]) => ({from, bytes: Buffer.from(text, 'latin1').toString('base64')}));
  fs.writeFileSync(path.join(directory, '1.jsonl'),
                   [...entries, {exit}].map(entry => JSON.stringify(entry) + '\n').join(''));
  fs.writeFileSync(path.join(directory, '1.stderr'), '');
  const {problems} = checkRecords(directory);
  fs.rmSync(directory, {recursive: true});
  return problems.join('\n');
}

test('a correct session has no problems', () => {
  assert.equal(problemsOf(handshake), '');
});

test('lines split and joined by the pipe are put together', () => {
  const [from, line] = handshake[1];
  assert.equal(problemsOf([handshake[0], [from, line.slice(0, 9)], [from, line.slice(9)]]), '');
});

test('a result that breaks the schema is found', () => {
  const list = ['client', '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'];
  const answer = ['server', '{"jsonrpc":"2.0","id":1,"result":{"tools":[],"nextCursor":null}}\n'];
  assert.match(problemsOf([...handshake, list, answer]),
               /ListToolsResult\/nextCursor must be string \(2025-11-25\)/);
});

test('a modern result without resultType is found', () => {
  const answer = '{"jsonrpc":"2.0","id":"a","result":{"tools":[],"ttlMs":0,"cacheScope":"public"}}\n';
  assert.match(problemsOf([['client', modernPing], ['server', answer]]),
               /must have required property 'resultType' \(2026-07-28\)/);
});

test('a request from the server is refused in the modern revision', () => {
  const traffic = [['server', '{"jsonrpc":"2.0","id":1,"method":"ping"}\n']];
  assert.match(problemsOf(traffic), /a request from the server/);
});

test('a member that is not of JSON-RPC is found', () => {
  const answer = handshake[1][1].replace('"id":0', '"id":0,"extra":1');
  assert.match(problemsOf([handshake[0], ['server', answer]]), /top-level member 'extra'/);
});

test('a second answer is found', () => {
  assert.match(problemsOf([...handshake, handshake[1]]), /answers id 0, which no open request has/);
});

test('an answer with the id as another type is found', () => {
  const answer = handshake[1][1].replace('"id":0', '"id":"0"');
  const problems = problemsOf([handshake[0], ['server', answer]]);
  assert.match(problems, /answers id "0", which no open request has/);
  assert.match(problems, /initialize with id 0 was never answered/);
});

test('a line that is no MCP message is found', () => {
  assert.match(problemsOf([['server', 'listening on 4222\n']]), /is not an MCP message/);
});

test('invalid UTF-8 is found', () => {
  assert.match(problemsOf([['server', '{"a":"\xff"}\n']]), /is not an MCP message/);
});

test('a line without an end is found', () => {
  assert.match(problemsOf([...handshake, ['server', '{"jsonrpc"']]), /has no line feed/);
});

test('an exit code other than 0 is found', () => {
  assert.match(problemsOf(handshake, 'SIGSEGV'), /the server ended with SIGSEGV, expected 0/);
});
