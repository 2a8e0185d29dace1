import type { LogLevel } from '../../options/choices.ts';
import type { Provider } from '../../runtime/provider.ts';
import { within } from '../../runtime/until-aborted.ts';
import { counted, countedItems, type Faces } from '../output/counted.ts';
import { type StartReport, startReport, startReportLines } from '../output/start-report.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { targetLabel } from '../targets/target.ts';
import { PATIENCE_MS } from './listed-as.ts';

/** The report of `run` for a server that is more than one document; with `--json`, exactly this. */
export interface ServerReport {
  readonly name: string;
  readonly version: string;
  readonly kind: OpenedTarget['target']['kind'];
  readonly target: string;
  /** Number of items; `null` if unknown, because startup does not wait for remote servers. */
  readonly counts: OfferCounts | null;
  /** Its OpenAPI documents. */
  readonly apis: readonly (StartReport & { readonly namespace: string | null })[];
}

interface OfferCounts extends Omit<Faces, 'operations'> {
  readonly prompts: number;
}

/**
 * @param options.counting requests the lists, which connects remote servers; `at-hand` does not wait for servers that
 *   are still starting
 */
export async function serverReport(
  opened: OpenedTarget,
  { counting }: { readonly counting: 'all' | 'at-hand' | 'nothing' },
): Promise<ServerReport> {
  const counts = counting === 'nothing' ? null : await offerCounts(opened.provider, counting);
  return { ...whatIs(opened), counts, apis: apiReports(opened) };
}

export const whatIs = ({ target, provider: { info } }: OpenedTarget) => ({
  name: info.name,
  version: info.version,
  kind: target.kind,
  target: targetLabel(target),
});

export const apiReports = ({ apis }: OpenedTarget): ServerReport['apis'] =>
  apis.map(({ namespace = null, api }) => ({ namespace, ...startReport(api) }));

async function offerCounts(provider: Provider, counting: 'all' | 'at-hand'): Promise<OfferCounts | null> {
  const counts = offerOf(provider).then(countsOf);
  if (counting === 'all') return counts;
  return (await within(counts, PATIENCE_MS))?.value ?? null;
}

export async function offerOf(provider: Provider) {
  const [tools, resources, resourceTemplates, prompts] = await Promise.all([
    provider.listTools({}),
    provider.listResources({}),
    provider.listResourceTemplates({}),
    provider.listPrompts({}),
  ]);
  return { tools, resources, resourceTemplates, prompts };
}

type Offer = Readonly<Record<keyof OfferCounts, readonly unknown[]>>;

export const countsOf = ({ tools, resources, resourceTemplates, prompts }: Offer): OfferCounts => ({
  tools: tools.length,
  resources: resources.length,
  resourceTemplates: resourceTemplates.length,
  prompts: prompts.length,
});

/** The report for people. At `warning`, only what may need attention; lines about an API start with its namespace. */
export function serverReportLines(report: ServerReport, level: LogLevel): string[] {
  if (level === 'error') return [];
  const apis = report.apis.flatMap((api) =>
    startReportLines(api, level).map((line) => (api.namespace === null ? line : `${api.namespace}: ${line}`)),
  );
  return [...(level === 'warning' ? [] : [summary(report)]), ...apis];
}

function summary({ name, version, target, counts }: ServerReport): string {
  return `${name} ${version} (${target})${counts ? `: ${offerLine(counts)}` : ''}`;
}

/** `3 tools, 1 resource, 0 resource templates, 0 prompts` */
export const offerLine = (counts: OfferCounts): string =>
  `${countedItems(counts)}, ${counted(counts.prompts, 'prompt')}`;
