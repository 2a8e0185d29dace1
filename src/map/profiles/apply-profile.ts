import type { ApiModel, ArgumentsSchema, Coercion, JsonSchemaObject } from '../../model/index.ts';
import type { ShownSchema } from './compile/context.ts';
import { type Compiled, compileSchema } from './compile-schema.ts';
import type { Profile, SchemaRules } from './profile.ts';
import { words } from './words.ts';

export interface AppliedProfile {
  /**
   * The schema to list instead of the exact one; `undefined` if the exact one is listed. References stay
   * `#/$defs/<name>` for profiles that support them; for the others there are none.
   */
  readonly inputSchema: ShownSchema | undefined;
  /** The number of constraints that only descriptions express. */
  readonly describedLosses: number;
  /** Converts arguments back before they are validated, see `runtime/api/arguments/coerce.ts`. */
  readonly coercions: readonly Coercion[];
}

/**
 * A tool's input schema in the form that a provider accepts. It is never stricter than the exact schema, against which
 * arguments are always validated. A constraint that it cannot express is added to a description ("multiple of 5").
 * Property names are already safe for every provider, see `map/safe-key.ts`.
 */
export function applyProfile(exact: ArgumentsSchema, schemas: ApiModel['schemas'], profile: Profile): AppliedProfile {
  const root = plainRoot(exact, profile.schema);
  if (!profile.schema.inlined) {
    const inputSchema = root.losses || root.schema !== exact ? root.schema : undefined;
    return { inputSchema, describedLosses: root.losses, coercions: [] };
  }
  const compiled = deepestThatFits(root.schema, profile.schema, schemas);
  return {
    inputSchema: compiled.schema,
    describedLosses: root.losses + compiled.losses,
    coercions: compiled.coercions,
  };
}

/** Removes from the root what must not be there, and describes it in the root's description. */
function plainRoot(exact: ArgumentsSchema, { notAtRoot }: SchemaRules): { schema: JsonSchemaObject; losses: number } {
  const removed = notAtRoot.filter((keyword) => Object.hasOwn(exact, keyword));
  if (removed.length === 0) return { schema: exact, losses: 0 };
  const said = removed.map((keyword) => words(keyword as keyof JsonSchemaObject, exact)).filter((text) => text);
  const description = [exact.description, said.length ? sentence([...new Set(said)].join('; ')) : undefined];
  const kept = Object.fromEntries(Object.entries(exact).filter(([keyword]) => !removed.includes(keyword)));
  return { schema: { ...kept, description: description.filter((text) => text).join(' ') }, losses: said.length };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/**
 * Each additional level shows more and may multiply the size, so levels are added one by one as long as the schema
 * stays within the limit. All parts are shown to the same depth.
 */
function deepestThatFits(schema: JsonSchemaObject, rules: SchemaRules, shared: ApiModel['schemas']): Compiled {
  const { maxDepth, maxSize } = rules.inlined ?? { maxDepth: 3, maxSize: 0 };
  let best = compileSchema(schema, { rules, shared, maxDepth: 3 });
  for (let depth = 4; best.cut && depth <= maxDepth; depth++) {
    const next = compileSchema(schema, { rules, shared, maxDepth: depth });
    if (JSON.stringify(next.schema).length > maxSize) break;
    best = next;
  }
  return best;
}
