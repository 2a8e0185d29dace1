import type { JsonSchema, Schemas } from '../../model/index.ts';
import { createAccess, type Direction } from '../access.ts';
import { createContentCache } from '../content-cache.ts';
import { createDirectionCheck } from '../direction-check.ts';
import { createInPlaceSearch } from '../in-place-chains.ts';
import { bareRef, isObject, type Node, type Reader } from '../reader.ts';
import { createSubtypeIndex } from '../subtypes.ts';
import { createSchemaText, type TextLimits } from '../text.ts';
import { LONGEST_EXAMPLE } from './annotations.ts';
import { NO_NAMES, type SchemaContext } from './context.ts';
import { convertSchema } from './convert.ts';
import { createDefinitions } from './definitions.ts';
import { createRenames, type Renames } from './renames.ts';

export interface SchemaMapper {
  /** The schema at `pointer`, rebuilt; references become `#/$defs/<name>` of {@link SchemaMapper.shared}. */
  schema(value: unknown, pointer: string, direction: Direction): JsonSchema;
  /** Whether values of a schema may be of subtypes with properties that it does not list. */
  isParent(schema: Node): boolean;
  /** Every referenced schema, once. */
  readonly shared: Schemas;
  readonly renames: Pick<Renames, 'any' | 'unmarked'>;
  /** Formats a text of the document for a description. */
  text(written: string): string;
}

export interface SchemaMapperOptions {
  /** Maximum length of an example, in characters of JSON. Default: short enough to be listed. */
  readonly longestExample?: number;
  /** Whether values are made from the schemas: the value of a discriminator then picks what the others are. Default: no. */
  readonly forExamples?: boolean;
}

export function createSchemaMapper(
  reader: Reader,
  limits: TextLimits,
  { longestExample = LONGEST_EXAMPLE, forExamples = false }: SchemaMapperOptions = {},
): SchemaMapper {
  const subtypes = createSubtypeIndex(reader);
  const isParent = (schema: unknown) => isObject(schema) && subtypes.of(schema) !== undefined;
  const definitions = createDefinitions(createDirectionCheck(reader, isParent));
  const renames = createRenames();
  const context: SchemaContext = {
    reader,
    access: createAccess(reader),
    subtypes,
    // A child refers to its parent without the parent's choice of children, so the reference does not lead back.
    inPlace: createInPlaceSearch(
      reader,
      (reference, target) => subtypes.isInherited(reference) && isParent(target.value),
    ),
    longestExample,
    forExamples,
    text: createSchemaText(limits),
    convert: (value, place) => convertSchema(value, place, context),
    share: (ref, place) => definitions.share(ref, place, context),
    sentAs: renames.sentAs,
  };
  const references = {
    input: createContentCache<JsonSchema>(reader),
    output: createContentCache<JsonSchema>(reader),
  };
  return {
    schema(value, pointer, direction) {
      const convert = () => {
        const converted = context.convert(value, { pointer, direction, depth: 0, level: 1, hidden: NO_NAMES });
        definitions.settle();
        return converted;
      };
      return bareRef(value) === undefined ? convert() : references[direction](value as Node, convert);
    },
    isParent: subtypes.isParent,
    shared: definitions.schemas,
    renames,
    text: context.text,
  };
}
