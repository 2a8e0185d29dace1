import { isProviderError, isQuestionAsked, isToolError, messageOf } from '../errors.ts';
import { declareOptions } from '../options/declare-options.ts';
import { func, required } from '../options/option-kinds.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import type { ProviderErrorCode, ToolResult } from '../provider.ts';
import { resultText } from '../result-text.ts';
import type { Call, Middleware } from './middleware.ts';
import { refused } from './refused.ts';
import { subject } from './subject.ts';

export interface MaskErrorsOptions {
  /** Receives the original errors. */
  readonly onError: (error: Error) => void;
  /**
   * Which failures of tools and reads to show unchanged. Default: those thrown for the model (`ToolError`), those that
   * it can fix (invalid arguments, 4xx responses of an API), and those that say when to retry.
   */
  readonly shows?: (outcome: Outcome) => boolean;
}

const checked = declareOptions<MaskErrorsOptions>(
  'maskErrors()',
  { onError: required(func), shows: func },
  { example: 'maskErrors({ onError: (error) => console.error(error) })' },
);

/**
 * Hides the details of errors from clients: stacks, host names and upstream errors. A `ToolError`, from a handler or
 * other middleware, is meant for the model and is shown.
 *
 * ```ts
 * server.use(maskErrors({ onError: (error) => log.error(error) }));
 * ```
 */
export function maskErrors(options: MaskErrorsOptions): Middleware {
  const { onError, shows = isMendable } = checked(options);
  const isShown = (outcome: Outcome | undefined) => outcome !== undefined && shows(outcome);

  return async function maskErrors(call, next) {
    try {
      const answer = await next(call);
      if (!('isError' in answer) || !answer.isError || isShown(outcomeOf(answer))) return answer;
      onError(new Error(`${subject(call)}: ${resultText(answer)}`));
      return masked(call, outcomeOf(answer));
    } catch (error) {
      if (call.signal.aborted || isMeant(error) || isShown(outcomeOf(error))) throw error;
      onError(new Error(`${subject(call)}: ${messageOf(error)}`, { cause: error }));
      return masked(call, outcomeOf(error));
    }
  };
}

/** The request id lets the owner find the original error in the log. */
function masked(call: Call, outcome: Outcome | undefined): ToolResult {
  return refused(call, `${subject(call)} failed${call.requestId ? ` (request ${call.requestId})` : ''}.`, outcome);
}

const MENDABLE: ReadonlySet<string> = new Set([
  'TOOL_ERROR',
  'INVALID_ARGUMENTS',
  'UNSAFE_ARGUMENT',
  'FILE_REFUSED',
  'ANSWER_TOO_LARGE',
  'RATE_LIMITED',
  'CIRCUIT_OPEN',
  'BUSY',
  'CONFIRMATION_REQUIRED',
  'DECLINED',
]);

function isMendable({ status, error }: Outcome): boolean {
  if (status !== undefined) return status >= 400 && status < 500 && status !== 401 && status !== 403;
  return error !== undefined && MENDABLE.has(error);
}

const WRONG_REQUEST: ReadonlySet<ProviderErrorCode> = new Set([
  'TOOL_NOT_FOUND',
  'RESOURCE_NOT_FOUND',
  'PROMPT_NOT_FOUND',
  'INVALID_ARGUMENTS',
]);

function isMeant(error: unknown): boolean {
  if (isProviderError(error)) return WRONG_REQUEST.has(error.code);
  return isToolError(error) || isQuestionAsked(error);
}
