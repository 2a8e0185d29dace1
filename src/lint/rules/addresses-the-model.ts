import type { ApiDocument } from '../../parse/api-document.ts';
import { joinPointer, userPointer } from '../../parse/references.ts';
import { type Rule, textAt } from '../subject.ts';

/** Phrases that never occur in genuine API documentation, each with a description for the message. */
const ADDRESSES: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+|the\s+|your\s+|my\s+|these\s+|those\s+)*(?:previous|prior|above|earlier|preceding|foregoing|system)\s+(?:instruction|prompt|direction|message|rule|command|guideline)s?\b/i,
    'overrides the instructions of the model',
  ],
  [
    /\b(?:do\s+not|don't|don’t|never|must\s+not|without)\s+(?:tell|telling|inform|informing|mention(?:ing)?(?:\s+(?:this|it))?\s+to|reveal(?:ing)?(?:\s+(?:this|it))?\s+to|show(?:ing)?(?:\s+(?:this|it))?\s+to|notify(?:ing)?|alert(?:ing)?)\s+(?:the\s+)?(?:user|human|person|operator)\b/i,
    'asks the model to hide something from the user',
  ],
  // Attacks write `IMPORTANT` in upper case; AWS uses the lower-case tag as markup.
  [
    /<\/?(?:[Ss]ystem|SYSTEM|[Aa]ssistant|tool(?:_(?:call|use|result|response)s?)?|function_(?:call|result)s?|IMPORTANT)(?:\s*\/)?>/,
    'contains a chat role or tool tag',
  ],
  [
    /<\|(?:im_(?:start|end|sep)|system|user|assistant|start_header_id|end_header_id|begin_of_text|eot_id)\|>|\[\/?INST\]|<<\/?SYS>>|<\/?antml:/i,
    'contains a chat template token',
  ],
  [/\byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:AI|LLM|language\s+model|assistant|chatbot)\b/i, 'assigns the model a role'],
  [
    /\b(?:(?:reveal|print|repeat|show|leak|output)\s+(?:your|the)\s+system\s+prompt|(?:new|updated|real)\s+instructions\s*:)/i,
    'refers to the instructions of a model',
  ],
  [
    /\b(?:before|after|instead\s+of|when(?:ever)?)\s+(?:using|calling|invoking)\s+(?:this|any(?:\s+other)?|the)\s+(?:tool|function)s?\b[^.]{0,80}\b(?:must|always|read|send|call|pass|include)\b/i,
    'tells the model how to use other tools',
  ],
];

/** Keys whose values a model reads. */
const TEXTS = ['title', 'summary', 'description'] as const;

/** Models read descriptions, so one that addresses the model may be a prompt injection. */
export const addressesTheModel: Rule = {
  id: 'addresses-the-model',
  severity: 'warning',
  summary: 'A text addresses the model instead of describing the API.',
  fix: 'Find out who wrote it. If you do not trust the author, do not serve the document. Otherwise describe what the operation does.',
  *check({ document }) {
    for (const [node, pointer] of nodesOf(document)) {
      for (const key of TEXTS) {
        const written = textAt(node, key);
        if (written === undefined) continue;
        for (const [pattern, what] of ADDRESSES) {
          const found = pattern.exec(written)?.[0];
          if (found === undefined) continue;
          const shown = JSON.stringify(found.slice(0, 80));
          yield { pointer: joinPointer(pointer, key), message: `The ${key} ${what}: ${shown}.` };
          break;
        }
      }
    }
  },
};

function* nodesOf(document: ApiDocument): Iterable<[node: Readonly<Record<string, unknown>>, pointer: string]> {
  const seen = new Set<object>();
  const waiting: [value: object, pointer: string][] = [[document.root, '#']];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value] = next;
    if (seen.has(value)) continue;
    const pointer = userPointer(document, ...next);
    seen.add(value);
    if (!Array.isArray(value)) yield [value as Readonly<Record<string, unknown>>, pointer];
    for (const [key, inner] of Object.entries(value).reverse()) {
      if (typeof inner === 'object' && inner !== null && !SAMPLES.has(key))
        waiting.push([inner, joinPointer(pointer, key)]);
    }
  }
}

/** Sample data, which is not part of listed descriptions. */
const SAMPLES = new Set(['example', 'examples', 'default', 'enum', 'const']);
