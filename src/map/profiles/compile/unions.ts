import { type JsonSchema, type JsonSchemaObject, type JsonValue, typesOf } from '../../../model/index.ts';
import { joinSchemas } from '../join-schemas.ts';
import { outline, words } from '../words.ts';
import { allows, below, cut, isTooDeep, type ShownSchema, type Site, tell, without, wordsAlone } from './context.ts';
import { flatten, merge } from './flatten.ts';
import { describe } from './notes.ts';
import { showPlain } from './plain.ts';

/** A schema without `$ref` and `allOf` in its listed form, as a union if it has variants. */
export function show(schema: JsonSchemaObject, site: Site): ShownSchema {
  const { anyOf, oneOf, ...rest } = schema;
  if (anyOf && oneOf) tell('oneOf', schema, site);
  const variants = anyOf ?? oneOf;
  if (variants) return showUnion(rest, variants, site);
  const types = typesOf(rest);
  const isSeveral = types.filter((type) => type !== 'null').length > 1;
  if (site.context.rules.typeLists || !isSeveral || rest.enum !== undefined) return showPlain(rest, site);
  // In `type: [...]` a keyword applies only to its own type, so each type gets the complete schema.
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
    // Null is allowed even if the rest forbids it: looser, and the exact schema still validates the value.
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

/** `anyOf` must not have siblings, so they are merged into each variant, and the description into the first. */
function showAlone(
  rest: JsonSchemaObject,
  variants: readonly JsonSchema[],
  nullable: boolean,
  site: Site,
): ShownSchema {
  const { title: _title, description, default: _default, examples: _examples, ...constraints } = rest;
  const shown = variants.flatMap((variant) => {
    const each = site.context.compile({ allOf: [constraints, variant] }, below(site));
    return each.anyOf ?? [each]; // flatten nested unions, or the descriptions would be lost
  }) as readonly ShownSchema[]; // only compiled schemas
  const [first = {}, ...others] = shown.map((variant) => (nullable ? asNullable(variant) : variant));
  const said = [description, first.description].filter((part) => part !== undefined).join(' ');
  return { anyOf: [describe({ ...first, ...(said && { description: said }) }, site.notes.take()), ...others] };
}

/** Without unions: what all variants have in common, and a description of the variants. */
function showJoined(rest: JsonSchemaObject, variants: readonly JsonSchema[], site: Site): ShownSchema {
  const flat = variants.map((variant) => (typeof variant === 'object' ? flatten(variant, site) : undefined));
  const open = [...new Set(flat.flatMap((variant) => variant?.open ?? []))];
  const said = words('anyOf', { anyOf: variants });
  if (said !== undefined) site.notes.lose(said);
  const joined = joinSchemas(flat.map((variant, index) => variant?.schema ?? variants[index] ?? true));
  return show(merge(rest, joined, site), { ...site, path: undefined, open });
}

/**
 * A union has no siblings, so its variants have `nullable`. Without `type` the keyword has no effect (OpenAPI 3.0.4
 * Schema Object): a schema without a type accepts null anyway.
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
