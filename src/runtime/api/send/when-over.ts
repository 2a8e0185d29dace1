import type { HttpResponse } from '../http.ts';

/** Calls `over` when a body has ended, failed (with the error), or is no longer needed, even if it was never read. */
export function whenOver(body: HttpResponse['body'], over: (error?: unknown) => void): HttpResponse['body'] {
  return {
    arrived(most) {
      const bytes = body.arrived?.(most);
      if (bytes) over();
      return bytes;
    },
    [Symbol.asyncIterator]() {
      const bytes = body[Symbol.asyncIterator]();
      return {
        async next() {
          try {
            const step = await bytes.next();
            if (step.done) over();
            return step;
          } catch (error) {
            over(error);
            throw error;
          }
        },
        async return() {
          over();
          await bytes.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
