import { hiddenKinds } from '../model/index.ts';
import { userPointer } from '../parse/references.ts';
import { isObject, joinPointer, type Node, type Reader } from './reader.ts';

/** Texts that are shown; what is hidden in them is left out of the model. */
const TEXTS = new Set(['title', 'summary', 'description', 'name', 'operationId', 'tags']);
/** Values that go over the wire as they are. */
const VALUES = new Set(['enum', 'const', 'default']);

/** Tells, place by place, what the document has of characters that no reader sees and a model reads. */
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

/** Visits every object and list of a document once, in its order. */
function everyNode(root: object, visit: (node: object, key: string, parent: object | undefined) => void): void {
  const seen = new Set<object>([root]);
  const waiting: [node: object, key: string, parent: object | undefined][] = [[root, '', undefined]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, key, parent] = next;
    visit(node, key, parent);
    for (const [name, value] of Object.entries(node).reverse()) {
      // Samples are no words.
      if (!(isObject(value) || Array.isArray(value)) || seen.has(value) || /^examples?$/.test(name)) continue;
      seen.add(value);
      waiting.push([value, name, node]);
    }
  }
}
