import { describe, expect, test } from 'vitest';
import { readSource } from '../parse/index.ts';
import type { OpenedApi } from '../proxy.ts';
import type { HttpSender } from '../runtime/api/http.ts';
import type { ModelOptions } from '../runtime/api/open-model.ts';
import { callContext } from '../runtime/call-context.ts';
import { type Network, network } from './network.test.fixture.ts';
import { threeWays, WAYS } from './three-ways.test.fixture.ts';

const documentWith = (server: string) => ({
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  servers: [{ url: server }],
  paths: {
    '/a': {
      get: {
        operationId: 'a',
        responses: { 200: { description: 'ok' } },
      },
    },
  },
});

const call = async ({ provider }: OpenedApi) => {
  return JSON.stringify(await provider.callTool({ name: 'a', arguments: {} }, callContext()));
};

describe('a document that a redirect leads to', () => {
  test.each(['http://10.0.0.1/doc', 'http://169.254.169.254/doc', 'http://localhost:9/doc', 'http://[::1]/doc'])(
    'a public URL is not followed to %s',
    async (location) => {
      const { asked, open } = await network({
        'public.example/doc': { location },
        [`${new URL(location).host}/doc`]: { json: documentWith('http://10.0.0.1') },
      });
      const opened = open('http://public.example/doc');
      await expect(opened).rejects.toThrow(/redirects to http.*a private or link-local address/);
      expect(asked).toEqual(['GET public.example/doc']);
    },
  );

  test('a public URL is not followed over a second public host to a private one', async () => {
    const { open } = await network({
      'public.example/doc': { location: 'http://other.example/doc' },
      'other.example/doc': { location: 'http://10.0.0.1/doc' },
      '10.0.0.1/doc': { json: documentWith('http://10.0.0.1') },
    });
    await expect(open('http://public.example/doc')).rejects.toThrow(/redirects to http:\/\/10\.0\.0\.1\/doc/);
  });

  test('allowPrivate follows it', async () => {
    const { open } = await network({
      'public.example/doc': { location: 'http://10.0.0.1/doc' },
      '10.0.0.1/doc': { json: documentWith('http://10.0.0.1') },
    });
    const { model } = await open('http://public.example/doc', { allowPrivate: true });
    expect(model).toMatchObject({ documentUrl: 'http://10.0.0.1/doc', documentOrigin: 'http://public.example' });
  });

  test('a public URL that redirects to another public one may name public servers, and no private ones', async () => {
    const replies = (server: string) => ({
      'public.example/doc': { location: 'http://cdn.example/doc' },
      'cdn.example/doc': { json: documentWith(server) },
      'api.example/a': { json: { reached: true } },
      '10.0.0.1/a': { json: { reached: true } },
    });
    const good = await network(replies('http://api.example'));
    expect(await call(await good.open('http://public.example/doc'))).toContain('reached');
    const bad = await network(replies('http://10.0.0.1'));
    expect(await call(await bad.open('http://public.example/doc'))).toContain('private');
    expect(bad.asked).not.toContain('GET 10.0.0.1/a');
  });

  test('a private URL that redirects to a public one is trusted as the address the user gave', async () => {
    const { open, asked } = await network({
      '10.0.0.1/doc': { location: 'http://public.example/doc' },
      'public.example/doc': { json: documentWith('http://10.0.0.2') },
      '10.0.0.2/a': { json: { reached: true } },
    });
    expect(await call(await open('http://10.0.0.1/doc'))).toContain('reached');
    expect(asked.at(-1)).toBe('GET 10.0.0.2/a');
  });

  test('https is never followed to http, not even on the same host', async () => {
    const send: HttpSender = async ({ url }) => ({
      status: 302,
      headers: [['location', url.replace('https:', 'http:')]],
      body: (async function* () {})(),
    });
    const reading = { send, sendRedirected: () => send, sendRemoteRefs: undefined, headers: [], stdin: undefined };
    const limits = { timeoutMs: 1000, maxBytes: 1000, cached: undefined };
    await expect(readSource('https://public.example/doc', { ...reading, ...limits })).rejects.toThrow(
      'The server redirects from https to http (http://public.example/doc), which is not followed.',
    );
  });

  test('document headers follow neither a redirect nor references to the host it led to', async () => {
    const seen: string[] = [];
    const send: HttpSender = async ({ url, headers }) => {
      seen.push(`${url} ${headers.some(([name]) => name === 'x-key') ? 'with' : 'without'} key`);
      const redirect = url === 'http://public.example/doc';
      return {
        status: redirect ? 302 : 200,
        headers: redirect ? [['location', 'http://cdn.example/doc']] : [],
        body: (async function* () {
          yield Buffer.from(JSON.stringify({ ...documentWith('/'), components: { $ref: 'part.json' } }));
        })(),
      };
    };
    const { parseDocument } = await import('../parse/index.ts');
    await parseDocument('http://public.example/doc', {
      ...{ send, sendRedirected: () => send, sendRemoteRefs: send, headers: [['x-key', 'secret']], stdin: undefined },
      ...{ timeoutMs: 1000, maxBytes: 10_000, cached: undefined, amend: undefined },
    });
    expect(seen).toEqual([
      'http://public.example/doc with key',
      'http://cdn.example/doc without key',
      'http://cdn.example/part.json without key',
    ]);
  });
});

/** An operation of the default server, of a public one and of a private one. */
const documentOfThree = (server: string) => {
  const operation = (operationId: string, ...urls: string[]) => ({
    get: {
      operationId,
      ...(urls.length > 0 && { servers: urls.map((url) => ({ url })) }),
      responses: { 200: { description: 'ok' } },
    },
  });
  return {
    ...documentWith(server),
    paths: {
      '/a': operation('atDefault'),
      '/b': operation('atPublic', 'http://public.example'),
      '/c': operation('atPrivate', 'http://10.0.0.1'),
    },
  };
};

describe.each([
  { server: 'http://localhost:3000', open: threeWays(() => documentOfThree('http://localhost:3000')) },
  { server: 'http://public.example', open: threeWays(() => documentOfThree('http://public.example')) },
])('where the default server is $server', ({ open }) => {
  describe.each(WAYS)('a redirect of the API, through %s', (way) => {
    const replyTo = async (name: string, { environment }: Network, options: ModelOptions = {}) => {
      const { provider, tool } = await open(way, { environment, ...options });
      return JSON.stringify(await provider.callTool({ name: tool(name), arguments: {} }, callContext()));
    };

    test('leads from the public server of an operation to no private address', async () => {
      const net = await network({
        'public.example/b': { location: 'http://10.0.0.1/c' },
        '10.0.0.1/c': { json: { reached: true } },
      });
      expect(await replyTo('atPublic', net)).toContain('FORBIDDEN_ADDRESS');
      expect(net.asked).toEqual(['GET public.example/b']);
    });

    test('may lead from a private server to another private one', async () => {
      const net = await network({
        '10.0.0.1/c': { location: 'http://10.0.0.2/c' },
        '10.0.0.2/c': { json: { reached: true } },
      });
      expect(await replyTo('atPrivate', net)).toContain('reached');
    });

    test.each(['http://10.0.0.2/c', 'http://10.0.0.1/d'])(
      'leads from a private server over a public one not back inside to %s',
      async (location) => {
        const net = await network({
          '10.0.0.1/c': { location: 'http://public.example/c' },
          'public.example/c': { location },
        });
        expect(await replyTo('atPrivate', net)).toContain('FORBIDDEN_ADDRESS');
        expect(net.asked).toEqual(['GET 10.0.0.1/c', 'GET public.example/c']);
      },
    );

    test('is followed anywhere with allowPrivate', async () => {
      const net = await network({
        'public.example/b': { location: 'http://10.0.0.1/c' },
        '10.0.0.1/c': { json: { reached: true } },
      });
      expect(await replyTo('atPublic', net, { allowPrivate: true })).toContain('reached');
    });
  });
});
