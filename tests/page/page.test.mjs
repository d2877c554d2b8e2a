// The coordinator's page in headless Chromium, served by page_preview.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {live, openPage, startBrowser, startPreview} from './preview.mjs';

const hostile = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">'
  + ' \u001b[31mred\u001b[0m \u202eevil\u202c \u0007';

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** Runs `story` with a preview and a page, which may complain about nothing but what is `expected`. */
async function withPage(story, {args = ['--still', '--agents', '3'], choice = {}, expected} = {}) {
  const preview = await startPreview(...args);
  const {context, page, complaints} = await openPage(browser, preview.url, choice);
  try {
    await story({preview, page, context});
    assert.deepEqual(complaints.filter((text) => !expected?.test(text)), []);
  } finally {
    await context.close();
    await preview.stop();
  }
}

function letter(page, description) {
  return page.locator('#letters li').filter({hasText: description});
}

test('agents appear, and are counted', () => withPage(async ({preview, page}) => {
  await live(page);
  await page.locator('#agent-list li').nth(2).waitFor();
  assert.equal(await page.locator('#figure-agents').textContent(), '3');
  preview.tell('join zoe');
  await page.locator('#agent-list li', {hasText: 'zoe'}).waitFor();
  assert.equal(await page.locator('#figure-agents').textContent(), '4');
  const row = page.locator('#agent-list li', {hasText: 'zoe'});
  assert.equal(await row.getAttribute('data-state'), 'online');
  assert.match(await row.locator('.seen').textContent(), /^\d+ s$/);
}));

test('a message shows up within two seconds', () => withPage(async ({preview, page}) => {
  await live(page);
  const began = Date.now();
  preview.say('roadmap', 'ada', 'The build is green again.');
  await page.locator('.messages li', {hasText: 'The build is green again.'}).waitFor();
  assert.ok(Date.now() - began < 2000, `it took ${Date.now() - began} ms`);
}));

test('what holds work ticks while nothing is sent', () => withPage(async ({page}) => {
  await live(page);
  const since = page.locator('#items-held .since').first();
  await since.waitFor();
  const shown = await since.textContent();
  assert.match(shown, /^(\d+:)?\d+:\d\d$/);
  await page.waitForFunction((old) => document.querySelector('#items-held .since').textContent !== old, shown);
}, {args: ['--agents', '24']}));

test('a dead letter is retried by its button', () => withPage(async ({preview, page}) => {
  await live(page);
  await page.locator('#letters-empty').waitFor();
  preview.tell('lose Port the date picker');
  await letter(page, 'Port the date picker').getByRole('button', {name: /^Retry/}).click();
  await page.locator('#toast', {hasText: 'Retried: the item waits for a worker'}).waitFor();
  await letter(page, 'Port the date picker').waitFor({state: 'detached'});
  await page.locator('#items-waiting li', {hasText: 'Port the date picker'}).waitFor();
  await page.locator('#letters-empty').waitFor();
}));

test('a discard asks first, and can be thought better of', () => withPage(async ({preview, page}) => {
  await live(page);
  preview.tell('lose Translate the mails');
  const discard = letter(page, 'Translate the mails').getByRole('button', {name: /^Discard/});
  await discard.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.filter({hasText: 'Translate the mails'}).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({state: 'hidden'});
  await letter(page, 'Translate the mails').waitFor();
  await discard.click();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Keep it');
  await page.keyboard.press('Enter');
  await dialog.waitFor({state: 'hidden'});
  await letter(page, 'Translate the mails').waitFor();
  await discard.click();
  await dialog.getByRole('button', {name: 'Discard'}).click();
  await page.locator('#toast', {hasText: 'Discarded: nobody will work on this item'}).waitFor();
  await letter(page, 'Translate the mails').waitFor({state: 'detached'});
}));

test('a change that fails says why, and one that is unknown says that', () => withPage(async ({preview, page, context}) => {
  await live(page);
  preview.tell('lose Sweep the yard');
  const retry = letter(page, 'Sweep the yard').getByRole('button', {name: /^Retry/});
  await retry.waitFor();
  await context.route('**/retry', (route) => route.fulfill({status: 409, body: 'Somebody has it.'}));
  await retry.click();
  await page.locator('#toast[data-kind=failed]', {hasText: 'stays: Somebody has it.'}).waitFor();
  await context.unroute('**/retry');
  await context.route('**/retry', (route) => route.abort());
  await retry.click();
  await page.locator('#toast[data-kind=failed]', {hasText: 'Not known whether'}).waitFor();
  assert.equal(await retry.isEnabled(), true);
}, {expected: /^Failed to load resource/})); // says the browser itself

test('hostile text is shown, and does nothing', () => withPage(async ({preview, page}) => {
  await live(page);
  preview.tell(`join ${hostile.replaceAll('\n', ' ')}`);
  preview.tell(`lose ${hostile}`);
  preview.say('roadmap', 'mallory', `${hostile} \u0085\ud800`);
  const said = page.locator('.messages .said', {hasText: 'evil'});
  await said.waitFor();
  const text = await said.textContent();
  assert.ok(text.startsWith('<script>window.hacked = 1</script><img src=x'), text);
  assert.ok(text.includes('\u241b[31mred\u241b[0m U+202EevilU+202C \u2407'), text);
  for (const where of ['#agent-list .handle', '#letters .what']) {
    await page.locator(where, {hasText: 'window.hacked'}).waitFor();
  }
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('main img, main script, #agents script, #agents img').count(), 0);
  assert.doesNotMatch(await page.locator('body').innerText(), /[\u0000-\u0008\u001b\u202e]/u);
}));

test('the page may make no markup of text, and load nothing from elsewhere', () => withPage(async ({preview, page}) => {
  await live(page);
  const refused = await page.evaluate(() => {
    const out = [];
    for (const attempt of [
      () => { document.body.innerHTML = '<b>x</b>'; },
      () => document.body.setAttribute('onclick', 'window.hacked = 3'),
      () => { document.createElement('script').text = '1'; },
    ]) {
      try {
        attempt();
        out.push('allowed');
      } catch {
        out.push('refused');
      }
    }
    return out;
  });
  assert.deepEqual(refused, ['refused', 'refused', 'refused']);
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.reload();
  await live(page);
  assert.ok(requests.length > 5);
  assert.deepEqual(requests.filter((url) => !url.startsWith(preview.url)), []);
}, {expected: /Trusted|Content Security Policy/})); // what was refused is reported

test('everything can be done by keyboard', () => withPage(async ({page}) => {
  await live(page);
  await page.locator('#agent-list li').nth(14).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'agents-filter');
  await page.keyboard.type('grace');
  await page.waitForFunction(() => document.querySelectorAll('#agent-list li').length === 2);
  await page.keyboard.press('Escape');
  await page.locator('#agents-filter').fill('');
  await page.locator('#agents-more').focus();
  await page.keyboard.press('Enter');
  await page.locator('#agent-list li').nth(23).waitFor();
  assert.equal(await page.locator('#agents-more').getAttribute('aria-expanded'), 'true');
  await page.locator('#chart').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  assert.match(await page.locator('#chart-text').textContent(), /^\d\d:\d\d: \d+ completed, \d+ offered/);
  await page.locator('#theme').focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.colours), 'light');
  const nameless = await page.evaluate(() => [...document.querySelectorAll('button, input, a, [tabindex="0"]')]
    .filter((one) => !(one.getAttribute('aria-label') ?? one.textContent).trim()).map((one) => one.id));
  assert.deepEqual(nameless, []);
}, {args: ['--agents', '24']}));

test('a phone shows all of it without scrolling sideways', () => withPage(async ({page}) => {
  await live(page);
  await page.locator('#items-held li').first().waitFor();
  const sizes = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(sizes[0] <= sizes[1], `${sizes}`);
  assert.ok(await page.locator('.jump').isVisible());
}, {args: ['--agents', '40'], choice: {viewport: {width: 360, height: 740}, isMobile: true, hasTouch: true}}));

test('an empty team is told how to begin', () => withPage(async ({page}) => {
  await live(page);
  await page.locator('#agents-empty', {hasText: 'register_agent'}).waitFor();
  await page.locator('#work-empty', {hasText: 'broadcast_work_offer'}).waitFor();
  await page.locator('#letters-empty', {hasText: 'Nothing is dead'}).waitFor();
}, {args: ['--still', '--agents', '0']}));

test('what cannot be seen is said, until it can be seen again', () => withPage(async ({preview, page}) => {
  await live(page);
  preview.tell('blind NATS is not reached.');
  await page.locator('#banner', {hasText: 'NATS is not reached.'}).waitFor();
  assert.equal(await page.locator('#agent-list li').count(), 3, 'what was seen last stays');
  preview.tell('see');
  await page.locator('#banner').waitFor({state: 'hidden'});
}));

test('items that are too many to be seen are counted', () => withPage(async ({preview, page}) => {
  await live(page);
  assert.ok(await page.locator('#work-left-out').isHidden());
  preview.tell('lose Port the date picker');
  preview.tell('lose Translate the mails');
  await page.locator('#work-left-out', {hasText: '1 more item'}).waitFor();
}, {args: ['--still', '--agents', '3', '--in-view', '1']}));

test('a lost connection is shown, and comes back by itself', async () => {
  const first = await startPreview('--still', '--agents', '3');
  const {context, page} = await openPage(browser, first.url);
  try {
    await live(page);
    await first.stop();
    await page.locator('#link[data-state=lost]', {hasText: 'Reconnecting'}).waitFor();
    const second = await startPreview('--still', '--agents', '5', '--http', first.address);
    try {
      await live(page);
      await page.locator('#agent-list li').nth(4).waitFor();
    } finally {
      await second.stop();
    }
  } finally {
    await context.close();
  }
});

test('a token opens the page, and only the right one', async () => {
  const token = 'a-token-nobody-can-guess';
  const preview = await startPreview('--still', '--agents', '3', '--token', token);
  const {context, page} = await openPage(browser, preview.url);
  try {
    const field = page.getByLabel('Token');
    await field.fill('a-token-somebody-guessed');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({hasText: "That is not this coordinator's token."}).waitFor();
    await field.fill(token);
    await page.keyboard.press('Enter');
    await live(page);
    await page.locator('#agent-list li').nth(2).waitFor();
    const [cookie] = await context.cookies();
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Strict');
    assert.ok(!cookie.value.includes(token));
    assert.equal(await page.evaluate(() => document.cookie), '');
    preview.tell('lose Mow the lawn');
    await letter(page, 'Mow the lawn').getByRole('button', {name: /^Retry/}).click();
    await page.locator('#toast', {hasText: 'Retried'}).waitFor();
    await page.reload();
    await live(page);
    await context.clearCookies();
    await page.reload();
    await page.getByLabel('Token').waitFor();
  } finally {
    await context.close();
    await preview.stop();
  }
});
