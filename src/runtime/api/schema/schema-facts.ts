import { composition, type JsonSchema, type JsonSchemaObject, type Schemas } from '../../../model/index.ts';
import { remembered } from '../../remembered.ts';
import { type FoldedForm, foldedForm } from './folded-form.ts';
import { type PossibleTypes, possibleTypes } from './possible-types.ts';
import { requiredNames } from './required-names.ts';

/** What is the same for all plans of the same schemas. */
export interface SchemaFacts {
  readonly typesOf: PossibleTypes;
  readonly required: ReturnType<typeof requiredNames>;
  /** Objects, lists of them, unions with them, and whatever may be one of these; not scalars and lists of scalars. */
  readonly isFoldable: (schema: JsonSchemaObject) => boolean;
  /** The short form of a schema. */
  readonly folded: (schema: JsonSchemaObject) => FoldedForm;
}

export function schemaFacts(shared: Schemas): SchemaFacts {
  const typesOf = possibleTypes(shared);
  const known = new WeakMap<JsonSchemaObject, boolean>();

  function isFoldable(part: JsonSchemaObject): boolean {
    const found = known.get(part);
    if (found !== undefined) return found;
    known.set(part, true); // lists of lists without end
    const foldable = mayBeStructured(part);
    known.set(part, foldable);
    return foldable;
  }

  function mayBeStructured(part: JsonSchemaObject): boolean {
    const types = typesOf(part);
    if (types.has('object')) return true;
    if (!types.has('array')) return false;
    for (const each of composition(part, shared)) {
      if (each.prefixItems || each.contains !== undefined) return true;
      if (typeof each.items === 'object' && isFoldable(each.items)) return true;
    }
    return false;
  }

  const folded = remembered((schema: JsonSchemaObject) => foldedForm(schema, shared, typesOf));
  return { typesOf, required: requiredNames(shared), isFoldable, folded };
}

/** The bytes of JSON that the names of its properties take, which folding keeps: `"name":{},` for each. */
export const leastBytes = remembered(({ properties = {}, allOf = [] }: JsonSchemaObject): number => {
  let bytes = 0;
  for (const name of Object.keys(properties)) bytes += name.length + 6;
  for (const part of allOf) if (typeof part === 'object') bytes += leastBytes(part);
  return bytes;
});

/** Whether planning changes only its texts: a scalar, or a list of scalars. Most arguments are plain. */
export const isPlain = (part: JsonSchemaObject): boolean => isScalar(part) || isListOfScalars(part);

const isScalar = (part: JsonSchema | undefined): boolean =>
  typeof part === 'object' && typeof part.type === 'string' && part.type !== 'object' && isLeaf(part);

const isListOfScalars = (part: JsonSchemaObject): boolean =>
  part.type === 'array' &&
  isScalar(part.items) &&
  Object.keys(part).every((keyword) => keyword === 'items' || LEAF_KEYWORDS.has(keyword));

/** Without subschemas and references. */
export const isLeaf = (part: JsonSchemaObject): boolean =>
  Object.keys(part).every((keyword) => LEAF_KEYWORDS.has(keyword));

const LEAF_KEYWORDS: ReadonlySet<string> = new Set([
  ...['title', 'description', 'deprecated', 'default', 'examples', 'type', 'enum', 'const', 'format', 'nullable'],
  ...['contentEncoding', 'contentMediaType', 'minLength', 'maxLength', 'pattern', 'multipleOf', 'x-sent-as'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minItems', 'maxItems', 'uniqueItems'],
  ...['required', 'dependentRequired', 'minProperties', 'maxProperties'],
]);
