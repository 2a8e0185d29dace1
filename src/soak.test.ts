import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { fromRoot } from './cli/started.test.fixture.ts';

// `npm run soak` does the same for ten minutes with 50 clients, and its figures are in docs/operation.md.
test('many clients at once lose nothing, mix nothing up, and leave nothing open; SIGTERM loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'soak-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'report.json');
  const words = ['--seconds', '3', '--clients', '10', '--report', file];
  const soak = spawn(process.execPath, [fromRoot('scripts/soak.mjs'), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = await text(soak.stderr);
  const { calls, before, after, sigterm, sigkill, faults } = JSON.parse(readFileSync(file, 'utf8'));
  expect(faults, stderr).toEqual({ lost: 0, crossed: 0, doubled: 0, wrong: 0 });
  expect(calls).toBeGreaterThan(20);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
  expect(after.sessions).toBe(0);
  expect(sigterm).toMatchObject({ exit: 0, lost: 0 });
  expect(sigterm.answered).toBeGreaterThan(0);
  expect(sigkill).toMatchObject({ lost: 0 });
  expect(sigkill.ofTheKilled).toBeGreaterThan(0);
}, 120_000);
