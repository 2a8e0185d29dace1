import { isTooDeep } from '../../api/shape/nesting.ts';
import { isRecord } from '../../is-record.ts';
import { note, noteText } from '../../note.ts';
import { mayStore } from '../../outcome.ts';
import type { ContentBlock, Tool, ToolResult } from '../../provider.ts';
import { isStoreUnavailable } from '../../shared-store.ts';
import { byteLength } from '../../text/byte-length.ts';
import { parsedJson } from '../../text/parsed-json.ts';
import { estimateTokens } from '../count.ts';
import { type CutToTokens, tokenCutter } from './cut-to-tokens.ts';
import { cutTexts, grouped } from './read-result.ts';
import { READ_RESULT, SCHEME } from './read-result-tool.ts';
import { SMALLEST_RESULT_TOKENS } from './result-limit.ts';
import type { ResultStore } from './result-store.ts';

export interface Cutting {
  readonly name: string;
  readonly tool: Tool | undefined;
  readonly owner: string;
  readonly maxTokens: number;
  readonly store: ResultStore;
  readonly listed: boolean;
}

/** A host shows a model either the texts or the structured content. */
export function isTooLarge({ content, structuredContent }: ToolResult, maxTokens: number): boolean {
  const texts = content.flatMap((block) => (block.type === 'text' ? block.text : []));
  if (estimateTokens(texts.join('\n')) > maxTokens) return true;
  return structuredContent !== undefined && estimateTokens(JSON.stringify(structuredContent)) > maxTokens;
}

/** A result that is cut to the limit, with a link to all of it if that is kept. */
export async function cutResult(result: ToolResult, cutting: Cutting): Promise<ToolResult> {
  const { name, tool, owner, maxTokens, store } = cutting;
  const whole = wholeOf(result);
  const promised = tool?.outputSchema !== undefined && result.structuredContent !== undefined;
  const isStorable = mayStore(result);
  const mimeType = whole.kind === 'json' ? 'application/json' : 'text/plain';
  const kept = { text: whole.text, kind: whole.kind, mimeType, tool: name };
  // The call was made, and its result must not be lost: it is cut all the same.
  let isReached = true;
  const handle = isStorable
    ? await store.put(owner, kept).catch((error) => {
        if (!isStoreUnavailable(error)) throw error;
        isReached = false;
        return undefined;
      })
    : undefined;
  const link = handle === undefined ? [] : [resultLink(handle, { name, mimeType, size: byteLength(whole.text) })];
  const rest = result.content.filter((block) => block !== whole.block && fits(block, RESERVED_TOKENS));
  const { structuredContent: _, ...others } = result;
  const withCut = (cut: CutToTokens): ToolResult => {
    const told = tellCut(cut, handle, { ...cutting, isStorable, isReached });
    return {
      ...others,
      content: [{ type: 'text', text: cut.text }, ...rest, note(told), ...link],
      // The data is there twice: texts for some hosts, structured content for others.
      ...(promised && { structuredContent: structured(cut, result.structuredContent, handle, told) }),
    };
  };
  return cutToFit(whole, withCut, promised ? maxTokens / 2 : maxTokens, maxTokens);
}

const MOST_ATTEMPTS = 5;

/** Cuts the data until the complete result is below the limit, as it is sent: with quotes escaped, notes and link. */
function cutToFit(
  { text, kind }: Whole,
  withCut: (cut: CutToTokens) => ToolResult,
  firstRoom: number,
  maxTokens: number,
): ToolResult {
  let room = Math.max(SMALLEST_RESULT_TOKENS / 2, firstRoom - RESERVED_TOKENS);
  const cut = tokenCutter(text, kind);
  let result = withCut(cut(Math.floor(room)));
  for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
    const tokens = estimateTokens(JSON.stringify(result));
    if (tokens <= maxTokens) break;
    room *= Math.min(0.95, maxTokens / tokens);
    result = withCut(cut(Math.floor(room)));
  }
  return result;
}

/** For notes and the link. */
const RESERVED_TOKENS = 400;

/** Blocks other than the data: notes of the provider, images, links. */
function fits(block: ContentBlock, most: number): boolean {
  return block.type !== 'text' || noteText(block) !== undefined || estimateTokens(block.text) <= most;
}

interface Whole {
  readonly text: string;
  readonly kind: 'json' | 'text';
  /** The block with the data; absent if only the structured content has it. */
  readonly block?: ContentBlock;
}

/** The data of a result: its longest text, or its structured content if it has no text. */
function wholeOf({ content, structuredContent }: ToolResult): Whole {
  const texts = content.filter((block) => block.type === 'text');
  const longest = texts.reduce<(typeof texts)[number] | undefined>(
    (found, block) => (found && found.text.length >= block.text.length ? found : block),
    undefined,
  );
  const json = structuredContent === undefined ? undefined : JSON.stringify(structuredContent);
  if (!longest || (json !== undefined && longest.text.length < json.length / 4)) {
    return { text: json ?? '', kind: 'json' };
  }
  return { text: longest.text, kind: isJson(longest.text) ? 'json' : 'text', block: longest };
}

/** JSON that is nested too deeply to be walked counts as text, as in results that are not cut. */
function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && !isTooDeep(text) && parsedJson(text) !== undefined;
}

function tellCut(
  { cuts }: CutToTokens,
  handle: string | undefined,
  { maxTokens, listed, isStorable, isReached }: Cutting & { readonly isStorable: boolean; readonly isReached: boolean },
): string {
  const head = [`The result was cut to about ${grouped(maxTokens)} tokens.`, ...cutTexts(cuts)].join(' ');
  if (handle === undefined) {
    const kept = isReached ? 'is too large to be kept' : 'cannot be kept, because the store cannot be reached';
    const why = isStorable ? kept : 'must not be stored (Cache-Control: no-store)';
    return `${head} The rest ${why}: narrow the request with its arguments.`;
  }
  const list = cuts.find(({ unit }) => unit === 'items' || unit === 'members') ?? cuts[0];
  const where = list === undefined || list.path === '' ? '' : `, path: ${JSON.stringify(list.path)}`;
  const next = `${READ_RESULT} { handle: "${handle}"${where}${list ? `, from: ${list.kept}` : ''} }`;
  const more = `or part of it with query (JMESPath), fields or search`;
  return listed
    ? `${head} The complete result is kept for a while. The rest: ${next}; ${more}.`
    : `${head} The complete result is kept for a while: read the resource ${SCHEME}${handle}.`;
}

const resultLink = (
  handle: string,
  { name, mimeType, size }: { readonly name: string; readonly mimeType: string; readonly size: number },
): ContentBlock => ({
  type: 'resource_link',
  uri: `${SCHEME}${handle}`,
  name: `result of ${name}`,
  description: 'The complete result. It expires.',
  mimeType,
  size,
});

/** The key of what hosts need that show a model the structured content only. */
const REST_KEY = 'openapi-mcp/rest';

/** The cut data in the form that the output schema promises, with what a model needs to reach the rest. */
function structured(
  { text, cuts }: CutToTokens,
  original: unknown,
  handle: string | undefined,
  told: string,
): Readonly<Record<string, unknown>> {
  const value: unknown = isJson(text) ? JSON.parse(text) : text;
  const entries = Object.entries(isRecord(original) ? original : {});
  // What other transforms add to the data, such as the cursor of the next page.
  const added = entries.filter(([key]) => key.startsWith('openapi-mcp/'));
  // The list of a result whose root is not an object.
  const isWrapped = entries.length - added.length === 1 && entries[0]?.[0] === 'result' && !isRecord(value);
  const data = isWrapped ? { result: value } : isRecord(value) ? value : {};
  return {
    ...data,
    ...Object.fromEntries(added),
    [REST_KEY]: { ...(handle !== undefined && { handle }), note: told, cuts: cuts.slice(0, 5) },
  };
}
