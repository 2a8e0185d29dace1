import { useEffect } from 'preact/hooks';

const PAUSE_MS = 150;

/** Acts once its inputs have not changed for a moment. The signal aborts when they change after that. */
export function useAfterPause(act: (signal: AbortSignal) => void, inputs: readonly unknown[]): void {
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => act(abort.signal), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, inputs);
}
