import {
  type Expression,
  OPERATORS,
  type OperatorRule,
  type ParsedTemplate,
  parseTemplate,
  type Variable,
} from './parse.ts';

export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly (string | number | boolean)[]
  | { readonly [key: string]: string | number | boolean };

/** By variable name. `undefined`, `null`, an empty list and an empty object are omitted (RFC 6570 §2.3). */
export type TemplateValues = Readonly<Record<string, TemplateValue>>;

/** Expands the template with the values. */
export function expandTemplate(template: string | ParsedTemplate, values: TemplateValues): string {
  const { parts } = typeof template === 'string' ? parseTemplate(template) : template;
  return parts.map((part) => (typeof part === 'string' ? encodeReserved(part) : expand(part, values))).join('');
}

function expand({ operator, variables }: Expression, values: TemplateValues): string {
  const rule = OPERATORS[operator];
  const written = variables.flatMap((variable) => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined;
    return value === undefined || value === null ? [] : expandVariable(variable, value, rule);
  });
  return written.length ? rule.first + written.join(rule.separator) : '';
}

/** The expansion of one variable: no items, or items to be joined by separators (RFC 6570 §3.2.1). */
function expandVariable(variable: Variable, value: NonNullable<TemplateValue>, rule: OperatorRule): string[] {
  const encode = rule.reserved ? encodeReserved : encodeUnreserved;
  const { name, explode, prefix } = variable;
  const named = (key: string, text: string) => (text === '' ? key + rule.ifEmpty : `${key}=${text}`);

  if (typeof value !== 'object') {
    const text = String(value);
    // Characters, not UTF-16 units (RFC 6570 §2.4.1).
    const kept = encode(prefix === undefined ? text : Array.from(text).slice(0, prefix).join(''));
    return [rule.named ? named(name, kept) : kept];
  }
  if (isList(value)) {
    if (value.length === 0) return [];
    const items = value.map((item) => encode(String(item)));
    if (explode) return rule.named ? items.map((item) => named(name, item)) : items;
    return [rule.named ? named(name, items.join(',')) : items.join(',')];
  }
  const pairs = Object.entries(value).map(([key, item]) => [encode(key), encode(String(item))] as const);
  if (pairs.length === 0) return [];
  if (explode) return pairs.map(([key, item]) => (rule.named ? named(key, item) : `${key}=${item}`));
  const joined = pairs.flat().join(',');
  return [rule.named ? named(name, joined) : joined];
}

// Array.isArray does not narrow readonly arrays.
const isList = (value: object): value is readonly (string | number | boolean)[] => Array.isArray(value);

/** Encodes all but unreserved characters. `encodeURIComponent` leaves five reserved ones (RFC 3986 §2.2). */
function encodeUnreserved(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(/[!'()*]/g, percent);
}

/** Keeps reserved characters and existing percent-encoding (RFC 6570 §3.2.1, U+R). */
export function encodeReserved(text: string): string {
  return wellFormed(text).replace(/%(?![0-9A-Fa-f]{2})|[^\w.~!*'();:@&=+$,/?#[\]%-]+/g, encodeURIComponent);
}

/** Half of a surrogate pair has no UTF-8. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\uFFFD');

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
