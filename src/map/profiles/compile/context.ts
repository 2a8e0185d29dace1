import type { Coercion, CoercionStep, JsonSchema, JsonSchemaObject, JsonTypeName } from '../../../model/index.ts';
import type { SchemaRules } from '../profile.ts';
import { words } from '../words.ts';
import type { Notes } from './notes.ts';

/** A schema as a provider is shown it; `nullable` is OpenAPI 3.0's, for providers that know no `type: null`. */
export interface ShownSchema extends JsonSchemaObject {
  readonly nullable?: boolean;
}

export interface Compilation {
  readonly rules: SchemaRules;
  readonly shared: Readonly<Record<string, JsonSchema>>;
  /** Levels of schemas in all, the root being the first. At least 3. */
  readonly maxDepth: number;
}

/** What all schemas of one compilation have in common, and what is found on the way. */
export interface Context extends Compilation {
  readonly coercions: Coercion[];
  losses: number;
  cut: boolean;
  compile(exact: JsonSchema, place: Place): ShownSchema;
}

export interface Place {
  readonly depth: number;
  /** Where a value stands in the arguments; `undefined` where a text could mean several things (below a union). */
  readonly path: readonly CoercionStep[] | undefined;
  /** Shared schemas that this one stands in. */
  readonly open: readonly string[];
}

/** A schema while it is compiled. */
export interface Site extends Place {
  readonly context: Context;
  readonly notes: Notes;
}

/** A schema without references and unions, from what it says to what is shown. */
export interface Plain {
  readonly site: Site;
  /** What is left to be shown. */
  exact: JsonSchemaObject;
  /** The one type of its values besides null; `undefined` where there are several or none. */
  type: JsonTypeName | undefined;
  readonly shown: Record<string, unknown>;
}

export function below({ depth, path, open }: Place, step?: CoercionStep): Place {
  return { depth: depth + 1, path: step !== undefined && path ? [...path, step] : undefined, open };
}

/** The root is at depth 0, and one level is kept for the `items` that a list must have. */
export const isTooDeep = ({ depth, context }: Site): boolean => depth >= context.maxDepth - 2;

/** Tells what is left out because of `maxDepth`. */
export function cut({ context, notes }: Site, said: string): void {
  context.cut = true;
  notes.lose(said);
}

/** Tells a constraint in words. */
export function tell(keyword: keyof JsonSchemaObject, schema: JsonSchemaObject, { notes }: Site): void {
  const said = words(keyword, schema);
  if (said) notes.lose(said);
}

/** Whether a keyword may stand somewhere in a schema. */
export const allows = ({ keywords, refused }: SchemaRules, keyword: string): boolean =>
  !refused.includes(keyword) && (keywords === 'any' || keywords.includes(keyword));

export const typesOf = ({ type }: JsonSchemaObject): readonly JsonTypeName[] =>
  type === undefined ? [] : [type].flat();

/** The words of a schema, without its constraints. */
export const wordsAlone = ({ title, description }: JsonSchemaObject): JsonSchemaObject => ({
  ...(title !== undefined && { title }),
  ...(description !== undefined && { description }),
});

export function without(schema: JsonSchemaObject, keywords: readonly (keyof JsonSchemaObject)[]): JsonSchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !(keywords as readonly string[]).includes(key)));
}
