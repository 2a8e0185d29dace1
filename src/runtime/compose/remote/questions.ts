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

/** The result of a 2026-07-28 server that needs input first. */
export interface InputRequired {
  readonly resultType: 'input_required';
  readonly inputRequests?: Readonly<Record<string, unknown>>;
  readonly requestState?: string;
}

/** Sent in addition to a request's parameters: the client's capabilities, and later its answers. */
export interface Round {
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly inputResponses?: Readonly<Record<string, unknown>>;
  readonly requestState?: string;
}

/**
 * The capabilities of the caller, not of the connection: 2026-07-28 sends them with each request. A 2025 server
 * received them only once, so it may ask in vain.
 */
export function askable(context: CallContext): Round {
  const { elicit, sample } = context;
  const capabilities = { ...(elicit && { elicitation: { form: {} } }), ...(sample && { sampling: {} }) };
  return { _meta: { [CLIENT_CAPABILITIES_META_KEY]: capabilities, ...logLevelFor(context) } };
}

/** A server that keeps asking will not finish. */
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
  // All questions are asked before a failure counts, so the client sees all of them at once.
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

/** Why a question of a 2025 server could not be asked: its result does not say so in a form for programs. */
const inVain = new WeakMap<CallContext, Outcome | undefined>();

/** The result of a call, with the missing capability if that made it fail. */
export function withMissing(result: ToolResult, context: CallContext): ToolResult {
  const outcome = inVain.get(context);
  if (!result.isError || outcome === undefined) return result;
  return { ...result, _meta: { ...result._meta, ...outcomeMeta(outcome) } };
}

/** Forwards a server's question to the client that made the call. */
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
 * Up to 2025-11-25, a server sends its question as a separate request, which does not say which call it belongs to. It
 * is forwarded to the only call in flight; with several it is rejected, because it could reach the wrong user.
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
  // The schema allows only primitives in an answer.
  client.setRequestHandler('elicitation/create', async (request) => (await answer(request)) as { action: 'decline' });
  // Only `readonly` differs.
  client.setRequestHandler('sampling/createMessage', async (request) => (await answer(request)) as CreateMessageResult);
}
