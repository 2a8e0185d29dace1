import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeTarget } from './describe-target.ts';

let folder: string;
const inFolder = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-targets-'));
  mkdirSync(inFolder('desk'));
  mkdirSync(inFolder('plain'));
  writeFileSync(inFolder('desk/openapi-mcp.config.yaml'), 'apis: {}');
  writeFileSync(inFolder('said.json'), '{"$schema": "https://x.example/openapi-mcp.config.schema.json", "apis": {}}');
  writeFileSync(inFolder('said.yaml'), '# yaml-language-server: $schema=./openapi-mcp.config.schema.json\napis: {}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const described = (...targets: string[]) => describeTarget({ targets, command: undefined });

describe('what one word means', () => {
  test.each([
    ['openapi-mcp.config.ts', { kind: 'config', path: 'openapi-mcp.config.ts' }],
    [
      'some/where/staging.openapi-mcp.config.json',
      { kind: 'config', path: 'some/where/staging.openapi-mcp.config.json' },
    ],
    ['my-openapi-mcp.config.yaml', { kind: 'document', document: 'my-openapi-mcp.config.yaml' }],
    ['server.ts', { kind: 'module', path: 'server.ts' }],
    ['./dist/server.mjs', { kind: 'module', path: './dist/server.mjs' }],
    ['file:///desk/server.js', { kind: 'module', path: '/desk/server.js' }],
    ['mcp+https://a.example/mcp?x=1', { kind: 'url', url: 'https://a.example/mcp?x=1' }],
    ['MCP+HTTP://127.0.0.1:8000/mcp', { kind: 'url', url: 'HTTP://127.0.0.1:8000/mcp' }],
    ['https://a.example/openapi.js', { kind: 'document', document: 'https://a.example/openapi.js' }],
    ['https://a.example/openapi.json?v=1', { kind: 'document', document: 'https://a.example/openapi.json?v=1' }],
    ['pets.yaml', { kind: 'document', document: 'pets.yaml' }],
    ['missing', { kind: 'document', document: 'missing' }],
    ['-', { kind: 'document', document: '-' }],
  ])('%s', (word, want) => {
    expect(described(word)).toEqual(want);
  });

  test('a folder means the config file in it, otherwise its document', () => {
    const path = join(inFolder('desk'), 'openapi-mcp.config.yaml');
    expect(described(inFolder('desk'))).toEqual({ kind: 'config', path });
    expect(described(inFolder('plain'))).toEqual({ kind: 'document', document: inFolder('plain') });
  });

  test('a file with another name is always a document, because a config starts programs', () => {
    expect(described(inFolder('said.json'))).toMatchObject({ kind: 'document' });
    expect(described(inFolder('said.yaml'))).toMatchObject({ kind: 'document' });
  });
});

describe('several words', () => {
  test.each([
    ['specs/Pet Store.v2.yaml', 'pet-store-v2'],
    ['https://api.example.com/v1/git.json?key=x', 'git'],
    ['https://api.example.com/', 'api-example'],
    ['mcp+https://docs.example/mcp', 'mcp'],
    ['./own.ts', 'own'],
    ['file:///a/3-shapes.yaml', 'shapes'],
    ['git=b.yaml', 'git'],
    ['git-hub=https://a.example/x.json?a=b', 'git-hub'],
  ])('%s has the namespace %s', (word, namespace) => {
    expect(described(word, 'last=z.yaml')).toMatchObject({ kind: 'several', parts: [{ namespace }, {}] });
  });

  test('keep their order, and each is what it is', () => {
    expect(described('pets.json', 'own=server.ts', 'docs=mcp+http://127.0.0.1/mcp')).toEqual({
      kind: 'several',
      parts: [
        { namespace: 'pets', target: { kind: 'document', document: 'pets.json' } },
        { namespace: 'own', target: { kind: 'module', path: 'server.ts' } },
        { namespace: 'docs', target: { kind: 'url', url: 'http://127.0.0.1/mcp' } },
      ],
    });
  });

  test('one that is named is several too: it has the namespace that was asked for', () => {
    expect(described('git=b.yaml')).toMatchObject({ kind: 'several', parts: [{ namespace: 'git' }] });
  });
});

describe('a command', () => {
  test('is everything after --', () => {
    expect(describeTarget({ targets: [], command: ['npx', '-y', 'some-server', '--port'] })).toEqual({
      kind: 'command',
      command: 'npx',
      args: ['-y', 'some-server', '--port'],
    });
  });
});

describe('what cannot be decided is an error', () => {
  test.each([
    [{ targets: ['a.yaml'], command: ['npx'] }, 'comes before the --'],
    [{ targets: [], command: [] }, 'There is no command after the --'],
    [{ targets: ['a/pets.yaml', 'b/pets.json'], command: undefined }, 'both have the namespace "pets"'],
    [{ targets: ['Git=a.yaml'], command: undefined }, '"Git" cannot be a namespace'],
    [{ targets: ['git='], command: undefined }, 'does not name a document'],
    [{ targets: ['=a.yaml'], command: undefined }, 'has no usable namespace'],
    [{ targets: ['日本.yaml', 'b.yaml'], command: undefined }, 'has no usable namespace'],
    [
      { targets: ['a.yaml', 'openapi-mcp.config.ts'], command: undefined },
      'is a config file, which cannot be combined with other targets',
    ],
    [{ targets: ['mcp+http://'], command: undefined }, 'not the URL of a server'],
    [{ targets: ['mcp+ftp://a.example'], command: undefined }, 'not the URL of a server'],
  ])('%j: %s', (words, want) => {
    expect(() => describeTarget(words)).toThrow(want);
  });

  test.each([
    ['mcp+localhost:3', 'Write mcp+http://localhost:3 or'],
    ['mcp+a.example/mcp', 'Write mcp+http://a.example or'],
    ['mcp+me:secret@a.example', 'Write mcp+http://host/path or'],
  ])('%s: %s', (word, fix) => {
    expect(() => described(word)).toThrow(expect.objectContaining({ exit: 2, fix: expect.stringContaining(fix) }));
  });

  test('two config files in one folder, by both names', () => {
    mkdirSync(inFolder('two'));
    const paths = ['json', 'yaml'].map((ending) => join(inFolder('two'), `openapi-mcp.config.${ending}`));
    for (const path of paths) writeFileSync(path, '{}');
    expect(() => described(inFolder('two'))).toThrow(paths.join(', '));
    expect(described(String(paths[1]))).toMatchObject({ kind: 'config', path: paths[1] });
  });
});
