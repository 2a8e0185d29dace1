import {
  type Coercion,
  type CoercionStep,
  escapedText,
  type JsonSchema,
  type JsonSchemaObject,
  type JsonTypeName,
  type JsonValue,
  mayBeLarge,
  orDigits,
  sharedName,
} from '../../model/index.ts';
import { joinSchemas } from './join-schemas.ts';
import { mergeSchemas } from './merge-schemas.ts';
import type { SchemaRules } from './profile.ts';
import { FURTHER, outline, words } from './words.ts';

/** A schema as a provider is shown it; `nullable` is OpenAPI 3.0's, for providers that know no `type: null`. */
export interface ShownSchema extends JsonSchemaObject {
  readonly nullable?: boolean;
}

export interface Compilation {
  readonly rules: SchemaRules;
  readonly shared: Readonly<Record<string, JsonSchema>>;
  /** Levels of schemas in all, the root being the first. At least 3. */
  readonly maxDepth: number;
}

export interface Compiled {
  readonly schema: ShownSchema;
  readonly coercions: readonly Coercion[];
  /** Constraints that only the descriptions tell. */
  readonly losses: number;
  /** Something was left out because of `maxDepth`, so that a larger one would show more. */
  readonly cut: boolean;
}

/**
 * A schema without references, in the keywords of a profile that refuses references. It accepts whatever the exact one
 * accepts (after coercion); what it cannot hold is told in descriptions. One exception, which no document means
 * otherwise: with `explicitShapes`, properties without a `type` make an object, and items a list.
 */
export function compileSchema(schema: JsonSchema, compilation: Compilation): Compiled {
  const state = { coercions: [] as Coercion[], losses: 0, cut: false };
  const { rules, shared, maxDepth } = compilation;
  const allows = (keyword: string): boolean => allowsKeyword(rules, keyword);
  return { schema: compile(schema, { depth: 0, path: [], open: [] }), ...state };

  function compile(exact: JsonSchema, place: Place): ShownSchema {
    if (exact === true) return {};
    if (exact === false) return { description: 'Not to be given.' };
    const notes = new Notes();
    const flat = flatten(exact, place, notes);
    const shown = shape(flat.schema, { ...place, open: flat.open }, notes);
    state.losses += notes.losses;
    return describe(shown, notes, rules.inlined?.maxDescription);
  }

  /** Without `$ref` and `allOf`, which become part of the schema itself. A schema inside itself is told in words. */
  function flatten(exact: JsonSchemaObject, place: Place, notes: Notes): Flat {
    const { $ref, allOf, $defs: _defs, 'x-sent-as': _sentAs, ...own } = exact;
    let flat: Flat = { schema: own, open: place.open };
    const add = (part: JsonSchema | undefined): void => {
      if (typeof part !== 'object') return;
      const next = flatten(part, { ...place, open: flat.open }, notes);
      flat = { schema: mergeSchemas(flat.schema, next.schema, () => notes.lose(FURTHER)), open: next.open };
    };
    if ($ref !== undefined) {
      const name = sharedName($ref);
      const target = name !== undefined && Object.hasOwn(shared, name) ? shared[name] : undefined;
      if (name === undefined || !place.open.includes(name)) {
        if (name !== undefined) flat = { ...flat, open: [...flat.open, name] };
        add(target);
      } else {
        notes.lose(`a ${name} again`);
        if (typeof target === 'object' && target.type !== undefined) add({ type: target.type });
      }
    }
    for (const part of allOf ?? []) add(part);
    return flat;
  }

  function shape(schema: JsonSchemaObject, place: Place, notes: Notes): ShownSchema {
    const variants = schema.anyOf ?? schema.oneOf;
    if (schema.anyOf && schema.oneOf) note('oneOf', schema, notes);
    const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
    if (variants) return shapeUnion(rest, variants, place, notes);
    const types = typesOf(rest);
    const valueTypes = types.filter((type) => type !== 'null');
    if (!rules.typeLists && valueTypes.length > 1 && rest.enum === undefined) {
      // With `type: [...]` a keyword counts for its own type only, so each type gets the whole schema.
      const perType = types.map((type): JsonSchemaObject => ({ type, ...without(rest, ['type', ...ANNOTATIONS]) }));
      const { title, description } = rest;
      const annotations = { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
      return shapeUnion(annotations, perType, place, notes);
    }
    return shapePlain(rest, place, notes);
  }

  function shapeUnion(rest: JsonSchemaObject, all: readonly JsonSchema[], place: Place, notes: Notes): ShownSchema {
    const nullable = !rules.typeLists && all.some(isNull);
    const variants = nullable ? all.filter((variant) => !isNull(variant)) : all;
    if (variants.length === 0) return shapePlain({ ...rest, type: 'null' }, place, notes);
    const [only] = variants;
    if (variants.length === 1 && typeof only === 'object') {
      const flat = flatten(only, place, notes);
      const merged = mergeSchemas(withoutNull(rest, nullable), flat.schema, () => notes.lose(FURTHER));
      // A null that the rest forbids is let through: looser, and the exact schema still judges it.
      const shown = shape(merged, { ...place, open: flat.open }, notes);
      return nullable && allows('nullable') ? asNullable(shown) : shown;
    }
    if (!allows('anyOf')) return shapeJoined(rest, variants, place, notes);
    if (tooDeep(place)) return cutShort(rest, notes, outlines(variants));
    const inside: Place = { depth: place.depth + 1, path: undefined, open: place.open };
    if (!rules.anyOfAlone) {
      const base = shapePlain(rest, { ...place, path: undefined }, notes);
      return { ...base, anyOf: variants.map((variant) => compile(variant, inside)) };
    }
    // `anyOf` has no siblings here, so what stood beside it goes into each variant, and the words into the first.
    const { title: _title, description, default: _default, examples: _examples, ...constraints } = rest;
    const shown = variants.flatMap((variant) => {
      const each = compile({ allOf: [withoutNull(constraints, nullable), variant] }, inside);
      return each.anyOf ?? [each]; // unions in a union are one, or the words would have no place
    }) as readonly ShownSchema[]; // only compiled schemas are in there
    const [first = {}, ...others] = shown.map((variant) => (nullable ? asNullable(variant) : variant));
    const said = [description, first.description].filter((part) => part !== undefined).join(' ');
    return { anyOf: [describe({ ...first, ...(said && { description: said }) }, notes.take(), undefined), ...others] };
  }

  /** No unions at all: what all variants have in common, and the variants in words. */
  function shapeJoined(
    rest: JsonSchemaObject,
    variants: readonly JsonSchema[],
    place: Place,
    notes: Notes,
  ): ShownSchema {
    const flat = variants.map((variant) => (typeof variant === 'object' ? flatten(variant, place, notes) : undefined));
    const open = [...new Set(flat.flatMap((variant) => variant?.open ?? []))];
    const said = words('anyOf', { anyOf: variants });
    if (said !== undefined) notes.lose(said);
    const joined = joinSchemas(flat.map((variant, index) => variant?.schema ?? variants[index] ?? true));
    const merged = mergeSchemas(rest, joined, () => notes.lose(FURTHER));
    return shape(merged, { depth: place.depth, path: undefined, open }, notes);
  }

  function shapePlain(schema: JsonSchemaObject, place: Place, notes: Notes): ShownSchema {
    const shown: Record<string, unknown> = {};
    const exact = shapeEnum(schema, place, notes, shown);
    const types = typesOf(exact);
    const type = impliedType(exact, types);
    const opens = !tooDeep(place);
    if (types.length && rules.typeLists) shown.type = exact.type;
    else if (type !== undefined) shown.type = type;
    const isNullable = types.includes('null') && shown.type !== undefined;
    if (!rules.typeLists && isNullable && allows('nullable')) shown.nullable = true;

    for (const keyword of Object.keys(exact) as (keyof JsonSchemaObject)[]) {
      if (keyword === 'type' || COMPANIONS.has(keyword)) continue;
      if (UNEVALUATED.has(keyword)) continue; // counts on branches that may no longer stand beside it
      if (!fits(keyword, type)) continue;
      if (CHILDREN.has(keyword)) shapeChildren(keyword, exact, { place, notes, shown, opens });
      else if (keyword === 'format' && !tellsFormat(exact.format, type)) note('format', exact, notes);
      else if (isBoundBeside(keyword, exact)) continue;
      else if (OPAQUE.has(keyword)) shapeOpaque(keyword, exact, { place, notes, shown, opens });
      else if (allows(keyword)) shown[keyword] = exact[keyword];
      else if (keyword === 'exclusiveMinimum' && allows('minimum')) inclusive(exact, 'Minimum', notes, shown);
      else if (keyword === 'exclusiveMaximum' && allows('maximum')) inclusive(exact, 'Maximum', notes, shown);
      else note(keyword, exact, notes);
    }
    if (shown.default === null && !rules.typeLists) delete shown.default;
    if (mayBeLarge(exact)) {
      const { type: orText, pattern } = orDigits(exact);
      if (rules.typeLists) Object.assign(shown, { type: orText, pattern });
      else notes.lose('beyond 2^53 as a string of digits');
    }
    if (rules.explicitShapes) completeShape(shown, place);
    return shown;
  }

  /** What is left of the schema once its enum is shown. */
  function shapeEnum(
    schema: JsonSchemaObject,
    place: Place,
    notes: Notes,
    shown: Record<string, unknown>,
  ): JsonSchemaObject {
    const values = schema.const !== undefined ? [schema.const] : schema.enum;
    if (rules.enums === 'any' || values === undefined) return schema;
    const rest = without(schema, ['enum', 'const']);
    const hasNull = values.includes(null);
    const others = values.filter((value) => value !== null);
    const texts = others.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    const allStrings = others.every((value) => typeof value === 'string');
    const showable =
      others.length > 0 &&
      !texts.includes('') &&
      new Set(texts).size === texts.length &&
      (allStrings || (place.path !== undefined && others.every((value) => typeof value !== 'object')));
    if (!showable) {
      note('enum', { enum: values }, notes);
      return rest;
    }
    shown.enum = texts;
    if (!allStrings) {
      const pairs = others.flatMap((value, index) =>
        typeof value === 'string' ? [] : [[texts[index] ?? '', value] as const],
      );
      state.coercions.push({ path: place.path ?? [], values: Object.fromEntries(pairs) });
    }
    const type: JsonTypeName[] = hasNull ? ['string', 'null'] : ['string'];
    const { title, description, default: preset } = schema;
    return {
      type,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      ...(preset !== undefined &&
        preset !== null && { default: typeof preset === 'string' ? preset : JSON.stringify(preset) }),
    };
  }

  function shapeChildren(keyword: keyof JsonSchemaObject, exact: JsonSchemaObject, at: Children): void {
    const { place, notes, shown, opens } = at;
    if (keyword === 'items' && exact.prefixItems && !allows('prefixItems')) return; // only of the items after those
    const value = exact[keyword];
    if (!allows(keyword)) note(keyword, exact, notes);
    else if (!opens) {
      // Neither `true` nor `false` may stay: they speak of what is not named beside them, and that is cut too.
      if (typeof value === 'boolean') return;
      state.cut = true;
      notes.lose(outline({ [keyword]: value }));
    } else if (typeof value === 'boolean') {
      shown[keyword] = value;
    } else if (Array.isArray(value)) {
      shown[keyword] = value.map((part: JsonSchema) => compile(part, below(place)));
    } else if (MAPS.has(keyword)) {
      const entries = Object.entries(value as Record<string, JsonSchema>); // by MAPS
      const step = (key: string) => (keyword === 'properties' ? { property: key } : undefined);
      shown[keyword] = Object.fromEntries(entries.map(([key, part]) => [key, compile(part, below(place, step(key)))]));
    } else if (value !== undefined) {
      const step = keyword === 'items' ? 'items' : undefined;
      shown[keyword] = compile(value as JsonSchema, below(place, step)); // by CHILDREN
    }
  }

  /**
   * A looser schema in one of these could make the whole stricter (`not`), so they are shown exactly, with the keywords
   * that act together with them, or told in words.
   */
  function shapeOpaque(keyword: keyof JsonSchemaObject, exact: JsonSchemaObject, at: Children): void {
    const { place, notes, shown } = at;
    const group: (keyof JsonSchemaObject)[] = [
      keyword,
      ...(keyword === 'if' ? IF_COMPANIONS : keyword === 'contains' ? CONTAINS_COMPANIONS : []),
    ];
    const parts = group.filter((each) => exact[each] !== undefined);
    const refused = (text: string): boolean => rules.refused.some((each) => text.includes(`"${each}":`));
    const fits = (value: unknown): boolean => place.depth + 1 + nesting(value) <= maxDepth;
    const plain = parts.every((each) => !refused(JSON.stringify(exact[each])) && fits(exact[each]));
    if (!plain || !allows(keyword)) note(keyword, exact, notes);
    else for (const each of parts) shown[each] = exact[each];
  }

  /** `inclusive` reads a bound together with the exclusive one beside it. */
  function isBoundBeside(keyword: keyof JsonSchemaObject, exact: JsonSchemaObject): boolean {
    if (keyword === 'minimum') return exact.exclusiveMinimum !== undefined && !allows('exclusiveMinimum');
    return keyword === 'maximum' && exact.exclusiveMaximum !== undefined && !allows('exclusiveMaximum');
  }

  function note(keyword: keyof JsonSchemaObject, schema: JsonSchemaObject, notes: Notes): void {
    const said = words(keyword, schema);
    if (said) notes.lose(said);
  }

  function tellsFormat(format: string | undefined, type: JsonTypeName | undefined): boolean {
    if (!allows('format')) return false;
    if (rules.stringFormats === 'any' || format === undefined) return true;
    return rules.stringFormats.includes(format) && type === 'string';
  }

  function inclusive(
    schema: JsonSchemaObject,
    side: 'Minimum' | 'Maximum',
    notes: Notes,
    shown: Record<string, unknown>,
  ): void {
    const bound = schema[`exclusive${side}`];
    const keyword = side === 'Minimum' ? 'minimum' : 'maximum';
    if (bound === undefined) return;
    const whole = typesOf(schema).length > 0 && typesOf(schema).every(isInteger) && Number.isInteger(bound);
    const tight = whole ? bound + (side === 'Minimum' ? 1 : -1) : bound;
    const other = schema[keyword];
    const pick = side === 'Minimum' ? Math.max : Math.min;
    shown[keyword] = other === undefined ? tight : pick(tight, other);
    if (!whole) note(`exclusive${side}`, schema, notes);
  }

  function impliedType(schema: JsonSchemaObject, types: readonly JsonTypeName[]): JsonTypeName | undefined {
    const [type, ...others] = types.filter((each) => each !== 'null');
    if (others.length) return undefined; // one of them alone would be stricter
    if (type !== undefined || types.length || !rules.explicitShapes) return type;
    if (schema.properties) return 'object';
    return schema.items !== undefined ? 'array' : undefined;
  }

  /** With explicit shapes, a keyword of another type is refused rather than ignored. */
  function fits(keyword: string, type: JsonTypeName | undefined): boolean {
    if (!rules.explicitShapes) return true;
    if (keyword === 'properties' || keyword === 'required') return type === 'object';
    return keyword === 'items' ? type === 'array' : true;
  }

  function completeShape(shown: Record<string, unknown>, { depth }: Place): void {
    const keys = Object.keys(shown.properties ?? {});
    if (Array.isArray(shown.required)) {
      const required = shown.required.filter((key: string) => keys.includes(key));
      if (required.length) shown.required = required;
      else delete shown.required;
    }
    if (depth > 0 && shown.properties && keys.length === 0) delete shown.properties;
    if (shown.type === 'array') shown.items ??= {};
    if (typeof shown.items === 'boolean') shown.items = {};
  }

  /** The root is at depth 0, and one level is kept for the `items` that a list must have. */
  function tooDeep({ depth }: Place): boolean {
    return depth >= maxDepth - 2;
  }

  function cutShort(rest: JsonSchemaObject, notes: Notes, said: string): ShownSchema {
    state.cut = true;
    notes.lose(said);
    const { title, description } = rest;
    return { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
  }
}

/** Whether a keyword may stand somewhere in a schema. */
export function allowsKeyword({ keywords, refused }: SchemaRules, keyword: string): boolean {
  return !refused.includes(keyword) && (keywords === 'any' || keywords.includes(keyword));
}

interface Place {
  readonly depth: number;
  /** Where a value stands in the arguments; `undefined` where a text could mean several things (below a union). */
  readonly path: readonly CoercionStep[] | undefined;
  /** Shared schemas that this one stands in. */
  readonly open: readonly string[];
}
interface Flat {
  readonly schema: JsonSchemaObject;
  readonly open: readonly string[];
}
interface Children {
  readonly place: Place;
  readonly notes: Notes;
  readonly shown: Record<string, unknown>;
  readonly opens: boolean;
}

function below(place: Place, step?: CoercionStep): Place {
  const path = step !== undefined && place.path ? [...place.path, step] : undefined;
  return { depth: place.depth + 1, path, open: place.open };
}

const isInteger = (type: JsonTypeName): boolean => type === 'integer' || type === 'null';

const IF_COMPANIONS = ['then', 'else'] as const;
const CONTAINS_COMPANIONS = ['minContains', 'maxContains'] as const;
const COMPANIONS = new Set<keyof JsonSchemaObject>([...IF_COMPANIONS, ...CONTAINS_COMPANIONS]);
const OPAQUE = new Set<keyof JsonSchemaObject>(['not', 'if', 'contains', 'propertyNames', 'dependentSchemas']);
const ANNOTATIONS = ['title', 'description', 'default', 'examples'] as const;
const UNEVALUATED = new Set<keyof JsonSchemaObject>(['unevaluatedItems', 'unevaluatedProperties']);
const MAPS = new Set<keyof JsonSchemaObject>(['properties', 'patternProperties']);
const CHILDREN = new Set<keyof JsonSchemaObject>([...MAPS, 'items', 'prefixItems', 'additionalProperties']);

/** What is told in words of one schema. */
class Notes {
  readonly #said = new Set<string>();
  losses = 0;
  lose(text: string): void {
    this.#said.add(text);
    this.losses += 1;
  }
  /** The words so far, taken: nobody else says them again. */
  take(): Notes {
    const taken = new Notes();
    for (const text of this.#said) taken.#said.add(text);
    this.#said.clear();
    return taken;
  }
  toString(): string {
    return escapedText([...this.#said].join('; '));
  }
}

/** The words go last and stay whole; a long description gives way. */
function describe(shown: ShownSchema, notes: Notes, limit = Number.POSITIVE_INFINITY): ShownSchema {
  const said = `${notes}`;
  const description = shown.description ?? '';
  if (!said && description.length <= limit) return shown;
  const tail = shorten(said && (description ? ` (${said})` : capital(said)), limit);
  return { ...shown, description: shorten(description, limit - tail.length) + tail };
}

const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : limit < 1 ? '' : `${text.slice(0, limit - 1)}…`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** How many objects stand inside each other: at least as many as there are levels of schemas. */
function nesting(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).map(nesting);
  return Math.max(0, ...inner) + (Array.isArray(value) ? 0 : 1);
}

const typesOf = ({ type }: JsonSchemaObject): readonly JsonTypeName[] => (type === undefined ? [] : [type].flat());
const outlines = (variants: readonly JsonSchema[]): string => `one of: ${variants.map(outline).join('; ')}`;
/**
 * A union stands alone, so its variants say it. Beside no `type` it would say nothing (OpenAPI 3.0.4 Schema Object): what
 * names no type takes null as it takes anything else.
 */
function asNullable(schema: ShownSchema): ShownSchema {
  if (schema.anyOf) {
    const variants = schema.anyOf.map((variant) => (typeof variant === 'object' ? asNullable(variant) : variant));
    return { ...schema, anyOf: variants };
  }
  return schema.type === undefined ? schema : { ...schema, nullable: true };
}

function isNull(schema: JsonSchema): boolean {
  if (typeof schema !== 'object') return false;
  const types = typesOf(schema);
  if (types.length === 1 && types[0] === 'null') return true;
  const values: readonly JsonValue[] | undefined = schema.const !== undefined ? [schema.const] : schema.enum;
  return values?.length === 1 && values[0] === null;
}

function withoutNull(schema: JsonSchemaObject, nullable: boolean): JsonSchemaObject {
  const types = typesOf(schema);
  const others = types.filter((type) => type !== 'null');
  return nullable && others.length && others.length < types.length ? { ...schema, type: others } : schema;
}

function without(schema: JsonSchemaObject, keywords: readonly (keyof JsonSchemaObject)[]): JsonSchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !(keywords as readonly string[]).includes(key)));
}
