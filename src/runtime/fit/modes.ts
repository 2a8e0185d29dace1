import { checkProvider } from '../compose/check-provider.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { anything, choice, func, number, texts } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { Provider, Tool } from '../provider.ts';
import { listNow } from '../transforms/known-names.ts';
import type { CodeSandbox } from './code/sandbox.ts';
import { compact } from './compact.ts';
import type { CompactOptions } from './compact-tool.ts';
import { estimateTokens, type ListTokens, listTokens, sampledTokens, USUAL_BUDGET } from './count.ts';
import { AUTO_MODES, LIST_MODES, type ListMode, type Mode } from './list-modes.ts';
import { searchTools } from './search/search-tools.ts';
import { signature } from './signature.ts';

export interface FitOptions {
  /** Default `auto`: the first mode whose list fits into the budget. */
  readonly mode?: ListMode;
  /** The most tokens that the list of tools may cost a model. Default 10,000 for `auto`, otherwise no limit. */
  readonly budget?: number;
  /** Names of tools that search mode lists as well. */
  readonly pinned?: readonly string[];
  /** What the client's provider requires of compact lists. */
  readonly compact?: CompactOptions;
  /** Opens what runs the code in mode `code`: `quickJsSandbox`. */
  readonly sandbox?: () => Promise<CodeSandbox>;
}

/** So few tools are best listed as they are: a search takes an extra call each time. */
const FEW_TOOLS = 10;

type Means = Pick<FitOptions, 'pinned' | 'compact' | 'sandbox'>;

/** A provider in a mode. */
export interface Fitted {
  readonly provider: Provider;
  /** With `auto`, the one that was picked. */
  readonly mode: Mode;
  /** About what the list costs a model; absent if it is not available at the moment. */
  readonly tokens?: number;
}

const checked = declareOptions<FitOptions>(
  'fitTools()',
  { mode: choice(LIST_MODES.choices), budget: number(COUNT), pinned: texts, compact: anything, sandbox: func },
  {
    hints: { pin: 'Write "pinned".', tokens: 'Write "budget".' },
    example: "fitTools(api, { mode: 'auto', budget: 5_000 })",
  },
);

/**
 * Lists the tools of a provider so that a model can use them, in one mode that never changes while the process runs.
 * `auto` picks the first of tools, compact, signature and search whose list fits into the budget, never `code`; up to ten tools are
 * always listed as they are.
 *
 * ```ts
 * const { provider, mode } = await fitTools(github, { mode: 'auto', budget: 5_000 });
 * ```
 *
 * @throws OptionError if an option is invalid, or the list does not fit into the budget: the message names a mode that
 *   does
 */
export async function fitTools(provider: Provider, options: FitOptions = {}): Promise<Fitted> {
  checkProvider(provider, 'provider', 'The first argument of fitTools()');
  const { mode = 'auto', budget, ...means } = checked(options);
  if (mode === 'auto') return fitAutomatically(provider, budget ?? USUAL_BUDGET, means);
  const fitted = await inMode(provider, mode, means);
  const tools = await listNow((context) => fitted.listTools(context));
  if (!tools) return { provider: fitted, mode };
  const tokens = listTokens(tools).model;
  if (budget === undefined || tokens <= budget) return { provider: fitted, mode, tokens };
  const shortened = mode === 'compact' ? await shortenedLists(provider, budget, means) : undefined;
  if (shortened) return shortened;
  throw await overBudget(provider, { mode, tokens, budget, means });
}

/** Bytes of the longest input schema, tried in this order. */
const SCHEMA_LENGTHS = [4_000, 2_000, 1_000, 500];

/** Under a budget, compact lists shorten optional objects too; `describe_tools` has the complete schemas. */
async function shortenedLists(provider: Provider, budget: number, means: Means): Promise<Fitted | undefined> {
  for (const longestSchema of SCHEMA_LENGTHS) {
    const fitted = compact(provider, { ...means.compact, longestSchema });
    const tokens = (await costOf(fitted)).model;
    if (tokens <= budget) return { provider: fitted, mode: 'compact', tokens };
  }
  return undefined;
}

async function fitAutomatically(provider: Provider, budget: number, means: Means): Promise<Fitted> {
  const tools = await listNow((context) => provider.listTools(context));
  // Not available at the moment: search fits, however long the list will be.
  if (!tools) return { provider: await inMode(provider, 'search', means), mode: 'search' };
  if (tools.length <= FEW_TOOLS) return { provider, mode: 'tools', tokens: listTokens(tools).model };
  for (const mode of AUTO_MODES) {
    // A list that is far too long need not be written in every mode.
    if (mode !== 'search' && isFarAbove(budget, tools)) continue;
    const fitted = await inMode(provider, mode, means);
    const tokens = (await costOf(fitted)).model;
    if (tokens <= budget) return { provider: fitted, mode, tokens };
    const shortened = mode === 'compact' ? await shortenedLists(provider, budget, means) : undefined;
    if (shortened) return shortened;
  }
  throw await nothingFits(provider, budget, means);
}

/** @throws OptionError */
async function inMode(provider: Provider, mode: Mode, means: Means): Promise<Provider> {
  const { pinned = [], compact: options, sandbox } = means;
  switch (mode) {
    case 'tools':
      return provider;
    case 'compact':
      return compact(provider, options);
    case 'signature':
      return signature(provider);
    case 'search':
      return searchTools(provider, { pinned });
    case 'code':
      if (!sandbox) throw new OptionError(NO_SANDBOX);
      return (await import('./code/code-mode.ts')).codeMode(provider, { sandbox: await sandbox() });
  }
}

const NO_SANDBOX =
  'Mode "code" needs something that runs the code: fitTools(api, { mode: \'code\', sandbox: quickJsSandbox }).';

/** What the list of each mode costs. */
export async function modeCosts(
  provider: Provider,
  { count = estimateTokens, ...means }: Means & { readonly count?: typeof estimateTokens } = {},
): Promise<Readonly<Record<Mode, ListTokens>>> {
  const costs = {} as Record<Mode, ListTokens>;
  for (const mode of AUTO_MODES) costs[mode] = await costOf(await inMode(provider, mode, means), count);
  // To know the list, nothing has to run code.
  const { codeTools } = await import('./code/code-tools.ts');
  costs.code = listTokens(codeTools(await allTools(provider)), count);
  return costs;
}

async function costOf(provider: Provider, count = estimateTokens): Promise<ListTokens> {
  return listTokens(await allTools(provider), count);
}

const allTools = (provider: Provider): Promise<readonly Tool[]> =>
  provider.listTools({ whole: true, unrestricted: true });

/** Signatures take at least a tenth of the tokens. */
function isFarAbove(limit: number, tools: readonly Tool[]): boolean {
  return sampledTokens(tools) > 20 * limit;
}

interface OverBudget {
  readonly mode: Mode;
  readonly tokens: number;
  readonly budget: number;
  readonly means: Means;
}

async function overBudget(provider: Provider, { mode, tokens, budget, means }: OverBudget): Promise<OptionError> {
  const costs = await modeCosts(provider, means);
  const better = AUTO_MODES.find((other) => costs[other].model <= budget);
  if (better === undefined) return nothingFits(provider, budget, means);
  return new OptionError(
    `The list takes about ${tokens} tokens in mode "${mode}", and the budget is ${budget}. ` +
      `Mode "${better}" takes ${costs[better].model}; or serve fewer operations (include, exclude).`,
  );
}

async function nothingFits(provider: Provider, budget: number, means: Means): Promise<OptionError> {
  const { model } = await costOf(await inMode(provider, 'search', means));
  const pins = means.pinned?.length ? ', or pin fewer tools' : '';
  return new OptionError(
    `No mode fits into a budget of ${budget} tokens: search, the smallest, takes about ${model}. Raise the budget${pins}.`,
  );
}
