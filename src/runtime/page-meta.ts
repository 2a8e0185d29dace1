import type { PagePosition, ToolResult } from './provider.ts';

/** What the response to a call says about its pages. */
export interface PageReport {
  /** The start of the next page; absent if there is none. */
  readonly next?: PagePosition;
  /** The API says that there is a next page. Otherwise there may be one. */
  readonly isCertain?: boolean;
  /** Where the list is in the JSON of the result; absent if none was found. */
  readonly items?: readonly string[];
  /** The length of the list. */
  readonly count?: number;
  /** Number of items of all pages, if the API says it. */
  readonly total?: number;
  /** Why the next page is not followed although the API names one. A full sentence. */
  readonly refused?: string;
}

/** The key of the report in the `_meta` of a result. */
const PAGE_KEY = 'openapi-mcp/page';

/** The result with a report, for a caller that asked for it. */
export const withPageReport = (result: ToolResult, report: PageReport): ToolResult => ({
  ...result,
  _meta: { ...result._meta, [PAGE_KEY]: report },
});

/** The report in a result, and the result without it. */
export function takePageReport(result: ToolResult): { readonly result: ToolResult; readonly report?: PageReport } {
  const { _meta, ...rest } = result;
  if (_meta?.[PAGE_KEY] === undefined) return { result };
  const { [PAGE_KEY]: report, ...others } = _meta;
  const bare = Object.keys(others).length > 0 ? { ...rest, _meta: others } : rest;
  // Only the runtime of an API writes it: results of other servers come without.
  return { result: bare, report: report as PageReport };
}
