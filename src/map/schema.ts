import {
  escapedText,
  type JsonSchema,
  type JsonTypeName,
  type JsonValue,
  sharedRef,
  visibleText,
} from '../model/index.ts';
import { segmentsOf } from '../parse/references.ts';
import { createAccess } from './access.ts';
import { createDirectionCheck } from './direction-check.ts';
import { CHAIN_CUT, createInPlaceSearch, IN_PLACE, referred } from './in-place-chains.ts';
import { getOwn, setOwn } from './own.ts';
import { documentPattern } from './pattern.ts';
import { describe, isObject, joinPointer, type Node, type Reader } from './reader.ts';
import { isSafeKey, safeKey, safeKeys, shortHash } from './safe-key.ts';
import { createSubtypeIndex, type Subtypes } from './subtypes.ts';
import { compactText, createSchemaText, type TextLimits } from './text.ts';
import { asType, isOfType } from './typed-values.ts';

/**
 * What a schema is for. `input`: `readOnly` properties are left out and unsafe property names renamed (`x-sent-as`).
 * `output`: `writeOnly` properties are left out, and names stay the API's own.
 */
export type Direction = 'input' | 'output';

export interface SchemaMapper {
  /** The schema at `pointer`, rebuilt; references become `#/$defs/<name>` of {@link SchemaMapper.shared}. */
  schema(value: unknown, pointer: string, direction: Direction): JsonSchema;
  /** Whether values of a schema of the document may be of subtypes, whose properties it does not list. */
  isParent(schema: Node): boolean;
  /** Every schema that was referred to, each once. */
  readonly shared: Readonly<Record<string, JsonSchema>>;
  /** What `make` returned for this object of the document before: components that many operations refer to are read once. */
  remembered(node: object, make: () => JsonSchema): JsonSchema;
  /** Whether a property was renamed, anywhere so far. */
  readonly renames: boolean;
  /** Text of the document as it may stand in a description. */
  text(written: string): string;
}

/** A schema under construction: its keywords are set one by one, then it is handed on as `JsonSchemaObject`. */
type Draft = { [keyword: string]: unknown };

const TYPES: ReadonlySet<string> = new Set<JsonTypeName>([
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
]);

/** Type names that real documents use, and what they mean. */
const NEAR_TYPES: Readonly<Record<string, JsonTypeName>> = {
  int: 'integer',
  int32: 'integer',
  int64: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  decimal: 'number',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  date: 'string',
  datetime: 'string',
  'date-time': 'string',
  uuid: 'string',
  list: 'array',
  map: 'object',
  dict: 'object',
};

/** Keywords that say nothing about the value, or that another keyword's branch reads. Not reported. */
const SILENT = new Set([
  '$schema',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$comment',
  '$vocabulary',
  '$recursiveAnchor',
  '$ref',
  '$defs',
  'definitions',
  'nullable',
  'xml',
  'externalDocs',
  'example',
  'examples',
  'readOnly',
  'writeOnly',
  'discriminator',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'additionalItems',
  'then',
  'else',
  'title',
  'description',
  'type',
  'enum',
  'const',
  'required',
  'deprecated',
  'collectionFormat',
  'allowEmptyValue',
]); // prettier-ignore

const NUMBERS = new Set(['minimum', 'maximum', 'multipleOf']);
const COUNTS = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'minContains',
  'maxContains',
]);
const SCHEMAS = new Set([
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'not',
  'if',
]);
const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SCHEMA_MAPS = new Set(['patternProperties', 'dependentSchemas']);

/** What a schema is a part of: it is not read by itself where it stands in an `allOf`, say. */
interface Whole {
  /** Names that the whole never has in this direction, so that no part of it can demand them. */
  readonly hidden: ReadonlySet<string>;
  /** What a child takes over from its parent: what the parent says of itself, without the choice of its children. */
  readonly isPlain?: boolean;
}
const NO_NAMES: ReadonlySet<string> = new Set();
const ALONE: Whole = { hidden: NO_NAMES };

const union = (a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> =>
  a.size === 0 ? b : b.size === 0 ? a : new Set([...a, ...b]);

const isNoChoice = (keyword: string): boolean => keyword !== 'oneOf' && keyword !== 'anyOf';

/** Deeper than this a schema is no longer read (documents that nest without references exist only to break parsers). */
const DEEPEST = 200;

/** So many levels are converted on the call stack; what is referred to from deeper waits in a list. */
const DEEPEST_AT_ONCE = 400;

export function createSchemaMapper(reader: Reader, limits: TextLimits): SchemaMapper {
  const shared: Record<string, JsonSchema> = {};
  /** `<direction> <pointer>` → name in `shared` */
  const names = new Map<string, string>();
  const text = createSchemaText(limits);
  const remembered = new WeakMap<object, JsonSchema>();
  const access = createAccess(reader);
  const subtypes = createSubtypeIndex(reader);
  const differs = createDirectionCheck(reader, (schema) => subtypes.of(schema) !== undefined);
  // A parent that its child refers to is without its children: that is no way back.
  const inPlace = createInPlaceSearch(reader, (reference, target) => {
    return subtypes.isInherited(reference) && isObject(target.value) && subtypes.of(target.value) !== undefined;
  });
  /** Shared schemas that are named, and not converted yet. */
  const waiting: (() => void)[] = [];
  /** Levels of schemas that are being converted, through references too. */
  let levels = 0;
  let renaming = false;

  return {
    schema(value, pointer, direction) {
      const converted = convert(value, pointer, direction, 0);
      for (let next = waiting.pop(); next; next = waiting.pop()) next();
      return converted;
    },
    isParent: subtypes.isParent,
    shared,
    text,
    remembered(node, make) {
      const known = remembered.get(node) ?? make();
      remembered.set(node, known);
      return known;
    },
    get renames() {
      return renaming;
    },
  };

  function convert(
    value: unknown,
    pointer: string,
    direction: Direction,
    depth: number,
    whole: Whole = ALONE,
  ): JsonSchema {
    levels++;
    try {
      return convertOne(value, pointer, direction, depth, whole);
    } finally {
      levels--;
    }
  }

  function convertOne(
    value: unknown,
    pointer: string,
    direction: Direction,
    depth: number,
    { hidden: outer, isPlain }: Whole,
  ): JsonSchema {
    if (typeof value === 'boolean') return value;
    if (!isObject(value)) {
      reader.report(
        'BAD_SCHEMA',
        pointer,
        `A schema must be an object or a boolean, not ${describe(value)}. Any value is accepted here.`,
      );
      return true;
    }
    if (depth > DEEPEST) {
      reader.report(
        'TOO_DEEP',
        pointer,
        `Schemas nest more than ${DEEPEST} deep. Any value is accepted beyond this point.`,
      );
      return { description: 'Nested too deeply to be described. Any value is accepted here.' };
    }
    const offered = isPlain ? undefined : subtypes.of(value);
    if (offered && direction === 'input') return choice(offered, value, pointer, depth, outer);
    const hidden = union(outer, access.hidden(value, direction));
    const draft: Draft = {};
    if (typeof value.$ref === 'string') {
      const cut = inPlace.cut(value);
      const whole = { hidden, isPlain: subtypes.isInherited(value) };
      const name = cut ? undefined : share(value.$ref, pointer, direction, whole);
      if (cut === 'too deep') draft.description = CHAIN_CUT;
      if (name !== undefined) draft.$ref = sharedRef(name);
    } else if (value.$ref !== undefined) {
      reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/$ref`, '"$ref" must be text. It is ignored.');
    }
    annotations(value, pointer, draft);
    types(value, pointer, draft);
    values(value, pointer, draft);
    bounds(value, pointer, draft);
    properties(value, pointer, direction, depth, draft, hidden);
    items(value, pointer, direction, depth, draft);
    // What a parent says of its children is not about any one of them.
    const inherited = isPlain && subtypes.of(value) ? Object.keys(value).filter(isNoChoice) : Object.keys(value);
    for (const keyword of inherited) other(keyword, value[keyword], pointer, direction, depth, draft, hidden);
    if (draft.if !== undefined) {
      for (const branch of ['then', 'else'] as const)
        if (value[branch] !== undefined)
          draft[branch] = convert(value[branch], `${pointer}/${branch}`, direction, depth + 1, { hidden });
    }
    discriminator(value, draft);
    return nullable(value, draft) as JsonSchema;
  }

  /** The name under which the target of a reference is shared; converts it when it is met first. */
  function share(ref: string, pointer: string, direction: Direction, whole: Whole): string | undefined {
    const target = referred(ref, pointer, reader);
    if (!target) return undefined;
    const isPlain = whole.isPlain === true && isObject(target.value) && subtypes.of(target.value) !== undefined;
    // Most of what is hidden the target does not demand, or hides itself.
    const hidden = stillDemanded(target.value, direction, whole.hidden);
    const input = direction === 'input' && differs(target.canonical) ? 'Input' : '';
    const variant = isPlain ? `${input}Base` : input;
    const key = [variant, target.canonical, ...hidden].join(' ');
    const known = names.get(key);
    if (known !== undefined) return known;
    const name = freeName(target.canonical, variant, key);
    names.set(key, name);
    shared[name] = true;
    inPlace.search(target);
    const settle = () => {
      // Without a variant both directions read alike; `output` keeps every name.
      shared[name] = convert(target.value, target.pointer, input ? 'input' : 'output', 0, { hidden, isPlain });
    };
    // In the order of the document as far as that goes: a chain of references is as long as its author likes.
    if (levels < DEEPEST_AT_ONCE) settle();
    else waiting.push(settle);
    return name;
  }

  function stillDemanded(target: unknown, direction: Direction, hidden: ReadonlySet<string>): ReadonlySet<string> {
    if (hidden.size === 0 || !isObject(target)) return NO_NAMES;
    const own = access.hidden(target, direction);
    const demanded = access.demanded(target);
    return new Set([...hidden].filter((name) => demanded.has(name) && !own.has(name)).sort());
  }

  /** A parent as the choice of its children, each with its own value of the property that tells them apart. */
  function choice(
    { property, children, ofParent }: Subtypes,
    value: Node,
    pointer: string,
    depth: number,
    hidden: ReadonlySet<string>,
  ): JsonSchema {
    const draft: Draft = {};
    annotations(value, pointer, draft);
    const names = isObject(value.properties) ? Object.keys(value.properties) : [];
    const key = isSafeKey(property) ? property : (safeKeys(names).get(property) ?? safeKey(property));
    renaming ||= key !== property;
    const fixed = (values: readonly string[]): Draft => {
      if (values.length === 0) return {};
      const told: JsonSchema = values.length === 1 ? { const: values[0] as string } : { enum: values };
      return { properties: { [key]: key === property ? told : sentAs(told, property) }, required: [key] };
    };
    const all = children.flatMap(({ ref, names: values }): Draft[] => {
      const name = share(ref, pointer, 'input', { hidden, isPlain: true });
      return name === undefined ? [] : [{ $ref: sharedRef(name), ...fixed(values) }];
    });
    const own = () => convert(value, pointer, 'input', depth + 1, { hidden, isPlain: true });
    if (ofParent.length > 0) all.push({ allOf: [own(), fixed(ofParent)] });
    draft.anyOf = all;
    append(draft, `"${property}" tells which kind it is.`);
    return nullable(value, draft) as JsonSchema;
  }

  function freeName(canonical: string, variant: string, key: string): string {
    const parts = segmentsOf(canonical) ?? [];
    const component = parts[0] === 'components' && parts[1] === 'schemas' && parts.length === 3;
    const wanted = safeKey(component ? (parts[2] ?? '') : parts.slice(-3).join('_')).slice(0, 56) + variant;
    if (!Object.hasOwn(shared, wanted) && wanted !== '__proto__') return wanted;
    const other = `${wanted}_${shortHash(canonical)}`;
    return Object.hasOwn(shared, other) ? `${wanted}_${shortHash(key)}` : other;
  }

  function annotations(value: Node, pointer: string, draft: Draft): void {
    if (typeof value.description === 'string') {
      const description = text(value.description);
      if (description !== '')
        draft.description = draft.description === undefined ? description : `${description} ${draft.description}`;
    } else if (value.description !== undefined && value.description !== null) {
      reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/description`, '"description" must be text. It is ignored.');
    }
    // A title beside a description repeats the name of the property, in nearly every document.
    if (typeof value.title === 'string' && value.title !== '' && draft.description === undefined)
      draft.title = visibleText(value.title);
    if (value.deprecated === true) draft.deprecated = true;
    const examples = exampleValues(value);
    if (examples.length) draft.examples = examples;
  }

  function types(value: Node, pointer: string, draft: Draft): void {
    if (value.type === undefined) return;
    const written = Array.isArray(value.type) ? value.type : [value.type];
    const known: JsonTypeName[] = [];
    for (const name of written) {
      if (name === 'file') {
        // Swagger 2.0's word for bytes, in documents of every version.
        known.push('string');
        draft.format = 'binary';
        continue;
      }
      if (name === 'any') return;
      const type = typeof name === 'string' && TYPES.has(name) ? (name as JsonTypeName) : near(name);
      if (type === undefined) {
        reader.report(
          'BAD_SCHEMA_KEYWORD',
          `${pointer}/type`,
          `"type" cannot be ${JSON.stringify(name)}. Any type is accepted here.`,
        );
        return;
      }
      if (type !== name)
        reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/type`, `"type" cannot be "${name}". It is read as "${type}".`);
      if (!known.includes(type)) known.push(type);
    }
    if (known.length) draft.type = known.length === 1 ? known[0] : known;
  }

  function values(value: Node, pointer: string, draft: Draft): void {
    if (Array.isArray(value.enum) && value.enum.length) {
      draft.enum = uniqueValues(value.enum);
    } else if (value.enum !== undefined) {
      reader.report(
        'BAD_SCHEMA_KEYWORD',
        `${pointer}/enum`,
        '"enum" must be a list with at least one value. It is ignored.',
      );
    }
    if (value.const !== undefined) draft.const = value.const;
    if (value.default !== undefined) draft.default = value.default;
    valuesOfType(pointer, draft);
  }

  /** Values that YAML took for numbers and booleans, for they stand without quotes, become what the type says. */
  function valuesOfType(pointer: string, draft: Draft): void {
    if (draft.enum === undefined && draft.const === undefined) return;
    const types = [(draft.type as JsonTypeName | readonly JsonTypeName[] | undefined) ?? []].flat();
    if (types.length === 0) return;
    // Documents list null beside `nullable`, and without it.
    const fits = (each: unknown) => each === null || isOfType(each, types);
    const converted = (each: unknown) => (fits(each) ? each : (asType(each, types) ?? each));
    for (const keyword of ['enum', 'const'] as const) {
      if (draft[keyword] === undefined) continue;
      const listed: readonly unknown[] = keyword === 'enum' ? (draft.enum as readonly unknown[]) : [draft.const];
      const wrong = listed.filter((each) => !fits(each));
      if (wrong.length === 0) continue;
      reader.report(
        'ENUM_OF_ANOTHER_TYPE',
        `${pointer}/${keyword}`,
        `The type is ${types.join(' or ')}, which ${wrong
          .slice(0, 3)
          .map((each) => JSON.stringify(each))
          .join(', ')} ${wrong.length === 1 ? 'is' : 'are'} not.`,
      );
      draft[keyword] = keyword === 'enum' ? uniqueValues(listed.map(converted)) : converted(draft.const);
      if (draft.default !== undefined) draft.default = converted(draft.default);
      if (Array.isArray(draft.examples)) draft.examples = draft.examples.map(converted);
    }
  }

  function bounds(value: Node, pointer: string, draft: Draft): void {
    for (const [limit, exclusive] of [
      ['minimum', 'exclusiveMinimum'],
      ['maximum', 'exclusiveMaximum'],
    ] as const) {
      const plain = numeric(value[limit]);
      const strict = value[exclusive];
      if (strict === true) {
        // Draft 4, and so Swagger 2.0 and OpenAPI 3.0: a boolean that makes the limit itself exclusive.
        if (plain !== undefined) draft[exclusive] = plain;
        continue;
      }
      if (plain !== undefined) draft[limit] = plain;
      else if (value[limit] !== undefined && value[limit] !== null) badKeyword(pointer, limit, 'a number');
      if (strict === undefined || strict === false || strict === null) continue;
      const bound = numeric(strict);
      if (bound === undefined) badKeyword(pointer, exclusive, 'a number');
      else draft[exclusive] = bound;
    }
  }

  function properties(
    value: Node,
    pointer: string,
    direction: Direction,
    depth: number,
    draft: Draft,
    hidden: ReadonlySet<string>,
  ): void {
    let renames: ReadonlyMap<string, string> | undefined;
    if (isObject(value.properties)) {
      const all = Object.keys(value.properties);
      const kept: Draft = {};
      if (direction === 'input' && !all.every(isSafeKey)) {
        renames = safeKeys(all);
        renaming = true;
      }
      for (const name of all) {
        const member = value.properties[name];
        if (access.of(member) === (direction === 'input' ? 'readOnly' : 'writeOnly')) continue;
        const converted = convert(member, joinPointer(pointer, 'properties', name), direction, depth + 1);
        const key = renames?.get(name) ?? name;
        setOwn(kept, key, key === name ? converted : sentAs(converted, name));
      }
      draft.properties = kept;
    } else if (value.properties !== undefined && value.properties !== null) {
      badKeyword(pointer, 'properties', 'an object');
    }
    if (Array.isArray(value.required)) {
      const names = new Set<string>();
      for (const name of value.required) {
        if (typeof name !== 'string') badKeyword(pointer, 'required', 'a list of names');
        else if (!hidden.has(name)) names.add(renames?.get(name) ?? name);
      }
      if (names.size) draft.required = [...names];
    } else if (value.required !== undefined && typeof value.required !== 'boolean' && value.required !== null) {
      badKeyword(pointer, 'required', 'a list of names');
    } else if (typeof value.required === 'boolean') {
      reader.report(
        'BAD_SCHEMA_KEYWORD',
        `${pointer}/required`,
        '"required" is a list of property names next to "properties", not a boolean. It is ignored.',
      );
    }
    const dependencies = isObject(value.dependentRequired) ? value.dependentRequired : undefined;
    if (dependencies) dependent(dependencies);
    if (isObject(value.dependencies)) {
      const schemas: Draft = {};
      for (const [name, need] of Object.entries(value.dependencies)) {
        if (Array.isArray(need)) dependent({ [name]: need });
        else
          setOwn(
            schemas,
            name,
            convert(need, joinPointer(pointer, 'dependencies', name), direction, depth + 1, { hidden }),
          );
      }
      if (Object.keys(schemas).length) draft.dependentSchemas = schemas;
    }

    function dependent(needs: Node): void {
      const rules: Record<string, string[]> = { ...(draft.dependentRequired as Record<string, string[]> | undefined) };
      for (const [name, need] of Object.entries(needs)) {
        if (!Array.isArray(need) || hidden.has(name)) continue;
        const names = need.filter((other): other is string => typeof other === 'string' && !hidden.has(other));
        setOwn(
          rules,
          renames?.get(name) ?? name,
          names.map((other) => renames?.get(other) ?? other),
        );
      }
      draft.dependentRequired = rules;
    }
  }

  function items(value: Node, pointer: string, direction: Direction, depth: number, draft: Draft): void {
    if (Array.isArray(value.items)) {
      // Up to draft 2019-09 a list of schemas stood in "items", and "additionalItems" beside it.
      draft.prefixItems = value.items.map((item, index) =>
        convert(item, `${pointer}/items/${index}`, direction, depth + 1),
      );
      if (value.additionalItems !== undefined)
        draft.items = convert(value.additionalItems, `${pointer}/additionalItems`, direction, depth + 1);
    } else if (value.items !== undefined && value.items !== null) {
      draft.items = convert(value.items, `${pointer}/items`, direction, depth + 1);
    }
  }

  function other(
    keyword: string,
    inner: unknown,
    pointer: string,
    direction: Direction,
    depth: number,
    draft: Draft,
    hidden: ReadonlySet<string>,
  ): void {
    if (SILENT.has(keyword) || inner === undefined || keyword.startsWith('x-')) return;
    switch (keyword) {
      case 'properties':
      case 'items':
      case 'dependentRequired':
      case 'dependencies':
      case 'minimum':
      case 'maximum':
      case 'default':
        return;
      case 'format':
      case 'contentEncoding':
      case 'contentMediaType':
        if (typeof inner === 'string') draft[keyword] = inner;
        else badKeyword(pointer, keyword, 'text');
        return;
      case 'uniqueItems':
        if (typeof inner === 'boolean') draft.uniqueItems = inner;
        else badKeyword(pointer, keyword, 'a boolean');
        return;
      case 'pattern':
        if (typeof inner === 'string') pattern(inner, pointer, draft);
        else badKeyword(pointer, keyword, 'text');
        return;
    }
    if (NUMBERS.has(keyword)) {
      const number = numeric(inner);
      if (number !== undefined && number > 0) draft[keyword] = number;
      else badKeyword(pointer, keyword, 'a number greater than 0');
    } else if (COUNTS.has(keyword)) {
      const count = numeric(inner);
      if (count !== undefined && Number.isInteger(count) && count >= 0) draft[keyword] = count;
      else badKeyword(pointer, keyword, 'an integer, 0 or more');
    } else if (SCHEMAS.has(keyword)) {
      draft[keyword] = convert(inner, `${pointer}/${keyword}`, direction, depth + 1);
    } else if (SCHEMA_LISTS.has(keyword)) {
      if (Array.isArray(inner) && inner.length)
        draft[keyword] = inner.map((member, index) =>
          convert(member, `${pointer}/${keyword}/${index}`, direction, depth + 1, wholeOf(keyword)),
        );
      else if (!Array.isArray(inner)) badKeyword(pointer, keyword, 'a list of schemas');
    } else if (SCHEMA_MAPS.has(keyword)) {
      if (!isObject(inner)) {
        badKeyword(pointer, keyword, 'an object');
        return;
      }
      const map: Draft = {};
      for (const name of Object.keys(inner)) {
        const at = joinPointer(pointer, keyword, name);
        const key = keyword === 'patternProperties' ? propertyPattern(name, at) : name;
        if (key !== undefined) setOwn(map, key, convert(inner[name], at, direction, depth + 1, wholeOf(keyword)));
      }
      draft[keyword] = map;
    } else {
      reader.report(
        'UNSUPPORTED_SCHEMA_KEYWORD',
        joinPointer(pointer, keyword),
        `"${keyword}" is not a schema keyword. It is ignored.`,
      );
    }

    function wholeOf(applied: string): Whole {
      return (IN_PLACE.several as readonly string[]).includes(applied) ? { hidden } : ALONE;
    }
  }

  /** The pattern as it can be run; `undefined` where it cannot. */
  function propertyPattern(written: string, pointer: string): string | undefined {
    const verdict = documentPattern(written);
    if (verdict.kind === 'usable') return verdict.pattern;
    const code = verdict.kind === 'broken' ? 'BAD_PATTERN' : 'CATASTROPHIC_PATTERN';
    reader.report(
      code,
      pointer,
      `${JSON.stringify(written)} cannot be used as a pattern: ${verdict.reason}. It is ignored.`,
    );
    return undefined;
  }

  function pattern(written: string, pointer: string, draft: Draft): void {
    const verdict = documentPattern(written);
    if (verdict.kind === 'usable') {
      if (verdict.correction !== undefined) reader.report('BAD_PATTERN', `${pointer}/pattern`, verdict.correction);
      draft.pattern = escapedText(verdict.pattern);
      return;
    }
    append(draft, `Pattern: ${compactText(written, 200)}`);
    if (verdict.kind === 'broken') {
      reader.report(
        'BAD_PATTERN',
        `${pointer}/pattern`,
        `${JSON.stringify(written)}: ${verdict.reason}. It is documented, not validated.`,
      );
    } else {
      reader.report(
        'CATASTROPHIC_PATTERN',
        `${pointer}/pattern`,
        `${JSON.stringify(written)} could backtrack excessively: ${verdict.reason}. It is documented, not validated.`,
      );
    }
  }

  /**
   * What `discriminator` tells is said in words. It picks the branch of a value (OpenAPI 3.1.1 §4.8.25), so that branches
   * need not exclude one another as `oneOf` alone would ask: `oneOf` beside it reads as `anyOf`.
   */
  function discriminator(value: Node, draft: Draft): void {
    const name = isObject(value.discriminator) ? value.discriminator.propertyName : value.discriminator;
    if (typeof name !== 'string') return;
    if (draft.oneOf !== undefined && draft.anyOf === undefined) {
      draft.anyOf = draft.oneOf;
      delete draft.oneOf;
    }
    const mapping =
      isObject(value.discriminator) && isObject(value.discriminator.mapping)
        ? Object.keys(value.discriminator.mapping)
        : [];
    const listed = mapping.slice(0, 20).map((key) => JSON.stringify(key));
    if (mapping.length > 20) listed.push('…');
    append(draft, `"${name}" tells which kind it is${listed.length ? `: ${listed.join(', ')}` : ''}.`);
  }

  function badKeyword(pointer: string, keyword: string, need: string): void {
    reader.report('BAD_SCHEMA_KEYWORD', `${pointer}/${keyword}`, `"${keyword}" must be ${need}. It is ignored.`);
  }
}

/** `nullable: true` (OpenAPI 3.0), `x-nullable` (Swagger 2.0): null is a value too. */
function nullable(value: Node, draft: Draft): Draft {
  if (value.nullable !== true && value['x-nullable'] !== true) return draft;
  if (Array.isArray(draft.enum) && !draft.enum.includes(null)) draft.enum = [...draft.enum, null];
  if (draft.type !== undefined && draft.$ref === undefined && draft.allOf === undefined && draft.const === undefined) {
    const types = Array.isArray(draft.type) ? draft.type : [draft.type];
    draft.type = types.includes('null') ? types : [...types, 'null'];
    for (const choice of ['anyOf', 'oneOf'] as const)
      if (Array.isArray(draft[choice])) draft[choice] = [...draft[choice], { type: 'null' }];
    return draft;
  }
  for (const choice of ['anyOf', 'oneOf'] as const) {
    if (
      Array.isArray(draft[choice]) &&
      draft.$ref === undefined &&
      draft.allOf === undefined &&
      draft.const === undefined
    ) {
      draft[choice] = [...draft[choice], { type: 'null' }];
      return draft;
    }
  }
  const constrained = ['$ref', 'allOf', 'const', 'not', 'if'].some((keyword) => draft[keyword] !== undefined);
  if (!constrained) return draft;
  const { title, description, deprecated, default: fallback, examples, ...rest } = draft;
  const outer: Draft = {};
  for (const [key, kept] of Object.entries({ title, description, deprecated, default: fallback, examples }))
    if (kept !== undefined) outer[key] = kept;
  outer.anyOf = [rest, { type: 'null' }];
  return outer;
}

/** Marks a renamed property with the name that goes on the wire, for the mapping back and for the reader. */
export function sentAs(schema: JsonSchema, name: string): JsonSchema {
  const base: Draft = typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : { ...schema };
  append(base, `Sent as "${escapedText(name)}".`);
  base['x-sent-as'] = name;
  return base as JsonSchema;
}

function append(draft: Draft, sentence: string): void {
  draft.description = typeof draft.description === 'string' ? `${draft.description} ${sentence}` : sentence;
}

function near(name: unknown): JsonTypeName | undefined {
  return typeof name === 'string' ? (getOwn(NEAR_TYPES, name.toLowerCase()) ?? lowerCaseType(name)) : undefined;
}

function lowerCaseType(name: string): JsonTypeName | undefined {
  const lower = name.toLowerCase();
  return TYPES.has(lower) ? (lower as JsonTypeName) : undefined;
}

function uniqueValues(values: readonly unknown[]): readonly unknown[] {
  if (values.every((value) => typeof value !== 'object' || value === null)) return [...new Set(values)];
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** A number, also where the document quotes it. */
function numeric(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return undefined;
}

/** The longest example that is shown, in characters of JSON. */
const LONGEST_EXAMPLE = 200;

/** `example` (OpenAPI 3.0) and `examples` (a list in 3.1; a map of Example Objects in the wild), short ones only. */
export function exampleValues(node: Node): readonly JsonValue[] {
  const found: unknown[] = [];
  if (node.example !== undefined) found.push(node.example);
  else if (Array.isArray(node.examples)) found.push(...node.examples);
  else if (isObject(node.examples))
    for (const example of Object.values(node.examples))
      if (isObject(example) && example.value !== undefined) found.push(example.value);
  return found
    .slice(0, 2)
    .filter((value): value is JsonValue => (JSON.stringify(value)?.length ?? Infinity) <= LONGEST_EXAMPLE);
}
