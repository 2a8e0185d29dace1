import { failedWith, misfit } from '../../errors.ts';
import { note } from '../../note.ts';
import { ProviderError, type ResourceResult, type ToolResult } from '../../provider.ts';
import { isStoreUnavailable, STORE_UNAVAILABLE_TEXT } from '../../shared-store.ts';
import { nearest } from '../../text/nearest.ts';
import { cutToTokens } from './cut-to-tokens.ts';
import { PROPERTIES, SCHEME } from './read-result-tool.ts';
import type { NotKept, ResultStore } from './result-store.ts';
import { type Part, selectPart } from './select-part.ts';

export interface ReadResultMeans {
  readonly store: ResultStore;
  readonly owner: string;
  readonly maxTokens: number;
}

/** Answers a call of the tool. Everything that is wrong with it is an error result that says what to do. */
export async function readResult(
  args: Readonly<Record<string, unknown>>,
  { store, owner, maxTokens }: ReadResultMeans,
): Promise<ToolResult> {
  const unknown = Object.keys(args).find((name) => !Object.hasOwn(PROPERTIES, name));
  if (unknown !== undefined) {
    const close = nearest(unknown, Object.keys(PROPERTIES));
    return misfit(`"${unknown}" is not a known argument.${close === undefined ? '' : ` Did you mean "${close}"?`}`);
  }
  const { handle, ...wanted } = args;
  if (typeof handle !== 'string') return misfit('"handle" must be the text from the note on a cut result.');
  const kept = await store.get(owner, handle.replace(/^result:\/\//, '')).catch(unreachable);
  if ('unavailable' in kept) return failedWith(STORE_UNAVAILABLE_TEXT, { error: 'STORE_UNAVAILABLE' });
  if ('missing' in kept) return failedWith(goneText(kept), { error: 'RESULT_EXPIRED' });
  const part = await selectPart(kept, wanted);
  return 'problem' in part ? misfit(part.problem) : partResult(part, maxTokens);
}

function unreachable(error: unknown): { readonly unavailable: true } {
  if (!isStoreUnavailable(error)) throw error;
  return { unavailable: true };
}

const goneText = (gone: NotKept): string =>
  gone.missing === 'expired'
    ? `This result is no longer kept. Call "${gone.tool}" again to get a new one.`
    : 'No result is kept under this handle. Results are kept for a while, for the caller who got them. Call the tool again.';

function partResult({ text, kind, counts, notes }: Part, maxTokens: number): ToolResult {
  const cut = cutToTokens(text, kind, maxTokens);
  const remarks = [...(counts ? [countsText(counts, cut.cuts)] : []), ...cutTexts(cut.cuts), ...notes];
  return { content: [{ type: 'text', text: cut.text }, ...(remarks.length > 0 ? [note(remarks.join('\n'))] : [])] };
}

type Cuts = ReturnType<typeof cutToTokens>['cuts'];

/** What follows is reached from the first one that is left out. */
function countsText({ unit, from, shown, total }: NonNullable<Part['counts']>, cuts: Cuts): string {
  const whole = cuts.find(({ path, unit: kind }) => path === '' && kind !== 'characters');
  const end = from + (whole ? whole.kept : shown);
  const text = shown === 0 ? `No ${unit} here; there are ${total}.` : `${unit} ${from} to ${end - 1} of ${total}.`;
  return end < total && shown > 0 ? `${text} The rest: from ${end}.` : text;
}

const MOST_PLACES = 5;

/** What was cut, for a caller that can ask for it by its path. */
export function cutTexts(cuts: Cuts): readonly string[] {
  if (cuts.length === 0) return [];
  const shown = cuts
    .slice(0, MOST_PLACES)
    .map(
      ({ path, unit, kept, total }) =>
        `${grouped(kept)} of ${grouped(total)} ${unit}${path === '' ? '' : ` of \`${path}\``}`,
    );
  const more = cuts.length - shown.length;
  return [`Showing ${[...shown, ...(more > 0 ? [`and parts of ${grouped(more)} more places`] : [])].join('; ')}.`];
}

export const grouped = (count: number): string => count.toLocaleString('en');

/**
 * The text of a kept result, for a link that is followed.
 *
 * @throws ProviderError if it is not kept, or the store cannot be reached
 */
export async function readKept(
  uri: string,
  { store, owner }: Pick<ReadResultMeans, 'store' | 'owner'>,
): Promise<ResourceResult> {
  const kept = await store.get(owner, uri.slice(SCHEME.length)).catch(unreachable);
  if ('unavailable' in kept) throw new ProviderError('READ_FAILED', STORE_UNAVAILABLE_TEXT);
  if ('missing' in kept) throw new ProviderError('RESOURCE_NOT_FOUND', goneText(kept));
  return { contents: [{ uri, mimeType: kept.mimeType, text: kept.text }] };
}
