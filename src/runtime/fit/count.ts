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
 * Estimates the number of tokens in JSON and English text. Within 5 % of the o200k encoding for lists of tools; no table
 * is loaded.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(RUNS)) {
    const first = run.charCodeAt(0);
    if (isLetter(first)) tokens += wordTokens(run);
    else if (isDigit(first)) tokens += Math.ceil(run.length / 3);
    else if (run.trim() !== '') tokens += run.length / 3.6;
  }
  return Math.ceil(tokens);
}

const RUNS = /[A-Za-z]+|[0-9]+|[^A-Za-z0-9]+/g;
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function wordTokens(word: string): number {
  const humps = word.match(/[a-z][A-Z]/g)?.length ?? 0;
  const base = word.length <= 7 ? 1 : word.length <= 12 ? 1.35 : word.length / 6;
  return base + 0.7 * humps;
}

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
