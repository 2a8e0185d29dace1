import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { type FaultyApi, FINE, MISBEHAVIOURS, startFaultyApi } from './faulty-api.test.fixture.ts';
import { freePort } from './free-port.test.fixture.ts';
import { json, type Loopback, loopback } from './loopback.test.fixture.ts';
import { openApi, type ProxyOptions } from './proxy.ts';
import { callContext } from './runtime/call-context.ts';
import { type AuditEntry, auditLog } from './runtime/middleware/audit-log.ts';
import { withMiddleware } from './runtime/middleware/with-middleware.ts';
import { keepResultsInFiles } from './runtime/node/keep-results-in-files.ts';
import { outcomeOf } from './runtime/outcome.ts';
import type { Provider, ToolResult } from './runtime/provider.ts';
import { callTool } from './runtime/serve/call/call-tool.ts';

// docs/faults.md is made from these tables: each row is a test. `npm run faults -- -u` updates the page.

const TIMEOUT_MS = 400;
/** What a loaded machine may take longer than the limit. */
const SLACK_MS = 3_000;

/** What the model gets: an error, or a result with or without a note. */
type Ending = 'the response' | 'a failed result' | 'HTTP_STATUS' | 'MISFIT' | 'INCOMPLETE' | `${Uppercase<string>}`;
type When = 'at once' | 'after `--timeout`';

/** Each misbehaviour of an API, in the words of the page. */
const OF_THE_API: Readonly<Record<keyof typeof MISBEHAVIOURS, readonly [fault: string, ending: Ending, when: When]>> = {
  reset: ['resets the connection', 'CONNECTION_LOST', 'at once'],
  'close without a response': ['closes the connection without a response', 'CONNECTION_LOST', 'at once'],
  'no response': ['does not respond', 'TIMEOUT', 'after `--timeout`'],
  'stall in the head': ['stalls in the head of the response', 'TIMEOUT', 'after `--timeout`'],
  'stall in the body': ['stalls in the body', 'TIMEOUT', 'after `--timeout`'],
  'trickle in the head': ['sends the head byte by byte', 'TIMEOUT', 'after `--timeout`'],
  'trickle in the body': ['sends the body byte by byte', 'TIMEOUT', 'after `--timeout`'],
  'informational responses without end': ['sends 102 again and again', 'TIMEOUT', 'after `--timeout`'],
  'less than Content-Length': ['sends less than its `Content-Length`', 'CONNECTION_LOST', 'at once'],
  'more than Content-Length': ['sends more than its `Content-Length`', 'the response', 'at once'],
  'two lengths': ['sends two different `Content-Length`s', 'CONNECTION_LOST', 'at once'],
  'a broken chunk': ['sends a chunk without a length', 'CONNECTION_LOST', 'at once'],
  'chunks without end': ['sends a body without end', 'INCOMPLETE', 'at once'],
  'headers without end': ['sends headers without end', 'ANSWER_TOO_LARGE', 'at once'],
  'one header of 1 MB': ['sends a header of 1 MB', 'ANSWER_TOO_LARGE', 'at once'],
  'no HTTP': ['does not speak HTTP', 'CONNECTION_LOST', 'at once'],
  'broken compression': ['sends a compressed body that is broken', 'ANSWER_UNREADABLE', 'at once'],
  'a compression bomb': ['sends 200 kB that decompress to 200 MB', 'INCOMPLETE', 'at once'],
  'no JSON': ['sends JSON that is cut', 'MISFIT', 'at once'],
  'a circle of redirects': ['redirects in a circle', 'REDIRECT_REFUSED', 'at once'],
  'a redirect to nowhere': ['redirects to something that is not a URL', 'HTTP_STATUS', 'at once'],
  'overload (503)': ['responds 503', 'HTTP_STATUS', 'at once'],
};

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-faults-'));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => rmSync(folder, { recursive: true }));

const documentOf = (server: string, more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Faulty', version: '1' },
  servers: [{ url: server }],
  paths: {
    '/state': {
      get: {
        operationId: 'getState',
        responses: { 200: { description: 'ok', content: { 'application/json': {}, 'text/plain': {} } } },
      },
    },
  },
  ...more,
});

async function open(document: Record<string, unknown>, options: ProxyOptions = {}): Promise<Provider> {
  const { provider } = await openApi(document, { timeoutMs: TIMEOUT_MS, cache: false, environment: {}, ...options });
  cleanups.push(() => provider.close());
  return provider;
}

async function call(provider: Provider) {
  const started = performance.now();
  const result = await provider.callTool({ name: 'getState', arguments: {} }, callContext());
  return { ending: endingOf(result), ms: performance.now() - started };
}

function endingOf(result: ToolResult): Ending {
  const { error, flaw, status } = outcomeOf(result) ?? {};
  if (error !== undefined) return error as Ending;
  if (flaw !== undefined) return flaw;
  if (!result.isError) return 'the response';
  return status === undefined ? 'a failed result' : 'HTTP_STATUS';
}

async function faultyApi(port?: number): Promise<FaultyApi> {
  const api = await startFaultyApi(port);
  cleanups.push(() => api.stop());
  return api;
}

async function serving(answer: Parameters<typeof loopback>[0]): Promise<Loopback> {
  const server = await loopback(answer);
  cleanups.push(() => server.close());
  return server;
}

describe('the API', () => {
  const rows = Object.entries(MISBEHAVIOURS).map(([name, how]) => {
    const [fault, ending, when] = OF_THE_API[name as keyof typeof MISBEHAVIOURS];
    return { fault, how, ending, when };
  });

  test.each(rows)('$fault: $ending, and the next call works', async ({ how, ending, when }) => {
    const api = await faultyApi();
    const provider = await open(documentOf(api.origin), when === 'at once' ? { timeoutMs: SLACK_MS } : {});
    expect(await call(provider)).toMatchObject({ ending: 'the response' });
    api.behave(how);
    const faulty = await call(provider);
    expect(faulty.ending).toBe(ending);
    expect(faulty.ms).toBeLessThan(SLACK_MS);
    if (when !== 'at once') expect(faulty.ms).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
    api.behave(FINE);
    expect(await call(provider)).toMatchObject({ ending: 'the response' });
  });
});

/** A fault that has a test of its own. */
interface Fault {
  readonly fault: string;
  readonly ending: Ending;
  readonly when: When;
  /** Makes the faulty call; returns its ending, and calls again once the fault is over. */
  readonly run: () => Promise<{ readonly faulty: Ending; readonly next: Ending }>;
}

const OAUTH = (tokenUrl: string) => ({
  security: [{ login: [] }],
  components: {
    securitySchemes: { login: { type: 'oauth2', flows: { clientCredentials: { tokenUrl, scopes: {} } } } },
  },
});
const CLIENT = { OAUTH_CLIENT_ID_LOGIN: 'client', OAUTH_CLIENT_SECRET_LOGIN: 'secret' };
const TOKEN = { access_token: 'token', token_type: 'Bearer', expires_in: 3600 };

/** An API that needs a token, and a token server that misbehaves for the first call. */
async function behindLogin(misbehave: Parameters<typeof loopback>[0]) {
  let isFine = false;
  const tokens = await serving((request, response) => (isFine ? json(response, TOKEN) : misbehave(request, response)));
  const api = await serving((_, response) => json(response, { ok: true }));
  const provider = await open(documentOf(api.url, OAUTH(`${tokens.url}/token`)), {
    environment: CLIENT,
    credentialsFor: [api.url, tokens.url],
  });
  const faulty = (await call(provider)).ending;
  isFine = true;
  return { faulty, next: (await call(provider)).ending };
}

const OTHERS: Readonly<Record<string, readonly Fault[]>> = {
  'The network': [
    {
      fault: 'the API is stopped, and started again',
      ending: 'CONNECTION_REFUSED',
      when: 'at once',
      async run() {
        const port = await freePort();
        const provider = await open(documentOf(`http://127.0.0.1:${port}`));
        const first = await startFaultyApi(port);
        expect((await call(provider)).ending).toBe('the response');
        await first.stop();
        const faulty = (await call(provider)).ending;
        await faultyApi(port);
        return { faulty, next: (await call(provider)).ending };
      },
    },
    {
      fault: 'the API closes an idle connection when the next request is sent',
      ending: 'CONNECTION_LOST',
      when: 'at once',
      async run() {
        const api = await faultyApi();
        const provider = await open(documentOf(api.origin));
        expect((await call(provider)).ending).toBe('the response');
        api.behave((socket) => socket.destroy());
        const faulty = (await call(provider)).ending;
        api.behave(FINE);
        return { faulty, next: (await call(provider)).ending };
      },
    },
    {
      fault: 'the name of the host does not resolve',
      ending: 'HOST_NOT_FOUND',
      when: 'at once',
      async run() {
        // RFC 6761 §6.4: it never does.
        const provider = await open(documentOf('http://api.invalid'), { timeoutMs: SLACK_MS });
        const faulty = (await call(provider)).ending;
        const api = await faultyApi();
        return { faulty, next: (await call(await open(documentOf(api.origin)))).ending };
      },
    },
  ],
  'The token server': [
    {
      fault: 'the token server does not respond',
      ending: 'CREDENTIAL_REFUSED',
      when: 'after `--timeout`',
      run: () => behindLogin(() => {}),
    },
    {
      fault: 'the token server resets the connection',
      ending: 'CREDENTIAL_REFUSED',
      when: 'at once',
      run: () => behindLogin((_, response) => response.destroy()),
    },
    {
      fault: 'the token server responds 500',
      ending: 'CREDENTIAL_REFUSED',
      when: 'at once',
      run: () => behindLogin((_, response) => json(response, {}, { status: 500 })),
    },
    {
      fault: 'the token server responds with a page of HTML',
      ending: 'CREDENTIAL_REFUSED',
      when: 'at once',
      run: () => behindLogin((_, response) => response.end('<html>')),
    },
  ],
  'The machine': [
    {
      fault: 'the folder of the model cache cannot be written to',
      ending: 'the response',
      when: 'at once',
      async run() {
        const file = join(folder, 'no-folder');
        writeFileSync(file, '');
        const api = await faultyApi();
        const path = join(folder, 'api.json');
        writeFileSync(path, JSON.stringify(documentOf(api.origin)));
        const { provider } = await openApi(path, { environment: { HOME: file, XDG_CACHE_HOME: file } });
        const faulty = (await call(provider)).ending;
        // Writing the cache is part of it.
        await provider.close();
        return { faulty, next: (await call(await open(documentOf(api.origin)))).ending };
      },
    },
    {
      fault: 'the folder for temporary files cannot be written to, and a result is too large for the model',
      ending: 'the response',
      when: 'at once',
      async run() {
        const api = await serving((_, response) => json(response, { text: 'x'.repeat(9_000_000) }));
        const provider = keepResultsInFiles(await open(documentOf(api.url), { timeoutMs: SLACK_MS }), 1_000);
        vi.stubEnv('TMPDIR', '/dev/null');
        const faulty = (await call(provider)).ending;
        vi.unstubAllEnvs();
        return { faulty, next: (await call(provider)).ending };
      },
    },
    {
      fault: 'the disk of the audit log is full: no call is made without its entry',
      ending: 'a failed result',
      when: 'at once',
      async run() {
        const api = await serving((_, response) => json(response, { ok: true }));
        let file = '/dev/full';
        const write = (entry: AuditEntry) => appendFile(file, JSON.stringify(entry));
        const provider = withMiddleware(await open(documentOf(api.url)), auditLog({ write }));
        const named = { name: 'getState', arguments: {} };
        const faulty = endingOf(await callTool(provider, named, callContext(), () => {}));
        expect(api.requests).toHaveLength(0);
        file = join(folder, 'audit');
        return { faulty, next: endingOf(await callTool(provider, named, callContext(), () => {})) };
      },
    },
    {
      fault: 'the clock jumps ahead by a day',
      ending: 'the response',
      when: 'at once',
      run: () => afterClockJump(86_400_000),
    },
    {
      fault: 'the clock jumps back by a day',
      ending: 'the response',
      when: 'at once',
      run: () => afterClockJump(-86_400_000),
    },
  ],
};

async function afterClockJump(ms: number) {
  const tokens = await serving((_, response) => json(response, TOKEN));
  const api = await serving((_, response) => json(response, { ok: true }));
  const provider = await open(documentOf(api.url, OAUTH(`${tokens.url}/token`)), {
    environment: CLIENT,
    credentialsFor: [api.url, tokens.url],
  });
  expect((await call(provider)).ending).toBe('the response');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
  const faulty = (await call(provider)).ending;
  // How long a token is valid is measured by a clock that does not jump.
  expect(tokens.requests).toHaveLength(1);
  return { faulty, next: (await call(provider)).ending };
}

describe.each(Object.entries(OTHERS))('%s', (_, faults) => {
  test.each(faults)('$fault: $ending, and the next call works', async ({ ending, run }) => {
    const started = performance.now();
    expect(await run()).toEqual({ faulty: ending, next: 'the response' });
    expect(performance.now() - started).toBeLessThan(2 * SLACK_MS);
  });
});

test('docs/faults.md lists them (npm run faults -- -u updates it)', async () => {
  const row = (fault: string, ending: Ending, when: When) => `| ${fault} | ${linked(ending)} | ${when} |`;
  const table = (rows: readonly string[]) =>
    ['| fault | the model gets | when |', '| --- | --- | --- |', ...rows].join('\n');
  const sections = [
    `## The API …\n\n${table(Object.values(OF_THE_API).map((each) => row(...each)))}`,
    ...Object.entries(OTHERS).map(
      ([title, faults]) => `## ${title}\n\n${table(faults.map(({ fault, ending, when }) => row(fault, ending, when)))}`,
    ),
  ];
  await expect(`${HEAD}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot('../docs/faults.md');
});

const linked = (ending: Ending): string =>
  ending === 'the response' || ending === 'a failed result' ? ending : `[${ending}](errors.md#${ending.toLowerCase()})`;

const HEAD = `# Faults

What happens when something around a server fails: each row is a test (\`src/faults.test.ts\`), which makes the fault on
loopback, and then calls again without it: that call works, in the same process. \`--timeout\` is the limit for a complete
call, tokens included; 30 seconds by default. What happens without Redis is in [scale-out.md](scale-out.md#when-redis-is-away),
and tested in \`src/scale-out.test.ts\`. What happens to calls when a server ends is in [operation.md](operation.md).`;
