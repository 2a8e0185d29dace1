import {
  CLIENT_CAPABILITIES_META_KEY,
  type CreateMessageRequestParams,
  type ElicitRequestFormParams,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { OptionError } from '../options/option-error.ts';
import type { CallContext, ElicitAnswer, ElicitRequest, SampleAnswer, SampleRequest } from '../provider.ts';
import { formMisfit } from './form-content.ts';

/** People answer, or allow a model to, so a question waits far longer than a request to a program. */
const ANSWER_TIMEOUT_MS = 600_000;

/** Questions to the client, asked while one call runs. */
export interface Questions {
  /** What the client can be asked. */
  readonly asking: Pick<CallContext, 'elicit' | 'sample'>;
  /** What to answer instead of the result: questions are open, and the client calls again with the answers. */
  open(): Promise<InputRequiredResult | undefined>;
}

/** How questions are asked in the era of this request. */
export function questionsOf(server: Server, ctx: ServerContext): Questions {
  const modern = ctx.mcpReq.envelope !== undefined;
  // 2025: declared once, by `initialize`; an instance that serves one HTTP request only never saw it.
  const capabilities = modern
    ? (ctx.mcpReq.envelope as Record<string, unknown>)[CLIENT_CAPABILITIES_META_KEY]
    : server.getClientCapabilities();
  const { elicitation, sampling } = (capabilities ?? {}) as {
    readonly elicitation?: object;
    readonly sampling?: object;
  };
  const fillsForms = elicitation !== undefined && takesForms(elicitation);
  if (!fillsForms && sampling === undefined) return NO_QUESTIONS;
  const { elicit, sample, open } = modern ? roundTrips(ctx) : requests(ctx);
  return { asking: { ...(fillsForms && { elicit }), ...(sampling !== undefined && { sample }) }, open };
}

const NO_QUESTIONS: Questions = { asking: {}, open: async () => undefined };

/** An empty `elicitation` means forms; one that names modes must name `form`. */
function takesForms(modes: object): boolean {
  return Object.keys(modes).length === 0 || 'form' in modes;
}

type Means = Required<Questions['asking']> & Pick<Questions, 'open'>;

/** 2025-11-25: the server sends a request of its own and waits. */
function requests(ctx: ServerContext): Means {
  const { id: relatedRequestId, signal } = ctx.mcpReq;
  const options = { timeout: ANSWER_TIMEOUT_MS, relatedRequestId, signal };
  return {
    elicit: async (request) => answerOf(await ctx.mcpReq.elicitInput(formOf(request), options)),
    sample: async (request) => sampleOf(await ctx.mcpReq.requestSampling(samplingOf(request), options)),
    open: async () => undefined,
  };
}

/**
 * 2026-07-28: the server cannot send requests (multi round-trip requests). So the first question ends the call with an
 * error, the client is told the question, and calls again with the answer: the call runs anew and this time the
 * question finds it. Answers of earlier rounds come back in `requestState`. That is not signed, as it holds nothing but
 * the client's own answers, which it could give differently anyway. An answer is found by its question, so one that was
 * given to another question does not count; under a key that the question was given, the last answer counts. Questions
 * that are asked at the same time go out at the same time.
 */
function roundTrips(ctx: ServerContext): Means {
  const answers = { ...stateOf(ctx.mcpReq.requestState()), ...ctx.mcpReq.inputResponses };
  /** At the position at which each was asked: their keys may be there in another order. */
  const asked: [key: string, question: InputRequests[string]][] = [];
  const keys = new Set<string>();
  const asking = new Set<Promise<unknown>>();
  let count = 0;
  const put = async (own: string | undefined, question: InputRequests[string]): Promise<unknown> => {
    const position = asking.size;
    const key = own ?? (await keyOf(++count, question));
    if (keys.has(key)) throw new OptionError(`Two questions in the same call have the key "${key}".`);
    keys.add(key);
    if (Object.hasOwn(answers, key)) return answers[key];
    asked[position] = [key, question];
    throw new QuestionAsked();
  };
  const ask = (key: string | undefined, question: InputRequests[string]): Promise<unknown> => {
    const answer = put(key, question);
    asking.add(answer);
    return answer;
  };
  return {
    elicit: async (request) => {
      const answer = answerOf(await ask(request.key, inputRequired.elicit(formOf(request))));
      if (answer.action === 'accept') assertFits(request, answer.content);
      return answer;
    },
    sample: async (request) => sampleOf(await ask(request.key, inputRequired.createMessage(samplingOf(request)))),
    async open() {
      // The first of several ends the call, perhaps before the others have their keys.
      await Promise.allSettled(asking);
      if (asked.length === 0) return undefined;
      const inputRequests = Object.fromEntries(Object.values(asked));
      return inputRequired({ inputRequests, requestState: JSON.stringify(answers) });
    },
  };
}

/** Unwinds a call whose question goes to the client. Whoever catches it does no harm: the question stays open. */
class QuestionAsked extends Error {
  override readonly name = 'QuestionAsked';
  readonly code = 'QUESTION_ASKED';
  constructor() {
    super('Waiting for input from the client; the call runs again with the answer.');
  }
}

const formOf = ({ message, requestedSchema }: ElicitRequest): ElicitRequestFormParams => ({
  mode: 'form',
  message,
  // The SDK's type spells out the flat object of primitives that ElicitRequest promises in words.
  requestedSchema: requestedSchema as unknown as ElicitRequestFormParams['requestedSchema'],
});

/** The SDK's type differs in `readonly` only. */
const samplingOf = ({ key: _, ...request }: SampleRequest) => request as unknown as CreateMessageRequestParams;

async function keyOf(position: number, question: InputRequests[string]): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(question));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  const hex = Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  return `question-${position}-${hex.join('')}`;
}

function stateOf(state: unknown): Record<string, unknown> {
  if (state === undefined) return {};
  try {
    const value: unknown = JSON.parse(String(state));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Not ours: told below.
  }
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown requestState.');
}

function answerOf(value: unknown): ElicitAnswer {
  // Content may be left out (MCP, ElicitResult): where nothing but consent was asked for, there is none.
  const { action, content = {} } = (value ?? {}) as { readonly action?: unknown; readonly content?: unknown };
  if (action === 'decline' || action === 'cancel') return { action };
  if (action === 'accept' && typeof content === 'object' && content !== null)
    return { action, content: { ...content } };
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The answer to the question is not an elicitation result.');
}

function sampleOf(value: unknown): SampleAnswer {
  const { role, content, model, stopReason } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isBlock = typeof content === 'object' && content !== null && !Array.isArray(content);
  if ((role === 'user' || role === 'assistant') && isBlock && typeof model === 'string') {
    // A block of one of three types: the SDK has checked it, here and in 2026-07-28.
    const answer: SampleAnswer = { role, content: content as SampleAnswer['content'], model };
    return typeof stopReason === 'string' ? { ...answer, stopReason } : answer;
  }
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The answer to the question is not a sampling result.');
}

function assertFits({ requestedSchema }: ElicitRequest, content: Readonly<Record<string, unknown>>): void {
  const misfit = formMisfit(requestedSchema, content);
  if (misfit === undefined) return;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `The answer does not match the question’s schema: ${misfit}.`,
  );
}
