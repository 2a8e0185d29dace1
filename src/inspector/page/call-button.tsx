import { useEffect, useState } from 'preact/hooks';
import type { ToolResult } from '../../runtime/provider.ts';
import type { ToolAnswer, ToolLine } from '../api-types.ts';
import { announce } from './announce.ts';
import type { Arguments } from './form/argument-editor.tsx';
import { Question } from './question.tsx';
import { CancelButton, useRun } from './run-button.tsx';

export interface CallButtonProps {
  readonly tool: ToolLine;
  readonly arguments: Arguments;
  readonly isReady: boolean;
  readonly onAnswer: (answer: ToolAnswer) => void;
}

/** Calls the tool. One that may change data is called at the second press. */
export function CallButton({ tool, isReady, onAnswer, ...given }: CallButtonProps) {
  const [isArmed, setArmed] = useState(false);
  const body = { name: tool.name, arguments: given.arguments };
  const { run, id, isBusy, cancel } = useRun<ToolResult>({ path: 'call', body, onAnswer });
  // Other arguments are another call.
  useEffect(() => setArmed(false), [given.arguments]);
  const press = () => {
    if (isBusy || !isReady) return;
    const isFirst = !tool.isSafe && !isArmed;
    setArmed(isFirst);
    if (isFirst) announce('This may change data. Press again to call it.');
    else run();
  };
  return (
    <>
      <div class="row start">
        <button
          type="button"
          class={isArmed ? 'action armed' : 'action'}
          aria-disabled={isBusy || !isReady}
          onClick={press}
          onBlur={() => setArmed(false)}
        >
          {isBusy ? 'Calling …' : isArmed ? 'Press again to call' : 'Call'}
        </button>
        {isBusy && <CancelButton onClick={cancel} />}
        {!tool.isSafe && (
          <span class="quiet">{isArmed ? 'This may change data.' : 'Takes two presses: it may change data.'}</span>
        )}
      </div>
      {id !== undefined && <Question call={id} />}
    </>
  );
}
