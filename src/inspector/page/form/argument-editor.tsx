import { useId, useState } from 'preact/hooks';
import type { JsonSchemaObject } from '../../../model/index.ts';
import { Properties } from './fields.tsx';
import { JsonField } from './json-field.tsx';
import { shapeOf } from './schema.ts';

export type Arguments = Readonly<Record<string, unknown>>;

export interface ArgumentEditorProps {
  readonly schema: JsonSchemaObject;
  readonly value: Arguments;
  readonly isJson: boolean;
  readonly onChange: (value: Arguments) => void;
  readonly onMode: (isJson: boolean) => void;
  readonly onValid: (isValid: boolean) => void;
}

/** The arguments of a call: as a form, or as JSON. */
export function ArgumentEditor({ schema, value, isJson, onChange, onMode, onValid }: ArgumentEditorProps) {
  const id = useId();
  const [problem, setProblem] = useState(false);
  const shape = shapeOf(schema, schema.$defs ?? {});
  const change = (next: unknown) => {
    const isObject = next === undefined || (typeof next === 'object' && next !== null && !Array.isArray(next));
    setProblem(!isObject);
    onValid(isObject);
    if (isObject) onChange((next ?? {}) as Arguments);
  };
  const mode = (next: boolean) => {
    setProblem(false);
    onValid(true);
    onMode(next);
  };
  return (
    <section class="arguments">
      <div class="row">
        <h3>Arguments</h3>
        <Switch isJson={isJson} onMode={mode} />
      </div>
      {isJson || shape.kind !== 'object' ? (
        <div class="field">
          <label for={id}>Arguments as JSON</label>
          <JsonField id={id} rows={8} value={value} onChange={change} onValid={onValid} />
          {problem && <p class="problem">Arguments are a JSON object.</p>}
        </div>
      ) : (
        <Properties properties={shape.properties} value={value} definitions={schema.$defs ?? {}} onChange={change} />
      )}
      {!isJson && shape.kind === 'object' && shape.properties.length === 0 && <p class="quiet">No arguments.</p>}
    </section>
  );
}

function Switch({ isJson, onMode }: { isJson: boolean; onMode: (isJson: boolean) => void }) {
  const name = useId();
  return (
    <fieldset class="switch">
      <legend class="hidden">Edit arguments as</legend>
      {[false, true].map((each) => (
        <label key={String(each)}>
          <input type="radio" name={name} checked={isJson === each} onChange={() => onMode(each)} />
          <span>{each ? 'JSON' : 'Form'}</span>
        </label>
      ))}
    </fieldset>
  );
}
