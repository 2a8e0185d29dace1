import type { JsonTypeName } from '../../model/index.ts';
import { asType, isOfAny } from '../typed-values.ts';
import { badKeyword, type Draft, type Site } from './context.ts';

export function readEnum(site: Site): void {
  const { enum: listed } = site.written;
  if (Array.isArray(listed) && listed.length) site.draft.enum = unique(ofType(site, 'enum', unique(listed)));
  else badKeyword(site, 'enum', 'a list with at least one value');
}

export function readConst(site: Site): void {
  [site.draft.const] = ofType(site, 'const', [site.written.const]);
}

/** If a listed value had another type, the default is converted like it. */
export function readDefault({ written, draft }: Site): void {
  const { enum: listed = [], const: only = null, default: preset } = written;
  const types = typesOf(draft);
  const isMistyped = [...(Array.isArray(listed) ? listed : []), only].some((value) => !fits(value, types));
  draft.default = isMistyped ? converted(preset, types) : preset;
}

/** Converts values that YAML parsed as numbers or booleans, because they are unquoted, to the declared type. */
function ofType({ draft, pointer, context }: Site, keyword: string, listed: readonly unknown[]): readonly unknown[] {
  const types = typesOf(draft);
  const wrong = listed.filter((value) => !fits(value, types));
  if (wrong.length === 0) return listed;
  const shown = wrong.slice(0, 3).map((value) => JSON.stringify(value));
  const message = `The type is ${types.join(' or ')}, which ${shown.join(', ')} ${wrong.length === 1 ? 'is' : 'are'} not.`;
  context.reader.report('ENUM_OF_ANOTHER_TYPE', `${pointer}/${keyword}`, message);
  if (Array.isArray(draft.examples)) draft.examples = draft.examples.map((value) => converted(value, types));
  return listed.map((value) => converted(value, types));
}

const typesOf = ({ type = [] }: Draft): readonly JsonTypeName[] =>
  [type as JsonTypeName | readonly JsonTypeName[]].flat(); // set by `readType`

/** Null is always allowed: documents list it with and without `nullable`. */
const fits = (value: unknown, types: readonly JsonTypeName[]): boolean =>
  types.length === 0 || value === null || isOfAny(value, types);

const converted = (value: unknown, types: readonly JsonTypeName[]): unknown =>
  fits(value, types) ? value : (asType(value, types) ?? value);

function unique(values: readonly unknown[]): readonly unknown[] {
  if (values.every((value) => typeof value !== 'object' || value === null)) return [...new Set(values)];
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
