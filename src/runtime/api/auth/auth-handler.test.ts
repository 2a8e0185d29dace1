import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openApi } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import type { CallContext, Provider } from '../../provider.ts';
import { ToolError } from '../../tool-error.ts';
import type { ModelOptions } from '../open-model.ts';
import type { AuthAdditions, AuthHandler, AuthRequest } from './auth-handler.ts';

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Records requests, and answers them with `answer`. */
async function recording() {
  const received: Received[] = [];
  const state = { answer: (_: Received, response: ServerResponse): unknown => response.end('{}') };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body };
    received.push(one);
    response.setHeader('content-type', 'application/json');
    state.answer(one, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { received, state, url, close: () => server.close() };
}

let api: Awaited<ReturnType<typeof recording>>;
let other: Awaited<ReturnType<typeof recording>>;
beforeAll(async () => {
  api = await recording();
  other = await recording();
});
beforeEach(() => {
  for (const { received, state } of [api, other]) {
    received.length = 0;
    state.answer = (_, response) => response.end('{}');
  }
});
const opened: Provider[] = [];
afterAll(async () => {
  for (const provider of opened) await provider.close();
  api.close();
  other.close();
});

const SCHEMES = {
  key: { type: 'apiKey', in: 'header', name: 'X-Key' },
  basic: { type: 'http', scheme: 'basic' },
  hmac: { type: 'http', scheme: 'hmac' },
  oauth: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://a.test', scopes: {} } } },
  certificate: { type: 'mutualTLS' },
};

async function open(auth: ModelOptions['auth'], options: ModelOptions = {}): Promise<Provider> {
  const schemes = Object.keys(auth ?? {});
  const document = {
    openapi: '3.1.0',
    info: { title: 'Signed', version: '1' },
    servers: [{ url: `${api.url}/v1` }],
    security: [Object.fromEntries(schemes.map((scheme) => [scheme, []]))],
    components: { securitySchemes: SCHEMES },
    paths: {
      '/notes/{name}': {
        post: {
          operationId: 'note',
          parameters: [
            { name: 'name', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'q', in: 'query', schema: { type: 'string' } },
            { name: 'sid', in: 'cookie', schema: { type: 'string' } },
          ],
          requestBody: { content: { 'application/json': { schema: {} } } },
          responses: { 200: { description: 'ok' } },
        },
        get: {
          operationId: 'read',
          parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: { description: 'ok' } },
        },
      },
    },
  };
  const { provider } = await openApi(
    { text: JSON.stringify(document) },
    { cache: false, environment: {}, ...options, ...(auth && { auth }) },
  );
  opened.push(provider);
  return provider;
}

const call = async (provider: Provider, name: string, args: object, context: Partial<CallContext> = {}) =>
  JSON.stringify(await provider.callTool({ name, arguments: { ...args } }, callContext(context)));

const read = async (handler: AuthHandler) => call(await open({ hmac: handler }), 'read', { name: 'a' });

describe('what a handler sees', () => {
  test('is the finished request: address, headers of the context and the user, cookies, and the bytes of the body', async () => {
    const seen: AuthRequest[] = [];
    const handler: AuthHandler = {
      authorize(request) {
        seen.push(request);
        return {};
      },
    };
    const provider = await open({ hmac: handler, key: 'k-0123456789' }, { headers: { 'X-Mine': 'm' } });
    const args = { name: 'ä b', q: 'x y', sid: '7', body: { text: 'ü' } };
    await call(provider, 'note', args, { headers: { 'X-Trace': 't' } });
    const [request] = seen;
    expect(request).toMatchObject({ scheme: 'hmac', method: 'POST', url: `${api.url}/v1/notes/%C3%A4%20b?q=x%20y` });
    expect(new TextDecoder().decode(request?.body)).toBe('{"text":"ü"}');
    const shown = Object.fromEntries(request?.headers.map(([name, value]) => [name.toLowerCase(), value]) ?? []);
    const [sent] = api.received;
    expect(shown).toMatchObject({ 'x-mine': 'm', 'x-trace': 't', 'x-key': 'k-0123456789', cookie: 'sid=7' });
    for (const [name, value] of Object.entries(shown)) expect(sent?.headers[name]).toBe(value);
    expect(sent?.url).toBe('/v1/notes/%C3%A4%20b?q=x%20y');
  });

  test.each(Object.keys(SCHEMES))('it can stand for a scheme of the kind "%s"', async (scheme) => {
    const provider = await open({ [scheme]: { authorize: () => ({ headers: { 'X-Signature': 's-1' } }) } });
    expect(await call(provider, 'read', { name: 'a' })).not.toContain('isError');
    expect(api.received[0]?.headers).toMatchObject({ 'x-signature': 's-1' });
  });
});

describe('what a handler adds', () => {
  test('goes into headers, query and cookies, encoded, in place of others with the same name', async () => {
    const additions: AuthAdditions = {
      headers: { 'x-mine': 'signed' },
      query: { q: 'a&b=c', 'key id': '1' },
      cookies: { sid: 'x;y' },
    };
    const provider = await open({ hmac: { authorize: () => additions } }, { headers: { 'X-Mine': 'm' } });
    await call(provider, 'note', { name: 'n', q: 'mine', sid: '7', body: 1 });
    const [sent] = api.received;
    expect(sent?.url).toBe('/v1/notes/n?q=a%26b%3Dc&key%20id=1');
    expect(sent?.headers).toMatchObject({ 'x-mine': 'signed', cookie: 'sid=x%3By' });
  });

  test('is hidden in results, in any encoding, and so are the secrets of the handler', async () => {
    const key = 'planted-key-0123456789';
    const handler: AuthHandler = {
      secrets: [key],
      authorize: ({ url }) => ({
        headers: {
          Authorization: `HMAC id="shop-01",signature="${createHmac('sha256', key).update(url).digest('hex')}"`,
        },
        query: { token: 'query-secret-0123456789' },
        cookies: { proof: 'cookie-secret-0123456789' },
      }),
    };
    let signature = '';
    api.state.answer = ({ headers, url }, response) => {
      [, signature = ''] = /signature="(\w+)"/.exec(headers.authorization ?? '') ?? [];
      const { cookie } = headers;
      const echo = {
        headers: { ...headers },
        url,
        cookie,
        key,
        signature,
        hex: Buffer.from(signature).toString('hex'),
      };
      response.setHeader('x-request-id', signature).end(JSON.stringify(echo));
    };
    const shown = await read(handler);
    expect(signature).toHaveLength(64);
    const planted = [key, signature, Buffer.from(signature).toString('hex'), 'query-secret', 'cookie-secret'];
    for (const secret of planted) expect(shown).not.toContain(secret);
    expect(shown).toContain('[credential]');
  });

  test('can name what is secret of it: the rest is shown', async () => {
    api.state.answer = ({ headers }, response) => response.end(JSON.stringify(headers));
    const handler: AuthHandler = {
      authorize: () => ({
        headers: { 'X-Time': '2026-11-30T09:00:00Z', 'X-Sign': 'abcdefgh12' },
        secrets: ['abcdefgh12'],
      }),
    };
    const shown = await read(handler);
    expect(shown).toContain('2026-11-30T09:00:00Z');
    expect(shown).not.toContain('abcdefgh12');
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'it returned no object'],
    [
      'an unknown part',
      { header: {} },
      'it returned \\"header\\", which is not one of headers, query, cookies, secrets',
    ],
    ['a number', { headers: { 'X-A': 1 } }, 'the value of headers.X-A is not a string'],
    ['a line break', { headers: { 'X-A': 'planted\r\nX-B: 1' } }, 'the header X-A has a character that headers cannot'],
    ['a name with a line break', { headers: { 'planted\r\nX-B': '1' } }, 'a name in its headers is not valid'],
    ['another length', { headers: { 'Content-Length': '1' } }, 'it may not set the header Content-Length'],
    ['another host', { headers: { host: 'planted.test' } }, 'it may not set the header host'],
  ])('must be valid: %s', async (_, additions, want) => {
    // What types forbid.
    const shown = await read({ authorize: () => additions as AuthAdditions });
    expect(shown).toContain('SIGNING_FAILED: The auth handler of \\"hmac\\" failed: ');
    expect(shown).toContain(want);
    expect(shown).not.toContain('planted');
    expect(api.received).toEqual([]);
  });
});

describe('after the response', () => {
  test('a handler may ask for one retry, with the headers of the 401', async () => {
    api.state.answer = ({ headers }, response) => {
      if (headers['x-answer'] === 'two') return response.end('{"ok":true}');
      return response.writeHead(401, { 'X-Question': ['one', 'two'] }).end('{}');
    };
    let question = '';
    const handler: AuthHandler = {
      authorize: () => ({ headers: { 'X-Answer': question } }),
      onResponse({ status, headers }) {
        for (const [name, value] of headers) if (name === 'x-question') question = value.split(', ').at(-1) ?? '';
        return status === 401;
      },
    };
    expect(await read(handler)).toContain('ok');
    expect(api.received.map(({ headers }) => headers['x-answer'])).toEqual(['', 'two']);
    api.state.answer = (_, response) => response.writeHead(401).end('{}');
    expect(await read(handler)).toContain('The credential of auth.hmac is wrong or expired.');
    expect(api.received).toHaveLength(4);
  });

  test('no retry for another status, or where the handler has no opinion', async () => {
    api.state.answer = (_, response) => response.writeHead(403).end('{}');
    await read({ authorize: () => ({}), onResponse: () => true });
    api.state.answer = (_, response) => response.writeHead(401).end('{}');
    await read({ authorize: () => ({}) });
    expect(api.received).toHaveLength(2);
  });

  test('a clock that is off is named where the API rejects the signature', async () => {
    api.state.answer = (_, response) =>
      response.writeHead(403, { Date: new Date(Date.now() + 3_600_000).toUTCString() }).end('{}');
    const shown = await read({ authorize: () => ({ headers: { 'X-Time': 'now' } }) });
    expect(shown).toContain('The clock of this machine is 60 minutes behind that of the server. Set the clock.');
  });
});

describe('a redirect', () => {
  const numbered = (): AuthHandler => {
    let count = 0;
    return {
      authorize: ({ url }) => ({ headers: { 'X-Sign': `${++count} ${url}` }, query: { token: `secret-${count}` } }),
    };
  };

  test('within the origin is signed again', async () => {
    api.state.answer = ({ url }, response) =>
      url.startsWith('/moved') ? response.end('{}') : response.writeHead(307, { Location: '/moved?a=1' }).end();
    await read(numbered());
    expect(api.received.map(({ url, headers }) => [url, headers['x-sign']])).toEqual([
      ['/v1/notes/a?token=secret-1', `1 ${api.url}/v1/notes/a`],
      ['/moved?a=1&token=secret-2', `2 ${api.url}/moved?a=1`],
    ]);
  });

  test('to another origin carries nothing that was added, even if the API names it in the address', async () => {
    api.state.answer = ({ url }, response) =>
      response.writeHead(307, { Location: `${other.url}/there?${url.split('?')[1]}` }).end();
    const asked: number[] = [];
    const handler = numbered();
    await read({ ...handler, onResponse: ({ status }) => asked.push(status) > 0 });
    expect(other.received).toHaveLength(1);
    expect(other.received[0]?.url).toBe('/there');
    expect(other.received[0]?.headers).not.toHaveProperty('x-sign');
    expect(asked).toEqual([]);
  });
});

describe('a handler that fails', () => {
  test.each<[string, () => AuthAdditions, RegExp]>([
    [
      'throws',
      () => {
        throw new TypeError('planted-key-0123456789 is not a key');
      },
      /it threw a TypeError at auth-handler\.test\.ts:\d+/,
    ],
    [
      'throws text',
      () => {
        throw 'planted-key-0123456789';
      },
      /it threw a value\./,
    ],
  ])('%s: the error names the scheme and the place, not the message', async (_, authorize, want) => {
    const shown = await read({ authorize });
    expect(shown).toContain('SIGNING_FAILED: The auth handler of \\"hmac\\" failed: ');
    expect(shown).toMatch(want);
    expect(shown).not.toContain('planted');
    expect(api.received).toEqual([]);
  });

  test('on purpose, for the model: its message is shown', async () => {
    const shown = await read({
      authorize: () => Promise.reject(new ToolError('The key is locked until Monday.')),
    });
    expect(shown).toContain('The auth handler of \\"hmac\\" failed: The key is locked until Monday.');
  });

  test('while it reads a response: so does the call', async () => {
    const shown = await read({
      authorize: () => ({}),
      onResponse: () => Promise.reject(new Error('planted')),
    });
    expect(shown).toContain('SIGNING_FAILED');
    expect(shown).not.toContain('planted');
  });

  test('to settle: the call ends with its time limit', async () => {
    const handler: AuthHandler = { authorize: () => new Promise(() => {}) };
    const shown = await call(await open({ hmac: handler }, { timeoutMs: 50 }), 'read', { name: 'a' });
    expect(shown).toContain('TIMEOUT');
  });

  test('to settle before the client cancels: the call is cancelled', async () => {
    const controller = new AbortController();
    const handler: AuthHandler = {
      authorize() {
        controller.abort();
        return new Promise(() => {});
      },
    };
    const provider = await open({ hmac: handler });
    expect(await call(provider, 'read', { name: 'a' }, { signal: controller.signal })).toContain('CANCELLED');
  });
});

test('a scheme of another kind without a handler says what to pass', async () => {
  await expect(open({ hmac: 'x' })).rejects.toThrow('an auth handler: { authorize(request) { … } }');
});
