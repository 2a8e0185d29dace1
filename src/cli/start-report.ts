import type { Problem } from '../problems.ts';
import type { OpenedApi } from '../proxy.ts';
import type { LogLevel } from './options.ts';
import { problemLines } from './problem-lines.ts';

/** What `run` says when it starts; with `--json`, exactly this. Credentials by the names of their variables, never values. */
export interface StartReport {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly document: { readonly location: string; readonly version: string };
  readonly operations: number;
  readonly tools: number;
  readonly resources: number;
  readonly resourceTemplates: number;
  readonly serverUrl: string | null;
  readonly credentials: OpenedApi['credentials'];
  /** Origins other than the document's that credentials would be sent to. */
  readonly otherOrigins: readonly string[];
  readonly problems: readonly Problem[];
}

export function startReport({ model, document, problems, credentials, serverUrl, origins }: OpenedApi): StartReport {
  const { operations } = model;
  return {
    name: model.name,
    title: model.title,
    version: model.version,
    document,
    operations: operations.length,
    tools: operations.filter((operation) => operation.tool).length,
    resources: operations.filter((operation) => operation.resource?.uri !== undefined).length,
    resourceTemplates: operations.filter((operation) => operation.resource?.uriTemplate !== undefined).length,
    serverUrl: serverUrl ?? null,
    credentials,
    otherOrigins: origins,
    problems,
  };
}

/**
 * The report for a person. At `warning` only what may need attention: operations that are not served, credentials that
 * are missing or travel; at `debug` every problem with its place.
 */
export function startReportLines(report: StartReport, level: LogLevel): string[] {
  if (level === 'error') return [];
  return [
    ...(level === 'warning' ? [] : summaryLines(report)),
    ...credentialLines(report, level),
    ...report.otherOrigins.map((origin) => `credentials go to ${origin}, which is not where the document came from`),
    ...(level === 'debug' ? problemLines(report.problems) : lostLines(report)),
  ];
}

function summaryLines(report: StartReport): string[] {
  return [
    `${report.title} ${report.version} (${report.name}), OpenAPI ${report.document.version}, ${report.document.location}`,
    `${report.operations} operations: ${report.tools} tools, ${report.resources} resources, ${report.resourceTemplates} resource templates`,
    `requests go to ${report.serverUrl ?? 'no known server: give --base-url'}`,
  ];
}

function credentialLines({ credentials }: StartReport, level: LogLevel): string[] {
  return credentials
    .filter(({ found }) => !found || level !== 'warning')
    .map(({ scheme, kind, variables, found }) => {
      const names = variables.join(', ');
      return found ? `credential ${scheme} (${kind}): found` : `credential ${scheme} (${kind}): missing, set ${names}`;
    });
}

/** Every operation that is not served, with its place; the other problems are counted. */
function lostLines({ problems }: StartReport): string[] {
  const lost = problems.filter((problem) => problem.operation !== undefined);
  const others = problems.length - lost.length;
  return [
    ...lost.map((problem) => `not served: ${problem.pointer}  ${problem.message}`),
    ...(others > 0 ? [`${others} further problems; openapi-mcp inspect shows them`] : []),
  ];
}
