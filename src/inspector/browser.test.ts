import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { documentOf, inspectedWorld, type World } from './inspected.test.fixture.ts';
import { PAGE_ASSET } from './page-asset.ts';

const EXECUTABLE = '/usr/bin/chromium';
const installed = existsSync(EXECUTABLE);
if (!installed) process.stderr.write(`The inspector is not tested in a browser: ${EXECUTABLE} is not installed.\n`);

const MOST_BYTES = 45_000;

test(`the page has at most ${MOST_BYTES} bytes, compressed`, () => {
  const page = readFileSync(PAGE_ASSET);
  expect(gzipSync(page).byteLength).toBeLessThanOrEqual(MOST_BYTES);
});

const VIEWS = ['operations', 'resources', 'prompts', 'budget', 'graph', 'traffic', 'problems'];

describe.runIf(installed)('the inspector in Chromium', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let browser: Browser;
  let world: World;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
    cleanups.push(() => browser.close());
    world = await inspectedWorld((close) => cleanups.push(close));
  });
  afterAll(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  let context: BrowserContext | undefined;
  /** What the browser and the page complained of. */
  const complaints: string[] = [];
  afterEach(async () => {
    await context?.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  /** A fresh browser that used a link. */
  async function opened(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(5_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(world.inspector.url(world.origin));
    await page.waitForSelector('.items a');
    return page;
  }

  const select = (page: Page, tool: string) => page.click(`.items a:has-text("${tool}")`);
  const call = (page: Page) => page.click('button:has-text("Call")');
  const result = (page: Page) => page.textContent('.answer');

  test('the link works once; the page is at an address without the token, under a strict policy', async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    const link = world.inspector.url(world.origin);
    const response = await page.goto(link);
    expect(page.url()).toBe(`${world.origin}/inspector/`);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/,
    );
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    const other = await browser.newContext();
    const second = await other.newPage();
    expect((await second.goto(link))?.status()).toBe(403);
    expect(await second.textContent('h1')).toBe('This link has been used');
    expect((await second.goto(`${world.origin}/inspector/`))?.status()).toBe(401);
    await other.close();
  });

  test('operations are found, shown and called', async () => {
    const page = await opened();
    await page.fill('#search', 'number remove');
    expect(await page.locator('.items a').count()).toBe(0);
    await page.fill('#search', 'GET one pet');
    expect(await page.locator('.items a').allTextContents()).toEqual(['GETgetPet/pets/{petId}']);
    await select(page, 'getPet');
    await page.waitForSelector('text=petId: is required');
    await page.fill('.detail input[inputmode=decimal]', '7');
    await page.waitForSelector('.code:has-text("/pets/7")');
    await call(page);
    await page.waitForSelector('.answer');
    expect(await result(page)).toContain('"name": "Ada"');
    expect(await page.locator('.answer .badge').allTextContents()).toEqual([
      'ok',
      'HTTP 200',
      expect.stringMatching(/^\d+ ms$/),
      expect.stringMatching(/^about \d+ tokens$/),
    ]);
  });

  test('an error is shown with its code and fix', async () => {
    const page = await opened();
    await select(page, 'getPet');
    await page.fill('.detail input[inputmode=decimal]', '404');
    await call(page);
    await page.waitForSelector('.answer .notice');
    expect(await page.textContent('.answer .error-code')).toBe('HTTP 404');
    expect(await result(page)).toContain('There is no such pet.');
    expect(await page.textContent('.answer .fix')).toContain('404: check the ids');
  });

  test('a tool that may change data is called at the second press', async () => {
    const page = await opened();
    await select(page, 'removePet');
    await page.fill('.detail input[inputmode=decimal]', '7');
    await call(page);
    expect(await page.textContent('#announcements')).toBe('This may change data. Press again to call it.');
    // Leaving the button takes it back.
    await page.focus('#search');
    await call(page);
    expect(await page.locator('.answer').count()).toBe(0);
    await page.click('button:has-text("Press again to call")');
    await page.waitForSelector('.answer:has-text("204")');
  });

  test('a question of a call is asked on the page', async () => {
    const page = await opened();
    await select(page, 'order');
    await call(page);
    await page.click('button:has-text("Press again to call")');
    const question = page.getByRole('group', { name: 'Which size? [redacted]' });
    await question.waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Which size? [redacted]');
    await question.getByRole('button', { name: 'Accept' }).click();
    await question.getByText('"size" is missing').waitFor();
    await question.getByLabel('size').selectOption('large');
    await question.getByRole('button', { name: 'Accept' }).click();
    await page.waitForSelector('.answer:has-text("Ordered a large one.")');
    expect(await question.count()).toBe(0);
    // The browser reports the answer that was refused.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  test('a form has fields for every kind of argument, and the same arguments as JSON', async () => {
    const page = await opened();
    await select(page, 'addPet');
    await page.getByLabel('name required').fill('Ada');
    await page.getByLabel('species').selectOption('cat');
    await page.getByLabel('tame').selectOption('true');
    await page.getByLabel('weight').fill('3.5');
    await page.getByLabel('born').fill('2021-05-04');
    await page.getByRole('button', { name: 'Add to tags' }).click();
    await page.getByLabel('tags 1').fill('small');
    await page.getByRole('button', { name: 'Add owner' }).click();
    await page.getByLabel('city').fill('Basel');
    await page.getByLabel('Kind of food').selectOption('Wet');
    await page.getByLabel('cans').fill('2');
    await page.getByLabel('notes').fill('{"wild": ');
    expect(await page.textContent('.problem')).toContain('This is not JSON');
    await page.getByLabel('notes').fill('{"wild": false}');
    await page.waitForSelector('.code:has-text("--data-raw")');
    await page.getByRole('radio', { name: 'JSON' }).check();
    const json = page.getByLabel('Arguments as JSON');
    const given = {
      name: 'Ada',
      species: 'cat',
      tame: true,
      weight: 3.5,
      born: '2021-05-04',
      tags: ['small'],
      owner: { city: 'Basel' },
      food: { kind: 'wet', cans: 2 },
      notes: { wild: false },
    };
    expect(JSON.parse(await json.inputValue())).toEqual(given);
    await json.fill(JSON.stringify({ ...given, born: null, food: { kind: 'dry', grams: 70 } }));
    await page.getByRole('radio', { name: 'Form' }).check();
    expect(await page.getByLabel('grams').inputValue()).toBe('70');
    await page.waitForSelector('text=born is null.');
    await call(page);
    await page.click('button:has-text("Press again to call")');
    await page.waitForSelector('.answer:has-text("HTTP 201")');
    expect(await result(page)).toContain('"grams": 70');
  });

  test('texts of documents and answers are never HTML', async () => {
    const page = await opened();
    await select(page, 'greet');
    await page.waitForSelector('.description');
    expect(await page.textContent('.description')).toBe('Greet <b>somebody</b>.');
    await page.getByLabel('name').fill('<img src=x onerror=alert(1)>');
    await call(page);
    await page.waitForSelector('.answer');
    expect(await result(page)).toContain('Hello <img src=x onerror=alert(1)>!');
    expect(await page.locator('.answer img').count()).toBe(0);
  });

  test('a reload of the server updates the page, and keeps what was typed', async () => {
    const page = await opened();
    await select(page, 'getPet');
    await page.fill('.detail input[inputmode=decimal]', '7');
    world.fail('pets.yaml:3: unexpected end');
    await page.waitForSelector('.banners:has-text("pets.yaml:3")');
    await world.reload(
      documentOf({ more: "  /shops:\n    get: { operationId: listShops, responses: { '200': { description: ok } } }" }),
    );
    await page.waitForSelector('.items a:has-text("listShops")');
    expect(await page.locator('.banners .notice').count()).toBe(0);
    expect(await page.inputValue('.detail input[inputmode=decimal]')).toBe('7');
    await select(page, 'listShops');
    await page.waitForSelector('h2:has-text("listShops")');
    await page.goBack();
    expect(await page.inputValue('.detail input[inputmode=decimal]')).toBe('7');
    await world.reload(documentOf());
    await page.waitForSelector('.items a:has-text("listShops")', { state: 'detached' });
  });

  test('resources are read, with completed variables, and prompts are filled in', async () => {
    const page = await opened();
    await page.click('nav a:has-text("Resources")');
    await select(page, 'customer');
    await page.fill('.detail input', 'al');
    await page.waitForSelector('datalist option[value=alan]', { state: 'attached' });
    await page.fill('.detail input', 'alan');
    await page.waitForSelector('code:text-is("shop://customers/alan")');
    await page.click('button:has-text("Read")');
    await page.waitForSelector('.answer:has-text("alan")');
    await page.click('nav a:has-text("Prompts")');
    await select(page, 'welcome');
    await page.getByLabel('language').fill('greek');
    await page.click('button:has-text("Get messages")');
    await page.waitForSelector('.answer:has-text("Say hello in greek.")');
  });

  test('the budget can be sorted, and shows what a model sees', async () => {
    const page = await opened();
    await page.click('nav a:has-text("Budget")');
    const first = page.locator('.scrolls tbody tr').first();
    await first.waitFor();
    expect(await first.textContent()).toContain('addPet');
    await page.getByRole('button', { name: 'Tool', exact: true }).click();
    expect(await page.locator('th[aria-sort=ascending]').textContent()).toContain('Tool');
    await page.getByRole('button', { name: 'show what a model sees of getPet' }).click();
    await page.waitForSelector('pre:has-text("inputSchema")');
  });

  test('the graph is a picture and a list, and leads to operations', async () => {
    const page = await opened();
    await page.click('nav a:has-text("Dependencies")');
    await page.waitForSelector('svg .node');
    expect(await page.locator('svg .node').count()).toBe(3);
    expect(await page.locator('.needs li').allTextContents()).toEqual([
      'GET getPet needs petId from GET listPets',
      'DELETE removePet needs petId from GET listPets',
    ]);
    await page.getByLabel('Operation', { exact: true }).selectOption({ label: 'getPet' });
    await expect.poll(() => page.locator('svg .node').count()).toBe(2);
  });

  test('calls of clients appear as they finish, and open with their exchanges', async () => {
    const page = await opened();
    await page.click('nav a:has-text("Traffic")');
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${world.origin}/mcp`)));
    await client.callTool({ name: 'getPet', arguments: { petId: 12 } });
    await client.close();
    const line = page.locator('.traffic .line').first();
    await expect.poll(() => line.textContent()).toMatch(/200getPetGET http:\/\/127\.0\.0\.1:\d+\/pets\/12/);
    await line.click();
    await page.waitForSelector('.opened pre:has-text("HTTP 200")');
    expect(await page.textContent('.opened')).toContain('"petId": 12');
  });

  test('problems have a code, a place and a fix', async () => {
    const page = await opened();
    await page.click('nav a:has-text("Problems")');
    await page.waitForSelector('.problems li');
    expect(await page.textContent('.problems')).toContain('UNRESOLVED_REF');
    expect(await page.textContent('.problems .fix')).toContain('Correct the reference');
  });

  test('everything can be done with the keyboard', async () => {
    const page = await opened();
    const press = (key: string) => page.keyboard.press(key);
    const focused = () => page.evaluate('document.activeElement.textContent || document.activeElement.id');
    await press('Tab');
    expect(await focused()).toBe('Skip to the content');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await press('Enter');
    await press('Tab');
    expect(await focused()).toBe('search');
    await page.keyboard.type('getPet');
    await press('Tab');
    await press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H2');
    await page.waitForSelector('.detail input[inputmode=decimal]');
    // The switch between form and JSON, then the field.
    await press('Tab');
    await press('Tab');
    await page.keyboard.type('7');
    await page.waitForSelector('.code:has-text("/pets/7")');
    for (let presses = 0; presses < 5 && (await focused()) !== 'Call'; presses++) await press('Tab');
    await press('Enter');
    await page.waitForSelector('.answer');
    expect(await page.textContent('#announcements')).toMatch(/^Finished after \d+ ms\.$/);
    // No trap: Tab leaves the page at its end.
    for (let presses = 0; presses < 40 && (await page.evaluate('document.activeElement !== document.body')); presses++)
      await press('Tab');
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  });

  const EVERYWHERE = [
    ...VIEWS,
    'operations/addPet',
    `resources/${encodeURIComponent('shop://customers/{id}')}`,
    'prompts/welcome',
  ];

  /** Waits until everything is there that the view fetches. */
  const settled = async (page: Page) => {
    await page.waitForTimeout(200);
    await expect.poll(() => page.textContent('main')).not.toContain('Loading');
  };

  test('a width of 360 pixels is enough', async () => {
    const page = await opened({ viewport: { width: 360, height: 740 } });
    for (const view of EVERYWHERE) {
      await page.goto(`${world.origin}/inspector/#/${view}`);
      await settled(page);
      expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, 360]);
    }
  });

  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  test.each(['light', 'dark'] as const)('axe finds nothing in any view (%s)', async (colorScheme) => {
    const page = await opened({ colorScheme });
    await page.evaluate(axe);
    for (const view of EVERYWHERE) {
      await page.evaluate(`location.hash = '#/${view}'`);
      await settled(page);
      if (view === 'operations/addPet') {
        await call(page);
        await page.click('button:has-text("Press again to call")');
        await page.waitForSelector('.answer');
      }
      if (view === 'traffic') await page.locator('.line').first().click();
      const violations = await page.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
      );
      expect([view, violations]).toEqual([view, []]);
    }
  });

  test('no response to the page contains a secret', async () => {
    context = await browser.newContext();
    const page = await context.newPage();
    const texts: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/events') || response.status() === 303) return;
      texts.push(response.text().catch(() => ''));
    });
    await page.goto(world.inspector.url(world.origin));
    await page.waitForSelector('.items a');
    await select(page, 'logIn');
    await page.getByLabel('login').fill('ada');
    await page.getByLabel('password').fill('password-that-nobody-may-see');
    await call(page);
    await page.click('button:has-text("Press again to call")');
    await page.waitForSelector('.answer:has-text("[redacted]")');
    await page.click('nav a:has-text("Traffic")');
    await page.locator('.line').first().click();
    await page.waitForSelector('.opened');
    for (const view of VIEWS) await page.goto(`${world.origin}/inspector/#/${view}`);
    expect(texts.length).toBeGreaterThan(5);
    expect((await Promise.all(texts)).join('\n')).not.toMatch(/that-nobody-may-see/);
  });
});
