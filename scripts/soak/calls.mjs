// The mix of calls. Each one has a mark that its response must contain, and no other.
import { isConfirmed, marksIn } from './clients.mjs';

/** Weight, and the call. It throws only if there was no response at all. */
export const MIX = {
  read: [30, (client, mark) => plain(client, mark, 'getItem', { mark })],
  write: [20, (client, mark) => plain(client, mark, 'addItem', { mark })],
  large: [10, large],
  failing: [10, failing],
  unknown: [5, unknown],
  cancelled: [5, cancelled],
  slow: [10, (client, mark) => plain(client, mark, 'getSlow', { mark, ms: 100 + (mark.length % 7) * 100 })],
  confirmed: [10, confirmed],
};

/** The name of each kind, as often as its weight. */
const DRAW = Object.entries(MIX).flatMap(([kind, [weight]]) => Array.from({ length: weight }, () => kind));

export const pick = () => DRAW[Math.floor(Math.random() * DRAW.length)];

const textOf = (result) => JSON.stringify([result.content, result.structuredContent]);

/** Checks that a result belongs to its call. */
function check(client, mark, result, { isError = false } = {}) {
  const found = new Set(marksIn(textOf(result)));
  const strange = [...found].filter((one) => one !== mark);
  if (strange.length > 0) client.faults.add('crossed', `${strange[0]} in the response to ${mark}`);
  if (!found.has(mark))
    client.faults.add('wrong', `no mark in the response to ${mark}: ${textOf(result).slice(0, 200)}`);
  if ((result.isError === true) !== isError) client.faults.add('wrong', `${mark}: ${textOf(result).slice(0, 200)}`);
}

export async function plain(client, mark, name, args) {
  check(client, mark, await client.call(name, args));
}

async function failing(client, mark) {
  check(client, mark, await client.call('getFailure', { mark }), { isError: true });
}

async function large(client, mark) {
  const result = await client.call('getLarge', { mark });
  check(client, mark, result);
  const [, handle] = /handle: \\*"([^"\\]+)/.exec(textOf(result)) ?? [];
  if (handle === undefined) return client.faults.add('wrong', `${mark} has no handle: ${textOf(result).slice(-300)}`);
  check(client, mark, await client.call('read_result', { handle, path: 'rows', from: 145, limit: 5 }));
}

async function unknown(client, mark) {
  const told = await client.call(`missing_${mark}`, {}).then(
    (result) => `a result: ${textOf(result)}`,
    (error) => {
      if (isLost(error)) throw error;
      return String(error.message);
    },
  );
  if (!told.includes(`missing_${mark}`)) client.faults.add('wrong', `unknown tool ${mark}: ${told}`);
}

async function cancelled(client, mark) {
  const controller = new AbortController();
  const call = client.call('getSlow', { mark, ms: 3_000 }, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  const ending = await call.then(
    () => 'a result',
    (error) => (controller.signal.aborted ? undefined : String(error.message)),
  );
  if (ending !== undefined) client.faults.add('wrong', `the cancelled call ${mark} got ${ending}`);
}

async function confirmed(client, mark, api) {
  const result = await client.confirmed(mark, () => client.call('removeItem', { mark }));
  const isAccepted = isConfirmed(mark);
  const requests = api.seen.get(mark) ?? 0;
  if (requests !== (isAccepted ? 1 : 0)) client.faults.add('wrong', `${mark} was sent to the API ${requests} times`);
  if (isAccepted) check(client, mark, result);
  else if (result.isError !== true) client.faults.add('wrong', `${mark} was declined: ${textOf(result).slice(0, 200)}`);
}

/** There was no response in time, or the connection is gone. */
export const isLost = (error) => /timed out|closed|fetch failed|terminated|ECONN|socket/i.test(String(error?.message));
