import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { fromRoot } from './cli/started.test.fixture.ts';

// `npm run soak` does the same for ten minutes with 50 clients, and its figures are in docs/operation.md.
test('many clients at once lose nothing, mix nothing up, and leave nothing open; SIGTERM loses nothing', async () => {
  const soak = spawn(process.execPath, [fromRoot('scripts/soak.mjs'), '--seconds', '3', '--clients', '10', '--json']);
  const [stdout, stderr] = await Promise.all([text(soak.stdout), text(soak.stderr)]);
  expect(stdout, stderr).toMatch(/^\{/);
  const { calls, before, after, sigterm, sigkill, faults } = JSON.parse(stdout);
  expect(faults, stderr).toEqual({ lost: 0, crossed: 0, doubled: 0, wrong: 0 });
  expect(calls).toBeGreaterThan(20);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
  expect(after.sessions).toBe(0);
  expect(sigterm).toMatchObject({ exit: 0, lost: 0 });
  expect(sigterm.answered).toBeGreaterThan(0);
  expect(sigkill).toMatchObject({ lost: 0 });
  expect(sigkill.ofTheKilled).toBeGreaterThan(0);
}, 120_000);
