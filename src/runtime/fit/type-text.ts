import { type JsonSchema, type JsonSchemaObject, sharedName } from '../../model/index.ts';
import { isRecord } from '../is-record.ts';

/** The fields of an object, required ones first: `name`, `id?:int`. */
export type Fields = readonly string[];

/** A type that can be shared: an object or an enum. Its text refers to others as {@link mark}. */
export interface KnownType {
  /** Names for it, the best first. */
  readonly hints: string[];
  readonly text: string;
  /** Of an object. */
  readonly fields?: Fields;
  /** It contains itself, so it must have a name. */
  readonly isRecursive: boolean;
}

export interface TypeTexts {
  /** The arguments of a tool, as fields. */
  argumentsOf(schema: JsonSchemaObject, tool: string): Fields;
  /** By mark. */
  readonly known: ReadonlyMap<string, KnownType>;
  /** The text with all types inlined, or `undefined` if it would be longer than that. */
  inlined(text: string, longest: number): string | undefined;
}

export interface TypeLimits {
  /** Depth of nested objects; deeper ones are written as `object`. */
  readonly depth: number;
  /** Number of enum values; the others are left out. */
  readonly enumValues: number;
}

/** Private characters, left out of the texts of schemas: a mark is replaced by a name or by the type itself. */
const OPEN = '\ue000';
const CLOSE = '\ue001';
export const MARKS = /\ue000([^\ue001]*)\ue001/g;
export const mark = (id: string): string => OPEN + id + CLOSE;

/**
 * Writes schemas as TypeScript-like types. Types with the same text are the same type, in whatever tool they are; a
 * text has marks for the types in it, so that it is short however deep they nest.
 */
export function createTypeTexts(limits: TypeLimits): TypeTexts {
  return new Texts(limits);
}

class Texts implements TypeTexts {
  readonly known = new Map<string, KnownType>();
  readonly limits: TypeLimits;
  readonly #byText = new Map<string, string>();
  /** By mark, inlined. */
  readonly #lengths = new Map<string, number>();

  constructor(limits: TypeLimits) {
    this.limits = limits;
  }

  marked(text: string, hint: string, more: Pick<Partial<KnownType>, 'fields' | 'isRecursive'> = {}): string {
    const id = this.#byText.get(text);
    if (id !== undefined) {
      this.known.get(id)?.hints.push(hint);
      return mark(id);
    }
    const made = String(this.known.size);
    this.#byText.set(text, made);
    this.known.set(made, { isRecursive: false, ...more, hints: [hint], text });
    return mark(made);
  }

  inlined(text: string, longest: number): string | undefined {
    return this.#inlinedLength(text) > longest ? undefined : this.#inline(text);
  }

  #inline(text: string): string {
    return text.replace(MARKS, (_, id: string) => this.#inline(this.known.get(id)?.text ?? 'object'));
  }

  /** Computed without the text: types that nest a few times can make it longer than memory. */
  #inlinedLength(text: string): number {
    let length = text.length;
    for (const [written, id = ''] of text.matchAll(MARKS)) {
      const known = this.#lengths.get(id) ?? this.#inlinedLength(this.known.get(id)?.text ?? 'object');
      this.#lengths.set(id, known);
      length += known - written.length;
    }
    return length;
  }

  argumentsOf(schema: JsonSchemaObject, tool: string): Fields {
    const writer = new Writer(this, schema);
    const { type: _type, properties: _properties, required: _required, ...composed } = schema;
    const isComposed = COMPOSING.some((keyword) => composed[keyword] !== undefined);
    const more = isComposed ? writer.typeOf(composed, tool, 0) : 'any';
    const fields = [...writer.fieldsOf(schema, 0), ...(more === 'any' ? [] : [`...${more}`])];
    // Other tools may have the same arguments.
    if (fields.length > 2) this.marked(`{${fields.join(',')}}`, tool, { fields });
    return fields;
  }
}

/** Writes the types of one tool. */
class Writer {
  readonly #texts: Texts;
  readonly #defs: Readonly<Record<string, JsonSchema>>;
  readonly #open = new Set<string>();
  readonly #recursive = new Set<string>();
  readonly #made = new Map<string, string>();

  constructor(texts: Texts, root: JsonSchemaObject) {
    this.#texts = texts;
    this.#defs = root.$defs ?? {};
  }

  typeOf(schema: JsonSchema | undefined, hint: string, depth: number): string {
    if (!isObject(schema)) return schema === false ? 'never' : 'any';
    const parts = [this.#refType(schema, hint, depth), ...this.#ownTypes(schema, hint, depth)].filter(
      (part) => part !== '',
    );
    for (const part of schema.allOf ?? []) parts.push(this.typeOf(part, hint, depth));
    for (const choices of [schema.anyOf, schema.oneOf]) {
      if (Array.isArray(choices)) parts.push(union(choices.map((part) => this.typeOf(part, hint, depth))));
    }
    const all = [...new Set(parts)].filter((part) => part !== 'any');
    // A plain `object` adds nothing to its parts.
    const said = all.length > 1 ? all.filter((part) => part !== 'object') : all;
    const text = said.length === 0 ? 'any' : said.map((part) => (said.length > 1 ? grouped(part) : part)).join('&');
    return this.#bounded(text, hint);
  }

  /** Unions and tuples that contain each other would double the text with every level, so a long one is a known type. */
  #bounded(text: string, hint: string): string {
    return text.length > LONG_TYPE && !ONE_MARK.test(text) ? this.#texts.marked(`(${text})`, hint) : text;
  }

  #refType({ $ref }: JsonSchemaObject, hint: string, depth: number): string {
    if (typeof $ref !== 'string') return '';
    const name = sharedName($ref);
    if (name === undefined || !Object.hasOwn(this.#defs, name)) return 'object';
    const key = `${name} ${this.#texts.limits.depth === Number.POSITIVE_INFINITY ? '' : depth}`;
    const done = this.#made.get(key);
    if (done !== undefined) return done;
    if (this.#open.has(name)) {
      if (this.#texts.limits.depth !== Number.POSITIVE_INFINITY) return 'object';
      this.#recursive.add(name);
      return mark(this.#recursiveId(name));
    }
    this.#open.add(name);
    const own = this.typeOf(this.#defs[name], name.length > 1 ? name.replace(/^.*[./]/, '') : hint, depth);
    this.#open.delete(name);
    const text = this.#recursive.has(name) ? this.#namedRecursive(name, own) : own;
    this.#made.set(key, text);
    return text;
  }

  #recursiveId(name: string): string {
    return `${name} ${JSON.stringify(this.#defs[name])}`;
  }

  #namedRecursive(name: string, text: string): string {
    const recursiveMark = this.#recursiveId(name);
    const id = ONE_MARK.exec(text)?.[1];
    const type = id === undefined ? undefined : this.#texts.known.get(id);
    this.#texts.known.set(recursiveMark, {
      hints: [name],
      text: type?.text ?? text,
      ...(type?.fields && { fields: type.fields }),
      isRecursive: true,
    });
    return mark(recursiveMark);
  }

  #ownTypes(schema: JsonSchemaObject, hint: string, depth: number): readonly string[] {
    if (schema.const !== undefined) return [literal(schema.const)];
    if (Array.isArray(schema.enum)) return [this.#enumType(schema.enum, hint)];
    const types = schema.type === undefined ? impliedTypes(schema) : [schema.type].flat();
    if (types.length === 0) return [];
    const isDigits = types.includes('string') && (types.includes('integer') || types.includes('number'));
    // Integers that may also be written as strings of digits are integers.
    const names = isDigits && types.length === 2 && types.includes('integer') ? ['integer'] : types;
    return [union(names.map((type) => this.#oneType(type, schema, hint, depth)))];
  }

  #oneType(type: string, schema: JsonSchemaObject, hint: string, depth: number): string {
    switch (type) {
      case 'integer':
        return schema.format === undefined ? 'int' : plainFormat(schema.format, 'int');
      case 'boolean':
        return 'bool';
      case 'string':
        if (schema.contentEncoding !== undefined) return plainFormat(schema.contentEncoding, 'string');
        return schema.format === undefined ? 'string' : plainFormat(schema.format, 'string');
      case 'array':
        return this.#arrayType(schema, hint, depth);
      case 'object':
        return this.#objectType(schema, hint, depth);
      case 'number':
      case 'null':
        return type;
      default:
        return 'any';
    }
  }

  #arrayType({ items, prefixItems }: JsonSchemaObject, hint: string, depth: number): string {
    if (Array.isArray(prefixItems)) return `[${prefixItems.map((part) => this.typeOf(part, hint, depth)).join(',')}]`;
    const type = this.typeOf(items, singular(hint), depth);
    const [, id] = ONE_MARK.exec(type) ?? [];
    const text = id === undefined ? undefined : this.#texts.known.get(id)?.text;
    // A long enum: its mark is grouped where it is inlined, `(a|b)[]`.
    return text !== undefined && grouped(text) !== text && !text.startsWith('{') ? `(${type})[]` : `${grouped(type)}[]`;
  }

  #objectType(schema: JsonSchemaObject, hint: string, depth: number): string {
    const { properties, additionalProperties, patternProperties } = schema;
    const hasFields = isRecord(properties) && Object.keys(properties).length > 0;
    const rest = isObject(additionalProperties) ? additionalProperties : Object.values(patternProperties ?? {})[0];
    if (!hasFields && !isObject(rest)) return 'object';
    if (depth >= this.#texts.limits.depth) return 'object';
    const fields = [
      ...this.fieldsOf(schema, depth + 1),
      ...(isObject(rest) && Object.keys(rest).length > 0 ? [`[key]:${this.typeOf(rest, hint, depth + 1)}`] : []),
    ];
    return this.#texts.marked(`{${fields.join(',')}}`, hint, { fields });
  }

  fieldsOf({ properties = {}, required = [] }: JsonSchemaObject, depth: number): Fields {
    const names = Object.keys(properties);
    const isRequired = (name: string) => required.includes(name);
    // A required argument may be declared elsewhere, or not at all.
    const undeclared = required.filter((name) => !Object.hasOwn(properties, name));
    return [
      ...names.filter(isRequired).map((name) => this.#field(name, '', properties[name], depth)),
      ...undeclared.map(quoted),
      ...names.filter((name) => !isRequired(name)).map((name) => this.#field(name, '?', properties[name], depth)),
    ];
  }

  #field(name: string, sign: string, schema: JsonSchema | undefined, depth: number): string {
    const type = this.typeOf(schema, name, depth);
    const preset = isObject(schema) && schema.default !== undefined ? shortLiteral(schema.default) : '';
    return `${quoted(name)}${sign}${type === 'string' || (type === name && isTextFormat(schema)) ? '' : `:${type}`}${preset === '' ? '' : `=${preset}`}`;
  }

  #enumType(values: readonly unknown[], hint: string): string {
    const shown = values.slice(0, this.#texts.limits.enumValues).map(literal);
    const text = union(values.length > shown.length ? [...shown, '…'] : shown);
    return text.length < SHORT_ENUM ? text : this.#texts.marked(text, hint);
  }
}

const LONG_TYPE = 500;
const ONE_MARK = new RegExp(`^${MARKS.source}$`);

const COMPOSING = ['$ref', 'allOf', 'anyOf', 'oneOf'] as const;
/** Shorter enums are always inlined. */
const SHORT_ENUM = 20;

const isObject = (schema: unknown): schema is JsonSchemaObject => isRecord(schema);

/** `date` of type `date` reads as text, which it is; `number` of type `number` would read as text, too. */
const isTextFormat = (schema: JsonSchema | undefined): boolean =>
  isObject(schema) && schema.type === 'string' && schema.format !== undefined;

/** The type that a schema without `type` implies by its other keywords. */
function impliedTypes({ properties, items }: JsonSchemaObject): readonly string[] {
  if (properties !== undefined) return ['object'];
  return items === undefined ? [] : ['array'];
}

const plainFormat = (format: string, type: string): string =>
  /^[a-z][a-z0-9-]*$/i.test(format) ? (FORMATS[format] ?? format) : type;
const FORMATS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  byte: 'base64',
  binary: 'base64',
  'date-time': 'datetime',
  dateTime: 'datetime',
});

/** Each alternative once. */
function union(parts: readonly string[]): string {
  const all = [...new Set(parts)];
  return all.includes('any') ? 'any' : all.join('|');
}

/** `(a|b)` where an operator follows. */
const grouped = (type: string): string =>
  /[|&]/.test(type) && !/^[{[(][^{}[\]()]*[}\])]$/.test(type) ? `(${type})` : type;

const TYPES: ReadonlySet<string> = new Set(
  'string int number bool any object null never base64 datetime date time'.split(' '),
);

/** A value of an enum: text without quotes where it reads as a word. */
function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[\p{L}_*/.+-][\p{L}\p{N}_*/.:@+-]*$/u.test(value) && !TYPES.has(value) && !WORDS.has(value)
    ? value
    : inQuotes(value);
}
/** Would read as another value. */
const WORDS: ReadonlySet<string> = new Set(['true', 'false']);

function shortLiteral(value: unknown): string {
  const text = literal(value);
  return text.length <= LONGEST_DEFAULT ? text : '';
}
const LONGEST_DEFAULT = 20;

/** Single quotes need no escapes in JSON. */
const inQuotes = (text: string): string => {
  const plain = text.replace(/[\ue000\ue001]/g, '');
  return /['\\\p{Cc}]/u.test(plain) ? JSON.stringify(plain) : `'${plain}'`;
};

const quoted = (name: string): string => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : inQuotes(name));

const singular = (name: string): string => (/[^s]s$/.test(name) ? name.slice(0, -1) : name);
