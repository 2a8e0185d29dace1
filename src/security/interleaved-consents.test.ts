import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../identity-provider.test.fixture.ts';
import { propertyRuns } from '../property-runs.test.fixture.ts';
import { memoryTokenStore } from '../runtime/secrets/token-store.ts';
import { type ConnectWorld, connectWorld, consent, serveWorld } from './connect.test.fixture.ts';
import { callAs, ERAS } from './on-behalf.test.fixture.ts';

// Row 45 of the table of attacks, for accounts that callers connect: a consent never serves another caller, however calls,
// consents, opened links, disconnected accounts and rejected tokens interleave.

const CALLERS = ['ada', 'bob'] as const;
type Caller = (typeof CALLERS)[number];
const otherOf = (caller: Caller): Caller => (caller === 'ada' ? 'bob' : 'ada');

const cleanups: (() => Promise<unknown>)[] = [];
const store = memoryTokenStore();
const tokens = new Map<Caller, string>();
/** What the API rejects, and the token of its last request for a caller. */
const rejected = new Set<string | undefined>();
const latest = new Map<string, string | undefined>();
let world: ConnectWorld;

beforeAll(async () => {
  world = await connectWorld((close) => cleanups.push(close));
  world.api.respond(({ url = '', headers: { authorization } }, response) => {
    latest.set(url, authorization);
    if (rejected.has(authorization)) return response.writeHead(401).end();
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ path: url }));
  });
  const { server } = await serveWorld(world, { tokenStore: store });
  cleanups.push(() => server.close());
  for (const caller of CALLERS) tokens.set(caller, await world.tokenOf(caller));
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A schedule: rounds of steps; the steps of a round happen at the same time. */
const STEP = fc.record({
  caller: fc.constantFrom(...CALLERS),
  does: fc.constantFrom(
    'call',
    'call',
    'call',
    'connect',
    'connect',
    'open a link of the other',
    'disconnect',
    'reject',
  ),
  era: fc.constantFrom(...ERAS),
});
type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

const BOTH_CONNECT: Step[][] = (['call', 'connect', 'call'] as const).map((does) =>
  CALLERS.map((caller) => ({ caller, does, era: ERAS[1] })),
);

/** The links that callers have got in this schedule. */
const links = new Map<Caller, string>();

/** A caller opens a link and consents. A link may be refused: it works once, and not for another caller. */
async function open(caller: Caller, link: string | undefined): Promise<void> {
  if (link === undefined) return;
  await consent(startBrowser(), link, { login: caller, account: `${caller}-at-notes` }).catch(() => undefined);
}

async function step({ caller, does, era }: Step): Promise<void> {
  switch (does) {
    case 'call': {
      // The note says who calls.
      const { text } = await callAs(tokens.get(caller) ?? '', world.url, {
        name: 'getNote',
        args: { id: caller },
        era,
      });
      const link = /http:\S+\/connect\?ticket=\S+/.exec(text)?.[0];
      if (link) links.set(caller, link);
      return;
    }
    case 'connect':
      return open(caller, links.get(caller));
    case 'open a link of the other':
      return open(caller, links.get(otherOf(caller)));
    case 'disconnect': {
      const own = (await store.list()).filter(({ account }) => account === `${world.identity.issuer} ${caller}`);
      await Promise.all(own.map((key) => store.delete(key)));
      return;
    }
    case 'reject':
      rejected.add(latest.get(`/notes/${caller}`));
      return;
  }
}

test('an account that one caller connected never serves another', async () => {
  const served = new Set<string | undefined>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(STEP, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (rounds) => {
      for (const kept of [links, rejected, latest]) kept.clear();
      world.api.reached.length = 0;
      for (const key of await store.list()) await store.delete(key);
      for (const round of rounds) await Promise.all(round.map(step));
      const owners = await world.owners();
      expect(owners.map((owner) => `/notes/${owner}`)).toEqual(world.api.reached.map(({ path }) => `${path}-at-notes`));
      for (const owner of owners) served.add(owner);
    }),
    // A failure prints the seed and the smallest schedule. The first schedule connects both.
    { numRuns: propertyRuns(60), examples: [[BOTH_CONNECT]] },
  );
  // The schedules did what they are for.
  expect(served).toEqual(new Set(CALLERS.map((caller) => `${caller}-at-notes`)));
}, 120_000);
