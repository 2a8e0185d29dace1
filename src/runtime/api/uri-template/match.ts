import { type Expression, OPERATORS, type ParsedTemplate, parseTemplate, type Variable } from './parse.ts';
import { templateSplitter } from './split.ts';

/** A list if the URI has several values, an object if it has names with values. */
export type MatchedValue = string | string[] | Record<string, string>;
export type MatchedValues = Record<string, MatchedValue>;

/**
 * The values for which the template expands to this URI, percent-decoded; `undefined` if there are none. Query
 * variables may come in any order, and may be absent; an unknown query name does not match, so that a wrong URI is
 * reported.
 *
 * Some expansions are ambiguous (RFC 6570 §1.4). They are read as follows:
 * - `a,b` is a list; `{x}` with the string `a,b` would be `a%2Cb`. With reserved characters (`{+x}`, `{#x}`) it is the
 *   string.
 * - Pairs are an object only if they are exploded (`k=v`).
 * - An absent value of an unnamed variable is the empty string if the variable is alone in its expression, otherwise
 *   absent.
 */
export function matchTemplate(template: string | ParsedTemplate, uri: string): MatchedValues | undefined {
  return templateReader(typeof template === 'string' ? parseTemplate(template) : template)(uri);
}

/** `matchTemplate` for one template and many URIs. */
export function templateReader(template: ParsedTemplate): (uri: string) => MatchedValues | undefined {
  const split = templateSplitter(template);
  const expressions = template.parts.filter((part) => typeof part !== 'string');
  const uncut = expressions.flatMap(({ variables }) => variables.filter(({ prefix }) => prefix === undefined));
  const whole = new Set(uncut.map(({ name }) => name));
  return (uri) => {
    const found = split(uri);
    if (!found) return undefined;
    const values: MatchedValues = {};
    for (const [index, expression] of expressions.entries()) {
      const text = found[index];
      const read = text === undefined ? [] : readExpression(expression, text);
      if (!read) return undefined;
      for (const [{ name, prefix }, value] of read) {
        // If a template has both `{x}` and `{x:3}`, the former has the complete value.
        if (prefix !== undefined && whole.has(name)) continue;
        // A variable may be named `__proto__`.
        Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
      }
    }
    return values;
  };
}

type Read = (readonly [variable: Variable, value: MatchedValue])[];

/** The values of one expression; `undefined` if the text is not one of its expansions. */
function readExpression({ operator, variables }: Expression, text: string): Read | undefined {
  const { first, named, reserved, separator } = OPERATORS[operator];
  const [only] = variables;
  try {
    if (named) return readNamed(variables, text.split(separator));
    // Cannot be distinguished from the empty string.
    if (text === '' && first === '' && (variables.length > 1 || only?.explode)) return [];
    if (only && variables.length === 1) return readOnly(only, text, { reserved, separator });
    return readInOrder(variables, text.split(separator));
  } catch (error) {
    // "%zz", or bytes that are not UTF-8.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** The only variable of an expression takes all of its text. */
function readOnly(
  variable: Variable,
  text: string,
  { reserved, separator }: { reserved: boolean; separator: string },
): Read | undefined {
  if (variable.explode) return [[variable, itemsOf(text.split(separator))]];
  if (separator === '/' && text.includes('/')) return undefined;
  const value = reserved ? decodeURIComponent(text) : listOrText(text);
  return fits(variable, value) ? [[variable, value]] : undefined;
}

/** `{a,b,list*}`: one item each; the exploded variable takes the rest. */
function readInOrder(variables: readonly Variable[], items: readonly string[]): Read | undefined {
  const exploded = variables.findIndex(({ explode }) => explode);
  const spare = exploded < 0 ? 0 : Math.max(0, items.length - variables.length + 1);
  if (items.length > variables.length && spare === 0) return undefined;
  const read: Read = [];
  let next = 0;
  for (const [index, variable] of variables.entries()) {
    if (next >= items.length) break;
    const count = index === exploded ? Math.max(1, spare) : 1;
    const taken = items.slice(next, next + count);
    next += count;
    const value = variable.explode ? itemsOf(taken) : decodeURIComponent(taken[0] ?? '');
    if (!fits(variable, value)) return undefined;
    read.push([variable, value]);
  }
  return next < items.length ? undefined : read;
}

/** `name=value` in any order. Unknown names belong to an exploded object, if there is one. */
function readNamed(variables: readonly Variable[], items: readonly string[]): Read | undefined {
  const texts = new Map<string, string[]>();
  for (const item of items) {
    if (item === '') continue;
    const equals = item.indexOf('=');
    const name = equals < 0 ? item : item.slice(0, equals);
    const text = equals < 0 ? '' : item.slice(equals + 1);
    const known = texts.get(name);
    if (known) known.push(text);
    else texts.set(name, [text]);
  }
  const read: Read = [];
  for (const variable of variables) {
    const given = texts.get(variable.name);
    if (!given) continue;
    texts.delete(variable.name);
    if (given.length > 1 && !variable.explode) return undefined;
    const value = variable.explode ? given.map(decodeURIComponent) : listOrText(given[0] ?? '');
    if (!fits(variable, value)) return undefined;
    read.push([variable, value]);
  }
  if (texts.size === 0) return read;
  const open = variables.filter((variable) => variable.explode && !read.some(([known]) => known === variable));
  const [object] = open;
  if (!object || open.length > 1 || [...texts.values()].some(({ length }) => length > 1)) return undefined;
  const pairs = [...texts].map(([name, [text = '']]) => [decodeURIComponent(name), decodeURIComponent(text)]);
  read.push([object, Object.fromEntries(pairs)]);
  return read;
}

/** Lists are joined with commas; a comma inside a value is encoded. */
function listOrText(text: string): string | string[] {
  return text.includes(',') ? text.split(',').map(decodeURIComponent) : decodeURIComponent(text);
}

/** For an exploded variable: an object if each item has a name. */
function itemsOf(items: readonly string[]): MatchedValue {
  if (!items.every((item) => item.includes('='))) return items.map(decodeURIComponent);
  const pairs = items.map((item) => {
    const equals = item.indexOf('=');
    return [decodeURIComponent(item.slice(0, equals)), decodeURIComponent(item.slice(equals + 1))];
  });
  return Object.fromEntries(pairs);
}

/** `{x:3}` writes at most three characters. */
function fits({ prefix }: Variable, value: MatchedValue): boolean {
  return prefix === undefined || (typeof value === 'string' && Array.from(value).length <= prefix);
}
