import { type JsonSchema, type JsonSchemaObject, setOwn, sharedName, sharedRef, sharedSchema } from '../model/index.ts';

/** Keywords that are kept. The others would only forbid values that the API returns anyway. */
const KEPT = ['title', 'description', 'type', 'deprecated'] as const;

/**
 * The listed form of a response's schema. It is lenient: root `type: object` (other roots are wrapped as `{ result }`),
 * nothing required, open at every level, no bounds; self-contained. `undefined` if it would say nothing, or exceed
 * `longest` bytes of JSON.
 */
export function listedOutputSchema(
  schema: JsonSchema,
  { shared, wrapped, longest }: { shared: Readonly<Record<string, JsonSchema>>; wrapped: boolean; longest: number },
): JsonSchemaObject | undefined {
  let budget = longest;
  const defs: Record<string, JsonSchema> = {};
  /** Definitions that are referenced in `defs` but not loosened yet. */
  const waiting: (readonly [name: string, target: JsonSchema])[] = [];
  try {
    const lenient = loosen(schema);
    for (let next = waiting.pop(); next; next = waiting.pop()) defs[next[0]] = loosen(next[1]);
    const root: JsonSchemaObject = wrapped ? { type: 'object', properties: { result: lenient } } : asObject(lenient);
    if (!wrapped && !root.properties && !root.anyOf && !root.allOf && !root.$ref) return undefined;
    const complete = Object.keys(defs).length ? { ...root, $defs: defs } : root;
    return JSON.stringify(complete).length <= longest ? complete : undefined;
  } catch (error) {
    if (error === TOO_LONG) return undefined;
    throw error;
  }

  function loosen(value: JsonSchema): JsonSchema {
    if (typeof value === 'boolean') return true;
    const loose: Record<string, unknown> = {};
    for (const keyword of KEPT) {
      const kept = value[keyword];
      if (kept === undefined) continue;
      loose[keyword] = kept;
      spend(keyword.length + String(kept).length + 6);
    }
    if (value.$ref !== undefined) {
      const name = sharedName(value.$ref);
      const target = sharedSchema(value.$ref, shared);
      if (name !== undefined && target !== undefined) {
        loose.$ref = sharedRef(name);
        spend(name.length + 18);
        if (!Object.hasOwn(defs, name)) {
          defs[name] = true;
          waiting.push([name, target]);
        }
      }
    }
    if (value.properties) loose.properties = mapValues(value.properties);
    if (value.items !== undefined) loose.items = loosen(value.items);
    if (typeof value.additionalProperties === 'object') loose.additionalProperties = loosen(value.additionalProperties);
    if (value.allOf) loose.allOf = value.allOf.map(loosen);
    const choices = [...(value.anyOf ?? []), ...(value.oneOf ?? [])];
    // Loosened schemas overlap, so several of them may match: `oneOf` would reject what `anyOf` accepts.
    if (choices.length) loose.anyOf = choices.map(loosen);
    return loose as JsonSchemaObject;
  }

  function mapValues(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
    const result: Record<string, JsonSchema> = {};
    for (const [name, property] of Object.entries(properties)) {
      spend(name.length + 6);
      setOwn(result, name, loosen(property));
    }
    return result;
  }

  function spend(bytes: number): void {
    budget -= bytes;
    if (budget < 0) throw TOO_LONG;
  }
}

const TOO_LONG = new Error('too long');

function asObject(schema: JsonSchema): JsonSchemaObject {
  return typeof schema === 'boolean' ? { type: 'object' } : { ...schema, type: 'object' };
}
