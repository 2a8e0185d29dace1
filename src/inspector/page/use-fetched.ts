import { useEffect, useState } from 'preact/hooks';
import { ApiError, read } from './api.ts';

export type Fetched<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'ready'; readonly value: T };

/** Fetches a value again whenever the server was reloaded or the query changes, and keeps the old one until then. */
export function useFetched<T>(
  path: string,
  revision: number,
  query: Readonly<Record<string, string>> = {},
): Fetched<T> {
  const [fetched, setFetched] = useState<Fetched<T>>({ state: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    read<T>(path, query, abort.signal).then(
      (value) => setFetched({ state: 'ready', value }),
      (error) => {
        if (!abort.signal.aborted) setFetched({ state: 'failed', message: failureText(error) });
      },
    );
    return () => abort.abort();
  }, [revision, JSON.stringify(query)]);
  return fetched;
}

export function failureText(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return 'The server cannot be reached.';
}
