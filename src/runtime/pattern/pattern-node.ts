/** A regular expression as a tree: what decides about its cost, and how other engines write it. */
export type PatternNode =
  /** One character of a set; `set` is that set in the syntax of RE2, `undefined` where RE2 cannot write it. */
  | { readonly kind: 'character'; readonly set: string | undefined }
  /** `^`, `$`, `\b`, `\B`: consumes nothing. */
  | { readonly kind: 'assertion'; readonly written: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'lookaround'; readonly body: PatternNode }
  | { readonly kind: 'backreference' }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number };
