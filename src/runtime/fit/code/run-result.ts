import { cutJson } from '../../api/shape/cut-json.ts';
import { isRecord } from '../../is-record.ts';
import { note } from '../../note.ts';
import type { ContentBlock, ToolResult } from '../../provider.ts';
import { byteLength } from '../../text/byte-length.ts';
import { cutTexts } from '../results/read-result.ts';
import type { MadeCall, Stop } from './code-calls.ts';
import type { CodeLimits } from './limits.ts';
import type { CodeFailure, CodeOutcome } from './sandbox.ts';

export interface FinishedRun {
  readonly code: string;
  readonly outcome: CodeOutcome;
  readonly made: readonly MadeCall[];
  /** Of the provider, and about calls that were not awaited. */
  readonly notes: readonly string[];
  readonly limits: Required<CodeLimits>;
  /** Whether the caller of `execute` keeps results that are too large. */
  readonly isUncut: boolean;
}

/** What a model sees of a run. */
export function runResult(run: FinishedRun): ToolResult {
  const { failure } = run.outcome;
  return failure ? failedRun(run, failure) : finishedRun(run);
}

function finishedRun({ outcome: { output, log }, made, notes, limits, isUncut }: FinishedRun): ToolResult {
  const cut =
    output === undefined || isUncut || byteLength(output) <= limits.maxOutputBytes
      ? { text: output, cuts: [] }
      : cutJson(output, limits.maxOutputBytes);
  const about = [
    ...(cut.cuts.length === 0 ? [] : ['The result was cut.', ...cutTexts(cut.cuts), 'Return less.']),
    ...(output === undefined && log === ''
      ? [`The code returned nothing: end it with "return …".${callsText(made)}`]
      : []),
    ...notes,
  ];
  const content: ContentBlock[] = [
    ...(cut.text === undefined ? [] : [text(unquoted(cut.text))]),
    ...(log === '' ? [] : [text(output === undefined ? log : `console:\n${log}`)]),
    ...(about.length === 0 ? [] : [note(about.join('\n'))]),
  ];
  return { content };
}

const text = (value: string): ContentBlock => ({ type: 'text', text: value });

/** A string as such, without the quotes of JSON. */
function unquoted(json: string): string {
  const value: unknown = json.startsWith('"') ? JSON.parse(json) : undefined;
  return typeof value === 'string' ? value : json;
}

function failedRun(run: FinishedRun, failure: CodeFailure): ToolResult {
  const { made, outcome, notes } = run;
  const lines = [
    ...explained(failure, run),
    ...(made.every(({ state }) => state === 'failed') ? [] : [callsText(made).trim()]),
    ...(outcome.log === '' ? [] : [`console:\n${outcome.log}`]),
    ...notes,
  ];
  return { content: [text(lines.join('\n'))], isError: true };
}

/** What is wrong, where, and what to do. */
function explained(failure: CodeFailure, { code, limits }: FinishedRun): readonly string[] {
  const { kind, message = 'The code threw something that cannot be shown.' } = failure;
  const seconds = limits.timeoutMs / 1000;
  switch (kind) {
    case 'syntax':
      return [
        `The code does not parse. ${message}`,
        ...place(code, failure.line),
        ...syntaxHint(code),
        'Nothing was run.',
      ];
    case 'thrown':
      return [message, ...place(code, failure.line), ...thrownHint(message)];
    case 'output':
      return [`The result cannot be returned: ${message}.`, 'Return plain data, and less of it.'];
    case 'timeout':
      return [`The code was stopped after ${seconds} s. Do less in one run: fewer calls, Promise.all, no waiting.`];
    case 'memory':
      return ['The code was stopped because it used too much memory. Fetch less: pass fields, or work in pages.'];
    case 'stuck':
      return ['The code waits for a promise that never settles. Only calls of api.… can be awaited.'];
    case 'cancelled':
      return ['The run was cancelled.'];
    case 'busy':
      return ['Too many runs are waiting. Nothing was run: try again later.'];
    case 'crashed':
      return [`The sandbox failed: ${message}`, 'Try again; simplify the code if it fails again.'];
  }
}

/** `  2 | const x = ;` */
function place(code: string, line: number | undefined): readonly string[] {
  const written = line === undefined ? undefined : code.split('\n')[line - 1];
  return written === undefined ? [] : [`  ${line} | ${written.trim().slice(0, 160)}`];
}

function syntaxHint(code: string): readonly string[] {
  if (/^\s*(?:import|export)\b/m.test(code)) return ['There are no modules: remove import and export.'];
  return /\b(?:interface|type)\s+\w+\s*[={]|\b(?:const|let)\s+\w+\s*:|\bas\s+(?:any|const|string)\b/.test(code)
    ? ['Write plain JavaScript, without types.']
    : [];
}

const ABSENT: Readonly<Record<string, string>> = {
  fetch: 'There is no network: call functions of api.',
  require: 'There are no modules: call functions of api.',
  process: 'There is no process or environment.',
  setTimeout: 'There are no timers.',
  setInterval: 'There are no timers.',
  Buffer: 'There is nothing of Node, only JavaScript itself.',
  URL: 'There is nothing of Node or browsers, only JavaScript itself.',
  window: 'There is nothing of browsers, only JavaScript itself.',
};

function thrownHint(message: string): readonly string[] {
  const [, name] = /^ReferenceError: '?([\w$]+)'? is not defined/.exec(message) ?? [];
  if (name !== undefined) return Object.hasOwn(ABSENT, name) ? [ABSENT[name] ?? ''] : [];
  return /^TypeError: (?:cannot read property|not a function|value is not)/.test(message)
    ? ['A call returns a promise: await it. Results are what search_docs declares.']
    : [];
}

/** What was done stays done, so that the next run does not do it again. */
function callsText(made: readonly MadeCall[]): string {
  if (made.length === 0) return ' It made no calls.';
  const texts = (['done', 'failed', 'open'] as const).flatMap((state) => {
    const names = made.filter((call) => call.state === state).map(({ name }) => name);
    return names.length === 0 ? [] : [`${STATES[state]}: ${counted(names)}`];
  });
  return ` Calls of this run, which are not undone: ${texts.join('; ')}.`;
}

const STATES = { done: 'done', failed: 'failed', open: 'stopped, so perhaps done' } as const;

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const shown = [...counts].slice(0, 20).map(([name, count]) => (count > 1 ? `${name} (${count} times)` : name));
  return `${shown.join(', ')}${counts.size > shown.length ? ' …' : ''}`;
}

/** The result of a call that a person has to decide about, as that of the run. */
export function stoppedResult(
  { result, tool }: Extract<Stop, { result: unknown }>,
  made: readonly MadeCall[],
): ToolResult {
  const others = made.filter(({ state }) => state === 'done');
  const about = [
    `The run stopped at api.${tool}; what follows it in the code was not done.`,
    ...(others.length === 0 ? [] : [callsText(others).trim()]),
  ];
  return { ...result, content: [...result.content, note(about.join('\n'))] };
}

/** Models also send code in a Markdown fence; its lines keep their numbers. */
export function readCode(given: unknown): string | undefined {
  const { code } = isRecord(given) ? given : {};
  if (typeof code !== 'string' || code.trim() === '') return undefined;
  return /^\s*```/.test(code) ? code.replace(/^(\s*)```\w*[^\S\n]*/, '$1').replace(/```\s*$/, '') : code;
}
