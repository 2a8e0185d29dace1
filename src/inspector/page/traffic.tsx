import { useState } from 'preact/hooks';
import type { TrafficDetail, TrafficLine } from '../api-types.ts';
import { Exchanges } from './answer.tsx';
import { counted, Json, Loaded, milliseconds, Notice } from './parts.tsx';
import { useFetched } from './use-fetched.ts';

export function TrafficView({ lines }: { lines: readonly TrafficLine[] }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number) => {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };
  return (
    <div class="page">
      <h2>Latest calls</h2>
      {lines.length === 0 && (
        <p class="quiet">No calls yet. Calls of all clients appear here as they finish, also those of this page.</p>
      )}
      <ol class="traffic" reversed>
        {lines.toReversed().map((line) => (
          <li key={line.id}>
            <Line line={line} isOpen={opened.has(line.id)} onToggle={() => toggle(line.id)} />
          </li>
        ))}
      </ol>
    </div>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  'tools/call': 'tool',
  'resources/read': 'resource',
  'prompts/get': 'prompt',
};

function Line({ line, isOpen, onToggle }: { line: TrafficLine; isOpen: boolean; onToggle: () => void }) {
  const { id, method, target, at, ms, ended, tokens, request, requests, status, code } = line;
  return (
    <>
      <button type="button" class="line" aria-expanded={isOpen} onClick={onToggle}>
        <span class={`badge ${ended === 'ok' ? 'good' : 'bad'}`}>{status ?? ended}</span>
        <span class="what">
          <span class="name">{target}</span>
          <span class="quiet">
            {request ?? code ?? KINDS[method] ?? method}
            {requests > 1 && `, and ${counted(requests - 1, 'more request')}`}
          </span>
        </span>
        <span class="figures">
          <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString()}</time>{' '}
          <span>{milliseconds(ms)}</span> <span>{counted(tokens, 'token')}</span>
        </span>
      </button>
      {isOpen && <Detail id={id} />}
    </>
  );
}

function Detail({ id }: { id: number }) {
  // The same after a reload.
  const fetched = useFetched<TrafficDetail>('exchange', 0, { id: String(id) });
  return (
    <div class="opened">
      <Loaded fetched={fetched}>
        {({ params, answer, error, exchanges }) => (
          <>
            <Exchanges exchanges={exchanges} isOpen />
            {error !== undefined && <Notice kind="error">{error}</Notice>}
            <Json label="Parameters" value={params} />
            {answer !== undefined && <Json label="Result" value={answer} />}
          </>
        )}
      </Loaded>
    </div>
  );
}
