import {
  CLIENT_CAPABILITIES_META_KEY,
  type ElicitRequestFormParams,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { ElicitAnswer, ElicitRequest } from '../provider.ts';
import { formMisfit } from './form-content.ts';

/** People answer, so a question waits far longer than a request to a program. */
const ANSWER_TIMEOUT_MS = 600_000;

/** Questions to the person behind the client, asked while one call runs. */
export interface Questions {
  ask(request: ElicitRequest): Promise<ElicitAnswer>;
  /** What to answer instead of the result: questions are open, and the client calls again with the answers. */
  open(): InputRequiredResult | undefined;
}

/** How questions are asked in the era of this request; `undefined` where the client cannot. */
export function questionsOf(server: Server, ctx: ServerContext): Questions | undefined {
  const modern = ctx.mcpReq.envelope !== undefined;
  // 2025: declared once, by `initialize`; an instance that serves one HTTP request only never saw it.
  const capabilities = modern
    ? (ctx.mcpReq.envelope as Record<string, unknown>)[CLIENT_CAPABILITIES_META_KEY]
    : server.getClientCapabilities();
  if (!canFillForms(capabilities)) return undefined;
  return modern ? roundTrips(ctx) : requests(ctx);
}

/** An empty `elicitation` means forms; one that names modes must name `form`. */
function canFillForms(capabilities: unknown): boolean {
  const modes = (capabilities as { readonly elicitation?: object } | undefined)?.elicitation;
  return modes !== undefined && (Object.keys(modes).length === 0 || 'form' in modes);
}

/** 2025-11-25: the server sends a request of its own and waits. */
function requests(ctx: ServerContext): Questions {
  return {
    ask: async (request) => {
      const { id: relatedRequestId, signal } = ctx.mcpReq;
      const options = { timeout: ANSWER_TIMEOUT_MS, relatedRequestId, signal };
      return answerOf(await ctx.mcpReq.elicitInput(formOf(request), options));
    },
    open: () => undefined,
  };
}

/**
 * 2026-07-28: the server cannot send requests (multi round-trip requests). So the first `ask` ends the call with an
 * error, the client is told the question, and calls again with the answer: the call runs anew and this time `ask`
 * finds it. Answers of earlier rounds come back in `requestState`. That is not signed, as it holds nothing but the
 * client's own answers, which it could give differently anyway. An answer is found by its question, so one that was
 * given to another question does not count.
 */
function roundTrips(ctx: ServerContext): Questions {
  const answers = { ...stateOf(ctx.mcpReq.requestState()), ...ctx.mcpReq.inputResponses };
  const asked: InputRequests = {};
  let count = 0;
  return {
    ask: async (request) => {
      const key = await keyOf(++count, request);
      if (!Object.hasOwn(answers, key)) {
        asked[key] = inputRequired.elicit(formOf(request));
        throw new QuestionAsked();
      }
      const answer = answerOf(answers[key]);
      if (answer.action === 'accept') assertFits(request, answer.content);
      return answer;
    },
    open: () =>
      Object.keys(asked).length
        ? inputRequired({ inputRequests: asked, requestState: JSON.stringify(answers) })
        : undefined,
  };
}

/** Unwinds a call whose question goes to the client. Whoever catches it does no harm: the question stays open. */
class QuestionAsked extends Error {
  override readonly name = 'QuestionAsked';
  readonly code = 'QUESTION_ASKED';
  constructor() {
    super('The client is being asked; the call runs again with the answer.');
  }
}

const formOf = ({ message, requestedSchema }: ElicitRequest): ElicitRequestFormParams => ({
  mode: 'form',
  message,
  // The SDK's type spells out the flat object of primitives that ElicitRequest promises in words.
  requestedSchema: requestedSchema as unknown as ElicitRequestFormParams['requestedSchema'],
});

async function keyOf(position: number, { message, requestedSchema }: ElicitRequest): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify([message, requestedSchema]));
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
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The requestState is not one that this server gave.');
}

function answerOf(value: unknown): ElicitAnswer {
  const { action, content } = (value ?? {}) as { readonly action?: unknown; readonly content?: unknown };
  if (action === 'decline' || action === 'cancel') return { action };
  if (action === 'accept' && typeof content === 'object' && content !== null)
    return { action, content: { ...content } };
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The answer to the question is not an elicitation result.');
}

function assertFits({ requestedSchema }: ElicitRequest, content: Readonly<Record<string, unknown>>): void {
  const misfit = formMisfit(requestedSchema, content);
  if (misfit === undefined) return;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The answer does not fit the question’s schema: ${misfit}.`);
}
