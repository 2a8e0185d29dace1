import { existsSync } from 'node:fs';
import { type Browser as Chromium, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoryTokenStore } from '../runtime/secrets/token-store.ts';
import { type ConnectWorld, connectWorld, serveWorld } from './connect.test.fixture.ts';
import { callAs } from './on-behalf.test.fixture.ts';

const EXECUTABLE = '/usr/bin/chromium';
const installed = existsSync(EXECUTABLE);
if (!installed)
  process.stderr.write(`Connecting accounts is not tested in a browser: ${EXECUTABLE} is not installed.\n`);

describe.runIf(installed)('connecting an account in Chromium', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  const store = memoryTokenStore();
  let browser: Chromium;
  let world: ConnectWorld;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
    cleanups.push(() => browser.close());
    world = await connectWorld((close) => cleanups.push(close));
    const { server } = await serveWorld(world, { tokenStore: store });
    cleanups.push(() => server.close());
  });
  afterAll(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** The login and consent pages of the providers. */
  async function signIn(page: Page, login: string) {
    await page.fill('input[name=login]', login);
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.click('button[type=submit]');
  }

  test('leads through both logins, the page and its form, without a complaint of the browser', async () => {
    const token = await world.tokenOf('ada');
    const call = { name: 'getNote', args: { id: '1' } };
    const { text } = await callAs(token, world.url, call);
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } });
    // The providers' pages ask for a font elsewhere.
    await context.route(
      ({ hostname }) => hostname !== '127.0.0.1',
      (route) => route.abort(),
    );
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && page.url().startsWith(world.origin)) complaints.push(message.text());
    });
    await page.goto(/http:\S+\/connect\?ticket=\S+/.exec(text)?.[0] ?? '');
    await signIn(page, 'ada');
    await page.waitForURL(`${world.origin}/connect/consent?*`);
    expect(await page.textContent('h1')).toContain('Connect your account at');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.click('button[value=allow]');
    await signIn(page, 'ada-at-notes');
    await page.waitForURL(`${world.origin}/connect/callback?*`);
    expect(await page.textContent('h1')).toBe('Your account is connected');
    expect(complaints).toEqual([]);
    await context.close();
    expect(await callAs(token, world.url, call)).toMatchObject({ isError: false });
    expect(await world.owners()).toEqual(['ada-at-notes']);
  });
});
