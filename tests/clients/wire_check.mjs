// SPDX-License-Identifier: MIT
// Judges what the recorder kept: every line the server wrote against the JSON Schema of the revision
// its session speaks, one answer per request, nothing else on the stream, an exit code of 0.
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fs from 'node:fs';
import path from 'node:path';

import {loadSchemas} from './schemas.mjs';

const versionKey = 'io.modelcontextprotocol/protocolVersion';

const resultOf = {
  'initialize': 'InitializeResult',
  'ping': 'EmptyResult',
  'prompts/get': 'GetPromptResult',
  'prompts/list': 'ListPromptsResult',
  'resources/list': 'ListResourcesResult',
  'resources/read': 'ReadResourceResult',
  'resources/subscribe': 'EmptyResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/unsubscribe': 'EmptyResult',
  'server/discover': 'DiscoverResult',
  'subscriptions/listen': 'SubscriptionsListenResult',
  'tools/call': 'CallToolResult',
  'tools/list': 'ListToolsResult',
};

// The schemas are open, the official clients are not: they drop a message with any other member.
const members = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

/** `(revision, definition, value)` → the list of violations, readable. */
function makeValidator() {
  const validators = new Map();
  for (const [revision, schema] of loadSchemas()) {
    const Validator = schema.$defs ? Ajv2020 : Ajv;
    const validator = new Validator({strict: false, allErrors: true});
    addFormats(validator);
    validator.addSchema(schema, revision);
    validators.set(revision, {validator, root: schema.$defs ? '$defs' : 'definitions',
                              definitions: schema.$defs ?? schema.definitions});
  }
  return (revision, names, value) => {
    const known = validators.get(revision);
    if (!known) {
      return [`no schema for revision ${revision}: have ${[...validators.keys()].join(', ')}`];
    }
    const name = names.find(candidate => candidate in known.definitions);
    if (!name) {
      return [`revision ${revision} defines none of ${names.join(', ')}`];
    }
    const validate = known.validator.getSchema(`${revision}#/${known.root}/${name}`);
    if (validate(value)) {
      return [];
    }
    return validate.errors.map(
        error => `${name}${error.instancePath} ${error.message} (${revision})`);
  };
}

/** The two directions of one process as lines, in the order they were seen. */
function readRecord(file) {
  const rest = {client: Buffer.alloc(0), server: Buffer.alloc(0)};
  const lines = [];
  let exit;
  for (const text of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const entry = JSON.parse(text);
    if ('exit' in entry) {
      exit = entry.exit;
      continue;
    }
    let bytes = Buffer.concat([rest[entry.from], Buffer.from(entry.bytes, 'base64')]);
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      lines.push({from: entry.from, bytes: bytes.subarray(0, end)});
      bytes = bytes.subarray(end + 1);
    }
    rest[entry.from] = bytes;
  }
  return {lines, exit, unfinished: rest.server};
}

/** One process: what the client asked decides how the server's lines are read. */
class Session {
  constructor(validate) {
    this.validate = validate;
    this.pending = new Map();
    this.legacyRevision = undefined;
  }

  clientLine(message) {
    if (message.method === 'notifications/cancelled') {
      this.pending.delete(JSON.stringify(message.params.requestId));
    } else if ('method' in message && 'id' in message) {
      this.pending.set(JSON.stringify(message.id), {
        method: message.method,
        revision: message.params?._meta?.[versionKey],
      });
    }
  }

  serverLine(message) {
    const strange = Object.keys(message).filter(name => !members.has(name));
    const problems = strange.map(name => `top-level member '${name}' is not of JSON-RPC`);
    if ('method' in message) {
      return problems.concat(this.ownMessage(message));
    }
    const id = JSON.stringify(message.id);
    const request = this.pending.get(id);
    if (!request) {
      return problems.concat(`answers id ${id}, which no open request has`);
    }
    this.pending.delete(id);
    if (request.method === 'initialize' && message.result) {
      this.legacyRevision = message.result.protocolVersion;
    }
    const revision = request.revision ?? this.legacyRevision;
    if ('error' in message) {
      return problems.concat(
          this.validate(revision, ['JSONRPCErrorResponse', 'JSONRPCError'], message));
    }
    return problems
        .concat(this.validate(revision, ['JSONRPCResultResponse', 'JSONRPCResponse'], message))
        .concat(this.validate(revision, [resultOf[request.method] ?? 'Result'], message.result));
  }

  ownMessage(message) {
    if (!('id' in message)) {
      return this.validate(this.legacyRevision ?? '2026-07-28', ['ServerNotification'], message);
    }
    if (!this.legacyRevision) {
      return ['a request from the server: revision 2026-07-28 knows none'];
    }
    return this.validate(this.legacyRevision, ['ServerRequest'], message);
  }

  /** What must have been answered when the process ended. A listen stays open on purpose. */
  unanswered() {
    return [...this.pending].filter(([, request]) => request.method !== 'subscriptions/listen')
        .map(([id, request]) => `${request.method} with id ${id} was never answered`);
  }
}

function parse(bytes) {
  const value = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('not a JSON object');
  }
  return value;
}

function checkProcess(file, validate) {
  const {lines, exit, unfinished} = readRecord(file);
  const session = new Session(validate);
  const problems = [];
  let written = 0;
  for (const {from, bytes} of lines) {
    if (from === 'client') {
      session.clientLine(parse(bytes));
      continue;
    }
    ++written;
    let found;
    try {
      found = session.serverLine(parse(bytes));
    } catch (error) {
      found = [`is not an MCP message: ${error.message}`];
    }
    const shown = bytes.toString('utf8').slice(0, 400);
    problems.push(...found.map(text => `server line ${written}: ${text}\n    ${shown}`));
  }
  if (unfinished.length > 0) {
    problems.push(`the server's last line has no line feed: ${unfinished.toString('utf8')}`);
  }
  problems.push(...session.unanswered());
  if (exit !== 0) {
    problems.push(`the server ended with ${exit ?? 'a kill nobody saw the end of'}, expected 0`);
  }
  if (problems.length > 0) {
    const errors = fs.readFileSync(file.replace(/jsonl$/, 'stderr'), 'utf8').trim();
    problems.push(`its standard error was:\n    ${errors.slice(-2000) || '(empty)'}`);
  }
  return {written, problems};
}

let validator; // compiling four revisions takes half a second

/** All records of a directory: `{processes, lines, problems}`. */
export function checkRecords(directory) {
  validator ??= makeValidator();
  const files = fs.readdirSync(directory).filter(name => name.endsWith('.jsonl')).sort();
  const total = {processes: files.length, lines: 0, problems: []};
  for (const name of files) {
    const {written, problems} = checkProcess(path.join(directory, name), validator);
    total.lines += written;
    total.problems.push(...problems.map(text => `process ${path.parse(name).name}: ${text}`));
  }
  return total;
}
