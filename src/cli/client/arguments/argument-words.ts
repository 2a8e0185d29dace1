import { usageError } from '../../output/report.ts';

/**
 * Parses `limit=5 tags=a tags=b` into names with their values, in the order of the command line.
 *
 * @throws CommandError if a word is not in the form name=value
 */
export function argumentWords(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals < 1) {
      throw usageError(
        `"${word}" is not in the form name=value.`,
        "Write arguments as name=value, or as JSON with --args '<json>'.",
      );
    }
    const name = word.slice(0, equals);
    texts.set(name, [...(texts.get(name) ?? []), word.slice(equals + 1)]);
  }
  return texts;
}
