import type { Origin } from '../model/index.ts';
import { wordsOf } from './words.ts';

const CHANGING = new Set(
  `activate add approve cancel clear create deactivate delete destroy disable enable erase execute invalidate kill
  logoff logout purge reboot reject remove rename reset restart restore revoke send set shutdown signout start stop
  subscribe terminate toggle trigger unsubscribe update upload wipe`.split(/\s+/),
);
/** A cheap test that matches every name starting with one of the verbs. Few names of GET operations do. */
const MAY_CHANGE = new RegExp(`^[^a-z]*(?:${[...CHANGING].join('|')})`, 'i');

/**
 * The verb of a GET whose name says that it changes something: `logoutUser`, `GET /cache/clear`. By RFC 9110 §9.2.1
 * safe methods change nothing, but some APIs do not follow that. Only a leading verb counts: `listUpdates` reads.
 */
export function changingVerb({ method, operationId, path }: Origin): string | undefined {
  if (method.toLowerCase() !== 'get') return undefined;
  const last = path.split('/').at(-1) ?? '';
  const names = [operationId ?? '', last.startsWith('{') ? '' : last];
  const leading = names.map((name) => (MAY_CHANGE.test(name) ? (wordsOf(name)[0] ?? '') : ''));
  return leading.find((verb) => CHANGING.has(verb));
}
