/** What a difference means for the values of a schema. */
export type Effect =
  | 'added'
  | 'addedRequired'
  | 'removed'
  | 'required'
  | 'optional'
  /** Accepts fewer values. */
  | 'narrowed'
  /** Accepts more values of the same types. */
  | 'widened'
  /** Accepts values of more types. */
  | 'retyped'
  /** Accepts other values; neither fewer nor more. */
  | 'changed'
  /** For readers: accepts the same values. */
  | 'text';

export interface KeywordChange {
  readonly effect: Effect;
  /** The end of a sentence about the value: `has the maximum 50 instead of 100`. */
  readonly text: string;
}
