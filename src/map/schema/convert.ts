import type { JsonSchema } from '../../model/index.ts';
import { describe, isObject } from '../reader.ts';
import type { Place, SchemaContext, Site } from './context.ts';
import { readKeywords } from './keywords.ts';
import { nullable } from './nullable.ts';
import { readSubtypeChoice } from './subtype-choice.ts';

/**
 * Schemas nested deeper than this are not read. Documents that nest so deeply without references exist only to break
 * parsers.
 */
const DEEPEST = 200;

/** A schema of the document, rebuilt from the keywords of JSON Schema 2020-12. */
export function convertSchema(value: unknown, place: Place, context: SchemaContext): JsonSchema {
  const { pointer, direction, depth, level, isPlain = false } = place;
  const { reader, subtypes, access } = context;
  if (typeof value === 'boolean') return value;
  if (!isObject(value)) {
    const message = `A schema must be an object or a boolean, not ${describe(value)}. Any value is accepted here.`;
    reader.report('BAD_SCHEMA', pointer, message);
    return true;
  }
  if (depth > DEEPEST) {
    reader.report('TOO_DEEP', pointer, `Schemas nest more than ${DEEPEST} deep. Any value is accepted from here on.`);
    return { description: 'Nested too deep to be described. Any value is accepted here.' };
  }
  const offered = subtypes.of(value);
  const isChoice = offered !== undefined && !isPlain && (direction === 'input' || context.forExamples);
  const hidden = isChoice ? place.hidden : union(place.hidden, access.hidden(value, direction));
  const site: Site = { pointer, direction, depth, level, hidden, isPlain, written: value, draft: {}, context };
  const keywords = Object.keys(value);
  if (isChoice) readSubtypeChoice(offered, site);
  // The choice of subtypes must not be repeated in each of them.
  else readKeywords(site, offered && isPlain ? keywords.filter(isNoChoice) : keywords);
  return nullable(value, site.draft) as JsonSchema; // built from checked keywords
}

const isNoChoice = (keyword: string): boolean => keyword !== 'oneOf' && keyword !== 'anyOf';

const union = (a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> =>
  a.size === 0 ? b : b.size === 0 ? a : new Set([...a, ...b]);
