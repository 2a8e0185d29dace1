/** Trigram → words that contain it. */
export type Trigrams = ReadonlyMap<string, readonly string[]>;

export function trigramsOf(words: Iterable<string>): Trigrams {
  const trigrams = new Map<string, string[]>();
  for (const word of words) {
    if (word.length < SHORTEST) continue;
    for (const trigram of of(word)) {
      const known = trigrams.get(trigram);
      if (known) known.push(word);
      else trigrams.set(trigram, [word]);
    }
  }
  return trigrams;
}

/** Words that share at least half of their trigrams with this one (Jaccard), the most similar first. */
export function nearestTrigrams(word: string, trigrams: Trigrams): readonly { stem: string; likeness: number }[] {
  if (word.length < SHORTEST || word.length > LONGEST) return [];
  const own = of(word);
  const shared = new Map<string, number>();
  for (const trigram of own)
    for (const other of trigrams.get(trigram) ?? []) shared.set(other, (shared.get(other) ?? 0) + 1);
  return [...shared]
    .map(([stem, count]) => ({ stem, likeness: count / (own.size + of(stem).size - count) }))
    .filter(({ likeness }) => likeness >= 0.5)
    .sort((a, b) => b.likeness - a.likeness || (a.stem < b.stem ? -1 : 1))
    .slice(0, 3);
}

const SHORTEST = 4;
const LONGEST = 40;

function of(word: string): ReadonlySet<string> {
  const padded = ` ${word} `;
  const trigrams = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at++) trigrams.add(padded.slice(at, at + 3));
  return trigrams;
}
