import type { ToolAnnotations } from '../../model/index.ts';
import type { Provider } from '../provider.ts';
import { type Part, selection } from './selection.ts';

/** Matches what has all that is said here. */
export interface FilterRule {
  readonly kind?: Part['kind'];
  /** A glob over the name, and for resources over the URI too: `*` is any text, `?` one character. */
  readonly name?: string;
  /** One of the `tags` in `_meta`. */
  readonly tag?: string;
  /** Annotations of a tool, each as it is said here: `{ readOnlyHint: true }`. What a tool does not say is no match. */
  readonly annotations?: ToolAnnotations;
}

export interface FilterOptions {
  /** Only what one of these matches is kept. Default: everything. */
  readonly include?: readonly FilterRule[];
  /** What one of these matches is left out, also where it is included. */
  readonly exclude?: readonly FilterRule[];
}

/**
 * The provider with some of what it offers. What is left out can neither be seen nor called.
 *
 * ```ts
 * filter(shop, { include: [{ name: 'pets_*' }], exclude: [{ annotations: { destructiveHint: true } }] });
 * ```
 *
 * @throws TypeError where a rule says nothing: it would match everything.
 */
export function filter(provider: Provider, { include, exclude = [] }: FilterOptions): Provider {
  const included = include?.map(matcher);
  const excluded = exclude.map(matcher);
  return selection(
    provider,
    (part) => (included?.some((matches) => matches(part)) ?? true) && !excluded.some((matches) => matches(part)),
  );
}

/**
 * The provider without the tools that may change something: only those with `readOnlyHint` stay. Resources and prompts
 * only read.
 */
export function readOnly(provider: Provider): Provider {
  return selection(provider, ({ kind, item }) => kind !== 'tool' || item.annotations?.readOnlyHint === true);
}

function matcher({ kind, name, tag, annotations }: FilterRule): (part: Part) => boolean {
  if (kind === undefined && name === undefined && tag === undefined && annotations === undefined) {
    throw new TypeError('A filter rule needs kind, name, tag or annotations.');
  }
  const glob = name === undefined ? undefined : globPattern(name);
  return (part) =>
    (kind === undefined || part.kind === kind) &&
    (glob === undefined || namesOf(part).some((each) => glob.test(each))) &&
    (tag === undefined || tagsOf(part).includes(tag)) &&
    (annotations === undefined || hasAnnotations(part, annotations));
}

function namesOf(part: Part): readonly string[] {
  switch (part.kind) {
    case 'resource':
      return [part.item.name, part.item.uri];
    case 'template':
      return [part.item.name, part.item.uriTemplate];
    case 'tool':
    case 'prompt':
      return [part.item.name];
  }
}

function tagsOf({ item }: Part): readonly unknown[] {
  // Any list item of MCP may have `_meta`, also where our own type does not name it.
  const { _meta } = item as { readonly _meta?: { readonly tags?: unknown } };
  return Array.isArray(_meta?.tags) ? _meta.tags : [];
}

function hasAnnotations(part: Part, wanted: ToolAnnotations): boolean {
  if (part.kind !== 'tool') return false;
  const own: Readonly<Record<string, unknown>> = { ...part.item.annotations };
  return Object.entries(wanted).every(([key, value]) => own[key] === value);
}

/** `*` may be any text, so neighbours are one: `**` would backtrack for nothing. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}
