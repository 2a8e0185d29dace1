import { visibleText } from '../../model/index.ts';
import { isObject, type Node } from '../reader.ts';
import { appendSentence, type Site } from './context.ts';

/** Extensions that explain the values of `enum`, in the same order: descriptions before names. */
const LISTS = ['x-enum-descriptions', 'x-enumDescriptions', 'x-enum-varnames', 'x-enumNames'] as const;
export const ENUM_EXTENSIONS = [...LISTS, 'x-ms-enum'] as const;

/** Longer explanations cost more than they help. */
const LONGEST = 400;

/** What the values of an enum mean, as a sentence of the description: a number says nothing by itself. */
export function readEnumMeanings({ written, draft, context }: Site, keyword: string): void {
  if (!Array.isArray(written.enum)) return;
  // Of several extensions, the first in the list above counts.
  const used = ENUM_EXTENSIONS.find((name) => meaningsOf(written, name).size > 0);
  if (used !== keyword) return;
  const known = meaningsOf(written, keyword);
  const texts = written.enum.flatMap((value) => {
    const meaning = context.text(visibleText(known.get(value) ?? ''));
    return meaning === '' || meaning === String(value)
      ? []
      : [`${JSON.stringify(value)}: ${meaning.replace(/\.$/, '')}`];
  });
  const sentence = `Values: ${texts.join(', ')}.`;
  if (texts.length > 0 && sentence.length <= LONGEST) appendSentence(draft, sentence);
}

function meaningsOf(written: Node, keyword: string): ReadonlyMap<unknown, string> {
  const values: readonly unknown[] = Array.isArray(written.enum) ? written.enum : [];
  const given = written[keyword];
  if (keyword === 'x-ms-enum') return microsoftMeanings(given);
  const texts = Array.isArray(given) ? given : isObject(given) ? values.map((value) => given[String(value)]) : [];
  return new Map(values.flatMap((value, at) => (typeof texts[at] === 'string' ? [[value, texts[at]] as const] : [])));
}

/** `x-ms-enum: { values: [{ value, name, description }] }` */
function microsoftMeanings(given: unknown): ReadonlyMap<unknown, string> {
  const list = isObject(given) && Array.isArray(given.values) ? given.values : [];
  return new Map(
    list.flatMap((each) => {
      const meaning = isObject(each) ? (each.description ?? each.name) : undefined;
      return isObject(each) && typeof meaning === 'string' ? [[each.value, meaning] as const] : [];
    }),
  );
}
