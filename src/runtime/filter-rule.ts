import type { ToolAnnotations } from '../model/index.ts';
import { provenHints } from './claimed-hints.ts';
import { ANNOTATIONS } from './options/annotations.ts';
import { OptionError } from './options/option-error.ts';
import { choice, type OptionKind, shape, text } from './options/option-kinds.ts';
import { tagsOf } from './origin-meta.ts';
import { PART_KINDS, type Part } from './part.ts';

/** Matches items that meet every condition. */
export interface FilterRule {
  readonly kind?: Part['kind'];
  /** A glob over the name, and for resources over the URI too: `*` is any text, `?` one character. */
  readonly name?: string;
  /** One of the `tags` in `_meta`. */
  readonly tag?: string;
  /**
   * Annotations of a tool, each with the value here: `{ readOnlyHint: true }`. An absent annotation, or an unconfirmed
   * claim of a remote server, does not match.
   */
  readonly annotations?: ToolAnnotations;
}

/** The type of each condition. */
export const RULE: OptionKind = shape<FilterRule>(
  {
    kind: choice(PART_KINDS),
    name: text,
    tag: text,
    annotations: ANNOTATIONS,
  },
  {
    expected: 'a rule such as { name: "pets_*" }',
    hints: { tags: 'Write "tag", with one tag.', names: 'Write "name", a glob; one rule for each.' },
  },
);

/**
 * Whether one of the rules matches an item.
 *
 * @throws OptionError if a rule has no conditions: it would match everything
 */
export function matchesAny(rules: readonly FilterRule[]): (part: Part) => boolean {
  const matchers = rules.map(matcher);
  return (part) => matchers.some((matches) => matches(part));
}

function matcher({ kind, name, tag, annotations }: FilterRule): (part: Part) => boolean {
  if (kind === undefined && name === undefined && tag === undefined && annotations === undefined) {
    throw new OptionError('A filter rule needs kind, name, tag or annotations.');
  }
  const glob = name === undefined ? undefined : globPattern(name);
  return (part) =>
    (kind === undefined || part.kind === kind) &&
    (glob === undefined || namesOf(part).some((each) => glob.test(each))) &&
    (tag === undefined || tagsOf(part.item).includes(tag)) &&
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

function hasAnnotations(part: Part, wanted: ToolAnnotations): boolean {
  if (part.kind !== 'tool') return false;
  const own: Readonly<Record<string, unknown>> = { ...provenHints(part.item) };
  return Object.entries(wanted).every(([key, value]) => own[key] === value);
}

/** Neighbouring `*` are merged: `**` would backtrack for nothing. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}
