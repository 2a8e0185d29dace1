import { type Document, isMap, isScalar, isSeq, type Pair, parse, parseDocument, stringify, type YAMLMap } from 'yaml';
import type { ConfigEditor, ServerPlace } from './config-editor.ts';
import type { Entry } from './server-command.ts';

/** YAML: a server is a block of lines at the end of its parent. */
export const YAML_EDITOR: ConfigEditor = {
  parse: (text) => parse(text) ?? {},
  put(text, place, entry) {
    const rest = remove(text, place);
    return rest === undefined ? undefined : added(rest, place, entry);
  },
  remove,
};

function added(text: string, place: ServerPlace, entry: Entry): string | undefined {
  const document = parseDocument(text);
  const pair = pairOf(document, place.key);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = (indent: string) => block(place, entry, indent).replaceAll('\n', eol);
  const ended = text === '' || text.endsWith('\n') ? text : `${text}${eol}`;
  if (!pair) return `${ended}${place.key}:${eol}${lines('  ')}`;
  const value = pair.value;
  const isBlock = (isMap(value) || isSeq(value)) && !value.flow && value.items.length > 0;
  if (isBlock) {
    const start = itemStart(value.items[0], text);
    if (start === undefined || !value.range) return undefined;
    const indent = ' '.repeat(column(text, start));
    const at = endOfLine(text, lastContent(text, value.range[1]));
    const head = text.slice(0, at);
    return `${head}${head.endsWith('\n') ? '' : eol}${lines(indent)}${text.slice(at)}`;
  }
  // `extensions: {}`, `extensions: []` and `extensions:` are replaced by a block.
  if (!isEmptyValue(value) || !isScalar(pair.key) || !pair.key.range) return undefined;
  const keyEnd = text.indexOf(':', pair.key.range[1]) + 1;
  const isWritten = !isScalar(value) || value.source !== '';
  const valueEnd = (isWritten ? rangeEnd(value) : undefined) ?? keyEnd;
  const rest = text.slice(Math.max(keyEnd, valueEnd));
  const line = /^([ \t]+#[^\r\n]*|[ \t]*)(\r?\n|$)/.exec(rest);
  if (!line) return undefined;
  const comment = line[1]?.trim() ? line[1] : '';
  return `${text.slice(0, keyEnd)}${comment}${eol}${lines('  ')}${rest.slice(line[0].length)}`;
}

function remove(text: string, place: ServerPlace): string | undefined {
  const document = parseDocument(text);
  const value = pairOf(document, place.key)?.value;
  if (value === undefined || isEmptyValue(value)) return text;
  if (!(isMap(value) || isSeq(value)) || value.flow) return undefined;
  const starts = value.items.map((item) => itemStart(item, text));
  const at = value.items.findIndex((item) => nameOf(item) === place.name);
  if (at < 0) return text;
  const [start, next] = [starts[at], starts[at + 1]];
  if (start === undefined) return undefined;
  const from = startOfLine(text, start);
  const to =
    next === undefined ? endOfLine(text, lastContent(text, value.range?.[1] ?? start)) : startOfLine(text, next);
  return text.slice(0, from) + text.slice(to);
}

/** The lines of a server, as an item of its parent. */
function block({ list, name }: ServerPlace, entry: Entry, indent: string): string {
  const text = stringify(list ? [entry] : { [name]: entry }, { lineWidth: 0 });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}\n`)
    .join('');
}

function pairOf({ contents }: Document, key: string): Pair | undefined {
  if (!isMap(contents)) return undefined;
  return (contents as YAMLMap).items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function nameOf(item: unknown): unknown {
  if (isMap(item)) return item.get('name');
  const { key } = item as Pair;
  return isScalar(key) ? key.value : undefined;
}

/** Where an item starts: at its key, or at the dash of a list. */
function itemStart(item: unknown, text: string): number | undefined {
  if (isMap(item)) {
    const at = item.range?.[0];
    return at === undefined ? undefined : text.lastIndexOf('-', at);
  }
  const { key } = item as Pair;
  return isScalar(key) ? key.range?.[0] : undefined;
}

const isEmptyValue = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (isScalar(value) && value.value === null) ||
  ((isMap(value) || isSeq(value)) && value.items.length === 0);

const rangeEnd = (value: unknown): number | undefined =>
  isScalar(value) || isMap(value) || isSeq(value) ? value.range?.[1] : undefined;

const startOfLine = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const column = (text: string, at: number): number => at - startOfLine(text, at);

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** The last character before `end` that is not white space. */
const lastContent = (text: string, end: number): number => Math.max(0, text.slice(0, end).trimEnd().length - 1);
