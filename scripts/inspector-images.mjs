// Takes the pictures of docs/inspector.md: the page of a server whose API is the mock, in Chromium. Needs a build.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { CLI, DOCUMENT, fromRoot, startPetstore } from './petstore.mjs';
import { printed } from './printed.mjs';

const api = await startPetstore();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const flags = ['--transport', 'http', '--port', '0', '--inspector', '--no-cache', '--base-url', api.url];
const server = spawn(process.execPath, [CLI, 'run', DOCUMENT, ...flags], {
  env: { ...process.env, API_KEY_SHOP_KEY: 'demo' },
});
try {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, reducedMotion: 'reduce' });
  await page.goto(await printed(server, /Inspector: (\S+)\n/));
  await page.click('.items a:has-text("getPet")');
  await page.fill('.detail input[inputmode=decimal]', '7');
  await page.waitForSelector('.code:has-text("/pets/7")');
  await page.click('button:has-text("Call")');
  await page.waitForSelector('.answer');
  await page.screenshot({ path: fromRoot('docs/images/inspector.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1000, height: 640 });
  await page.click('nav a:has-text("Budget")');
  await page.waitForSelector('.scrolls tbody tr');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fromRoot('docs/images/inspector-budget.png') });
} finally {
  await browser.close();
  server.kill();
  await once(server, 'exit');
  await api.close();
}
