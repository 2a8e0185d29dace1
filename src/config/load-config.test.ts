// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-load-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(name: string, text: string, variables: Record<string, string> = {}) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return loadConfig(path, { variables: () => variables, cacheFolder: undefined });
}

const pets = { spec: 'pets.yaml' };

describe('what is right by itself, and yet cannot be', () => {
  const wrong: readonly (readonly [config: string | (() => object), says: string])[] = [
    ['{"apis": {}}', 'serves nothing'],
    ['', 'the config cannot be used: The document is empty.'],
    ['{"apis": ', 'the config cannot be used: The text is not valid JSON: it ends too early (line 1'],
    ['apis: {}\napis: {}', 'apis'],
    ['{"apis": {}, "name": "a", "name": "b"}', 'name'],
    [() => ({ apis: { a: pets }, modules: { a: { path: 'own.ts' } } }), 'modules.a has the same namespace as apis.a.'],
    [() => ({ servers: { a: {} } }), 'servers.a has neither a command nor a url.'],
    [() => ({ servers: { a: { command: 'x', url: 'http://a' } } }), 'servers.a has both a command and a url.'],
    [() => ({ servers: { a: { url: 'http://a', args: [] } } }), 'servers.a.args does not apply'],
    [() => ({ servers: { a: { url: 'ftp://a' } } }), 'servers.a.url must start with http:// or https://.'],
    [() => ({ servers: { a: { command: 'x', type: 'sse' } } }), 'servers.a.type is "sse"'],
  ];
  test.each(wrong.map(([config, says]) => [says, config] as const))('%s', async (says, config) => {
    const text = typeof config === 'string' ? config : JSON.stringify(config());
    const error = await load('wrong.yaml', text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).hint).toContain(says);
  });
});

test('JSON may have comments and trailing commas', async () => {
  const { config } = await load('a.json', '{\n  // Pets\n  "apis": { "pets": { "spec": "pets.yaml" }, },\n}');
  expect(config).toEqual({ apis: { pets: { spec: join(folder, 'pets.yaml') } } });
});

test('the file of variables is asked for by the path that the config gives', async () => {
  const path = join(folder, 'b.yaml');
  writeFileSync(path, 'envFile: secrets.env\nname: ${NAME}\napis: { pets: { spec: a.yaml } }');
  const variables = (file: string | undefined) => ({ NAME: `from ${file?.slice(folder.length)}` });
  const { config } = await loadConfig(path, { variables, cacheFolder: undefined });
  expect(config.name).toBe('from /secrets.env');
});

test('the name of that file may contain environment variables', async () => {
  const path = join(folder, 'd.yaml');
  writeFileSync(path, 'envFile: "${STAGE}.env"\nname: ${NAME}\napis: { pets: { spec: a.yaml } }');
  const variables = (file: string | undefined) =>
    file === undefined ? { STAGE: 'test' } : { STAGE: 'test', NAME: `from ${file.slice(folder.length)}` };
  const { config } = await loadConfig(path, { variables, cacheFolder: undefined });
  expect(config).toMatchObject({ name: 'from /test.env', envFile: join(folder, 'test.env') });
});

test('missing variables alone have their own code', async () => {
  const missing = await load('c.yaml', 'name: ${A}\napis: { pets: { spec: "${B}" } }').catch((error) => error);
  expect(missing).toMatchObject({ code: 'VARIABLE_MISSING', mistakes: [{ path: 'name' }, { path: 'apis.pets.spec' }] });
  const both = await load('c.yaml', 'nam: ${A}\napis: { pets: { spec: "${B}" } }').catch((error) => error);
  expect(both).toMatchObject({ code: 'CONFIG_WRONG' });
});
