import { useEffect, useState } from 'preact/hooks';
import type { Previewed } from '../api-types.ts';
import { send } from './api.ts';
import type { Arguments } from './form/argument-editor.tsx';
import { Code } from './parts.tsx';
import { failureText } from './use-fetched.ts';

const PAUSE_MS = 150;

/** The request that a call with these arguments would send, as a curl command. */
export function Preview(props: { tool: string; arguments: Arguments; revision: number }) {
  const [previewed, setPreviewed] = useState<Previewed>();
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      send<Previewed>('preview', { name: props.tool, arguments: props.arguments }, abort.signal).then(
        setPreviewed,
        (error) => {
          if (!abort.signal.aborted) setPreviewed({ problem: failureText(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [props.tool, props.arguments, props.revision]);
  return (
    <section>
      <h3>Request</h3>
      {previewed && 'curl' in previewed && <Code label="Request as a curl command" text={previewed.curl} />}
      {previewed && 'problem' in previewed && <p class="pre quiet">{previewed.problem}</p>}
    </section>
  );
}
