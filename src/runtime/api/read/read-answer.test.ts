import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { CallError } from '../../call-error.ts';
import { nodeDecoders } from '../../node/decoders.ts';
import type { HttpResponse } from '../http.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { AnswerHold, type AnswerReading, acceptEncoding, ByteBudget, readAnswer, webDecoders } from './index.ts';

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** What a real server on loopback answered, its body still on the way. */
async function answerOf(
  listener: RequestListener,
  { method = 'GET', signal }: { method?: string; signal?: AbortSignal } = {},
): Promise<HttpResponse> {
  const server = createServer(listener);
  return exchange(server, method, signal);
}

/** The same for a server that writes bytes to a socket and may break off. */
async function rawAnswerOf(write: (socket: Socket) => void): Promise<HttpResponse> {
  return exchange(
    createRawServer((socket) => socket.once('data', () => write(socket)).on('error', () => {})),
    'GET',
  );
}

async function exchange(
  server: Server | ReturnType<typeof createRawServer>,
  method: string,
  signal?: AbortSignal,
): Promise<HttpResponse> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  servers.push({
    close: () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    },
  });
  const response = await request(`http://127.0.0.1:${port}/`, {
    method: method as 'GET',
    ...(signal ? { signal } : {}),
  });
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  return { status: response.statusCode, headers, body: response.body };
}

const read = (response: HttpResponse, more: Partial<AnswerReading> = {}) =>
  readAnswer({
    response,
    method: 'GET',
    promisesJson: false,
    decoders: nodeDecoders,
    maxBytes: DEFAULT_LIMITS.maxAnswerBytes,
    maxItems: DEFAULT_LIMITS.maxItems,
    hold: new AnswerHold(new ByteBudget(1e9)),
    waitSignal: new AbortController().signal,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...more,
  });

const sends =
  (type: string | undefined, body: string | Uint8Array, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(200, { ...(type === undefined ? {} : { 'content-type': type }), ...headers }).end(body);
  };

const answered = async (type: string | undefined, body: string | Uint8Array, more: Partial<AnswerReading> = {}) =>
  read(await answerOf(sends(type, body)), more);

describe('Content-Encoding is undone', () => {
  const json = JSON.stringify({ text: 'hello '.repeat(1000) });
  const codings: Record<string, Uint8Array> = {
    gzip: gzipSync(json),
    'x-gzip': gzipSync(json),
    deflate: deflateSync(json),
    ' Deflate': deflateRawSync(json),
    br: brotliCompressSync(json),
    'gzip, br': brotliCompressSync(gzipSync(json)),
    'identity, gzip': gzipSync(json),
  };
  test.each(Object.entries(codings))('%s', async (coding, body) => {
    const response = await answerOf(sends('application/json', body, { 'content-encoding': coding }));
    expect(await read(response)).toMatchObject({ kind: 'json', text: json });
  });

  test('web standards undo gzip and deflate, and say so', async () => {
    expect(acceptEncoding(webDecoders)).toBe('gzip, deflate');
    expect(acceptEncoding(nodeDecoders)).toBe('gzip, deflate, br');
    for (const coding of ['gzip', 'deflate', ' Deflate']) {
      const response = await answerOf(sends('application/json', codings[coding] ?? '', { 'content-encoding': coding }));
      expect(await read(response, { decoders: webDecoders })).toMatchObject({ kind: 'json', text: json });
    }
  });

  test('an empty body is empty, whatever its coding', async () => {
    expect(await read(await answerOf(sends('application/json', '', { 'content-encoding': 'gzip' })))).toEqual({
      kind: 'empty',
      notes: [],
    });
  });

  test.each([
    ['zstd', gzipSync('x'), 'zstd'],
    ['gzip', 'not gzip', 'gzip'],
    ['gzip', gzipSync(json).subarray(0, 40), 'gzip'],
    ['br', 'not brotli', 'br'],
  ])('%s that cannot be undone is unreadable', async (coding, body, named) => {
    const reading = read(await answerOf(sends('application/json', body, { 'content-encoding': coding })));
    await expect(reading).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE', message: expect.stringContaining(named) });
  });

  test('a bomb is not unpacked beyond the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'));
    const answer = await read(await answerOf(sends('text/plain', bomb, { 'content-encoding': 'gzip' })), {
      maxBytes: 1000,
    });
    expect(answer).toMatchObject({
      kind: 'text',
      text: 'a'.repeat(1000),
      notes: [expect.stringContaining('larger than 1,000 bytes')],
    });
  });
});

describe('the limit', () => {
  test('text is delivered up to it, without half a character', async () => {
    expect(await answered('text/plain; charset=utf-8', '€€€€', { maxBytes: 7 })).toMatchObject({
      kind: 'text',
      text: '€€',
    });
  });
  test('JSON that was cut is text', async () => {
    const answer = await answered('application/json', JSON.stringify(Array(100).fill(1)), { maxBytes: 9 });
    expect(answer).toMatchObject({ kind: 'text', text: '[1,1,1,1,', mediaType: 'application/json' });
  });
  test('bytes are rejected', async () => {
    await expect(answered('image/png', new Uint8Array(100), { maxBytes: 99 })).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
    });
  });
  test('an endless body is given up', async () => {
    const response = await answerOf((_, out) => {
      const more = () => {
        while (out.write('x'.repeat(65536)));
      };
      out.writeHead(200, { 'content-type': 'text/plain' }).on('drain', more);
      more();
    });
    expect(await read(response, { maxBytes: 200_000 })).toMatchObject({ kind: 'text', text: 'x'.repeat(200_000) });
  });
});

describe('bodies without content', () => {
  test.each([204, 205, 304])('%i', async (status) => {
    expect(await read(await answerOf((_, out) => out.writeHead(status).end()))).toEqual({ kind: 'empty', notes: [] });
  });
  test('HEAD', async () => {
    const response = await answerOf(sends('application/json', '{}', { 'content-encoding': 'gzip' }), {
      method: 'HEAD',
    });
    expect(await read(response, { method: 'HEAD' })).toEqual({ kind: 'empty', notes: [] });
  });
  test('white space under a JSON type', async () => {
    expect(await answered('application/json', ' \n')).toEqual({ kind: 'empty', notes: [] });
  });
});

describe('breaking and hanging bodies', () => {
  test('the error of the connection passes through', async () => {
    const body = (async function* () {
      yield new TextEncoder().encode('{"a":');
      throw new CallError('CONNECTION_LOST', 'gone');
    })();
    const response = { status: 200, headers: [['content-type', 'application/json']] as const, body };
    await expect(read(response)).rejects.toMatchObject({ code: 'CONNECTION_LOST', message: 'gone' });
  });

  test('it passes through a decoder as well', async () => {
    const body = async function* () {
      yield gzipSync('x'.repeat(100_000)).subarray(0, 50);
      throw new CallError('CONNECTION_LOST', 'gone');
    };
    const headers = [['content-encoding', 'gzip']] as const;
    for (const decoders of [nodeDecoders, webDecoders]) {
      const reading = read({ status: 200, headers, body: body() }, { decoders });
      await expect(reading).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    }
  });

  test('a body that stops is given up at the deadline', async () => {
    const response = await answerOf(
      (_, out) => void out.writeHead(200, { 'content-type': 'application/json' }).write('{"a":'),
    );
    const reading = read(response, { signal: AbortSignal.timeout(30) });
    await expect(reading).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  test('a client that leaves ends the reading', async () => {
    const client = new AbortController();
    const response = await answerOf((_, out) => void out.writeHead(200).write('x'));
    const reading = read(response, { signal: client.signal });
    client.abort();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('streams', () => {
  test('JSON Lines, in pieces, with progress', async () => {
    const seen: number[] = [];
    const response = await answerOf((_, out) => {
      out.writeHead(200, { 'content-type': 'application/x-ndjson' });
      out.write('{"n":1}\r\n\n{"n"');
      setTimeout(() => out.end(':12345678901234567890}\nnot json'), 5);
    });
    expect(await read(response, { onProgress: (items) => seen.push(items) })).toEqual({
      kind: 'items',
      mediaType: 'application/x-ndjson',
      notes: [],
      items: [
        { value: { n: 1 }, text: '{"n":1}' },
        { value: { n: 12345678901234567000 }, text: '{"n":12345678901234567890}' },
        { value: 'not json', text: 'not json' },
      ],
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  test('JSON text sequences', async () => {
    const answer = await answered('application/geo+json-seq', '\u001e{"a":1}\n\u001e[\n2]\n');
    expect(answer).toMatchObject({ kind: 'items', items: [{ value: { a: 1 } }, { value: [2] }] });
  });

  test('server-sent events', async () => {
    const stream =
      '\uFEFF: hello\r\ndata: {"a":1}\r\rdata: two\ndata:  lines\n\nevent: add\nid: 7\ndata\n\nretry: 9\n\ndata: [DONE]';
    expect(await answered('text/event-stream; charset=utf-8', stream)).toMatchObject({
      items: [
        { value: { a: 1 }, text: '{"a":1}' },
        { value: 'two\n lines', text: 'two\n lines' },
        { value: '', event: 'add', id: '7' },
        { value: '[DONE]' },
      ],
    });
  });

  test('a CRLF split between two chunks is one line end', async () => {
    const response = await answerOf((_, out) => {
      out.writeHead(200, { 'content-type': 'text/event-stream' });
      out.write('data: a\r');
      setTimeout(() => out.end('\ndata: b\r\n\r\n'), 5);
    });
    expect(await read(response)).toMatchObject({ items: [{ value: 'a\nb' }] });
  });

  const endless: RequestListener = (_, out) => {
    out.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => out.write('data: 1\n\n'), 5);
    out.on('close', () => clearInterval(timer));
  };

  test('an endless one ends at the deadline, with what arrived', async () => {
    const answer = await read(await answerOf(endless), { signal: AbortSignal.timeout(120) });
    expect(answer).toMatchObject({ kind: 'items', notes: [expect.stringMatching(/time limit, after \d+ items?\.$/)] });
    expect(answer.kind === 'items' && answer.items.length).toBeGreaterThan(0);
  });
  test('an endless one ends at the number of items', async () => {
    const answer = await read(await answerOf(endless), { maxItems: 3 });
    expect(answer).toMatchObject({ items: [{}, {}, {}], notes: [expect.stringContaining('after 3 items')] });
  });
  test('an endless one ends at the number of bytes', async () => {
    const answer = await read(await answerOf(endless), { maxBytes: 20 });
    expect(answer).toMatchObject({
      items: [{ value: 1 }, { value: 1 }],
      notes: [expect.stringContaining('after 20 bytes')],
    });
  });
  test('one that is silent until the deadline is a timeout', async () => {
    const response = await answerOf(
      (_, out) => void out.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
    );
    await expect(read(response, { signal: AbortSignal.timeout(30) })).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
  test('one that breaks off is an error that counts what had arrived', async () => {
    const body = (async function* () {
      yield new TextEncoder().encode('1\n2\n');
      throw new CallError('CONNECTION_LOST', 'gone.');
    })();
    const response = { status: 200, headers: [['content-type', 'application/jsonl']] as const, body };
    await expect(read(response)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: 'gone. Before that, 2 items had arrived.',
    });
  });
  test('a stream over gzip', async () => {
    const response = await answerOf(sends('application/jsonl', gzipSync('1\n2\n'), { 'content-encoding': 'gzip' }));
    expect(await read(response)).toMatchObject({ items: [{ value: 1 }, { value: 2 }] });
  });
  test('JSON Lines under application/json', async () => {
    expect(await answered('application/json', '{"a":1}\n{"a":2}\n')).toMatchObject({
      kind: 'items',
      items: [{ value: { a: 1 } }, { value: { a: 2 } }],
    });
  });
});

describe('what the bytes are', () => {
  const table: readonly [
    name: string,
    type: string | undefined,
    body: string | Uint8Array,
    want: object,
    promisesJson?: boolean,
  ][] = [
    [
      'a vendor type of JSON',
      'application/vnd.api+json; version=1',
      '{"a":1}',
      { kind: 'json', value: { a: 1 }, mediaType: 'application/vnd.api+json' },
    ],
    ['JSON behind a byte order mark', 'application/json', '\uFEFF[1]', { kind: 'json', value: [1], text: '[1]' }],
    [
      'invalid JSON',
      'application/json',
      '<html>',
      { kind: 'text', notes: ['The response is declared as application/json, but it is not JSON.'] },
    ],
    ['JSON in UTF-16', 'application/json', Buffer.from('{"a":1}', 'utf16le'), { kind: 'json', value: { a: 1 } }],
    ['JSON as text', 'text/plain', '{"a":1}', { kind: 'json', value: { a: 1 } }],
    ['JSON as HTML', 'text/html', '\n[1]', { kind: 'json', value: [1] }],
    ['JSON as bytes', 'application/octet-stream', '[1]', { kind: 'json', value: [1] }],
    ['JSON without a type', undefined, '{"a":1}', { kind: 'json', value: { a: 1 } }],
    ['promised JSON of any kind', 'text/plain', 'true', { kind: 'json', value: true }, true],
    ['a number as text', 'text/plain', '7', { kind: 'text', text: '7' }],
    ['leading zeros', 'text/plain', '007', { kind: 'text', text: '007' }, true],
    ['CSV', 'text/csv', 'a,b\n1,2\n', { kind: 'text', text: 'a,b\n1,2\n' }],
    ['YAML', 'application/yaml', '[1]', { kind: 'text', text: '[1]' }],
    ['SVG', 'image/svg+xml', '<svg/>', { kind: 'text', mediaType: 'image/svg+xml' }],
    ['an image', 'image/png', 'text?', { kind: 'binary', mediaType: 'image/png' }],
    ['a PDF', 'application/pdf', Buffer.from('AP/+AYAKDcg=', 'base64'), { kind: 'binary' }],
    ['an unknown type that is text', 'application/x-thing', 'readable', { kind: 'text' }],
    ['bytes under text/plain', 'text/plain', Buffer.from('AP/+AYAKDcg=', 'base64'), { kind: 'binary' }],
    ['no type, text', undefined, 'hello', { kind: 'text', text: 'hello', mediaType: 'text/plain' }],
    ['no type, bytes', undefined, Buffer.from([0, 1, 2]), { kind: 'binary', mediaType: 'application/octet-stream' }],
    ['an invalid type', 'garbage', 'hello', { kind: 'text', mediaType: 'text/plain' }],
  ];
  test.each(table)('%s', async (_, type, body, want, promisesJson = false) => {
    expect(await answered(type, body, { promisesJson })).toMatchObject(want);
  });

  test('the name of a file', async () => {
    const response = await answerOf(
      sends('application/pdf', '%PDF', {
        'content-disposition': `attachment; filename="a.pdf"; filename*=UTF-8''%e2%82%ac.pdf`,
      }),
    );
    expect(await read(response)).toMatchObject({ kind: 'text' });
    const zip = await answerOf(
      sends('application/zip', Buffer.from([0x50, 0x4b, 3, 4]), {
        'content-disposition': 'attachment; filename="a b.zip"',
      }),
    );
    expect(await read(zip)).toMatchObject({ kind: 'binary', filename: 'a b.zip' });
  });
});

describe('charset', () => {
  const table: readonly [name: string, type: string, body: Uint8Array, want: string, notes?: number][] = [
    ['of the type', 'text/plain; charset=windows-1252', Buffer.from('gDWTeJQ=', 'base64'), '€5“x”'],
    ['quoted, in capitals', 'text/plain; charset="ISO-8859-1"', Buffer.from('naïve', 'latin1'), 'naïve'],
    ['shift_jis', 'text/csv; charset=Shift_JIS', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), '日本'],
    ['byte order mark before the type', 'text/plain; charset=latin1', Buffer.from('\uFEFFé'), 'é'],
    ['UTF-16 by its mark', 'text/plain', Buffer.from('\uFEFFhé', 'utf16le'), 'hé'],
    [
      'meta of HTML',
      'text/html',
      Buffer.from('<meta charset="iso-8859-1"><p>é', 'latin1'),
      '<meta charset="iso-8859-1"><p>é',
    ],
    [
      'declaration of XML',
      'application/xml',
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1'),
      '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>',
    ],
    ['none', 'text/plain', Buffer.from('é'), 'é'],
    ['not known', 'text/plain; charset=klingon', Buffer.from('é'), 'é', 1],
    ['not kept to', 'text/plain; charset=utf-8', Buffer.from('é', 'latin1'), '\uFFFD', 1],
  ];
  test.each(table)('%s', async (_, type, body, want, notes = 0) => {
    const answer = await answered(type, body);
    expect(answer).toMatchObject({ kind: 'text', text: want });
    expect(answer.notes).toHaveLength(notes);
  });
});

test('a raw server that closes without a length gives all it wrote', async () => {
  const response = await rawAnswerOf((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello'),
  );
  expect(await read(response)).toMatchObject({ kind: 'text', text: 'hello' });
});
