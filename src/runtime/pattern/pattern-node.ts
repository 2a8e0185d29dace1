/** The syntax tree of a regular expression: what determines its cost, and how to write it for other engines. */
export type PatternNode =
  /** One character of a set; `set` is that set in the syntax of RE2, `undefined` if RE2 cannot express it. */
  | { readonly kind: 'character'; readonly set: string | undefined }
  /** `^`, `$`, `\b`, `\B`: consumes nothing. */
  | { readonly kind: 'assertion'; readonly written: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'lookaround'; readonly body: PatternNode }
  | { readonly kind: 'backreference' }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number };
