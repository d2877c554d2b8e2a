// The page of the shipped coordinator in headless Chromium, with shipped agents.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';

import {live, openPage, startBrowser} from './preview.mjs';
import {startTeam} from './team.mjs';

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

async function withTeam(story, token = '') {
  const team = await startTeam(token);
  let code;
  try {
    await story(team);
  } finally {
    code = await team.stop();
  }
  assert.equal(code, 0, 'the exit code of the coordinator');
}

test('agents appear, say something, and a dead letter is retried by its button', () => withTeam(async (team) => {
  const {context, page, complaints} = await openPage(browser, team.url);
  try {
    await live(page);
    await page.locator('#agents-empty', {hasText: 'register_agent'}).waitFor();
    const ada = await team.agent('ada', ['typescript']);
    await page.locator('#agent-list li', {hasText: 'ada'}).waitFor();
    assert.equal(await page.locator('#figure-agents').textContent(), '1');

    const began = Date.now();
    await ada.call('send_message', {channel: 'roadmap', message: 'The build is green again.'});
    await page.locator('.messages li', {hasText: 'The build is green again.'}).waitFor();
    assert.ok(Date.now() - began < 2000, `it took ${Date.now() - began} ms`);

    await ada.call('broadcast_work_offer', {taskId: 't', description: 'Port the date picker', capability: 'typescript'});
    await page.locator('#items-waiting li', {hasText: 'Port the date picker'}).waitFor();
    const [item] = (await ada.call('claim_work')).match(/[0-9a-f]{8}-[0-9a-f-]{27}/);
    await page.locator('#items-held li', {hasText: 'Port the date picker'}).filter({hasText: 'ada'}).waitFor();
    await ada.call('fail_work', {workItemId: item, error: 'There is no date picker.', retryable: false});
    const letter = page.locator('#letters li', {hasText: 'Port the date picker'});
    await letter.filter({hasText: 'There is no date picker.'}).waitFor();
    await letter.getByRole('button', {name: /^Retry/}).click();
    await page.locator('#toast', {hasText: 'Retried'}).waitFor();
    await letter.waitFor({state: 'detached'});
    assert.match(await ada.call('claim_work', {timeout: 10_000}), new RegExp(item));
    await ada.call('complete_work', {workItemId: item});
    await page.locator('#work-empty', {hasText: 'broadcast_work_offer'}).waitFor();
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}));

async function until(what, holds) {
  const deadline = Date.now() + 20_000;
  while (!await holds()) {
    assert.ok(Date.now() < deadline, `not within 20 s: ${what}`);
    await wait(50);
  }
}

// What a scraper makes of a line: the name, the labels, the value.
function samplesOf(text) {
  const samples = new Map();
  for (const line of text.split('\n').filter((one) => one && !one.startsWith('#'))) {
    const [, name, labels, value] = line.match(/^([a-z_]+)(\{[^}]*\})? (\S+)$/) ?? assert.fail(line);
    assert.ok(!Number.isNaN(Number(value)), line);
    samples.set(name + (labels ?? ''), Number(value));
  }
  return samples;
}

test('a scraper gets the numbers, if it has the token, and a probe the health without', () => withTeam(async (team) => {
  const token = 'a-token-nobody-can-guess';
  const get = (route, shown) => fetch(new URL(route, team.url), {headers: shown ? {authorization: `Bearer ${token}`} : {}});
  assert.equal((await get('/healthz')).status, 200);
  for (const route of ['/readyz', '/metrics', '/events']) {
    assert.equal((await get(route)).status, 401, route);
  }
  // It leads after six seconds without a leader.
  await until('ready', async () => (await get('/readyz', true)).status === 200);
  const ada = await team.agent('ada', ['typescript']);
  await ada.call('broadcast_work_offer', {taskId: 't', description: 'Write a test', capability: 'typescript', priority: 7});
  await ada.call('claim_work');
  let samples;
  await until('the claim is counted', async () => {
    const answer = await get('/metrics', true);
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    samples = samplesOf(await answer.text());
    return samples.get('nats_mcp_work_items{state="claimed"}') === 1;
  });
  assert.equal(samples.get('nats_mcp_coordinator_leader'), 1);
  assert.equal(samples.get('nats_mcp_agents{status="online"}'), 1);
  assert.ok(samples.get('nats_mcp_nats_round_trip_seconds') > 0);
}, 'a-token-nobody-can-guess'));
