import type { JsonSchema } from './json-schema.ts';
import { covers, essenceOf } from './media-type.ts';

/** What success looks like, and which headers each answer has. The rest of a failure is passed on as it came. */
export interface ResponsePlan {
  /** Value of the `Accept` header: the media types the document lists for success, preferred first, then anything. */
  readonly accept: string;
  /** Ranges among the media types that the document lists for success, such as `*\/*`; absent where it lists none. */
  readonly ranges?: readonly string[];
  /** Exact schema of the JSON of a successful answer; `undefined` where the document describes none. */
  readonly schema?: JsonSchema;
  /**
   * The listed `outputSchema` promises `{ result: <value> }`, because the answer's own root is not an object.
   * `structuredContent` is wrapped the same way.
   */
  readonly wrapped: boolean;
  /** Parts of a JSON answer that the document's author wants delivered, or left out. */
  readonly projection?: AnswerProjection;
  /**
   * Names of the headers that the document declares, in lower case, by status as it writes them (`200`, `2xx`,
   * `default`);
   * absent where it declares none.
   */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /**
   * Arguments that page through a list or bound its length (`page`, `cursor`, `limit` …), for the note of a cut answer.
   */
  readonly pagingArguments: readonly string[];
}

/** Paths into a JSON value, name by name; a list on the way stands for each of its items. */
export interface AnswerProjection {
  readonly mode: 'keep' | 'omit';
  readonly paths: readonly (readonly string[])[];
}

/** Whether the document lists the media type for success, by itself or in a range. */
export function isListed({ accept, ranges = [] }: Pick<ResponsePlan, 'accept' | 'ranges'>, mediaType: string): boolean {
  const exact = accept.split(',').map(essenceOf);
  return [...exact.filter((type) => type !== '*/*'), ...ranges].some((range) => covers(range, mediaType));
}

/**
 * The headers that the document declares for a status: of the status itself, its range or the default (OpenAPI 3.1.1
 * §4.8.16).
 */
export function declaredHeaders({ headers = {} }: Pick<ResponsePlan, 'headers'>, status: number): readonly string[] {
  const keys = [String(status), `${Math.floor(status / 100)}xx`, 'default'];
  const key = keys.find((candidate) => Object.hasOwn(headers, candidate));
  return key === undefined ? [] : (headers[key] ?? []);
}
