import type { LogLevel } from '../../options/choices.ts';
import type { Problem } from '../../problems.ts';
import type { OpenedApi } from '../../proxy.ts';
import { alternativesInWords, type SchemeReport } from '../../runtime/api/auth/satisfied.ts';
import { counted, countedFaces, type Faces, facesOf } from './counted.ts';
import { problemLines } from './problem-lines.ts';

/** The startup report of `run`; with `--json`, exactly this. Credentials appear by variable name, never by value. */
export interface StartReport extends Faces {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly document: { readonly location: string; readonly version: string };
  /** Operations of the document, served or not. */
  readonly found: number;
  /** Number of operations that the filters excluded. */
  readonly filtered: number;
  /** Where requests go; `null` if unknown, and then `serverProblem` says why. */
  readonly serverUrl: string | null;
  readonly serverProblem: string | null;
  readonly credentials: OpenedApi['credentials'];
  /**
   * Other origins that requests and credentials may go to, besides the obvious one: the origin of the document, or of
   * its default server if it has no URL.
   */
  readonly otherOrigins: readonly string[];
  /** Other notices: for example, that the document could not be fetched and is served from the cache. */
  readonly notices: readonly string[];
  readonly problems: readonly Problem[];
}

export function startReport(api: OpenedApi): StartReport {
  const { model, document, problems, credentials, serverUrl, serverProblem, origins, found, filtered } = api;
  const plain = model.documentUrl ?? serverUrl;
  return {
    name: model.name,
    title: model.title,
    version: model.version,
    // `location` omits the query of the URL, which may contain a token.
    document: { location: document.location, version: document.version },
    found,
    filtered,
    ...facesOf(model.operations),
    serverUrl: serverUrl ?? null,
    serverProblem: serverProblem ?? null,
    credentials,
    otherOrigins: origins.filter((origin) => plain === undefined || origin !== new URL(plain).origin),
    notices: api.notices,
    problems,
  };
}

/**
 * The report for people. At `warning`, only what may need attention: operations that are not served, credentials that
 * are missing or sent to other origins. At `debug`, every problem with its place.
 */
export function startReportLines(report: StartReport, level: LogLevel): string[] {
  if (level === 'error') return [];
  return [
    ...(level === 'warning' ? [] : summaryLines(report)),
    ...credentialLines(report, level),
    ...report.notices,
    ...(report.serverProblem === null ? [] : [`no server: ${report.serverProblem}`]),
    ...report.otherOrigins.map((origin) => `requests and credentials may also go to ${origin}`),
    ...(level === 'debug' ? problemLines(report.problems) : lostLines(report)),
  ];
}

function summaryLines(report: StartReport): string[] {
  return [
    `${report.title} ${report.version} (${report.name}), OpenAPI ${report.document.version}, ${report.document.location}`,
    countedFaces(report),
    ...(report.filtered > 0 ? [`${report.filtered} of ${report.found} operations excluded`] : []),
    ...(report.serverUrl === null ? [] : [`requests go to ${report.serverUrl}`]),
  ];
}

function credentialLines({ credentials }: StartReport, level: LogLevel): string[] {
  return credentials
    .filter(({ found }) => !found || level !== 'warning')
    .map(({ scheme, kind, alternatives, found, loginCommand, login }) => {
      const start = `credential ${scheme} (${kind})`;
      if (login) return `${start}: ${loginText(login)}`;
      if (found) return `${start}: found`;
      return `${start}: missing, set ${alternativesInWords(alternatives)}${loginCommand ? `, or log in: ${loginCommand}` : ''}`;
    });
}

/** What is known of a stored login. */
export function loginText({ expiresAt, renewable }: NonNullable<SchemeReport['login']>): string {
  if (expiresAt === undefined) return 'logged in';
  return renewable ? `logged in, token valid until ${expiresAt}, then renewed` : `logged in until ${expiresAt}`;
}

/** Every operation that is not served, with its place; other problems are only counted. */
function lostLines({ problems }: StartReport): string[] {
  const lost = problems.filter((problem) => problem.operation !== undefined);
  const others = problems.length - lost.length;
  return [
    ...lost.map((problem) => `not served: ${problem.pointer}  ${problem.message}`),
    ...(others > 0 ? [`${counted(others, 'further problem')}; openapi-mcp inspect shows more`] : []),
  ];
}
