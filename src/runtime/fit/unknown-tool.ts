import type { Tool } from '../provider.ts';
import { nearest, suggestion } from '../text/nearest.ts';
import { wordsOf } from './words.ts';

type Named = Pick<Tool, 'name'>;

/** Says that a name is unknown, with up to three similar names: `Did you mean "pets_list" or "pets_find"?` */
export function unknownTool(name: string, tools: readonly Named[]): string {
  const names = tools.map((tool) => tool.name);
  const similar = similarNames(name, names);
  if (similar.length === 0) return `Unknown tool "${name}". ${suggestion(name, names)}`;
  const quoted = similar.map((each) => `"${each}"`);
  const last = quoted.pop();
  return `Unknown tool "${name}". Did you mean ${quoted.length > 0 ? `${quoted.join(', ')} or ` : ''}${last}?`;
}

/** The nearest by spelling, then those that share the most words: `list_pets` is `pets_list`. */
function similarNames(name: string, names: readonly string[]): readonly string[] {
  const wanted = new Set(wordsOf(name));
  const spelled = nearest(name, names);
  const related = names
    .map((each) => ({ each, shared: shareOf(wordsOf(each), wanted) }))
    .filter(({ each, shared }) => shared >= LEAST_SHARE && each !== spelled)
    .sort((one, other) => other.shared - one.shared)
    .map(({ each }) => each);
  return [...(spelled === undefined ? [] : [spelled]), ...related].slice(0, MOST_NAMES);
}
const MOST_NAMES = 3;
const LEAST_SHARE = 0.3;

/** Words in both, of the words in either. */
function shareOf(words: readonly string[], wanted: ReadonlySet<string>): number {
  const all = new Set([...words, ...wanted]);
  return all.size === 0 ? 0 : new Set(words.filter((word) => wanted.has(word))).size / all.size;
}
