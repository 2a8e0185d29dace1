import { CLIENT_CAPABILITIES_META_KEY, type Client, type CreateMessageResult } from '@modelcontextprotocol/client';
import { type Outcome, outcomeMeta, outcomeOf } from '../../outcome.ts';
import type {
  CallContext,
  ElicitAnswer,
  ElicitRequest,
  SampleAnswer,
  SampleRequest,
  ToolResult,
} from '../../provider.ts';
import { missingCapability, ToolError } from '../../tool-error.ts';
import { logLevelFor } from './logs.ts';

/** What a server of 2026-07-28 answers when it needs something first. */
export interface InputRequired {
  readonly resultType: 'input_required';
  readonly inputRequests?: Readonly<Record<string, unknown>>;
  readonly requestState?: string;
}

/** What is sent beside the parameters of a request: what the client can be asked, and again with its answers. */
export interface Round {
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly inputResponses?: Readonly<Record<string, unknown>>;
  readonly requestState?: string;
}

/**
 * Who calls, not who connected, is who can be asked: 2026-07-28 tells that with each request. To a server of 2025 it was
 * told once, so that one may ask in vain.
 */
export function askable(context: CallContext): Round {
  const { elicit, sample } = context;
  const capabilities = { ...(elicit && { elicitation: { form: {} } }), ...(sample && { sampling: {} }) };
  return { _meta: { [CLIENT_CAPABILITIES_META_KEY]: capabilities, ...logLevelFor(context) } };
}

/** A server that keeps asking is not going to end. */
const MAX_ROUNDS = 10;

export function isInputRequired(result: unknown): result is InputRequired {
  return (result as { readonly resultType?: unknown } | null | undefined)?.resultType === 'input_required';
}

/** Sends a request, and sends it again with the client's answers as long as the server asks. */
export async function answering<Result>(
  label: string,
  context: CallContext,
  send: (round: Round) => Promise<Result | InputRequired>,
): Promise<Result> {
  let round: Round = {};
  for (let count = 0; count < MAX_ROUNDS; count++) {
    const result = await send(round);
    if (!isInputRequired(result)) return result;
    round = {
      inputResponses: await answersTo(label, result.inputRequests ?? {}, context),
      ...(result.requestState !== undefined && { requestState: result.requestState }),
    };
  }
  throw new ToolError(`The MCP server "${label}" asked ${MAX_ROUNDS} questions without returning a result.`);
}

async function answersTo(label: string, requests: Readonly<Record<string, unknown>>, context: CallContext) {
  const keys = Object.keys(requests);
  // All are asked before one failure counts: a client that has to be asked first is then asked everything at once.
  const answers = await Promise.allSettled(keys.map(async (key) => ask(label, requests[key], context)));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed) throw failed.reason;
  return Object.fromEntries(
    keys.map((key, index) => {
      const answer = answers[index];
      return [key, answer?.status === 'fulfilled' ? answer.value : undefined];
    }),
  );
}

/** Why a question of the call could not be put, where a server of 2025 sent it: its result does not say so to programs. */
const inVain = new WeakMap<CallContext, Outcome | undefined>();

/** The result of a call, with what was missing where it failed for that. */
export function withMissing(result: ToolResult, context: CallContext): ToolResult {
  const outcome = inVain.get(context);
  if (!result.isError || outcome === undefined) return result;
  return { ...result, _meta: { ...result._meta, ...outcomeMeta(outcome) } };
}

/** Puts a server's question to the client that called. */
async function ask(label: string, request: unknown, context: CallContext): Promise<ElicitAnswer | SampleAnswer> {
  const { method, params } = (request ?? {}) as { readonly method?: unknown; readonly params?: unknown };
  switch (method) {
    case 'elicitation/create':
      return elicit(label, params as ElicitRequest & { readonly mode?: string }, context);
    case 'sampling/createMessage':
      return sample(label, params as SampleRequest, context);
    default:
      throw new ToolError(`The MCP server "${label}" requests ${String(method)}, which cannot be forwarded.`);
  }
}

function elicit(label: string, form: ElicitRequest & { readonly mode?: string }, context: CallContext) {
  const { message, requestedSchema, mode = 'form' } = form;
  if (mode !== 'form') {
    throw new ToolError(
      `The MCP server "${label}" asks the user to visit a page, which cannot be forwarded: “${message}”`,
    );
  }
  if (!context.elicit) {
    throw missingCapability(
      'elicitation',
      `The MCP server "${label}" asks the user, but the client does not support elicitation: “${message}”`,
    );
  }
  return context.elicit({ message, requestedSchema });
}

function sample(label: string, request: SampleRequest, context: CallContext) {
  if (context.sample) return context.sample(request);
  const missing = `The MCP server "${label}" asks for sampling, but the client does not support it.`;
  throw missingCapability('sampling', missing);
}

/**
 * Up to 2025-11-25 a server sends its question as a request of its own, which does not say what call it belongs to. It
 * goes to the only call in flight; with several it is refused, for it could reach the wrong person.
 */
export function answerRequests(client: Client, label: string, calls: ReadonlySet<CallContext>): void {
  const answer = async (request: unknown) => {
    const [call, ...others] = calls;
    if (call && others.length === 0) {
      return ask(label, request, call).catch((error: unknown) => {
        inVain.set(call, outcomeOf(error));
        throw error;
      });
    }
    throw new Error(
      `The question cannot be forwarded: ${call ? 'several calls are' : 'no call is'} in flight, and the protocol version does not say which one it belongs to.`,
    );
  };
  // An answer holds what its schema asked for: primitives.
  client.setRequestHandler('elicitation/create', async (request) => (await answer(request)) as { action: 'decline' });
  // Only `readonly` differs.
  client.setRequestHandler('sampling/createMessage', async (request) => (await answer(request)) as CreateMessageResult);
}
