import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { mutated, pick, type Random } from './mutate.test.fixture.ts';

// Responses of an API from a seed, written byte for byte: no HTTP server would send most of them.

/** One response; what it is, for a failure. */
export interface Written {
  readonly bytes: Buffer;
  /** Closes, breaks off, or neither; `slow`: in two pieces. */
  readonly end: 'close' | 'reset' | 'hang' | 'slow' | 'keep';
  readonly what: string;
}

export interface WritingApi {
  readonly url: string;
  readonly server: Server;
  /** Makes the responses from now on. */
  answer: (request: string) => Written;
  /** The connections that are open. */
  readonly open: ReadonlySet<Socket>;
  close(): Promise<void>;
}

export async function startWritingApi(): Promise<WritingApi> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => {});
    let request = '';
    socket.on('data', (chunk) => {
      request += chunk.toString('latin1');
      if (!isWhole(request)) return;
      write(socket, api.answer(request));
      request = '';
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: WritingApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    answer: () => goodResponse(),
    open,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return api;
}

/** Head and body have arrived. Requests of these tests have a length. */
function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return false;
  return request.length - end - 4 >= Number(/^content-length: (\d+)/im.exec(request)?.[1] ?? 0);
}

function write(socket: Socket, { bytes, end }: Written): void {
  switch (end) {
    case 'close':
      return void socket.end(bytes);
    case 'keep':
    case 'hang':
      return void socket.write(bytes);
    case 'reset':
      return void socket.write(bytes, () => socket.resetAndDestroy());
    case 'slow': {
      const middle = Math.floor(bytes.length / 2);
      socket.write(bytes.subarray(0, middle));
      setTimeout(() => socket.end(bytes.subarray(middle)), 5);
    }
  }
}

export function goodResponse(): Written {
  const body = JSON.stringify({ items: [{ id: '1', name: 'one' }] });
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  return { bytes: Buffer.from(`${head}\r\n\r\n${body}`), end: 'keep', what: 'good' };
}

/** Any response. @param secret what was sent as credential, which it may repeat */
export function strangeResponse(random: Random, secret: string): Written {
  // Half of them are whole responses with 200 whose content is strange: what is broken on the way is never looked at.
  const isWhole = random() < 0.5;
  const maybe = (chance: number) => !isWhole && random() < chance;
  const [kind, type, plain] = pick(BODIES, random)(random, secret);
  const types = random() < 0.7 ? [type] : pick([[], [pick(TYPES, random)], [type, pick(TYPES, random)]], random);
  const [encoding, body] = encoded(plain, random, isWhole);
  const [framing, framed] = isWhole ? [[`Content-Length: ${body.length}`], body] : framedBody(body, random);
  const headers = [
    ...types.map((value) => `Content-Type: ${value}`),
    ...(encoding === undefined ? [] : [`Content-Encoding: ${encoding}`]),
    ...framing,
    ...Array.from({ length: Math.floor(random() * 4) }, () => strangeHeader(random, secret)),
    ...(maybe(0.04) ? Array.from({ length: 300 }, (_, at) => `X-Many-${at}: ${'v'.repeat(20)}`) : []),
  ];
  const line = maybe(0.06) ? pick(BAD_LINES, random) : `HTTP/1.1 ${isWhole ? 200 : pick(STATUSES, random)} Status`;
  const first = maybe(0.06) ? pick(INFORMATION, random) : '';
  const head = Buffer.from(`${first}${line}\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1');
  const whole = Buffer.concat([head, framed]);
  const bytes = maybe(0.1) ? whole.subarray(0, Math.floor(random() * whole.length)) : whole;
  const ends = maybe(0.08) ? (['reset', 'hang'] as const) : (['close', 'close', 'slow', 'keep'] as const);
  const end = pick(ends, random);
  return { bytes, end, what: `${line} ${kind} ${headers.join(' | ').slice(0, 300)} ${end}` };
}

const INFORMATION = ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'];

const STATUSES: readonly number[] = [
  ...[200, 200, 200, 200, 200, 200, 200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308],
  ...[399, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 418, 421, 422, 425, 426, 429, 451, 499, 500, 501],
  ...[502, 503, 504, 511, 599, 600, 999],
];

const BAD_LINES: readonly string[] = [
  ...['HTTP/1.1 0 None', 'HTTP/1.1 1000 Many', 'HTTP/2 200 OK', 'HTTP/1.0 200 OK', 'HTTP/9.9 200 OK', '200 OK', ''],
  ...['ICY 200 OK', 'HTTP/1.1 -1 Less', 'HTTP/1.1 200', 'SSH-2.0-x', 'HTTP/1.1 20x OK'],
];

const TYPES: readonly string[] = [
  ...['', 'application/json', 'application/json; charset=utf-16', 'application/json; charset=nothing', 'text/plain'],
  ...['text/plain; charset=shift_jis', 'text/html', 'application/xml', 'text/csv', 'text/event-stream', 'image/png'],
  ...['application/x-ndjson', 'multipart/mixed', 'multipart/mixed; boundary=', 'multipart/form-data; boundary="a"'],
  ...[
    'application/octet-stream',
    'application/problem+json',
    'audio/mpeg',
    'json',
    ';',
    '/',
    'a/b; c="',
    'x'.repeat(2_000),
  ],
  ...[
    'application/x-www-form-urlencoded',
    'application/vnd.a+json',
    'text/event-stream; charset=latin1',
    '__proto__/a',
  ],
];

type Body = (random: Random, secret: string) => readonly [kind: string, type: string, bytes: Buffer];

const JSON_BASE = {
  items: [
    { id: '1', name: 'one', size: 1.5, tags: ['a'] },
    { id: '2', name: null, nested: { deep: [[1]] } },
  ],
  nextPageToken: 'two',
  next: 'https://localhost/x',
  error: { code: 'E', message: 'wrong' },
};

const text = (kind: string, type: string, value: string) => [kind, type, Buffer.from(value)] as const;

const BODIES: readonly Body[] = [
  (random) => text('json', 'application/json', mutated(JSON_BASE, random, stringify).text),
  (random) => text('json', 'application/json', mutated(JSON_BASE, random, stringify).text),
  (random) => text('problem', 'application/problem+json', mutated(JSON_BASE, random, stringify).text),
  (_, secret) => text('echo', 'application/json', JSON.stringify({ items: [{ id: secret, [secret]: `x${secret}` }] })),
  (_, secret) => text('echo', 'text/plain', `You sent ${secret}.`),
  (_, secret) => text('echo', 'text/html', `<html><p title="${secret}">${encodeURIComponent(secret)}</p>`),
  (_, secret) => text('echo', 'text/event-stream', `id: ${secret}\ndata: {"key":"${secret}"}\n\n`),
  (_, secret) => text('echo', 'application/json', `{"base64":"${Buffer.from(secret).toString('base64')}"`),
  (random) => text('numbers', 'application/json', `{"items":[${pick(NUMBERS, random)}]}`),
  (random) => text('no json', 'application/json', pick(NO_JSON, random)),
  () => text('byte order mark', 'application/json', '\ufeff{"items":[]}'),
  () => ['utf-16', 'application/json', Buffer.from('\ufeff{"items":[{"id":"日本"}]}', 'utf16le')],
  () => text('deep lists', 'application/json', '['.repeat(20_000) + ']'.repeat(20_000)),
  () => text('deep objects', 'application/json', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  () => text('deep, not closed', 'application/json', '[{"a":'.repeat(20_000)),
  () => text('many', 'application/json', JSON.stringify({ items: Array.from({ length: 5_000 }, (_, id) => ({ id })) })),
  () => text('large', 'text/plain', 'x'.repeat(400_000)),
  (random) => text('events', 'text/event-stream', pick(EVENTS, random)),
  (random) => text('multipart', 'multipart/mixed; boundary=b', pick(MULTIPART, random)),
  (random) => text('xml', 'application/xml', pick(XML, random)),
  (random) =>
    text('lines', 'application/x-ndjson', pick(['{}\n{"a":', '\n\n\n', '1\n2\nx', `${'[]\n'.repeat(3_000)}`], random)),
  (random) => text('csv', 'text/csv', pick(['a;"b\n', ',,,\n'.repeat(3_000), '"', 'a,b\r\n=cmd()\r\n'], random)),
  (random) => [
    'bytes',
    pick(TYPES, random),
    Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256))),
  ],
  () => text('nothing', 'application/json', ''),
];

const NUMBERS = [
  'NaN',
  '1e400',
  '-1e999',
  '123456789012345678901234567890',
  '-0',
  '1e-400',
  '01',
  '.5',
  '0x10',
  'Infinity',
];
const NO_JSON = [
  '{',
  '}',
  '{"a":1}}',
  "{'a':1}",
  '{"a":1,}',
  'undefined',
  '{"__proto__":{"x":1}}',
  '"\ud800"',
  '{"a":1}\n{"b":2}',
  '\u0000',
  '<html>',
];
const EVENTS = [
  'data: {"a":1}\n\ndata: {"b"',
  'data\n\n',
  ':\n'.repeat(5_000),
  'id: \u0000\nretry: x\ndata: 1\n\n',
  'data: a\rdata: b\r\n\r\n',
  `data: ${'x'.repeat(100_000)}`,
  'data: 1\n\n'.repeat(3_000),
  'event: error\ndata: {"error":"x"}\n\n',
];
const MULTIPART = [
  '--b\r\n\r\none\r\n--b--',
  '--b\r\nContent-Type: application/json\r\n\r\n{"a":',
  '--b--',
  '--b\r\n'.repeat(2_000),
  'no boundary',
  '--b\r\nContent-Type\r\n: x\r\n\r\n\u0000\r\n--b\r\n',
];
const XML = [
  '<a><b></a>',
  '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>',
  '<a>'.repeat(20_000),
  '<a b="',
  '<?xml version="9" encoding="nothing"?><a/>',
  '<!--',
  '<![CDATA[',
  '<a xmlns:b="x"><b:c/>&#0;&#xffffffff;</a>',
];

/** Compressed, or said to be. */
function encoded(
  plain: Buffer,
  random: Random,
  isWhole: boolean,
): readonly [encoding: string | undefined, body: Buffer] {
  if (random() < (isWhole ? 0.9 : 0.75)) return [undefined, plain];
  const [name, made] = pick(
    [
      ['gzip', gzipSync(plain)],
      ['br', brotliCompressSync(plain, { params: { 1: 1 } })],
      ['deflate', deflateSync(plain)],
      ['gzip', plain],
      ['br', plain],
      ['deflate', plain],
      ['nothing', plain],
      ['gzip, gzip', gzipSync(gzipSync(plain))],
      ['gzip, br, deflate, gzip, br', gzipSync(plain)],
      ['', plain],
      ['gzip', gzipSync(Buffer.alloc(3_000_000))],
    ] as const,
    random,
  );
  if (random() < 0.5) return [name, made];
  const at = Math.floor(random() * made.length);
  const damaged = pick(
    [
      made.subarray(0, at),
      Buffer.concat([made, made]),
      Buffer.concat([made.subarray(0, at), Buffer.from('??'), made.subarray(at)]),
    ],
    random,
  );
  return [name, damaged];
}

function framedBody(body: Buffer, random: Random): readonly [headers: readonly string[], body: Buffer] {
  const chunks = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
  if (random() < 0.6) return [[`Content-Length: ${body.length}`], body];
  if (random() < 0.3) return [['Transfer-Encoding: chunked'], body.length === 0 ? Buffer.from('0\r\n\r\n') : chunks];
  return pick(
    [
      [[], body],
      [[`Content-Length: ${body.length + 7}`], body],
      [[`Content-Length: ${Math.max(0, body.length - 3)}`], body],
      [['Content-Length: -1'], body],
      [['Content-Length: many'], body],
      [['Content-Length: 99999999999999999999'], body],
      [[`Content-Length: ${body.length}`, 'Content-Length: 1'], body],
      [[`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'], chunks],
      [['Transfer-Encoding: chunked'], body],
      [['Transfer-Encoding: gzip, chunked'], chunks],
      [['Transfer-Encoding: chunked'], Buffer.from('ffffffffffffffff\r\nx')],
      [['Transfer-Encoding: chunked'], Buffer.concat([chunks.subarray(0, -2), Buffer.from('Trailer: x\r\n\r\n')])],
    ] as const,
    random,
  );
}

function strangeHeader(random: Random, secret: string): string {
  const [name, values] = pick(HEADERS, random);
  return `${name}: ${pick([...values, secret], random)}`;
}

const HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    'Location',
    ['', '/', '//', 'http://', 'https://localhost:1/x', 'ftp://a', 'javascript:1', 'file:///etc/passwd', '\u00ff'],
  ],
  ['Location', ['?loop', '/value', 'http://127.0.0.1:1/', 'http://169.254.169.254/', 'http://[', 'x'.repeat(8_000)]],
  ['Retry-After', ['', '-1', '1e9', '99999999999999', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT', '0', '1.5', 'NaN']],
  [
    'Link',
    ['', '<', '<>; rel=next', '</value>; rel="next"', '<http://[>; rel=next', `${'<a>; rel=next, '.repeat(200)}`],
  ],
  ['Link', ['<ftp://a>; rel=next', '<https://localhost:1/x>; rel="next prev"', '<javascript:1>; rel=next']],
  ['Set-Cookie', ['', '=', 'a=b; Domain=.', '__Host-a=b', `a=${'x'.repeat(3_000)}`]],
  ['WWW-Authenticate', ['', 'Basic', 'Bearer error="invalid_token"', 'Digest realm="', 'Negotiate ='.repeat(50)]],
  ['Cache-Control', ['no-store', 'max-age=-1', 'max-age=1e99', '"', ',,,']],
  ['Age', ['-1', 'x', '1e99', '99999999999999999999']],
  ['Content-Disposition', ['attachment', 'attachment; filename="../../x"', "attachment; filename*=UTF-8''%zz", ';']],
  ['Content-Range', ['bytes 0-1/2', 'bytes */*', 'x']],
  ['Content-Language', ['en', '\u00ff']],
  ['X-Total-Count', ['-1', 'many', '1e400']],
  ['Deprecation', ['@1', 'true', '@99999999999999999']],
  ['Connection', ['close', 'keep-alive', 'upgrade']],
  ['Upgrade', ['websocket']],
  ['Date', ['never']],
  ['__proto__', ['x']],
];
