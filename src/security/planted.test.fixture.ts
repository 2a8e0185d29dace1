import { createPrivateKey, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';

/** A value that must appear nowhere but in requests to its own host. */
export function newSecret(): string {
  const part = (length: number) => randomBytes(length).toString('hex').slice(0, length);
  // Encodings change characters all over it, and each half is a secret of its own.
  return `${part(10)}+${part(6)}/"${part(6)}&=<${part(10)}`;
}

/** Values by what they are called in a failed test. */
export type Planted = Readonly<Record<string, string>>;

const CHARACTERS = 12;

/** The forms of a value, and how much of each counts as a leak: 12 consecutive characters of it. */
function formsOf(value: string): readonly (readonly [form: string, text: string, length: number])[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift, 'x'), bytes]).toString('base64');
    // Characters that neighbours have a part in.
    return text.slice(shift === 0 ? 0 : 4).replace(/.=+$/, '');
  });
  const json = JSON.stringify(value).slice(1, -1);
  return [
    ['plain', value, CHARACTERS],
    ['JSON', json, CHARACTERS],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1), CHARACTERS],
    ['percent', encodeURIComponent(value), CHARACTERS],
    ['form', new URLSearchParams([['', value]]).toString().slice(1), CHARACTERS],
    ...base64.flatMap((text) => [
      ['base64', text, 16] as const,
      ['base64url', text.replaceAll('+', '-').replaceAll('/', '_'), 16] as const,
    ]),
    ['hex', bytes.toString('hex'), 24],
  ];
}

/** Where planted values occur, plain or encoded, entirely or in part. */
export function leaksIn(texts: Readonly<Record<string, string>>, planted: Planted): readonly string[] {
  const windows = new Map<string, string>();
  /** How windows begin: texts have megabytes, and nearly no place in them is the beginning of a window. */
  const begins = new Uint8Array(BEGINNINGS);
  for (const [name, value] of Object.entries(planted)) {
    for (const [form, text, length] of formsOf(value)) {
      for (let at = 0; at + length <= text.length; at++) {
        windows.set(text.slice(at, at + length), `${name}, ${form}`);
        begins[beginning(text, at)] = 1;
      }
    }
  }
  return Object.entries(texts).flatMap(([place, text]) => {
    const found = new Map<string, string>();
    for (let at = 0; at + CHARACTERS <= text.length; at++) {
      if (begins[beginning(text, at)] === 0) continue;
      for (const length of [CHARACTERS, 16, 24]) {
        const name = windows.get(text.slice(at, at + length));
        if (name !== undefined && !found.has(name)) found.set(name, text.slice(Math.max(0, at - 60), at + 60));
      }
    }
    return [...found].map(([name, around]) => `${place}: ${name}: …${around}…`);
  });
}

const BEGINNINGS = 2 ** 20;

/** A number for four characters; may be the same for others. */
const beginning = (text: string, at: number): number =>
  (text.charCodeAt(at) * 29_791 +
    text.charCodeAt(at + 1) * 961 +
    text.charCodeAt(at + 2) * 31 +
    text.charCodeAt(at + 3)) %
  BEGINNINGS;

/** The texts and names of the files below a folder, except those that the test wrote itself. */
export function filesIn(folder: string, own: readonly string[]): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !own.includes(path));
  return Object.fromEntries(files.map((path) => [path, path + readFileSync(path, 'latin1')]));
}

export interface EchoWorld {
  readonly url: string;
  /** The same over TLS, for clients with a certificate. */
  readonly secureUrl: string;
  /** Every request to the API and its token endpoints, as text. */
  readonly received: string[];
  /** Every request to another host. */
  readonly elsewhere: string[];
  /** The tokens that were issued, in order. */
  readonly issued: string[];
  /** What responses repeat, besides what was received. */
  repeat(planted: Planted): void;
  /** What is at `/api.json` for requests with the header `X-Document`. */
  serve(document: object): void;
  close(): Promise<void>;
}

/** How the API responds; the last segment of the path. */
export const ANSWERS = ['ok', 'text', 'e400', 'e401', 'e403', 'e500', 'away', 'nowhere', 'lost'] as const;
export type AnswerKind = (typeof ANSWERS)[number];

const pem = (name: string): string =>
  readFileSync(new URL(`../runtime/node/fixtures/${name}.test.pem`, import.meta.url), 'utf8');

/** An API that repeats everything it knows, in each part of each response, and redirects to another host. */
export async function startEchoWorld(): Promise<EchoWorld> {
  const received: string[] = [];
  const elsewhere: string[] = [];
  const issued: string[] = [];
  let repeated = '';
  let served = '{}';
  const other = createServer(async (request, response) => {
    elsewhere.push(`${request.method} ${request.url} ${request.rawHeaders.join('\n')} ${await bodyOf(request)}`);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
  const otherUrl = await listening(other);
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const { url = '/', rawHeaders, headers } = request;
    const pair = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const decoded = [safeDecoded(url.replaceAll('+', ' ')), safeDecoded(headers.cookie ?? '')];
    const asked = [url, ...decoded, ...rawHeaders, await bodyOf(request)];
    const shown = pair === undefined ? '' : Buffer.from(pair, 'base64').toString();
    const [path = ''] = url.split('?');
    // RFC 6749 §2.3.1: the secret of a client is form-encoded in the pair.
    const secret = path.endsWith('token') ? safeDecoded(shown.replaceAll('+', ' ')) : shown;
    const sent = [...asked, secret].join(' ; ');
    received.push(sent);
    // A token endpoint knows one client only.
    const echo = path.endsWith('token') ? sent : `${sent} ; ${repeated}`;
    if (path === '/token') {
      const token = `issued${randomBytes(20).toString('hex')}`;
      issued.push(token);
      return json(response, 200, { access_token: token, token_type: 'Bearer', echo });
    }
    // Whoever has no header of its own for documents is refused.
    const isKnown = headers['x-document'] !== undefined;
    if (path === '/api.json' && isKnown) return json(response, 200, JSON.parse(served));
    if (path === '/api.json') return json(response, 401, { error: echo });
    if (path === '/broken-token') return json(response, 400, { error: 'invalid_client', error_description: echo });
    return respondAs(path.split('/').at(-1) as AnswerKind, response, { echo, otherUrl });
  };
  const api = createServer(respond);
  const secure = createSecureServer(
    { cert: pem('server'), key: pem('server'), ca: pem('ca'), requestCert: true },
    respond,
  );
  const url = await listening(api);
  const secureUrl = (await listening(secure)).replace('http:', 'https:');
  return {
    url,
    secureUrl,
    received,
    elsewhere,
    issued,
    repeat(planted) {
      repeated = Object.values(planted).join(' , ');
    },
    serve(document) {
      served = JSON.stringify(document);
    },
    async close() {
      for (const server of [api, secure, other]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function respondAs(
  kind: AnswerKind,
  response: ServerResponse,
  { echo, otherUrl }: { readonly echo: string; readonly otherUrl: string },
): unknown {
  const header = Buffer.from(echo.replace(/[^\x20-\x7e]/g, ' ')).toString('latin1');
  const headers = { 'X-Request-Id': header, 'WWW-Authenticate': `Bearer error="invalid_token", scope="${header}"` };
  switch (kind) {
    case 'text':
      return response.writeHead(200, { 'Content-Type': 'text/plain', 'X-Request-Id': header }).end(echo);
    case 'away':
      return response.writeHead(307, { Location: `${otherUrl}/moved` }).end(echo);
    case 'nowhere':
      return response.writeHead(302, { Location: `ftp://a.test/${encodeURIComponent(echo)}` }).end(echo);
    case 'lost':
      return response.destroy();
    case 'ok':
      return json(response, 200, { echo, [echo]: [1] }, headers);
    default:
      return json(response, /^e\d+$/.test(kind) ? Number(kind.slice(1)) : 404, { error: echo, [echo]: 1 }, headers);
  }
}

const json = (response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): unknown =>
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function safeDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A security scheme of the document with its credential. */
export interface Plant {
  /** As `Credential` names it; mutual TLS is none. */
  readonly kind: string;
  readonly scheme: object;
  /** What must not leak. */
  readonly secrets: readonly string[];
  /** Variables of the environment. Empty for schemes that have none. */
  readonly environment: Readonly<Record<string, string>>;
  /** The value of `--auth`, if the scheme takes one. */
  readonly flag?: string;
  /** In a config file. */
  readonly config?: unknown;
  /** Whether the API or its token endpoint gets one of the secrets. */
  readonly isSent: boolean;
}

/** One of each kind, with new values. @param url of the API, which has the token endpoints */
export async function newPlants(url: string): Promise<Readonly<Record<string, Plant>>> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { privateKey: other } = await generateKeyPair('ES256', { extractable: true });
  const [key, jwk] = [await exportPKCS8(privateKey), await exportJWK(other)];
  const secret = Array.from({ length: 11 }, newSecret) as [string, ...string[]];
  const flows = (path: string) => ({ clientCredentials: { tokenUrl: `${url}${path}`, scopes: {} } });
  const apiKey = (name: string, place: object, value: string): Plant => ({
    kind: 'apiKey',
    scheme: { type: 'apiKey', ...place },
    secrets: [value],
    environment: { [`API_KEY_${name}`]: value },
    flag: value,
    config: value,
    isSent: true,
  });
  const pair = (name: string, scheme: string, value: string): Plant => ({
    kind: 'basic',
    scheme: { type: 'http', scheme },
    secrets: [value],
    environment: { [`BASIC_USERNAME_${name}`]: 'somebody', [`BASIC_PASSWORD_${name}`]: value },
    flag: `somebody:${value}`,
    config: { username: 'somebody', password: value },
    isSent: scheme === 'basic',
  });
  const client = (name: string, path: string, own: { clientSecret?: string; privateKey?: string }): Plant => ({
    kind: 'clientCredentials',
    scheme: { type: 'oauth2', flows: flows(path) },
    secrets: own.clientSecret === undefined ? keyLines(own.privateKey ?? '') : [own.clientSecret],
    environment: {
      [`OAUTH_CLIENT_ID_${name}`]: 'me',
      ...(own.clientSecret !== undefined && { [`OAUTH_CLIENT_SECRET_${name}`]: own.clientSecret }),
      ...(own.privateKey !== undefined && { [`OAUTH_PRIVATE_KEY_${name}`]: own.privateKey }),
    },
    config: { clientId: 'me', ...own },
    isSent: own.clientSecret !== undefined,
  });
  const [header = '', query = '', cookie = '', bearer = '', basic = '', digest = '', ...more] = secret;
  const [clientSecret = '', brokenSecret = '', awsSecret = '', awsToken = '', handlerKey = ''] = more;
  return {
    header: apiKey('HEADER', { in: 'header', name: 'X-API-Key' }, header),
    query: apiKey('QUERY', { in: 'query', name: 'key' }, query),
    cookie: apiKey('COOKIE', { in: 'cookie', name: 'sid' }, cookie),
    bearer: {
      kind: 'bearer',
      scheme: { type: 'http', scheme: 'bearer' },
      secrets: [bearer],
      environment: { BEARER_TOKEN_BEARER: bearer },
      flag: bearer,
      config: bearer,
      isSent: true,
    },
    basic: pair('BASIC', 'basic', basic),
    digest: pair('DIGEST', 'digest', digest),
    client: client('CLIENT', '/token', { clientSecret }),
    broken: client('BROKEN', '/broken-token', { clientSecret: brokenSecret }),
    pem: client('PEM', '/token', { privateKey: key }),
    jwk: client('JWK', '/broken-token', { privateKey: JSON.stringify(jwk) }),
    aws: {
      kind: 'aws',
      scheme: { type: 'http', scheme: 'AWS4-HMAC-SHA256' },
      secrets: [awsSecret, awsToken],
      environment: {
        AWS_ACCESS_KEY_ID_AWS: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY_AWS: awsSecret,
        AWS_SESSION_TOKEN_AWS: awsToken,
        AWS_REGION_AWS: 'eu-west-1',
        AWS_SERVICE_AWS: 's3',
      },
      flag: `AKIDEXAMPLE:${awsSecret}:${awsToken}`,
      config: {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: awsSecret,
        sessionToken: awsToken,
        region: 'eu-west-1',
        service: 's3',
      },
      isSent: true,
    },
    handler: {
      kind: 'handler',
      scheme: { type: 'http', scheme: 'hmac' },
      secrets: [handlerKey],
      environment: {},
      config: { module: './sign.mjs', options: { key: handlerKey } },
      isSent: true,
    },
  };
}

/** A handler that sends its key, and throws it where the API has moved. */
export const HANDLER_MODULE = `export default ({ key }) => ({
  secrets: [key],
  authorize({ url }) {
    if (url.endsWith('/e403')) throw new Error('Not with ' + key);
    if (url.endsWith('/e500')) throw Object.assign(new TypeError(key), { cause: key, code: key });
    return { headers: { 'X-Signature': key } };
  },
});
`;

/** The lines of a PEM file, or the private part of a JWK. */
const keyLines = (text: string): readonly string[] =>
  text.startsWith('{') ? [JSON.parse(text).d] : text.split('\n').filter((line) => line !== '' && !line.startsWith('-'));

/** A client certificate whose key needs a passphrase. */
export function certificate(passphrase: string): { readonly ca: string; readonly cert: string; readonly key: string } {
  const client = pem('client');
  const cert = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(client)?.[0] ?? '';
  const key = createPrivateKey(client).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  return { ca: pem('ca'), cert, key: key.toString() };
}

export const toolName = (scheme: string, kind: AnswerKind): string => `${scheme}_${kind}`;

/** A document with one operation for each plant and answer. */
export function echoDocument(world: EchoWorld, plants: Readonly<Record<string, Plant>>): object {
  const operation = (scheme: string, kind: AnswerKind) => ({
    get: {
      operationId: toolName(scheme, kind),
      security: [{ [scheme]: [] }],
      responses: {
        200: {
          description: 'ok',
          headers: { 'X-Request-Id': { schema: { type: 'string' } } },
          content: { '*/*': {} },
        },
      },
    },
  });
  const schemes = { ...Object.fromEntries(Object.entries(plants).map(([name, { scheme }]) => [name, scheme])) };
  return {
    openapi: '3.1.0',
    info: { title: 'Echo', version: '1' },
    servers: [{ url: world.url }],
    components: { securitySchemes: { ...schemes, tls: { type: 'mutualTLS' } } },
    paths: {
      ...Object.fromEntries(
        Object.keys(plants).flatMap((scheme) =>
          ANSWERS.map((kind) => [`/${scheme}/${kind}`, operation(scheme, kind)] as const),
        ),
      ),
      '/tls/ok': { ...operation('tls', 'ok'), servers: [{ url: world.secureUrl.replace('127.0.0.1', 'localhost') }] },
    },
  };
}
