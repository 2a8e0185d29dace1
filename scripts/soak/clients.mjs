// Clients of both SDKs over both transports, and what they check about every response.
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { command } from './servers.mjs';

const CAPABILITIES = { capabilities: { elicitation: {} } };

/** How each kind of client connects. `target`: the URL of a server, or the folder of the config for stdio. */
const KINDS = {
  'HTTP, 2026-07-28': { era: 'v2', transport: http(HttpV2) },
  'HTTP, 2025-11-25': { era: 'v1', transport: http(HttpV1) },
  'stdio, 2026-07-28': { era: 'v2', transport: stdio(StdioV2) },
  'stdio, 2025-11-25': { era: 'v1', transport: stdio(StdioV1) },
};
export const HTTP_KINDS = Object.keys(KINDS).slice(0, 2);
export const STDIO_KINDS = Object.keys(KINDS).slice(2);

function http(Transport) {
  return (url, key) => new Transport(url, { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
}

function stdio(Transport) {
  return (folder) =>
    new Transport({
      command: process.execPath,
      ...command(folder, '--transport', 'stdio', '--quiet'),
      stderr: 'ignore',
    });
}

/** The key of a client, by its number. */
export const keyOf = (number) => `key-of-client-${String(number).padStart(4, '0')}`;

let marks = 0;

/** One client. Marks of its calls start with its name: `c12-345`. */
export class SoakClient {
  #kind;
  #target;
  #number;
  /** Calls that wait for their user to confirm. */
  #confirming = new Set();
  client;
  transport;

  constructor({ kind, target, number, faults }) {
    this.#kind = kind;
    this.#target = target;
    this.#number = number;
    this.faults = faults;
  }

  get isHttp() {
    return HTTP_KINDS.includes(this.#kind);
  }

  newMark() {
    marks += 1;
    return `c${this.#number}-${marks}`;
  }

  async connect() {
    const { era, transport } = KINDS[this.#kind];
    this.transport = transport(this.#target, keyOf(this.#number));
    const info = { name: 'soak', version: '1.0.0' };
    this.client =
      era === 'v1'
        ? new ClientV1(info, CAPABILITIES)
        : new ClientV2(info, { ...CAPABILITIES, versionNegotiation: { mode: 'auto' } });
    this.client.setRequestHandler(era === 'v1' ? ElicitRequestSchema : 'elicitation/create', ({ params }) =>
      this.#answer(params.message),
    );
    await this.client.connect(this.transport);
    countResponses(this.transport, this.faults);
  }

  async close() {
    // The others have no session that a client could end.
    if (this.transport.sessionId !== undefined) await this.transport.terminateSession();
    await this.client.close();
  }

  /** @param options `signal`, `timeout` */
  call(name, args, options = {}) {
    const params = { name, arguments: args };
    const limits = { timeout: 30_000, ...options };
    return KINDS[this.#kind].era === 'v1'
      ? this.client.callTool(params, undefined, limits)
      : this.client.callTool(params, limits);
  }

  async confirmed(mark, call) {
    this.#confirming.add(mark);
    try {
      return await call();
    } finally {
      this.#confirming.delete(mark);
    }
  }

  /** Confirms every other call. */
  #answer(message) {
    const [mark] = marksIn(message);
    if (!this.#confirming.has(mark)) this.faults.add('crossed', `a question about ${mark} at client ${this.#number}`);
    return isConfirmed(mark ?? '') ? { action: 'accept', content: {} } : { action: 'decline' };
  }
}

export const isConfirmed = (mark) => /[02468]$/.test(mark);

export const marksIn = (text) => text.match(/\bc\d+-\d+\b/g) ?? [];

/** Counts responses to requests that have already been answered, or were never sent. */
function countResponses(transport, faults) {
  const open = new Set();
  const send = transport.send.bind(transport);
  const receive = transport.onmessage;
  transport.send = (message, ...rest) => {
    for (const one of [message].flat()) if ('method' in one && 'id' in one) open.add(one.id);
    return send(message, ...rest);
  };
  transport.onmessage = (message, ...rest) => {
    const isResponse = 'id' in message && ('result' in message || 'error' in message);
    if (isResponse && !open.delete(message.id)) faults.add('doubled', `a second response to request ${message.id}`);
    receive(message, ...rest);
  };
}
