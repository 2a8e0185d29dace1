import type { Origin } from '../model/index.ts';
import { shortHash } from './safe-key.ts';

/** Hosts put a prefix of their own before a name (`mcp__server__`), and most refuse more than 64 characters. */
const LONGEST = 48;

/**
 * A name for every operation, in the same order: `^[a-zA-Z][a-zA-Z0-9_-]{0,47}$`, readable, unique, and made from the
 * operation alone, so that it stays the same when the document is reordered. Too long ones and those that fall together
 * get a hash of method and path; of two that fall together the one whose operationId is that very name keeps it.
 *
 * @param chosen names that the document gives (`x-mcp`), in place of those made from the operation
 */
export function toolNames(origins: readonly Origin[], chosen: readonly (string | undefined)[] = []): readonly string[] {
  const wanted = origins.map((origin, index) => slug(chosen[index] ?? '') || readableName(origin));
  const holders = new Map<string, number[]>();
  for (const [index, name] of wanted.entries()) holders.set(name, [...(holders.get(name) ?? []), index]);
  const taken = new Set<string>();
  const names: string[] = [];
  wanted.forEach((name, index) => {
    const rivals = holders.get(name) ?? [];
    const exact = rivals.filter((rival) => (chosen[rival] ?? origins[rival]?.operationId) === name);
    const keeps = name.length <= LONGEST && (rivals.length === 1 || (exact.length === 1 && exact[0] === index));
    if (keeps) {
      names[index] = name;
      taken.add(name);
    }
  });
  wanted.forEach((name, index) => {
    const origin = origins[index];
    if (names[index] !== undefined || !origin) return;
    names[index] = hashed(name, `${origin.method} ${origin.path}`, taken);
    taken.add(names[index]);
  });
  return names;
}

function hashed(name: string, identity: string, taken: ReadonlySet<string>): string {
  let salt = '';
  for (;;) {
    const candidate = `${name.slice(0, LONGEST - 7).replace(/[_-]+$/, '')}_${shortHash(identity + salt)}`;
    if (!taken.has(candidate)) return candidate;
    salt += '+';
  }
}

function readableName(origin: Origin): string {
  const own = origin.operationId === undefined ? '' : slug(origin.operationId);
  if (own !== '') return own;
  const { method, path } = origin;
  const words = path
    .split('/')
    .map((segment) => segment.replace(/\{[+]?([^{}]*)\}/g, (_, name: string) => ` by ${name} `))
    .join(' ');
  const made = slug(`${method.toLowerCase()} ${words}`);
  return made === '' ? `operation_${shortHash(`${method} ${path}`)}` : made;
}

/** `issues/list-for-repo` → `issues_list-for-repo`; what has no letter in ASCII becomes empty. */
function slug(written: string): string {
  return written
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[^A-Za-z]+|[_-]+$/g, '');
}
