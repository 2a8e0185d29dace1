import type { Origin } from '../model/index.ts';
import { wordsOf } from './words.ts';

const CHANGING = new Set(
  `activate add approve cancel clear create deactivate delete destroy disable enable erase execute invalidate kill
  logoff logout purge reboot reject remove rename reset restart restore revoke send set shutdown signout start stop
  subscribe terminate toggle trigger unsubscribe update upload wipe`.split(/\s+/),
);
/** Cheap, and true wherever the first word is one of them: nearly no name of a GET starts so. */
const MAY_CHANGE = new RegExp(`^[^a-z]*(?:${[...CHANGING].join('|')})`, 'i');

/**
 * The verb of a GET that says it changes something: `logoutUser`, `GET /cache/clear`. RFC 9110 §9.2.1 has safe methods
 * change nothing, and some APIs do not keep to it. The verb leads: `listUpdates` reads.
 */
export function changingVerb({ method, operationId, path }: Origin): string | undefined {
  if (method.toLowerCase() !== 'get') return undefined;
  const last = path.split('/').at(-1) ?? '';
  const names = [operationId ?? '', last.startsWith('{') ? '' : last];
  const leading = names.map((name) => (MAY_CHANGE.test(name) ? (wordsOf(name)[0] ?? '') : ''));
  return leading.find((verb) => CHANGING.has(verb));
}
