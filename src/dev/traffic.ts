import { estimateTokens } from '../runtime/fit/count.ts';
import type { Answer, Middleware } from '../runtime/middleware/middleware.ts';
import { type Observation, observed } from '../runtime/middleware/observe.ts';
import { hiddenJson, REDACTED, type Redaction, redaction, SECRET_KEYS } from '../runtime/middleware/redaction.ts';
import type { ExchangeReport, ToolResult } from '../runtime/provider.ts';

/** A finished call of a tool, resource or prompt, with what it sent to APIs. Without secrets. */
export interface TrafficEntry extends Observation {
  /** Counts from 1. */
  readonly id: number;
  readonly exchanges: readonly ExchangeReport[];
  /** The parameters and the result, with secrets replaced. */
  readonly params: unknown;
  readonly answer?: unknown;
  /** About how many tokens the result costs a model. */
  readonly tokens: number;
}

/** The latest calls of a server. */
export interface Traffic {
  /** Observes the calls of the provider that it wraps. */
  readonly middleware: Middleware;
  /** The latest, oldest first. */
  entries(): readonly TrafficEntry[];
  /** Calls back after each call. Returns a function that unsubscribes. */
  onEntry(listener: (entry: TrafficEntry) => void): () => void;
}

export interface TrafficOptions {
  /** Strings to hide, read at each call: they change with what is served. */
  readonly secrets: () => readonly string[];
  /** How many entries are kept. Default 200. */
  readonly most?: number;
  /** Observe lists and completions too; of their results, only the size is kept. Default false. */
  readonly lists?: boolean;
}

const CALLS: ReadonlySet<string> = new Set(['tools/call', 'resources/read', 'prompts/get']);

/** Whether it is a call, and not a list or a completion. */
export const isCall = ({ method }: Pick<TrafficEntry, 'method'>): boolean => CALLS.has(method);

/** Keeps the latest calls in memory. */
export function createTraffic({ secrets, most = 200, lists = false }: TrafficOptions): Traffic {
  const kept: TrafficEntry[] = [];
  const listeners = new Set<(entry: TrafficEntry) => void>();
  let count = 0;
  const hiding = madeFor(secrets, (listed) => redaction({ secrets: listed }));
  const add = (entry: Omit<TrafficEntry, 'id'>) => {
    count += 1;
    const numbered = { id: count, ...entry };
    kept.push(numbered);
    if (kept.length > most) kept.shift();
    for (const listener of listeners) listener(numbered);
  };
  return {
    entries: () => [...kept],
    onEntry(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async middleware(call, next) {
      if (!isCall(call) && !lists) return next(call);
      const exchanges: ExchangeReport[] = [];
      const onExchange = (exchange: ExchangeReport) => {
        exchanges.push(exchange);
        call.onExchange?.(exchange);
      };
      const watched = (passed: typeof call) => next({ ...passed, onExchange });
      return observed(call, { next: watched as typeof next, clock: Date }, ({ error, ...observation }, answer) => {
        const hide = hiding();
        add({
          ...observation,
          exchanges: exchanges.map((exchange) => hiddenExchange(exchange, hide)),
          params: hide.value(call.params),
          ...(error !== undefined && { error: hide.text(error) }),
          ...(answer !== undefined && { answer: shown(answer, hide) }),
          tokens: answer === undefined ? 0 : tokensOf(answer),
        });
      });
    },
  };
}

/** Reads the secrets at each use, because they change with what is served; made again only if they have. */
export function madeFor<T>(secrets: () => readonly string[], make: (secrets: readonly string[]) => T): () => T {
  let last: { readonly key: string; readonly made: T } | undefined;
  return () => {
    const listed = secrets();
    const key = JSON.stringify(listed);
    if (last?.key !== key) last = { key, made: make(listed) };
    return last.made;
  };
}

type Headers = ExchangeReport['request']['headers'];

export const hiddenHeaders = (headers: Headers, hide: Redaction): Headers =>
  headers.map(([name, value]) => [name, SECRET_KEYS.test(name) ? REDACTED : hide.text(value)]);

/** Arguments are in the request too, and may contain secrets of the caller. */
function hiddenExchange({ request, response, ...exchange }: ExchangeReport, hide: Redaction): ExchangeReport {
  const { body } = request;
  return {
    ...exchange,
    request: {
      ...request,
      url: hide.text(request.url),
      headers: hiddenHeaders(request.headers, hide),
      ...(typeof body === 'string' && { body: hide.text(body) }),
    },
    ...(response && { response: { ...response, headers: hiddenHeaders(response.headers, hide) } }),
  };
}

function shown(answer: Answer, hide: Redaction): unknown {
  if (Array.isArray(answer)) return { items: answer.length };
  return JSON.parse(hiddenJson(answer, hide));
}

/** What a model gets: the texts of a result; without any, its structured content, or all of it. */
export function tokensOf(answer: unknown): number {
  if (Array.isArray(answer)) return 0;
  const { content = [], structuredContent } = answer as Partial<ToolResult>;
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return estimateTokens(texts.length > 0 ? texts.join('\n') : JSON.stringify(structuredContent ?? answer));
}
