import type { Origin } from '../model/index.ts';
import { changingVerb } from './changing-verb.ts';

/** How an operation is served, if at all. */
export type RouteKind = 'tool' | 'resource' | 'both' | 'exclude';

/** An operation and the name of its tool. */
export interface NamedOrigin extends Origin {
  readonly name: string;
}

export interface Selection {
  /** `undefined` if no filter or route applies. */
  kind(named: NamedOrigin): RouteKind | undefined;
}

export interface SelectionOptions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly routes: readonly string[];
  readonly readOnly: boolean;
}

/** A filter or route with invalid syntax. Thrown immediately, because it is the user's mistake. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

const SAFE_METHODS = new Set(['get', 'head', 'options', 'trace', 'query']);
/** RFC 9110 §9.2.1, and QUERY. */
export const isSafeMethod = (method: string): boolean => SAFE_METHODS.has(method.toLowerCase());

/**
 * Decides for every operation: `exclude` overrides `include`, both override routes, and the first matching route wins.
 *
 * @throws FilterError with the invalid filter and the valid forms
 */
export function createSelection(options: SelectionOptions): Selection {
  const include = options.include.map(parseFilter);
  const exclude = options.exclude.map(parseFilter);
  const routes = options.routes.map(parseRoute);
  return {
    kind(origin) {
      if (exclude.some((matches) => matches(origin))) return 'exclude';
      if (include.length && !include.some((matches) => matches(origin))) return 'exclude';
      if (options.readOnly && !(isSafeMethod(origin.method) && changingVerb(origin) === undefined)) return 'exclude';
      return routes.find(({ matches }) => matches(origin))?.kind;
    },
  };
}

/**
 * Notices about filters and routes that match no operation, which may be a typo: one sentence each.
 *
 * @param origins of every operation in the document
 */
export function unmatchedFilters(options: SelectionOptions, origins: readonly NamedOrigin[]): readonly string[] {
  // A document without operations is reported separately.
  if (origins.length === 0) return [];
  const matchesNone = (matches: Filter) => !origins.some(matches);
  const filters = (name: 'include' | 'exclude') =>
    options[name]
      .filter((filter) => matchesNone(parseFilter(filter)))
      .map((filter) => `${name} "${filter}" matches no operation.`);
  const routes = options.routes.filter((rule) => matchesNone(parseRoute(rule).matches));
  return [
    ...filters('include'),
    ...filters('exclude'),
    ...routes.map((rule) => `route "${rule}" matches no operation.`),
  ];
}

type Filter = (origin: NamedOrigin) => boolean;

function parseRoute(rule: string): { matches: Filter; kind: RouteKind } {
  const at = rule.lastIndexOf('=>');
  const kind = rule.slice(at + 2).trim();
  if (at < 0 || !['tool', 'resource', 'both', 'exclude'].includes(kind))
    throw new FilterError(`Route "${rule}" is invalid. Write "<filter> => tool|resource|both|exclude".`);
  return { matches: parseFilter(rule.slice(0, at).trim()), kind: kind as RouteKind };
}

/** `tag:x`, `id:glob`, `GET /path/**`, `/path/**`, `GET`, `/regex/`. */
export function parseFilter(filter: string): Filter {
  const written = filter.trim();
  const prefixed = /^(tag|id):(.+)$/s.exec(written);
  if (prefixed) {
    const matches = glob(prefixed[2]?.trim() ?? '', false);
    return prefixed[1] === 'tag'
      ? ({ tags }) => tags.some(matches)
      : ({ operationId, name }) => matches(name) || (operationId !== undefined && matches(operationId));
  }
  // A regular expression is enclosed in slashes: `/^\/admin/`. A path that ends with a slash is written `GET
  // /path/`.
  const expression = /^\/(.+)\/(i?)$/s.exec(written);
  if (expression) {
    const pattern = compile(expression[1] ?? '', expression[2] ?? '', filter);
    return ({ path, operationId }) => pattern.test(path) || (operationId !== undefined && pattern.test(operationId));
  }
  const route = /^(?:([A-Za-z|*]+)\s*)?(\/.*)?$/s.exec(written);
  const methods = route?.[1]?.split('|') ?? ['*'];
  if (!route || written === '' || !methods.every(isMethod))
    throw new FilterError(
      `Filter "${filter}" is invalid. Write "tag:<glob>", "id:<glob>", "GET /path/**", "/path/*" or "/regular expression/".`,
    );
  const path = route[2] === undefined ? () => true : glob(route[2], true);
  return (origin) =>
    methods.some((method) => method === '*' || method.toLowerCase() === origin.method.toLowerCase()) &&
    path(origin.path);
}

/** A standard method in any case; other methods in upper case, as they are sent. */
const isMethod = (word: string): boolean =>
  word === '*' || /^(get|put|post|delete|options|head|patch|trace|query)$/i.test(word) || /^[A-Z]+$/.test(word);

/** `*` matches anything (in paths: within a segment), `**` matches anything including nothing: `/a/**` matches `/a`. */
function glob(written: string, path: boolean): (text: string) => boolean {
  const source = written.replace(/\/\*\*$|\*\*|\*|[^*]/gs, (part) => {
    if (part === '/**') return path ? '(?:/.*)?' : '/.*';
    if (part === '**') return '.*';
    if (part === '*') return path ? '[^/]*' : '.*';
    return part.replace(/[\\^$.|?+()[\]{}]/, '\\$&');
  });
  const pattern = new RegExp(`^${source}$`, path ? 's' : 'is');
  return (text) => pattern.test(text);
}

function compile(source: string, flags: string, filter: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new FilterError(`Filter "${filter}": ${error instanceof Error ? error.message : String(error)}.`);
  }
}
