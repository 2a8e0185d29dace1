import './openapi-schemas.test.fixture.ts';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lintDocument } from './lint-document.ts';
import { yamlText } from './parse/yaml-text.ts';

const SPECS = join(import.meta.dirname, '../test-specs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-lint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const documents = ['petstore.yaml', ...readdirSync(join(SPECS, 'broken')).map((file) => join('broken', file))].filter(
  (file) => !file.endsWith('.overlay.yaml'),
);

describe('fixes, as an overlay', () => {
  test.each(documents)('%s: the overlay removes the findings that it fixes, and adds none', async (file) => {
    const path = join(SPECS, file);
    const before = await lintDocument(path);
    if (!before.overlay) return;
    const overlay = write('overlay.yaml', await yamlText(before.overlay));
    const after = await lintDocument(path, { overlays: [overlay] });
    expect(after.overlay).toBeUndefined();
    // One action may fix several findings: a duplicate operationId may be unclear too.
    expect(after.findings.length).toBeLessThanOrEqual(before.findings.length - before.fixable);
    const rules = before.findings.map(({ rule }) => rule);
    expect(after.findings.map(({ rule }) => rule).filter((rule) => !rules.includes(rule))).toEqual([]);
  });

  test.each([
    ['missing-operation-id', { get: { responses: {} } }, '1.0.0', { operationId: 'get_a' }],
    ['summary-only', { get: { responses: {}, summary: 'List' } }, '1.0.0', { description: 'List' }],
    ['MISSING_RESPONSES', { get: {} }, '1.0.0', { responses: { default: { description: 'Any response.' } } }],
  ])('%s is fixed by an update', async (_, item, version, update) => {
    const { overlay } = await lintDocument({ openapi: '3.1.0', paths: { '/a': item } });
    expect(overlay).toMatchObject({ overlay: version });
    const updates = overlay?.actions.map((action) => ({ target: action.target, ...('update' in action && action) }));
    expect(updates).toContainEqual(expect.objectContaining({ target: "$.paths['/a'].get", update }));
  });

  test('a pattern is removed, which requires Overlay 1.1', async () => {
    const { overlay } = await lintDocument(join(SPECS, 'broken/bad-pattern.yaml'));
    expect(overlay).toMatchObject({ overlay: '1.1.0' });
    expect(overlay?.actions).toContainEqual(
      expect.objectContaining({
        target: "$.paths['/pets'].get.parameters[0].schema.pattern",
        remove: true,
      }),
    );
  });

  test('an undeclared path parameter is declared in the syntax of the version', async () => {
    const paths = { '/a/{id}': { get: { responses: { 200: { description: 'ok' } } } } };
    const added = async (version: object) =>
      (await lintDocument({ ...version, paths })).overlay?.actions.flatMap((action) =>
        'update' in action && Array.isArray(action.update.parameters) ? action.update.parameters : [],
      );
    const parameter = { name: 'id', in: 'path', required: true };
    expect(await added({ swagger: '2.0' })).toEqual([{ ...parameter, type: 'string' }]);
    expect(await added({ openapi: '3.0.3' })).toEqual([{ ...parameter, schema: { type: 'string' } }]);
  });

  test('duplicate operationIds get unique names', async () => {
    const operation = { operationId: 'list', responses: { 200: { description: 'ok' } } };
    const paths = { '/cats': { get: operation }, '/dogs': { get: operation }, '/fish': { get: operation } };
    const { overlay } = await lintDocument({ openapi: '3.1.0', paths });
    const ids = overlay?.actions.flatMap((action) => ('update' in action ? (action.update.operationId ?? []) : []));
    expect(ids).toEqual(['get_dogs', 'get_fish']);
  });

  test('operations in other files are fixed at their paths, schemas in other files are not', async () => {
    write(
      'pets.yaml',
      `get:
  parameters: [{ name: a, in: query, schema: { type: string, pattern: '[' } }]
  responses: { "200": { description: ok, content: { application/json: { schema: { $ref: pet.yaml } } } } }
`,
    );
    write('pet.yaml', "type: object\nproperties: { id: { type: string, pattern: '(' } }\n");
    const main = write(
      'main.yaml',
      `openapi: 3.1.0
info: { title: A, version: 1 }
paths:
  /pets: { $ref: pets.yaml }
  /dogs: { $ref: pets.yaml }
`,
    );
    const before = await lintDocument(main);
    const targets = before.overlay?.actions.map(({ target }) => target) ?? [];
    expect(targets).toContain("$.paths['/pets'].get");
    expect(targets).toContain("$.paths['/dogs'].get.parameters[0].schema.pattern");
    const fix = write('fix.yaml', await yamlText(before.overlay));
    const after = await lintDocument(main, { overlays: [fix] });
    expect(after.overlay).toBeUndefined();
    const left = after.findings.filter(({ rule }) => /PATTERN|operation-id|OVERLAY/.test(rule));
    expect(left.map(({ pointer }) => pointer)).toEqual(['pet.yaml#/properties/id/pattern']);
    expect(before.findings.length - after.findings.length).toBe(before.fixable);
  });
});

describe('findings', () => {
  test('are sorted by severity, and each has a rule with a fix', async () => {
    const { findings, rules, counts } = await lintDocument(join(SPECS, 'broken/bad-operation.yaml'));
    const order = ['error', 'warning', 'advice'];
    const ranks = findings.map(({ severity }) => order.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(findings[0]).toMatchObject({ rule: 'BAD_OPERATION', severity: 'error', pointer: '#/paths/~1pets/post' });
    expect(counts.error).toBe(1);
    for (const { rule } of findings) expect(rules.find(({ id }) => id === rule)?.fix).toMatch(/\.$/);
  });

  test('a schema violation that a problem already reports is not repeated', async () => {
    const { findings } = await lintDocument(join(SPECS, 'broken/parameter-without-name.yaml'));
    expect(findings.filter(({ rule }) => rule === 'invalid')).toEqual([]);
  });

  test('an overlay is applied', async () => {
    const root = { openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: { '/a': { get: {} } } };
    const overlay = write(
      'describe.yaml',
      `overlay: 1.0.0\ninfo: { title: Words, version: 1.0.0 }\nactions:\n  - target: $.paths['/a'].get\n    update: { summary: A, description: All of it. }\n`,
    );
    const { findings } = await lintDocument(root, { overlays: [overlay] });
    expect(findings.map(({ rule }) => rule)).not.toContain('missing-description');
  });
});
