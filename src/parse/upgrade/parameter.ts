import { isObject, type JsonObject } from '../json.ts';
import { joinPointer } from '../references.ts';
import { extensions, moved, pick, type UpgradeContext } from './context.ts';

/** Schema keywords directly on a parameter, item or header (2.0 "Parameter Object", `in` not body). */
const SCHEMA_KEYWORDS = [
  ...['type', 'format', 'items', 'default', 'enum', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
  ...['maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'multipleOf', 'x-nullable'],
  // Not allowed there, but used.
  ...['properties', 'required', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'example'],
];

/** Whether a 2.0 parameter is not a parameter in 3.x. */
export const isBodyLike = (parameter: unknown): boolean =>
  isObject(parameter) && (parameter.in === 'body' || parameter.in === 'formData');

/**
 * Converts a 2.0 parameter in path, query or header; `undefined` for a body or form parameter. One with `schema` or
 * `content` is already in 3.x form.
 */
export function upgradeParameter(parameter: unknown, pointer: string, context: UpgradeContext): unknown {
  if (!isObject(parameter)) return parameter;
  if (isBodyLike(parameter)) return undefined;
  if ('$ref' in parameter || isObject(parameter.content)) return context.schemas.inside(parameter, pointer);
  const upgraded = {
    ...pick(parameter, ['name', 'in', 'description', 'required', 'deprecated', 'allowEmptyValue', 'allowReserved']),
    ...pick(parameter, ['style', 'explode', 'examples']),
    ...('x-example' in parameter ? { example: parameter['x-example'] } : pick(parameter, ['example'])),
    ...('schema' in parameter
      ? { schema: context.schemas.inside(parameter.schema, joinPointer(pointer, 'schema')) }
      : { ...arrayStyle(parameter, pointer, context), schema: simpleSchema(parameter, pointer, context) }),
    ...extensions(parameter),
  };
  return moved(upgraded, context.pointers.get(parameter) ?? pointer, context);
}

/** The schema in the keywords of a 2.0 parameter, form field or header. */
export function simpleSchema(holder: JsonObject, pointer: string, context: UpgradeContext): JsonObject {
  const { required, ...keywords } = pick(holder, SCHEMA_KEYWORDS);
  const schema = Array.isArray(required) ? { ...keywords, required } : keywords;
  noteNestedFormats(holder.items, joinPointer(pointer, 'items'), context);
  return context.schemas.inside(schema, context.pointers.get(holder) ?? pointer) as JsonObject;
}

interface ArrayStyle {
  readonly style: string;
  readonly explode: boolean;
}
/**
 * Converts `collectionFormat` (2.0 "Parameter Object") to a 3.x style; `tabDelimited` is our own, and so are the
 * delimited styles in paths and headers. `multi` is only for query and formData.
 */
const QUERY_STYLES: Readonly<Record<string, ArrayStyle>> = {
  csv: { style: 'form', explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  tsv: { style: 'tabDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true },
};

/** How to write a list; empty for other values. */
export function arrayStyle(parameter: JsonObject, pointer: string, context: UpgradeContext): ArrayStyle | undefined {
  if (parameter.type !== 'array') return undefined;
  const format = parameter.collectionFormat ?? 'csv';
  const where = context.pointers.get(parameter) ?? pointer;
  const known = typeof format === 'string' && Object.hasOwn(QUERY_STYLES, format) ? QUERY_STYLES[format] : undefined;
  if (parameter.in === 'query' || parameter.in === 'formData') {
    if (known) return known;
    context.say('BAD_STYLE', where, `\`collectionFormat: ${String(format)}\` is not known; "csv" is used.`);
    return QUERY_STYLES.csv;
  }
  if (known && format !== 'csv' && format !== 'multi') return known;
  if (format !== 'csv') {
    context.say(
      'BAD_STYLE',
      where,
      `\`collectionFormat: ${String(format)}\` is not valid for in: ${String(parameter.in)}; commas are used.`,
    );
  }
  return { style: 'simple', explode: false };
}

function noteNestedFormats(items: unknown, pointer: string, context: UpgradeContext): void {
  if (!isObject(items) || items.type !== 'array') return;
  const format = items.collectionFormat ?? 'csv';
  context.say(
    'NESTED_COLLECTION_FORMAT',
    context.pointers.get(items) ?? pointer,
    `The inner list is written as "${String(format)}" in Swagger 2.0; no style of OpenAPI 3 nests lists.`,
  );
}
