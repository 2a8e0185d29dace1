import type { Operation } from '../model/index.ts';
import { compactText } from './text.ts';

/** Clients such as Claude Code cut instructions at 2 KB. */
const LONGEST = 2_000;
const LONGEST_PURPOSE = 400;
const MOST_TAGS = 40;
const MOST_IDS = 12;
const MOST_PAGING = 6;

/** What a model should know before it sees a tool (MCP `instructions`): purpose, tags, where ids come from, how to page. */
export function instructionsFor(
  { title, description }: { readonly title: string; readonly description?: string },
  operations: readonly Operation[],
): string | undefined {
  const tools = operations.filter(({ tool }) => tool !== undefined);
  if (tools.length === 0) return undefined;
  const purpose = compactText(description ?? '', LONGEST_PURPOSE).replace(/\n/g, ' ');
  const lines = [
    purpose === '' ? title : `${title}: ${purpose}`,
    ...tagLine(tools),
    ...idLine(tools),
    ...pagingLine(tools),
  ];
  let text = '';
  for (const line of lines) if (text.length + line.length < LONGEST) text += `${text === '' ? '' : '\n'}${line}`;
  return text;
}

function tagLine(tools: readonly Operation[]): readonly string[] {
  const counts = counted(tools.flatMap(({ origin }) => origin.tags));
  if (counts.length < 2) return [];
  const more = counts.length > MOST_TAGS ? `, and ${counts.length - MOST_TAGS} more` : '';
  return [
    `Tools by tag: ${counts
      .slice(0, MOST_TAGS)
      .map(([tag, count]) => `${tag} (${count})`)
      .join(', ')}${more}.`,
  ];
}

/** The ids that most tools need, with the tool that lists the objects: the GET on the path before the parameter. */
function idLine(tools: readonly Operation[]): readonly string[] {
  const lists = new Map(
    tools.filter(({ request }) => request.method === 'GET').map(({ origin, tool }) => [plain(origin.path), tool?.name]),
  );
  const sources = new Map<string, string>();
  const uses = tools.flatMap(({ origin, request }) =>
    request.path.flatMap((part) => {
      if (typeof part === 'string') return [];
      const end = origin.path.indexOf(`/{${part.name}}`);
      const source = end < 0 ? undefined : lists.get(plain(origin.path.slice(0, end)));
      if (source === undefined) return [];
      if (!sources.has(part.argument)) sources.set(part.argument, source);
      return [part.argument];
    }),
  );
  const ids = counted(uses).slice(0, MOST_IDS);
  if (ids.length === 0) return [];
  return [`Where ids come from: ${ids.map(([id]) => `${id} ← ${sources.get(id)}`).join(', ')}.`];
}

function plain(path: string): string {
  const unnamed = path.includes('{') ? path.replace(/\{[^{}]*\}/g, '{}') : path;
  return unnamed.endsWith('/') ? unnamed.slice(0, -1) : unnamed;
}

function pagingLine(tools: readonly Operation[]): readonly string[] {
  const names = counted(tools.flatMap(({ response }) => response.pagingArguments)).slice(0, MOST_PAGING);
  return names.length === 0 ? [] : [`Long lists are paged with ${names.map(([name]) => name).join(', ')}.`];
}

/** Most frequent first, then in order of appearance. */
function counted(words: readonly string[]): readonly (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
