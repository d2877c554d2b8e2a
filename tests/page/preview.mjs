// Starts page_preview, and a browser that looks at it.
import {spawn} from 'node:child_process';
import readline from 'node:readline';

import {chromium} from 'playwright-core';

const program = process.env.PAGE_PREVIEW;
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

/** A page_preview with these arguments: `{address, url, tell(line), stop()}`. */
export async function startPreview(...given) {
  if (!program) {
    throw new Error('PAGE_PREVIEW has to name the program page_preview');
  }
  const child = spawn(program, given, {stdio: ['pipe', 'pipe', 'inherit']});
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const first = await new Promise((resolve, reject) => {
    readline.createInterface({input: child.stdout}).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`page_preview ended with ${code}`)));
  });
  const {address} = JSON.parse(first);
  return {
    address,
    url: `http://${address}/`,
    tell: (line) => child.stdin.write(`${line}\n`),
    say: (channel, who, text) => child.stdin.write(`say ${channel} ${who} ${JSON.stringify(text)}\n`),
    pid: child.pid,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

export function startBrowser() {
  // The sandbox of a browser needs what a container does not give; it sees our own page only.
  return chromium.launch({executablePath: chromiumPath, args: ['--no-sandbox']});
}

/** A page in a browser of its own, and what it complained about. */
export async function openPage(browser, url, choice = {}) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...choice});
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.setDefaultTimeout(15_000);
  await page.goto(url);
  return {context, page, complaints};
}

/** Until the page is connected. */
export function live(page) {
  return page.locator('#link[data-state=live]').waitFor();
}
