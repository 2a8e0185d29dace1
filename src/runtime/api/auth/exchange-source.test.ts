import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ExchangeEndpoint, startExchange } from '../../../security/on-behalf.test.fixture.ts';
import { withAccess } from '../../caller-access.ts';
import { openSenders } from '../../node/senders.ts';
import { unsigned } from '../../serve/auth/token-issuer.test.fixture.ts';
import type { ExchangeWay } from './caller-credential.ts';
import { exchangeSource } from './exchange-source.ts';

const senders = openSenders({ environment: {} });
let endpoint: ExchangeEndpoint;
let now = 0;
beforeAll(async () => {
  endpoint = await startExchange();
});
beforeEach(() => {
  endpoint.asked.length = 0;
  endpoint.expiresIn = 300;
  endpoint.respond();
  now = 0;
});
afterAll(() => Promise.all([endpoint.close(), senders.close()]));

function source() {
  const way: ExchangeWay = {
    kind: 'exchange',
    clientId: 'c',
    clientSecret: 's',
    tokenUrl: endpoint.tokenUrl,
    grant: {},
    token: 'subject_token',
  };
  const means = {
    credentialOrigins: undefined,
    allowPrivate: true,
    send: senders.api(true),
    now: () => now,
    timeoutMs: 5_000,
  };
  return exchangeSource('login', { scheme: { kind: 'bearer' }, way }, means);
}

const token = unsigned({ alg: 'none' }, { iss: 'i', sub: 'ada' }, 'x');
const ask = (own: ReturnType<typeof source>, { id = 'i ada', expiresAt }: { id?: string; expiresAt?: number } = {}) => {
  const access = { expiresAt, token: async () => token, challenge: () => {} };
  const caller = withAccess({ id, scopes: [] }, access);
  return own.holding({ caller, scheme: 'login', scopes: [], signal: new AbortController().signal });
};

test.each([
  { what: 'its own lifetime, less a tenth and at most 30 s', expiresAt: undefined, until: 270_000 },
  { what: 'the end of the token of the caller', expiresAt: 100_000, until: 100_000 },
  { what: 'its own lifetime, if the token of the caller lasts longer', expiresAt: 1_000_000, until: 270_000 },
])('a token is kept until $what', async ({ expiresAt, until }) => {
  const own = source();
  const given = expiresAt === undefined ? {} : { expiresAt };
  await ask(own, given);
  now = until - 1;
  await ask(own, given);
  expect(endpoint.asked).toHaveLength(1);
  now = until;
  await ask(own, given);
  expect(endpoint.asked).toHaveLength(2);
});

test('a dropped token is not used again, and a late answer to it does not drop the next one', async () => {
  const own = source();
  const [first, same] = [await ask(own), await ask(own)];
  expect(same.secret).toEqual(first.secret);
  first.drop();
  const second = await ask(own);
  expect(second.secret).not.toEqual(first.secret);
  same.drop();
  expect((await ask(own)).secret).toEqual(second.secret);
  expect(endpoint.asked).toHaveLength(2);
});

test('a failure of the endpoint is not asked for again within a second, and only for that caller', async () => {
  const own = source();
  endpoint.respond((_, response) => response.writeHead(500).end('{}'));
  await expect(ask(own)).rejects.toMatchObject({ code: 'CREDENTIAL_REFUSED' });
  endpoint.respond();
  now = 999;
  await expect(ask(own)).rejects.toMatchObject({ code: 'CREDENTIAL_REFUSED' });
  await ask(own, { id: 'i bob' });
  expect(endpoint.asked).toHaveLength(2);
  now = 1_000;
  await ask(own);
  expect(endpoint.asked).toHaveLength(3);
});

test('1,000 callers have a token; then the one that did not call for the longest time is forgotten', async () => {
  const own = source();
  endpoint.respond((_, response) =>
    response.writeHead(200).end(JSON.stringify({ access_token: 'a-token', token_type: 'Bearer' })),
  );
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => ask(own, { id: `caller ${batch * 50 + index}` })));
  }
  await ask(own, { id: 'caller 0' });
  await ask(own, { id: 'one more' });
  expect(endpoint.asked).toHaveLength(1_001);
  await ask(own, { id: 'caller 0' });
  expect(endpoint.asked).toHaveLength(1_001);
  await ask(own, { id: 'caller 1' });
  expect(endpoint.asked).toHaveLength(1_002);
});
