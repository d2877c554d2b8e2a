// What an open page costs whoever serves it: node cost.mjs [agents] [seconds]. Needs PAGE_PREVIEW.
import fs from 'node:fs';
import {execFileSync} from 'node:child_process';

import {live, openPage, startBrowser, startPreview} from './preview.mjs';

const [agents = '200', seconds = '60'] = process.argv.slice(2);
const ticks = Number(execFileSync('getconf', ['CLK_TCK']));

/** Processor time in seconds, of all threads. */
function used(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

async function measure(pid, what) {
  const before = used(pid);
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  console.log(`${what}: ${(100 * (used(pid) - before) / seconds).toFixed(2)} % of a core over ${seconds} s`);
}

const preview = await startPreview('--agents', agents);
// Answered when the team has its hour behind it.
while (!(await fetch(`${preview.url}metrics`)).ok);
await measure(preview.pid, `${agents} agents, no page`);
const browser = await startBrowser();
const {page} = await openPage(browser, preview.url);
await live(page);
let bytes = 0;
const session = await page.context().newCDPSession(page);
await session.send('Network.enable');
session.on('Network.dataReceived', (event) => { bytes += event.dataLength; });
await page.reload();
await live(page);
await measure(preview.pid, `${agents} agents, one page`);
console.log(`${(bytes / seconds / 1000).toFixed(1)} kB a second were sent`);
await browser.close();
await preview.stop();
