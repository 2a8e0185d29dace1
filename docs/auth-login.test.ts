import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { browse } from '../src/identity-provider.test.fixture.ts';
import { flowsOf, type LoginWorld, startLoginWorld } from '../src/login/login-world.test.fixture.ts';
import { type ProtectedServer, startProtectedServer } from '../src/login/protected-server.test.fixture.ts';
import { openPageShell, type PageShell, ROOT, transcript } from './shell.test.fixture.ts';

// The transcripts of docs/auth-login.md, as those of commands.md: run with a real identity provider and a browser that
// follows a script. To update it: npx vitest run docs/auth-login.test.ts -u

const page = join(ROOT, 'docs', 'auth-login.md');
let shell: PageShell;
let world: LoginWorld;
let protectedServer: ProtectedServer;
beforeAll(async () => {
  shell = await openPageShell();
  world = await startLoginWorld(shell.folder);
  world.write(flowsOf(world.identity), 'notes.json');
  shell.places.set('https://api.example.com', world.api);
  shell.places.set('https://login.example.com', world.identity.issuer);
  protectedServer = await startProtectedServer({ cimd: true });
  shell.places.set('https://mcp.example.com', new URL(protectedServer.url).origin);
  shell.places.set('https://accounts.example.com', protectedServer.identity.issuer);
  // The key file is there, so that no keychain is asked.
  const tokens = join(shell.folder, '.local', 'state', 'openapi-mcp', 'tokens');
  mkdirSync(tokens, { recursive: true, mode: 0o700 });
  writeFileSync(join(tokens, 'encryption.key'), Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 });
  // What opens a browser on Linux.
  const opener = join(shell.folder, 'bin', 'xdg-open');
  writeFileSync(
    opener,
    `#!/bin/sh\nprintf %s "$1" > "${shell.folder}/opened.tmp"\nmv "${shell.folder}/opened.tmp" "${shell.folder}/opened"\n`,
  );
  chmodSync(opener, 0o755);
});
afterAll(async () => {
  await world.close();
  await protectedServer.close();
  await shell.close();
});

test.runIf(process.platform === 'linux')(
  'the page shows the output of the commands',
  { timeout: 120_000 },
  async () => {
    const text = readFileSync(page, 'utf8');
    let written = text;
    for (const [block] of text.matchAll(/```console\n[\s\S]*?```/g)) {
      const lines = block.split('\n').filter((line) => line.startsWith('$ '));
      const [shown] = await Promise.all([
        transcript(
          shell,
          // In the order of a terminal.
          lines.map((line) => line.slice(2) + (line.includes('auth login') ? ' 2>&1' : '')),
        ),
        lines.some((line) => line.includes('auth login')) && visitOpened(),
      ]);
      written = written.replace(block, () => `\`\`\`console\n${settled(shown)}\`\`\``);
    }
    await expect(written).toMatchFileSnapshot(page);
  },
);

/** Logs in on the page that the command opens. */
async function visitOpened(): Promise<void> {
  const opened = join(shell.folder, 'opened');
  await vi.waitFor(() => expect(existsSync(opened)).toBe(true), { timeout: 60_000, interval: 100 });
  const callback = await browse(readFileSync(opened, 'utf8'), { stopAt: ({ pathname }) => pathname === '/callback' });
  rmSync(opened);
  await fetch(callback);
}

/** Without what differs each time. */
const settled = (text: string): string =>
  text
    .replaceAll(' 2>&1', '')
    .replace(/(https:\/\/(?:login|accounts)\.example\.com\/auth\?)\S+/g, '$1response_type=code&…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-12-01T09:00:00.000Z');
