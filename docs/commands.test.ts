import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, openPageShell, type PageShell, pageAsRun, ROOT } from './shell.test.fixture.ts';

// docs/commands.md is a transcript: each `$ …` line of its console blocks is run in a shell, in the order of the page,
// and what it prints (stdout, then stderr) is what the page shows. To update it: npx vitest run docs/commands.test.ts
// -u

const page = join(ROOT, 'docs', 'commands.md');
const BROKEN = `import { createServer } from 'openapi-mcp';

const server = createServer({ name: 'broken', version: '1.0.0' });
server.tool('greet', {}, () => {
  const names: string[] = JSON.parse('null');
  return names.join();
});
export default server;
`;
let shell: PageShell;
beforeAll(async () => {
  shell = await openPageShell();
  const { folder, places, served } = shell;
  writeFileSync(join(folder, 'broken.ts'), BROKEN);
  places.set('/home/ada/tools', folder);
  const run = ['run', 'desk.ts', '--transport', 'http', '--port'];
  places.set('localhost:8000', await served(join(ROOT, 'dist/bin/openapi-mcp.js'), run));
  places.set('localhost:8001', await served(join(ROOT, 'src/runtime/compose/fixtures/child-server-2025.mjs'), []));
  places.set('localhost:8002', `127.0.0.1:${await freePort()}`);
});
afterAll(() => shell.close());

test('the page shows the output of the commands', { timeout: 180_000 }, async () => {
  const written = await pageAsRun(shell, readFileSync(page, 'utf8'));
  await expect(written).toMatchFileSnapshot(page);
});
