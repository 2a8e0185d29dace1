/** Reads the only value of a small document: `k: value` or `- value`, which this reader leaves to another one. */
export type ReadOther = (text: string) => unknown;

/**
 * Parses YAML in block style, line by line, as most documents are written: maps and lists by indentation, and scalars
 * that are plain, quoted on one line, or blocks. Whatever else a value is, `readOther` reads its lines.
 *
 * @param text only line feeds as line breaks, without tabs
 * @throws NotBlockStyle for a text that needs another reader as a whole; and what `readOther` throws
 */
export function blockYaml(text: string, { coreValue, readOther }: BlockYamlOptions): unknown {
  return new BlockReader(text, coreValue, readOther).read();
}

interface BlockYamlOptions {
  /** The value of a plain scalar. */
  readonly coreValue: (text: string) => unknown;
  readonly readOther: ReadOther;
}

export class NotBlockStyle extends Error {}

/** More levels than documents have, and far fewer than overflow the stack. */
const MOST_LEVELS = 200;

const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;

/** A key that is plain, or quoted without escapes, and its colon. */
const PLAIN_KEY = /([A-Za-z0-9_$/.^(](?:\S| (?![ :#]))*?):(?=[ \n]|$)/y;
const QUOTED_KEY = /(?:"([^"\\\n]*)"|'([^'\n]*)'):(?=[ \n]|$)/y;
/** First characters of plain scalars that have no other meaning. */
const PLAIN_START = /^[A-Za-z0-9_$/.^(+~=;<\\\u00a1-\uffff]|^-[^\s-]/;
/** Ends a plain scalar, or is a mistake. */
const NOT_PLAIN = /: | #|:$/;
/** First characters of later lines of plain scalars that may have another meaning. */
const NO_CONTINUATION = /^[-?:#%@|>]/;
/** Escapes that mean the same in JSON. */
const JSON_STRING = /^"(?:[^"\\]|\\["\\/nrtbf]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*"$/;
const SINGLE_QUOTED = /^'(?:[^']|'')*'$/;
const WORD_LIST = /^\[[A-Za-z][\w-]*(?:, [A-Za-z][\w-]*)*\]$/;
const BLOCK_HEADER = /^[|>]-?$/;

class BlockReader {
  readonly #text: string;
  readonly #coreValue: BlockYamlOptions['coreValue'];
  readonly #readOther: ReadOther;
  /** The current line: where its first character and its line feed are. */
  #start = 0;
  #end = -1;
  /** Its indentation; -1 after the last line. */
  #indent = 0;
  #levels = 0;

  constructor(text: string, coreValue: BlockYamlOptions['coreValue'], readOther: ReadOther) {
    this.#text = text;
    this.#coreValue = coreValue;
    this.#readOther = readOther;
  }

  read(): unknown {
    this.#advance();
    if (this.#indent !== 0) throw new NotBlockStyle();
    const value = this.#block();
    if (this.#indent >= 0) throw new NotBlockStyle();
    return value;
  }

  /** To the next line that is neither empty nor a comment. */
  #advance(): void {
    const text = this.#text;
    for (let from = this.#end + 1; from < text.length; from = this.#end + 1) {
      const end = text.indexOf('\n', from);
      this.#end = end < 0 ? text.length : end;
      let start = from;
      while (text.charCodeAt(start) === SPACE) start++;
      if (start >= this.#end || text.charCodeAt(start) === HASH) continue;
      this.#start = start;
      this.#indent = start - from;
      return;
    }
    this.#indent = -1;
  }

  /** A map or list that starts at the current line. */
  #block(): unknown {
    if (++this.#levels > MOST_LEVELS) throw new NotBlockStyle();
    const value = this.#isItem() ? this.#list(this.#indent) : this.#map(this.#indent);
    this.#levels--;
    return value;
  }

  #isItem(start = this.#start): boolean {
    if (this.#text.charCodeAt(start) !== DASH) return false;
    return start + 1 === this.#end || this.#text.charCodeAt(start + 1) === SPACE;
  }

  #list(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.#indent === indent && this.#isItem()) {
      const dash = this.#start;
      let start = dash + 1;
      while (this.#text.charCodeAt(start) === SPACE) start++;
      if (start >= this.#end) items.push(this.#nested(start, indent, '-'));
      else if (this.#text.charCodeAt(start) === HASH) throw new NotBlockStyle();
      else if (this.#startsBlock(start)) {
        // The block that starts after the dash is indented as if spaces stood there.
        this.#start = start;
        this.#indent = indent + start - dash;
        items.push(this.#block());
      } else items.push(this.#scalar(start, indent, `-${' '.repeat(start - dash - 1)}`));
      if (this.#indent > indent) throw new NotBlockStyle();
    }
    return items;
  }

  #startsBlock(start: number): boolean {
    return this.#isItem(start) || this.#keyAt(start) !== undefined;
  }

  #map(indent: number): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    while (this.#indent === indent && !this.#isItem()) {
      const key = this.#keyAt(this.#start);
      // These need a reader that knows about merges, prototypes and duplicates.
      if (key === undefined || key === '' || key === '<<' || key === '__proto__') throw new NotBlockStyle();
      if (Object.hasOwn(entries, key)) throw new NotBlockStyle();
      let start = this.#afterKey;
      while (this.#text.charCodeAt(start) === SPACE) start++;
      const isEmpty = start >= this.#end || this.#text.charCodeAt(start) === HASH;
      entries[key] = isEmpty ? this.#nested(start, indent, 'k:') : this.#scalar(start, indent, 'k: ');
      if (this.#indent > indent) throw new NotBlockStyle();
    }
    return entries;
  }

  /** Behind the colon of the last key that was found. */
  #afterKey = 0;

  #keyAt(start: number): string | undefined {
    const first = this.#text[start];
    const pattern = first === '"' || first === "'" ? QUOTED_KEY : PLAIN_KEY;
    pattern.lastIndex = start;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#afterKey = pattern.lastIndex;
    return found[1] ?? found[2];
  }

  /** The value below a key or a dash: `null` if there is none. A list may be indented like its key. */
  #nested(start: number, indent: number, before: string): unknown {
    this.#advance();
    if (this.#indent === indent && before !== '-' && this.#isItem()) return this.#block();
    if (this.#indent <= indent) return null;
    return this.#startsBlock(this.#start) ? this.#block() : this.#other(start, indent, before);
  }

  /** The value after a key or a dash. Leaves the reader at the line after it. */
  #scalar(start: number, indent: number, before: string): unknown {
    const text = this.#text.slice(start, this.#endOfWords());
    if (BLOCK_HEADER.test(text)) return this.#blockScalar(text, start, indent, before);
    const lineEnd = this.#end;
    const value = this.#singleLine(text);
    this.#advance();
    const isContinued = this.#indent > indent;
    if (value !== undefined && !isContinued) return value;
    if (isContinued && PLAIN_START.test(text) && !NOT_PLAIN.test(text)) {
      const continued = this.#continued(text, lineEnd, indent);
      if (continued !== undefined) return continued;
    }
    return this.#other(start, indent, before);
  }

  /** Where the spaces at the end of the current line start. Other white space is text. */
  #endOfWords(): number {
    let end = this.#end;
    while (this.#text.charCodeAt(end - 1) === SPACE) end--;
    return end;
  }

  /** `undefined` if it is not a complete value. */
  #singleLine(text: string): unknown {
    if (PLAIN_START.test(text)) return NOT_PLAIN.test(text) ? undefined : this.#coreValue(text);
    if (JSON_STRING.test(text)) return JSON.parse(text);
    if (SINGLE_QUOTED.test(text)) return text.slice(1, -1).replaceAll("''", "'");
    if (text === '[]') return [];
    if (text === '{}') return {};
    if (WORD_LIST.test(text)) return text.slice(1, -1).split(', ').map(this.#coreValue);
    return undefined;
  }

  /** A plain scalar of several lines (YAML 1.2.2 §6.5); `undefined` if one of them is not plain. */
  #continued(first: string, firstEnd: number, indent: number): string | undefined {
    let folded = first;
    const end = this.#endOfValue(firstEnd, indent);
    let empty = 0;
    for (const line of this.#text.slice(firstEnd + 1, end).split('\n')) {
      const words = line.replace(/^ +| +$/g, '');
      if (words === '') empty++;
      else {
        if (NO_CONTINUATION.test(words) || NOT_PLAIN.test(words)) return undefined;
        folded += empty > 0 ? '\n'.repeat(empty) + words : ` ${words}`;
        empty = 0;
      }
    }
    this.#end = end;
    this.#advance();
    return folded;
  }

  /** A literal or folded scalar (YAML 1.2.2 §8.1); complex ones are left to the other reader. */
  #blockScalar(header: string, start: number, indent: number, before: string): unknown {
    const from = this.#end + 1;
    const end = this.#endOfValue(this.#end, indent);
    const lines = this.#text.slice(from, end).split('\n');
    const first = lines.find((line) => line !== '') ?? '';
    const inner = first.search(/[^ ]|$/);
    const isFolded = header.startsWith('>');
    let content = '';
    let empty = 0;
    /** Breaks next to lines that are indented more are not folded. */
    let isKept = !isFolded;
    for (const line of lines) {
      if (line === '') {
        empty++;
        continue;
      }
      const at = line.search(/[^ ]/);
      if (inner <= indent || at < inner) return this.#other(start, indent, before);
      const keeps = isKept || at > inner;
      isKept = !isFolded || at > inner;
      if (content === '') content = '\n'.repeat(empty);
      else if (keeps) content += '\n'.repeat(empty + 1);
      else content += empty > 0 ? '\n'.repeat(empty) : ' ';
      content += line.slice(inner);
      empty = 0;
    }
    if (content === '') return this.#other(start, indent, before);
    this.#end = end;
    this.#advance();
    return header.endsWith('-') ? content : `${content}\n`;
  }

  /** Where the lines of a value end: before the next line that is not indented more. */
  #endOfValue(lineEnd: number, indent: number): number {
    const text = this.#text;
    let last = lineEnd;
    for (let from = lineEnd + 1; from < text.length; from = last + 1) {
      let start = from;
      while (text.charCodeAt(start) === SPACE) start++;
      const end = text.indexOf('\n', start);
      if (start - from <= indent && start !== end && start < text.length) break;
      last = end < 0 ? text.length : end;
    }
    return last;
  }

  #other(start: number, indent: number, before: string): unknown {
    const lineEnd = this.#text.indexOf('\n', start);
    const end = this.#endOfValue(lineEnd < 0 ? this.#text.length : lineEnd, indent);
    const value = this.#readOther(`${' '.repeat(indent)}${before}${this.#text.slice(start, end)}\n`);
    this.#end = end;
    this.#advance();
    return value;
  }
}
