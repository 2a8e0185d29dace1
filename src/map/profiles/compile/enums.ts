import type { JsonTypeName, JsonValue } from '../../../model/index.ts';
import { type Plain, type Site, tell, without, wordsAlone } from './context.ts';

/** If enums must be of strings: lists the values as strings, which a coercion converts back. */
export function showEnum(plain: Plain): void {
  const { exact, shown, site } = plain;
  const values = exact.const !== undefined ? [exact.const] : exact.enum;
  if (site.context.rules.enums === 'any' || values === undefined) return;
  const others = values.filter((value) => value !== null);
  const texts = others.map(textOf);
  if (!isShowable(others, texts, site)) {
    tell('enum', { enum: values }, site);
    plain.exact = without(exact, ['enum', 'const']);
    return;
  }
  shown.enum = texts;
  const pairs = others.flatMap((value, index) => (typeof value === 'string' ? [] : [[texts[index] ?? '', value]]));
  if (pairs.length > 0) site.context.coercions.push({ path: site.path ?? [], values: Object.fromEntries(pairs) });
  const type: JsonTypeName[] = values.includes(null) ? ['string', 'null'] : ['string'];
  const preset = exact.default ?? undefined;
  plain.exact = { type, ...wordsAlone(exact), ...(preset !== undefined && { default: textOf(preset) }) };
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

function isShowable(values: readonly JsonValue[], texts: readonly string[], { path }: Site): boolean {
  if (texts.length === 0 || texts.includes('') || new Set(texts).size < texts.length) return false;
  const isText = values.every((value) => typeof value === 'string');
  return isText || (path !== undefined && values.every((value) => typeof value !== 'object'));
}
