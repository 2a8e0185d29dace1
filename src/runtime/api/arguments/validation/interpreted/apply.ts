import {
  isOfType,
  type JsonSchema,
  type JsonSchemaObject,
  type JsonTypeName,
  type Schemas,
  typesOf,
} from '../../../../../model/index.ts';
import type { RawFault } from '../argument-faults.ts';
import { askedTypes } from '../digits.ts';
import type { Evaluated } from './evaluated.ts';
import type { FormatTest } from './format-test.ts';

/** The validation of one value. */
export interface Run {
  /** Ends at the first error. */
  readonly first: boolean;
  readonly faults: RawFault[];
  readonly groups: readonly Group[];
  readonly defs: Schemas;
  readonly formats: Readonly<Record<string, FormatTest>>;
  /** Called before each use of a definition. */
  readonly onVisit: () => void;
}

/** A value, and where it is in the one that is validated. */
export interface Place {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
  readonly run: Run;
}

/** What a keyword is applied to. */
export interface Site extends Place {
  readonly schema: JsonSchemaObject;
  readonly evaluated: Evaluated;
}

/** Applies one keyword, reports its errors, and returns whether the value is valid. */
export type Keyword = (wanted: never, site: Site) => boolean;

/** Keywords for values of one type, or of all types, in the order in which they are applied. */
export interface Group {
  readonly type: JsonTypeName | undefined;
  readonly keywords: ReadonlyMap<string, Keyword>;
}

/** Whether the value is valid. Errors are added to those of the run, what was validated to `evaluated`. */
export function apply(schema: JsonSchema, place: Place, evaluated: Evaluated): boolean {
  if (schema === true) return true;
  if (schema === false) return report(place, { keyword: 'false schema', keywordValue: false, schema: false });
  const site: Site = { ...place, schema, evaluated };
  const { value, run } = place;
  const types = typesOf(schema);
  const late = lateType(schema, types, run);
  let valid = types.length === 0 || late !== undefined || types.some((type) => isType(value, type));
  if (!valid) reportType(site);
  for (const { type, keywords } of run.groups) {
    if (!valid && run.first) return false;
    if (type === undefined || isType(value, type)) valid = applyAll(keywords, site) && valid;
    else if (type === late) valid = reportType(site);
  }
  return valid;
}

function applyAll(keywords: Group['keywords'], site: Site): boolean {
  let valid = true;
  for (const [keyword, applyKeyword] of keywords) {
    const wanted = (site.schema as Readonly<Record<string, unknown>>)[keyword];
    // Each keyword takes the value that the model guarantees for it.
    if (wanted === undefined || applyKeyword(wanted as never, site)) continue;
    valid = false;
    if (site.run.first) break;
  }
  return valid;
}

/** Ajv checks a single type with the keywords of that type, and others before all keywords: errors have this order. */
function lateType(schema: JsonSchemaObject, types: readonly JsonTypeName[], { groups }: Run): JsonTypeName | undefined {
  const [only] = types;
  if (only === undefined || types.length > 1) return undefined;
  const group = groups.find(({ type }) => type === only);
  return group && Object.keys(schema).some((keyword) => group.keywords.has(keyword)) ? only : undefined;
}

/** Infinity cannot be sent. */
const isType = (value: unknown, type: JsonTypeName): boolean =>
  type === 'number' ? Number.isFinite(value) : isOfType(value, type);

const reportType = (site: Site): false => report(site, { keyword: 'type', keywordValue: askedTypes(site.schema) });

type Reported = Pick<RawFault, 'keyword' | 'keywordValue'> & Partial<Pick<RawFault, 'params' | 'schema'>>;

/** @returns false, the result of a keyword that is violated */
export function report({ value, path, run, ...site }: Place & Partial<Pick<Site, 'schema'>>, fault: Reported): false {
  run.faults.push({ path, value, params: {}, schema: site.schema ?? true, ...fault });
  return false;
}
