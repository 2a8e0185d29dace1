import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { propertyRuns } from '../property-runs.test.fixture.ts';
import { openApi } from '../proxy.ts';
import { cache, confirm, retry } from '../runtime/middleware/index.ts';
import { startTokenIssuer, type TokenIssuer } from '../runtime/serve/auth/token-issuer.test.fixture.ts';
import type { HttpServer } from '../runtime/serve/http/node-http.ts';
import { createServer } from '../runtime/server.ts';
import {
  type CallerApi,
  callAs,
  callerDocument,
  ERAS,
  type ExchangeEndpoint,
  startCallerApi,
  startExchange,
} from './on-behalf.test.fixture.ts';

// Row 45 of the table of attacks: whatever is kept for one caller – its token, the token of the API for it, a response, a
// confirmation – never serves another, however their calls interleave with expiry, rejected tokens and retries. The two
// callers are the same subject at two issuers (row 23).

const RESOURCE = 'https://mcp.example.com/mcp';
let issuers: readonly TokenIssuer[];
let api: CallerApi;
let exchange: ExchangeEndpoint;
let server: HttpServer;

/** The tokens that the API rejects from now on, and how many requests it refuses for a moment. */
const state = { rejected: new Set<string>(), latest: new Map<string, string>(), busy: 0 };

beforeAll(async () => {
  issuers = await Promise.all([0, 1].map(() => startTokenIssuer({ audience: RESOURCE })));
  api = await startCallerApi();
  exchange = await startExchange();
  api.respond((request, response) => {
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const owner = exchange.ownerOf(token)?.split(' ')[0] ?? 'nobody';
    state.latest.set(owner, token);
    if (state.rejected.has(token)) return response.writeHead(401).end(`no longer valid: ${token}`);
    if (state.busy > 0) {
      state.busy -= 1;
      return response.writeHead(503).end();
    }
    const body = JSON.stringify({ owner, path: request.url, echo: token });
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  });
  const { provider } = await openApi(
    { text: JSON.stringify(callerDocument(api.url, exchange.tokenUrl)) },
    {
      cache: false,
      environment: {},
      auth: { login: { exchange: { clientId: 'the-server', clientSecret: 'the-secret-of-it' } } },
    },
  );
  const notes = createServer({ name: 'desk', version: '1' });
  notes.mount('notes', provider);
  notes.use(confirm({ unasked: 'token' }), cache({ ttlMs: 60_000 }), retry({ attempts: 3, firstWaitMs: 1 }));
  server = await notes.run({
    transport: 'http',
    port: 0,
    onError: () => {},
    auth: { publicUrl: RESOURCE, verifiers: issuers.map(({ issuer }) => ({ provider: issuer })) },
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([api, exchange, ...issuers].map((each) => each.close()));
});

/** A schedule: rounds of steps; the steps of a round happen at the same time. */
const STEP = fc.record({
  caller: fc.nat(1),
  does: fc.constantFrom('get', 'get', 'add', 'confirm own', 'confirm other', 'refresh', 'reject', 'expire', 'busy'),
  id: fc.nat(1),
  era: fc.constantFrom(...ERAS),
});
type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

/** One run of a schedule: its own notes, so that schedules do not share cached responses. */
class Run {
  static #count = 0;
  readonly #name = `run-${Run.#count++}`;
  readonly #tokens: string[];
  readonly #confirmations: (string | undefined)[] = [];

  private constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  static async start(): Promise<Run> {
    exchange.expiresIn = 300;
    state.busy = 0;
    state.rejected.clear();
    return new Run(await Promise.all(issuers.map((issuer) => issuer.token({ jti: crypto.randomUUID() }))));
  }

  async step({ caller, does, id, era }: Step): Promise<void> {
    const issuer = issuers[caller]?.issuer ?? '';
    switch (does) {
      case 'get':
        return this.#get(caller, `${this.#name}-${id}`, era);
      case 'add':
        return this.#ask(caller, era);
      case 'confirm own':
        return this.#confirm(caller, caller, era);
      case 'confirm other':
        return this.#confirm(caller, 1 - caller, era);
      case 'refresh':
        this.#tokens[caller] = (await issuers[caller]?.token({ jti: crypto.randomUUID() })) ?? '';
        return;
      case 'reject': {
        const latest = state.latest.get(issuer);
        if (latest !== undefined) state.rejected.add(latest);
        return;
      }
      case 'expire':
        exchange.expiresIn = exchange.expiresIn === 0 ? 300 : 0;
        return;
      case 'busy':
        state.busy += 1;
        return;
    }
  }

  async #call(caller: number, name: string, args: Readonly<Record<string, string>>, era: Step['era']) {
    const { text, status } = await callAs(this.#tokens[caller] ?? '', server.url, { name, args, era });
    expect(text).not.toContain('exchanged-');
    expect(text).not.toContain(issuers[1 - caller]?.issuer);
    return { text, status };
  }

  async #get(caller: number, id: string, era: Step['era']): Promise<void> {
    const { text, status } = await this.#call(caller, 'notes_getNote', { id }, era);
    if (status !== 200 || !text.includes('"owner"')) return;
    expect(JSON.parse(text)).toMatchObject({ owner: issuers[caller]?.issuer, path: `/notes/${id}` });
  }

  /** The name of the note says on whose behalf it may be added. */
  #note = (caller: number) => ({ id: `${this.#name}-of-${caller}` });

  async #ask(caller: number, era: Step['era']): Promise<void> {
    const { text } = await this.#call(caller, 'notes_addNote', this.#note(caller), era);
    expect(text).not.toContain('"owner"');
    this.#confirmations[caller] = /"confirm":\s*"([^"]+)"/.exec(text)?.[1];
  }

  async #confirm(caller: number, whose: number, era: Step['era']): Promise<void> {
    const token = this.#confirmations[whose];
    if (token === undefined) return;
    const { text } = await this.#call(caller, 'notes_addNote', { ...this.#note(whose), confirm: token }, era);
    if (caller !== whose) expect(text).not.toContain('"owner"');
  }
}

test('nothing of one caller ever serves another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(STEP, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), async (rounds) => {
      const run = await Run.start();
      for (const round of rounds) await Promise.all(round.map((step) => run.step(step)));
    }),
    // A failure prints the seed and the smallest schedule.
    { numRuns: propertyRuns(240) },
  );
  // What arrived: every note was added with a token of the caller that it names.
  const added = api.reached.filter(({ path }) => path.includes('-of-'));
  for (const { path, authorization = '' } of added) {
    const issuer = issuers[Number(path.at(-1))]?.issuer;
    expect(exchange.ownerOf(authorization.slice('Bearer '.length))?.split(' ')[0]).toBe(issuer);
  }
  // The schedules did what they are for.
  expect(added.length).toBeGreaterThan(0);
  expect(exchange.asked.length).toBeGreaterThan(2);
}, 120_000);
