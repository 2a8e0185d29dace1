import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callContext } from 'openapi-mcp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended } from '../src/cli/started.test.fixture.ts';
import { openShop } from './examples/sign.ts';

// The handler of docs/credentials.md, in a program and in a config file: the API verifies its signatures.

const KEY = 'hmac-key-0123456789';
const verified: boolean[] = [];
const api = createServer((request, response) => {
  const { method, url, headers } = request;
  verified.push(isSigned(`${method} ${url}`, headers));
  response.setHeader('content-type', 'application/json').end('[]');
});
const isSigned = (line: string, { 'x-time': time, 'x-signature': signature }: IncomingHttpHeaders) =>
  signature === createHmac('sha256', KEY).update(`${line} ${time}\n`).digest('hex');

let folder: string;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-credentials-'));
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => {
  api.close();
  rmSync(folder, { recursive: true });
});

const example = join(import.meta.dirname, 'examples/sign.ts');
const spec = join(import.meta.dirname, '../test-specs/petstore.yaml');
function config(credential: object): string {
  const path = join(folder, 'shop.openapi-mcp.config.json');
  writeFileSync(
    path,
    JSON.stringify({ prefix: true, apis: { shop: { spec, baseUrl: url, auth: { shop_key: credential } } } }),
  );
  return path;
}

test('examples/sign.ts signs requests of a program', async () => {
  const shop = await openShop(url, KEY);
  verified.length = 0;
  await shop.callTool({ name: 'removePet', arguments: { petId: 1 } }, callContext());
  await shop.close();
  expect(verified).toEqual([true]);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
const MODULE = { module: example, options: { key: '${SHOP_KEY}' } };

test('examples/sign.ts signs requests of a config file', async () => {
  verified.length = 0;
  const { code, stderr } = await ended(['call', config(MODULE), 'shop_removePet', 'petId=1'], {
    env: { SHOP_KEY: KEY },
  });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining(KEY)]);
  expect(verified).toEqual([true]);
});

test('with --no-exec the module is not loaded', async () => {
  const missing = { module: join(folder, 'missing.mjs') };
  expect((await ended(['inspect', config(missing), '--no-exec'])).code).toBe(0);
  const { code, stderr } = await ended(['inspect', config(missing)]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('missing.mjs does not exist')]);
});

test.each(
  [
    ['export default 7;', 'is a number, not an auth handler.'],
    ['export default () => ({ sign() {} });', 'returns an object with sign, not an auth handler.'],
    ['export const sign = {};', 'has no export "default".'],
  ].flatMap(([text = '', want = '']) => [
    { text, want, extension: 'mjs' },
    { text, want, extension: 'ts' },
  ]),
)('$text in $extension: the error says what a module must export', async ({ text, want, extension }) => {
  const module = join(folder, `module-${text.length}.${extension}`);
  writeFileSync(module, text);
  const { code, stderr } = await ended(['inspect', config({ module })]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(want)]);
});
