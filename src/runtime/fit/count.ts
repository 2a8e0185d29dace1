import { OptionError } from '../options/option-error.ts';
import type { Tool } from '../provider.ts';

/** Tokens that a list of tools may cost: one to five per cent of the context of current models. */
export const USUAL_BUDGET = 10_000;

/** The number of tokens in a text. */
export type CountTokens = (text: string) => number;

/** Tokens of a list of tools. */
export interface ListTokens {
  /** What the model gets: names, descriptions and input schemas. */
  readonly model: number;
  /** What is sent to the client: everything. */
  readonly wire: number;
}

/**
 * Estimates the number of tokens in JSON and English text, without a table: lists of tools are mostly within 5 % of the
 * o200k encoding. Fitted to lists of 60 documents, and checked with 60 others.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  // Without a function call for each character, because the estimate is made at every start, before it is optimised.
  for (let at = 0; at < text.length; ) {
    const kind = KINDS[text.charCodeAt(at)];
    let end = at + 1;
    if (kind === OTHER) {
      while (end < text.length && KINDS[text.charCodeAt(end)] === OTHER) end++;
      tokens += otherTokens(text, at, end);
    } else if (kind === DIGIT) {
      while (end < text.length && KINDS[text.charCodeAt(end)] === DIGIT) end++;
      tokens += Math.ceil((end - at) / 3) * TOKENS.digits;
    } else {
      let humps = 0;
      for (let before = kind; end < text.length; end++) {
        const next = KINDS[text.charCodeAt(end)];
        if (next !== SMALL && next !== CAPITAL) break;
        if (next === CAPITAL && before === SMALL) humps++;
        before = next;
      }
      tokens += wordTokens(end - at) + humps * TOKENS.hump;
    }
    at = end;
  }
  return Math.ceil(tokens);
}

const OTHER = 0;
const DIGIT = 1;
const SMALL = 2;
const CAPITAL = 3;
/** By code unit. */
const KINDS = new Uint8Array(0x10000).fill(DIGIT, 48, 58).fill(CAPITAL, 65, 91).fill(SMALL, 97, 123);

const TOKENS = {
  /** Up to 7, and up to 12 letters. */
  word: 0.95,
  longWord: 1.2,
  /** Each letter of a longer word. */
  letter: 0.08,
  /** `petId` is two words. */
  hump: 0.96,
  /** Up to three. */
  digits: 1.26,
  /** Alone between words. */
  punctuation: 0.885,
  /** Each of several in a row, such as `":{"`. */
  inRow: 0.34,
  nonAscii: 1.4,
} as const;

const wordTokens = (letters: number): number =>
  letters <= 7 ? TOKENS.word : letters <= 12 ? TOKENS.longWord : letters * TOKENS.letter;

/** Spaces around words and punctuation belong to their tokens. */
function otherTokens(text: string, from: number, to: number): number {
  let start = from;
  let end = to;
  while (start < end && text.charCodeAt(start) === SPACE) start++;
  while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
  let ascii = 0;
  for (let at = start; at < end; at++) if (text.charCodeAt(at) < 128) ascii++;
  const punctuation = ascii === 1 ? TOKENS.punctuation : ascii * TOKENS.inRow;
  return punctuation + (end - start - ascii) * TOKENS.nonAscii;
}
const SPACE = 32;

/** Tokens of what a model gets of a tool: name, description and input schema. */
export function modelTokens(tool: Tool, count: CountTokens = estimateTokens): number {
  return count(JSON.stringify(modelEntry(tool)));
}

/** Tokens of the complete entry of a tool, as it is sent to the client. */
export function wireTokens(tool: Tool, count: CountTokens = estimateTokens): number {
  return count(JSON.stringify(tool));
}

/** Tokens of a list of tools. */
export function listTokens(tools: readonly Tool[], count: CountTokens = estimateTokens): ListTokens {
  return { model: count(JSON.stringify(tools.map(modelEntry))), wire: count(JSON.stringify(tools)) };
}

/** About the tokens of a list for a model. Looks at some tools only, so that it can be done at every start. */
export function sampledTokens(tools: readonly Tool[]): number {
  const step = Math.max(1, Math.floor(tools.length / MOST_SAMPLES));
  const samples = tools.filter((_, index) => index % step === 0);
  const total = samples.reduce((sum, tool) => sum + modelTokens(tool), 0);
  return samples.length === 0 ? 0 : Math.round((total / samples.length) * tools.length);
}
const MOST_SAMPLES = 150;

const modelEntry = ({ name, description, inputSchema }: Tool): Partial<Tool> => ({
  name,
  ...(description !== undefined && { description }),
  inputSchema,
});

/**
 * Counts o200k tokens exactly, with the optional package `gpt-tokenizer`.
 *
 * ```ts
 * const { model } = listTokens(await provider.listTools({}), await exactCounter());
 * ```
 *
 * @throws OptionError if the package is not installed
 */
export async function exactCounter(): Promise<CountTokens> {
  try {
    const { countTokens } = (await import(ENCODING)) as { countTokens: (text: string, options: object) => number };
    // Texts of special tokens, such as `<|endoftext|>`, are counted like any other.
    return (text) => countTokens(text, { disallowedSpecial: NONE });
  } catch (cause) {
    throw new OptionError('--exact needs the package gpt-tokenizer: npm install gpt-tokenizer', { cause });
  }
}

/** Not a literal: the package is optional, so neither the compiler nor a bundler may resolve it. */
const ENCODING: string = 'gpt-tokenizer/encoding/o200k_base';
const NONE: ReadonlySet<string> = new Set();
