import type { Origin } from '../model/index.ts';
import type { Names } from './choices.ts';
import { cleanOperationIds } from './clean-operation-id.ts';
import { shortHash } from './safe-key.ts';
import { leanName, shortName, wordCount } from './short-name.ts';

/** Hosts add a prefix to a name (`mcp__server__`), and most reject more than 64 characters. */
const LONGEST = 48;

export interface NamingOptions {
  /** Names set in the document (`x-mcp`), which replace derived names. */
  readonly chosen?: readonly (string | undefined)[];
  /** `clean`: without what frameworks add to an operationId. `document`: every operationId unchanged. */
  readonly names?: Names;
}

/** An operation with its preferred name. */
interface Candidate {
  readonly origin: Origin;
  readonly name: string;
  /** Whether the name is exactly the operationId, or the name set in the document. */
  readonly isExact: boolean;
  readonly isCleaned: boolean;
}

/**
 * A name for every operation, in the same order: `^[a-zA-Z][a-zA-Z0-9_-]{0,47}$`, readable, unique, and independent of
 * the order of the document. Equal names are distinguished by the path, otherwise by the method. If names only became
 * equal by conversion, the operation whose operationId is exactly that name keeps it. Names that are too long lose
 * words in their middle; names that still cannot be distinguished end in a hash of method and path.
 */
export function toolNames(origins: readonly Origin[], options: NamingOptions = {}): readonly string[] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidatesOf(origins, options)) {
    const group = groups.get(candidate.name);
    if (group) group.push(candidate);
    else groups.set(candidate.name, [candidate]);
  }
  const names = new Map<Origin, string>();
  const taken = new Set<string>();
  const settle = ({ origin }: Candidate, name: string): void => {
    names.set(origin, name);
    taken.add(name);
  };
  const rivals: (readonly Candidate[])[] = [];
  for (const [name, group] of groups) {
    const keeper = name.length <= LONGEST ? keeperOf(group) : undefined;
    if (keeper) settle(keeper, name);
    const others = group.filter((candidate) => candidate !== keeper);
    if (others.length > 0) rivals.push(others);
  }
  const long: Wish[] = [];
  // Sorted, because which of two groups takes a name first must not depend on the order of the document.
  for (const group of rivals.sort(byName)) {
    const hasRivals = group.length > 1 || taken.has(group[0]?.name ?? '');
    const words = hasRivals ? tellingWords(group) : () => '';
    const differing = differingSegments(group);
    for (const candidate of [...group].sort(byIdentity)) {
      const told = slug(`${candidate.name}_${words(candidate.origin)}`);
      if (told.length <= LONGEST && told !== candidate.name && !taken.has(told)) settle(candidate, told);
      else long.push(wishOf(candidate, words(candidate.origin), differing(candidate.origin)));
    }
  }
  for (const candidate of shortened(long, taken, settle))
    settle(candidate, hashed(candidate.name, identityOf(candidate.origin), taken));
  return origins.map((origin) => names.get(origin) ?? '');
}

function candidatesOf(origins: readonly Origin[], { chosen = [], names = 'clean' }: NamingOptions): Candidate[] {
  const cleaned = names === 'clean' ? cleanOperationIds(origins) : [];
  const made = origins.map((origin, index): Candidate => {
    const own = slug(chosen[index] ?? '');
    if (own !== '') return { origin, name: own, isExact: chosen[index] === own, isCleaned: false };
    const id = cleaned[index];
    const name = id && (slug(id.name) || fromPath(origin));
    return name ? { origin, name, isExact: false, isCleaned: true } : asWritten(origin);
  });
  const times = new Map<string, number>();
  for (const { name } of made) times.set(name, (times.get(name) ?? 0) + 1);
  // "list" is less informative than the "list_todos_get" it was cleaned from. If several have that name, words of
  // their paths are added anyway.
  return made.map((one) => {
    const isBare = one.isCleaned && times.get(one.name) === 1 && BARE_VERBS.test(one.name);
    return isBare ? { ...one, name: slug(`${one.name}_${byNouns(one.origin)}`) } : one;
  });
}

const BARE_VERBS =
  /^(?:add|all|create|delete|destroy|edit|fetch|find|get|index|insert|list|post|patch|put|query|read|remove|retrieve|save|search|show|store|update|upload)$/i;

function asWritten(origin: Origin): Candidate {
  const { operationId } = origin;
  const name = slug(operationId ?? '') || fromPath(origin);
  return { origin, name, isExact: name === operationId, isCleaned: false };
}

/** The operation that keeps the name: the only one, or the only one whose exact name it is. */
function keeperOf(group: readonly Candidate[]): Candidate | undefined {
  if (group.length === 1) return group[0];
  const exact = group.filter(({ isExact }) => isExact);
  return exact.length === 1 && !group.some(({ isCleaned }) => isCleaned) ? exact[0] : undefined;
}

/** The words to append to each name: the shortest kind that differs for all of them. */
function tellingWords(group: readonly Candidate[]): (origin: Origin) => string {
  const differs = (words: (origin: Origin) => string) => {
    const all = new Set(group.map(({ origin }) => words(origin)));
    return all.size === group.length && !all.has('');
  };
  return WORDS.find(differs) ?? (() => '');
}

/** `/api/v1/users/{id}/posts` → `users_posts`. */
const byNouns = ({ path }: Origin): string =>
  slugOfPath(path.replace(/^(?:\/(?:api|rest|v\d+)(?=\/))+/i, '').replace(/\{[^{}]*\}/g, ''));
/** `/users/{user}/posts/{id}` → `users_posts_by_id`. */
const byNounsAndEnd = (origin: Origin): string => {
  const end = /\{[^{}]*\}\/?$/.exec(origin.path)?.[0] ?? '';
  return `${byNouns(origin)}_${slugOfPath(end)}`;
};
/** `/users/{id}/posts` → `users_by_id_posts`. */
const byWholePath = ({ path }: Origin): string => slugOfPath(path);
const byMethod = ({ method }: Origin): string => method.toLowerCase();
const byMethodAndPath = (origin: Origin): string => `${byMethod(origin)}_${byWholePath(origin)}`;
/** `/users` and `/users/` are two paths (RFC 3986 §6.2.2). */
const byExactPath = (origin: Origin): string =>
  `${byMethodAndPath(origin)}${origin.path.endsWith('/') ? '_slash' : ''}`;
const WORDS = [byNouns, byWholePath, byMethod, byMethodAndPath, byExactPath];

interface Form {
  readonly name: string;
  /** Number of words at its start to keep if it is too long. */
  readonly kept: number;
}
/** A candidate that cannot have its name, with alternatives in order of preference. */
interface Wish {
  readonly candidate: Candidate;
  readonly forms: readonly Form[];
}

function wishOf(candidate: Candidate, words: string, differing: string): Wish {
  const { name, origin } = candidate;
  const middle = (long: string): Form[] => [
    { name: leanName(long, LONGEST), kept: 2 },
    ...[2, 3, 4].map((kept) => ({ name: long, kept })),
  ];
  if (words !== '') {
    const told = (by: string): Form[] => (by === '' ? [] : [{ name: slug(`${name}_${by}`), kept: wordCount(name) }]);
    return { candidate, forms: [...told(differing), ...told(words), ...middle(slug(`${name}_${words}`))] };
  }
  // Parameters in the middle of a path are dropped first.
  const isPath = name === fromPath(origin);
  const nouns = isPath ? middle(slug(`${byMethod(origin)}_${byNounsAndEnd(origin)}`)) : [];
  return { candidate, forms: [...nouns, ...middle(name)] };
}

/** The segments of each path that not all paths have. */
function differingSegments(group: readonly Candidate[]): (origin: Origin) => string {
  const segments = ({ path }: Origin): readonly string[] => path.split('/').filter((each) => !each.startsWith('{'));
  const all = group.map(({ origin }) => new Set(segments(origin)));
  return (origin) =>
    slugOfPath(
      segments(origin)
        .filter((each) => !all.every((one) => one.has(each)))
        .join('/'),
    );
}

/** Settles candidates whose short name no other candidate has or could get; returns the others. */
function shortened(
  wishes: readonly Wish[],
  taken: ReadonlySet<string>,
  settle: (candidate: Candidate, name: string) => void,
): readonly Candidate[] {
  let left = wishes;
  for (let round = 0; left.some(({ forms }) => round < forms.length); round++) {
    const made = left.map(({ forms }) => {
      const form = forms[round];
      return form && shortName(form.name, form.kept, LONGEST);
    });
    const times = new Map<string | undefined, number>();
    for (const name of made) times.set(name, (times.get(name) ?? 0) + 1);
    const isFree = made.map((name) => name !== undefined && times.get(name) === 1 && !taken.has(name));
    for (const [index, { candidate }] of left.entries()) if (isFree[index]) settle(candidate, made[index] ?? '');
    left = left.filter((_, index) => !isFree[index]);
  }
  return left.map(({ candidate }) => candidate);
}

function hashed(name: string, identity: string, taken: ReadonlySet<string>): string {
  let salt = '';
  for (;;) {
    const candidate = `${name.slice(0, LONGEST - 7).replace(/[_-]+$/, '')}_${shortHash(identity + salt)}`;
    if (!taken.has(candidate)) return candidate;
    salt += '+';
  }
}

const identityOf = ({ method, path }: Origin): string => `${method} ${path}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = ([a]: readonly Candidate[], [b]: readonly Candidate[]): number => compare(a?.name ?? '', b?.name ?? '');
const byIdentity = (a: Candidate, b: Candidate): number => compare(identityOf(a.origin), identityOf(b.origin));

function fromPath(origin: Origin): string {
  const made = slug(byMethodAndPath(origin));
  return made === '' ? `operation_${shortHash(identityOf(origin))}` : made;
}

const slugOfPath = (path: string): string =>
  legal(path.replace(/\{\+?([^{}]*)\}/g, (_, name: string) => ` by ${name} `)).replace(/^_+|[_-]+$/g, '');

/** `issues/list-for-repo` → `issues_list-for-repo`; a text without ASCII letters becomes empty. */
const slug = (written: string): string => legal(written).replace(/^[^A-Za-z]+|[_-]+$/g, '');

const legal = (written: string): string =>
  /[^A-Za-z0-9_-]/.test(written)
    ? written
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .replace(/[^A-Za-z0-9_-]+/g, '_')
    : written;
