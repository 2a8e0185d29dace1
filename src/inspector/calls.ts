import { tokensOf } from '../dev/traffic.ts';
import { CALL_EXPLANATIONS } from '../explain/call-errors.ts';
import { codeOf, isProviderError, messageOf } from '../runtime/errors.ts';
import { estimateTokens } from '../runtime/fit/count.ts';
import { outcomeOf } from '../runtime/outcome.ts';
import type { CallContext, ExchangeReport, ToolResult } from '../runtime/provider.ts';
import { resultText } from '../runtime/result-text.ts';
import type { CallAnswer, CallFailure, ShownExchange } from './api-types.ts';
import type { Hiding } from './hiding.ts';

export interface Calling {
  /** Aborted when the page no longer waits. */
  readonly signal: AbortSignal;
  readonly hide: Hiding;
  /** How the call asks the person at the page. */
  readonly elicit?: CallContext['elicit'] | undefined;
}

/** Makes a call, and describes its outcome for the page. */
export async function answered(
  { signal, hide, elicit }: Calling,
  call: (context: CallContext) => Promise<unknown>,
): Promise<CallAnswer> {
  const exchanges: ExchangeReport[] = [];
  const start = performance.now();
  const done = (rest: Pick<CallAnswer, 'result' | 'failure' | 'tokens'>): CallAnswer => ({
    ...rest,
    ms: performance.now() - start,
    exchanges: exchanges.map((exchange) => shownExchange(exchange, hide)),
  });
  try {
    const context = inspectorContext(signal, (exchange) => exchanges.push(exchange));
    const result = await call(elicit ? { ...context, elicit } : context);
    const failure = failureOf(result);
    return done({
      result: hide.data(result),
      tokens: tokensOf(result),
      ...(failure && { failure: hide.data(failure) as CallFailure }),
    });
  } catch (error) {
    const failure = thrownFailure(error);
    return done({ failure: hide.data(failure) as CallFailure, tokens: estimateTokens(failure.message) });
  }
}

let calls = 0;

/** The context of a call by the page. */
export function inspectorContext(
  signal: AbortSignal,
  onExchange: NonNullable<CallContext['onExchange']> = () => {},
): CallContext {
  calls += 1;
  return { requestId: `inspector-${calls}`, signal, progress: () => {}, log: () => {}, onExchange };
}

export function shownExchange({ request, response, ...rest }: ExchangeReport, hide: Hiding): ShownExchange {
  const { body, ...head } = request;
  return {
    ...rest,
    request: {
      ...head,
      url: hide.url(head.url),
      headers: hide.headers(head.headers),
      ...(body !== undefined && { body: shownBody(body, hide) }),
    },
    ...(response && { response: { ...response, headers: hide.headers(response.headers) } }),
  };
}

const MOST_BODY = 20_000;

function shownBody(body: string | Uint8Array, hide: Hiding): string {
  if (typeof body !== 'string') return `${body.byteLength} bytes`;
  const text = hide.body(body);
  return text.length <= MOST_BODY ? text : `${text.slice(0, MOST_BODY)}\n… ${text.length - MOST_BODY} more characters`;
}

/** `CODE: message (tool "…")`, and on further lines what to do about it. */
const FAILURE_TEXT = /^(.*?) \(tool "[^\n]*\)(?:\n(.*))?$/s;

function failureOf(result: unknown): CallFailure | undefined {
  const { isError, content = [] } = result as Partial<ToolResult>;
  if (!isError) return undefined;
  const text = resultText({ content });
  const { error: code, status } = outcomeOf(result) ?? {};
  if (status !== undefined) return { code: `HTTP ${status}`, message: text, ...explained('HTTP_STATUS') };
  if (code === undefined) return { message: text };
  const [, message, fix] = (text.startsWith(`${code}: `) && FAILURE_TEXT.exec(text.slice(code.length + 2))) || [];
  return { code, message: message ?? text, ...explained(code), ...(fix !== undefined && { fix }) };
}

function thrownFailure(error: unknown): CallFailure {
  if (!isProviderError(error)) return { message: messageOf(error) };
  const code = String(codeOf(error));
  return { code, message: messageOf(error), ...explained(code) };
}

function explained(code: string): Pick<CallFailure, 'meaning' | 'fix'> {
  const found = CALL_EXPLANATIONS.get(code);
  return found ? { meaning: found.cause, fix: found.fix } : {};
}
