import type { JsonSchema } from '../../model/index.ts';
import type { Access, Direction } from '../access.ts';
import type { InPlaceSearch } from '../in-place-chains.ts';
import type { Node, Reader } from '../reader.ts';
import type { SubtypeIndex } from '../subtypes.ts';

/** A schema under construction: its keywords are set one by one, then it is handed on as `JsonSchemaObject`. */
export type Draft = { [keyword: string]: unknown };

/** Where a schema is read. */
export interface Place {
  readonly pointer: string;
  readonly direction: Direction;
  /** Schemas around it, up to the nearest definition. */
  readonly depth: number;
  /** Schemas around it in all, through references too: levels of the call stack. */
  readonly level: number;
  /** Names that the value never has in this direction, so that no schema of it can demand them. */
  readonly hidden: ReadonlySet<string>;
  /** What a child takes over from its parent: what the parent says of itself, without the choice of its children. */
  readonly isPlain?: boolean;
}

/** A schema of the document while it is read. */
export interface Site extends Place {
  readonly written: Node;
  readonly draft: Draft;
  readonly context: SchemaContext;
  /** Safe keys of `properties`, once they are needed. */
  keys?: ReadonlyMap<string, string>;
}

/** What all schemas of a document have in common. */
export interface SchemaContext {
  readonly reader: Reader;
  readonly access: Access;
  readonly subtypes: SubtypeIndex;
  readonly inPlace: InPlaceSearch;
  /** Text of the document as it may stand in a description. */
  text(written: string): string;
  convert(value: unknown, place: Place): JsonSchema;
  /** The name under which the target of a reference is shared; converts it on first use. */
  share(ref: string, place: Place): string | undefined;
  /** Marks a renamed property with the name that goes on the wire, for the mapping back and for the reader. */
  sentAs(schema: JsonSchema, name: string): JsonSchema;
}

export const NO_NAMES: ReadonlySet<string> = new Set();

/** A schema of a part of the value, such as a property. */
export function partSchema({ context, direction, depth, level }: Site, value: unknown, pointer: string): JsonSchema {
  return context.convert(value, { pointer, direction, depth: depth + 1, level: level + 1, hidden: NO_NAMES });
}

/** A schema of the value itself, such as a member of `allOf`: it cannot demand what the value never has. */
export function sameValueSchema(site: Site, value: unknown, pointer: string): JsonSchema {
  const { context, direction, depth, level, hidden } = site;
  return context.convert(value, { pointer, direction, depth: depth + 1, level: level + 1, hidden });
}

export function badKeyword({ context, pointer }: Site, keyword: string, need: string): void {
  context.reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/${keyword}`, `"${keyword}" must be ${need}. It is ignored.`);
}

export function appendSentence(draft: Draft, sentence: string): void {
  draft.description = typeof draft.description === 'string' ? `${draft.description} ${sentence}` : sentence;
}
