import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The package is on no registry yet. Until it is, nothing that we write or say may install it by its name: somebody else
// could claim the name. What users install is a file that `npm pack` writes. Remove this test with the first release.

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDERS = ['docs', 'templates', 'src', 'scripts', 'generated-examples', '.github'];
const PAGES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

const BY_NAME = [
  // npx, npm exec, npm install and their like, with the bare name or a version of it.
  /\b(?:npx|pnpx|bunx|uvx)\s+(?:-\S+\s+)*openapi-mcp(?![\w./-])/,
  /\b(?:npm|pnpm|yarn|bun|deno)\s+(?:i|install|add|ci|exec|dlx|x|create)\s+(?:\S+\s+)*?(?:npm:)?openapi-mcp(?![\w./-])/,
  /registry\.npmjs\.org\/openapi-mcp\b|npmjs\.com\/package\/openapi-mcp(?![\w-])/,
];

const textFiles = [
  ...PAGES,
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  ),
].filter(
  (path) =>
    /(?:\.(?:md|hbs|[cm]?[jt]sx?|json|ya?ml|html|sh)|Dockerfile)$/.test(path) &&
    !/[\\/](?:node_modules|dist)[\\/]/.test(path) &&
    !path.endsWith('unpublished.test.ts'),
);

test('no page, template, message or example installs the package by its name', () => {
  expect(textFiles.length).toBeGreaterThan(1_000);
  const found = textFiles.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        BY_NAME.some((each) => each.test(line)) ? [`${path}:${index + 1} ${line.trim()}`] : [],
      ),
  );
  expect(found).toEqual([]);
});

test.each([
  'npx openapi-mcp run api.yaml',
  'npx -y openapi-mcp@0.1.0 run',
  'npm install --global openapi-mcp',
  'npm i openapi-mcp@latest',
  'pnpm add -D openapi-mcp',
  'npm exec -- openapi-mcp',
  'https://www.npmjs.com/package/openapi-mcp',
])('%s would be found', (text) => {
  expect(BY_NAME.some((each) => each.test(text))).toBe(true);
});

test.each([
  'npm install ./openapi-mcp-0.1.0.tgz',
  'openapi-mcp run',
  'npm pack ../openapi-mcp',
  'npm install openapi-mcp-generator',
])('%s would not', (text) => {
  expect(BY_NAME.some((each) => each.test(text))).toBe(false);
});

test('generated projects and packs that depend on the package name a file', () => {
  const manifests = textFiles.filter((path) => /generated-examples.*package\.json$/.test(path));
  const ranges = manifests.map(
    (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).dependencies?.['openapi-mcp'],
  );
  expect(ranges.filter((range) => range !== undefined)).toEqual([expect.stringMatching(/^file:openapi-mcp-.+\.tgz$/)]);
});
