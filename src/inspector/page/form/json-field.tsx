import { useState } from 'preact/hooks';

export interface JsonFieldProps {
  readonly id: string;
  readonly value: unknown;
  readonly rows?: number;
  readonly onChange: (value: unknown) => void;
  /** Told `false` while the text is not JSON. */
  readonly onValid?: (isValid: boolean) => void;
  readonly 'aria-describedby'?: string;
  readonly 'aria-required'?: boolean;
}

/** A value as JSON text. What is typed is kept, also while it is not JSON yet. */
export function JsonField({ id, value, rows = 4, onChange, onValid, ...shared }: JsonFieldProps) {
  const [typed, setTyped] = useState<string>();
  const read = typed === undefined ? undefined : parsed(typed);
  const isOwn = read && ('problem' in read || JSON.stringify(read.value) === JSON.stringify(value));
  const shown = isOwn ? typed : value === undefined ? '' : JSON.stringify(value, null, 2);
  const problem = isOwn && 'problem' in read ? read.problem : undefined;
  return (
    <>
      <textarea
        {...shared}
        id={id}
        class="json"
        rows={rows}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={problem !== undefined}
        aria-errormessage={problem === undefined ? undefined : `${id}-problem`}
        placeholder="JSON"
        value={shown}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          const next = parsed(currentTarget.value);
          onValid?.(!('problem' in next));
          if ('value' in next) onChange(next.value);
        }}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} class="problem">
          This is not JSON: {problem}
        </p>
      )}
    </>
  );
}

function parsed(text: string): { readonly value: unknown } | { readonly problem: string } {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
