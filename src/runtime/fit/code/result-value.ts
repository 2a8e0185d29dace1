import { replaceNumbers } from '../../api/read/json.ts';
import { noteText } from '../../note.ts';
import type { ContentBlock, ToolResult } from '../../provider.ts';
import { parsedJson } from '../../text/parsed-json.ts';

/** A result of a tool for code. */
export interface ResultValue {
  readonly json: string;
  /** Notes of the provider, for the model. */
  readonly notes: readonly string[];
}

/** JSON stays JSON, other text becomes a string, and what is not text becomes a list of its blocks. */
export function resultValue({ content, structuredContent }: ToolResult): ResultValue {
  const notes = content.flatMap((block) => noteText(block) ?? []);
  const blocks = content.filter((block) => noteText(block) === undefined);
  const texts = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const text = texts.join('\n');
  if (isJson(text)) return { json: safeNumbers(text), notes: [...notes, ...others(blocks)] };
  if (structuredContent !== undefined) return { json: JSON.stringify(structuredContent), notes };
  if (texts.length === 0 && blocks.length > 0) return { json: JSON.stringify(blocks), notes };
  return { json: JSON.stringify(text), notes: [...notes, ...others(blocks)] };
}

function others(blocks: readonly ContentBlock[]): readonly string[] {
  const types = new Set(blocks.map(({ type }) => type).filter((type) => type !== 'text'));
  return types.size === 0 ? [] : [`The result also has ${[...types].join(', ')}, which code does not get.`];
}

const isJson = (text: string): boolean =>
  /^\s*(?:[[{"\d-]|true|false|null)/.test(text) && parsedJson(text) !== undefined;

/** JavaScript would round integers beyond 2^53, such as ids: they become strings, which arguments may be too. */
const safeNumbers = (json: string): string =>
  replaceNumbers(json, (number) =>
    /^-?\d{16,}$/.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number,
  );
