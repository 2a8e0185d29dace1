import type { Origin } from '../model/index.ts';

/** The part of an operationId that a person chose, without what a framework added. */
export interface CleanedId {
  /** Empty if no part was chosen by a person: method and path are more informative. */
  readonly name: string;
  /** The framework convention that the id follows. */
  readonly framework: string;
}

/**
 * Cleans ids that frameworks derive from function names, controllers and paths, if the convention is certain: it must
 * match this method and path, or every id of the document. `undefined` for any other id.
 */
export function cleanOperationIds(origins: readonly Origin[]): readonly (CleanedId | undefined)[] {
  const facts = factsOf(origins);
  return origins.map((origin) => {
    const { operationId: id } = origin;
    return id === undefined ? undefined : cleaned({ ...origin, id }, facts);
  });
}

interface Identified extends Origin {
  readonly id: string;
}

/** Conventions that can only be recognised from all ids of the document together. */
interface Facts {
  /** `list` for `list_1`, `list_2` …: a framework numbered ids that were equal. */
  readonly unnumbered: ReadonlyMap<string, string>;
  /** Segments such as `api` and `v1` that all paths and ids start with. */
  readonly prefix: readonly string[];
}

function cleaned(origin: Identified, facts: Facts): CleanedId | undefined {
  const { id } = origin;
  if (!MAY_FOLLOW.test(id) && facts.prefix.length === 0 && !facts.unnumbered.has(id)) return undefined;
  for (const { framework, read } of CONVENTIONS) {
    const name = read(origin, facts);
    if (name !== undefined) return { name, framework };
  }
  return undefined;
}

/** What ids of most conventions contain; those of the last two are in the facts. */
const MAY_FOLLOW = /[-_]|Controller|Using|By[A-Z]|^[0-9a-f]{32}$/i;

interface Convention {
  readonly framework: string;
  /** The chosen part; `undefined` if the id does not follow the convention. */
  readonly read: (origin: Identified, facts: Facts) => string | undefined;
}

/** Tried in this order; the first match wins. */
const CONVENTIONS: readonly Convention[] = [
  // FastAPI's `generate_unique_id`: function name, path and method, with every non-word character replaced by "_".
  {
    framework: 'FastAPI',
    read: ({ id, method, path }) =>
      id.endsWith(`_${method}`) ? before(id, `${path.replace(/[^\p{L}\p{N}_]/gu, '_')}_${method}`) : undefined,
  },
  { framework: 'HubSpot', read: ({ id, method, path }) => after(id, `${method}-${path}_`) },
  {
    framework: 'NestJS',
    read({ id }) {
      const [, controller, action] = /^([A-Z][A-Za-z0-9]*)Controller[_.](.+)$/.exec(id) ?? [];
      return controller === undefined ? undefined : `${lowerFirst(controller)}_${action}`;
    },
  },
  {
    framework: 'springfox',
    read({ id, method }) {
      const [, name, used] = /^(.+)Using([A-Z]+)(?:_\d+)?$/.exec(id) ?? [];
      return used?.toLowerCase() === method ? name : undefined;
    },
  },
  {
    framework: 'gRPC gateway',
    read({ id, tags }) {
      const [, service, action] = /^(\w+?)Service_(\w+)$/.exec(id) ?? [];
      return service !== undefined && tags.includes(`${service}Service`) ? `${service}_${action}` : undefined;
    },
  },
  // L5-Swagger and others: MD5 of method and path, or a random UUID.
  {
    framework: 'hashed ids',
    read: ({ id }) => (/^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? '' : undefined),
  },
  // Method and path in either order, with "By" before parameters or braces replaced by "_".
  { framework: 'method and path', read: (origin) => (isMethodAndPath(origin) ? '' : undefined) },
  // springdoc and drf-spectacular number equal ids.
  {
    framework: 'numbered ids',
    read: ({ id }, { unnumbered, prefix }) => {
      const name = unnumbered.get(id);
      return name === undefined ? undefined : (withoutPrefix(name, prefix) ?? name);
    },
  },
  { framework: 'API prefix', read: ({ id }, { prefix }) => withoutPrefix(id, prefix) },
];

const before = (text: string, end: string): string | undefined =>
  text.length > end.length && text.endsWith(end) ? text.slice(0, -end.length) : undefined;
const after = (text: string, start: string): string | undefined =>
  text.length > start.length && text.startsWith(start) ? text.slice(start.length) : undefined;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Such as `ApiValuesByIdGet` (Swashbuckle) and `get_pets__petId_` (swagger-js). A plain `get_pets` is unchanged. */
function isMethodAndPath({ id, method, path }: Identified): boolean {
  if (!/__|_$|By[A-Z]/.test(id)) return false;
  const parts = path.split('/').filter((part) => part !== '');
  const withBy = parts.map((part) => part.replace(/^\{\+?(.*)\}$/, 'by$1'));
  const folded = fold(id);
  return [parts, withBy].some((words) => {
    const text = fold(words.join(''));
    return text !== '' && (folded === method + text || folded === text + method);
  });
}

const fold = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function factsOf(origins: readonly Origin[]): Facts {
  const ids = origins.flatMap(({ operationId }) => operationId ?? []);
  return { unnumbered: unnumberedIds(ids), prefix: commonPrefix(origins) };
}

/**
 * Only complete series count: `list`, `list_1`, `list_2` (springdoc) or `list`, `list_2`, `list_3` (drf-spectacular).
 */
function unnumberedIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const times = new Map<string, number>();
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  const series = new Map<string, number[]>();
  for (const id of times.keys()) {
    const [, name, number] = /^(.+)_([1-9]\d{0,3})$/.exec(id) ?? [];
    if (name !== undefined && times.get(name) === 1) series.set(name, [...(series.get(name) ?? []), Number(number)]);
  }
  const unnumbered = new Map<string, string>();
  for (const [name, numbers] of series) {
    const [first = 0] = numbers.sort((a, b) => a - b);
    if (first > 2 || numbers.some((number, index) => number !== first + index)) continue;
    unnumbered.set(name, name);
    for (const number of numbers) unnumbered.set(`${name}_${number}`, name);
  }
  return unnumbered;
}

/** `['api', 'v1']` if every path starts with `/api/v1/` and every id contains it; otherwise empty. */
function commonPrefix(origins: readonly Origin[]): readonly string[] {
  const named = origins.flatMap(({ operationId: id, path }) => (id === undefined ? [] : [{ id, path }]));
  const [first, ...others] = named;
  if (first === undefined || others.length === 0) return [];
  const segments = first.path.split('/').slice(1);
  const end = segments.findIndex((segment) => !/^(?:api|rest|v\d+)$/i.test(segment));
  for (let length = end < 0 ? segments.length : end; length > 0; length--) {
    const prefix = segments.slice(0, length);
    const start = `/${prefix.join('/')}/`;
    if (named.every(({ id, path }) => path.startsWith(start) && withoutPrefix(id, prefix) !== undefined)) return prefix;
  }
  return [];
}

/** The id without the prefix: `api_v1_users_list` → `users_list`, `getV3Projects` → `getProjects`. */
function withoutPrefix(id: string, prefix: readonly string[]): string | undefined {
  if (prefix.length === 0) return undefined;
  const snake = after(id, `${prefix.join('_')}_`);
  if (snake !== undefined) return snake;
  const pascal = prefix.map((segment) => segment.charAt(0).toUpperCase() + segment.slice(1)).join('');
  const [, method, rest] = /^(get|put|post|delete|options|head|patch|trace)([A-Z].*)$/.exec(id) ?? [];
  const tail = rest === undefined ? undefined : after(rest, pascal);
  return tail !== undefined && /^[A-Z]/.test(tail) ? `${method}${tail}` : undefined;
}
