// SPDX-License-Identifier: MIT
// The official clients behind one small face, so that one scenario serves them all.
import {Client as ClientV2} from '@modelcontextprotocol/client';
import {StdioClientTransport as StdioV2} from '@modelcontextprotocol/client/stdio';
import {Client as ClientV1} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport as StdioV1} from '@modelcontextprotocol/sdk/client/stdio.js';
import {ResourceUpdatedNotificationSchema} from '@modelcontextprotocol/sdk/types.js';

const newest = '2026-07-28';

// How long a notification may take to come.
const updateMax = 10_000;

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
    this.updates = [];
    this.onUpdate = () => {};
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

  async resources() {
    return (await this.client.listResources()).resources;
  }

  async templates() {
    return (await this.client.listResourceTemplates()).resourceTemplates;
  }

  /** The texts of a resource. */
  async read(uri) {
    const {contents} = await this.client.readResource({uri});
    return contents.map(part => part.text).join('\n');
  }

  async prompts() {
    return (await this.client.listPrompts()).prompts;
  }

  /** The text of a prompt. */
  async prompt(name, args) {
    const {messages} = await this.client.getPrompt({name, arguments: args});
    return messages.map(message => message.content.text).join('\n');
  }

  /** Subscribes in the way of the connection's era; `ended()` of the answer ends it. */
  async subscribe(uri) {
    if (this.revision === newest) {
      const stream = await this.client.listen({resourceSubscriptions: [uri]});
      return {ended: () => stream.close()};
    }
    await this.client.subscribeResource({uri});
    return {ended: () => this.client.unsubscribeResource({uri})};
  }

  /** The next notification that `uri` was updated, counted from the last one this returned. */
  async updated(uri) {
    const deadline = Date.now() + updateMax;
    while (!this.updates.includes(uri)) {
      const left = deadline - Date.now();
      if (left <= 0) {
        throw new Error(`no update of ${uri} within ${updateMax} ms`);
      }
      await new Promise(resolve => {
        const timer = setTimeout(resolve, left);
        this.onUpdate = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.updates.splice(this.updates.indexOf(uri), 1);
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
  client.setNotificationHandler(
      mode ? 'notifications/resources/updated' : ResourceUpdatedNotificationSchema, ({params}) => {
        connection.updates.push(params.uri);
        connection.onUpdate();
      });
  connection.negotiated = negotiated;
  connection.clientErrors = heard;
  return connection;
}
