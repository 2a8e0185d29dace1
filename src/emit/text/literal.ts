import { escapedText } from '../../model/index.ts';
import { INHERITED } from '../names.ts';
import { group, ifBroken, indent, joined, type Layout, LINE, SOFT } from './layout.ts';

/** A plain value as TypeScript. Properties that are `undefined` are left out. */
export function literal(value: unknown): Layout {
  if (Array.isArray(value)) return listLiteral(value);
  if (typeof value === 'object' && value !== null) return objectLiteral(value);
  if (typeof value === 'string') return stringLiteral(value);
  return String(value);
}

/** An object whose values are already TypeScript. A variable named like its key uses the shorthand. */
export function objectOf(entries: readonly (readonly [key: string, value: Layout])[]): Layout {
  return inBraces(entries.map(([key, value]) => (value === key ? key : [keyLiteral(key), ': ', value])));
}

function inBraces(properties: readonly Layout[]): Layout {
  if (properties.length === 0) return '{}';
  return group('{', indent(LINE, joined(properties, [',', LINE])), ifBroken(','), LINE, '}');
}

/** A list whose items are already TypeScript. */
export function listOf(items: readonly Layout[]): Layout {
  if (items.length === 0) return '[]';
  return group('[', indent(SOFT, joined(items, [',', LINE])), ifBroken(','), SOFT, ']');
}

function listLiteral(items: readonly unknown[]): Layout {
  const list = listOf(items.map(literal));
  // The formatter breaks a list of several objects (or lists) with several members each.
  const many = items.length > 1 && (items.every(isLongObject) || items.every(isLongList));
  return many && typeof list === 'object' && 'kind' in list && list.kind === 'group' ? { ...list, broken: true } : list;
}

const isLongObject = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length > 1;
const isLongList = (item: unknown): boolean => Array.isArray(item) && item.length > 1;

function objectLiteral(value: object): Layout {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return inBraces(entries.map(([key, member]) => property(key, member)));
}

/** `key: value`. A string that is too long for the line goes on the next one, unless that would gain almost nothing. */
export function property(name: string, value: unknown): Layout {
  const key = keyLiteral(name);
  // In a record, the compiler expects the type of the inherited member at such a key, and would widen the literals in
  // the value.
  if (INHERITED.has(name) && typeof value === 'object' && value !== null)
    return [key, ': ', literal(value), ' as const'];
  if (typeof value !== 'string' || key.length <= SHORT_KEY) return [key, ': ', literal(value)];
  return [key, ':', group(indent(LINE, literal(value)))];
}

const SHORT_KEY = 4;

/** `{ "__proto__": x }` would set the prototype; a computed key is an ordinary property. */
export const keyLiteral = (key: string): string => (key === '__proto__' ? `['__proto__']` : typeKey(key));

/** The key of a member of a type. */
export const typeKey = (key: string): string => (isIdentifier(key) ? key : stringLiteral(key));

export const isIdentifier = (text: string): boolean => /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(text);

/**
 * In single quotes, or in double quotes if that avoids escapes. Invisible characters and those that can disguise text
 * (controls, line separators, directions, lone surrogates) are escaped.
 */
export function stringLiteral(text: string): string {
  const quote = count(text, "'") > count(text, '"') ? '"' : "'";
  const escaped = text.replace(/[\\'"]|[\p{C}\u2028\u2029]/gu, (character) => {
    if (character === "'" || character === '"') return character === quote ? `\\${character}` : character;
    return ESCAPES[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  // Variation selectors and fillers are in none of these categories.
  return `${quote}${escapedText(escaped)}${quote}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const count = (text: string, character: string): number => text.split(character).length - 1;
