import {
  CLIENT_CAPABILITIES_META_KEY,
  type CreateMessageRequestParams,
  type ElicitRequestFormParams,
  type InputRequests,
  type InputRequiredResult,
  inputRequired,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isRecord } from '../../is-record.ts';
import { OptionError } from '../../options/option-error.ts';
import type { CallContext, ElicitAnswer, ElicitRequest, Root, SampleAnswer, SampleRequest } from '../../provider.ts';
import { parsedJson } from '../../text/parsed-json.ts';
import type { Invitation } from './caller-tokens.ts';
import { formMisfit } from './form-content.ts';
import { invalidParams } from './protocol-error.ts';
import { hasDeclaredUrls, opensUrls, questionKey, requireUrls } from './url-elicitation.ts';

/** A question waits for a person, so it has a much longer time limit than a request to a program. */
const ANSWER_TIMEOUT_MS = 600_000;

/** Questions to the client, asked during one call. */
export interface Questions {
  /** The client's capabilities for questions. */
  readonly asking: Pick<CallContext, 'elicit' | 'sample' | 'roots'>;
  /**
   * The response to send instead of the result: questions are open, and the client calls again with the answers.
   *
   * @param invitations pages that the user has to open first
   * @throws UrlElicitationRequiredError for them, if the client has another way to call again
   */
  open(invitations: readonly Invitation[]): Promise<InputRequiredResult | undefined>;
}

/** How questions are asked in the protocol era of this request. */
export function questionsOf(server: Server, ctx: ServerContext): Questions {
  const modern = ctx.mcpReq.envelope !== undefined;
  // 2025: declared once, in `initialize`; an instance for a single HTTP request never receives it.
  const capabilities = modern
    ? (ctx.mcpReq.envelope as Record<string, unknown>)[CLIENT_CAPABILITIES_META_KEY]
    : server.getClientCapabilities();
  const {
    elicitation,
    sampling,
    roots: folders,
  } = (capabilities ?? {}) as {
    readonly elicitation?: object;
    readonly sampling?: object;
    readonly roots?: object;
  };
  const fillsForms = elicitation !== undefined && takesForms(elicitation);
  const opens = opensUrls(capabilities) || (!modern && hasDeclaredUrls(ctx.http?.req));
  if (!fillsForms && sampling === undefined && folders === undefined && !opens) return NO_QUESTIONS;
  const { elicit, sample, roots, open } = modern ? roundTrips(ctx) : requests(server, ctx);
  return {
    asking: {
      ...(fillsForms && { elicit }),
      ...(sampling !== undefined && { sample }),
      ...(folders !== undefined && { roots }),
    },
    open: (invitations) => open(opens ? invitations : []),
  };
}

const NO_QUESTIONS: Questions = { asking: {}, open: async () => undefined };

/** An empty `elicitation` means forms; one that lists modes must include `form`. */
function takesForms(modes: object): boolean {
  return Object.keys(modes).length === 0 || 'form' in modes;
}

type Means = Required<Questions['asking']> & Pick<Questions, 'open'>;

/** 2025-11-25: the server sends its own request and waits. */
function requests(server: Server, ctx: ServerContext): Means {
  const { id: relatedRequestId, signal } = ctx.mcpReq;
  const options = { timeout: ANSWER_TIMEOUT_MS, relatedRequestId, signal };
  return {
    elicit: async (request) => answerOf(await ctx.mcpReq.elicitInput(formOf(request), options)),
    sample: async (request) => sampleOf(await ctx.mcpReq.requestSampling(samplingOf(request), options)),
    roots: async () => rootsOf(await server.listRoots(undefined, options)),
    async open(invitations) {
      return invitations.length === 0 ? undefined : requireUrls(invitations);
    },
  };
}

/**
 * 2026-07-28: the server cannot send requests (multi round-trip requests). The first question ends the call with a
 * result that asks the client, who calls again with the answer: the call runs again, and this time the question finds
 * its answer. Answers of earlier rounds come back in `requestState`, which is not signed, because it contains only the
 * client's own answers. An answer is matched by its question, so an answer to another question is ignored; under an
 * explicit key, the last answer wins. Questions asked concurrently are sent together.
 */
function roundTrips(ctx: ServerContext): Means {
  const answers = { ...stateOf(ctx.mcpReq.requestState()), ...ctx.mcpReq.inputResponses };
  /** By the position at which each was asked: their keys may arrive in another order. */
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
    roots: async ({ key } = {}) => rootsOf(await ask(key, inputRequired.listRoots())),
    async open(invitations) {
      // The first of several ends the call, possibly before the others have their keys.
      await Promise.allSettled(asking);
      // Asked once: who has declined, or needs longer than the call waits, finds the link in the result.
      const unanswered = invitations.filter((one) => !Object.hasOwn(answers, questionKey(one)));
      const visits = unanswered.map((one) => {
        const { message, url } = one;
        return [questionKey(one), inputRequired.elicitUrl({ message, url })] as const;
      });
      if (asked.length === 0 && visits.length === 0) return undefined;
      const inputRequests = Object.fromEntries([...Object.values(asked), ...visits]);
      return inputRequired({ inputRequests, requestState: JSON.stringify(answers) });
    },
  };
}

/** Ends a call whose question goes to the client. Catching it does no harm: the question stays open. */
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
  // The SDK's type spells out the flat object of primitives that ElicitRequest documents.
  requestedSchema: requestedSchema as unknown as ElicitRequestFormParams['requestedSchema'],
});

/** The SDK's type differs only in `readonly`. */
const samplingOf = ({ key: _, ...request }: SampleRequest) => request as unknown as CreateMessageRequestParams;

async function keyOf(position: number, question: InputRequests[string]): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(question));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  const hex = Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  return `question-${position}-${hex.join('')}`;
}

function stateOf(state: unknown): Record<string, unknown> {
  if (state === undefined) return {};
  const value = parsedJson(String(state));
  if (isRecord(value)) return { ...value };
  // Not ours.
  throw invalidParams('Unknown requestState.');
}

function answerOf(value: unknown): ElicitAnswer {
  // Content is optional (MCP, ElicitResult): there is none if only consent was requested.
  const { action, content = {} } = (value ?? {}) as { readonly action?: unknown; readonly content?: unknown };
  if (action === 'decline' || action === 'cancel') return { action };
  if (action === 'accept' && typeof content === 'object' && content !== null)
    return { action, content: { ...content } };
  throw invalidParams('The answer to the question is not an elicitation result.');
}

function sampleOf(value: unknown): SampleAnswer {
  const { role, content, model, stopReason } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if ((role === 'user' || role === 'assistant') && isRecord(content) && typeof model === 'string') {
    // The SDK has checked that it is one of three block types, here and in 2026-07-28.
    const answer: SampleAnswer = { role, content: content as SampleAnswer['content'], model };
    return typeof stopReason === 'string' ? { ...answer, stopReason } : answer;
  }
  throw invalidParams('The answer to the question is not a sampling result.');
}

function rootsOf(value: unknown): readonly Root[] {
  const { roots } = (value ?? {}) as { readonly roots?: unknown };
  if (Array.isArray(roots) && roots.every((root) => typeof root?.uri === 'string')) return roots;
  throw invalidParams('The answer to the question is not a list of roots.');
}

function assertFits({ requestedSchema }: ElicitRequest, content: Readonly<Record<string, unknown>>): void {
  const misfit = formMisfit(requestedSchema, content);
  if (misfit !== undefined) throw invalidParams(`The answer does not match the question’s schema: ${misfit}.`);
}
