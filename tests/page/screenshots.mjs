// Makes the pictures in docs/images: PAGE_PREVIEW=build/release/bin/page_preview node screenshots.mjs
// With `pngquant` they are small. Look at them before they are committed.
import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';

import {live, openPage, startBrowser, startPreview} from './preview.mjs';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const views = {
  light: {viewport: {width: 1440, height: 1010}, colorScheme: 'light'},
  dark: {viewport: {width: 1440, height: 1010}, colorScheme: 'dark'},
  phone: {viewport: {width: 390, height: 844}, colorScheme: 'light', deviceScaleFactor: 2, isMobile: true},
  'phone-work': {viewport: {width: 390, height: 844}, colorScheme: 'dark', deviceScaleFactor: 2, isMobile: true, part: '#work'},
};

function smaller(file) {
  try {
    execFileSync('pngquant', ['--force', '--skip-if-larger', '--ext', '.png', '64', file]);
  } catch (failure) {
    console.error(`${file} stays as large as it is: ${failure.message}`);
  }
}

const preview = await startPreview('--agents', '24');
const browser = await startBrowser();
for (const [name, {part, ...choice}] of Object.entries(views)) {
  const {context, page} = await openPage(browser, preview.url, choice);
  await live(page);
  await page.locator('#items-held li').first().waitFor();
  await page.locator('#channels .said').first().waitFor();
  if (part) {
    await page.locator(part).evaluate((element) => element.scrollIntoView());
  }
  const file = `${folder}page-${name}.png`;
  await page.screenshot({path: file});
  smaller(file);
  await context.close();
}
await browser.close();
await preview.stop();

const guarded = await startPreview('--token', 'a-token-nobody-can-guess');
const again = await startBrowser();
const {page} = await openPage(again, guarded.url, {viewport: {width: 720, height: 480}});
await page.getByLabel('Token').waitFor();
await page.screenshot({path: `${folder}page-login.png`});
smaller(`${folder}page-login.png`);
await again.close();
await guarded.stop();
