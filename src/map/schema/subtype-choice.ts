import { type JsonSchema, sharedRef } from '../../model/index.ts';
import { isObject } from '../reader.ts';
import { isSafeKey, safeKey, safeKeys } from '../safe-key.ts';
import type { Subtypes } from '../subtypes.ts';
import { appendSentence, type Draft, type Site } from './context.ts';
import { readKeywords } from './keywords.ts';

/** Converts a parent to a choice of its children, each with its own value of the discriminator property. */
export function readSubtypeChoice({ property, children, ofParent }: Subtypes, site: Site): void {
  const { written, draft, context, depth, level } = site;
  readKeywords(site, ['description', 'title', 'deprecated', 'example', 'examples']);
  const key = propertyKey(property, site);
  const fixed = (values: readonly string[]): Draft => {
    if (values.length === 0) return {};
    const told: JsonSchema = values.length === 1 ? { const: values[0] as string } : { enum: values };
    return { properties: { [key]: key === property ? told : context.sentAs(told, property) }, required: [key] };
  };
  const plain = { ...site, isPlain: true };
  const choices = children.flatMap(({ ref, names }): Draft[] => {
    const name = context.share(ref, plain);
    return name === undefined ? [] : [{ $ref: sharedRef(name), ...fixed(names) }];
  });
  if (ofParent.length > 0) {
    const own = context.convert(written, { ...plain, depth: depth + 1, level: level + 1 });
    choices.push({ allOf: [own, fixed(ofParent)] });
  }
  draft.anyOf = choices;
  appendSentence(draft, `"${property}" tells which kind it is.`);
}

function propertyKey(property: string, { written }: Site): string {
  if (isSafeKey(property)) return property;
  const names = isObject(written.properties) ? Object.keys(written.properties) : [];
  return safeKeys(names).get(property) ?? safeKey(property);
}
