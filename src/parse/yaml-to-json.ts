import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Problem, problem } from '../problems.ts';
import { DocumentError, tooDeep } from './api-document.ts';
import type { ParsedText } from './parsed-text.ts';
import { joinPointer } from './references.ts';

/**
 * Parses YAML 1.2 (core schema) as JSON: every key is a string as written (`200:` → `"200"`), timestamps stay strings,
 * `<<` merges. Duplicate keys are reported; recoverable errors become problems.
 *
 * @throws DocumentError if there is no map, if nodes are nested too deeply or aliases expand too much
 */
export function yamlToJson(text: string, location: string): ParsedText {
  const lines = new LineCounter();
  const documents = parseDocuments(text, lines, location);
  const document = documents.find(({ contents }) => contents !== null) ?? documents[0];
  const converter = new Converter(lines);
  const problems: Problem[] = [];
  const value = document && convertDocument(document, converter, location);
  if (document?.errors.length) {
    const [first] = document.errors;
    const { line, col } = lines.linePos(first?.pos[0] ?? 0);
    const place = `line ${line}, column ${col}`;
    const message = `${first?.message.replace(/\.$/, '')} (${place}).`;
    // Broken text that does not even contain an object is not worth recovering.
    if (typeof value !== 'object' || value === null) throw notReadable(message, location);
    const more = document.errors.length > 1 ? ` There are ${document.errors.length - 1} more such mistakes.` : '';
    problems.push(problem('BROKEN_YAML', '#', `${message}${more}`));
  }
  if (documents.length > 1) {
    problems.push(problem('SEVERAL_YAML_DOCUMENTS', '#', `There are ${documents.length}; the first one is read.`));
  }
  return { value, problems: [...problems, ...converter.problems] };
}

function parseDocuments(text: string, lines: LineCounter, location: string): readonly Document[] {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      // The package's check is quadratic; the converter below has its own.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter: lines,
    });
    return Array.isArray(documents) ? (documents as Document[]) : []; // an empty stream is an EmptyStream
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(location);
    throw error;
  }
}

function convertDocument(document: Document, converter: Converter, location: string): unknown {
  try {
    return keepVersions(converter.convert(document.contents, '#'), document);
  } catch (error) {
    if (error instanceof RangeError || error instanceof DepthError) throw tooDeep(location);
    if (error instanceof ExpansionError) throw notReadable(error.message, location);
    throw error;
  }
}

/** Unquoted, `3.0` and `1.10` are numbers, but versions are text, so they are kept as written. */
function keepVersions(value: unknown, document: Document): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const root = value as Record<string, unknown>;
  for (const key of ['openapi', 'swagger']) {
    if (typeof root[key] === 'number') root[key] = sourceAt(document, [key]) ?? root[key];
  }
  const info = root.info as Record<string, unknown> | null | undefined;
  if (typeof info === 'object' && info !== null && typeof info.version === 'number') {
    info.version = sourceAt(document, ['info', 'version']) ?? info.version;
  }
  return root;
}

function sourceAt(document: Document, path: readonly string[]): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) ? node.source : undefined;
}

/** Maximum number of nodes that aliases may add: far more than real documents need, far less than fills the memory. */
const MAX_EXPANSION = 2_000_000;

class ExpansionError extends Error {}

/** Deeper than any real document; later stages recurse. */
const MAX_DEPTH = 1000;

class DepthError extends Error {}

/** The value of an anchor, and its number of nodes; `undefined` while it is being built. */
type Anchored = { readonly value: unknown; readonly size: number } | undefined;

/** One pass over the nodes of a document. Aliases share the value of their anchor, so expanding costs no memory. */
class Converter {
  readonly problems: Problem[] = [];
  private readonly lines: LineCounter;
  private readonly anchors = new Map<string, Anchored>();
  private size = 0;
  private expanded = 0;
  private depth = 0;

  constructor(lines: LineCounter) {
    this.lines = lines;
  }

  convert(node: unknown, pointer: string): unknown {
    if (isAlias(node)) return this.alias(node, pointer);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    const { anchor } = node;
    const before = this.size++;
    if (anchor) this.anchors.set(anchor, undefined);
    if (++this.depth > MAX_DEPTH) throw new DepthError();
    const value = isScalar(node) ? scalar(node) : isSeq(node) ? this.list(node, pointer) : this.map(node, pointer);
    this.depth--;
    if (anchor) this.anchors.set(anchor, { value, size: this.size - before });
    return value;
  }

  /** An anchor is valid until it is redefined (YAML 1.2.2 §3.2.2.2), so nodes are visited in text order. */
  private alias({ source, range }: Alias, pointer: string): unknown {
    const anchored = this.anchors.get(source);
    if (!anchored) {
      const why = this.anchors.has(source) ? 'contains itself' : 'is not defined before';
      this.say('BROKEN_YAML', pointer, `The anchor "${source}" ${why}; null is read (${this.place(range)}).`);
      return null;
    }
    this.size += anchored.size;
    this.expanded += anchored.size;
    if (this.expanded > MAX_EXPANSION) throw new ExpansionError(`Its aliases expand to over ${MAX_EXPANSION} values.`);
    return anchored.value;
  }

  private list(node: YAMLSeq, pointer: string): unknown[] {
    return node.items.map((item, index) => this.convert(item, joinPointer(pointer, index)));
  }

  private map(node: YAMLMap, pointer: string): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    const merged: unknown[] = [];
    for (const pair of node.items) {
      const key = this.key(pair);
      const value = this.convert(pair.value, joinPointer(pointer, key));
      if (isMergeKey(pair)) merged.push(...(Array.isArray(value) ? value : [value]));
      else {
        if (entries.has(key)) this.sayDuplicate(pair, key, joinPointer(pointer, key));
        entries.set(key, value);
      }
    }
    // https://yaml.org/type/merge.html: keys of the map itself take precedence, then those of the first of several
    // merged maps.
    for (const [key, value] of merged.flatMap(entriesOf)) if (!entries.has(key)) entries.set(key, value);
    return Object.fromEntries(entries);
  }

  private key({ key }: Pair): string {
    if (isScalar(key)) return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value ?? ''));
    const value = this.convert(key, '#');
    if (typeof value === 'string') return value;
    const text = JSON.stringify(value) ?? '';
    this.say('BROKEN_YAML', '#', `A list or object is used as a key: ${text.slice(0, 60)}.`);
    return text;
  }

  private sayDuplicate({ key }: Pair, name: string, pointer: string): void {
    const range = isScalar(key) ? key.range : undefined;
    this.say('DUPLICATE_KEY', pointer, `"${name}" occurs twice (${this.place(range)}); the last one wins.`);
  }

  private say(code: Problem['code'], pointer: string, message: string): void {
    this.problems.push(problem(code, pointer, message));
  }

  private place(range: readonly number[] | null | undefined): string {
    return `line ${this.lines.linePos(range?.[0] ?? 0).line}`;
  }
}

const isMergeKey = ({ key }: Pair): boolean => isScalar(key) && key.value === '<<' && key.type === 'PLAIN';

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** JSON has no infinities and no `.nan`: they are kept as text. */
function scalar({ value, source }: Scalar): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : (source ?? null);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : (source ?? String(value));
}

const notReadable = (message: string, location: string): DocumentError =>
  new DocumentError(`The text cannot be read as YAML or JSON: ${message}`, {
    location,
    fix: 'Correct the text at that place; a YAML validator helps.',
  });
