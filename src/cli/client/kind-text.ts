import { type JsonSchema, type JsonValue, schemaParts } from '../../model/index.ts';
import { isFileArgument } from './file-argument.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** What a value may be, in a few words: `integer`, `cat | dog | … 2 more`, `list of string (date)`, `file (@path)`. */
export function kindText(schema: JsonSchema, schemas: Schemas): string {
  return shortened(kindsOf(schema, schemas, 0)) || 'any';
}

/** @param met the parts of one value, each of which is read once */
function kindsOf(schema: JsonSchema, schemas: Schemas, depth: number, met = new Set<JsonSchema>()): readonly string[] {
  if (typeof schema === 'boolean' || depth > MOST_DEPTH || met.has(schema)) return [];
  // What is no file has no part that is one.
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

/** As it is written on the command line; quoted where it would not be seen, or taken for two words. */
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
