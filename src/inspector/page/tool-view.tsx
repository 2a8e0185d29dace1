import { useState } from 'preact/hooks';
import type { ToolAnnotations } from '../../model/index.ts';
import type { ToolDetail, ToolLine } from '../api-types.ts';
import { AnswerView } from './answer.tsx';
import { CallButton } from './call-button.tsx';
import { type Draft, draftOf, keepDraft } from './drafts.ts';
import { ArgumentEditor } from './form/argument-editor.tsx';
import { Heading, Json, Loaded, Method } from './parts.tsx';
import { Preview } from './preview.tsx';
import { useFetched } from './use-fetched.ts';

/** A tool: what it is, its arguments, the request it would send, and the result of a call. */
export function ToolView({ tool, revision }: { tool: ToolLine; revision: number }) {
  const fetched = useFetched<ToolDetail>('tool', revision, { name: tool.name });
  return (
    <>
      <Heading id={tool.name}>{tool.name}</Heading>
      {tool.method !== undefined && (
        <p class="request-line">
          <Method method={tool.method} /> <code>{tool.path}</code>
        </p>
      )}
      <Loaded fetched={fetched}>{(detail) => <Opened tool={detail} revision={revision} />}</Loaded>
    </>
  );
}

function Opened({ tool, revision }: { tool: ToolDetail; revision: number }) {
  const [draft, setDraft] = useState(() => draftOf(tool.name));
  const [isValid, setValid] = useState(true);
  const change = (part: Partial<Draft>) =>
    setDraft((before) => {
      const next = { ...before, ...part };
      keepDraft(tool.name, next);
      return next;
    });
  return (
    <>
      {tool.title !== undefined && tool.title !== tool.description && <p class="lead">{tool.title}</p>}
      {tool.description !== undefined && <p class="description">{tool.description}</p>}
      <Annotations annotations={tool.annotations} />
      <ArgumentEditor
        schema={tool.inputSchema}
        value={draft.arguments}
        isJson={draft.isJson}
        onChange={(value) => change({ arguments: value })}
        onMode={(isJson) => change({ isJson })}
        onValid={setValid}
      />
      <Preview tool={tool.name} arguments={draft.arguments} revision={revision} />
      <CallButton tool={tool} arguments={draft.arguments} isReady={isValid} onAnswer={(answer) => change({ answer })} />
      {draft.answer && <AnswerView answer={draft.answer} />}
      <section class="schemas" aria-label="Schemas">
        <details>
          <summary>Input schema</summary>
          <Json label="Input schema" value={tool.inputSchema} />
        </details>
        {tool.outputSchema && (
          <details>
            <summary>Output schema</summary>
            <Json label="Output schema" value={tool.outputSchema} />
          </details>
        )}
      </section>
    </>
  );
}

/** What each hint says about a tool, if it is true, and if it is false. */
const HINTS: Readonly<Record<keyof ToolAnnotations, readonly [yes: string, no: string]>> = {
  readOnlyHint: ['only reads', 'may change data'],
  destructiveHint: ['may delete or overwrite', 'only adds'],
  idempotentHint: ['safe to repeat', 'repeating has further effects'],
  openWorldHint: ['reaches other systems', 'stays inside'],
};

function Annotations({ annotations = {} }: { annotations: ToolAnnotations | undefined }) {
  const hints = Object.entries(HINTS).flatMap(([key, [yes, no]]) => {
    const value = annotations[key as keyof ToolAnnotations];
    return value === undefined ? [] : [{ key, text: value ? yes : no }];
  });
  if (hints.length === 0) return null;
  return (
    <ul class="badges" aria-label="Annotations">
      {hints.map(({ key, text }) => (
        <li key={key} class="badge" title={key}>
          {text}
        </li>
      ))}
    </ul>
  );
}
