import type { JsonSchema } from './json-schema.ts';
import { covers, essenceOf } from './media-type.ts';
import type { PaginationPlan } from './pagination-plan.ts';

/** The `Accept` header of an operation whose document names no media type for success. */
export const UNDECLARED_ACCEPT = 'application/json, */*;q=0.8';

/** Whether the document says that a successful response has a body. */
export const declaresBody = ({ accept }: Pick<ResponsePlan, 'accept'>): boolean => accept !== UNDECLARED_ACCEPT;

/** What a successful response looks like, and its headers. Other parts of a failure are returned unchanged. */
export interface ResponsePlan {
  /** Value of the `Accept` header: the media types for success in the document, preferred first, then anything. */
  readonly accept: string;
  /** Media ranges for success in the document, such as `*\/*`; absent if it has none. */
  readonly ranges?: readonly string[];
  /** Exact schema of the JSON of a successful response; `undefined` if the document has none. */
  readonly schema?: JsonSchema;
  /**
   * The listed `outputSchema` declares `{ result: <value> }`, because the response's root is not an object.
   * `structuredContent` is wrapped the same way.
   */
  readonly wrapped: boolean;
  /** Parts of a JSON response to keep or drop, as set by the document's author. */
  readonly projection?: AnswerProjection;
  /**
   * Names of the declared headers, in lower case, by status as written (`200`, `2xx`, `default`); absent if there are
   * none.
   */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /**
   * Arguments that page through a list or limit its length (`page`, `cursor`, `limit` …), for the note on a cut
   * response.
   */
  readonly pagingArguments: readonly string[];
  /**
   * How the pages of the response are reached; absent if it has none, as far as the document says. Where no setting tells
   * it, it is looked for when it is first read.
   */
  readonly pagination?: PaginationPlan;
  /** The operation that tells how a job goes on that this one starts, by its operationId, as the document's author says. */
  readonly statusOperation?: string;
  /** Which operations take values of this response as arguments, as the document says (OpenAPI `links`). */
  readonly links?: readonly ResponseLink[];
}

/** A Link Object (OpenAPI 3.1.1 §4.8.20). */
export interface ResponseLink {
  readonly operationId?: string;
  /** JSON pointer of an operation of this document. */
  readonly operationRef?: string;
  /** Names of the target's parameters that the response has values for, such as `id` or `path.id`. */
  readonly parameters: readonly string[];
}

/** Paths into a JSON value, name by name; an array in the path means each of its items. */
export interface AnswerProjection {
  readonly mode: 'keep' | 'omit';
  readonly paths: readonly (readonly string[])[];
}

/** Whether the document lists the media type for success, directly or in a range. */
export function isListed({ accept, ranges = [] }: Pick<ResponsePlan, 'accept' | 'ranges'>, mediaType: string): boolean {
  const exact = accept.split(',').map(essenceOf);
  return [...exact.filter((type) => type !== '*/*'), ...ranges].some((range) => covers(range, mediaType));
}

/** The declared headers for a status: of the status itself, its range or the default (OpenAPI 3.1.1 §4.8.16). */
export function declaredHeaders({ headers = {} }: Pick<ResponsePlan, 'headers'>, status: number): readonly string[] {
  const keys = [String(status), `${Math.floor(status / 100)}xx`, 'default'];
  const key = keys.find((candidate) => Object.hasOwn(headers, candidate));
  return key === undefined ? [] : (headers[key] ?? []);
}
