/** A request that the server refused, with its reason. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
}

/** Pages of other origins cannot send it. */
const HEADERS = { 'X-Inspector': '1' };

export function read<T>(path: string, query: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Promise<T> {
  const text = new URLSearchParams(query).toString();
  return ask<T>(text === '' ? path : `${path}?${text}`, { ...(signal && { signal }) });
}

export function send<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
    ...(signal && { signal }),
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`api/${path}`, { ...init, headers: { ...HEADERS, ...init.headers } });
  const value: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(messageIn(value) ?? `The server responded with ${response.status}.`);
  // The server of this page, in the same version.
  return value as T;
}

const messageIn = (value: unknown): string | undefined =>
  (value as { readonly error?: { readonly message?: string } } | undefined)?.error?.message;

export interface Listener {
  onEvent(name: string, data: unknown): void;
  onState(state: ConnectionState): void;
}
/** `refused`: the session has ended, and trying again will not help. */
export type ConnectionState = 'open' | 'lost' | 'refused';

/** Follows the events of the server, and connects again when the connection is lost. Returns a function that stops. */
export function follow(listener: Listener): () => void {
  const stop = new AbortController();
  const run = async () => {
    for (let wait = 500; !stop.signal.aborted; wait = Math.min(wait * 2, 5_000)) {
      try {
        // `EventSource` cannot send the header.
        const response = await fetch('api/events', { headers: HEADERS, signal: stop.signal });
        if (response.status === 401) return listener.onState('refused');
        if (response.ok && response.body) {
          wait = 250;
          listener.onState('open');
          await readEvents(response.body, listener);
        }
      } catch {
        // Told below.
      }
      if (stop.signal.aborted) return;
      listener.onState('lost');
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
  run();
  return () => stop.abort();
}

async function readEvents(body: ReadableStream<Uint8Array>, { onEvent }: Listener): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, name] = /^event: (.*)$/m.exec(event) ?? [];
      const [, data = 'null'] = /^data: (.*)$/m.exec(event) ?? [];
      if (name !== undefined) onEvent(name, JSON.parse(data));
    }
  }
}
