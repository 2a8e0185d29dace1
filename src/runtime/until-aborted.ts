/**
 * Settles like `work`, unless `signal` aborts first: then it rejects immediately with the signal's reason, and the
 * result of `work` is ignored.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A signal that aborts with `reason()` after `ms` milliseconds, or with `parent`; `stop` frees its timer. */
export function deadline(ms: number, parent: AbortSignal, reason: () => Error): { signal: AbortSignal; stop(): void } {
  const clock = new AbortController();
  const follow = () => clock.abort(parent.reason);
  const timer = setTimeout(() => clock.abort(reason()), ms);
  const stop = () => {
    clearTimeout(timer);
    parent.removeEventListener('abort', follow);
  };
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return { signal: clock.signal, stop };
}

/** The result of `work`, if it arrives within `ms` milliseconds. */
export async function within<T>(work: Promise<T>, ms: number): Promise<{ readonly value: T } | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([work.then((value) => ({ value })), late]);
  } finally {
    clearTimeout(timer);
  }
}
