import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { AskedQuestion } from '../api-types.ts';
import { send } from './api.ts';
import { Properties } from './form/fields.tsx';
import { shapeOf } from './form/schema.ts';
import { Notice } from './parts.tsx';
import { failureText } from './use-fetched.ts';

/** By call. A question may arrive before its call is drawn. */
const open = new Map<string, AskedQuestion>();
const listeners = new Set<() => void>();

/** Passes a question on to the call that asks it. */
export function passQuestion(question: AskedQuestion): void {
  open.set(question.call, question);
  for (const listener of listeners) listener();
}

/** What a call asks while it runs. */
export function Question({ call }: { call: string }) {
  const [question, setQuestion] = useState<AskedQuestion>();
  useEffect(() => {
    const update = () => setQuestion(open.get(call));
    update();
    listeners.add(update);
    return () => {
      listeners.delete(update);
      open.delete(call);
    };
  }, [call]);
  const end = () => {
    open.delete(call);
    setQuestion(undefined);
  };
  return question ? <QuestionForm key={question.id} question={question} onEnd={end} /> : null;
}

function QuestionForm({ question: { id, message, schema }, onEnd }: { question: AskedQuestion; onEnd: () => void }) {
  const label = useId();
  const text = useRef<HTMLParagraphElement>(null);
  const [content, setContent] = useState<unknown>({});
  const [problem, setProblem] = useState<string>();
  // Keyboards and screen readers go on here.
  useEffect(() => text.current?.focus(), []);
  const shape = shapeOf(schema, {});
  const answer = (body: object) =>
    send('answer', { id, ...body }).then(onEnd, (error) => setProblem(failureText(error)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be named by a legend, which is one line
    <div class="notice warning question" role="group" aria-labelledby={label}>
      <p id={label} class="pre" ref={text} tabIndex={-1}>
        {message}
      </p>
      {shape.kind === 'object' && (
        <Properties properties={shape.properties} value={content} definitions={{}} onChange={setContent} />
      )}
      {problem !== undefined && <Notice kind="error">{problem}</Notice>}
      <div class="row start">
        <button type="button" class="action" onClick={() => answer({ action: 'accept', content })}>
          Accept
        </button>
        <button type="button" onClick={() => answer({ action: 'decline' })}>
          Decline
        </button>
      </div>
    </div>
  );
}
