import { toNamespaceUri } from '../compose/namespace-uri.ts';
import { shortName } from '../compose/short-name.ts';
import { matchesAny } from '../filter-rule.ts';
import { listedOrigin, tagsOf } from '../origin-meta.ts';
import type { Part } from '../part.ts';
import type { ScopeRules } from './scope-rules.ts';

/** What an item needs: all scopes of `all` and, if there are alternatives, all of one of them. */
export interface Needs {
  readonly all: readonly string[];
  readonly anyOf: readonly (readonly string[])[];
}

/**
 * The needs of every item, by `keyOf`; items that need nothing are absent.
 *
 * @param namespace in which the items will be mounted: rules match their names there as well
 */
export function needsOf(parts: readonly Part[], rules: ScopeRules, namespace?: string): ReadonlyMap<string, Needs> {
  const matchers = matchersOf(rules).map((matcher) => alsoMounted(matcher, namespace));
  const ofTools = needsByOperation(parts, matchers);
  const entries = parts.flatMap((part): [string, Needs][] => {
    const operation = operationKey(part);
    const all = [
      ...matchers.filter(({ matches }) => matches(part)).flatMap(({ scopes }) => scopes),
      // The same request, whether it is made by a tool or by reading a resource.
      ...(operation === undefined ? [] : (ofTools.get(operation) ?? [])),
    ];
    const anyOf = rules.fromDocument ? (listedOrigin(part.item)?.scopes ?? []) : [];
    return all.length + anyOf.length === 0 ? [] : [[keyOf(part), { all: [...new Set(all)], anyOf }]];
  });
  return new Map(entries);
}

/** The rule that matches none of the items. */
export function idleRule(parts: readonly Part[], rules: ScopeRules): string | undefined {
  const idle = matchersOf(rules).find(({ matches }) => !parts.some(matches));
  if (idle) return idle.name;
  const hasScopes = parts.some(({ item }) => (listedOrigin(item)?.scopes.length ?? 0) > 0);
  return rules.fromDocument && !hasScopes ? 'fromDocument' : undefined;
}

/** Unique among all items. */
export function keyOf({ kind, item }: Part): string {
  switch (kind) {
    case 'tool':
    case 'prompt':
      return `${kind} ${item.name}`;
    case 'resource':
      return `resource ${item.uri}`;
    case 'template':
      return `template ${item.uriTemplate}`;
  }
}

/** All scopes to ask for, if some are missing. */
export function lacking({ all, anyOf }: Needs, granted: ReadonlySet<string>): readonly string[] | undefined {
  const missing = (scopes: readonly string[]) => scopes.filter((scope) => !granted.has(scope)).length;
  const [best = []] = [...anyOf].sort((one, other) => missing(one) - missing(other));
  return missing(all) + missing(best) === 0 ? undefined : [...new Set([...all, ...best])];
}

/** The needs of several items together, if a request may be for any of them. */
export function joined(needs: readonly Needs[]): Needs | undefined {
  if (needs.length < 2) return needs[0];
  // Alternatives of several items cannot be combined into one list: all of them are needed.
  return { all: [...new Set(needs.flatMap(({ all, anyOf }) => [...all, ...anyOf.flat()]))], anyOf: [] };
}

interface Matcher {
  /** `tools.delete*`, for messages. */
  readonly name: string;
  readonly scopes: readonly string[];
  readonly matches: (part: Part) => boolean;
}

function matchersOf({ tools = {}, tags = {}, resources = {}, prompts = {} }: ScopeRules): readonly Matcher[] {
  const each = (
    group: string,
    rules: NonNullable<ScopeRules['tools']>,
    matcher: (pattern: string) => Matcher['matches'],
  ) =>
    Object.entries(rules).map(([pattern, scopes]) => ({
      name: `${group}.${pattern}`,
      scopes,
      matches: matcher(pattern),
    }));
  return [
    ...each('tools', tools, (name) => matchesAny([{ kind: 'tool', name }])),
    ...each(
      'tags',
      tags,
      (tag) => (part) => [...tagsOf(part.item), ...(listedOrigin(part.item)?.tags ?? [])].includes(tag),
    ),
    ...each('resources', resources, (name) =>
      matchesAny([
        { kind: 'resource', name },
        { kind: 'template', name },
      ]),
    ),
    ...each('prompts', prompts, (name) => matchesAny([{ kind: 'prompt', name }])),
  ];
}

function alsoMounted({ matches, ...matcher }: Matcher, namespace: string | undefined): Matcher {
  if (namespace === undefined) return { ...matcher, matches };
  return { ...matcher, matches: (part) => matches(part) || matches(mounted(part, namespace)) };
}

function mounted(part: Part, namespace: string): Part {
  switch (part.kind) {
    case 'tool':
      return { ...part, item: { ...part.item, name: shortName(`${namespace}_${part.item.name}`) } };
    case 'prompt':
      return { ...part, item: { ...part.item, name: shortName(`${namespace}_${part.item.name}`) } };
    case 'resource':
      return { ...part, item: { ...part.item, uri: toNamespaceUri(namespace, part.item.uri) } };
    case 'template':
      return { ...part, item: { ...part.item, uriTemplate: toNamespaceUri(namespace, part.item.uriTemplate) } };
  }
}

function needsByOperation(
  parts: readonly Part[],
  matchers: readonly Matcher[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const part of parts) {
    const key = part.kind === 'tool' ? operationKey(part) : undefined;
    if (key === undefined) continue;
    const scopes = matchers.filter(({ matches }) => matches(part)).flatMap((matcher) => matcher.scopes);
    if (scopes.length > 0) found.set(key, [...(found.get(key) ?? []), ...scopes]);
  }
  return found;
}

function operationKey({ item }: Part): string | undefined {
  const origin = listedOrigin(item);
  return origin && JSON.stringify([origin.api, origin.method, origin.path]);
}
