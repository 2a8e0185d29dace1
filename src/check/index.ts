// In: a model, what its document declares about responses, and the way to its API. Out: where responses contradict the
// document, and which operations could not be called, with the reason.
// Promise: only GET and HEAD are sent; a broken operation is reported, and the others are still checked.
import type { ApiModel, DeclaredResponses, Operation } from '../model/index.ts';
import { dependencies, operationKey } from '../runtime/api/facts/dependencies.ts';
import { type Performed, type Performing, perform } from '../runtime/api/perform.ts';
import { AnswerHold, processBudget } from '../runtime/api/read/index.ts';
import type { SchemaCompiler } from '../runtime/api/schema/schema-check.ts';
import { callContext } from '../runtime/call-context.ts';
import { judgeResponse } from './judge-response.ts';
import { argumentsFor, type GivenValues, harvest } from './known-values.ts';
import { nextPage, pagingFault } from './next-page.ts';
import { failureReason, type Reason, refusalReason } from './reasons.ts';
import type { Checked, CheckReport, Contradiction, NotChecked } from './report.ts';
import type { Judgement } from './schema-faults.ts';

export { givenValues, UnknownValueError } from './known-values.ts';
export type { CheckReport, Contradiction, NotChecked } from './report.ts';

export interface CheckSubject {
  readonly model: ApiModel;
  readonly responses: DeclaredResponses;
  readonly performing: Performing;
  readonly compileSchema: SchemaCompiler;
}

export interface CheckOptions {
  readonly given: GivenValues;
  readonly maxCalls: number;
  readonly signal: AbortSignal;
  /** Called when an operation is done. */
  readonly onProgress: (done: number, of: number) => void;
}

/** How many requests are sent at the same time. */
const CONCURRENCY = 4;

/** Calls the operations that are safe, and compares their responses with the document. */
export async function checkResponses(subject: CheckSubject, options: CheckOptions): Promise<CheckReport> {
  const { operations } = subject.model;
  const safe = operations.filter(isSafe);
  const run: Run = { subject, options, needs: needsOf(subject.model), bodies: new Map(), done: new Map(), calls: 0 };
  let waiting = safe;
  while (waiting.length > 0) {
    // First those whose ids nobody else returns; where operations need each other, all that are left.
    const ready = waiting.filter((operation) => producersOf(operation, run, safe).every((each) => run.done.has(each)));
    const next = ready.length > 0 ? ready : waiting;
    await inParallel(next, async (operation) => {
      const outcome = await checkOperation(operation, run);
      run.done.set(operation, outcome);
      options.onProgress(run.done.size, safe.length);
    });
    waiting = waiting.filter((operation) => !run.done.has(operation));
  }
  return reportOf(operations, run);
}

/** RFC 9110 §9.2.1. OPTIONS and TRACE are about the server, and nothing is known about the body of a QUERY. */
const isSafe = ({ request }: Operation): boolean => request.method === 'GET' || request.method === 'HEAD';

interface Run {
  readonly subject: CheckSubject;
  readonly options: CheckOptions;
  readonly needs: ReadonlyMap<Operation, ReturnType<typeof dependencies>[number]>;
  /** What operations have returned, by {@link operationKey}. */
  readonly bodies: Map<string, unknown>;
  readonly done: Map<Operation, Outcome>;
  /** The number of requests so far. */
  calls: number;
}

type Outcome =
  | { readonly checked: Checked; readonly found: readonly Contradiction[] }
  | { readonly notChecked: NotChecked };

const needsOf = (model: ApiModel): Run['needs'] =>
  new Map(dependencies(model).map((needs, at) => [model.operations[at] as Operation, needs])); // one for each

const producersOf = (operation: Operation, { needs }: Run, safe: readonly Operation[]): readonly Operation[] => {
  const keys = new Set((needs.get(operation) ?? []).map((need) => need.operation));
  return safe.filter((other) => other !== operation && keys.has(operationKey(other)));
};

async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

async function checkOperation(operation: Operation, run: Run): Promise<Outcome> {
  try {
    return await calledAndJudged(operation, run);
  } catch (error) {
    return notChecked(operation, failureReason(error));
  }
}

async function calledAndJudged(operation: Operation, run: Run): Promise<Outcome> {
  const { subject, options } = run;
  const given = argumentsFor(operation, {
    given: options.given,
    harvested: (each) => harvestedFor(each, run),
    schemas: subject.model.schemas,
  });
  if ('missing' in given) return notChecked(operation, missingReason(operation, given.missing, run));
  const performed = await call(operation, given.values, run);
  if (!performed) return notChecked(operation, limitReason(options));
  const refused = refusalReason(performed);
  if (refused) return notChecked(operation, refused);
  const { answer, status } = performed;
  if (status < 300 && answer.kind === 'json') run.bodies.set(operationKey(operation), answer.value);
  const judgements = await judgeResponse(performed, {
    responses: subject.responses,
    compileSchema: subject.compileSchema,
    pointer: operation.origin.pointer,
    method: operation.request.method,
  });
  const paging = status < 300 ? await judgePaging(operation, performed, given.values, run) : [];
  const request = requestLine(operation, performed);
  const found = [...judgements, ...paging].map((each) => ({ ...each, tool: nameOf(operation), request }));
  return { checked: { tool: nameOf(operation), operation: operationKey(operation), request, status }, found };
}

/** @returns `undefined` if no more requests may be sent */
async function call(
  operation: Operation,
  values: Readonly<Record<string, unknown>>,
  run: Run,
): Promise<Performed | undefined> {
  const { options, subject } = run;
  if (run.calls >= options.maxCalls || options.signal.aborted) return undefined;
  run.calls++;
  const hold = new AnswerHold(processBudget());
  try {
    const context = callContext({ signal: options.signal });
    return await perform({ operation, arguments: values }, context, subject.performing, hold);
  } catch (error) {
    const { kind } = failureReason(error);
    // Nothing was sent.
    if (kind === 'arguments' || kind === 'credential') run.calls--;
    throw subject.performing.concealers({ tokens: {} }).error(error);
  } finally {
    hold.release();
  }
}

async function judgePaging(
  operation: Operation,
  first: Performed,
  given: Readonly<Record<string, unknown>>,
  run: Run,
): Promise<readonly Judgement[]> {
  const { model, serverUrl } = run.subject.performing;
  const server = serverUrl(operation);
  if ('problem' in server) return [];
  const { schemas } = model;
  const next = nextPage({ operation, performed: first, arguments: given, schemas, serverUrl: server.url });
  if (!next) return [];
  const second = await call(operation, next.arguments, run).catch((error): string => {
    const { kind, reason } = failureReason(error);
    return kind === 'network' || kind === 'credential' ? '' : reason;
  });
  const seen = typeof second === 'object' ? pagingFault(first, second) : second;
  if (!seen) return [];
  const declared = `${next.by} leads to a second page`;
  return [{ code: 'broken-paging', pointer: operation.origin.pointer, place: '', declared, seen, count: 1 }];
}

function harvestedFor(operation: Operation, { needs, bodies }: Run): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const need of needs.get(operation) ?? []) {
    const value = bodies.has(need.operation) ? harvest(need, operation, bodies.get(need.operation)) : undefined;
    if (value !== undefined) found.set(need.argument, value);
  }
  return found;
}

const nameOf = ({ tool, id }: Operation): string => tool?.name ?? id;
const requestLine = ({ request }: Operation, { url }: Performed): string => `${request.method} ${url}`;

function notChecked(operation: Operation, { kind, reason }: Reason): Outcome {
  const { pointer } = operation.origin;
  return { notChecked: { tool: nameOf(operation), operation: operationKey(operation), pointer, kind, reason } };
}

function missingReason(operation: Operation, missing: readonly string[], { needs, bodies }: Run): Reason {
  const names = missing.map((name) => `"${name}"`).join(', ');
  const [first = ''] = missing;
  const need = needs.get(operation)?.find(({ argument }) => argument === first);
  const source =
    need && (bodies.has(need.operation) ? `${need.operation} returned none` : `${need.operation} returned nothing`);
  const example = JSON.stringify({ [first]: '…' });
  return {
    kind: 'arguments',
    reason: `No value is known for ${names}${source === undefined ? '' : `: ${source}`}. Pass one: --args '${example}'.`,
  };
}

function limitReason({ maxCalls, signal }: CheckOptions): Reason {
  const reason = signal.aborted
    ? 'Interrupted.'
    : `The limit of ${maxCalls} calls is reached. --max-calls sets a higher one.`;
  return { kind: 'limit', reason };
}

function reportOf(operations: readonly Operation[], { done, calls }: Run): CheckReport {
  const outcomes = operations.map((operation): Outcome => {
    const { method } = operation.request;
    const unsafe: Reason = { kind: 'unsafe', reason: `${method} may change something. Only GET and HEAD are called.` };
    return done.get(operation) ?? notChecked(operation, unsafe);
  });
  return {
    contradictions: outcomes.flatMap((outcome) => ('found' in outcome ? outcome.found : [])),
    checked: outcomes.flatMap((outcome) => ('checked' in outcome ? [outcome.checked] : [])),
    notChecked: outcomes.flatMap((outcome) => ('notChecked' in outcome ? [outcome.notChecked] : [])),
    calls,
  };
}
