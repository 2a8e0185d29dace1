import { declaredHeaders, type Operation } from '../../model/index.ts';
import { outcomeMeta, withOutcome } from '../outcome.ts';
import { withPageReport } from '../page-meta.ts';
import { previewResult } from '../preview.ts';
import { type CallContext, ProviderError, type ResourceResult, type ToolResult } from '../provider.ts';
import { askHook, type HooksById, hooksOf } from './hooks.ts';
import { type FailedCall, failureOutcome, failureResult, failureText } from './outcome/failure.ts';
import { httpOutcome } from './outcome/http-outcome.ts';
import type { Performed, Performing } from './perform.ts';
import { hookedArguments, type OperationCall, performHooked } from './perform-hooked.ts';
import { AnswerHold, processBudget } from './read/index.ts';
import { forwardedHeaders } from './request/forwarded-headers.ts';
import type { SchemaCompiler } from './schema/schema-check.ts';
import {
  declaredHeaderLines,
  failedAnswerText,
  isFailure,
  judge,
  project,
  toResourceContents,
  toToolResult,
} from './shape/index.ts';

/** The calls of an API's tools and resources. Loaded on the first call, because lists do not need it. */
export interface Calls {
  callOperation(operation: Operation, given: Arguments, context: CallContext): Promise<ToolResult>;
  /** @throws ProviderError `READ_FAILED`; `INVALID_ARGUMENTS` if the values in the URI are invalid */
  readOperation(uri: string, operation: Operation, given: Arguments, context: CallContext): Promise<ResourceResult>;
}

type Arguments = Readonly<Record<string, unknown>>;

export interface CallsOptions {
  readonly performing: Performing;
  readonly hooks: HooksById;
  readonly maxResultBytes: number;
  readonly isResultLimitChosen?: boolean;
  readonly compileSchema: SchemaCompiler;
}

export function createCalls(options: CallsOptions): Calls {
  return {
    callOperation: (operation, given, context) => callOperation({ operation, given, context }, options),
    async readOperation(uri, operation, given, context) {
      const hold = new AnswerHold(processBudget());
      try {
        return resourceOf(uri, operation, await performedRead({ operation, given, context }, options, hold));
      } finally {
        hold.release();
      }
    },
  };
}

async function callOperation(called: OperationCall, options: CallsOptions): Promise<ToolResult> {
  const asked = atPosition(called);
  const { operation, context } = asked;
  const { performing, hooks, maxResultBytes, compileSchema } = options;
  const toolName = context.calledAs ?? operation.tool?.name ?? operation.id;
  const call = { toolName, method: operation.request.method };
  if (context.preview) return previewed(asked, options, call);
  const hold = new AnswerHold(processBudget());
  const ends = Date.now() + performing.timeoutMs;
  let performed: Performed | undefined;
  try {
    performed = await performHooked(asked, options, hold);
    const job =
      performed.status === ACCEPTED
        ? await followed({ called: asked, accepted: performed, ends }, options, hold)
        : undefined;
    performed = job?.performed ?? performed;
    const answered = job?.operation ?? operation;
    const { projection } = answered.response;
    const whole = projection === undefined || isFailure(performed.status);
    const shaped = await toToolResult({
      ...performed,
      answer: whole ? performed.answer : project(performed.answer, projection),
      operation: answered,
      toolName,
      // What is read of a response has its own limit. Texts and structured content together are twice the size.
      maxResultBytes: context.uncut && !options.isResultLimitChosen ? 2 * performing.maxAnswerBytes : maxResultBytes,
      extraNotes: job?.notes ?? [],
      resourceUri: operation.resource?.uri,
      compileSchema,
    });
    const result = job?.isFailed ? { ...shaped, isError: true } : shaped;
    hold.release();
    const { after } = hooksOf(hooks, operation);
    const shown = after ? await askHook('after', () => after(result, context)) : result;
    return context.page ? await withPages(shown, performed, asked, performing) : shown;
  } catch (error) {
    return failureResult(concealed(error, context, performing), performed ? { ...call, url: performed.url } : call);
  } finally {
    hold.release();
  }
}

/** Loaded for the first job: most APIs start none. */
async function followed(...job: Parameters<FollowJob>): ReturnType<FollowJob> {
  return (await import('./jobs/follow-job.ts')).followJob(...job);
}

type FollowJob = typeof import('./jobs/follow-job.ts').followJob;

/** RFC 9110 §15.3.3. */
const ACCEPTED = 202;

/** The call at the position of its context. */
function atPosition(called: OperationCall): OperationCall {
  const { at } = called.context.page ?? {};
  return at && 'arguments' in at ? { ...called, given: { ...called.given, ...at.arguments } } : called;
}

/** The result with what the response says about the next page. Hooks and projections do not hide it. */
async function withPages(
  result: ToolResult,
  performed: Performed,
  { operation, given }: OperationCall,
  { model, serverUrl }: Performing,
): Promise<ToolResult> {
  const server = serverUrl(operation);
  if (result.isError || 'problem' in server) return result;
  const { pageReport } = await import('./paging/next-page.ts');
  const answer = performed.unshaped ?? performed.answer;
  const paged = { ...performed, answer, operation, schemas: model.schemas, arguments: given, serverUrl: server.url };
  return withPageReport(result, pageReport(paged));
}

/** The request that the call would send, as a result. */
async function previewed(
  asked: OperationCall,
  { performing, hooks }: CallsOptions,
  call: FailedCall,
): Promise<ToolResult> {
  const { operation, context } = asked;
  try {
    const loading = import('./preview-request.ts');
    const [{ previewRequest }, used] = await Promise.all([loading, hookedArguments(asked, hooks)]);
    return previewResult(await previewRequest({ operation, arguments: used }, context, performing));
  } catch (error) {
    return failureResult(concealed(error, context, performing), call);
  }
}

/** Nothing has been fetched that the error could reveal, except tokens of earlier calls. */
function concealed(error: unknown, context: CallContext, performing: Performing): unknown {
  const headers = forwardedHeaders(performing.forwardHeaders, context);
  return performing.concealers({ tokens: {}, headers }).error(error);
}

async function performedRead(asked: OperationCall, options: CallsOptions, hold: AnswerHold): Promise<Performed> {
  const { operation, context } = asked;
  try {
    return await performHooked(asked, options, hold);
  } catch (error) {
    const { method } = operation.request;
    const outcome = failureOutcome(error);
    const code = REFUSED.has(outcome.error ?? '') ? 'INVALID_ARGUMENTS' : 'READ_FAILED';
    const text = failureText(concealed(error, context, options.performing), { toolName: operation.id, method });
    throw withOutcome(new ProviderError(code, text), outcome);
  }
}

/** @throws ProviderError if the API responded with an error */
function resourceOf(uri: string, operation: Operation, performed: Performed): ResourceResult {
  const outcome = httpOutcome(performed);
  const declared = declaredHeaders(operation.response, performed.status);
  if (isFailure(performed.status)) {
    const { method } = operation.request;
    const text = failedAnswerText({ ...performed, declared, method, of: `resource "${uri}"` });
    throw withOutcome(new ProviderError('READ_FAILED', text), outcome);
  }
  const { answer } = performed;
  const { flaw, notes } = judge(answer, operation);
  const told = [...answer.notes, ...notes, ...declaredHeaderLines(performed.headers, declared)];
  const contents = toResourceContents({ ...answer, notes: told }, uri, operation.resource?.mimeType);
  const isTold = outcome.cacheControl !== undefined || flaw;
  return { contents, ...(isTold && { _meta: outcomeMeta({ ...outcome, ...(flaw && { flaw }) }) }) };
}

/** Invalid arguments: no request was sent. */
const REFUSED: ReadonlySet<string> = new Set(['INVALID_ARGUMENTS', 'UNSAFE_ARGUMENT']);
