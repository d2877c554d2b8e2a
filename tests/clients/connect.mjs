// SPDX-License-Identifier: MIT
// The official clients behind one small face, so that one scenario serves them all.
import {Client as ClientV2} from '@modelcontextprotocol/client';
import {StdioClientTransport as StdioV2} from '@modelcontextprotocol/client/stdio';
import {Client as ClientV1} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport as StdioV1} from '@modelcontextprotocol/sdk/client/stdio.js';

const newest = '2026-07-28';

// What a connection of this kind must have settled on.
const kinds = {
  'v1': {revision: '2025-11-25'},
  'v2-legacy': {mode: 'legacy', revision: '2025-11-25'},
  'v2-auto': {mode: 'auto', revision: newest},
  'v2-pinned': {mode: {pin: newest}, revision: newest},
};

export const kindNames = Object.keys(kinds);

class Connection {
  constructor(client, revision) {
    this.client = client;
    this.revision = revision;
  }

  async tools() {
    return (await this.client.listTools()).tools;
  }

  /** `{text, failed}`: the text blocks of the answer, and whether the tool calls it an error. */
  async call(name, args) {
    const result = await this.client.callTool({name, arguments: args});
    const text = result.content.filter(block => block.type === 'text').map(block => block.text);
    return {text: text.join('\n'), failed: result.isError === true};
  }

  async close() {
    await this.client.close();
  }
}

/** A connected client of `kind`; `server` is what a client's configuration names: command, args, env, cwd. */
export async function connect(kind, server) {
  const {mode, revision} = kinds[kind];
  const info = {name: `client-tests-${kind}`, version: '1.0.0'};
  const client = mode ? new ClientV2(info, {versionNegotiation: {mode}}) : new ClientV1(info);
  const transport = mode ? new StdioV2(server) : new StdioV1(server);
  // The server runs in the background of this client; a message the client drops must be heard of.
  const heard = [];
  client.onerror = error => heard.push(error.message);
  // v1 only learns the revision through its transport.
  let negotiated;
  if (!mode) {
    transport.setProtocolVersion = version => {
      negotiated = version;
    };
  }
  await client.connect(transport);
  negotiated ??= client.getNegotiatedProtocolVersion();
  const connection = new Connection(client, revision);
  connection.negotiated = negotiated;
  connection.clientErrors = heard;
  return connection;
}
