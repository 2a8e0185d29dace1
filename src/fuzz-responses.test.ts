import { isCallToolResult } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodResponse, startWritingApi, strangeResponse, type WritingApi } from './fuzz-responses.test.fixture.ts';
import { atMost, FUZZ_TIMEOUT, fuzz, tell, thousands, within } from './fuzz-runs.test.fixture.ts';
import { pick, type Random } from './mutate.test.fixture.ts';
import { type OpenedApi, openApi } from './proxy.ts';
import { callContext } from './runtime/call-context.ts';
import { CALL_ERRORS } from './runtime/call-error.ts';
import { keepResults, pageResults, shapeResults } from './runtime/fit/index.ts';
import { outcomeOf } from './runtime/outcome.ts';
import type { Provider } from './runtime/provider.ts';

// Whatever an API responds: the call ends in time, with a result or a documented error, and the next one works.

const FILE = 'src/fuzz-responses';
const SEEDS = atMost(600);
const CALLS_PER_SEED = 3;
const TIMEOUT_MS = 250;
/** Retries do not exist here: a call may take its time limit, and a while to notice it. */
const DEADLINE_MS = 5_000;
const SECRET = 'planted/Credential+0f7c3e91';

const content = (schema: object) => ({ 'application/json': { schema }, 'text/plain': {}, '*/*': {} });
const rows = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'string' }, name: { type: 'string' } } },
    },
    nextPageToken: { type: 'string' },
  },
};

let api: WritingApi;
let opened: OpenedApi;
let providers: readonly (readonly [name: string, provider: Provider])[];
beforeAll(async () => {
  api = await startWritingApi();
  const responses = { 200: { description: 'ok', content: content(rows) } };
  const token = { name: 'pageToken', in: 'query', schema: { type: 'string' } };
  const body = { content: { 'application/json': { schema: { type: 'object' } } } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Fuzz', version: '1' },
    servers: [{ url: api.url }],
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    paths: {
      '/value': {
        get: { operationId: 'value', responses },
        post: { operationId: 'send', requestBody: body, responses },
      },
      '/rows': { get: { operationId: 'rows', parameters: [token], responses } },
      '/events': {
        get: { operationId: 'events', responses: { 200: { description: 'ok', content: { 'text/event-stream': {} } } } },
      },
    },
  };
  opened = await openApi(document, { cache: false, timeoutMs: TIMEOUT_MS, environment: { API_KEY_KEY: SECRET } });
  const { provider } = opened;
  providers = [
    ['plain', provider],
    ['kept', keepResults(provider, { maxTokens: 500 })],
    ['paged', pageResults(provider)],
    ['shaped', shapeResults(provider, { fields: { value: ['items.id', 'nextPageToken'], rows: ['items'] } })],
    ['kept and paged', keepResults(pageResults(provider), { maxTokens: 500 })],
  ];
});
afterAll(() => api.close());

test(`calls with ${SEEDS * CALLS_PER_SEED} strange responses end, and the next ones work`, {
  timeout: FUZZ_TIMEOUT,
}, async () => {
  const count = { calls: 0, responses: 0, errors: 0 };
  await fuzz({ file: FILE, runs: SEEDS }, async (random) => {
    const found: string[] = [];
    for (let left = CALLS_PER_SEED; left > 0; left--) {
      const whats: string[] = [];
      api.answer = () => {
        const written = strangeResponse(random, SECRET);
        whats.push(written.what);
        return written;
      };
      const [faults, isError] = await judgedCall(random);
      found.push(...faults.map((fault) => `${fault}\n    after ${whats.slice(-3).join('\n    after ')}`));
      count.calls++;
      count.responses += whats.length;
      if (isError) count.errors++;
    }
    api.answer = goodResponse;
    const next = await opened.provider.callTool({ name: 'value', arguments: {} }, callContext());
    if (next.isError) found.push(`the next call fails: ${JSON.stringify(next.content)}`);
    return found;
  });
  await opened.provider.close();
  await expect.poll(() => api.open.size, { timeout: 5_000 }).toBe(0);
  const { calls, responses, errors } = count;
  tell(
    `responses: ${thousands(SEEDS)} seeds, ${thousands(calls)} calls, ${thousands(responses)} responses, ${thousands(errors)} results with isError`,
  );
});

type Judged = readonly [faults: readonly string[], isError: boolean];

async function judgedCall(random: Random): Promise<Judged> {
  const [how, provider] = pick(providers, random);
  const name = pick(['value', 'value', 'send', 'rows', 'rows', 'events'], random);
  const collects = how.includes('paged') && name === 'rows' && random() < 0.5;
  const args = name === 'send' ? { body: { a: 1 } } : collects ? { max_items: 20 } : {};
  const calling = provider.callTool({ name, arguments: args }, callContext()).catch((error: unknown) => ({ error }));
  const result = await within(DEADLINE_MS, calling);
  const say = (fault: string): Judged => [[`${name}, ${how}: ${fault}`], true];
  if (result === undefined) return say(`no end after ${DEADLINE_MS} ms`);
  if ('error' in result) return say(`throws ${result.error instanceof Error ? result.error.stack : result.error}`);
  const text = JSON.stringify(result);
  if (!isCallToolResult(JSON.parse(text))) return say(`no result of MCP: ${text.slice(0, 500)}`);
  if (holdsSecret(text)) return say(`the credential: ${text.slice(0, 800)}`);
  const { error, status } = outcomeOf(result) ?? {};
  if (error !== undefined && !Object.hasOwn(CALL_ERRORS, error)) return say(`${error}: ${text.slice(0, 800)}`);
  if (result.isError && error === undefined && status === undefined) return say(`no reason: ${text.slice(0, 800)}`);
  return [[], result.isError === true];
}

const holdsSecret = (text: string): boolean =>
  [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')].some((form) => text.includes(form));
