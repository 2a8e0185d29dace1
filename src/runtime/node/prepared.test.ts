import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApiModel } from '../../model/index.ts';
import { type Prepared, readPrepared, writePrepared } from './prepared.ts';

const model: ApiModel = {
  format: 1,
  name: 'shop',
  title: 'Café “日本” 🐈 \u2028',
  version: '1',
  servers: [{ url: '/', variables: {} }],
  auth: {},
  // As JSON has it: a property like any other.
  schemas: JSON.parse('{"__proto__":{"type":"string"}}') as ApiModel['schemas'],
  operations: [],
};
const groups = { pets: { getPet: { id: 'get/pet', origin: 'not for the client' } } };

let folder: string;
let file: URL;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-prepared-'));
  file = pathToFileURL(join(folder, 'shop.model.json'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const own: Prepared = { model: { ...model, title: 'from the code' }, groups: {} };
const read = (revision: string) => readPrepared(file, { revision, load: async () => own });

test('what is written is read again, whatever its characters', async () => {
  writePrepared(file, { model, groups, revision: 'a' });
  expect(await read('a')).toMatchObject({ model, groups: { pets: { getPet: { id: 'get/pet' } } } });
  expect((await read('a')).model).toEqual(model);
});

test('a client only needs the ids of its operations', () => {
  writePrepared(file, { model, groups, revision: 'a' });
  expect(readFileSync(file, 'utf8')).not.toContain('not for the client');
});

test('without it, with that of another revision or a damaged one, the code itself is loaded', async () => {
  expect(await read('a')).toBe(own);
  writePrepared(file, { model, groups, revision: 'a' });
  expect(await read('b')).toBe(own);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -10));
  expect(await read('a')).toBe(own);
});
