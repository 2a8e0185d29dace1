import type { FlagsOf } from '../../options/flags.ts';
import { estimateTokens, exactCounter, type ListTokens, modelTokens, wireTokens } from '../../runtime/fit/count.ts';
import type { Mode } from '../../runtime/fit/list-modes.ts';
import type { Provider, Tool } from '../../runtime/provider.ts';
import { table } from '../output/table.ts';

/** What a list of tools costs, in tokens. */
export interface InspectedTokens {
  /** `estimate` is within 5 % of `o200k`. Models count differently: Claude counts about 60 % more. */
  readonly counted: 'estimate' | 'o200k';
  readonly total: ListTokens;
  /** What the list would cost in each mode, and whether that fits into `--budget`; absent without the flag. */
  readonly modes?: Readonly<Record<Mode, ListTokens & { readonly fits: boolean }>>;
}

export interface TokenCounter {
  of(tool: Tool): ListTokens;
  /** What a list of these tools costs. */
  inspected(provider: Provider, tools: readonly { readonly tokens: ListTokens }[]): Promise<InspectedTokens>;
}

/** @throws OptionError if `--exact` needs a package that is not installed */
export async function tokenCounter({
  exact,
  budget,
}: Pick<FlagsOf<'inspect'>, 'exact' | 'budget'>): Promise<TokenCounter> {
  const count = exact ? await exactCounter() : estimateTokens;
  return {
    of: (tool) => ({ model: modelTokens(tool, count), wire: wireTokens(tool, count) }),
    async inspected(provider, tools) {
      const sum = (key: keyof ListTokens) => tools.reduce((total, { tokens }) => total + tokens[key], 0);
      const total = { model: sum('model'), wire: sum('wire') };
      const counted = exact ? 'o200k' : 'estimate';
      if (budget === undefined) return { counted, total };
      const { modeCosts } = await import('../../runtime/fit/modes.ts');
      const costs = Object.entries(await modeCosts(provider, { count }));
      const modes = Object.fromEntries(costs.map(([mode, cost]) => [mode, { ...cost, fits: cost.model <= budget }]));
      // The keys are those of the costs.
      return { counted, total, modes: modes as NonNullable<InspectedTokens['modes']> };
    },
  };
}

export function tokenLines({ counted, total, modes }: InspectedTokens): readonly string[] {
  const about = counted === 'estimate' ? 'about ' : '';
  return [
    `tokens: ${about}${total.model} for a model (names, descriptions, input schemas), ${about}${total.wire} on the wire`,
    ...(modes
      ? table(
          ['mode', 'model', 'wire', 'fits'],
          Object.entries(modes).map(([mode, { model, wire, fits }]) => [mode, model, wire, fits ? 'yes' : 'no']),
          Number.POSITIVE_INFINITY,
        )
      : []),
  ];
}
