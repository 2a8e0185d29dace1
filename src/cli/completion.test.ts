import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { endedAlone, fromRoot } from './started.test.fixture.ts';

const suggestions = async (...words: string[]) => {
  const { stdout } = await endedAlone(['complete', '--', ...words]);
  return stdout.split('\n').map((line) => line.split('\t')[0]);
};

test('suggests commands, options and their values', async () => {
  expect(await suggestions('ins')).toEqual(expect.arrayContaining(['inspect', 'install']));
  expect(await suggestions('install', '--cl')).toContain('--client');
  expect(await suggestions('run', '--mode', '')).toEqual(expect.arrayContaining(['search', 'auto']));
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s', async (shell) => {
  const { code, stdout } = await endedAlone(['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain('complete');
});

test('an unknown shell is a mistake', async () => {
  const { code, stderr } = await endedAlone(['completion', 'csh']);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish, powershell') });
});

const hasBash = spawnSync('bash', ['--version']).status === 0;

test.skipIf(!hasBash)('the script completes in bash', () => {
  const program = fromRoot('dist/bin/openapi-mcp.js');
  const script = `
    openapi-mcp() { ${process.execPath} ${program} "$@"; }
    source <(openapi-mcp completion bash)
    complete -p openapi-mcp
  `;
  const { stdout, status } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/complete .* openapi-mcp/) });
});
