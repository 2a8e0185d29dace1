import { type JsonSchema, type JsonSchemaObject, type JsonTypeName, typesOf } from '../../../model/index.ts';
import { outline } from '../words.ts';
import { allows, below, cut, isTooDeep, type Plain, tell } from './context.ts';

type Keyword = keyof JsonSchemaObject;

export function showKeyword(keyword: Keyword, plain: Plain): void {
  (SHOWN_BY[keyword] ?? showAsItIs)(keyword, plain);
}

/** Whether a keyword is allowed for this type, if the provider rejects it for others. */
export function isOfType(keyword: Keyword, type: JsonTypeName | undefined): boolean {
  if (keyword === 'properties' || keyword === 'required') return type === 'object';
  return keyword === 'items' ? type === 'array' : true;
}

/** How a keyword is listed, unless it is copied. */
const SHOWN_BY: Partial<Record<Keyword, (keyword: Keyword, plain: Plain) => void>> = {
  type: leaveOut, // shown already
  properties: showMap,
  patternProperties: showMap,
  additionalProperties: showChild,
  items: showItems,
  prefixItems: showList,
  format: showFormat,
  minimum: showLimit,
  maximum: showLimit,
  exclusiveMinimum: showExclusive,
  exclusiveMaximum: showExclusive,
  not: showExactly,
  if: showExactly,
  then: leaveOut, // shown with `if`
  else: leaveOut,
  contains: showExactly,
  minContains: leaveOut, // shown with `contains`
  maxContains: leaveOut,
  propertyNames: showExactly,
  dependentSchemas: showExactly,
  unevaluatedItems: leaveOut, // depends on branches that may have been removed
  unevaluatedProperties: leaveOut,
};

function leaveOut(): void {}

function showAsItIs(keyword: Keyword, { exact, shown, site }: Plain): void {
  if (allows(site.context.rules, keyword)) shown[keyword] = exact[keyword];
  else tell(keyword, exact, site);
}

/** Compiles what is below a keyword, to the allowed depth. */
function showBelow(keyword: Keyword, { exact, shown, site }: Plain, compiled: () => unknown): void {
  const value = exact[keyword];
  if (!allows(site.context.rules, keyword)) tell(keyword, exact, site);
  else if (isTooDeep(site)) {
    // Booleans are dropped: they apply to everything that the neighbouring keywords do not name, and those are cut
    // too.
    if (typeof value !== 'boolean') cut(site, outline({ [keyword]: value }));
  } else if (value !== undefined) shown[keyword] = typeof value === 'boolean' ? value : compiled();
}

function showChild(keyword: Keyword, plain: Plain): void {
  const { exact, site } = plain;
  showBelow(keyword, plain, () => site.context.compile(exact[keyword] as JsonSchema, below(site))); // listed by `SHOWN_BY`
}

function showMap(keyword: Keyword, plain: Plain): void {
  const { exact, site } = plain;
  showBelow(keyword, plain, () => {
    const schemas = Object.entries(exact[keyword] as Record<string, JsonSchema>); // listed by `SHOWN_BY`
    const place = (key: string) => below(site, keyword === 'properties' ? { property: key } : undefined);
    return Object.fromEntries(schemas.map(([key, schema]) => [key, site.context.compile(schema, place(key))]));
  });
}

function showItems(keyword: Keyword, plain: Plain): void {
  const { exact, site } = plain;
  if (exact.prefixItems && !allows(site.context.rules, 'prefixItems')) return; // applies only to items after those
  showBelow(keyword, plain, () => site.context.compile(exact.items ?? true, below(site, 'items')));
}

function showList(keyword: Keyword, plain: Plain): void {
  const { exact, site } = plain;
  showBelow(keyword, plain, () => exact.prefixItems?.map((schema) => site.context.compile(schema, below(site))));
}

function showFormat(keyword: Keyword, plain: Plain): void {
  const { exact, type, site } = plain;
  const { stringFormats } = site.context.rules;
  const isKnown = stringFormats === 'any' || (stringFormats.includes(exact.format ?? '') && type === 'string');
  if (isKnown) showAsItIs(keyword, plain);
  else tell(keyword, exact, site);
}

const EXCLUSIVE = { minimum: 'exclusiveMinimum', maximum: 'exclusiveMaximum' } as const;

function showLimit(keyword: Keyword, plain: Plain): void {
  const exclusive = EXCLUSIVE[keyword as keyof typeof EXCLUSIVE];
  const isShownWithThat = plain.exact[exclusive] !== undefined && !allows(plain.site.context.rules, exclusive);
  if (!isShownWithThat) showAsItIs(keyword, plain);
}

/** As the nearest inclusive limit, unless there are others. */
function showExclusive(keyword: Keyword, plain: Plain): void {
  const { exact, shown, site } = plain;
  const { rules } = site.context;
  const limit = keyword === EXCLUSIVE.minimum ? 'minimum' : 'maximum';
  const bound = exact[EXCLUSIVE[limit]];
  if (bound === undefined || allows(rules, keyword) || !allows(rules, limit)) {
    showAsItIs(keyword, plain);
    return;
  }
  const isWhole = typesOf(exact).length > 0 && typesOf(exact).every(isInteger) && Number.isInteger(bound);
  const tight = isWhole ? bound + (limit === 'minimum' ? 1 : -1) : bound;
  const pick = limit === 'minimum' ? Math.max : Math.min;
  shown[limit] = pick(tight, exact[limit] ?? tight);
  if (!isWhole) tell(keyword, exact, site);
}

const isInteger = (type: JsonTypeName): boolean => type === 'integer' || type === 'null';

/** Keywords that only have a meaning together with another one. */
const COMPANIONS: Partial<Record<Keyword, readonly Keyword[]>> = {
  if: ['then', 'else'],
  contains: ['minContains', 'maxContains'],
};

/**
 * Loosening a schema in one of these could make the containing schema stricter (`not`), so they are copied exactly or
 * described.
 */
function showExactly(keyword: Keyword, { exact, shown, site }: Plain): void {
  const { rules, maxDepth } = site.context;
  const parts = [keyword, ...(COMPANIONS[keyword] ?? [])].filter((each) => exact[each] !== undefined);
  const isRefused = (text: string) => rules.refused.some((each) => text.includes(`"${each}":`));
  const fits = (value: unknown) => site.depth + 1 + nesting(value) <= maxDepth;
  const isPlain = parts.every((each) => !isRefused(JSON.stringify(exact[each])) && fits(exact[each]));
  if (!isPlain || !allows(rules, keyword)) tell(keyword, exact, site);
  else for (const each of parts) shown[each] = exact[each];
}

/** The nesting depth of objects: at least the number of levels of schemas. */
function nesting(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).map(nesting);
  return Math.max(0, ...inner) + (Array.isArray(value) ? 0 : 1);
}
