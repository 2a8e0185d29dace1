import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelOptions } from '../runtime/api/open-model.ts';
import { callContext } from '../runtime/call-context.ts';
import { fromMcp } from '../runtime/compose/remote.ts';
import type { Provider } from '../runtime/provider.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { createServer } from '../runtime/server.ts';
import { threeWays, WAYS, type Way } from './three-ways.test.fixture.ts';

// Attack: an API, or something that responds instead of it, echoes the credential in any encoding, so that the model
// reads it and passes it on. A real server on loopback echoes what it was really sent.

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const CASES = 500;

const random = generator(SEED);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

/** Visible ASCII, so that every place can carry it; never one that is the same in all encodings. */
function newSecret(): string {
  const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&()*+/=@<>'";
  const length = 9 + Math.floor(random() * 40);
  return `a/+${Array.from({ length }, () => pick([...characters])).join('')}&z`;
}

const SCHEMES: Readonly<Record<string, { scheme?: object; given: (secret: string) => ModelOptions }>> = {
  header: {
    scheme: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    given: (secret) => ({ environment: { API_KEY_HEADER: secret } }),
  },
  query: {
    scheme: { type: 'apiKey', in: 'query', name: 'key' },
    given: (secret) => ({ environment: { API_KEY_QUERY: secret } }),
  },
  cookie: {
    scheme: { type: 'apiKey', in: 'cookie', name: 'sid' },
    given: (secret) => ({ environment: { API_KEY_COOKIE: secret } }),
  },
  bearer: {
    scheme: { type: 'http', scheme: 'bearer' },
    given: (secret) => ({ environment: { BEARER_TOKEN_BEARER: secret } }),
  },
  basic: {
    scheme: { type: 'http', scheme: 'basic' },
    given: (secret) => ({ environment: { BASIC_USERNAME_BASIC: 'somebody', BASIC_PASSWORD_BASIC: secret } }),
  },
  client: {
    scheme: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: {} } } },
    given: (secret) => ({ environment: { OAUTH_CLIENT_ID_CLIENT: 'me', OAUTH_CLIENT_SECRET_CLIENT: secret } }),
  },
  // These two are never sent.
  digest: {
    scheme: { type: 'http', scheme: 'digest' },
    given: (secret) => ({ environment: { BASIC_USERNAME_DIGEST: 'somebody', BASIC_PASSWORD_DIGEST: secret } }),
  },
  aws: {
    scheme: { type: 'http', scheme: 'AWS4-HMAC-SHA256' },
    given: (secret) => ({
      auth: { aws: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, region: 'eu-west-1', service: 's3' } },
    }),
  },
  awsSession: {
    scheme: { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' },
    given: (secret) => ({
      environment: {
        AWS_ACCESS_KEY_ID_AWSSESSION: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY_AWSSESSION: 'wJalrXUtnFEMI',
        AWS_SESSION_TOKEN_AWSSESSION: secret,
        AWS_REGION_AWSSESSION: 'eu-west-1',
        AWS_SERVICE_AWSSESSION: 'execute-api',
      },
    }),
  },
  signature: {
    scheme: { type: 'http', scheme: 'hmac' },
    given: (secret) => ({
      auth: { signature: { authorize: () => ({ headers: { 'X-Signature': `hmac ${secret}` } }) } },
    }),
  },
  ownHeader: { given: (secret) => ({ headers: [['Authorization', `Custom ${secret}`]] }) },
  filledIn: { given: (secret) => ({ headers: [['X-Anything', `a ${secret}`]], secrets: [secret] }) },
};

const percent = (text: string, digits: (hex: string) => string): string =>
  [...Buffer.from(text)].map((byte) => `%${digits(byte.toString(16).padStart(2, '0'))}`).join('');

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  pair: (text) => `somebody:${text}`,
  json: (text) => JSON.stringify(text).slice(1, -1),
  slashes: (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  unicode: (text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  url: encodeURIComponent,
  urlLower: (text) => encodeURIComponent(text).replace(/%../g, (found) => found.toLowerCase()),
  urlTwice: (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams([['', text]]).toString().slice(1),
  everyByte: (text) => percent(text, (hex) => (random() < 0.5 ? hex : hex.toUpperCase())),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  basic: (text) => `Basic ${Buffer.from(`somebody:${text}`).toString('base64')}`,
  within: (text) => Buffer.from(`${'x'.repeat(Math.floor(random() * 3))}${text}yy`).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  html: (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  htmlNamed: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  htmlHex: (text) => [...text].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join(''),
};
/** JSON strings that are written with these escapes hold the secret itself. */
const WRITTEN_IN_JSON = new Set(['json', 'slashes', 'unicode']);

type Answering = (response: ServerResponse, echo: string, inJson: string) => void;
const answer =
  (type: string, status: number, body: string, headers: Record<string, string> = {}): Answering =>
  (response, echo, inJson) => {
    const filled = (text: string) => text.replaceAll('ECHO', () => echo).replaceAll('JSON', () => inJson);
    const named = Object.entries(headers).map(([name, value]) => [name, filled(value)]);
    response.writeHead(status, { 'content-type': type, ...Object.fromEntries(named) }).end(filled(body));
  };

const KINDS: Readonly<Record<string, Answering>> = {
  json: answer('application/json', 200, '{ "headers": { "x-key": "JSON" }, "list": ["before JSON after", 1.50] }'),
  jsonKey: answer('application/json', 200, '{"JSON": {"deep": [["JSON"]]}}'),
  text: answer('text/plain', 200, 'you sent ECHO, thank you'),
  csv: answer('text/csv', 200, 'name;key\nme;ECHO\n'),
  html: answer('text/html', 200, '<html><body><p title="ECHO">You sent ECHO</p></body></html>'),
  xml: answer('application/xml', 200, '<echo key="ECHO">ECHO</echo>'),
  events: answer('text/event-stream', 200, 'id: 1\ndata: {"key":"JSON"}\n\nevent: told\ndata: ECHO\n\n'),
  lines: answer('application/x-ndjson', 200, '{"key":"JSON"}\n{"key":["JSON"]}\n'),
  bytes: answer('application/octet-stream', 200, '\u0000\u0001 ECHO \u0000'),
  image: answer('image/png', 200, '\u0089PNG ECHO'),
  header: answer('application/json', 200, '{}', {
    location: 'https://a.test/?k=ECHO',
    link: '<https://a.test/?k=ECHO>; rel="next"',
  }),
  error: answer('application/json', 400, '{"error":"JSON"}', { 'x-request-id': 'ECHO' }),
  problem: answer('application/problem+json', 422, '{"title":"JSON","detail":"no JSON","type":"https://a.test/JSON"}'),
  errorPage: answer('text/html', 500, '<html><body><p>ECHO</p></body></html>'),
  moved: answer('text/plain', 302, 'to ECHO', { location: 'ftp://a.test/ECHO' }),
};

let encoding = 'plain';
let received = 0;
let expected = '';
let echoed = '';
const api = createHttpServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://a.test');
  if (url.pathname === '/token') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: `token-${expected.replace(/[^\w]/g, '.')}`, token_type: 'Bearer' }));
    return;
  }
  const sent = sentIn(request, url);
  if (sent.includes(expected)) received++;
  const encode = ENCODINGS[encoding] ?? String;
  echoed = encode(expected);
  const inJson = WRITTEN_IN_JSON.has(encoding) ? echoed : JSON.stringify(echoed).slice(1, -1);
  // A header holds no line end, and no more.
  KINDS[url.pathname.split('/').at(-1) ?? '']?.(response, echoed, inJson);
});
let baseUrl: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<unknown>((resolve) => void api.close(resolve)));

function sentIn({ headers }: IncomingMessage, url: URL): readonly string[] {
  const { authorization = '', cookie = '' } = headers;
  const bare = authorization.replace(/^\w+ /, '');
  return [
    String(headers['x-api-key'] ?? ''),
    String(headers['x-anything'] ?? '').slice(2),
    String(headers['x-amz-security-token'] ?? ''),
    String(headers['x-signature'] ?? '').slice('hmac '.length),
    url.searchParams.get('key') ?? '',
    decodeURIComponent(cookie.replace(/^sid=/, '')),
    bare,
    ...(authorization.startsWith('Basic')
      ? [
          Buffer.from(bare, 'base64')
            .toString()
            .replace(/^[^:]*:/, ''),
        ]
      : []),
  ];
}

const kindsOf = (scheme: string) =>
  Object.keys(KINDS).map((kind) => [
    `/${scheme}/${kind}`,
    {
      get: {
        operationId: `${scheme}_${kind}`,
        ...(SCHEMES[scheme]?.scheme && { security: [{ [scheme]: [] }] }),
        responses: { 200: { description: 'ok', content: { '*/*': {} } } },
      },
    },
  ]);
const openWith = threeWays(() => ({
  openapi: '3.1.0',
  info: { title: 'Echo', version: '1' },
  servers: [{ url: baseUrl }],
  components: {
    securitySchemes: Object.fromEntries(
      Object.entries(SCHEMES).flatMap(([name, { scheme }]) => (scheme ? [[name, scheme]] : [])),
    ),
  },
  paths: Object.fromEntries(Object.keys(SCHEMES).flatMap(kindsOf)),
}));
const open = (way: Way, scheme: string, secret: string) => openWith(way, SCHEMES[scheme]?.given(secret));

const called = async (provider: Provider, name: string): Promise<string> =>
  shownBy(await provider.callTool({ name, arguments: {} }, callContext()));

/** All that a model sees of a result: JSON, its strings as they are read, and bytes as text. */
function shownBy(result: unknown): string {
  const strings: string[] = [JSON.stringify(result)];
  JSON.stringify(result, (key, value: unknown) => {
    strings.push(key);
    if (typeof value === 'string') strings.push(value);
    if (typeof value === 'string' && (key === 'blob' || key === 'data'))
      strings.push(Buffer.from(value, 'base64').toString('latin1'));
    return value;
  });
  return strings.join('\n');
}

/** What no neighbour in base64 shares. */
const core = (text: string): string => text.slice(4, -6);

describe(`an API that echoes its credential (SEED=${SEED})`, () => {
  test(`never shows it to the model, in ${CASES} cases`, async () => {
    const opened = await Promise.all(
      WAYS.flatMap((way) =>
        Object.keys(SCHEMES).map(async (scheme) => {
          const secret = newSecret();
          return { way, scheme, secret, ...(await open(way, scheme, secret)) };
        }),
      ),
    );
    const leaks: string[] = [];
    let hidden = 0;
    received = 0;
    for (let index = 0; index < CASES; index++) {
      const { way, scheme, secret, provider, tool } = pick(opened);
      encoding = pick(Object.keys(ENCODINGS));
      expected = secret;
      const kind = pick(Object.keys(KINDS));
      const shown = await called(provider, tool(`${scheme}_${kind}`));
      if (/\[credential\]|\*{9}/.test(shown)) hidden++;
      if (shown.includes(secret) || shown.includes(core(echoed)))
        leaks.push(`${way} ${scheme} ${encoding} ${kind}: ${shown}`);
    }
    expect(leaks).toEqual([]);
    expect(hidden).toBe(CASES);
    // The secret of a client goes to the token endpoint only.
    expect(received).toBeGreaterThan(CASES / 2);
  }, 120_000);

  test.each(WAYS)('never shows it in a resource, through %s', async (way) => {
    const secret = newSecret();
    expected = secret;
    const { provider } = await open(way, 'basic', secret);
    const resources = await provider.listResources({});
    for (encoding of Object.keys(ENCODINGS)) {
      for (const { uri } of resources.filter(({ uri }) => /basic\/(?:json|text|bytes)$/.test(uri))) {
        const shown = shownBy(await provider.readResource({ uri }, callContext()));
        expect(shown).toMatch(/\[credential\]|\*{9}|W2NyZWRlbnRpYWxd|Kioq/);
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(core(echoed));
      }
    }
  });

  test.each(WAYS)('never shows the private key of a client, through %s', async (way) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = JSON.stringify(await exportJWK(privateKey));
    const pem = await exportPKCS8(privateKey);
    const planted = [JSON.parse(jwk).d as string, ...pem.split('\n').slice(1, 3)];
    for (const key of [jwk, pem]) {
      const environment = { OAUTH_CLIENT_ID_CLIENT: 'me', OAUTH_PRIVATE_KEY_CLIENT: key };
      const { provider, tool } = await openWith(way, { environment });
      for (const secret of key === jwk ? planted.slice(0, 1) : planted.slice(1)) {
        expected = secret;
        for (encoding of Object.keys(ENCODINGS)) {
          const shown = await called(provider, tool('client_json'));
          expect(shown).toContain('[credential]');
          expect(shown).not.toContain(core(echoed));
        }
      }
    }
  });

  test('never shows it where the API is an MCP server that echoes its header', async () => {
    const secret = newSecret();
    const served = createServer({ name: 'echo', version: '1.0.0' });
    served.tool('look', { description: 'Echoes.' }, () => `you sent ${ENCODINGS[encoding]?.(secret)}`);
    const http = await serveHttp(served, { port: 0, insecure: true, onError: () => {} });
    const remote = fromMcp({ url: http.url, headers: { 'X-Api-Key': secret } });
    for (encoding of Object.keys(ENCODINGS)) {
      const shown = await called(remote, 'look');
      expect(shown).toContain('you sent ');
      expect(shown).not.toContain(core(ENCODINGS[encoding]?.(secret) ?? secret));
    }
    await remote.close();
    await http.close();
  });

  test.each(WAYS)('a short one is hidden if it is the entire value, through %s', async (way) => {
    encoding = 'plain';
    expected = 'abc';
    const { provider, tool } = await open(way, 'header', expected);
    expect(await called(provider, tool('header_json'))).not.toContain('"x-key":"abc"');
    expect(await called(provider, tool('header_xml'))).toContain('<echo key="[credential]">[credential]</echo>');
  });
});

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
