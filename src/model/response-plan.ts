import type { JsonSchema } from './json-schema.ts';

/** What success looks like. Failures need no plan: any status outside 2xx is told as it came. */
export interface ResponsePlan {
  /** Value of the `Accept` header: the media types the document lists for success, preferred first, then anything. */
  readonly accept: string;
  /** Exact schema of the JSON of a successful answer; `undefined` where the document describes none. */
  readonly schema?: JsonSchema;
  /**
   * The listed `outputSchema` promises `{ result: <value> }`, because the answer's own root is not an object.
   * `structuredContent` is wrapped the same way.
   */
  readonly wrapped: boolean;
  /** Parts of a JSON answer that the document's author wants delivered, or left out. */
  readonly projection?: AnswerProjection;
  /** Arguments that page through a list or bound its length (`page`, `cursor`, `limit` …), for the note of a cut answer. */
  readonly pagingArguments: readonly string[];
}

/** Paths into a JSON value, name by name; a list on the way stands for each of its items. */
export interface AnswerProjection {
  readonly mode: 'keep' | 'omit';
  readonly paths: readonly (readonly string[])[];
}
