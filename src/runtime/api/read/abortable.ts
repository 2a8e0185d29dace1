import { CallError } from '../../call-error.ts';

/** Iterates the body until the signal aborts; then ends with a CallError, even if the body itself hangs. */
export async function* abortable(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  const { aborted, forget } = whenAborted(signal);
  let ended = false;
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) break;
      yield next.value;
    }
    ended = true;
  } finally {
    forget();
    if (!ended) {
      const closing = iterator.return?.();
      // A generator that hangs never returns, so do not wait for it after an abort.
      if (signal.aborted) closing?.catch(() => {});
      else await closing;
    }
  }
}

function whenAborted(signal: AbortSignal): { aborted: Promise<never>; forget: () => void } {
  let forget = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(abortError(signal));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    forget = () => signal.removeEventListener('abort', stop);
  });
  // Nobody may be listening when it rejects.
  aborted.catch(() => {});
  return { aborted, forget };
}

/** Why reading ended after an abort. */
export function abortError(signal: AbortSignal): CallError {
  const { reason } = signal;
  if (reason instanceof CallError) return reason;
  if (isTimeout(reason))
    return new CallError('TIMEOUT', 'The API did not finish its response in time.', { cause: reason });
  return new CallError('CANCELLED', 'The call was cancelled while the response was being read.', { cause: reason });
}

/** Whether the time limit ended the reading, not the client. */
export function endedByDeadline(error: unknown, signal: AbortSignal): boolean {
  if (error instanceof CallError && error.code === 'TIMEOUT') return true;
  const { reason } = signal;
  return signal.aborted && (isTimeout(reason) || (reason instanceof CallError && reason.code === 'TIMEOUT'));
}

/** The abort reason of `AbortSignal.timeout()`. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
