import { useState } from 'preact/hooks';
import type { Previewed } from '../api-types.ts';
import { send } from './api.ts';
import type { Arguments } from './form/argument-editor.tsx';
import { Code } from './parts.tsx';
import { useAfterPause } from './use-after-pause.ts';
import { failureText } from './use-fetched.ts';

/** The request that a call with these arguments would send, as a curl command. */
export function Preview(props: { tool: string; arguments: Arguments; revision: number }) {
  const [previewed, setPreviewed] = useState<Previewed>();
  useAfterPause(
    (signal) =>
      send<Previewed>('preview', { name: props.tool, arguments: props.arguments }, signal).then(
        setPreviewed,
        (error) => {
          if (!signal.aborted) setPreviewed({ problem: failureText(error) });
        },
      ),
    [props.tool, props.arguments, props.revision],
  );
  return (
    <section>
      <h3>Request</h3>
      {previewed && 'curl' in previewed && <Code label="Request as a curl command" text={previewed.curl} />}
      {previewed && 'problem' in previewed && <p class="pre quiet">{previewed.problem}</p>}
    </section>
  );
}
