import { basename } from 'node:path';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { parseExactJson } from '../../../runtime/api/arguments/exact-json.ts';
import { itemsOf, primitive, typesOf } from '../../../runtime/api/arguments/text-arguments.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { nearest } from '../../../runtime/text/nearest.ts';
import { fileForm } from './file-argument.ts';
import { readInput } from './read-input.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Values parsed from the command line, and the errors found. */
export interface TypedArguments {
  readonly values: Readonly<Record<string, unknown>>;
  /** `limt: is not a known argument. Did you mean "limit"?` */
  readonly faults: readonly string[];
  /** Values, or nested values, that are strings of digits instead of JSON numbers beyond 2^53. */
  readonly integers: ReadonlySet<string>;
}

/**
 * Converts command-line strings to the types in the tool's schema. `5` is a number or a string as the schema says,
 * repeated names become a list, objects and lists can be written as JSON, and `@path` reads a file if the argument is a
 * file (or JSON, unless it is a string). A value that cannot be converted stays a string, so validation reports it.
 *
 * @throws CommandError if a file cannot be read
 */
export function typedArguments(
  texts: ReadonlyMap<string, readonly string[]>,
  schema: JsonSchemaObject,
): TypedArguments {
  const schemas = schema.$defs ?? {};
  const faults: string[] = [];
  const integers = new Set<string>();
  const entries = [...texts].flatMap(([name, given]) => {
    const property = propertyOf(schema, name);
    if (property === undefined) {
      faults.push(unknownName(name, Object.keys(schema.properties ?? {})));
      return [];
    }
    const [text = '', ...more] = given;
    const types = typesOf(property, schemas);
    if (more.length > 0 && types.size > 0 && !types.has('array')) {
      faults.push(`${name}: takes one value, but ${given.length} were given`);
      return [];
    }
    const read = (each: string, of: JsonSchema) => readText(each, { name, schema: of, schemas, faults, integers });
    if (more.length === 0 && !(types.has('array') && isSingleItem(text, types))) return [[name, read(text, property)]];
    const items = itemsOf(property, schemas);
    return [[name, given.map((each) => read(each, items))]];
  });
  return { values: Object.fromEntries(entries), faults, integers };
}

/** Declared properties, and others that the schema allows. An undeclared name is probably a typo. */
function propertyOf({ properties = {}, patternProperties, additionalProperties }: JsonSchemaObject, name: string) {
  if (Object.hasOwn(properties, name)) return properties[name];
  if (patternProperties !== undefined) return true;
  if (additionalProperties === undefined && Object.keys(properties).length === 0) return true;
  return additionalProperties === false ? undefined : additionalProperties;
}

function unknownName(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  if (close !== undefined) return `${name}: is not a known argument. Did you mean "${close}"?`;
  return known.length === 0
    ? `${name}: is not a known argument; the tool takes none`
    : `${name}: is not a known argument; known arguments: ${known.join(', ')}`;
}

/** `tags=a` is a list with one item, `tags='["a","b"]'` the complete list. */
function isSingleItem(text: string, types: ReadonlySet<string>): boolean {
  if (text.startsWith('@')) return true;
  return !(text.startsWith('[') && Array.isArray(jsonOf(text, new Set()))) && !(types.has('null') && text === 'null');
}

interface Reading {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly schemas: Schemas;
  readonly faults: string[];
  readonly integers: Set<string>;
}

function readText(text: string, reading: Reading): unknown {
  const { name, schema, schemas, integers } = reading;
  const types = typesOf(schema, schemas);
  // For a nullable value, `null` means null. Use --args to pass the string.
  if (text === 'null' && types.has('null')) return null;
  if (text.startsWith('@')) {
    const file = fileForm(schema, schemas);
    if (file !== undefined) return fileValue(readInput(text.slice(1), name), text.slice(1), file);
    if (!types.has('string')) return jsonValue(readInput(text.slice(1), name).toString('utf8'), reading);
  }
  if (types.size === 0) return jsonOf(text, integers) ?? text;
  if (/^\s*[{[]/.test(text) && (types.has('object') || types.has('array'))) {
    const value = jsonOf(text, integers);
    if (value !== undefined) return value;
    if (!types.has('string')) return jsonValue(text, reading);
  }
  return primitive(text, types);
}

function jsonValue(text: string, { name, faults, integers }: Reading): unknown {
  try {
    return parseExactJson(text, integers);
  } catch (error) {
    faults.push(`${name}: is not JSON: ${messageOf(error)}`);
    return undefined;
  }
}

function jsonOf(text: string, integers: Set<string>): unknown {
  try {
    return parseExactJson(text, integers);
  } catch {
    return undefined;
  }
}

function fileValue(bytes: Buffer, path: string, form: 'text' | 'object'): unknown {
  const base64 = bytes.toString('base64');
  if (form === 'text') return base64;
  return path === '-' ? { base64 } : { base64, filename: basename(path) };
}
