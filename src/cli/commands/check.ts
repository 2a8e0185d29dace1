import type { CheckReport, Contradiction, NotChecked } from '../../check/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { createSchemaCompiler } from '../../runtime/api/arguments/validate-arguments.ts';
import { shortName } from '../../runtime/compose/short-name.ts';
import { readArgs } from '../client/arguments/read-input.ts';
import { interruption } from '../client/interruption.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { counted } from '../output/counted.ts';
import { EXIT, type ExitCode, print, tell, usageError } from '../output/report.ts';
import { stageLine } from '../output/stage-line.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { noticesOf } from '../targets/notices.ts';
import { openOnce } from '../targets/open-once.ts';
import type { NamedApi, OpenedTarget } from '../targets/opened-target.ts';

/** `openapi-mcp check`: exits with 1 if a response contradicts the document, with 3 or 4 if the API could not be called. */
export async function check(words: TargetWords, line: CommandLine<FlagsOf<'check'>>): Promise<ExitCode> {
  const environment = readEnvironment(line.flags.envFile);
  const opened = await openOnce(describeTarget(words), line, { purpose: 'check', environment });
  const { signal, listen } = interruption();
  listen();
  try {
    const report = await checkAll(opened, line.flags, signal);
    if (signal.aborted) {
      tell('Interrupted.');
      return EXIT.interrupted;
    }
    if (line.flags.json) print(JSON.stringify(report));
    else for (const text of reportLines(report)) print(text);
    return exitOf(report);
  } finally {
    await opened.provider.close();
  }
}

async function checkAll({ apis }: OpenedTarget, flags: FlagsOf<'check'>, signal: AbortSignal): Promise<CheckReport> {
  if (apis.length === 0)
    throw usageError(
      'There is no OpenAPI document to compare responses with.',
      'Pass an OpenAPI document, or a config file with "apis".',
    );
  for (const notice of noticesOf(apis)) tell(notice);
  const reports: CheckReport[] = [];
  for (const api of apis) {
    const calls = reports.reduce((sum, report) => sum + report.calls, 0);
    reports.push(await checkOne(api, { flags, maxCalls: flags.maxCalls - calls, signal }));
  }
  return {
    contradictions: reports.flatMap((report) => report.contradictions),
    checked: reports.flatMap((report) => report.checked),
    notChecked: reports.flatMap((report) => report.notChecked),
    calls: reports.reduce((sum, report) => sum + report.calls, 0),
  };
}

interface Checking {
  readonly flags: FlagsOf<'check'>;
  readonly maxCalls: number;
  readonly signal: AbortSignal;
}

async function checkOne({ api, namespace }: NamedApi, { flags, maxCalls, signal }: Checking): Promise<CheckReport> {
  const { checkResponses, givenValues, UnknownValueError } = await import('../../check/index.ts');
  const { model, declarations } = api;
  // `purpose: 'check'` asks for them.
  if (!declarations) throw new Error('The document was opened without its declarations.');
  const stage = stageLine();
  try {
    const given = givenValues(flags.args === undefined ? {} : readArgs(flags.args, new Set()), model);
    const subject = {
      model,
      responses: declarations.responses('exact'),
      performing: await api.performing(),
      compileSchema: createSchemaCompiler(),
    };
    const onProgress = (done: number, of: number) => stage.say(`Called ${done} of ${of} operations …`);
    const report = await checkResponses(subject, { given, maxCalls, signal, onProgress });
    return namespace === undefined ? report : named(report, namespace);
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    throw usageError(`--args: ${error.message}`, `Write it as --args '{"petId": 7}'.`);
  } finally {
    stage.clear();
  }
}

/** With the names that tools of several APIs have. */
function named(report: CheckReport, namespace: string): CheckReport {
  const prefixed = <T extends { readonly tool: string }>(rows: readonly T[]): readonly T[] =>
    rows.map((row) => ({ ...row, tool: shortName(`${namespace}_${row.tool}`) }));
  const { contradictions, checked, notChecked } = report;
  return {
    ...report,
    contradictions: prefixed(contradictions),
    checked: prefixed(checked),
    notChecked: prefixed(notChecked),
  };
}

function exitOf({ contradictions, notChecked }: CheckReport): ExitCode {
  if (contradictions.length > 0) return EXIT.document;
  if (notChecked.some(({ kind }) => kind === 'network')) return EXIT.network;
  return notChecked.some(({ kind }) => kind === 'credential') ? EXIT.credential : EXIT.ok;
}

function* reportLines(report: CheckReport): Generator<string, undefined> {
  for (const each of report.contradictions) yield* contradictionLines(each);
  const unsafe = report.notChecked.filter(({ kind }) => kind === 'unsafe');
  const others = report.notChecked.filter(({ kind }) => kind !== 'unsafe');
  if (others.length > 0) {
    yield 'Not checked:';
    for (const each of others) yield notCheckedLine(each);
    yield '';
  }
  if (unsafe.length > 0) yield `${counted(unsafe.length, 'operation')} not called, because they may change something.`;
  const found =
    report.contradictions.length === 0 ? 'no contradictions' : counted(report.contradictions.length, 'contradiction');
  yield `${counted(report.checked.length, 'operation')} checked with ${counted(report.calls, 'request')}: ${found}.`;
}

function* contradictionLines({ code, tool, request, place, declared, seen, pointer, count }: Contradiction) {
  const where = place === '' ? '' : `  ${place}`;
  const times = count > 1 ? ` (${count} times)` : '';
  yield `${code}  ${tool}${where}${times}`;
  yield `  ${request}`;
  yield `  declared: ${declared}`;
  yield `  seen: ${seen}`;
  yield `  ${pointer}`;
  yield '';
}

const notCheckedLine = ({ tool, operation, reason }: NotChecked): string => `  ${tool} (${operation}): ${reason}`;
