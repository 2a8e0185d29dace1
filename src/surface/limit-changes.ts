import { isDeepStrictEqual } from 'node:util';
import type { JsonSchemaObject } from '../model/index.ts';
import type { KeywordChange } from './effect.ts';

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;
/** Their values cannot be ordered. */
const RULES = ['pattern', 'format', 'multipleOf', 'uniqueItems', 'contentEncoding', 'contentMediaType'] as const;

/** Changes of what limits values of the same type. */
export function limitChanges(old: JsonSchemaObject, now: JsonSchemaObject): KeywordChange[] {
  return [
    ...LOWER.flatMap((keyword) => boundChange(keyword, old, now, (before, after) => after > before)),
    ...UPPER.flatMap((keyword) => boundChange(keyword, old, now, (before, after) => after < before)),
    ...RULES.flatMap((keyword) => ruleChange(keyword, old, now)),
  ];
}

type Bound = (typeof LOWER | typeof UPPER)[number];

function boundChange(
  keyword: Bound,
  { [keyword]: before }: JsonSchemaObject,
  { [keyword]: after }: JsonSchemaObject,
  isStricter: (before: number, after: number) => boolean,
): KeywordChange[] {
  if (before === after) return [];
  const stricter = after !== undefined && (before === undefined || isStricter(before, after));
  return [{ effect: stricter ? 'narrowed' : 'widened', text: valueText(keyword, before, after) }];
}

function ruleChange(
  keyword: (typeof RULES)[number],
  { [keyword]: before = false }: JsonSchemaObject,
  { [keyword]: after = false }: JsonSchemaObject,
): KeywordChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const text = valueText(keyword, before === false ? undefined : before, after === false ? undefined : after);
  if (before !== false && after !== false) return [{ effect: 'changed', text }];
  return [{ effect: after === false ? 'widened' : 'narrowed', text }];
}

function valueText(keyword: string, before: unknown, after: unknown): string {
  if (after === undefined) return `no longer has "${keyword}" (${JSON.stringify(before)})`;
  const instead = before === undefined ? '' : ` instead of ${JSON.stringify(before)}`;
  return `has "${keyword}" ${JSON.stringify(after)}${instead}`;
}
