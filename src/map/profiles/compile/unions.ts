import type { JsonSchema, JsonSchemaObject, JsonValue } from '../../../model/index.ts';
import { joinSchemas } from '../join-schemas.ts';
import { outline, words } from '../words.ts';
import {
  allows,
  below,
  cut,
  isTooDeep,
  type ShownSchema,
  type Site,
  tell,
  typesOf,
  without,
  wordsAlone,
} from './context.ts';
import { flatten, merge } from './flatten.ts';
import { describe } from './notes.ts';
import { showPlain } from './plain.ts';

/** A schema without `$ref` and `allOf` as it is shown: by its variants where it has any. */
export function show(schema: JsonSchemaObject, site: Site): ShownSchema {
  const { anyOf, oneOf, ...rest } = schema;
  if (anyOf && oneOf) tell('oneOf', schema, site);
  const variants = anyOf ?? oneOf;
  if (variants) return showUnion(rest, variants, site);
  const types = typesOf(rest);
  const isSeveral = types.filter((type) => type !== 'null').length > 1;
  if (site.context.rules.typeLists || !isSeveral || rest.enum !== undefined) return showPlain(rest, site);
  // With `type: [...]` a keyword counts for its own type only, so each type gets the whole schema.
  const each = without(rest, ['type', 'title', 'description', 'default', 'examples']);
  const perType = types.map((type): JsonSchemaObject => ({ type, ...each }));
  return showUnion(wordsAlone(rest), perType, site);
}

function showUnion(rest: JsonSchemaObject, all: readonly JsonSchema[], site: Site): ShownSchema {
  const { rules } = site.context;
  const nullable = !rules.typeLists && all.some(isNull);
  const variants = nullable ? all.filter((variant) => !isNull(variant)) : all;
  if (variants.length === 0) return showPlain({ ...rest, type: 'null' }, site);
  const [only] = variants;
  if (variants.length === 1 && typeof only === 'object') {
    const flat = flatten(only, site);
    // A null that the rest forbids is let through: looser, and the exact schema still judges it.
    const shown = show(merge(withoutNull(rest, nullable), flat.schema, site), { ...site, open: flat.open });
    return nullable && allows(rules, 'nullable') ? asNullable(shown) : shown;
  }
  if (!allows(rules, 'anyOf')) return showJoined(rest, variants, site);
  if (isTooDeep(site)) {
    cut(site, `one of: ${variants.map(outline).join('; ')}`);
    return wordsAlone(rest);
  }
  if (rules.anyOfAlone) return showAlone(withoutNull(rest, nullable), variants, nullable, site);
  const base = showPlain(rest, { ...site, path: undefined });
  return { ...base, anyOf: variants.map((variant) => site.context.compile(variant, below(site))) };
}

/** `anyOf` has no siblings, so what stood beside it goes into each variant, and the words into the first. */
function showAlone(
  rest: JsonSchemaObject,
  variants: readonly JsonSchema[],
  nullable: boolean,
  site: Site,
): ShownSchema {
  const { title: _title, description, default: _default, examples: _examples, ...constraints } = rest;
  const shown = variants.flatMap((variant) => {
    const each = site.context.compile({ allOf: [constraints, variant] }, below(site));
    return each.anyOf ?? [each]; // unions in a union are one, or the words would have no place
  }) as readonly ShownSchema[]; // only compiled schemas are in there
  const [first = {}, ...others] = shown.map((variant) => (nullable ? asNullable(variant) : variant));
  const said = [description, first.description].filter((part) => part !== undefined).join(' ');
  return { anyOf: [describe({ ...first, ...(said && { description: said }) }, site.notes.take()), ...others] };
}

/** No unions at all: what all variants have in common, and the variants in words. */
function showJoined(rest: JsonSchemaObject, variants: readonly JsonSchema[], site: Site): ShownSchema {
  const flat = variants.map((variant) => (typeof variant === 'object' ? flatten(variant, site) : undefined));
  const open = [...new Set(flat.flatMap((variant) => variant?.open ?? []))];
  const said = words('anyOf', { anyOf: variants });
  if (said !== undefined) site.notes.lose(said);
  const joined = joinSchemas(flat.map((variant, index) => variant?.schema ?? variants[index] ?? true));
  return show(merge(rest, joined, site), { ...site, path: undefined, open });
}

/**
 * A union stands alone, so its variants say it. Beside no `type` it would say nothing (OpenAPI 3.0.4 Schema Object):
 * what names no type takes null as it takes anything else.
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
