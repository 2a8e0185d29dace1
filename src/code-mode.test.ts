import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type McpClient } from 'openapi-mcp/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { endedAlone, fromRoot, MAIN } from './cli/started.test.fixture.ts';
import type { EmittedFile } from './emit/index.ts';
import { generateProject } from './generate.ts';
import type { ToolResult } from './runtime/provider.ts';

// Code mode in each way to serve an API, as its user starts it.

let api: Server;
let folder: string;
let document: string;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  api = createServer((request, response) => {
    const id = Number(/^\/notes\/(\d+)$/.exec(request.url ?? '')?.[1]);
    const notes = [1, 2, 3].map((each) => ({ id: each, text: `Note ${each}` }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(id ? notes[id - 1] : notes));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(inject('emittedProjects'), 'code-'));
  document = join(folder, 'notes.json');
  writeFileSync(document, JSON.stringify(documentAt(`http://127.0.0.1:${(api.address() as AddressInfo).port}`)));
});
afterAll(async () => {
  for (const close of closers.splice(0)) await close();
  api.close();
  rmSync(folder, { recursive: true });
});

function documentAt(url: string) {
  const note = { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } };
  const ok = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } });
  const noteId = { name: 'noteId', in: 'path', required: true, schema: { type: 'integer' } };
  return {
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1' },
    servers: [{ url }],
    paths: {
      '/notes': {
        get: { operationId: 'listNotes', summary: 'List notes', responses: ok({ type: 'array', items: note }) },
      },
      '/notes/{noteId}': {
        get: { operationId: 'getNote', summary: 'Get a note', parameters: [noteId], responses: ok(note) },
      },
    },
  };
}

async function started(program: string, ...args: readonly string[]): Promise<McpClient> {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, XDG_CACHE_HOME: folder };
  const client = await connect({ command: process.execPath, args: [program, ...args], cwd: folder, env });
  closers.push(() => client.close());
  return client;
}

function config(name: string, content: object): string {
  const path = join(mkdtempSync(join(folder, name)), 'openapi-mcp.config.json');
  writeFileSync(path, JSON.stringify({ quiet: true, ...content }));
  return path;
}

async function emitted(): Promise<string> {
  const { writeProject, buildProject } = (await import(fromRoot('scripts/emitted-project.mjs'))) as {
    writeProject(folder: string, files: readonly EmittedFile[]): void;
    buildProject(folder: string, options: { check: boolean }): void;
  };
  const project = join(folder, 'project');
  const { files } = await generateProject(document, { cache: false });
  writeProject(project, files);
  buildProject(project, { check: false });
  return join(project, 'dist/index.js');
}

describe.each<{ way: string; prefix: string; open: () => Promise<McpClient> }>([
  { way: 'run', prefix: '', open: () => started(MAIN, 'run', document, '--mode', 'code', '--quiet') },
  {
    way: 'a config file with several parts',
    prefix: 'one_',
    open: () =>
      started(
        MAIN,
        'run',
        config('parts', { apis: { one: { spec: document }, two: { spec: document } }, mode: 'code' }),
      ),
  },
  {
    way: 'a transform',
    prefix: '',
    open: () =>
      started(
        MAIN,
        'run',
        config('transform', { apis: { one: { spec: document, transforms: [{ codeMode: { maxCalls: 9 } }] } } }),
      ),
  },
  { way: 'an emitted server', prefix: '', open: async () => started(await emitted(), '--mode', 'code') },
])('$way', ({ prefix, open }) => {
  let client: McpClient;
  beforeAll(async () => {
    client = await open();
  }, 60_000);
  const call = async (name: string, args: Readonly<Record<string, unknown>>) => {
    const { content } = (await client.callTool(name, args)) as ToolResult;
    return content[0]?.type === 'text' ? content[0].text : '';
  };

  test('finds functions, and runs code that calls them', async () => {
    expect((await client.listTools()).slice(0, 2).map(({ name }) => name)).toEqual(['search_docs', 'execute']);
    expect(await call('search_docs', { query: 'get a note' })).toContain(`api.${prefix}getNote({noteId:int})`);
    const code = `const notes = await api.${prefix}listNotes();
      const all = await Promise.all(notes.map(({ id }) => api.${prefix}getNote({ noteId: id })));
      return all.map(({ text }) => text)`;
    expect(await call('execute', { code })).toBe('["Note 1","Note 2","Note 3"]');
  });
});

test('a run that does not end is stopped, and others are served meanwhile', async () => {
  const client = await started(MAIN, 'run', document, '--mode', 'code', '--quiet');
  const start = performance.now();
  const endless = client.callTool('execute', { code: 'for (;;);' });
  let longest = 0;
  for (let each = 0; each < 20; each++) {
    const before = performance.now();
    await client.listTools();
    longest = Math.max(longest, performance.now() - before);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(longest).toBeLessThan(500);
  expect(JSON.stringify(await endless)).toContain('The code was stopped after 10 s.');
  expect(performance.now() - start).toBeLessThan(11_000);
}, 30_000);

test('without the optional packages, the start says what to install', async () => {
  const preload = join(folder, 'without.cjs');
  writeFileSync(
    preload,
    `const Module = require('node:module');
    const { _resolveFilename: resolve } = Module;
    Module._resolveFilename = function (name, ...rest) {
      if (name.startsWith('quickjs-')) throw Object.assign(new Error('Cannot find module ' + name), { code: 'MODULE_NOT_FOUND' });
      return resolve.call(this, name, ...rest);
    };`,
  );
  const { code, stderr } = await endedAlone(['run', document, '--mode', 'code'], {
    env: { NODE_OPTIONS: `--require ${preload}` },
  });
  expect(code).toBe(2);
  expect(stderr).toContain(
    'Code mode needs the optional package quickjs-emscripten-core: npm install quickjs-emscripten-core @jitl/quickjs-ng-wasmfile-release-sync',
  );
});
