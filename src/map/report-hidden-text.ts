import { hiddenKinds, visibleText } from '../model/index.ts';
import { userPointer } from '../parse/references.ts';
import { isObject, joinPointer, type Node, type Reader } from './reader.ts';

/** Texts that are shown; what is hidden in them is left out of the model. */
const TEXTS = new Set(['title', 'summary', 'description', 'name', 'operationId', 'tags']);
/** Values that go over the wire as they are. */
const VALUES = new Set(['enum', 'const', 'default']);

/** Tells, place by place, what the document has of characters that no reader sees and a model reads. */
export function reportHiddenText(reader: Reader): void {
  const { document } = reader;
  // Nearly every document has none: pointers are made only where there is something to tell.
  if (!everyNode(document.root, hasNone)) {
    const pointers = new Map<object, string>([[document.root, '#']]);
    everyNode(document.root, (node, key, parent) => {
      if (parent) pointers.set(node, joinPointer(pointers.get(parent) ?? '#', key));
      for (const [name, text] of texts(node, key)) {
        const kinds = hiddenKinds(text);
        if (kinds.length === 0) continue;
        const at = userPointer(document, node, pointers.get(node) ?? '#');
        const fate = VALUES.has(name) || VALUES.has(key) ? 'It is sent as it is.' : 'They are left out.';
        reader.report('HIDDEN_TEXT', joinPointer(at, name), `The text has ${kinds.join(', ')}. ${fate}`);
      }
      return true;
    });
  }
}

const hasNone = (node: object, key: string): boolean =>
  texts(node, key).every(([, text]) => visibleText(text) === text);

function texts(node: object, key: string): readonly (readonly [name: string, text: string])[] {
  const isList = Array.isArray(node);
  if (isList && !VALUES.has(key) && !TEXTS.has(key)) return [];
  const found: [string, string][] = [];
  for (const name of isList ? node.keys() : Object.keys(node)) {
    const value: unknown = (node as Node)[name];
    if (typeof value === 'string' && (isList || TEXTS.has(String(name)) || VALUES.has(String(name)))) {
      found.push([String(name), value]);
    }
  }
  return found;
}

/** Visits every object and list of a document once, those above first; ends where `visit` says false. */
function everyNode(root: object, visit: (node: object, key: string, parent: object | undefined) => boolean): boolean {
  const seen = new Set<object>([root]);
  const waiting: [node: object, key: string, parent: object | undefined][] = [[root, '', undefined]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, key, parent] = next;
    if (!visit(node, key, parent)) return false;
    for (const name of Object.keys(node).reverse()) {
      const value: unknown = (node as Node)[name];
      if (!(isObject(value) || Array.isArray(value)) || seen.has(value)) continue;
      // Examples are not listed as they stand.
      if (name === 'example' || name === 'examples') continue;
      seen.add(value);
      waiting.push([value, name, node]);
    }
  }
  return true;
}
