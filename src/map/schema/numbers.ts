import { badKeyword, type Site } from './context.ts';

const EXCLUSIVE = { minimum: 'exclusiveMinimum', maximum: 'exclusiveMaximum' } as const;
const LIMIT = { exclusiveMinimum: 'minimum', exclusiveMaximum: 'maximum' } as const;

/** `minimum`, `maximum`. */
export function readLimit(site: Site, keyword: string): void {
  const { written, draft } = site;
  if (written[EXCLUSIVE[keyword as keyof typeof EXCLUSIVE]] === true) return; // read with `exclusiveMinimum`
  const limit = numeric(written[keyword]);
  if (limit !== undefined) draft[keyword] = limit;
  else if (written[keyword] !== null) badKeyword(site, keyword, 'a number');
}

/** `exclusiveMinimum`, `exclusiveMaximum`: in draft 4, and so before OpenAPI 3.1, `true` makes the limit exclusive. */
export function readExclusiveLimit(site: Site, keyword: string): void {
  const { written, draft } = site;
  const strict = written[keyword];
  if (strict === false || strict === null) return;
  const bound = numeric(strict === true ? written[LIMIT[keyword as keyof typeof LIMIT]] : strict);
  if (bound !== undefined) draft[keyword] = bound;
  else if (strict !== true) badKeyword(site, keyword, 'a number');
}

export function readFactor(site: Site, keyword: string): void {
  const factor = numeric(site.written[keyword]);
  if (factor !== undefined && factor > 0) site.draft[keyword] = factor;
  else badKeyword(site, keyword, 'a number greater than 0');
}

export function readCount(site: Site, keyword: string): void {
  const count = numeric(site.written[keyword]);
  if (count !== undefined && Number.isInteger(count) && count >= 0) site.draft[keyword] = count;
  else badKeyword(site, keyword, 'a whole number, 0 or more');
}

/** A number, even if the document quotes it. */
function numeric(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return undefined;
}
