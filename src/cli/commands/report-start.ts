import type { LogLevel } from '../../options/choices.ts';
import { errorLines } from '../../runtime/where-thrown.ts';
import { print, tell } from '../output/report.ts';
import { startReport, startReportLines } from '../output/start-report.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { type ListReport, listLines } from './listed-as.ts';

export interface ReportStartOptions {
  /** The report is the result of the command; otherwise it goes to stderr, because stdout is reserved for the protocol. */
  readonly dryRun?: boolean;
  readonly json: boolean;
  readonly level: LogLevel;
}

/** Says what is served. */
export async function reportStart(
  opened: OpenedTarget,
  list: ListReport,
  { dryRun = false, json, level }: ReportStartOptions,
): Promise<void> {
  const say = dryRun ? print : tell;
  const [only] = opened.apis;
  if (only && opened.target.kind === 'document') {
    const start = startReport(only.api);
    if (json) say(JSON.stringify({ ...start, list }));
    else for (const line of [...startReportLines(start, level), ...listLines(list, level)]) say(line);
    return;
  }
  const { serverReport, serverReportLines } = await import('./server-report.ts');
  const counting = dryRun ? 'all' : opened.target.kind === 'config' ? 'nothing' : 'at-hand';
  const start = await serverReport(opened, { counting });
  if (json) say(JSON.stringify({ ...start, list }));
  else for (const line of [...serverReportLines(start, level), ...listLines(list, level)]) say(line);
}

/** Reports errors that occur outside calls. */
export const errorTeller =
  (json: boolean) =>
  (error: Error): void => {
    if (json) tell(JSON.stringify({ error: error.message }));
    else for (const line of errorLines(error)) tell(line);
  };
