import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, createSecureServer as createSecureHttp2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '../api/http.ts';
import type { CallError } from '../call-error.ts';
import { createNodeSender, type NodeSender } from './send.ts';
import type { NodeSenderOptions } from './sender-options.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const pem = (name: string): string => readFileSync(new URL(`./fixtures/${name}.test.pem`, import.meta.url), 'utf8');

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const http = (handler: RequestListener) => listen(createHttpServer(handler));
const https = (
  name: string,
  options: TlsOptions = {},
  handler: RequestListener = (_, response) => response.end('ok'),
) => listen(createHttpsServer({ cert: pem(name), key: pem(name), ...options }, handler));

/** A server on a bare socket: what it was sent, and `answer` (or the end of the connection) for each request head. */
async function raw(answer: (socket: Socket, text: string) => void) {
  const received: string[] = [];
  const port = await listen(
    createTcpServer((socket) => {
      socket.on('data', (bytes) => {
        received.push(bytes.toString('latin1'));
        answer(socket, received.join(''));
      });
    }),
  );
  return { port, received };
}
const answerOk = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

function sender(options: Partial<NodeSenderOptions> = {}): NodeSender {
  const made = createNodeSender({ proxy: {}, allowPrivate: true, connections: 16, connectTimeoutMs: 2000, ...options });
  closers.push(() => made.close());
  return made;
}

const get = (url: string, rest: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: [],
  signal: new AbortController().signal,
  ...rest,
});

async function text({ body }: HttpResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The code and message that a call fails with, be it before the answer or in its body. */
async function failure(call: Promise<HttpResponse>): Promise<{ code: string; message: string }> {
  const error: CallError = await call.then(text).then(
    (body) => Promise.reject(new Error(`The call succeeded: ${body}`)),
    (error) => error,
  );
  return { code: error.code, message: error.message };
}

describe('a server that speaks something else is named', () => {
  const told = async (url: string) => (await failure(sender({ ca: [pem('ca')] }).send(get(url)))).message;

  test('HTTP/2 only, over TCP and over TLS', async () => {
    const plain = await listen(createHttp2Server());
    expect(await told(`http://127.0.0.1:${plain}/`)).toContain('supports only HTTP/2');
    const secure = await listen(createSecureHttp2Server({ cert: pem('server'), key: pem('server') }));
    expect(await told(`https://localhost:${secure}/`)).toContain('supports only HTTP/2');
  });

  test('plain HTTP behind https://, and TLS behind http://', async () => {
    expect(await told(`https://localhost:${await http((_, response) => response.end('ok'))}/`)).toContain(
      'does not use TLS; it appears to serve plain HTTP.',
    );
    expect(await told(`http://localhost:${await https('server')}/`)).toMatch(/uses TLS|closed the connection/);
  });
});

describe('on the wire', () => {
  test.each([
    '/a/%2E%2E/b',
    '/a/../b',
    '//x',
    '/a;v=1|2[3]',
    "/it's(1)*!$,:@",
    '/%e6%97%a5?q=%20a+b&c=[1]|2&d={e}',
    '/?x',
    '/p?a=http://b/c',
  ])('the target %s is sent unchanged', async (target) => {
    const { port, received } = await raw(answerOk);
    await sender()
      .send(get(`http://127.0.0.1:${port}${target}`))
      .then(text);
    expect(received.join('').split('\r\n')[0]).toBe(`GET ${target} HTTP/1.1`);
  });

  test.each([
    ['', '/'],
    ['?a=1', '/?a=1'],
    ['/a?b#c', '/a?b'],
  ])('%s is asked for as %s', async (given, want) => {
    const { port, received } = await raw(answerOk);
    await sender()
      .send(get(`http://127.0.0.1:${port}${given}`))
      .then(text);
    expect(received.join('').split('\r\n')[0]).toBe(`GET ${want} HTTP/1.1`);
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PURGE', 'x-Custom'])(
    'the method %s is sent unchanged, with its body and length',
    async (method) => {
      const { port, received } = await raw((socket, sent) => sent.endsWith('body') && answerOk(socket));
      await sender()
        .send(get(`http://127.0.0.1:${port}/`, { method, body: 'body' }))
        .then(text);
      const sent = received.join('');
      expect(sent.startsWith(`${method} / HTTP/1.1\r\n`)).toBe(true);
      expect(sent.toLowerCase()).toContain('content-length: 4\r\n');
    },
  );

  test('header names keep their case, and bytes of a body stay bytes', async () => {
    const { port, received } = await raw((socket, sent) => sent.includes('\r\n\r\n') && answerOk(socket));
    const headers = [
      ['X-Api-KEY', 'a b'],
      ['ACCEPT', '*/*'],
    ] as const;
    const body = new Uint8Array([0, 255, 128]);
    await sender()
      .send(get(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body }))
      .then(text);
    const sent = received.join('');
    expect(sent).toContain('\r\nX-Api-KEY: a b\r\nACCEPT: */*\r\n');
    expect(sent.endsWith('\r\n\r\n\0\xff\x80')).toBe(true);
  });

  test('nothing is added but Host, Connection and Content-Length', async () => {
    const { port, received } = await raw(answerOk);
    await sender()
      .send(get(`http://127.0.0.1:${port}/`))
      .then(text);
    const names = received.join('').trim().split('\r\n').slice(1);
    expect(names.map((line) => line.split(':')[0]?.toLowerCase()).sort()).toEqual(['connection', 'host']);
  });

  test('a header that would end the line is refused without its value', async () => {
    const { port, received } = await raw(answerOk);
    const error = await failure(sender().send(get(`http://127.0.0.1:${port}/`, { headers: [['X-A', 'sec\r\nret']] })));
    expect(error.code).toBe('UNSAFE_ARGUMENT');
    expect(error.message).not.toContain('sec');
    expect(received).toEqual([]);
  });
});

describe('an answer', () => {
  test('keeps repeated headers apart, and names in lower case', async () => {
    const port = await http((_, response) => {
      response.writeHead(200, [
        ['Set-Cookie', 'a=1'],
        ['LINK', '<a>'],
        ['Set-Cookie', 'b=2'],
      ]);
      response.end();
    });
    const { headers } = await sender().send(get(`http://127.0.0.1:${port}/`));
    expect(headers.filter(([name]) => name === 'set-cookie')).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    expect(headers).toContainEqual(['link', '<a>']);
  });

  test('is not decompressed', async () => {
    const port = await http((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'));
    expect(
      await sender()
        .send(get(`http://127.0.0.1:${port}/`))
        .then(text),
    ).toBe('not gzip');
  });

  test('comes after interim responses', async () => {
    const { port } = await raw((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
      answerOk(socket);
    });
    const response = await sender().send(get(`http://127.0.0.1:${port}/`));
    expect([response.status, await text(response)]).toEqual([200, 'ok']);
  });

  test('to HEAD ends immediately, whatever length it declares', async () => {
    const port = await http((_, response) => response.writeHead(200, { 'content-length': '1000' }).end());
    const response = await sender().send(get(`http://127.0.0.1:${port}/`, { method: 'HEAD' }));
    expect(await text(response)).toBe('');
  });

  test('of 32 MB arrives whole at a slow reader, which holds the server back', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let written = 0;
    const port = await http(async (_, response) => {
      for (; written < 32; written++) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    });
    const { body } = await sender().send(get(`http://127.0.0.1:${port}/`));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(written).toBeLessThan(32);
    let size = 0;
    for await (const bytes of body) size += bytes.byteLength;
    expect(size).toBe(32 * 1024 * 1024);
  });

  test('that is not read to its end frees its connection', async () => {
    let ended: Promise<unknown> = Promise.resolve();
    const port = await http((request, response) => {
      ended = once(request.socket, 'close');
      response.write('first');
    });
    const { body } = await sender().send(get(`http://127.0.0.1:${port}/`));
    for await (const _ of body) break;
    await ended;
  });
});

describe('connections', () => {
  // Two, for a request that follows within the same turn of the event loop finds the first connection still busy.
  test('are kept: a hundred requests in a row share two', async () => {
    let connections = 0;
    const server = createHttpServer((_, response) => response.end('ok')).on('connection', () => connections++);
    const port = await listen(server);
    const { send } = sender();
    for (let index = 0; index < 100; index++) await send(get(`http://127.0.0.1:${port}/`)).then(text);
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('are never more than the limit', async () => {
    let connections = 0;
    const server = createHttpServer((_, response) => void setTimeout(() => response.end('ok'), 5));
    const port = await listen(server.on('connection', () => connections++));
    const { send } = sender({ connections: 4 });
    await Promise.all(Array.from({ length: 40 }, () => send(get(`http://127.0.0.1:${port}/`)).then(text)));
    expect(connections).toBe(4);
  });

  test('end with the sender, and so do calls in flight', async () => {
    const port = await http(() => {});
    const { send, close } = sender();
    const call = failure(send(get(`http://127.0.0.1:${port}/`)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await close();
    expect((await call).code).toBe('CANCELLED');
    expect((await failure(send(get(`http://127.0.0.1:${port}/`)))).code).toBe('CANCELLED');
  });
});

describe('a failure', () => {
  test('of a port where nothing is listening: CONNECTION_REFUSED', async () => {
    const port = await http(() => {});
    await closers.pop()?.();
    expect(await failure(sender().send(get(`http://127.0.0.1:${port}/a?key=secret`)))).toEqual({
      code: 'CONNECTION_REFUSED',
      message: `127.0.0.1:${port} refused the connection: nothing is listening there.`,
    });
  });

  test('of a name that does not resolve: HOST_NOT_FOUND', async () => {
    const error = await failure(sender().send(get('http://no-such-host.invalid/')));
    expect(error.code).toBe('HOST_NOT_FOUND');
    expect(error.message).toContain('no-such-host.invalid:80');
  });

  const lost: readonly [name: string, answer: (socket: Socket) => void, message: string][] = [
    ['closed before the answer', (socket) => socket.end(), 'without responding'],
    ['reset before the answer', (socket) => socket.resetAndDestroy(), 'without responding'],
    ['closed in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\nX-A'), 'without responding'],
    [
      'closed short of the announced length',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort'),
      'before the response was complete',
    ],
    [
      'closed within a chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'),
      'before the response was complete',
    ],
    [
      'reset in the body',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort');
        setTimeout(() => socket.resetAndDestroy(), 20);
      },
      'before the response was complete',
    ],
    ['not HTTP', (socket) => socket.end('220 smtp.example.com ESMTP\r\n'), 'not HTTP/1.1'],
    [
      'a broken chunk size',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
      'before the response was complete',
    ],
  ];
  test.each(lost)('of a connection %s: CONNECTION_LOST', async (_, answer, message) => {
    const { port } = await raw(answer);
    const error = await failure(sender().send(get(`http://127.0.0.1:${port}/?key=secret`)));
    expect(error.code).toBe('CONNECTION_LOST');
    expect(error.message).toContain(`127.0.0.1:${port} `);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret');
  });

  test('of a response with endless headers: ANSWER_TOO_LARGE', async () => {
    const { port } = await raw((socket) => socket.write(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`));
    expect((await failure(sender().send(get(`http://127.0.0.1:${port}/`)))).code).toBe('ANSWER_TOO_LARGE');
  });

  test('of a server that never ends its handshake: TIMEOUT', async () => {
    const port = await listen(createTcpServer(() => {}));
    const error = await failure(sender({ connectTimeoutMs: 100 }).send(get(`https://127.0.0.1:${port}/`)));
    expect(error).toEqual({ code: 'TIMEOUT', message: `127.0.0.1:${port} did not accept the connection in time.` });
  });

  const waits: readonly [where: string, handler: RequestListener][] = [
    ['before the answer', () => {}],
    ['in the body', (_, response) => response.write('{"a":')],
  ];
  test.each(waits)('of a client that cancels %s: CANCELLED', async (_, handler) => {
    const port = await http(handler);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const call = sender().send(get(`http://127.0.0.1:${port}/`, { signal: controller.signal }));
    expect((await failure(call)).code).toBe('CANCELLED');
  });
  test.each(waits)('of a deadline %s: TIMEOUT', async (_, handler) => {
    const port = await http(handler);
    const call = sender().send(get(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(50) }));
    expect(await failure(call)).toEqual({ code: 'TIMEOUT', message: `127.0.0.1:${port} did not respond in time.` });
  });

  test('of a call that was cancelled before it began: nothing is sent', async () => {
    const { port, received } = await raw(answerOk);
    const call = sender().send(get(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort() }));
    expect((await failure(call)).code).toBe('CANCELLED');
    expect(received).toEqual([]);
  });
});

describe('https', () => {
  test('with a certificate that no known authority signed: TLS_FAILED, and --ca is named', async () => {
    const port = await https('server');
    const error = await failure(sender().send(get(`https://127.0.0.1:${port}/`)));
    expect(error.code).toBe('TLS_FAILED');
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).toContain('--ca <file>');
  });

  test('with the authority given by --ca', async () => {
    const port = await https('server');
    expect(
      await sender({ ca: [pem('ca')] })
        .send(get(`https://localhost:${port}/`))
        .then(text),
    ).toBe('ok');
  });

  test.each([
    ['expired', 'expired'],
    ['other-name', 'another host name'],
  ])('with the certificate "%s": TLS_FAILED', async (name, message) => {
    const port = await https(name);
    const error = await failure(sender({ ca: [pem('ca')] }).send(get(`https://127.0.0.1:${port}/`)));
    expect(error.code).toBe('TLS_FAILED');
    expect(error.message).toContain(message);
  });

  test('with a client certificate (mutual TLS)', async () => {
    const options = { ca: pem('ca'), requestCert: true, rejectUnauthorized: true };
    const port = await https('server', options);
    const url = `https://127.0.0.1:${port}/`;
    const client = { ca: [pem('ca')], cert: pem('client'), key: pem('client') };
    expect(await sender(client).send(get(url)).then(text)).toBe('ok');
    expect((await failure(sender({ ca: [pem('ca')] }).send(get(url)))).code).toMatch(/^(TLS_FAILED|CONNECTION_LOST)$/);
  });

  test('against a server that speaks plain HTTP: TLS_FAILED', async () => {
    const port = await http((_, response) => response.end());
    expect((await failure(sender().send(get(`https://127.0.0.1:${port}/`)))).code).toBe('TLS_FAILED');
  });

  test('with a key that does not fit its certificate: TLS_FAILED', async () => {
    const options = { cert: pem('client'), key: pem('server').slice(pem('server').indexOf('-----BEGIN PRIVATE')) };
    const error = await failure(sender(options).send(get('https://127.0.0.1:1/')));
    expect(error.code).toBe('TLS_FAILED');
    expect(error.message).toContain('--key');
  });
});

describe('where private addresses are not allowed', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '127.1',
    '2130706433',
    '10.0.0.1',
    '169.254.169.254',
  ])('%s is not connected to', async (host) => {
    let connections = 0;
    const port = await listen(createHttpServer().on('connection', () => connections++));
    const error = await failure(sender({ allowPrivate: false }).send(get(`http://${host}:${port}/`)));
    expect(error.code).toBe('FORBIDDEN_ADDRESS');
    expect(connections).toBe(0);
  });
});

describe('through a proxy', () => {
  /** A proxy that finds every host on loopback at `port`. */
  async function proxy(port: number, { refuse }: { refuse?: string } = {}) {
    const seen: string[] = [];
    const server = createHttpServer((request: IncomingMessage, response) => {
      seen.push(
        `${request.method} ${request.url} host=${request.headers.host} ${request.headers['proxy-authorization'] ?? ''}`,
      );
      response.end('from the proxy');
    });
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`);
      if (refuse !== undefined) {
        socket.end(`HTTP/1.1 ${refuse}\r\n\r\n`);
        return;
      }
      const target = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    const url = `http://user:p%40ss@127.0.0.1:${await listen(server)}`;
    return { url, seen };
  }
  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;

  test('https is tunnelled by CONNECT, once for many requests', async () => {
    const { url, seen } = await proxy(await https('server'));
    const { send } = sender({ ca: [pem('ca')], proxy: { https: url } });
    for (let index = 0; index < 5; index++) expect(await send(get('https://api.test/a')).then(text)).toBe('ok');
    expect(new Set(seen)).toEqual(new Set([`CONNECT api.test:443 ${basic}`]));
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  test('http is handed over with its whole URL', async () => {
    const { url, seen } = await proxy(0);
    const { send } = sender({ proxy: { http: url } });
    expect(await send(get('http://api.test:8080/a/%2E%2E/b?c')).then(text)).toBe('from the proxy');
    expect(seen).toEqual([`GET http://api.test:8080/a/%2E%2E/b?c host=api.test:8080 ${basic}`]);
  });

  test('a proxy that rejects is named, without its password', async () => {
    const { url } = await proxy(0, { refuse: '407 Proxy Authentication Required' });
    const error = await failure(sender({ proxy: { https: url } }).send(get('https://api.test/')));
    expect(error.code).toBe('NETWORK_FAILED');
    expect(error.message).toContain('The proxy 127.0.0.1');
    expect(error.message).toContain('407 Proxy Authentication Required');
    expect(error.message).not.toContain('p@ss');
  });

  test('a proxy that hangs up ends the call', async () => {
    const { port } = await raw((socket) => socket.end());
    const error = await failure(
      sender({ proxy: { https: `http://127.0.0.1:${port}` } }).send(get('https://api.test/')),
    );
    expect(error).toEqual({ code: 'NETWORK_FAILED', message: `The proxy 127.0.0.1:${port} cannot be reached.` });
  });

  test('a proxy that is not there is named for http too', async () => {
    const port = await http(() => {});
    await closers.pop()?.();
    const error = await failure(sender({ proxy: { http: `http://127.0.0.1:${port}` } }).send(get('http://api.test/')));
    expect(error.code).toBe('CONNECTION_REFUSED');
    expect(error.message).toContain(`through the proxy 127.0.0.1:${port}`);
  });

  test('hosts of NO_PROXY and this machine are called directly', async () => {
    const { url, seen } = await proxy(0);
    const port = await http((_, response) => response.end('direct'));
    const { send } = sender({ proxy: { http: url, no: 'example.com' } });
    expect(await send(get(`http://127.0.0.1:${port}/`)).then(text)).toBe('direct');
    expect(seen).toEqual([]);
  });

  test.each(['http://10.0.0.1/', 'http://metadata.google.internal/'])(
    'a private target is rejected before the proxy is used: %s',
    async (target) => {
      const { url, seen } = await proxy(0);
      const call = sender({ allowPrivate: false, proxy: { http: url } }).send(get(target));
      expect((await failure(call)).code).toBe('FORBIDDEN_ADDRESS');
      expect(seen).toEqual([]);
    },
  );
});
