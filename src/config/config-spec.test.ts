import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { OPTIONS } from '../options/options.ts';
import { CONFIG } from './config-spec.ts';
import { jsonSchema } from './json-schema.test.fixture.ts';
import { readValue } from './read-value.ts';

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'openapi-mcp.config',
  ...jsonSchema(CONFIG),
};

const read = (value: unknown, variables: Record<string, string> = {}) =>
  readValue(value, CONFIG, { variables, pathOf: (named) => resolve('/desk', named) });

test('docs/openapi-mcp.config.schema.json matches the spec (npx vitest run src/config -u updates it)', async () => {
  const file = '../../docs/openapi-mcp.config.schema.json';
  await expect(printed(schema)).toMatchFileSnapshot(file);
});

/** Short lists on one line, as the formatter has them. */
function printed(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const lines = text.replace(/^(.*)\[\n\s*("[^\n]*(?:,\n\s*"[^\n]*)*)\n\s*\](,?)$/gm, (whole, before, items, after) => {
    const line = `${before}[${items.replace(/,\n\s*/g, ', ')}]${after}`;
    return line.length <= 120 ? line : whole;
  });
  return `${lines}\n`;
}

describe('the schema and the reader agree', () => {
  const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const pets = { spec: 'pets.yaml' };
  const right: readonly unknown[] = [
    { apis: { pets } },
    { $schema: 'x', name: 'desk', version: '1', apis: { pets: { ...pets, readOnly: true, include: ['tag:a'] } } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    { port: '${PORT}', insecure: '${ON}', transport: '${TRANSPORT}', apis: { pets: { ...pets, timeout: '${PORT}' } } },
    { apis: { pets: { ...pets, auth: { a: 'key', b: { username: 'u', password: 'p' } } } } },
    { apis: { pets: { ...pets, auth: { c: { clientId: 'a', clientSecret: 'b', scopes: ['x'] } } } } },
    { servers: { files: { command: 'npx', args: ['x'], env: { A: 'b' } } } },
    { servers: { files: { url: 'https://a.example/mcp', headers: { A: 'b' } } } },
    { modules: { own: { path: 'own.ts', export: 'make', options: { a: [1, null] } } } },
    { middleware: ['logging', { timeout: { ms: 5 } }, { rateLimit: { global: { size: 1, perSecond: 0.5 } } }] },
    { transforms: ['readOnly', { rename: { tools: { a: 'b' } } }, { hideArguments: { a: ['b'] } }] },
    { transforms: [{ fixArguments: { a: { b: { deep: [] } } } }, { filter: { exclude: [{ kind: 'tool' }] } }] },
  ];
  const wrong: readonly unknown[] = [
    [],
    'text',
    null,
    { nmae: 'x' },
    { name: 1 },
    { port: '80' },
    { port: 70_000 },
    { port: 1.5 },
    { transport: 'pigeon' },
    { insecure: 'yes' },
    { apis: [] },
    { apis: { Pets: pets } },
    { apis: { pets: {} } },
    { apis: { pets: { spec: 1 } } },
    { apis: { pets: { ...pets, baseURL: 'x' } } },
    { apis: { pets: { ...pets, include: 'tag:a' } } },
    { apis: { pets: { ...pets, headers: { a: 1 } } } },
    { apis: { pets: { ...pets, auth: { a: { username: 'u' } } } } },
    { apis: { pets: { ...pets, auth: { a: { username: 'u', password: 'p', clientId: 'x' } } } } },
    { servers: { a: { comand: 'x' } } },
    { modules: { own: 'own.ts' } },
    { middleware: 'logging' },
    { middleware: ['timeuot'] },
    { middleware: ['timeout'] },
    { middleware: [{}] },
    { middleware: [{ timeout: {} }] },
    { middleware: [{ timeout: { ms: 0 } }] },
    { middleware: [{ timeout: { ms: 1 }, retry: {} }] },
    { middleware: [{ retry: { attempts: 1, times: 2 } }] },
    { transforms: [{ filter: { include: [{ nmae: 'x' }] } }] },
  ];
  const variables = { PORT: '8080', ON: 'true', TRANSPORT: 'http' };

  test.each(right.map((value) => [JSON.stringify(value), value]))('right: %s', (_, value) => {
    expect(read(value, variables).mistakes).toEqual([]);
    expect(isValid(value)).toBe(true);
  });

  test.each(wrong.map((value) => [JSON.stringify(value), value]))('wrong: %s', (_, value) => {
    expect(read(value, variables).mistakes).not.toEqual([]);
    expect(isValid(value)).toBe(false);
  });
});

describe('what a flag can say the file can say', () => {
  const absent = OPTIONS.filter(({ commands, config }) => commands.includes('run') && !config).map(
    ({ flags }) => flags,
  );

  test('except options that exist only on the command line', () => {
    // The section `auth` has the middle three.
    expect(absent).toEqual([
      '--audience <text>',
      '--required-scope <scope>',
      '--public-url <url>',
      '--inspector',
      '--dry-run',
    ]);
  });

  test('no two flags have one place', () => {
    const places = OPTIONS.flatMap(({ config }) => (config ? [`${config.of} ${config.key}`] : []));
    expect(places).toEqual([...new Set(places)]);
  });
});

test('the schema is part of the package', () => {
  const { exports, files } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(exports['./openapi-mcp.config.schema.json']).toBe('./docs/openapi-mcp.config.schema.json');
  expect(files).toContain('docs/*.schema.json');
});
