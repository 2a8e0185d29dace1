import type { Operation } from '../../../model/index.ts';
import type { BackgroundCall } from '../../background-call.ts';
import { CallError } from '../../call-error.ts';
import { systemClock } from '../../clock.ts';
import { messageOf } from '../../errors.ts';
import type { HooksById } from '../hooks.ts';
import { httpOutcome } from '../outcome/http-outcome.ts';
import type { Performed, Performing } from '../perform.ts';
import { type OperationCall, performHooked } from '../perform-hooked.ts';
import type { AnswerHold } from '../read/index.ts';
import { statusName } from '../shape/status-name.ts';
import { type JobState, jobState } from './job-state.ts';
import { type StatusCall, statusCall } from './status-call.ts';

/** The response to show for a call that started a job. */
export interface FollowedJob {
  /** Whose response it is, with the tool that was called. */
  readonly operation: Operation;
  readonly performed: Performed;
  /** Full sentences. */
  readonly notes: readonly string[];
  /** The job itself has failed. */
  readonly isFailed?: boolean;
}

export interface JobOptions {
  readonly performing: Performing;
  readonly hooks: HooksById;
}

export interface Following {
  readonly called: OperationCall;
  /** The response with 202 Accepted. */
  readonly accepted: Performed;
  /** When the call has to end, as `Date.now()`. */
  readonly ends: number;
}

/** Waits between two questions, in milliseconds, where the API does not say how long. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
const GROWTH = 1.5;
/** Not less, whatever the API says. */
const SHORTEST_WAIT_MS = 100;
/** A job that was accepted a moment ago may not be found yet, and a server may be down for a moment. */
const MOST_FAILURES = 3;
/** A response that is made up, or recorded, is there at once; some never end. */
const MOST_POLLS_OFFLINE = 20;

/**
 * Asks for the status of a job that a call has started (202 Accepted, RFC 9110 §15.3.3), and waits for its end: in the
 * background if the client can come back for the result (tasks of MCP), otherwise within the time of the call, with
 * progress. `Retry-After` says how long to wait. The call is not repeated, whatever happens: what the response shows then
 * is the accepted job, and the operation to ask.
 *
 * @returns `undefined` if no operation tells the status
 */
export async function followJob(
  { called, accepted, ends }: Following,
  options: JobOptions,
  hold: AnswerHold,
): Promise<FollowedJob | undefined> {
  const { operation, context } = called;
  const { performing } = options;
  const { model, serverUrl } = performing;
  const status = statusCall({ ...accepted, model, operation, arguments: called.given, serverUrl });
  if (!status || status.operation === operation || !mayAsk(status, called)) return undefined;
  hold.release();
  const inTime = { signal: context.signal, ends, update: reporter(context) };
  const job: Job = { status, called, options, hold, ...(context.background?.() ?? inTime) };
  const end = await lastState(job, accepted);
  if ('performed' in end) return finished(end, job);
  const name = listedName(status.operation, called);
  const way = `Ask for it with ${name} ${JSON.stringify(status.arguments)}. Do not start it again.`;
  return { operation, performed: accepted, notes: [`${end.reason} ${way}`] };
}

interface Job extends BackgroundCall {
  readonly status: StatusCall;
  readonly called: OperationCall;
  readonly options: JobOptions;
  readonly hold: AnswerHold;
}

interface Ended {
  readonly performed: Performed;
  readonly state: JobState;
}

/** Polls until the job ends, or the time for it does. */
async function lastState(job: Job, accepted: Performed): Promise<Ended | { readonly reason: string }> {
  const { signal, update, ends, options } = job;
  let performed = accepted;
  let state = jobState(accepted.status, accepted.answer);
  let usual = FIRST_WAIT_MS;
  let failures = 0;
  for (let poll = 1; ; poll += 1) {
    const wait = waitOf(performed, usual, options.performing);
    update({ message: `The job ${progressText(state)}.`, pollMs: wait, poll, ...percentOf(state) });
    if (Date.now() + wait >= ends || (options.performing.offline && poll > MOST_POLLS_OFFLINE))
      return { reason: `The job ${progressText(state)}.` };
    await systemClock.sleep(wait, signal).catch(() => {
      throw cancelled(signal);
    });
    usual = Math.min(usual * GROWTH, LONGEST_WAIT_MS);
    const asked = await ask(job);
    if ('performed' in asked && asked.performed.status < 400) {
      failures = 0;
      performed = asked.performed;
      state = jobState(performed.status, performed.answer);
      if (!state.isRunning) return { performed, state };
    } else {
      failures += 1;
      if (failures >= MOST_FAILURES || !asked.mayPass)
        return { reason: `The job was started, but its status is unknown: ${asked.problem}` };
    }
  }
}

const cancelled = ({ reason }: AbortSignal): CallError =>
  new CallError('CANCELLED', 'The call was cancelled while its job was running.', { cause: reason });

type Asked =
  | { readonly performed: Performed; readonly problem: string; readonly mayPass: boolean }
  | { readonly problem: string; readonly mayPass: boolean };

async function ask({ status, called, options, hold, signal, ends }: Job): Promise<Asked> {
  const { page: _, ...context } = called.context;
  const left = Math.max(1, Math.min(options.performing.timeoutMs, ends - Date.now()));
  const { operation, arguments: given } = status;
  try {
    const performed = await performHooked(
      { operation, given, context: { ...context, signal, progress() {} } },
      { ...options, performing: { ...options.performing, timeoutMs: left } },
      hold,
    );
    hold.release();
    const { status: code } = performed;
    const mayPass = code === 404 || code === 429 || code >= 500;
    return { performed, problem: `${operation.id} was answered with ${statusName(code)}.`, mayPass };
  } catch (error) {
    hold.release();
    if (signal.aborted) throw cancelled(signal);
    return { problem: messageOf(error), mayPass: true };
  }
}

function waitOf(performed: Performed, usual: number, { offline }: Performing): number {
  if (offline) return 0;
  const { retryAfter } = httpOutcome(performed);
  return retryAfter === undefined ? usual : Math.max(SHORTEST_WAIT_MS, retryAfter * 1000);
}

function finished({ performed, state }: Ended, { status, called }: Job): FollowedJob {
  const { operation } = called;
  const { wrapped } = operation.response;
  const said = state.said === undefined ? 'has ended' : `has ended with "${state.said}"`;
  const { tool: _tool, ...asked } = status.operation;
  return {
    // The tool that was called promises its own output schema.
    operation: { ...asked, response: { ...asked.response, wrapped }, ...(operation.tool && { tool: operation.tool }) },
    performed,
    notes: [`The job ${said}. This is the response of ${listedName(status.operation, called)}.`],
    ...(state.isFailed && { isFailed: true }),
  };
}

function progressText({ said, percent }: JobState): string {
  const at = percent === undefined ? '' : ` (${percent} %)`;
  return said === undefined ? `is still running${at}` : `is still running: "${said}"${at}`;
}

const percentOf = ({ percent }: JobState) => (percent === undefined ? {} : { percent });

/** Progress of the call itself. The number has to grow: percents do not have to, so they are part of the message. */
function reporter(context: OperationCall['context']): BackgroundCall['update'] {
  return ({ message, poll }) => context.progress({ progress: poll, message });
}

/** The name of the tool as the client knows it: a mount puts a namespace before it. */
function listedName({ tool, id, request, origin }: Operation, { operation, context }: OperationCall): string {
  if (!tool) return `${request.method} ${origin.path}`;
  const own = operation.tool?.name ?? operation.id;
  const prefix = context.calledAs?.endsWith(own) ? context.calledAs.slice(0, -own.length) : '';
  return `${prefix}${tool.name ?? id}`;
}

/** A caller who lacks a scope for the status does not get it by starting a job. */
function mayAsk({ operation: { auth } }: StatusCall, { operation, context: { caller } }: OperationCall): boolean {
  if (!caller || auth.length === 0) return true;
  const held = new Set([...caller.scopes, ...operation.auth.flatMap(scopesOf)]);
  return auth.some((alternative) => scopesOf(alternative).every((scope) => held.has(scope)));
}

const scopesOf = ({ schemes }: Operation['auth'][number]): readonly string[] => schemes.flatMap(({ scopes }) => scopes);
