import type { LogLevel } from '../../options/choices.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { CompactOptions } from '../../runtime/fit/compact-tool.ts';
import { sampledTokens, USUAL_BUDGET } from '../../runtime/fit/count.ts';
import type { Provider } from '../../runtime/provider.ts';
import { within } from '../../runtime/until-aborted.ts';
import type { Environment } from '../flags/environment.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { type ClientOptions, withClientOptions } from './client-options.ts';

/** How tools are listed, in the start report. */
export interface ListReport {
  /** The mode that is used: with `auto`, the one that was picked. */
  readonly mode: string;
  /** About how many tokens the list costs a model; `null` if it is short, or not available yet. */
  readonly tokens: number | null;
  /** Whether that is more than most clients accept. */
  readonly isLarge: boolean;
}

/** What a compact list must keep for a provider. References are refused by those whose profile inlines schemas. */
const COMPACT: Readonly<Record<FlagsOf<'run'>['profile'], CompactOptions>> = {
  generic: {},
  claude: {},
  openai: { keepClosed: true },
  gemini: { keepTypes: true, hoist: false },
  bedrock: { keepTypes: true, hoist: false },
  cursor: { keepTypes: true, hoist: false },
};

const PLAIN: ListReport = { mode: 'tools', tokens: null, isLarge: false };

/** So few tools never cost too much. */
const FEW_TOOLS = 30;

/**
 * The provider in the mode of the flags.
 *
 * @param isReported whether the report about the list has a reader
 * @throws OptionError if the list does not fit into the budget
 */
export async function listedAs(
  { provider: opened, target }: Pick<OpenedTarget, 'provider' | 'target'>,
  flags: Pick<FlagsOf<'run'>, 'mode' | 'budget' | 'pin' | 'profile'> & ClientOptions,
  { environment, isReported }: { readonly environment: Environment; readonly isReported: boolean },
): Promise<{ readonly provider: Provider; readonly list: ListReport }> {
  const provider = await withClientOptions(opened, flags, environment);
  const { mode, budget, pin, profile } = flags;
  if (mode === 'tools' && budget === undefined)
    return { provider, list: isReported ? await plainReport(provider, target.kind) : PLAIN };
  const { fitTools } = await import('../../runtime/fit/modes.ts');
  const fitted = await fitTools(provider, {
    mode,
    pinned: pin,
    compact: COMPACT[profile],
    ...(mode === 'code' && { sandbox: (await import('../../runtime/node/quickjs-sandbox.ts')).quickJsSandbox }),
    ...(budget !== undefined && { budget }),
  });
  return { provider: fitted.provider, list: { mode: fitted.mode, tokens: fitted.tokens ?? null, isLarge: false } };
}

/** Clients wait for the startup. */
export const PATIENCE_MS = 1_000;

/** Only for lists at hand: the start neither connects the servers of a config file nor waits for others. */
async function plainReport(provider: Provider, kind: OpenedTarget['target']['kind']): Promise<ListReport> {
  if (kind === 'config') return PLAIN;
  const listing = provider.listTools({ ready: true }).catch(() => []);
  const tools = (await within(listing, PATIENCE_MS))?.value ?? [];
  if (tools.length <= FEW_TOOLS) return PLAIN;
  const tokens = rounded(sampledTokens(tools));
  return { ...PLAIN, tokens, isLarge: tokens > USUAL_BUDGET };
}

/** To two digits: it is an estimate. */
const rounded = (count: number): number => Number(count.toPrecision(2));

/** `12,000`. Much cheaper than `toLocaleString`, which loads the data of all languages at every start. */
const grouped = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** For people. At `warning`, only a list that is too large. */
export function listLines({ mode, tokens, isLarge }: ListReport, level: LogLevel): readonly string[] {
  if (level === 'error') return [];
  if (isLarge) {
    return [
      `warning: the list of tools costs a model about ${grouped(tokens ?? 0)} tokens. Unless your client loads tools on demand by itself (Claude Code does), use --mode search, which reduces that to about 200. openapi-mcp inspect --budget <tokens> compares the modes.`,
    ];
  }
  if (level === 'warning' || mode === 'tools') return [];
  return [`tools are listed in mode ${mode}${tokens === null ? '' : `, about ${tokens} tokens`}`];
}
