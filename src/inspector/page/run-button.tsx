import { useEffect, useRef, useState } from 'preact/hooks';
import type { CallAnswer } from '../api-types.ts';
import { announce } from './announce.ts';
import { send } from './api.ts';
import { milliseconds } from './parts.tsx';
import { failureText } from './use-fetched.ts';

export interface RunButtonProps<Result> {
  readonly label: string;
  readonly path: string;
  readonly body: object;
  readonly onAnswer: (answer: CallAnswer<Result>) => void;
}

/** Sends a request that ends in a result, and can be cancelled meanwhile. */
export function RunButton<Result>({ label, ...request }: RunButtonProps<Result>) {
  const { run, cancel, isBusy } = useRun(request);
  return (
    <div class="row start">
      <button type="button" class="action" aria-disabled={isBusy} onClick={run}>
        {label}
      </button>
      {isBusy && <CancelButton onClick={cancel} />}
    </div>
  );
}

export const CancelButton = ({ onClick }: { onClick: () => void }) => (
  <button type="button" onClick={onClick}>
    Cancel
  </button>
);

export function useRun<Result>({ path, body, onAnswer }: Omit<RunButtonProps<Result>, 'label'>) {
  /** While it runs, for its questions. */
  const [id, setId] = useState<string>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const run = async () => {
    if (id !== undefined) return;
    const abort = new AbortController();
    running.current = abort;
    const call = crypto.randomUUID();
    setId(call);
    const answer = await answerOf(send<CallAnswer<Result>>(path, { ...body, id: call }, abort.signal), abort.signal);
    setId(undefined);
    announce(announcement(answer));
    onAnswer(answer);
  };
  return { run, id, isBusy: id !== undefined, cancel: () => running.current?.abort() };
}

/** A request that fails is shown like a call that fails. */
async function answerOf<Result>(sent: Promise<CallAnswer<Result>>, signal: AbortSignal): Promise<CallAnswer<Result>> {
  try {
    return await sent;
  } catch (error) {
    const message = signal.aborted ? 'The call was cancelled.' : failureText(error);
    return { failure: { message }, ms: 0, tokens: 0, exchanges: [] };
  }
}

const announcement = ({ failure, ms }: CallAnswer): string =>
  failure ? `Failed: ${failure.code ?? failure.message}` : `Finished after ${milliseconds(ms)}.`;
