import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generateProject } from '../generate.ts';
import { isRuntimePath } from './runtime-files.ts';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const documents = readdirSync(fromRoot('test-specs')).filter((name) => /\.(?:json|ya?ml)$/.test(name));

test.each(documents)('the project for %s is formatted according to its own biome.json', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-format-'));
  try {
    const { files } = await generateProject(fromRoot(`test-specs/${name}`), { cache: false });
    for (const { path, text } of files.filter((file) => !isRuntimePath(file.path))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const biome = fromRoot('node_modules/@biomejs/biome/bin/biome');
    const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'format', '--colors=off', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).not.toContain('Formatter would have printed');
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
