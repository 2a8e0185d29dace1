import type { Traffic, TrafficEntry } from '../dev/traffic.ts';
import type { AskedQuestion, TrafficDetail, TrafficLine } from './api-types.ts';
import { shownExchange } from './calls.ts';
import type { Hiding } from './hiding.ts';
import type { Inspected } from './inspected.ts';
import { GUARDED } from './respond.ts';

export function trafficLine(
  { id, method, target, at, ms, ended, tokens, exchanges, outcome }: TrafficEntry,
  hide: Hiding,
): TrafficLine {
  const first = exchanges[0]?.request;
  const status = exchanges.at(-1)?.response?.status;
  return {
    id,
    method,
    ...(target !== undefined && { target }),
    at,
    ms,
    ended,
    tokens,
    ...(first && { request: `${first.method} ${hide.url(first.url)}` }),
    requests: exchanges.length,
    ...(status !== undefined && { status }),
    ...(outcome?.error !== undefined && { code: outcome.error }),
  };
}

export function trafficDetail(traffic: Traffic, id: number, hide: Hiding): TrafficDetail | undefined {
  const entry = traffic.entries().find((each) => each.id === id);
  if (!entry) return undefined;
  const { params, answer, error, exchanges } = entry;
  return {
    params: hide.data(params),
    ...(answer !== undefined && { answer: hide.data(answer) }),
    ...(error !== undefined && { error }),
    exchanges: exchanges.map((exchange) => shownExchange(exchange, hide)),
  };
}

const BEAT_MS = 20_000;

/** Server-sent events: `traffic` for each call, `reload` after each reload, `question` if a call of the page asks. */
export function createLive(inspected: Inspected, hiding: () => Hiding) {
  const streams = new Map<() => void, (name: string, data: unknown) => void>();
  /** Once per failure: a reload that fails is tried again, and again. */
  const told = (tell: (failed: boolean) => void) => {
    let known: number | undefined;
    return () => {
      const at = inspected.current().failure?.at;
      if (at !== undefined && at === known) return;
      known = at;
      tell(at !== undefined);
    };
  };
  const open = (signal: AbortSignal): Response => {
    let end = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (text: string) => controller.enqueue(new TextEncoder().encode(text));
        const event = (name: string, data: unknown) => send(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
        const stops = [
          inspected.traffic.onEntry((entry) => {
            const hide = hiding();
            event('traffic', hide.plain(trafficLine(entry, hide)));
          }),
          inspected.onReload(told((failed) => event('reload', { failed }))),
        ];
        // Shows that the connection still works.
        const beat = setInterval(() => send(': \n\n'), BEAT_MS);
        beat.unref();
        end = () => {
          if (!streams.delete(end)) return;
          clearInterval(beat);
          for (const stop of stops) stop();
          // A cancelled stream is closed already.
          if (controller.desiredSize !== null) controller.close();
        };
        streams.set(end, event);
        signal.addEventListener('abort', end, { once: true });
        event('open', {});
      },
      cancel: () => end(),
    });
    return new Response(body, { headers: { ...GUARDED, 'Content-Type': 'text/event-stream' } });
  };
  return {
    open,
    ask(question: AskedQuestion) {
      for (const event of streams.values()) event('question', hiding().plain(question));
    },
    close() {
      for (const end of [...streams.keys()]) end();
    },
  };
}
