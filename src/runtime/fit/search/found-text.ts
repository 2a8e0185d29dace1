import type { Tool } from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { byteLength } from '../../text/byte-length.ts';
import { suggestion } from '../../text/nearest.ts';
import { firstSentence } from '../first-sentence.ts';
import { argumentsForm } from '../signature-form.ts';
import type { Hit, SearchIndex } from './search-index.ts';

/** How many tools a search returns at most, and by default. */
export const MOST_HITS = 20;
export const USUAL_HITS = 10;

/** How much a reply may contain. */
export interface ReplyRoom {
  readonly most: number;
  readonly sizeOf: (text: string) => number;
  /** For the line that says how many were left out. */
  readonly reserved: number;
}

/** A reply fits in about a thousand tokens. */
const USUAL_ROOM: ReplyRoom = { most: 4_000, sizeOf: byteLength, reserved: 90 };

/** A tool as a call, `getPet(petId)`, and what it does. */
type WriteTool = (tool: Tool) => { readonly call: string; readonly text: string };

const LONGEST_LINE = 100;
/** A form that is longer is left to `describe_tools`. */
const LONGEST_FORM = 400;
const MOST_TAGS = 40;

interface FoundTextOptions {
  readonly limit: number;
  readonly tag?: string;
  readonly write?: WriteTool;
  readonly room?: ReplyRoom;
}

/**
 * The reply to a search: one line per tool, best first, with arguments and where required ids come from. If nothing
 * matches well, it says so and lists the tags.
 */
export function foundText(
  query: string,
  index: SearchIndex,
  { limit, tag, write = shown, room = USUAL_ROOM }: FoundTextOptions,
): string {
  const limited = (lines: readonly string[]) => within(room, lines);
  const tags = index.tags.map(([name]) => name);
  if (tag !== undefined && !tags.includes(tag)) {
    return limited([`There is no tag "${tag}". ${suggestion(tag, tags)}`, ...tagLines(index)]);
  }
  if (query.trim() === '' && tag === undefined) {
    return limited(['The query is empty. Say what to do and with what, such as "create a user".', ...tagLines(index)]);
  }
  const { hits, isUncertain } =
    query.trim() === '' ? ofTag(index, tag, limit) : index.search(query, ofSearch(limit, tag));
  if (hits.length === 0) {
    const words = 'No tool matches. Use the name of the resource, such as "user" or "invoice".';
    return limited([words, ...tagLines(index)]);
  }
  const lines = hitLines(hits, write);
  if (!isUncertain) return limited(lines);
  const doubt = 'No tool matches well. If none of these fits, search with the name of the resource.';
  return limited([doubt, ...lines, ...tagLines(index)]);
}

const ofSearch = (limit: number, tag: string | undefined) => ({ limit, ...(tag !== undefined && { tag }) });

function ofTag(index: SearchIndex, tag: string | undefined, limit: number) {
  return { hits: tag === undefined ? [] : index.tagged(tag).slice(0, limit), isUncertain: false };
}

/** `createPet(name,tag?) // Create a pet; needs ownerId ← listOwners` */
function hitLines(hits: readonly Hit[], write: WriteTool): readonly string[] {
  return hits.map(({ tool, needs }) => {
    const { call, text } = write(tool);
    const sources = [...sourcesOf(needs)].map(([name, list]) => `needs ${list.join(', ')} ← ${name}`);
    const notes = [text, ...sources].filter((note) => note !== '').join('; ');
    return `${call}${notes === '' ? '' : ` // ${notes}`}`;
  });
}

/** Lists are shared, so each tool is written once. */
const shown = remembered((tool: Tool) => {
  const form = argumentsForm(tool);
  const short = form.length > LONGEST_FORM ? `${form.slice(0, form.lastIndexOf(',', LONGEST_FORM))},…` : form;
  const text = firstSentence(tool.description ?? tool.title ?? '', LONGEST_LINE).replace(/\.$/, '');
  return { call: `${tool.name}(${short})`, text };
});

/** Tool → the arguments whose values it returns. */
function sourcesOf(needs: Hit['needs']): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  for (const { argument, tool } of needs) sources.set(tool.name, [...(sources.get(tool.name) ?? []), argument]);
  return sources;
}

function tagLines({ tags }: SearchIndex): readonly string[] {
  if (tags.length === 0) return [];
  const shown = tags.slice(0, MOST_TAGS).map(([name, count]) => `${name} (${count})`);
  const more = tags.length > MOST_TAGS ? `, and ${tags.length - MOST_TAGS} more` : '';
  return [`Tags, with the number of tools: ${shown.join(', ')}${more}`];
}

/** Lines as long as they fit; the last one says how many were left out. */
function within({ most, sizeOf, reserved }: ReplyRoom, lines: readonly string[]): string {
  const kept: string[] = [];
  let left = most;
  for (const [at, line] of lines.entries()) {
    left -= sizeOf(line) + 1;
    if (left < reserved) {
      const count = lines.length - at;
      return [...kept, `(${count} more lines left out: search with a smaller limit or more exact words.)`].join('\n');
    }
    kept.push(line);
  }
  return kept.join('\n');
}
