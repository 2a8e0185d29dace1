import type { JsonSchema } from '../../model/index.ts';
import type { Access, Direction } from '../access.ts';
import type { InPlaceSearch } from '../in-place-chains.ts';
import type { Node, Reader } from '../reader.ts';
import type { SubtypeIndex } from '../subtypes.ts';

/** A schema under construction: keywords are set one by one, then it is returned as `JsonSchemaObject`. */
export type Draft = { [keyword: string]: unknown };

/** The place of a schema, and how it is read there. */
export interface Place {
  readonly pointer: string;
  readonly direction: Direction;
  /** Number of schemas around it, up to the nearest definition. */
  readonly depth: number;
  /** Number of schemas around it in total, including through references: levels of the call stack. */
  readonly level: number;
  /** Names that the value never has in this direction, so that no schema of it can require them. */
  readonly hidden: ReadonlySet<string>;
  /** The schema is inherited by a child, so it is read without the choice of its subtypes. */
  readonly isPlain?: boolean;
}

/** A schema of the document, being read. */
export interface Site extends Place {
  readonly written: Node;
  readonly draft: Draft;
  readonly context: SchemaContext;
  /** Safe keys of `properties`, computed on demand. */
  keys?: ReadonlyMap<string, string>;
}

/** Shared by all schemas of a document. */
export interface SchemaContext {
  readonly reader: Reader;
  readonly access: Access;
  readonly subtypes: SubtypeIndex;
  readonly inPlace: InPlaceSearch;
  /** Maximum length of an example, in characters of JSON. */
  readonly longestExample: number;
  /** Whether values are made from the schemas: the value of a discriminator then picks what the others are. */
  readonly forExamples: boolean;
  /** Formats a text of the document for a description. */
  text(written: string): string;
  convert(value: unknown, place: Place): JsonSchema;
  /** The name under which the target of a reference is shared; the target is converted on first use. */
  share(ref: string, place: Place): string | undefined;
  /** Marks a renamed property with the name to send, for the conversion back and for the reader. */
  sentAs(schema: JsonSchema, name: string): JsonSchema;
}

export const NO_NAMES: ReadonlySet<string> = new Set();

/** A schema of a part of the value, such as a property. */
export function partSchema(site: Site, value: unknown, pointer: string, hidden = NO_NAMES): JsonSchema {
  const { context, direction, depth, level } = site;
  return context.convert(value, { pointer, direction, depth: depth + 1, level: level + 1, hidden });
}

/** A schema of the value itself, such as a member of `allOf`: it must not require names that the value never has. */
export const sameValueSchema = (site: Site, value: unknown, pointer: string): JsonSchema =>
  partSchema(site, value, pointer, site.hidden);

export function badKeyword({ context, pointer }: Site, keyword: string, need: string): void {
  context.reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/${keyword}`, `"${keyword}" must be ${need}. It is ignored.`);
}

export function appendSentence(draft: Draft, sentence: string): void {
  draft.description = typeof draft.description === 'string' ? `${draft.description} ${sentence}` : sentence;
}
