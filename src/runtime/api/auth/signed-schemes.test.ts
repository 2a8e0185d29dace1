import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openApi } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import type { Provider } from '../../provider.ts';
import type { ModelOptions } from '../open-model.ts';
import { signV4 } from './aws/sign-v4.ts';

// Real servers that verify HTTP Digest by the formulas of RFC 7616 §3.4, and signatures of AWS.

const USER = 'Mufasa';
const PASSWORD = 'Circle of Life';
const AWS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

interface Rules {
  readonly algorithm?: string;
  readonly qop?: string;
  readonly userhash?: boolean;
  /** How often a nonce may be used. */
  readonly uses?: number;
  /** Whether an expired nonce is called stale. */
  readonly tellsStale?: boolean;
  readonly nextNonce?: boolean;
  /** The nonce of all challenges. */
  readonly oneNonce?: boolean;
}
let rules: Rules = {};
const seen: string[] = [];
const nonces = new Map<string, number>();
let skewMs = 0;

const api = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  response.setHeader('content-type', 'application/json');
  if (request.url?.startsWith('/aws')) await verifyAws(request, response, body);
  else verifyDigest(request, response, body);
});

function verifyDigest(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { algorithm = 'MD5', qop, userhash = false, uses = 1000, tellsStale = true } = rules;
  const { authorization = '' } = request.headers;
  const entries = [...authorization.matchAll(/([a-z*]+)=(?:"((?:\\.|[^"])*)"|([^\s,]+))/g)];
  const sent = Object.fromEntries(
    entries.map(([, name = '', text, bare]) => [name, text?.replace(/\\(.)/g, '$1') ?? bare]),
  );
  const H = (data: string | Buffer) =>
    createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(data)
      .digest('hex');
  const name = userhash ? H(`${USER}:realm`) : USER;
  const plain = H(`${USER}:realm:${PASSWORD}`);
  const ha1 = algorithm.endsWith('-sess') ? H(`${plain}:${sent.nonce}:${sent.cnonce}`) : plain;
  const entity = sent.qop === 'auth-int' ? `:${H(body)}` : '';
  const ha2 = H(`${request.method}:${request.url}${entity}`);
  const middle = sent.qop === undefined ? sent.nonce : `${sent.nonce}:${sent.nc}:${sent.cnonce}:${sent.qop}`;
  const isRight = sent.response === H(`${ha1}:${middle}:${ha2}`) && sent.username === name && sent.uri === request.url;
  const used = nonces.get(sent.nonce ?? '');
  const isNext = sent.qop === undefined || Number.parseInt(sent.nc ?? '', 16) === (used ?? 0) + 1;
  seen.push(authorization === '' ? 'none' : `${isRight ? 'right' : 'wrong'} ${sent.nc ?? '-'}`);
  if (isRight && isNext && used !== undefined && used < uses) {
    nonces.set(sent.nonce ?? '', used + 1);
    if (rules.nextNonce) response.setHeader('Authentication-Info', `qop=auth, nextnonce="${newNonce()}"`);
    const echo = { body: body.toString(), authorization, response: sent.response, cnonce: sent.cnonce, PASSWORD };
    response.end(JSON.stringify(echo));
    return;
  }
  const stale = tellsStale && isRight ? ', stale=true' : '';
  const parameters = `realm="realm", nonce="${newNonce()}", opaque="o"${qop ? `, qop="${qop}"` : ''}${stale}`;
  const offered = `Digest ${parameters}, algorithm=${algorithm}${userhash ? ', userhash=true' : ''}`;
  response.writeHead(401, { 'WWW-Authenticate': `Basic realm="x", ${offered}` }).end('{}');
}

function newNonce(): string {
  const nonce = rules.oneNonce ? 'the only one' : crypto.randomUUID();
  nonces.set(nonce, nonces.get(nonce) ?? 0);
  return nonce;
}

async function verifyAws({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse, body: Buffer) {
  const { authorization = '', 'x-amz-date': date = '', 'x-amz-security-token': sessionToken } = headers;
  const [, region = '', service = ''] =
    /Credential=\w+\/\d+\/([\w-]+)\/([\w-]+)\/aws4_request/.exec(authorization) ?? [];
  const at = `${date}`.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signed = await signV4({
    method,
    url: `${baseUrl}${url}`,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
    body,
    key: { ...AWS, ...(sessionToken !== undefined && { sessionToken: String(sessionToken) }) },
    region,
    service,
    now: Date.parse(at),
  });
  const serverTime = Date.now() + skewMs;
  response.setHeader('Date', new Date(serverTime).toUTCString());
  const isRight = authorization === signed.headers.Authorization;
  seen.push(`${isRight ? 'right' : 'wrong'} ${region} ${service}`);
  if (Math.abs(Date.parse(at) - serverTime) > 300_000) {
    response.writeHead(403).end('{"Code":"RequestTimeTooSkewed"}');
  } else {
    response.writeHead(isRight ? 200 : 403).end(JSON.stringify({ headers, signature: signed.signature, ...AWS }));
  }
}

let baseUrl: string;
const opened: Provider[] = [];
beforeAll(async () => {
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
beforeEach(() => {
  rules = {};
  skewMs = 0;
  seen.length = 0;
  nonces.clear();
});
afterAll(async () => {
  for (const provider of opened) await provider.close();
  api.close();
});

const operation = (scheme: string) => ({
  security: [{ [scheme]: [] }],
  parameters: [
    { name: 'q', in: 'query', schema: { type: 'string' } },
    { name: 'X-Amz-Date', in: 'header', required: true, schema: { type: 'string' } },
  ],
  requestBody: { content: { 'application/json': { schema: {} } } },
  responses: { 200: { description: 'ok' } },
});

async function open(options: ModelOptions) {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Signed', version: '1' },
    servers: [{ url: baseUrl }],
    components: {
      securitySchemes: {
        digest: { type: 'http', scheme: 'Digest' },
        sigv4: { type: 'apiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' },
        http: { type: 'http', scheme: 'AWS4-HMAC-SHA256' },
      },
    },
    paths: {
      '/digest/a b': { post: { operationId: 'digest', ...operation('digest') } },
      '/aws/a b': { post: { operationId: 'sigv4', ...operation('sigv4') } },
      '/aws/http': { post: { operationId: 'http', ...operation('http') } },
    },
  };
  const found = await openApi({ text: JSON.stringify(document) }, { cache: false, environment: {}, ...options });
  opened.push(found.provider);
  return found;
}

const called = async (provider: Provider, name: string, more: object = {}) => {
  const args = { q: 'ä&b', body: { text: 'ü' }, ...(name === 'digest' && { X_Amz_Date: 'x' }), ...more };
  return JSON.stringify(await provider.callTool({ name, arguments: args }, callContext()));
};

const DIGEST = { environment: { BASIC_USERNAME_DIGEST: USER, BASIC_PASSWORD_DIGEST: PASSWORD } };

describe('HTTP Digest', () => {
  test.each<Rules>([
    { algorithm: 'MD5' },
    { algorithm: 'MD5', qop: 'auth' },
    { algorithm: 'MD5-sess', qop: 'auth' },
    { algorithm: 'SHA-256', qop: 'auth-int,auth' },
    { algorithm: 'SHA-256-sess', qop: 'auth-int' },
    { algorithm: 'SHA-256', qop: 'auth-int', userhash: true },
  ])('%j: one challenge, then each request proves the password', async (given) => {
    rules = given;
    const { provider } = await open(DIGEST);
    expect(await called(provider, 'digest')).not.toContain('isError');
    expect(await called(provider, 'digest')).not.toContain('isError');
    const count = (n: number) => (given.qop === undefined ? '-' : `0000000${n}`);
    expect(seen).toEqual(['none', `right ${count(1)}`, `right ${count(2)}`]);
  });

  test('a stale nonce is replaced, and one that is not called stale too', async () => {
    rules = { qop: 'auth', uses: 1 };
    const { provider } = await open(DIGEST);
    await called(provider, 'digest');
    rules = { ...rules, tellsStale: false };
    expect(await called(provider, 'digest')).not.toContain('isError');
    expect(seen).toEqual(['none', 'right 00000001', 'right 00000002', 'right 00000001']);
  });

  test('the next nonce that the server names is used', async () => {
    rules = { qop: 'auth', uses: 1, nextNonce: true };
    const { provider } = await open(DIGEST);
    for (let calls = 0; calls < 3; calls++) expect(await called(provider, 'digest')).not.toContain('isError');
    expect(seen).toEqual(['none', 'right 00000001', 'right 00000001', 'right 00000001']);
  });

  test('parallel calls never use a count twice', async () => {
    rules = { qop: 'auth' };
    const { provider } = await open(DIGEST);
    await called(provider, 'digest');
    seen.length = 0;
    const shown = await Promise.all(Array.from({ length: 5 }, () => called(provider, 'digest')));
    const counts = seen.filter((line) => line.startsWith('right'));
    expect(shown).toHaveLength(5);
    expect(new Set(counts).size).toBe(counts.length);
  });

  test('parallel first calls that get the same nonce never use a count twice', async () => {
    rules = { qop: 'auth', oneNonce: true };
    const { provider } = await open(DIGEST);
    await Promise.all(Array.from({ length: 5 }, () => called(provider, 'digest')));
    const counts = seen.filter((line) => line.startsWith('right'));
    expect(counts.length).toBeGreaterThanOrEqual(5);
    expect(new Set(counts).size).toBe(counts.length);
  });

  test('a wrong password is sent once, and the message names its variables', async () => {
    rules = { qop: 'auth' };
    const environment = { ...DIGEST.environment, BASIC_PASSWORD_DIGEST: 'planted-password' };
    const { provider } = await open({ environment });
    const shown = await called(provider, 'digest');
    expect(shown).toContain('The credential of BASIC_USERNAME_DIGEST and BASIC_PASSWORD_DIGEST is wrong or expired.');
    expect(shown).not.toContain('planted');
    expect(seen).toEqual(['none', 'wrong 00000001']);
  });

  test('what proves the password is hidden; the name, the address and the body are not', async () => {
    rules = { qop: 'auth' };
    const { provider } = await open({ auth: { digest: `${USER}:${PASSWORD}` } });
    const shown = await called(provider, 'digest', { body: `${USER} at realm` });
    expect(shown).toContain('Mufasa at realm');
    expect(shown).not.toMatch(/Circle of Life|response=\\"[0-9a-f]|[0-9a-f]{32}|cnonce=\\"[0-9a-f]/);
  });

  test('without a credential the message says what to set', async () => {
    const { provider, credentials, problems } = await open({});
    expect(await called(provider, 'digest')).toContain(
      'MISSING_CREDENTIAL: Needs a user name and password (digest) for \\"digest\\" (set BASIC_USERNAME_DIGEST and BASIC_PASSWORD_DIGEST).',
    );
    expect(credentials.find(({ scheme }) => scheme === 'digest')).toMatchObject({ found: false });
    expect(problems).toEqual([]);
  });
});

const REGION = { AWS_REGION_SIGV4: 'eu-west-1', AWS_SERVICE_SIGV4: 'execute-api' };
const KEYS = { AWS_ACCESS_KEY_ID_SIGV4: AWS.accessKeyId, AWS_SECRET_ACCESS_KEY_SIGV4: AWS.secretAccessKey };

describe('AWS Signature Version 4', () => {
  test('signs address, query and body, also with a session token', async () => {
    const { provider, model } = await open({
      environment: { ...KEYS, ...REGION, AWS_SESSION_TOKEN_SIGV4: 'session-0123' },
    });
    expect(await called(provider, 'sigv4')).not.toContain('isError');
    expect(seen).toEqual(['right eu-west-1 execute-api']);
    // The signature supplies what documents of AWS list as parameters.
    const described = model.operations.find(({ id }) => id === 'sigv4');
    expect(Object.keys(described?.arguments.properties ?? {})).toEqual(['q', 'body']);
  });

  test.each<[string, ModelOptions['auth']]>([
    ['an object', { http: { ...AWS, region: 'eu-west-1', service: 's3' } }],
    [
      'keys for an HTTP scheme',
      { http: { ...AWS, sessionToken: 't-0123456789', region: 'us-east-1', service: 'lambda' } },
    ],
  ])('with %s', async (_, auth) => {
    const { provider } = await open({ ...(auth && { auth }) });
    expect(await called(provider, 'http')).not.toContain('isError');
    expect(seen).toEqual([expect.stringMatching(/^right/)]);
  });

  test('key, token and signature are hidden in what the API echoes', async () => {
    const environment = { ...KEYS, ...REGION, AWS_SESSION_TOKEN_SIGV4: 'session-token-0123456789' };
    const shown = await called((await open({ environment })).provider, 'sigv4');
    expect(shown).toContain('[credential]');
    expect(shown).not.toMatch(/wJalrXUtnFEMI|session-token|Signature=[0-9a-f]|[0-9a-f]{64}/);
  });

  test.each([
    [{ ...KEYS }, undefined, 'The AWS region of 127.0.0.1:', 'Set AWS_REGION_SIGV4, for example to eu-west-1.'],
    [
      { ...KEYS, AWS_REGION_SIGV4: 'eu-west-1' },
      undefined,
      'The AWS service of 127.0.0.1:',
      'Set AWS_SERVICE_SIGV4, for example to execute-api.',
    ],
    [{}, { sigv4: `${AWS.accessKeyId}:${AWS.secretAccessKey}` }, 'The AWS region of', 'Set auth.sigv4.region, for'],
  ])('%j, %j: the message says what to set', async (environment, auth, message, hint) => {
    const shown = await called((await open({ environment, ...(auth && { auth }) })).provider, 'sigv4');
    expect(shown).toContain(`MISSING_CREDENTIAL: ${message}`);
    expect(shown).toContain(hint);
    expect(seen).toEqual([]);
  });

  test('a wrong key, and a clock that is an hour off, each have their own message', async () => {
    const { provider } = await open({
      environment: { ...KEYS, ...REGION, AWS_SECRET_ACCESS_KEY_SIGV4: 'planted-key' },
    });
    const shown = await called(provider, 'sigv4');
    expect(shown).toContain('The credential of AWS_ACCESS_KEY_ID_SIGV4 and AWS_SECRET_ACCESS_KEY_SIGV4 may lack');
    expect(shown).not.toMatch(/planted|clock/);
    skewMs = 3_600_000;
    const late = await called((await open({ environment: { ...KEYS, ...REGION } })).provider, 'sigv4');
    expect(late).toContain('RequestTimeTooSkewed');
    expect(late).toContain('The clock of this machine is 60 minutes behind that of the server. Set the clock.');
  });

  test('without a credential the message says what to set', async () => {
    expect(await called((await open({})).provider, 'http')).toContain(
      'Needs an AWS access key for \\"http\\" (set AWS_ACCESS_KEY_ID_HTTP and AWS_SECRET_ACCESS_KEY_HTTP).',
    );
  });

  test('a credential of another kind is refused at the start', async () => {
    await expect(open({ auth: { sigv4: 'planted' } })).rejects.toThrow('pass { accessKeyId, secretAccessKey }');
    await expect(open({ auth: { sigv4: { username: 'a', password: 'planted' } } })).rejects.not.toThrow('planted');
  });
});
