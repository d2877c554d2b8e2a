// SPDX-License-Identifier: MIT
// What any client must be able to do: two agents find the tools, talk in a channel, and are told
// clearly what they did wrong. The texts are those of docs/reference/tools.md.

const tools = [
  'broadcast_work_offer', 'cancel_work', 'claim_work', 'complete_work', 'deregister_agent',
  'discard_dead_letter_item', 'discover_agents', 'fail_work', 'get_agent_info', 'get_my_handle',
  'get_work_status', 'list_channels', 'list_dead_letter_items', 'list_work',
  'read_direct_messages', 'read_messages', 'register_agent', 'release_work', 'report_progress',
  'retry_dead_letter_item', 'send_direct_message', 'send_message', 'server_status', 'set_handle',
  'update_presence', 'wait_for_messages',
];

/** The project both agents work in. */
export const project = {
  namespace: 'client-tests',
  channels: [
    {name: 'planning', description: 'Sprint planning and prioritization'},
    {name: 'review', description: 'Code review discussions'},
  ],
};

export class Expectations {
  constructor() {
    this.failures = [];
    this.count = 0;
  }

  check(what, ok, got, wanted) {
    ++this.count;
    if (!ok) {
      this.failures.push(`${what}\n    expected: ${wanted}\n    got:      ${got}`);
    }
  }

  equal(what, got, wanted) {
    this.check(what, got === wanted, JSON.stringify(got), JSON.stringify(wanted));
  }

  matches(what, got, pattern) {
    this.check(what, pattern.test(got), JSON.stringify(got), `text matching ${pattern}`);
  }

  answers(what, {text, failed}, wanted) {
    this.equal(`${what} is a success`, failed, false);
    if (wanted instanceof RegExp) {
      this.matches(what, text, wanted);
    } else {
      this.equal(what, text, wanted);
    }
  }

  refuses(what, {text, failed}, pattern) {
    this.equal(`${what} is an error of the tool`, failed, true);
    this.matches(what, text, pattern);
  }
}

async function toolsAreListed(expect, agent) {
  const listed = await agent.tools();
  const names = listed.map(tool => tool.name);
  for (const name of tools) {
    expect.check(`tools/list has ${name}`, names.includes(name), names.join(', '), name);
  }
  for (const tool of listed) {
    expect.matches(`${tool.name} has a description`, tool.description ?? '', /\S/);
    expect.equal(`${tool.name} takes an object`, tool.inputSchema.type, 'object');
  }
}

async function handlesAreKept(expect, agent) {
  expect.answers('get_my_handle before set_handle', await agent.call('get_my_handle', {}),
                 'No handle set. Use set_handle first.');
  expect.refuses('send_message without a handle',
                 await agent.call('send_message', {channel: 'planning', message: 'hello'}),
                 /set_handle/);
  expect.answers('set_handle', await agent.call('set_handle', {handle: 'project-manager'}),
                 'Handle set to: project-manager');
  expect.answers('get_my_handle', await agent.call('get_my_handle', {}),
                 'Your current handle: project-manager');
}

async function agentsTalk(expect, manager, analyst) {
  await analyst.call('set_handle', {handle: 'business-analyst'});
  expect.answers('read_messages of a new channel',
                 await manager.call('read_messages', {channel: 'planning'}),
                 /^No messages in #planning/);
  expect.answers('send_message',
                 await manager.call('send_message',
                                    {channel: 'planning', message: 'Starting “Sprint 5” ✔'}),
                 'Message sent to #planning by project-manager');
  const seen = await analyst.call('read_messages', {channel: 'planning', limit: 10});
  expect.answers(
      'read_messages by the other agent', seen,
      /^Messages from #planning:\n\n\[\d{4}-\d\d-\d\dT[\d:.]+Z\] \*\*project-manager\*\*: Starting “Sprint 5” ✔\n/);
  expect.matches('read_messages says where to go on', seen.text, /Next: after=\d+/);
  const after = Number(/after=(\d+)/.exec(seen.text)?.[1]);
  await analyst.call('send_message', {channel: 'planning', message: 'Authentication first.'});
  const news = await manager.call('read_messages', {channel: 'planning', after});
  expect.answers('read_messages after the cursor', news,
                 /\*\*business-analyst\*\*: Authentication first\./);
  expect.check('read_messages after the cursor leaves out what was seen',
               !news.text.includes('project-manager'), JSON.stringify(news.text),
               'no message of project-manager');
}

async function mistakesAreNamed(expect, agent) {
  expect.refuses('send_message to a bad channel name',
                 await agent.call('send_message', {channel: 'No Such!', message: 'x'}),
                 /^Invalid channel name\. Must be lowercase alphanumeric with hyphens only/);
  expect.refuses('send_message to a channel that is not configured',
                 await agent.call('send_message', {channel: 'nowhere', message: 'x'}), /nowhere/);
  expect.refuses('read_messages with a text for a number',
                 await agent.call('read_messages', {channel: 'planning', limit: 'ten'}), /limit/);
  expect.refuses('set_handle with an unknown argument',
                 await agent.call('set_handle', {handle: 'x', colour: 'red'}), /colour/);
  const code = await agent.call('no_such_tool', {}).then(() => 'an answer', error => error.code);
  expect.equal('an unknown tool is an error of the protocol', code, -32602);
}

async function resourcesAreRead(expect, agent) {
  const uris = (await agent.resources()).map(resource => resource.uri);
  expect.equal('resources/list', uris.join(' '),
               'nats-mcp://inbox nats-mcp://agents nats-mcp://channels/planning ' +
                   'nats-mcp://channels/review');
  const templates = (await agent.templates()).map(template => template.uriTemplate);
  expect.equal('resources/templates/list', templates.join(' '), 'nats-mcp://channels/{name}');
  expect.matches('the resource of a channel', await agent.read('nats-mcp://channels/planning'),
                 /\*\*project-manager\*\*: Starting “Sprint 5” ✔/);
  const code =
      await agent.read('nats-mcp://channels/nowhere').then(() => 'an answer', error => error.code);
  expect.equal('an unknown resource is an error of the protocol', code, -32602);
}

async function promptsAreGiven(expect, agent) {
  const names = (await agent.prompts()).map(prompt => prompt.name);
  expect.equal('prompts/list', names.join(' '), 'check_messages introduce_yourself');
  expect.matches('the prompt check_messages', await agent.prompt('check_messages', {}),
                 /read_messages with unread=true/);
  expect.matches('the prompt introduce_yourself',
                 await agent.prompt('introduce_yourself', {agentType: 'tester'}), /"tester"/);
}

async function changesAreTold(expect, manager, analyst) {
  const uri = 'nats-mcp://channels/review';
  const subscription = await manager.subscribe(uri);
  // Observing begins with a notification of its own: something may have come before it.
  await manager.updated(uri);
  await analyst.call('send_message', {channel: 'review', message: 'Please look at the login.'});
  await manager.updated(uri);
  expect.matches('the resource after its update', await manager.read(uri),
                 /Please look at the login\./);
  await subscription.ended();
}

async function mailIsTold(expect, manager, analyst) {
  const register = {agentType: 'developer'};
  for (const [name, agent] of Object.entries({manager, analyst})) {
    expect.answers(`register_agent by the ${name}`, await agent.call('register_agent', register),
                   /^Agent registered successfully!/);
  }
  expect.matches('the resource of the agents', await analyst.read('nats-mcp://agents'),
                 /\*\*project-manager\*\*/);
  const uri = 'nats-mcp://inbox';
  const subscription = await analyst.subscribe(uri);
  await manager.call('send_direct_message',
                     {recipientHandle: 'business-analyst', message: 'Are the stories ready?'});
  await analyst.updated(uri);
  for (const time of ['once', 'again']) {
    expect.matches(`the resource of the inbox, read ${time}`, await analyst.read(uri),
                   /Are the stories ready\?/);
  }
  await subscription.ended();
  expect.answers('read_direct_messages after the resource was read',
                 await analyst.call('read_direct_messages', {}), /Are the stories ready\?/);
}

/** Runs everything with two connected agents. */
export async function runScenario(expect, manager, analyst) {
  await toolsAreListed(expect, manager);
  await handlesAreKept(expect, manager);
  expect.answers(
      'list_channels', await manager.call('list_channels', {}),
      /^Available channels:\n- \*\*planning\*\*: Sprint planning and prioritization\n- \*\*review\*\*: Code review discussions/);
  await agentsTalk(expect, manager, analyst);
  await resourcesAreRead(expect, analyst);
  await promptsAreGiven(expect, analyst);
  await changesAreTold(expect, manager, analyst);
  await mailIsTold(expect, manager, analyst);
  await mistakesAreNamed(expect, manager);
  expect.answers('server_status', await manager.call('server_status', {}), /NATS/);
}
