import { type JsonSchemaObject, type JsonTypeName, mayBeLarge, orDigits, typesOf } from '../../../model/index.ts';
import { allows, type Plain, type ShownSchema, type Site } from './context.ts';
import { showEnum } from './enums.ts';
import { isOfType, showKeyword } from './keywords.ts';

/** Each step builds on the previous ones. */
const PASSES: readonly ((plain: Plain) => void)[] = [
  showEnum,
  showType,
  showKeywords,
  leaveOutNullDefault,
  showLargeIntegers,
  completeShape,
];

export function showPlain(schema: JsonSchemaObject, site: Site): ShownSchema {
  const plain: Plain = { site, exact: schema, type: undefined, shown: {} };
  for (const pass of PASSES) pass(plain);
  return plain.shown;
}

function showType(plain: Plain): void {
  const { exact, shown, site } = plain;
  const { rules } = site.context;
  const types = typesOf(exact);
  plain.type = impliedType(exact, rules.explicitShapes);
  if (types.length && rules.typeLists) shown.type = exact.type;
  else if (plain.type !== undefined) shown.type = plain.type;
  const isNullable = types.includes('null') && shown.type !== undefined;
  if (!rules.typeLists && isNullable && allows(rules, 'nullable')) shown.nullable = true;
}

function impliedType(schema: JsonSchemaObject, explicitShapes: boolean): JsonTypeName | undefined {
  const types = typesOf(schema);
  const [type, ...others] = types.filter((each) => each !== 'null');
  if (others.length) return undefined; // a single one of them would be stricter
  if (type !== undefined || types.length || !explicitShapes) return type;
  if (schema.properties) return 'object';
  return schema.items !== undefined ? 'array' : undefined;
}

function showKeywords(plain: Plain): void {
  const { exact, type, site } = plain;
  // With explicit shapes, a keyword of another type is rejected rather than ignored.
  for (const keyword of Object.keys(exact) as (keyof JsonSchemaObject)[]) // its own keys
    if (!site.context.rules.explicitShapes || isOfType(keyword, type)) showKeyword(keyword, plain);
}

function leaveOutNullDefault({ shown, site }: Plain): void {
  if (shown.default === null && !site.context.rules.typeLists) delete shown.default;
}

function showLargeIntegers({ exact, shown, site }: Plain): void {
  if (!mayBeLarge(exact)) return;
  const { type, pattern } = orDigits(exact);
  if (site.context.rules.typeLists) Object.assign(shown, { type, pattern });
  else site.notes.lose('beyond 2^53 as a string of digits');
}

/** A list must have `items`, and only an object may have `properties`. */
function completeShape({ shown, site }: Plain): void {
  if (!site.context.rules.explicitShapes) return;
  const keys = Object.keys(shown.properties ?? {});
  if (Array.isArray(shown.required)) {
    const required = shown.required.filter((key: string) => keys.includes(key));
    if (required.length) shown.required = required;
    else delete shown.required;
  }
  if (site.depth > 0 && shown.properties && keys.length === 0) delete shown.properties;
  if (shown.type === 'array') shown.items ??= {};
  if (typeof shown.items === 'boolean') shown.items = {};
}
