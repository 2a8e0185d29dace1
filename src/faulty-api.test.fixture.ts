import { createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Writes the response to a request, whole or not; the socket is destroyed when the API stops. */
export type Misbehaviour = (socket: Socket) => void;

const head = (...lines: readonly string[]) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const JSON_TYPE = 'Content-Type: application/json';
const sized = (text: string, type = JSON_TYPE) => `${head(type, `Content-Length: ${text.length}`)}${text}`;

/** What an API that works responds, with the connection kept open. */
export const FINE: Misbehaviour = (socket) => socket.write(sized('{"ok":true}'));

/** Writes again and again until the client has had enough. */
function endlessly(socket: Socket, text: string, everyMs: number): void {
  const write = () => {
    if (socket.destroyed) return;
    socket.write(text);
    timer = setTimeout(write, everyMs);
  };
  let timer = setTimeout(write, everyMs);
  socket.on('close', () => clearTimeout(timer));
}

/** As much as the client reads, as fast as it reads it. */
function flood(socket: Socket, text: string): void {
  const write = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', write);
  write();
}

/** 200 MB in 200 kB. */
const BOMB = gzipSync(Buffer.alloc(200_000_000, 'x'));

export const MISBEHAVIOURS = {
  reset: (socket) => socket.resetAndDestroy(),
  'close without a response': (socket) => socket.end(),
  'no response': () => {},
  'stall in the head': (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-'),
  'stall in the body': (socket) => socket.write(`${head(JSON_TYPE, 'Content-Length: 100')}{"ok":`),
  'trickle in the head': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX: ');
    endlessly(socket, 'x', 20);
  },
  'trickle in the body': (socket) => {
    socket.write(head(JSON_TYPE, 'Content-Length: 1000000'));
    endlessly(socket, ' ', 20);
  },
  'informational responses without end': (socket) => endlessly(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 20),
  'less than Content-Length': (socket) => socket.end(`${head(JSON_TYPE, 'Content-Length: 100')}{"ok":true}`),
  'more than Content-Length': (socket) =>
    socket.write(`${head(JSON_TYPE, 'Content-Length: 11')}{"ok":true}{"ok":"no"}`),
  'two lengths': (socket) => socket.write(`${head(JSON_TYPE, 'Content-Length: 11', 'Content-Length: 22')}{"ok":true}`),
  'a broken chunk': (socket) => socket.write(`${head(JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n{"ok":true}\r\n`),
  'chunks without end': (socket) => {
    socket.write(head('Content-Type: text/plain', 'Transfer-Encoding: chunked'));
    flood(socket, `10000\r\n${'x'.repeat(0x10000)}\r\n`);
  },
  'headers without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, `X-Flood: ${'x'.repeat(1000)}\r\n`);
  },
  'one header of 1 MB': (socket) => socket.write(head(JSON_TYPE, `X-Large: ${'x'.repeat(1_000_000)}`)),
  'no HTTP': (socket) => socket.write('SSH-2.0-OpenSSH_9.7\r\n'),
  'broken compression': (socket) => socket.write(sized('not gzip', `${JSON_TYPE}\r\nContent-Encoding: gzip`)),
  'a compression bomb': (socket) => {
    socket.write(head('Content-Type: text/plain', 'Content-Encoding: gzip', `Content-Length: ${BOMB.length}`));
    socket.write(BOMB);
  },
  'no JSON': (socket) => socket.write(sized('{"ok":')),
  'a circle of redirects': (socket) =>
    socket.write('HTTP/1.1 302 Found\r\nLocation: ?again\r\nContent-Length: 0\r\n\r\n'),
  'a redirect to nowhere': (socket) =>
    socket.write('HTTP/1.1 302 Found\r\nLocation: http://\r\nContent-Length: 0\r\n\r\n'),
  'overload (503)': (socket) =>
    socket.write('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n'),
} as const satisfies Readonly<Record<string, Misbehaviour>>;

export interface FaultyApi {
  readonly origin: string;
  readonly port: number;
  /** How the next requests are answered; `FINE` at first. */
  behave(how: Misbehaviour): void;
  stop(): Promise<void>;
}

/** An API on loopback, at the level of bytes. */
export async function startFaultyApi(port = 0): Promise<FaultyApi> {
  let how: Misbehaviour = FINE;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
      // The requests of the tests have no body.
      if (!received.endsWith('\r\n\r\n')) return;
      received = '';
      how(socket);
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const listening = typeof address === 'object' && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${listening}`,
    port: listening,
    behave: (next) => {
      how = next;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
