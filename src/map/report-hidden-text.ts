import { hiddenKinds } from '../model/index.ts';
import { userPointer } from '../parse/references.ts';
import { isObject, joinPointer, type Node, type Reader } from './reader.ts';

/** Texts that are shown. Invisible characters in them are removed from the model. */
const TEXTS = new Set(['title', 'summary', 'description', 'name', 'operationId', 'tags']);
/** Values that are sent unchanged. */
const VALUES = new Set(['enum', 'const', 'default']);

/** Reports each place of the document with characters that are invisible to readers but not to a model. */
export function reportHiddenText(reader: Reader): void {
  const { document } = reader;
  if (!document.mayHideText) return;
  const pointers = new Map<object, string>();
  everyNode(document.root, (node, key, parent) => {
    pointers.set(node, parent ? joinPointer(pointers.get(parent) ?? '#', key) : '#');
    for (const [name, text] of texts(node, key)) {
      const kinds = hiddenKinds(text);
      if (kinds.length === 0) continue;
      const at = userPointer(document, node, pointers.get(node) ?? '#');
      const fate = VALUES.has(name) || VALUES.has(key) ? 'It is sent unchanged.' : 'They are removed.';
      reader.report('HIDDEN_TEXT', joinPointer(at, name), `The text has ${kinds.join(', ')}. ${fate}`);
    }
  });
}

function texts(node: object, key: string): readonly (readonly [name: string, text: string])[] {
  const isList = Array.isArray(node);
  if (isList && !VALUES.has(key) && !TEXTS.has(key)) return [];
  return Object.entries(node as Node).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return typeof value === 'string' && (isList || TEXTS.has(name) || VALUES.has(name));
  });
}

/** Visits every object and list of a document once, in document order. */
function everyNode(root: object, visit: (node: object, key: string, parent: object | undefined) => void): void {
  const seen = new Set<object>([root]);
  const waiting: [node: object, key: string, parent: object | undefined][] = [[root, '', undefined]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, key, parent] = next;
    visit(node, key, parent);
    for (const [name, value] of Object.entries(node).reverse()) {
      // Samples are not texts.
      if (!(isObject(value) || Array.isArray(value)) || seen.has(value) || /^examples?$/.test(name)) continue;
      seen.add(value);
      waiting.push([value, name, node]);
    }
  }
}
