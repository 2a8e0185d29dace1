/** Numbers from 0 up to 1, always the same ones for a seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The text of a document after a few mutations, and what they were.
 *
 * @param yaml writes YAML with anchors and aliases
 */
export function mutated(
  value: unknown,
  random: Random,
  yaml: (value: unknown) => string,
): { readonly text: string; readonly done: readonly string[] } {
  const root = structuredClone(value);
  const done: string[] = [];
  for (let left = 1 + below(4, random); left > 0; left--) {
    const places = placesOf(root);
    if (places.length) done.push(pick(MUTATIONS, random)({ places, random }));
  }
  // YAML can say that one node stands in two places, or within itself; JSON cannot.
  if (done.some((what) => what.startsWith('alias'))) return { text: yaml(root), done };
  if (below(20, random) > 0) return { text: JSON.stringify(root), done };
  const text = JSON.stringify(root, null, 1);
  const at = below(text.length, random);
  return {
    text: text.slice(0, at) + pick(HOSTILE, random) + text.slice(at + below(5, random)),
    done: [...done, `text at ${at}`],
  };
}

type Container = Record<string, unknown> | unknown[];

/** A key, and the object or list that has it. */
interface Place {
  readonly owner: Container;
  readonly key: string;
  readonly pointer: string;
}

interface Scene {
  readonly places: readonly Place[];
  readonly random: Random;
}

/** Each changes something, and says what. */
const MUTATIONS: readonly ((scene: Scene) => string)[] = [
  function remove({ places, random }) {
    const { owner, key, pointer } = pick(places, random);
    if (Array.isArray(owner)) owner.splice(Number(key), 1);
    else delete owner[key];
    return `remove ${pointer}`;
  },
  function retype({ places, random }) {
    const place = pick(places, random);
    const value = pick(VALUES, random);
    set(place.owner, place.key, structuredClone(value));
    return `retype ${place.pointer} to ${JSON.stringify(value)}`;
  },
  function duplicate({ places, random }) {
    const [from, to] = [pick(places, random), pick(places, random)];
    const copy = structuredClone(get(from));
    if (Array.isArray(to.owner)) to.owner.push(copy);
    else set(to.owner, pick([`${to.key}2`, to.key, from.key], random), copy);
    return `duplicate ${from.pointer} next to ${to.pointer}`;
  },
  function refer({ places, random }) {
    const place = pick(places, random);
    const target = pick([place, pick(places, random)], random).pointer;
    const ancestor = target
      .split('/')
      .slice(0, 1 + below(target.split('/').length, random))
      .join('/');
    const $ref = pick([target, ancestor, `${target}/x`, 'other.yaml#/a', 'https://localhost/x.yaml', ''], random);
    set(place.owner, place.key, { $ref });
    return `refer from ${place.pointer} to ${$ref}`;
  },
  function alias({ places, random }) {
    const [from, to] = [pick(places, random), pick(places, random)];
    set(to.owner, to.key, pick([get(from), to.owner], random));
    return `alias ${from.pointer} at ${to.pointer}`;
  },
  function rename({ places, random }) {
    const place = pick(places, random);
    if (Array.isArray(place.owner)) return `keep ${place.pointer}`;
    const key = pick([...KEYS, ...HOSTILE, pick(places, random).key], random);
    const value = get(place);
    delete place.owner[place.key];
    set(place.owner, key, value);
    return `rename ${place.pointer} to ${JSON.stringify(key)}`;
  },
  function splice({ places, random }) {
    const texts = places.filter((place) => typeof get(place) === 'string');
    if (texts.length === 0) return 'keep';
    const place = pick(texts, random);
    const text = get(place) as string; // as filtered
    const at = below(text.length + 1, random);
    set(place.owner, place.key, text.slice(0, at) + pick(HOSTILE, random) + text.slice(at));
    return `splice ${place.pointer}`;
  },
];

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e300, '', 'text', 'object', 'array', '__proto__', [], {}, [null], [[]], [{}]],
  ...[{ type: 'object' }, { $ref: 1 }, { $ref: null }, { allOf: [] }, { type: ['string', 'null', 'x'] }, { not: {} }],
  ...[{ properties: { a: null } }, { enum: [] }, { content: {} }, { in: 'path' }, { name: '' }, ['a', 1, null]],
];

const KEYS: readonly string[] = [
  ...['get', 'GET', 'post', 'trace', 'query', 'parameters', 'requestBody', 'responses', 'content', 'schema', '$ref'],
  ...['properties', 'items', 'allOf', 'oneOf', 'not', 'additionalProperties', 'required', 'enum', 'type', 'format'],
  ...['pattern', 'in', 'name', 'style', 'explode', 'security', 'servers', 'discriminator', '$id', '$anchor', '$defs'],
  ...['patternProperties', 'dependencies', 'if', 'then', 'const', 'default', 'x-mcp', 'paths', 'components', '200'],
];

const HOSTILE: readonly string[] = [
  ...[
    '__proto__',
    'constructor',
    'hasOwnProperty',
    '',
    ' ',
    '/',
    '~',
    '~2',
    '%',
    '%zz',
    '%2e%2e',
    '..',
    '#',
    '?',
    '{}',
  ],
  ...[
    '{',
    '}',
    '{a}{a}',
    '{+a*}',
    '日本語',
    '\u0000',
    '\ud800',
    '\u2028',
    '\r\nX: 1',
    '"',
    "'",
    '\\',
    '$&',
    '`$' + '{1}`',
  ],
  ...['(a+)+$', '[', '(?i)a', '<script>', ']]>', 'a'.repeat(5_000), 'null', '1e999', '*x', '&x', '!!js/function a'],
];

function placesOf(root: unknown): readonly Place[] {
  const found: Place[] = [];
  const seen = new Set<unknown>();
  const visit = (owner: unknown, pointer: string): void => {
    if (typeof owner !== 'object' || owner === null || seen.has(owner)) return;
    seen.add(owner);
    for (const [key, value] of Object.entries(owner)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25')}`;
      found.push({ owner: owner as Container, key, pointer: at });
      visit(value, at);
    }
  };
  visit(root, '#');
  return found;
}

const get = ({ owner, key }: Place): unknown => (owner as Record<string, unknown>)[key];

/** Also where the key is `__proto__`. */
function set(owner: Container, key: string, value: unknown): void {
  Object.defineProperty(owner, key, { value, writable: true, enumerable: true, configurable: true });
}

const below = (limit: number, random: Random): number => Math.floor(random() * limit);

export function pick<T>(list: readonly T[], random: Random): T {
  return list[below(list.length, random)] as T; // lists are not empty
}
