export interface Ending {
  /** Called once: the body has been read, the client has disconnected, or the time is up. */
  readonly ended: () => void;
  /**
   * After this time nothing more is sent, in milliseconds since 1970: the body ends in place of the next part, and some
   * minutes later in any case. Not at once, because a client that opens another one then renews its token at the moment at
   * which its calls do, and authorization servers revoke refresh tokens that are used twice. Default: never.
   */
  readonly at?: number | undefined;
}

/** The same response, whose end is noticed. */
export function whenEnded(response: Response, { ended, at }: Ending): Response {
  const { body: source, status, headers } = response;
  if (source === null) {
    ended();
    return response;
  }
  const reader = source.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isEnded = false;
  const end = () => {
    clearTimeout(timer);
    if (!isEnded) ended();
    isEnded = true;
  };
  const body = new ReadableStream<Uint8Array>({
    start() {
      // What is further away than timers reach is not waited for.
      const ms = (at ?? Number.POSITIVE_INFINITY) + LONGEST_SILENCE_MS - Date.now();
      // Reading then ends, and with it the body.
      if (ms <= MAX_TIMER_MS) timer = setTimeout(() => void reader.cancel().catch(() => {}), Math.max(ms, 0));
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        const isLate = at !== undefined && Date.now() >= at;
        if (!done && !isLate) return controller.enqueue(value);
        end();
        controller.close();
        if (!done) await reader.cancel();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
  return new Response(body, { status, headers });
}

const LONGEST_SILENCE_MS = 300_000;
const MAX_TIMER_MS = 2 ** 31 - 1;
