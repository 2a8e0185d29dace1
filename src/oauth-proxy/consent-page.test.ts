import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BrowserContext, type Browser as Chromium, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IdentityProvider } from '../identity-provider.test.fixture.ts';
import {
  authorization,
  introspection,
  register,
  type StartedProxy,
  startProxy,
  startUpstream,
} from './proxy.test.fixture.ts';

const EXECUTABLE = '/usr/bin/chromium';
const installed = existsSync(EXECUTABLE);
if (!installed) process.stderr.write(`The consent page is not tested in a browser: ${EXECUTABLE} is not installed.\n`);

const LONG = 'a'.repeat(120);

describe.runIf(installed)('the consent page in Chromium', () => {
  let idp: IdentityProvider;
  let browser: Chromium;
  let client: Server;
  let redirectUri: string;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    idp = await startUpstream();
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
    client = createServer((request, response) => {
      const frame = new URL(request.url ?? '/', 'http://localhost').searchParams.get('frame');
      response.setHeader('content-type', 'text/html');
      response.end(frame === null ? '<h1>Connected</h1>' : `<iframe src="${frame.replaceAll('&', '&amp;')}"></iframe>`);
    });
    await new Promise<void>((resolve) => client.listen(0, '127.0.0.1', resolve));
    redirectUri = `http://127.0.0.1:${(client.address() as AddressInfo).port}/callback`;
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser.close();
    client.closeAllConnections();
    await new Promise((resolve) => client.close(resolve));
    await idp.close();
  });

  async function open(options: Parameters<Chromium['newContext']>[0] = {}) {
    const context = await browser.newContext({ viewport: { width: 360, height: 640 }, ...options });
    contexts.push(context);
    // The upstream's pages ask for a font elsewhere.
    await context.route(
      ({ hostname }) => hostname !== '127.0.0.1',
      (route) => route.abort(),
    );
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    return { page, complaints };
  }

  async function consentUrl(started: StartedProxy, name = 'Example Client', back = redirectUri) {
    const clientId = await register(started.baseUrl, { client_name: name, redirect_uris: [back] });
    return authorization(started, { client_id: clientId, redirect_uri: back, scope: undefined }).url;
  }

  test('fits a screen of 360 px, also with long names', async () => {
    const scopes = [LONG, ...Array.from({ length: 20 }, (_, i) => `scope:${i}`)];
    const started = await startProxy(idp, { scopesSupported: scopes, upstream: { scopes } });
    const { page } = await open();
    await page.goto(await consentUrl(started, LONG, `https://app.example/${LONG}${LONG}`));
    expect(await widths(page)).toEqual({ content: 360, screen: 360 });
    await page.goto(`${started.baseUrl}/authorize?client_id=${LONG}`);
    expect(await widths(page)).toEqual({ content: 360, screen: 360 });
  });

  test.each(['light', 'dark'] as const)('is readable with a %s color scheme', async (colorScheme) => {
    const { page, complaints } = await open({ colorScheme });
    await page.goto(await consentUrl(await startProxy(idp)));
    const contrasts = await page.evaluate(CONTRASTS);
    expect(contrasts.length).toBeGreaterThan(8);
    for (const { text, ratio } of contrasts) expect([text, ratio >= 4.5]).toEqual([text, true]);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      colorScheme === 'dark' ? 'rgb(13, 17, 23)' : 'rgb(244, 245, 247)',
    );
    expect(complaints).toEqual([]);
  });

  test('is answered with the keyboard alone', async () => {
    const started = await startProxy(idp);
    const { page, complaints } = await open();
    await page.goto(await consentUrl(started));
    await page.keyboard.press('Tab');
    expect(await focused(page)).toEqual({ text: 'Deny', outlined: true });
    await page.keyboard.press('Tab');
    expect(await focused(page)).toEqual({ text: 'Allow', outlined: true });
    await page.keyboard.press('Enter');
    await page.waitForURL(`${idp.issuer}/interaction/**`);
    await page.getByPlaceholder('Enter any login').fill('alice');
    await page.getByPlaceholder('and password').fill('any');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Continue' }).press('Enter');
    await page.waitForURL(`${redirectUri}?code=**`);
    await page.goto(await consentUrl(started));
    await page.getByRole('button', { name: 'Deny' }).press('Enter');
    await page.waitForURL(`${redirectUri}?error=access_denied**`);
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
  });

  test('leads through the upstream to the client without a stop if the user is signed in there', async () => {
    const verify = async () => ({ issuer: 'idp', subject: '7', scopes: [], claims: {} });
    const started = await startProxy(idp, { verifier: { ...introspection(idp), verify } });
    idp.replace('/auth', (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', idp.issuer);
      const back = `${searchParams.get('redirect_uri')}?code=c&state=${searchParams.get('state')}`;
      response.writeHead(302, { location: back }).end();
    });
    idp.replace('/token', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"t"}');
    });
    const { page, complaints } = await open();
    await page.goto(await consentUrl(started));
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${redirectUri}?code=**`);
    expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    for (const path of ['/auth', '/token']) idp.replace(path);
  });

  test('says who asks, with a heading, a title and a language', async () => {
    const { page } = await open();
    await page.goto(await consentUrl(await startProxy(idp)));
    expect(await page.title()).toContain('Allow Example Client to use 127.0.0.1');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(await page.title());
    expect(await page.getByRole('main').count()).toBe(1);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.getByText(redirectUri).count()).toBe(1);
  });

  test('row 36: is not shown in a frame', async () => {
    const { page } = await open();
    const url = await consentUrl(await startProxy(idp));
    await page.goto(`${redirectUri}?${new URLSearchParams({ frame: url })}`);
    const [, frame] = page.frames();
    expect(await frame?.getByRole('button').count()).toBe(0);
    expect(frame?.url()).toContain('chrome-error:');
  });

  test('row 40: runs nothing of the name of a client', async () => {
    const { page } = await open();
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs++;
      return dialog.dismiss();
    });
    await page.goto(await consentUrl(await startProxy(idp), '<img src=x onerror=alert(1)><script>alert(1)</script>'));
    expect(await page.locator('img, script').count()).toBe(0);
    expect(dialogs).toBe(0);
  });
});

async function widths(page: Page) {
  const [content, screen] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, window.innerWidth]',
  );
  return { content, screen };
}

function focused(page: Page): Promise<{ text: string; outlined: boolean }> {
  return page.evaluate(
    '({ text: document.activeElement.textContent, outlined: getComputedStyle(document.activeElement).outlineStyle === "solid" })',
  );
}

/** Contrast of each text with what is behind it (WCAG 2.2 §1.4.3). As text: it runs in the page. */
const CONTRASTS = `(() => {
  const parsed = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => value / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    const color = parsed(getComputedStyle(element).backgroundColor);
    return color.length === 4 && color[3] === 0 ? behind(element.parentElement) : color;
  };
  return [...document.querySelectorAll('h1, p, dt, dd, code, li, button')].map((element) => {
    const [a, b] = [luminance(parsed(getComputedStyle(element).color)), luminance(behind(element))].sort((x, y) => y - x);
    return { text: element.textContent, ratio: (a + 0.05) / (b + 0.05) };
  });
})()` as unknown as () => readonly { readonly text: string; readonly ratio: number }[];
