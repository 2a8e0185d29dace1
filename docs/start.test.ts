import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openPageShell, type PageShell, pageAsRun, ROOT } from './shell.test.fixture.ts';

// The transcripts of docs/start.md, with an API that serves its document. To update them: npx vitest run
// docs/start.test.ts -u

const page = join(ROOT, 'docs', 'start.md');
let shell: PageShell;
let stop: () => unknown;
beforeAll(async () => {
  shell = await openPageShell();
  const written = parse(readFileSync(join(ROOT, 'test-specs', 'petstore.yaml'), 'utf8'));
  const document = JSON.stringify({ ...written, servers: [{ url: '/' }] });
  const api = createServer(({ url = '' }, response) => {
    response.setHeader('Content-Type', 'application/json');
    if (url === '/openapi.json') response.end(document);
    else if (url.startsWith('/pets')) response.end('[{"id":1,"name":"Rex","species":"dog"}]');
    else response.writeHead(404).end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => api.once('listening', resolve));
  stop = () => api.close();
  shell.places.set('localhost:8000', `127.0.0.1:${(api.address() as AddressInfo).port}`);
  // Paths of this computer.
  shell.places.set('/home/ada/.local/bin/node', process.execPath);
  const home = join(shell.folder, 'home');
  mkdirSync(home);
  shell.env = { ...shell.env, HOME: home };
  shell.places.set('/home/ada', home);
  shell.places.set('/home/ada/shop', shell.folder);
  shell.places.set('/usr/lib/node_modules/openapi-mcp', ROOT.replace(/\/$/, ''));
});
afterAll(async () => {
  stop();
  await shell.close();
});

test.runIf(process.platform === 'linux')(
  'the page shows the output of the commands',
  { timeout: 120_000 },
  async () => {
    await expect(await pageAsRun(shell, readFileSync(page, 'utf8'))).toMatchFileSnapshot(page);
  },
);
