import { type JsonSchema, type JsonValue, schemaParts } from '../../../model/index.ts';
import { isFileArgument } from '../arguments/file-argument.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** A short description of a type: `integer`, `cat | dog | … 2 more`, `list of string (date)`, `file (@path)`. */
export function kindText(schema: JsonSchema, schemas: Schemas): string {
  return shortened(kindsOf(schema, schemas, 0)) || 'any';
}

/** @param met schemas already visited for this value */
function kindsOf(schema: JsonSchema, schemas: Schemas, depth: number, met = new Set<JsonSchema>()): readonly string[] {
  if (typeof schema === 'boolean' || depth > MOST_DEPTH || met.has(schema)) return [];
  // A schema that is not a file has no subschema that is one.
  if (met.size === 0 && isFileArgument(schema, schemas)) return ['file (@path)'];
  met.add(schema);
  if (schema.const !== undefined) return [literal(schema.const)];
  if (schema.enum) return schema.enum.filter((value) => value !== null).map(literal);
  const implied = schema.properties ? 'object' : schema.items === undefined ? [] : 'array';
  const types = [schema.type ?? implied].flat();
  const own = types.flatMap((type): readonly string[] => {
    switch (type) {
      case 'null':
        return [];
      case 'array':
        return [`list of ${shortened(kindsOf(schema.items ?? true, schemas, depth + 1)) || 'any'}`];
      case 'string':
        return [schema.format === undefined ? type : `string (${schema.format})`];
      default:
        return [type];
    }
  });
  if (own.length > 0) return own;
  return [...new Set(schemaParts(schema, schemas).flatMap((part) => kindsOf(part, schemas, depth + 1, met)))];
}

const MOST_DEPTH = 8;

/** As written on the command line; quoted if it is empty or contains spaces. */
function literal(value: JsonValue): string {
  return typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value);
}

function shortened(kinds: readonly string[]): string {
  let text = '';
  for (const [index, kind] of kinds.entries()) {
    const longer = text === '' ? kind : `${text} | ${kind}`;
    if (text !== '' && longer.length > MOST_CHARACTERS) return `${text} | … ${kinds.length - index} more`;
    text = longer;
  }
  return text;
}

const MOST_CHARACTERS = 44;
