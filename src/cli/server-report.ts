import { counted } from './counted.ts';
import type { LogLevel } from './options.ts';
import { type StartReport, startReport, startReportLines } from './start-report.ts';
import type { OpenedTarget } from './targets/open-target.ts';
import { targetLabel } from './targets/target.ts';

/** What `run` says of a server that is more than one document; with `--json`, exactly this. */
export interface ServerReport {
  readonly name: string;
  readonly version: string;
  readonly kind: OpenedTarget['target']['kind'];
  readonly target: string;
  readonly tools: number;
  readonly resources: number;
  readonly resourceTemplates: number;
  readonly prompts: number;
  /** Its OpenAPI documents. */
  readonly apis: readonly (StartReport & { readonly namespace: string | null })[];
}

export async function serverReport({ target, offer, apis }: OpenedTarget): Promise<ServerReport> {
  const [tools, resources, templates, prompts] = await Promise.all([
    offer.listTools({}),
    offer.listResources({}),
    offer.listResourceTemplates({}),
    offer.listPrompts({}),
  ]);
  const { name, version } = offer.info;
  return {
    name,
    version,
    kind: target.kind,
    target: targetLabel(target),
    tools: tools.length,
    resources: resources.length,
    resourceTemplates: templates.length,
    prompts: prompts.length,
    apis: apis.map(({ namespace = null, api }) => ({ namespace, ...startReport(api) })),
  };
}

/** For a person. At `warning` only what may need attention; lines of an API begin with its namespace. */
export function serverReportLines(report: ServerReport, level: LogLevel): string[] {
  if (level === 'error') return [];
  const apis = report.apis.flatMap((api) =>
    startReportLines(api, level).map((line) => (api.namespace === null ? line : `${api.namespace}: ${line}`)),
  );
  return [...(level === 'warning' ? [] : [summary(report)]), ...apis];
}

function summary(report: ServerReport): string {
  const parts = [
    counted(report.tools, 'tool'),
    counted(report.resources, 'resource'),
    counted(report.resourceTemplates, 'resource template'),
    counted(report.prompts, 'prompt'),
  ];
  return `${report.name} ${report.version} (${report.target}): ${parts.join(', ')}`;
}
