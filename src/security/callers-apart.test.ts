import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cache, rateLimit, tokenBucket } from '../runtime/middleware/index.ts';
import { startTokenIssuer, type TokenIssuer } from '../runtime/serve/auth/token-issuer.test.fixture.ts';
import type { HttpServer } from '../runtime/serve/http/node-http.ts';
import { createServer } from '../runtime/server.ts';

// Row 45 of the table of attacks: what is kept for one caller never serves another, also if two issuers have the same
// subject, or a key has its name.

const AUDIENCE = 'https://mcp.example.com/mcp';
let issuers: readonly TokenIssuer[];
let server: HttpServer;
let callers: readonly { readonly id: string; readonly token: string }[];

beforeAll(async () => {
  issuers = await Promise.all([0, 1].map(() => startTokenIssuer({ audience: AUDIENCE })));
  const notes = createServer({ name: 'notes', version: '1', unasked: 'token' });
  notes.tool('whoami', { annotations: { readOnlyHint: true } }, (_, { caller }) => caller?.id ?? 'nobody');
  notes.tool('erase', { confirm: true }, (_, { caller }) => `erased by ${caller?.id}`);
  notes.use(rateLimit({ perCaller: tokenBucket({ size: 100_000, perSecond: 100_000 }) }), cache({ ttlMs: 60_000 }));
  server = await notes.run({
    transport: 'http',
    port: 0,
    auth: {
      publicUrl: AUDIENCE,
      verifiers: issuers.map(({ issuer }) => ({ provider: issuer })),
      keys: [{ name: 'ada', key: 'key-of-ada-0123456789' }],
    },
  });
  callers = [
    ...(await Promise.all(
      issuers.flatMap((each) =>
        ['ada', 'bob'].map(async (sub) => ({ id: `${each.issuer} ${sub}`, token: await each.token({ sub }) })),
      ),
    )),
    { id: 'static-keys ada', token: 'key-of-ada-0123456789' },
  ];
});
afterAll(async () => {
  await server.close();
  await Promise.all(issuers.map((each) => each.close()));
});

async function call(token: string, name: string, args: object = {}): Promise<string> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  const text = await response.text();
  const message = JSON.parse(text.startsWith('{') ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}'));
  return message.result?.content?.[0]?.text ?? JSON.stringify(message);
}

test('a cached answer of one caller never serves another, however their calls interleave', async () => {
  const step = fc.record({ caller: fc.nat(4), argument: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 4 }), async (rounds) => {
      for (const round of rounds) {
        const answers = await Promise.all(round.map(({ caller }) => call(callers[caller]?.token ?? '', 'whoami')));
        expect(answers).toEqual(round.map(({ caller }) => callers[caller]?.id));
      }
    }),
    { numRuns: 25 },
  );
});

test('a confirmation of one caller confirms nothing of another, and survives a refresh of its own token', async () => {
  const tokenIn = (text: string) => /"confirm":"([^"]+)"/.exec(text)?.[1] ?? text;
  for (const one of callers) {
    const confirm = tokenIn(await call(one.token, 'erase'));
    for (const other of callers) {
      if (other !== one) expect(await call(other.token, 'erase', { confirm })).not.toContain('erased');
    }
    expect(await call(one.token, 'erase', { confirm })).toBe(`erased by ${one.id}`);
  }
  const [issuer] = issuers;
  const [before, after] = await Promise.all(['1', '2'].map((jti) => issuer?.token({ sub: 'ada', jti }) ?? ''));
  const confirm = tokenIn(await call(before ?? '', 'erase'));
  expect(await call(after ?? '', 'erase', { confirm })).toBe(`erased by ${issuer?.issuer} ada`);
});
