import { type JsonSchema, setOwn, sharedRef } from '../../model/index.ts';
import { CHAIN_CUT } from '../in-place-chains.ts';
import { isObject, joinPointer } from '../reader.ts';
import { appendSentence, badKeyword, partSchema, type Site, sameValueSchema } from './context.ts';

export function readReference(site: Site): void {
  const { written, draft, context } = site;
  if (typeof written.$ref !== 'string') {
    badKeyword(site, '$ref', 'text');
    return;
  }
  const cut = context.inPlace.cut(written);
  if (cut === 'too deep') draft.description = CHAIN_CUT;
  if (cut) return;
  const name = context.share(written.$ref, { ...site, isPlain: context.subtypes.isInherited(written) });
  if (name !== undefined) draft.$ref = sharedRef(name);
}

export function readSchema(site: Site, keyword: string): void {
  site.draft[keyword] = partSchema(site, site.written[keyword], `${site.pointer}/${keyword}`);
}

export const readList = (site: Site, keyword: string): void => readListBy(partSchema, site, keyword);
export const readInPlaceList = (site: Site, keyword: string): void => readListBy(sameValueSchema, site, keyword);

function readListBy(convert: typeof sameValueSchema, site: Site, keyword: string): void {
  const list = site.written[keyword];
  if (!Array.isArray(list)) badKeyword(site, keyword, 'a list of schemas');
  else if (list.length)
    site.draft[keyword] = list.map((member, index) => convert(site, member, `${site.pointer}/${keyword}/${index}`));
}

export function readItems(site: Site): void {
  const { written, pointer, draft } = site;
  const { items, additionalItems } = written;
  if (Array.isArray(items)) {
    // Up to draft 2019-09 `items` could be a list of schemas, and `additionalItems` applied to the remaining items.
    draft.prefixItems = items.map((item, index) => partSchema(site, item, `${pointer}/items/${index}`));
    if (additionalItems !== undefined) draft.items = partSchema(site, additionalItems, `${pointer}/additionalItems`);
  } else if (items !== null) draft.items = partSchema(site, items, `${pointer}/items`);
}

export function readInPlaceMap(site: Site, keyword: string): void {
  const schemas = site.written[keyword];
  if (!isObject(schemas)) {
    badKeyword(site, keyword, 'an object');
    return;
  }
  const converted: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(schemas))
    setOwn(converted, name, sameValueSchema(site, schema, joinPointer(site.pointer, keyword, name)));
  site.draft[keyword] = converted;
}

/** `then` and `else` have no effect without `if`. */
export function readBranch(site: Site, keyword: string): void {
  const { written, pointer, draft } = site;
  if (draft.if !== undefined) draft[keyword] = sameValueSchema(site, written[keyword], `${pointer}/${keyword}`);
}

/**
 * Describes `discriminator`. It picks the branch of a value (OpenAPI 3.1.1 §4.8.25), so branches need not exclude one
 * another, which `oneOf` would require: with a discriminator, `oneOf` is read as `anyOf`.
 */
export function readDiscriminator({ written, draft, context }: Site): void {
  const { discriminator } = written;
  const { propertyName: name, mapping } = isObject(discriminator)
    ? discriminator
    : { propertyName: discriminator, mapping: undefined };
  if (typeof name !== 'string') return;
  if (draft.oneOf !== undefined && draft.anyOf === undefined) {
    draft.anyOf = draft.oneOf;
    delete draft.oneOf;
  }
  const alternatives = written.oneOf ?? written.anyOf;
  if (context.forExamples && Array.isArray(draft.anyOf) && Array.isArray(alternatives))
    draft.anyOf = draft.anyOf.map((part: JsonSchema, at) => withKind(part, alternatives[at], { name, mapping }));
  const keys = isObject(mapping) ? Object.keys(mapping) : [];
  const listed = keys.slice(0, 20).map((key) => JSON.stringify(key));
  if (keys.length > 20) listed.push('…');
  appendSentence(draft, `"${name}" tells which kind it is${listed.length ? `: ${listed.join(', ')}` : ''}.`);
}

/** An alternative with the value of the discriminator that picks it, as an example: nothing is required of values. */
function withKind(
  part: JsonSchema,
  written: unknown,
  { name, mapping }: { name: string; mapping: unknown },
): JsonSchema {
  if (typeof part !== 'object' || !isObject(written) || typeof written.$ref !== 'string') return part;
  const target = lastSegment(written.$ref);
  const mapped = isObject(mapping) ? Object.entries(mapping) : [];
  const [kind] = mapped.find(([, to]) => typeof to === 'string' && lastSegment(to) === target) ?? [target];
  return { ...part, properties: { ...part.properties, [name]: { examples: [kind] } } };
}

const lastSegment = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);
