import { pick, type Random } from './mutate.test.fixture.ts';

// MCP messages from a seed: valid ones of both protocol eras, broken ones, and bytes that are not.

export type Era = '2025-11-25' | '2026-07-28';

/** What is sent, and which answers it may get. */
export interface Sent {
  readonly bytes: Buffer;
  /** The JSON texts of ids that have to be answered once each. */
  readonly asked: readonly string[];
  /** The same, of what is not quite a request: answered once or not at all. */
  readonly perhaps: readonly string[];
  /** The id of a request that it cancels, which may then stay without an answer. */
  readonly cancels?: string;
  readonly what: string;
  /** The method and the name that headers of 2026-07-28 repeat, where it is a whole request. */
  readonly head?: { readonly method: string; readonly name?: string };
}

export interface Writer {
  readonly random: Random;
  readonly era: Era;
  /** The ids so far, for cancellations and duplicates. */
  readonly used: string[];
  /** Makes ids unique among the sequences of a connection. */
  readonly seed: number;
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'fuzz', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** The parameters of `initialize`. */
export const HELLO = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } };

export const below = (limit: number, random: Random): number => Math.floor(random() * limit);

/** The next thing that a client sends. */
export function nextSent(writer: Writer): Sent {
  const { random } = writer;
  const roll = random();
  if (roll < 0.45) return validRequest(writer);
  if (roll < 0.65) return hostileRequest(writer);
  return pick(OTHERS, random)(writer);
}

/** The handshake of 2025, or one request of 2026. */
export function opening(writer: Writer): readonly Sent[] {
  if (writer.era === '2026-07-28') return [request(writer, 'tools/list', {})];
  return [request(writer, 'initialize', HELLO), note('notifications/initialized', {})];
}

/** A request of an era with an id of its own. */
export function request(
  writer: Pick<Writer, 'era' | 'used'> & { readonly seed: number | string },
  method: string,
  params: Readonly<Record<string, unknown>>,
  id: unknown = `q${writer.seed}-r${writer.used.length}`,
): Sent {
  const idText = JSON.stringify(id);
  writer.used.push(idText);
  const name = params.name ?? params.uri;
  const enveloped = writer.era === '2026-07-28' ? { ...params, _meta: { ...ENVELOPE, ...metaOf(params) } } : params;
  return {
    bytes: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params: enveloped })),
    asked: [idText],
    perhaps: [],
    what: method,
    head: { method, ...(typeof name === 'string' && { name }) },
  };
}

const metaOf = (params: Readonly<Record<string, unknown>>): object =>
  typeof params._meta === 'object' && params._meta !== null ? params._meta : {};

function note(method: string, params: unknown, what = method): Sent {
  return {
    bytes: Buffer.from(JSON.stringify({ jsonrpc: '2.0', method, params })),
    asked: [],
    perhaps: [],
    what,
    head: { method },
  };
}

type Call = readonly [method: string, params: Readonly<Record<string, unknown>>];

/** Requests that are right, and mistakes of the kind that models make. */
const CALLS: readonly Call[] = [
  ['tools/list', {}],
  ['tools/call', { name: 'listPets', arguments: { limit: 2 } }],
  ['tools/call', { name: 'getPet', arguments: { petId: 7 } }],
  ['tools/call', { name: 'getPet', arguments: { petId: 7 }, _meta: { progressToken: 'p' } }],
  ['tools/call', { name: 'getPet', arguments: { petId: 'seven' } }],
  ['tools/call', { name: 'listPets' }],
  ['tools/call', { name: 'nothing', arguments: {} }],
  ['tools/call', { name: 'listPets', arguments: { limit: 1e300 } }],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'api://pet-shop/pets/7' }],
  ['resources/read', { uri: 'no uri' }],
  ['prompts/list', {}],
  ['prompts/get', { name: 'nothing' }],
  ['completion/complete', { ref: { type: 'ref/resource', uri: 'api://x' }, argument: { name: 'a', value: '' } }],
  ['logging/setLevel', { level: 'debug' }],
  ['tools/list', { cursor: 'unknown' }],
  ['ping', {}],
  ['server/discover', {}],
  ['initialize', HELLO],
];

function validRequest(writer: Writer): Sent {
  const [method, params] = pick(CALLS, writer.random);
  return request(writer, method, params, usableId(writer));
}

/** Strings and integers, as MCP has them; sometimes one that is in use. */
function usableId({ random, used, seed }: Writer): unknown {
  const own = `q${seed}-${used.length}`;
  const number = 1_000 * (seed + 1) + used.length;
  const roll = random();
  if (roll < 0.08 && used.length > 0) return JSON.parse(pick(used, random));
  if (roll < 0.4) return own;
  if (roll < 0.7) return number;
  return pick([`${own} 日本語`, `${own}\u0000"`, `${own}__proto__`, own + 'x'.repeat(3_000), -number], random);
}

const WRONG: readonly unknown[] = [null, true, 0, -1, 1.5, '', 'text', '__proto__', [], {}, [null], [[]], { a: {} }];

const METHODS: readonly string[] = [
  ...['', 'unknown', 'tools', 'tools/', 'tools/list/', 'constructor', '__proto__', 'toString', 'hasOwnProperty'],
  ...['rpc.discover', 'roots/list', 'sampling/createMessage', 'elicitation/create', 'tasks/get', 'tools/call'],
  ...['notifications/cancelled', 'notifications/initialized', 'notifications/progress', `m${'x'.repeat(5_000)}`],
];

/** Whole JSON-RPC requests with usable ids, which MCP does not know like this. */
const HOSTILE: readonly ((writer: Writer) => readonly [method: string, params: Readonly<Record<string, unknown>>])[] = [
  ({ random }) => [pick(METHODS, random), {}],
  ({ random }) => ['tools/call', { name: pick(WRONG, random), arguments: {} }],
  ({ random }) => ['tools/call', { name: 'listPets', arguments: pick(WRONG, random) }],
  ({ random }) => ['tools/call', { name: 'listPets', arguments: { limit: pick(WRONG, random) } }],
  ({ random }) => ['tools/call', { name: pick(['__proto__', 'constructor', 'toString'], random), arguments: {} }],
  () => ['tools/call', { name: 'listPets', arguments: JSON.parse('{"__proto__":{"limit":1},"constructor":1}') }],
  () => ['tools/list', JSON.parse('{"__proto__":{"cursor":"x"},"constructor":{"prototype":{}}}')],
  ({ random }) => ['tools/list', { cursor: pick(WRONG, random) }],
  ({ random }) => ['tools/list', { _meta: { progressToken: pick(WRONG, random) } }],
  ({ random }) => [
    'tools/call',
    { name: 'getPet', arguments: { petId: 7 }, _meta: { progressToken: pick(WRONG, random) } },
  ],
  () => ['tools/call', { name: 'addPet', arguments: { name: 'x'.repeat(60_000) } }],
  () => ['tools/call', { name: 'listPets', arguments: { species: Array.from({ length: 3_000 }, () => 'cat') } }],
  () => ['tools/call', { name: 'listPets', arguments: Object.fromEntries(numbered(1_000)) }],
  ({ random }) => ['initialize', { protocolVersion: pick(WRONG, random), capabilities: pick(WRONG, random) }],
  ({ random }) => [
    'resources/read',
    { uri: pick([...WRONG, 'api://pet-shop/pets/%zz', 'file:///etc/passwd'], random) },
  ],
  ({ random }) => ['logging/setLevel', { level: pick(WRONG, random) }],
  ({ random }) => ['completion/complete', { ref: pick(WRONG, random), argument: pick(WRONG, random) }],
];

const numbered = (count: number) => Array.from({ length: count }, (_, index) => [`k${index}`, index] as const);

function hostileRequest(writer: Writer): Sent {
  const { random } = writer;
  if (random() < 0.15) return deepRequest(writer);
  if (random() < 0.15) return wrongParams(writer);
  const [method, params] = pick(HOSTILE, random)(writer);
  const sent = request(writer, method, params, usableId(writer));
  return { ...sent, what: `${method} ${JSON.stringify(params).slice(0, 80)}` };
}

/** Deeper than any recursion that is not bounded. */
function deepRequest(writer: Writer): Sent {
  const depth = 10_000;
  const [open, close] = pick([['[', ']'] as const, ['{"a":', '}'] as const], writer.random);
  const deep = open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth);
  const sent = request(writer, 'tools/call', { name: 'listPets', arguments: { limit: 'DEEP' } });
  return { ...sent, bytes: Buffer.from(String(sent.bytes).replace('"DEEP"', deep)), what: `deep ${open}` };
}

/** `params` and `_meta` that JSON-RPC or MCP forbid. The id is usable, so the client waits for an answer. */
function wrongParams(writer: Writer): Sent {
  const wrong = pick(WRONG, writer.random);
  const id = `q${writer.seed}-w${writer.used.length}`;
  const key = pick(['params', '_meta', 'extra'], writer.random);
  const params = key === 'params' ? wrong : key === '_meta' ? { _meta: wrong } : {};
  const message = { jsonrpc: '2.0', id, method: 'tools/list', params, ...(key === 'extra' && { extra: wrong }) };
  writer.used.push(JSON.stringify(id));
  return {
    bytes: Buffer.from(JSON.stringify(message)),
    asked: [JSON.stringify(id)],
    perhaps: [],
    what: `${key} ${JSON.stringify(wrong)}`,
    head: { method: 'tools/list' },
  };
}

const none = (bytes: Buffer | string, what: string, perhaps: readonly string[] = []): Sent => ({
  bytes: Buffer.from(bytes as string),
  asked: [],
  perhaps,
  what,
});

const OTHERS: readonly ((writer: Writer) => Sent)[] = [
  ({ random }) => none(Buffer.from(Array.from({ length: 1 + below(60, random) }, () => byteOf(random))), 'bytes'),
  ({ random }) =>
    none(pick(['', ' ', '{', '}', 'null', '1', '"text"', '[]', 'Content-Length: 5', '\u0000'], random), 'no message'),
  ({ random }) =>
    none(pick(['{}', '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":1}', '[{}]', '[1]'], random), 'empty', ['1']),
  (writer) => {
    const { bytes, what } = validRequest(writer);
    const id = writer.used.pop() ?? '';
    return none(bytes.subarray(0, below(bytes.length, writer.random)), `cut ${what}`, [id]);
  },
  (writer) => {
    // Bytes that are not UTF-8, within a string.
    const { bytes } = validRequest(writer);
    const id = writer.used.pop() ?? '';
    const at = bytes.indexOf('"method":"') + '"method":"'.length;
    const wrong = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc3, 0x28]), bytes.subarray(at)]);
    return none(wrong, 'no UTF-8', [id]);
  },
  (writer) => batch(writer),
  ({ random, seed, used }) => {
    const id = `q${seed}-v${used.length}`;
    const version = pick([...WRONG, '1.0', '2', 2], random);
    return none(JSON.stringify({ jsonrpc: version, id, method: 'ping' }), 'version', [JSON.stringify(id)]);
  },
  ({ random }) => {
    const id = pick(
      ['null', 'true', '1.5', '{}', '[]', '1e400', '1152921504606846976', '-0', '{"__proto__":1}'],
      random,
    );
    return none(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`, `id ${id}`, [JSON.stringify(JSON.parse(id))]);
  },
  ({ random, used }) => {
    const requestId = used.length > 0 && random() < 0.7 ? pick(used, random) : JSON.stringify(pick(WRONG, random));
    const params = `{"requestId":${requestId},"reason":"fuzz"}`;
    return {
      ...none(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`, `cancel ${requestId}`),
      cancels: requestId,
    };
  },
  ({ random }) => note('notifications/progress', { progressToken: pick(WRONG, random), progress: pick(WRONG, random) }),
  ({ random }) => note(pick(METHODS, random), pick(WRONG, random), 'notification'),
  ({ random }) => note('notifications/initialized', pick(WRONG, random)),
  ({ random, seed, used }) => {
    const id = random() < 0.5 && used.length > 0 ? JSON.parse(pick(used, random)) : `q${seed}-response`;
    const body = pick([{ result: {} }, { result: null }, { error: { code: -1, message: 'm' } }, { error: 5 }], random);
    return none(JSON.stringify({ jsonrpc: '2.0', id, ...body }), 'response');
  },
];

/** Batches left the protocol in 2025-06-18: their requests are answered once at most. */
function batch(writer: Writer): Sent {
  const parts = Array.from({ length: below(4, writer.random) }, () =>
    request(writer, 'ping', {}, `q${writer.seed}-b${writer.used.length}`),
  );
  const perhaps = parts.flatMap(({ asked }) => asked);
  return none(`[${parts.map(({ bytes }) => bytes).join()}]`, 'batch', perhaps);
}

/** Any byte but a line break, which would make two lines of one. */
function byteOf(random: Random): number {
  const byte = below(256, random);
  return byte === 10 || byte === 13 ? 32 : byte;
}

/** What went out, as JSON texts of ids with how many answers they may have. */
export function expectedAnswers(sent: readonly Sent[]): ReadonlyMap<string, { least: number; most: number }> {
  const expected = new Map<string, { least: number; most: number }>();
  const of = (id: string) => {
    const known = expected.get(id) ?? { least: 0, most: 0 };
    expected.set(id, known);
    return known;
  };
  for (const { asked, perhaps, cancels } of sent) {
    for (const id of asked) {
      of(id).least++;
      of(id).most++;
    }
    for (const id of perhaps) of(id).most++;
    if (cancels !== undefined) of(cancels).least = Number.NEGATIVE_INFINITY;
  }
  return expected;
}
