import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, openPageShell, type PageShell, ROOT, transcript } from './shell.test.fixture.ts';

// docs/commands.md is a transcript: each `$ …` line of its console blocks is run in a shell, in the order of the page,
// and what it prints (stdout, then stderr) is what the page shows. To update it: npx vitest run docs/commands.test.ts
// -u

const page = join(ROOT, 'docs', 'commands.md');
let shell: PageShell;
beforeAll(async () => {
  shell = await openPageShell();
  const { places, served } = shell;
  const run = ['run', 'desk.ts', '--transport', 'http', '--port'];
  places.set('localhost:8000', await served(join(ROOT, 'dist/bin/openapi-mcp.js'), run));
  places.set('localhost:8001', await served(join(ROOT, 'src/runtime/compose/fixtures/child-server-2025.mjs'), []));
  places.set('localhost:8002', `127.0.0.1:${await freePort()}`);
});
afterAll(() => shell.close());

test('the page shows the output of the commands', { timeout: 180_000 }, async () => {
  const text = readFileSync(page, 'utf8');
  for (const [, name = '', content = ''] of text.matchAll(/<!-- file (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)) {
    writeFileSync(join(shell.folder, name), shell.real(content));
  }
  let written = text;
  for (const [block] of text.matchAll(/```console\n[\s\S]*?```/g)) written = written.replace(block, () => '\0');
  for (const [block] of text.matchAll(/```console\n[\s\S]*?```/g)) {
    const lines = block.split('\n').filter((line) => line.startsWith('$ '));
    const shown = await transcript(
      shell,
      lines.map((line) => line.slice(2)),
    );
    written = written.replace('\0', () => `\`\`\`console\n${shown}\`\`\``);
  }
  await expect(written).toMatchFileSnapshot(page);
});
