import { createHash } from 'node:crypto';

/**
 * Members of every object, according to TypeScript's interface `Object`: if an optional property with such a name is
 * absent, the type checker uses the type of the inherited member.
 */
export const INHERITED: ReadonlySet<string> = new Set(
  'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable'.split(' '),
);

/** `reposGetContent` of `repos/get-content`; never a reserved word. */
export function identifier(text: string): string {
  const [first = '', ...others] = words(text);
  const name = lowerFirst(first) + others.map(upperFirst).join('');
  if (name === '') return `operation${shortHash(text)}`;
  if (/^[0-9]/.test(name)) return `_${name}`;
  return RESERVED.has(name) ? `${name}Operation` : name;
}

/** `SimpleUser` of `simple-user`. */
export function typeName(text: string): string {
  const name = words(text).map(upperFirst).join('');
  if (name === '') return `Schema${shortHash(text)}`;
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/**
 * `pull-requests` for `Pull requests`: safe on every file system, including case-insensitive ones and Windows' device
 * names.
 */
export function fileName(text: string): string {
  const name = words(text).join('-').toLowerCase().slice(0, 60).replace(/-+$/, '');
  if (name === '') return `x${shortHash(text)}`;
  return DEVICES.test(name) ? `${name}-api` : name;
}

/**
 * Names for all seeds at once. Seeds whose names would be equal (also if they differ only in case) all get a hash of
 * their seed instead of a number, so that names do not change when the document is reordered.
 */
export function uniqueNames(
  seeds: readonly string[],
  name: (seed: string) => string,
  taken: readonly string[] = [],
): ReadonlyMap<string, string> {
  const counts = new Map<string, number>(taken.map((word) => [word.toLowerCase(), 1]));
  for (const seed of seeds) {
    const key = name(seed).toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Map(
    seeds.map((seed) => {
      const wanted = name(seed);
      return [seed, (counts.get(wanted.toLowerCase()) ?? 0) > 1 ? `${wanted}_${shortHash(seed)}` : wanted];
    }),
  );
}

export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const lowerFirst = (word: string): string =>
  /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.charAt(0).toLowerCase() + word.slice(1);

function words(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
}

/** Names of Windows devices, with or without an extension (Microsoft, "Naming Files, Paths, and Namespaces"). */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/**
 * Words that cannot name a module constant (ECMA-262 §12.7.2, strict mode), words with another meaning there, and
 * `then`, which would turn an object with it into a promise.
 */
const RESERVED: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  schemas static super switch then this throw true try typeof undefined var void while with yield async of type NaN
  Infinity globalThis`.split(/\s+/),
);
