import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import { circuitBreaker } from '../middleware/circuit-breaker.ts';
import { retry } from '../middleware/retry.ts';
import { withMiddleware } from '../middleware/with-middleware.ts';
import { outcomeOf } from '../outcome.ts';
import type { CallContext, ElicitRequest, ListChange, Provider, SampleRequest, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { composite } from './composite.ts';
import { namespace } from './namespace.ts';
import { fromMcp, type RemoteTarget } from './remote.ts';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
/** Both protocol eras (on SDK v2), and one that only knows the older (on SDK v1). */
const CHILD = fixture('child-server.mjs');
const CHILD_2025 = fixture('child-server-2025.mjs');
const command = { command: process.execPath, args: [CHILD], env: { SECRET: 'sesame' } };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function remote(target: RemoteTarget, options?: Parameters<typeof fromMcp>[1]): Provider {
  const provider = fromMcp(target, options);
  cleanups.push(() => provider.close());
  return provider;
}

/** A child process that serves over HTTP. */
async function httpChild({ port = 0, file = CHILD } = {}): Promise<{ url: string; port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [file, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const bound = Number(String(line));
  return { url: `http://127.0.0.1:${bound}/mcp`, port: bound, child };
}

const call = (
  provider: Provider,
  name: string,
  args: Record<string, unknown> = {},
  context: Partial<CallContext> = {},
) => provider.callTool({ name, arguments: args }, callContext(context));
const textOf = (result: ToolResult) => result.content.map((block) => (block.type === 'text' ? block.text : '')).join();

describe.each([
  { transport: 'stdio', era: '2026', file: CHILD },
  { transport: 'http', era: '2026', file: CHILD },
  { transport: 'stdio', era: '2025', file: CHILD_2025 },
  { transport: 'http', era: '2025', file: CHILD_2025 },
])('a remote server of $era over $transport', ({ transport, era, file }) => {
  let provider: Provider;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    const served = transport === 'http' && (await httpChild({ file }));
    ends.push(...cleanups.splice(0));
    provider = fromMcp(served ? served.url : { ...command, args: [file] });
    ends.push(() => provider.close());
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  test('gives its lists, tools, resources, prompts and completions', async () => {
    const tools = await provider.listTools({});
    expect(tools.map(({ name }) => name)).toEqual([
      ...['echo', 'env', 'fail', 'typed', 'count', 'log', 'hang', 'ask', 'sample', 'crash', 'grow'],
    ]);
    expect(tools[0]).toMatchObject({ description: 'Says it again', inputSchema: { type: 'object' } });
    expect(provider.info).toEqual({ name: 'child', version: '3.2.1', instructions: 'Be kind.' });
    expect(await provider.listTools({})).toBe(tools);
    expect(textOf(await call(provider, 'echo', { text: 'hi' }))).toBe('hi');
    expect(await call(provider, 'typed')).toMatchObject({ structuredContent: { n: 1 } });
    expect(await call(provider, 'fail')).toMatchObject({ isError: true, content: [{ text: 'out of paper' }] });
    expect(await provider.listResources({})).toMatchObject([{ uri: 'notes://readme', name: 'readme' }]);
    expect(await provider.listResourceTemplates({})).toMatchObject([{ uriTemplate: 'notes://by-id/{id}' }]);
    expect(await provider.readResource({ uri: 'notes://by-id/7' }, callContext())).toMatchObject({
      contents: [{ uri: 'notes://by-id/7', text: 'note 7' }],
    });
    expect(await provider.getPrompt({ name: 'greet', arguments: { name: 'Ada' } }, callContext())).toMatchObject({
      messages: [{ content: { text: 'Greet Ada' } }],
    });
    const completion = {
      ref: { type: 'resource', uri: 'notes://by-id/{id}' },
      argument: { name: 'id', value: '' },
      given: {},
    } as const;
    expect((await provider.complete(completion, callContext())).values).toEqual(['one', 'two']);
  });

  test('reports invalid requests by code', async () => {
    // Servers on SDK v1 answer so to a tool that they do not have.
    if (era === '2025') expect(await call(provider, 'nope')).toMatchObject({ isError: true });
    else await expect(call(provider, 'nope')).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
    await expect(provider.readResource({ uri: 'notes://nope' }, callContext())).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
    });
  });

  test('forwards logs to the only caller that may have caused them', async () => {
    const [log, other] = [vi.fn(), vi.fn()];
    expect(textOf(await call(provider, 'log', {}, { log }))).toBe('logged');
    expect(log.mock.calls).toEqual(['debug', 'info', 'error'].map((level) => [level, `${level} of the child`]));
    log.mockClear();
    const canceller = new AbortController();
    const caller = { id: 'ada', scopes: [] };
    const hanging = call(provider, 'hang', {}, { signal: canceller.signal, caller, log: other }).catch(() => {});
    await call(provider, 'log', {}, { log });
    expect([log, other].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
    canceller.abort();
    await hanging;
  });

  test('passes progress on, each update of it', async () => {
    const progress = vi.fn();
    expect(textOf(await call(provider, 'count', {}, { progress }))).toBe('counted');
    expect(progress.mock.calls.map(([update]) => update)).toEqual([
      { progress: 1, total: 3, message: 'step 1' },
      { progress: 2, total: 3, message: 'step 2' },
      { progress: 3, total: 3, message: 'step 3' },
    ]);
  });

  test('forwards questions and answers', async () => {
    const asked: ElicitRequest[] = [];
    const elicit = async (request: ElicitRequest) => {
      asked.push(request);
      return { action: 'accept', content: { colour: 'blue' } } as const;
    };
    expect(textOf(await call(provider, 'ask', {}, { elicit }))).toBe('You said blue');
    expect(asked).toMatchObject([{ message: 'Which colour?', requestedSchema: { required: ['colour'] } }]);
  });

  test('passes requests for the client’s model on', async () => {
    const sample = async ({ messages: [message], maxTokens }: SampleRequest) => {
      expect([message, maxTokens]).toEqual([{ role: 'user', content: { type: 'text', text: 'A title?' } }, 20]);
      return { role: 'assistant', content: { type: 'text', text: 'Emma' }, model: 'm-1' } as const;
    };
    expect(textOf(await call(provider, 'sample', {}, { sample }))).toBe('m-1 wrote Emma');
  });

  test('fails with an error if the client does not support questions', async () => {
    const [asked, sampled] = [await call(provider, 'ask'), await call(provider, 'sample')];
    expect([asked.isError, sampled.isError]).toEqual([true, true]);
    // A 2026-07-28 server receives the client's capabilities with each call, and does not even ask.
    const want =
      era === '2026'
        ? [/requires input for the tool "ask", but the client does not support it: .*elicitation/, /"sample".*sampling/]
        : [
            /asks the user, but the client does not support elicitation: “Which colour\?”/,
            /asks for sampling, but the client does not support it/,
          ];
    expect(textOf(asked)).toMatch(want[0] as RegExp);
    expect(textOf(sampled)).toMatch(want[1] as RegExp);
  });

  test('asks nobody if it could be the wrong user', async () => {
    const canceller = new AbortController();
    const other = call(provider, 'hang', {}, { signal: canceller.signal }).catch(() => {});
    const elicit = async () => ({ action: 'accept', content: { colour: 'red' } }) as const;
    const answer = textOf(await call(provider, 'ask', {}, { elicit }));
    canceller.abort();
    await other;
    // 2026-07-28 tells which call asks. Before, a question that could be of either call is refused.
    expect(answer).toMatch(era === '2026' ? /^You said red$/ : /several calls are in flight/);
  });

  test('passes cancellation on', async () => {
    await provider.listTools({});
    const canceller = new AbortController();
    const hanging = call(provider, 'hang', {}, { signal: canceller.signal });
    setTimeout(() => canceller.abort(), 50);
    await expect(hanging).rejects.toBeDefined();
    expect(textOf(await call(provider, 'echo', { text: 'still here' }))).toBe('still here');
  });

  test('announces changes, and lists again', async () => {
    const before = await provider.listTools({});
    const changed = new Promise<ListChange>((resolve) => provider.onChange(resolve));
    await call(provider, 'grow');
    expect(await changed).toBe('tools');
    const after = await provider.listTools({});
    expect(after).not.toBe(before);
    expect(after.map(({ name }) => name)).toContain('grown');
    expect(textOf(await call(provider, 'grown'))).toBe('new here');
  });
});

describe('finding out what a server speaks', () => {
  test('starts a server of 2025 again that ends at the first question it does not know', async () => {
    const provider = remote({ ...command, args: [fixture('strict-server.mjs')] });
    expect(textOf(await call(provider, 'echo', { text: 'hi' }))).toBe('hi');
  });

  test('does not negotiate if the era is set', async () => {
    const asked: unknown[] = [];
    const server = createHttpServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push(JSON.parse(body).method);
      response.writeHead(400).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    await expect(remote(url, { mode: 'legacy' }).listTools({})).rejects.toThrow('status 400');
    expect(asked).toEqual(['initialize']);
  });

  test('starts one process', async () => {
    const log = join(mkdtempSync(join(tmpdir(), 'starts-')), 'starts');
    for (const file of [CHILD, CHILD_2025]) {
      const source = `fs.appendFileSync(${JSON.stringify(log)}, "+"); await import(${JSON.stringify(file)})`;
      const args = ['--input-type=module', '-e', `import fs from 'node:fs'; ${source}`];
      await remote({ ...command, args }).listTools({});
    }
    expect(readFileSync(log, 'utf8')).toBe('++');
  });
});

describe('a remote server that disconnects', () => {
  test('in a call over stdio: says so, keeps its lists, and is there again for the next call', async () => {
    const provider = remote(command, { name: 'kid' });
    const tools = await provider.listTools({});
    const result = await call(provider, 'crash');
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/^The MCP server "kid" disconnected during the tool "crash": /);
    expect(outcomeOf(result)).toEqual({ error: 'CONNECTION_LOST' });
    expect(await provider.listTools({})).toBe(tools);
    expect(textOf(await call(provider, 'echo', { text: 'back' }))).toBe('back');
  });

  test('in a call over HTTP: says so, and is found again once it listens again', async () => {
    const { url, port, child } = await httpChild();
    const provider = remote(url, { name: 'web' });
    const tools = await provider.listTools({});
    const hanging = call(provider, 'hang');
    setTimeout(() => child.kill('SIGKILL'), 100);
    const result = await hanging;
    expect(textOf(result)).toMatch(/^The MCP server "web" disconnected during the tool "hang": /);
    expect(outcomeOf(result)).toEqual({ error: 'CONNECTION_LOST' });
    const refused = await call(provider, 'echo', { text: 'hi' });
    expect(textOf(refused)).toMatch(/^The MCP server "web" (is not available|went away)/);
    expect(await provider.listTools({})).toBe(tools);
    await httpChild({ port });
    await vi.waitFor(async () => expect(textOf(await call(provider, 'echo', { text: 'back' }))).toBe('back'), {
      timeout: 5000,
      interval: 100,
    });
  });

  test('and comes back with other tools: announces them', async () => {
    const { url, port, child } = await httpChild();
    const provider = remote(url);
    await call(provider, 'grow');
    await vi.waitFor(async () => expect((await provider.listTools({})).map(({ name }) => name)).toContain('grown'));
    const changed = new Promise<ListChange>((resolve) => provider.onChange(resolve));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await httpChild({ port });
    expect(await changed).toBe('tools');
    expect((await provider.listTools({})).map(({ name }) => name)).not.toContain('grown');
  });

  test('and has forgotten the session: begins another one, and the call is answered', async () => {
    const { url, port, child } = await httpChild({ file: CHILD_2025 });
    const provider = remote(url);
    await provider.listTools({});
    child.kill('SIGKILL');
    await once(child, 'exit');
    await httpChild({ port, file: CHILD_2025 });
    await vi.waitFor(async () => expect(textOf(await call(provider, 'echo', { text: 'again' }))).toBe('again'), 5000);
  });

  test('does not take others with it in a composite', async () => {
    const down = remote({ command: process.execPath, args: ['-e', 'process.exit(3)'] }, { name: 'down' });
    const problems: string[] = [];
    const whole = composite([namespace(down, 'down'), namespace(remote(command), 'up')], {
      onProblem: ({ message }) => problems.push(message),
    });
    const names = (await whole.listTools({})).map(({ name }) => name);
    expect(names).toContain('up_echo');
    expect(problems).toHaveLength(1);
    expect(textOf(await call(whole, 'up_echo', { text: 'fine' }))).toBe('fine');
    await expect(call(whole, 'down_anything')).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
      message: expect.stringMatching(/^Unknown tool: down_anything\. "down" is not available: /),
    });
  });

  test('before it was ever there: is found once it listens, and its lists are announced', async () => {
    const { port, child } = await httpChild();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const provider = remote(`http://127.0.0.1:${port}/mcp`, { name: 'late' });
    const whole = composite([namespace(provider, 'late')]);
    expect(await whole.listTools({})).toEqual([]);
    const result = await call(provider, 'echo');
    expect(textOf(result)).toMatch(/^The MCP server "late" is not available: /);
    expect(outcomeOf(result)).toMatchObject({ error: 'CONNECTION_REFUSED' });
    const changed = new Promise<ListChange>((resolve) => whole.onChange(resolve));
    await httpChild({ port });
    expect(await changed).toBe('tools');
    expect((await whole.listTools({})).map(({ name }) => name)).toContain('late_echo');
  });

  test('opens the circuit: a breaker sees that it is down, and that it has not answered', async () => {
    const down = remote({ command: process.execPath, args: ['-e', 'process.exit(3)'] }, { name: 'down' });
    const guarded = withMiddleware(down, circuitBreaker({ failures: 2 }));
    const outcomes = [];
    for (let i = 0; i < 3; i++) outcomes.push(outcomeOf(await call(guarded, 'x'))?.error);
    expect(outcomes).toEqual(['CONNECTION_REFUSED', 'CONNECTION_REFUSED', 'CIRCUIT_OPEN']);
    const read = guarded.readResource({ uri: 'notes://readme' }, callContext());
    expect(outcomeOf(await read.catch((error: unknown) => error))).toMatchObject({ error: 'CIRCUIT_OPEN' });

    const slow = await call(remote(command, { name: 'slow', timeoutMs: 1000 }), 'hang');
    expect(textOf(slow)).toBe('The MCP server "slow" did not respond to the tool "hang" within 1000 ms.');
    expect(outcomeOf(slow)).toEqual({ error: 'TIMEOUT' });
  });

  test('is retried if the call may be made twice', async () => {
    const { url, port, child } = await httpChild();
    const provider = withMiddleware(remote(url), retry({ attempts: 5, firstWaitMs: 400, random: () => 1 }));
    await provider.listResources({});
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [answer] = await Promise.all([
      provider.readResource({ uri: 'notes://readme' }, callContext()),
      httpChild({ port }),
    ]);
    expect(answer).toMatchObject({ contents: [{ text: 'Read me.' }] });
  });

  test('waits longer after each failed attempt, and says how long', async () => {
    const provider = remote({ command: process.execPath, args: ['-e', 'process.exit(3)'] }, { name: 'down' });
    await expect(provider.listTools({})).rejects.toThrow('The MCP server "down" is not available');
    await expect(provider.listTools({})).rejects.toThrow('Next attempt in 1 s.');
  });
});

test('the error page of a proxy is not shown to the model', async () => {
  const server = createServer({ name: 'bank', version: '1' });
  server.tool('pay', {}, () => 'paid');
  server.resource('bank://rates', { name: 'rates' }, () => '1 %');
  let fails = false;
  const gateway = createHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (fails) return response.writeHead(500, { 'Content-Type': 'text/html' }).end(`<html>${'-'.repeat(100_000)}`);
    const { method = 'GET', headers } = request;
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
    const answer = await server.fetch(
      new Request('http://127.0.0.1/mcp', { method, headers: headers as Record<string, string>, ...body }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  cleanups.push(() => gateway.close().closeAllConnections());
  const provider = remote(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}/mcp`, { name: 'bank' });
  await provider.listTools({});
  fails = true;
  expect(textOf(await call(provider, 'pay'))).toBe(
    'The MCP server "bank" rejected the tool "pay": the server responded with status 500',
  );
  await expect(provider.listResources({})).rejects.toThrow(
    /^The MCP server "bank" rejected listing its resources: the server responded with status 500$/,
  );
  await expect(provider.listResources({})).rejects.toMatchObject({ cause: { status: 500 } });
});

describe('fromMcp', () => {
  test('sends the caller’s capabilities with each call, so that the server can do without questions', async () => {
    const server = createServer({ name: 'bank', version: '1', unasked: 'token' });
    server.tool('pay', { confirm: 'Pays.' }, () => 'paid');
    const { url } = await server.run({ transport: 'http', port: 0 });
    cleanups.push(() => server.close());
    const provider = remote(url);
    const elicit = vi.fn(async () => ({ action: 'accept', content: {} }) as const);
    expect(textOf(await call(provider, 'pay', {}, { elicit }))).toBe('paid');
    expect(elicit).toHaveBeenCalledOnce();
    const confirm = /"confirm":"([\w-]+)"/.exec(textOf(await call(provider, 'pay')))?.[1];
    expect(textOf(await call(provider, 'pay', { confirm }))).toBe('paid');
    expect(elicit).toHaveBeenCalledOnce();
    const traced = { headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' } };
    expect(textOf(await call(provider, 'pay', {}, traced))).toContain('Nothing has been done yet');
  });

  test('hands the environment to the command', async () => {
    expect(textOf(await call(remote(command), 'env', { name: 'SECRET' }))).toBe('sesame');
  });

  test('is closed immediately, even while connecting', async () => {
    const silent = fromMcp(
      { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] },
      { name: 'silent' },
    );
    const listing = expect(silent.listTools({})).rejects.toThrow('The MCP server "silent" is not available');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const started = performance.now();
    await silent.close();
    await listing;
    expect(performance.now() - started).toBeLessThan(8000);
    await expect(silent.listTools({})).rejects.toThrow('The connection to the MCP server "silent" is closed.');
  });

  test('of a server that has tools alone gives empty lists of the rest, and writes nothing to stdout', async () => {
    const program = `
      import { McpServer } from '@modelcontextprotocol/server';
      import { serveStdio } from '@modelcontextprotocol/server/stdio';
      serveStdio(() => {
        const server = new McpServer({ name: 'tools', version: '1' });
        server.registerTool('one', {}, () => ({ content: [] }));
        return server;
      });`;
    const said = vi.spyOn(console, 'debug').mockImplementation(() => {});
    cleanups.push(() => said.mockRestore());
    const provider = remote({ command: process.execPath, args: ['--input-type=module', '-e', program] });
    expect(await provider.listTools({})).toHaveLength(1);
    for (const list of ['listResources', 'listResourceTemplates', 'listPrompts'] as const) {
      expect(await provider[list]({})).toEqual([]);
    }
    expect(said).not.toHaveBeenCalled();
  });

  test('takes a connected client, and leaves it to its owner', async () => {
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
    const client = new Client({ name: 'mine', version: '1' });
    await client.connect(new StdioClientTransport(command));
    cleanups.push(() => client.close());
    const provider = fromMcp(client);
    expect(textOf(await call(provider, 'echo', { text: 'hi' }))).toBe('hi');
    await provider.close();
    expect((await client.listTools()).tools).not.toHaveLength(0);
  });

  test('reports that a given client is no longer connected', async () => {
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
    const client = new Client({ name: 'mine', version: '1' });
    await client.connect(new StdioClientTransport(command));
    const provider = fromMcp(client, { name: 'mine' });
    await provider.listTools({});
    await client.close();
    const result = await call(provider, 'echo', { text: 'hi' });
    expect(textOf(result)).toBe('The MCP server "mine" is not available: the given client is not connected.');
  });

  test('rejects an invalid target, and never shows its secrets', () => {
    expect(() => fromMcp('ftp://example.com')).toThrow('"ftp://example.com" is not the URL of an MCP server');
    expect(() => fromMcp('https://me:s@cret@example.com:port/mcp?key=s3cret')).toThrow(
      /^"https:\/\/example\.com:port\/mcp" is not the URL/,
    );
    expect(() => fromMcp({ url: 'https://example.com/mcp', headers: { 'X-Key': 's3cret\n' + 'more' } })).toThrow(
      /^The header "X-Key" for example\.com contains a character that headers cannot contain\. Remove it\.$/,
    );
    expect(() => fromMcp({} as never)).toThrow(
      'fromMcp() needs a URL, { url }, { command, args } or a connected client.',
    );
    expect(fromMcp('https://user:secret@example.com/mcp?key=secret').info.name).toBe('example.com');
  });
});
