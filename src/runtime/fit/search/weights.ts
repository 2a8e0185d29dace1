/** Chosen on labelled requests, see `scripts/fit/`. Differences below a fifth of a value are not measurable. */
export const WEIGHTS = {
  // BM25F: saturation of terms, and normalisation by length (Robertson and Zaragoza 2009, §3.6).
  k1: 0.9,
  b: 0.5,
  // Words of a request
  own: 1,
  verb: 0.5,
  weak: 0.4,
  /** A word that begins with a capital inside a sentence is probably a value. */
  name: 0.8,
  abbreviation: 0.8,
  /** What a verb means with its particle. */
  phrase: 0.8,
  synonymOfVerb: 0.3,
  synonym: 0.4,
  /** Of a word that no operation has. */
  synonymOfUnknown: 0.8,
  /** `reviewer` for `review`. */
  relative: 0.7,
  similar: 0.6,
  question: 0.2,
  joined: 1,
  // What is asked for
  action: 1.25,
  /** An operation that only reads, if something is to be changed, and one that changes something, for a question. */
  otherKind: 0.7,
  searchForName: 1.2,
  resource: 0.2,
  unasked: 0.3,
  deprecated: 0.8,
  /** Share of the score of the best operation on the same resource. */
  neighbour: 0.2,
  /** How many of the best hits come before the operations that they need. */
  keptHits: 4,
};
