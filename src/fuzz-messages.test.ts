import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromRoot, type Started, start } from './cli/started.test.fixture.ts';
import {
  below,
  type Era,
  expectedAnswers,
  HELLO,
  nextSent,
  opening,
  request,
  type Sent,
  type Writer,
} from './fuzz-messages.test.fixture.ts';
import { atMost, FUZZ_TIMEOUT, fuzz, residentMegabytes, tell, thousands, within } from './fuzz-runs.test.fixture.ts';
import { pick, type Random } from './mutate.test.fixture.ts';
import { type OpenedApi, openApi } from './proxy.ts';
import { derived } from './runtime/derived.ts';
import { serveStdio } from './runtime/serve/stdio/serve-stdio.ts';
import { type MockApi, startMockApi } from './runtime/testing/mock-api.ts';

// Whatever a client sends, over stdio and over HTTP: every request gets one answer, and nothing else gets any.

const FILE = 'src/fuzz-messages';
const SEQUENCES = { stdio: atMost(400), runStdio: atMost(100), runHttp: atMost(300) };
const PETSTORE = fromRoot('test-specs/petstore.yaml');
const DEADLINE_MS = 10_000;
/** Of a server, whatever it was sent, and how much more than after its first messages. */
const MOST_MEGABYTES = { all: 700, grown: 250 };

let api: MockApi;
let opened: OpenedApi;
beforeAll(async () => {
  opened = await openApi(PETSTORE, { cache: false, answerSchemas: 'all' });
  api = await startMockApi(opened.model);
  await opened.provider.close();
  opened = await openApi(PETSTORE, { cache: false, baseUrl: api.url });
});
afterAll(async () => {
  await opened.provider.close();
  await api.close();
});

const count = { messages: 0, answered: 0 };

const counts = (name: string, sequences: number): string =>
  `${name}: ${thousands(sequences)} sequences, ${thousands(count.messages)} messages, ${thousands(count.answered)} requests answered once`;

function counted(sent: readonly Sent[], answers: readonly Answer[]): void {
  const asked = new Set(sent.flatMap((one) => one.asked));
  count.messages += sent.length;
  count.answered += answers.filter(({ id }) => asked.has(id)).length;
}

/** The messages of a seed, and a call at the end that has to succeed. */
function sequence(random: Random, seed: number): readonly Sent[] {
  const era: Era = pick(['2025-11-25', '2026-07-28'], random);
  const writer: Writer = { random, era, used: [], seed };
  const first = random() < 0.8 ? opening(writer) : [];
  return [...first, ...Array.from({ length: 5 + below(30, random) }, () => nextSent(writer))];
}

/** Of both eras: a connection is of the one that its first message had. */
function lastCalls(prefix: string): readonly Sent[] {
  return (['2025-11-25', '2026-07-28'] as const).flatMap((era) => {
    const writer = { era, used: [], seed: `${prefix}last-${era}` };
    const list = request(writer, 'tools/list', {});
    return [list, request(writer, 'tools/call', { name: 'getPet', arguments: { petId: 7 } })];
  });
}

const LEGACY_HELLO = request({ era: '2025-11-25', used: [], seed: 'hello' }, 'initialize', HELLO);

test(`stdio: ${SEQUENCES.stdio} sequences, each on a connection`, { timeout: FUZZ_TIMEOUT }, async () => {
  Object.assign(count, { messages: 0, answered: 0 });
  await fuzz({ file: FILE, runs: SEQUENCES.stdio }, async (random) => {
    const sent = [...sequence(random, 0), LEGACY_HELLO, ...lastCalls('')];
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const answers = answersOn(stdout);
    const provider = { ...derived(opened.provider, {}), close: async () => {} };
    const connection = await serveStdio(provider, { onError: () => {}, stdin, stdout });
    await writePieces(stdin, Buffer.concat(sent.map(({ bytes }) => Buffer.concat([bytes, Buffer.from('\n')]))), random);
    // What has been sent before the end is answered all the same.
    if (random() < 0.5) await until(() => isAnswered(sent, answers));
    stdin.end();
    const closing = connection.closed.then(() => true);
    if (!(await within(DEADLINE_MS, closing))) return ['it never closes'];
    counted(sent, answers);
    return judged(sent, answers);
  });
  tell(counts('stdio', SEQUENCES.stdio));
});

/** In one piece, in a few, or byte by byte: a client may be slow, or send two messages at once. */
async function writePieces(stdin: PassThrough, bytes: Buffer, random: Random): Promise<void> {
  const pieces = pick([1, 3, 40], random);
  const cuts = Array.from({ length: pieces }, () => below(bytes.length, random)).sort((a, b) => a - b);
  // The first bytes come one at a time.
  const slow = random() < 0.2 ? Array.from({ length: Math.min(600, bytes.length) }, (_, at) => at) : [];
  const edges = [...slow, ...cuts.filter((at) => at > (slow.at(-1) ?? 0)), bytes.length];
  let from = 0;
  for (const edge of edges) {
    stdin.write(bytes.subarray(from, edge));
    from = edge;
    await setImmediate();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (const started = performance.now(); !holds() && performance.now() - started < DEADLINE_MS; ) await sleep(2);
}

interface Answer {
  /** Its JSON text. */
  readonly id: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** The answers on a stream of lines; notifications are none. */
function answersOn(stream: NodeJS.ReadableStream): Answer[] {
  const answers: Answer[] = [];
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    answers.push(...lines.flatMap((line) => answerIn(JSON.parse(line))));
  });
  return answers;
}

const answerIn = (message: Answer['message']): readonly Answer[] =>
  message.method === undefined ? [{ id: JSON.stringify(message.id ?? null), message }] : [];

function timesOf(answers: readonly Answer[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { id } of answers) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

function isAnswered(sent: readonly Sent[], answers: readonly Answer[]): boolean {
  const times = timesOf(answers);
  return [...expectedAnswers(sent)].every(([id, { least }]) => (times.get(id) ?? 0) >= least);
}

function judged(sent: readonly Sent[], answers: readonly Answer[]): readonly string[] {
  const expected = expectedAnswers(sent);
  const times = timesOf(answers);
  // What cannot be read at all has no id to answer with.
  const nameless = sent.filter(({ asked }) => asked.length === 0).length;
  const wrong = [...new Set([...expected.keys(), ...times.keys()])].flatMap((id) => {
    const { least, most } = expected.get(id) ?? { least: 0, most: 0 };
    const got = times.get(id) ?? 0;
    if (got >= least && got <= (id === 'null' ? nameless : most)) return [];
    const what = sent.filter(({ asked, perhaps }) => [...asked, ...perhaps].includes(id)).map((one) => one.what);
    return [`id ${id.slice(0, 80)}: ${got} answers instead of ${least} to ${most}: ${what.join(', ')}`];
  });
  return [...wrong, ...lastFaults(answers)];
}

/** In one of the eras, the last list and the last call have results. */
function lastFaults(answers: readonly Answer[]): readonly string[] {
  const results = (['2025-11-25', '2026-07-28'] as const).map((era) =>
    answers.filter(({ id, message }) => id.includes(`last-${era}`) && isGood(message.result)),
  );
  if (results.some((good) => good.length >= 2)) return [];
  const last = answers.filter(({ id }) => id.includes('last-')).map(({ message }) => JSON.stringify(message));
  return [`the last calls fail: ${last.join(' ').slice(0, 600)}`];
}

const isGood = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && (result as { isError?: boolean }).isError !== true;

test(`run over stdio: ${SEQUENCES.runStdio} sequences on one connection`, { timeout: FUZZ_TIMEOUT }, async () => {
  Object.assign(count, { messages: 0, answered: 0 });
  const program = start(['run', PETSTORE, '--base-url', api.url, '--no-cache']);
  const answers = answersOn(program.stdout);
  program.stdin.write(`${LEGACY_HELLO.bytes}\n`);
  await until(() => answers.length > 0);
  const memory: (number | undefined)[] = [];
  await fuzz({ file: FILE, runs: SEQUENCES.runStdio }, async (random, seed) => {
    const sent = [...sequence(random, seed), ...lastCalls(`q${seed}-`)];
    answers.length = 0;
    for (const { bytes } of sent) program.stdin.write(Buffer.concat([bytes, Buffer.from('\n')]));
    await until(() => isAnswered(sent, answers));
    memory.push(await residentMegabytes(program.pid));
    counted(sent, answers);
    return [...judged(sent, answers), ...broken(program)];
  });
  program.stdin.end();
  expect(await within(DEADLINE_MS, program.ended)).toMatchObject({ code: 0 });
  expect(grown(memory)).toEqual([]);
  tell(counts('run over stdio', SEQUENCES.runStdio));
});

test(`run over HTTP: ${SEQUENCES.runHttp} sequences`, { timeout: FUZZ_TIMEOUT }, async () => {
  Object.assign(count, { messages: 0, answered: 0 });
  const program = start(['run', PETSTORE, '--base-url', api.url, '--no-cache', '--transport', 'http', '--port', '0']);
  await program.said('/mcp');
  const url = /http:\/\/\S+\/mcp/.exec(program.stderr())?.[0] ?? '';
  const memory: (number | undefined)[] = [];
  await fuzz({ file: FILE, runs: SEQUENCES.runHttp }, async (random, seed) => {
    const era: Era = pick(['2025-11-25', '2026-07-28'], random);
    const writer: Writer = { random, era, used: [], seed };
    const sent = Array.from({ length: 2 + below(6, random) }, () => nextSent(writer));
    const posts = [...sent.map((one) => postOf(one, era, random)), ...lastCalls('').map(goodPost)];
    const found = await Promise.all(posts.map((post) => faultsOfPost(url, post, random)));
    memory.push(await residentMegabytes(program.pid));
    return [...found.flat(), ...broken(program)];
  });
  // Requests that stall do not keep it alive.
  program.kill('SIGTERM');
  expect(await within(DEADLINE_MS, program.ended)).toMatchObject({ code: expect.any(Number) });
  expect(grown(memory)).toEqual([]);
  tell(counts('run over HTTP', SEQUENCES.runHttp));
});

/** How a message is sent, and whether its head is as the protocol wants it. */
interface Post {
  readonly sent: Sent;
  readonly headers: Readonly<Record<string, string>>;
  /** The head is right: what is asked has to be answered. */
  readonly isGood: boolean;
  /** The body is shorter than its head says: the connection is closed then, or stays. */
  readonly cut: 'closed' | 'stalled' | undefined;
  readonly slow: boolean;
  /** Its result has to be one. */
  readonly last: boolean;
}

const TYPES = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

const headersOf = ({ head }: Sent, era: Era): Readonly<Record<string, string>> => ({
  ...TYPES,
  'MCP-Protocol-Version': era,
  ...(era === '2026-07-28' && head && { 'Mcp-Method': plainText(head.method) }),
  ...(era === '2026-07-28' && head?.name !== undefined && { 'Mcp-Name': plainText(head.name) }),
});

/** As far as a header can hold it. */
const plainText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 1_000);

const goodPost = (sent: Sent, at: number): Post => ({
  sent,
  headers: headersOf(sent, at < 2 ? '2025-11-25' : '2026-07-28'),
  isGood: true,
  cut: undefined,
  slow: false,
  last: true,
});

const STRANGE: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['Content-Type', ['text/plain', '', 'application/json; charset=utf-16', 'application/JSON', 'a'.repeat(3_000)]],
  ['Accept', ['text/html', '', 'application/json', 'text/event-stream', '*/*', ';q=x', ','.repeat(2_000)]],
  ['MCP-Protocol-Version', ['', '1', '2024-11-05', '2025-11-25', '2026-07-28', '9999-99-99', '__proto__']],
  ['Mcp-Method', ['', 'tools/list', 'nothing', '__proto__', 'x'.repeat(3_000)]],
  ['Mcp-Name', ['', 'listPets', '=?base64?x?=', '=?base64?!!?=', '__proto__', 'x'.repeat(3_000)]],
  ['Mcp-Session-Id', ['', 'unknown', '__proto__', 'x'.repeat(3_000)]],
  ['Last-Event-ID', ['', '1', 'x'.repeat(3_000)]],
  ['Content-Encoding', ['gzip', 'br', 'identity', 'nothing']],
  ['Expect', ['100-continue']],
];

function postOf(sent: Sent, era: Era, random: Random): Post {
  const isStrange = random() < 0.4;
  const [name, values] = pick(STRANGE, random);
  const cut = random() < 0.05 ? pick(['closed', 'stalled'] as const, random) : undefined;
  return {
    sent,
    headers: { ...headersOf(sent, era), ...(isStrange && { [name]: pick(values, random) }) },
    isGood: !isStrange && !cut && (era === '2025-11-25' || isWhole(sent)),
    cut,
    slow: random() < 0.1,
    last: false,
  };
}

/** The headers say all of what the body says. */
const isWhole = ({ head }: Sent): boolean =>
  head !== undefined && [head.method, head.name ?? 'x'].every((text) => text !== '' && text === plainText(text));

async function faultsOfPost(url: string, post: Post, random: Random): Promise<readonly string[]> {
  const answer = await within(DEADLINE_MS, posted(url, post, random));
  const what = `${post.sent.what} ${JSON.stringify(post.headers).slice(0, 300)}`;
  if (answer === undefined) return [`no end after ${DEADLINE_MS} ms: ${what}`];
  if (post.cut) return [];
  counted([post.sent], messagesIn(answer));
  const fault = faultOfAnswer(answer, post);
  return fault === undefined ? [] : [`${fault}: ${answer.status} ${answer.text.slice(0, 200)}: ${what}`];
}

interface PostAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function posted(url: string, { sent, headers, cut, slow }: Post, random: Random): Promise<PostAnswer> {
  return new Promise((resolve) => {
    const gone = (error: Error) => resolve({ status: 0, headers: {}, text: error.message });
    const length = cut ? { 'Content-Length': String(sent.bytes.length + 10) } : {};
    const outgoing = httpRequest(url, { method: 'POST', agent: false, headers: { ...headers, ...length } });
    outgoing.on('error', gone);
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', gone);
    });
    const middle = below(sent.bytes.length + 1, random);
    if (cut === 'closed') outgoing.write(sent.bytes, () => outgoing.destroy());
    else if (cut === 'stalled') outgoing.write(sent.bytes, () => gone(new Error('It stalls.')));
    else if (slow) {
      outgoing.write(sent.bytes.subarray(0, middle));
      sleep(5 * random()).then(() => outgoing.end(sent.bytes.subarray(middle)));
    } else outgoing.end(sent.bytes);
  });
}

/** JSON, or the events of a stream. */
function messagesIn({ headers, text }: PostAnswer): readonly Answer[] {
  const type = String(headers['content-type'] ?? '');
  const texts = /event-stream/.test(type)
    ? text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
    : /json/.test(type) && text !== ''
      ? [text]
      : [];
  return texts.filter((one) => one !== '').flatMap((one) => [JSON.parse(one)].flat().flatMap(answerIn));
}

function faultOfAnswer(answer: PostAnswer, { sent, isGood, last }: Post): string | undefined {
  if (answer.status === 0 || answer.status >= 500) return 'the server fails';
  const answers = messagesIn(answer);
  const strange = answers.filter(({ id }) => id !== 'null' && ![...sent.asked, ...sent.perhaps].includes(id));
  if (strange.length > 0) return 'an answer to nothing';
  if (answers.length > Math.max(1, sent.perhaps.length)) return `${answers.length} answers`;
  if (isGood && sent.asked.length > 0 && answers.length !== 1) return 'no answer';
  if (last && !hasResult(answers)) return 'the last call fails';
  return undefined;
}

const hasResult = (answers: readonly Answer[]): boolean => answers.length === 1 && isGood(answers[0]?.message.result);

/** More than after the first sequences, or than any server should need. */
function grown(memory: readonly (number | undefined)[]): readonly string[] {
  const known = memory.filter((megabytes) => megabytes !== undefined);
  const [early, late] = [known[Math.floor(known.length / 5)] ?? 0, known.at(-1) ?? 0];
  const isFine = late <= MOST_MEGABYTES.all && late - early <= MOST_MEGABYTES.grown;
  return isFine ? [] : [`${Math.round(early)} MB have become ${Math.round(late)} MB`];
}

/** What a program says that has lost control. */
const BROKEN = /unhandled|uncaught|fatal error|^\s+at .*:\d+:\d+\)?$/im;

function broken(program: Started): readonly string[] {
  const found = BROKEN.exec(program.stderr());
  return found ? [`stderr: ${program.stderr().slice(Math.max(0, found.index - 300), found.index + 500)}`] : [];
}
