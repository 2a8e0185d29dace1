import { useId, useState } from 'preact/hooks';
import type { Completed } from '../api-types.ts';
import { send } from './api.ts';
import { Name } from './form/fields.tsx';
import { useAfterPause } from './use-after-pause.ts';

export interface CompletedInputProps {
  readonly reference:
    | { readonly type: 'prompt'; readonly name: string }
    | { readonly type: 'resource'; readonly uri: string };
  readonly name: string;
  readonly description?: string | undefined;
  readonly isRequired?: boolean;
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
}

/** An argument whose values the server can complete. */
export function CompletedInput({
  reference,
  name,
  description,
  isRequired = false,
  values,
  onChange,
}: CompletedInputProps) {
  const id = useId();
  const [options, setOptions] = useState<readonly string[]>([]);
  const [isActive, setActive] = useState(false);
  const { [name]: value = '', ...given } = values;
  useAfterPause(
    (signal) => {
      if (!isActive) return;
      send<Completed>('complete', { ref: reference, argument: { name, value }, given }, signal).then(
        (completed) => setOptions(completed.values),
        // Completion only helps: without it, values are typed.
        () => {},
      );
    },
    [isActive, JSON.stringify(values)],
  );
  return (
    <div class="field">
      <label for={id}>
        <Name name={name} isRequired={isRequired} />
      </label>
      {description !== undefined && (
        <p class="hints" id={`${id}-hints`}>
          {description}
        </p>
      )}
      <input
        id={id}
        type="text"
        list={`${id}-options`}
        autocomplete="off"
        aria-describedby={description === undefined ? undefined : `${id}-hints`}
        aria-required={isRequired}
        value={value}
        onFocus={() => setActive(true)}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <datalist id={`${id}-options`}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </div>
  );
}
