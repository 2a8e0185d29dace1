import { parsedJson } from '../runtime/text/parsed-json.ts';
import { joinPointer } from './references.ts';
import { lineAt } from './text-place.ts';

/** A position in a text; both start at 1, columns in UTF-16 code units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * The positions of values in the text of a document. A pointer that cannot be resolved has the position of its last
 * existing ancestor.
 *
 * @param pointers `#/paths/~1pets`, into this text
 */
export async function textPositions(
  text: string,
  pointers: Iterable<string>,
): Promise<ReadonlyMap<string, TextPosition>> {
  const wanted = new Set<string>();
  for (const pointer of pointers) for (const prefix of prefixes(pointer)) wanted.add(prefix);
  const offsets = jsonOffsets(text, wanted) ?? (await yamlOffsets(text, wanted));
  const positions = new Map<string, TextPosition>();
  for (const pointer of pointers) {
    const offset = prefixes(pointer)
      .map((prefix) => offsets.get(prefix))
      .find((found) => found !== undefined);
    if (offset !== undefined) positions.set(pointer, positionAt(text, offset));
  }
  return positions;
}

/** The pointer itself and its ancestors, longest first. */
function prefixes(pointer: string): readonly string[] {
  const segments = pointer.split('/');
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('/'));
}

function positionAt(text: string, offset: number): TextPosition {
  return { line: lineAt(text, offset), column: offset - text.lastIndexOf('\n', offset - 1) };
}

/**
 * The position of a key is used for its value: that is where editors should put the cursor. `undefined` if the text is
 * not JSON.
 */
function jsonOffsets(text: string, wanted: ReadonlySet<string>): ReadonlyMap<string, number> | undefined {
  if (!/^\s*[{[]/.test(text) || !parsedJson(text) !== undefined) return undefined;
  const offsets = new Map<string, number>();
  /** Open objects and lists: the pointer of each, and the key of its next value. */
  const open: { readonly pointer: string; readonly isList: boolean; key: string | number; at: number }[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;
  let expectsKey = false;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const piece = match[0];
    const top = open.at(-1);
    if (piece === ',') {
      if (top?.isList) top.key = Number(top.key) + 1;
      else expectsKey = true;
    } else if (piece === '}' || piece === ']') {
      open.pop();
      expectsKey = false;
    } else if (piece === ':') expectsKey = false;
    else if (top && !top.isList && expectsKey) {
      top.key = JSON.parse(piece) as string; // a key is a string
      top.at = match.index;
      expectsKey = false;
    } else {
      const pointer = top ? joinPointer(top.pointer, top.key) : '#';
      if (wanted.has(pointer)) offsets.set(pointer, top && !top.isList ? top.at : match.index);
      if (piece === '{' || piece === '[')
        open.push({ pointer, isList: piece === '[', key: piece === '[' ? 0 : '', at: 0 });
      expectsKey = piece === '{';
    }
  }
  return offsets;
}

async function yamlOffsets(text: string, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const { isMap, isScalar, isSeq, parseAllDocuments } = await import('yaml');
  const offsets = new Map<string, number>();
  const visit = (node: unknown, pointer: string, at: number): void => {
    if (!wanted.has(pointer)) return;
    offsets.set(pointer, at);
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) visit(item, joinPointer(pointer, index), startOf(item) ?? at);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? '')) : '';
        visit(value, joinPointer(pointer, name), startOf(key) ?? at);
      }
    }
  };
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
  const [first] = Array.isArray(documents) ? documents : [];
  visit(first?.contents, '#', startOf(first?.contents) ?? 0);
  return offsets;
}

function startOf(node: unknown): number | undefined {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}
