import type { JsonSchema, JsonSchemaObject, JsonValue } from '../../model/index.ts';

/** A short description of a constraint that a schema cannot express; `undefined`: nothing to say. */
export function words(keyword: keyof JsonSchemaObject, schema: JsonSchemaObject): string | undefined {
  return WORDS[keyword]?.(schema);
}

/** A short summary of a schema: `string`, `list of integer`, `object with id, name`. */
export function outline(schema: JsonSchema | undefined): string {
  if (typeof schema !== 'object') return 'any value';
  if (schema.enum) return `one of ${list(schema.enum)}`;
  if (schema.const !== undefined) return text(schema.const);
  if (schema.title !== undefined) return schema.title;
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  const keys = Object.keys(schema.properties ?? {});
  if (keys.length) return `object with ${shortened(keys)}`;
  if (schema.required?.length) return `object with ${shortened(schema.required)}`;
  if (typeof schema.items === 'object') return `list of ${outline(schema.items)}`;
  return [schema.type ?? 'any value'].flat().join(' or ');
}

/** Used if a constraint cannot be summarised. */
export const FURTHER = 'further conditions apply';

const MAX_LENGTH = 120;
const MAX_ITEMS = 12;

const text = (value: JsonValue): string => bounded(JSON.stringify(value));
const bounded = (value: string): string => (value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value);
const shortened = (items: readonly string[], separator = ', '): string =>
  bounded(items.slice(0, MAX_ITEMS).join(separator) + (items.length > MAX_ITEMS ? ' …' : ''));
const list = (values: readonly JsonValue[]): string => shortened(values.map((value) => JSON.stringify(value)));

type Word = (schema: JsonSchemaObject) => string | undefined;

const alternatives = (variants: readonly JsonSchema[] | undefined): string | undefined => {
  if (!variants?.length) return undefined;
  const onlyRequired = variants.map((variant) =>
    typeof variant === 'object' && Object.keys(variant).join() === 'required'
      ? variant.required?.join(' and ')
      : undefined,
  );
  return onlyRequired.every((names) => names !== undefined)
    ? `give ${shortened(onlyRequired, ' or ')}`
    : `one of: ${shortened(variants.map(outline), '; ')}`;
};

const WORDS: Partial<Record<keyof JsonSchemaObject, Word>> = {
  enum: ({ enum: values }) => values && `one of ${list(values)}`,
  const: ({ const: value }) => (value === undefined ? undefined : `always ${text(value)}`),
  format: ({ format }) => format && `format: ${format}`,
  pattern: ({ pattern }) => pattern && `matches ${bounded(pattern)}`,
  contentEncoding: ({ contentEncoding }) => contentEncoding && `in ${contentEncoding}`,
  contentMediaType: ({ contentMediaType }) => contentMediaType && `holds ${contentMediaType}`,
  minLength: ({ minLength }) => `at least ${minLength} characters`,
  maxLength: ({ maxLength }) => `at most ${maxLength} characters`,
  minimum: ({ minimum }) => `at least ${minimum}`,
  maximum: ({ maximum }) => `at most ${maximum}`,
  exclusiveMinimum: ({ exclusiveMinimum }) => `greater than ${exclusiveMinimum}`,
  exclusiveMaximum: ({ exclusiveMaximum }) => `less than ${exclusiveMaximum}`,
  multipleOf: ({ multipleOf }) => `multiple of ${multipleOf}`,
  minItems: ({ minItems }) => `at least ${minItems} items`,
  maxItems: ({ maxItems }) => `at most ${maxItems} items`,
  uniqueItems: ({ uniqueItems }) => (uniqueItems ? 'no item twice' : undefined),
  prefixItems: ({ prefixItems }) => prefixItems && `items in order: ${shortened(prefixItems.map(outline))}`,
  contains: ({ contains }) => `contains ${outline(contains)}`,
  minProperties: ({ minProperties }) => `at least ${minProperties} keys`,
  maxProperties: ({ maxProperties }) => `at most ${maxProperties} keys`,
  additionalProperties: ({ additionalProperties, properties }) =>
    typeof additionalProperties !== 'object'
      ? undefined // closed objects are the norm and not worth mentioning
      : `${properties ? 'other' : 'any'} keys: ${outline(additionalProperties)}`,
  patternProperties: ({ patternProperties }) =>
    Object.entries(patternProperties ?? {})
      .map(([pattern, schema]) => `keys matching ${bounded(pattern)}: ${outline(schema)}`)
      .join('; '),
  propertyNames: ({ propertyNames }) =>
    typeof propertyNames === 'object' && propertyNames.pattern
      ? `keys match ${bounded(propertyNames.pattern)}`
      : FURTHER,
  dependentRequired: ({ dependentRequired }) =>
    Object.entries(dependentRequired ?? {})
      .map(([key, needs]) => `${key} needs ${needs.join(' and ')}`)
      .join('; '),
  dependentSchemas: () => FURTHER,
  anyOf: ({ anyOf }) => alternatives(anyOf),
  oneOf: ({ oneOf }) => alternatives(oneOf),
  allOf: () => FURTHER,
  not: ({ not }) => (typeof not === 'object' && not.enum ? `none of ${list(not.enum)}` : FURTHER),
  if: () => FURTHER,
};
