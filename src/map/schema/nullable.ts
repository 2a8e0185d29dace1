import type { Node } from '../reader.ts';
import type { Draft } from './context.ts';

/** `nullable: true` (OpenAPI 3.0), `x-nullable` (Swagger 2.0): null is also a value. */
export function nullable(written: Node, draft: Draft): Draft {
  if (written.nullable !== true && written['x-nullable'] !== true) return draft;
  if (Array.isArray(draft.enum) && !draft.enum.includes(null)) draft.enum = [...draft.enum, null];
  const isOpen = draft.$ref === undefined && draft.allOf === undefined && draft.const === undefined;
  const choices = CHOICES.filter((keyword) => Array.isArray(draft[keyword]));
  if (isOpen && draft.type !== undefined) {
    const types = [draft.type].flat();
    draft.type = types.includes('null') ? types : [...types, 'null'];
    for (const keyword of choices) addNull(keyword, draft);
    return draft;
  }
  const [choice] = choices;
  if (isOpen && choice !== undefined) {
    addNull(choice, draft);
    return draft;
  }
  return CONSTRAINTS.some((keyword) => draft[keyword] !== undefined) ? orNull(draft) : draft;
}

const CHOICES = ['anyOf', 'oneOf'] as const;
const CONSTRAINTS = ['$ref', 'allOf', 'const', 'not', 'if'];
const ANNOTATIONS = ['title', 'description', 'deprecated', 'default', 'examples'];

function addNull(keyword: string, draft: Draft): void {
  draft[keyword] = [...(draft[keyword] as readonly unknown[]), { type: 'null' }];
}

/** The constraints become an alternative to null; descriptive keywords apply to both. */
function orNull(draft: Draft): Draft {
  const rest = { ...draft };
  const outer: Draft = {};
  for (const keyword of ANNOTATIONS) {
    if (draft[keyword] !== undefined) outer[keyword] = draft[keyword];
    delete rest[keyword];
  }
  return { ...outer, anyOf: [rest, { type: 'null' }] };
}
