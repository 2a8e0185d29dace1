import { createScanner, type Node, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ConfigEditor } from './config-editor.ts';

/** JSON, with comments and trailing commas as editors allow them. */
export const JSON_EDITOR: ConfigEditor = {
  parse(text) {
    if (text.trim() === '') return {};
    const errors: ParseError[] = [];
    const value: unknown = parse(text, errors, TOLERANT);
    const [first] = errors;
    if (!first) return value;
    throw new Error(`${printParseErrorCode(first.error)} in line ${text.slice(0, first.offset).split('\n').length}`);
  },
  put(text, { key, name }, entry) {
    // A new file ends with a line break.
    if (text.trim() === '') return `${JSON.stringify({ [key]: { [name]: entry } }, null, 2)}\n`;
    const root = parseTree(text, [], TOLERANT);
    if (root?.type !== 'object') return undefined;
    const servers = propertyOf(root, key);
    if (!servers) return withProperty(text, root, key, { [name]: entry });
    const [, container] = servers.children ?? [];
    if (container?.type !== 'object') return undefined;
    const [, old] = propertyOf(container, name)?.children ?? [];
    return old ? replaced(text, old, entry) : withProperty(text, container, name, entry);
  },
  remove(text, { key, name }) {
    const root = parseTree(text, [], TOLERANT);
    const [, container] = (root && propertyOf(root, key)?.children) ?? [];
    return container?.type === 'object' ? withoutProperty(text, container, name) : undefined;
  },
};

const TOLERANT = { allowTrailingComma: true };

const propertyOf = ({ children = [] }: Node, name: string): Node | undefined =>
  children.find(({ children: [key] = [] }) => key?.value === name);

const endOf = ({ offset, length }: Node): number => offset + length;

function replaced(text: string, old: Node, value: unknown): string {
  const isLong = text.slice(old.offset, endOf(old)).includes('\n') || text.includes('\n');
  const made = isLong ? formatted(value, lineIndent(text, old.offset), text) : JSON.stringify(value);
  return text.slice(0, old.offset) + made + text.slice(endOf(old));
}

/** With one property more, the last one. */
function withProperty(text: string, object: Node, name: string, value: unknown): string {
  const eol = lineBreak(text);
  const last = object.children?.at(-1);
  const close = endOf(object) - 1;
  if (!text.includes('\n')) {
    const property = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    const at = last ? endOf(last) : object.offset + 1;
    return `${text.slice(0, at)}${last ? ',' : ''}${property}${text.slice(at)}`;
  }
  const outer = lineIndent(text, object.offset);
  const isLong = last && text.slice(object.offset, last.offset).includes('\n');
  const inner = isLong ? lineIndent(text, last.offset) : outer + indentUnit(text);
  const property = `${inner}${JSON.stringify(name)}: ${formatted(value, inner, text)}`;
  if (!last) {
    // Comments stay before it.
    const kept = text.slice(0, close).trimEnd();
    return `${kept}${eol}${property}${eol}${outer}${text.slice(close)}`;
  }
  const comma = commaAfter(text, endOf(last));
  const at = contentEnd(text, comma ?? endOf(last), close);
  const head = comma === undefined ? `${text.slice(0, endOf(last))},${text.slice(endOf(last), at)}` : text.slice(0, at);
  const tail = text.slice(at);
  // A brace on the line of the last property moves to its own.
  const rest = tail.slice(0, close - at).includes('\n') ? tail : `${eol}${outer}${tail.trimStart()}`;
  return `${head}${eol}${property}${comma === undefined ? '' : ','}${rest}`;
}

function withoutProperty(text: string, object: Node, name: string): string {
  const { children = [] } = object;
  const at = children.findIndex(({ children: [key] = [] }) => key?.value === name);
  const [property, previous] = [children[at], children[at - 1]];
  if (!property) return text;
  const comma = commaAfter(text, endOf(property));
  const end = comma ?? endOf(property);
  if (!previous) {
    const isOnly = children.length === 1;
    const start = whiteStart(text, property.offset);
    return text.slice(0, start) + (isOnly ? text.slice(end).trimStart() : text.slice(end));
  }
  const start = whiteStart(text, property.offset);
  if (comma !== undefined) return text.slice(0, start) + text.slice(end);
  // The comma before it has nothing to separate any more.
  const before = (commaAfter(text, endOf(previous)) ?? endOf(previous) + 1) - 1;
  return text.slice(0, before) + text.slice(before + 1, start) + text.slice(end);
}

/** The end of the comma after an offset, past comments. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getPosition() : undefined;
}

/** The end of the line, if only comments follow on it; otherwise the offset. */
function contentEnd(text: string, offset: number, close: number): number {
  const line = /^[ \t]*(?:\/\/[^\r\n]*|(?:\/\*[^\r\n]*?\*\/[ \t]*)+)?(?=\r?\n)/.exec(text.slice(offset, close));
  return line ? offset + line[0].length : offset;
}

/** The start of the white space before an offset. */
const whiteStart = (text: string, offset: number): number => text.slice(0, offset).trimEnd().length;

/** The white space at the start of the line. */
function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** As in the first indented line. */
const indentUnit = (text: string): string => /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';

const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const formatted = (value: unknown, indent: string, text: string): string =>
  JSON.stringify(value, null, indentUnit(text)).replaceAll('\n', `${lineBreak(text)}${indent}`);
