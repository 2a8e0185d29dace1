import { joinPointer } from '../reader.ts';
import { readDeprecated, readDescription, readExamples, readTitle } from './annotations.ts';
import type { Site } from './context.ts';
import { ENUM_EXTENSIONS, readEnumMeanings } from './enum-meanings.ts';
import { readCount, readExclusiveLimit, readFactor, readLimit } from './numbers.ts';
import {
  readDependencies,
  readDependentRequired,
  readPatternProperties,
  readProperties,
  readRequired,
} from './objects.ts';
import { readFlag, readPattern, readText } from './scalars.ts';
import {
  readBranch,
  readDiscriminator,
  readInPlaceList,
  readInPlaceMap,
  readItems,
  readList,
  readReference,
  readSchema,
} from './subschemas.ts';
import { readType } from './type.ts';
import { readConst, readDefault, readEnum } from './values.ts';

/** Reads one keyword of a schema into its draft. */
type KeywordReader = (site: Site, keyword: string) => void;

// To add a keyword, add a row to one of these tables.

/** Read first, in this order, because others depend on them. */
const FIRST: Readonly<Record<string, KeywordReader>> = {
  $ref: readReference,
  description: readDescription,
  title: readTitle,
  deprecated: readDeprecated,
  example: readExamples,
  'x-example': readExamples,
  examples: readExamples,
  type: readType,
  enum: readEnum,
  const: readConst,
  default: readDefault,
  minimum: readLimit,
  exclusiveMinimum: readExclusiveLimit,
  maximum: readLimit,
  exclusiveMaximum: readExclusiveLimit,
  properties: readProperties,
  required: readRequired,
  dependentRequired: readDependentRequired,
  dependencies: readDependencies,
  items: readItems,
};

/** Read in the order of the document. */
const IN_DOCUMENT_ORDER: Readonly<Record<string, KeywordReader>> = {
  format: readText,
  contentEncoding: readText,
  contentMediaType: readText,
  pattern: readPattern,
  uniqueItems: readFlag,
  multipleOf: readFactor,
  minLength: readCount,
  maxLength: readCount,
  minItems: readCount,
  maxItems: readCount,
  minProperties: readCount,
  maxProperties: readCount,
  minContains: readCount,
  maxContains: readCount,
  contains: readSchema,
  additionalProperties: readSchema,
  unevaluatedProperties: readSchema,
  unevaluatedItems: readSchema,
  propertyNames: readSchema,
  not: readSchema,
  if: readSchema,
  allOf: readInPlaceList,
  anyOf: readInPlaceList,
  oneOf: readInPlaceList,
  prefixItems: readList,
  patternProperties: readPatternProperties,
  dependentSchemas: readInPlaceMap,
};

/** Read last, in this order. */
const LAST: Readonly<Record<string, KeywordReader>> = {
  then: readBranch,
  else: readBranch,
  discriminator: readDiscriminator,
  ...Object.fromEntries(ENUM_EXTENSIONS.map((keyword) => [keyword, readEnumMeanings])),
};

/** Keywords that do not constrain the value, or are read elsewhere. Not reported. */
const SILENT = [
  ...['$schema', '$id', 'id', '$anchor', '$dynamicAnchor', '$comment', '$vocabulary', '$recursiveAnchor'],
  ...['$defs', 'definitions', 'xml', 'externalDocs', 'collectionFormat', 'allowEmptyValue'],
  ...['nullable', 'readOnly', 'writeOnly', 'additionalItems'],
];

interface Row {
  readonly turn: number;
  readonly read: KeywordReader;
}

const MIDDLE = Object.keys(FIRST).length;
const UNKNOWN: Row = { turn: MIDDLE, read: reportUnknown };
const SKIPPED: Row = { turn: 0, read() {} };
const ROWS: ReadonlyMap<string, Row> = new Map([
  ...Object.entries(FIRST).map(([keyword, read], turn) => [keyword, { turn, read }] as const),
  ...Object.entries(IN_DOCUMENT_ORDER).map(([keyword, read]) => [keyword, { turn: MIDDLE, read }] as const),
  ...Object.entries(LAST).map(([keyword, read], index) => [keyword, { turn: MIDDLE + 1 + index, read }] as const),
  ...SILENT.map((keyword) => [keyword, SKIPPED] as const),
]);

/** Reads these keywords of a schema into its draft, in order of their tables. */
export function readKeywords(site: Site, keywords: readonly string[]): void {
  const due: { readonly row: Row; readonly keyword: string }[] = [];
  let inOrder = true;
  let turn = 0;
  for (const keyword of keywords) {
    const row = ROWS.get(keyword) ?? UNKNOWN;
    if (row === SKIPPED || site.written[keyword] === undefined) continue;
    due.push({ row, keyword });
    if (row.turn < turn) inOrder = false;
    turn = row.turn;
  }
  // The sort is stable: keywords of one table keep the order of the document.
  if (!inOrder) due.sort((a, b) => a.row.turn - b.row.turn);
  for (const { row, keyword } of due) row.read(site, keyword);
}

function reportUnknown({ context, pointer }: Site, keyword: string): void {
  if (keyword.startsWith('x-')) return;
  const message = `"${keyword}" is not a schema keyword. It is ignored.`;
  context.reader.report('UNSUPPORTED_SCHEMA_KEYWORD', joinPointer(pointer, keyword), message);
}
