import {
  type Coercion,
  type CoercionStep,
  defined,
  type JsonSchema,
  type JsonSchemaObject,
  type JsonTypeName,
} from '../../../model/index.ts';
import type { SchemaRules } from '../profile.ts';
import { words } from '../words.ts';
import type { Notes } from './notes.ts';

/** A schema as listed for a provider; `nullable` is OpenAPI 3.0's, for providers that do not support `type: null`. */
export interface ShownSchema extends JsonSchemaObject {
  readonly nullable?: boolean;
}

export interface Compilation {
  readonly rules: SchemaRules;
  readonly shared: Readonly<Record<string, JsonSchema>>;
  /** Maximum number of levels of schemas, including the root. At least 3. */
  readonly maxDepth: number;
}

/** Shared by all schemas of one compilation, with what is found on the way. */
export interface Context extends Compilation {
  readonly coercions: Coercion[];
  losses: number;
  cut: boolean;
  compile(exact: JsonSchema, place: Place): ShownSchema;
}

export interface Place {
  readonly depth: number;
  /** The path of a value in the arguments; `undefined` if a text could mean several things (below a union). */
  readonly path: readonly CoercionStep[] | undefined;
  /** Shared schemas that contain this one. */
  readonly open: readonly string[];
}

/** A schema during its compilation. */
export interface Site extends Place {
  readonly context: Context;
  readonly notes: Notes;
}

/** A schema without references and unions, and what has been listed of it so far. */
export interface Plain {
  readonly site: Site;
  /** What remains to be listed. */
  exact: JsonSchemaObject;
  /** The only type of its values besides null; `undefined` if there are several or none. */
  type: JsonTypeName | undefined;
  readonly shown: Record<string, unknown>;
}

export function below({ depth, path, open }: Place, step?: CoercionStep): Place {
  return { depth: depth + 1, path: step !== undefined && path ? [...path, step] : undefined, open };
}

/** The root is at depth 0, and one level is reserved for the `items` that a list must have. */
export const isTooDeep = ({ depth, context }: Site): boolean => depth >= context.maxDepth - 2;

/** Describes what is left out because of `maxDepth`. */
export function cut({ context, notes }: Site, said: string): void {
  context.cut = true;
  notes.lose(said);
}

/** Describes a constraint. */
export function tell(keyword: keyof JsonSchemaObject, schema: JsonSchemaObject, { notes }: Site): void {
  const said = words(keyword, schema);
  if (said) notes.lose(said);
}

/** Whether a keyword is allowed anywhere in a schema. */
export const allows = ({ keywords, refused }: SchemaRules, keyword: string): boolean =>
  !refused.includes(keyword) && (keywords === 'any' || keywords.includes(keyword));

/** The descriptive keywords of a schema, without its constraints. */
export const wordsAlone = ({ title, description }: JsonSchemaObject): JsonSchemaObject =>
  defined({ title, description });

export function without(schema: JsonSchemaObject, keywords: readonly (keyof JsonSchemaObject)[]): JsonSchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !(keywords as readonly string[]).includes(key)));
}
