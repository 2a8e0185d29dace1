import { useId, useState } from 'preact/hooks';
import type { JsonSchema } from '../../../model/index.ts';
import { counted } from '../parts.tsx';
import { JsonField } from './json-field.tsx';
import {
  chosenOption,
  type Definitions,
  type Option,
  type Property,
  resolved,
  type Shape,
  shapeOf,
  startValue,
} from './schema.ts';

export interface FieldProps {
  readonly schema: JsonSchema;
  readonly name: string;
  readonly isRequired: boolean;
  readonly value: unknown;
  readonly definitions: Definitions;
  /** `undefined`: absent. */
  readonly onChange: (value: unknown) => void;
}

/** A value of an input form: a label, what is known of it, and the fields that fit its schema. */
export function Field(props: FieldProps) {
  const { schema, definitions } = props;
  const shape = shapeOf(schema, definitions);
  switch (shape.kind) {
    case 'object':
      return <ObjectField {...props} shape={shape} />;
    case 'list':
      return <ListField {...props} shape={shape} />;
    case 'nullable':
      return <NullableField {...props} shape={shape} />;
    case 'choice':
      return <ChoiceField {...props} shape={shape} />;
    default:
      return <SingleField {...props} shape={shape} />;
  }
}

type Of<Kind extends Shape['kind']> = FieldProps & { readonly shape: Extract<Shape, { readonly kind: Kind }> };

function SingleField(props: Of<'fixed' | 'listed' | 'boolean' | 'number' | 'text' | 'json'>) {
  const id = useId();
  const { name, isRequired } = props;
  return (
    <div class="field">
      <label for={id}>
        <Name name={name} isRequired={isRequired} />
      </label>
      <Hints id={`${id}-hints`} {...props} />
      <Input id={id} describedBy={`${id}-hints`} {...props} />
    </div>
  );
}

interface InputProps extends Of<'fixed' | 'listed' | 'boolean' | 'number' | 'text' | 'json'> {
  readonly id: string;
  readonly describedBy: string;
}

function Input({ id, describedBy, shape, schema, definitions, value, isRequired, onChange }: InputProps) {
  const shared = { id, 'aria-describedby': describedBy, 'aria-required': isRequired };
  const { default: usual, examples, format } = resolved(schema, definitions) ?? {};
  const placeholder = usual !== undefined ? `default: ${plainText(usual)}` : exampleText(examples?.[0]);
  switch (shape.kind) {
    case 'fixed':
      return <Select {...shared} values={[shape.value]} value={value} onChange={onChange} />;
    case 'listed':
      return <Select {...shared} values={shape.values} value={value} onChange={onChange} />;
    case 'boolean':
      return <Select {...shared} values={[true, false]} value={value} onChange={onChange} />;
    case 'number':
      return <NumberInput {...shared} placeholder={placeholder} value={value} onChange={onChange} />;
    case 'text': {
      const input = {
        ...shared,
        placeholder,
        value: value === undefined ? '' : plainText(value),
        onInput: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value || undefined),
      };
      if (shape.isLong) return <textarea rows={3} {...input} />;
      if (format === 'date') return <input type="date" {...input} />;
      if (format === 'password') return <input type="password" autocomplete="off" {...input} />;
      return <input type="text" autocomplete="off" spellcheck={false} {...input} />;
    }
    case 'json':
      return <JsonField {...shared} value={value} onChange={onChange} />;
  }
}

const exampleText = (example: unknown): string | undefined =>
  example === undefined ? undefined : `for example: ${plainText(example)}`;

const plainText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

interface SelectProps {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-required': boolean;
  readonly values: readonly unknown[];
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function Select({ values, value, onChange, ...shared }: SelectProps) {
  const text = JSON.stringify(value);
  return (
    <select
      {...shared}
      value={String(values.findIndex((each) => JSON.stringify(each) === text))}
      onChange={(event) => onChange(values[Number(event.currentTarget.value)])}
    >
      <option value="-1">not set</option>
      {values.map((each, index) => (
        <option key={index} value={String(index)}>
          {plainText(each)}
        </option>
      ))}
    </select>
  );
}

/** Keeps what is typed, also if it is not a number yet: the server says what is wrong with it. */
function NumberInput({
  value,
  onChange,
  ...shared
}: Omit<SelectProps, 'values'> & { placeholder: string | undefined }) {
  const [typed, setTyped] = useState('');
  const shown = numberIn(typed) === value ? typed : plainText(value ?? '');
  return (
    <input
      {...shared}
      type="text"
      inputMode="decimal"
      autocomplete="off"
      value={shown}
      onInput={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onChange(numberIn(currentTarget.value));
      }}
    />
  );
}

/** Integers that a JavaScript number cannot hold stay text. */
function numberIn(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return isExact ? value : trimmed;
}

function ObjectField({ shape, name, isRequired, value, definitions, schema, onChange }: Of<'object'>) {
  const isThere = isRequired || value !== undefined;
  return (
    <fieldset class="group">
      <legend>
        <Name name={name} isRequired={isRequired} />
      </legend>
      <Hints schema={schema} definitions={definitions} />
      {isThere && (
        <Properties properties={shape.properties} value={value} definitions={definitions} onChange={onChange} />
      )}
      {!isRequired && (
        <button
          type="button"
          class="small"
          onClick={() => onChange(value === undefined ? startValue(schema, definitions) : undefined)}
        >
          {value === undefined ? 'Add' : 'Remove'} {name}
        </button>
      )}
    </fieldset>
  );
}

export interface PropertiesProps {
  readonly properties: readonly Property[];
  readonly value: unknown;
  readonly definitions: Definitions;
  readonly onChange: (value: unknown) => void;
}

/** The fields of an object, required ones first. */
export function Properties({ properties, value, definitions, onChange }: PropertiesProps) {
  const given = isObject(value) ? value : {};
  const sorted = [...properties].sort((a, b) => Number(b.isRequired) - Number(a.isRequired));
  return (
    <>
      {sorted.map(({ name, schema, isRequired }) => (
        <Field
          key={name}
          name={name}
          schema={schema}
          isRequired={isRequired}
          value={Object.hasOwn(given, name) ? given[name] : undefined}
          definitions={definitions}
          onChange={(inner) => onChange(withMember(given, name, inner))}
        />
      ))}
    </>
  );
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members keep their order. */
function withMember(members: Members, name: string, value: unknown): Members {
  const entries = Object.entries(members).filter(([each]) => each !== name || value !== undefined);
  if (value === undefined) return Object.fromEntries(entries);
  return Object.fromEntries([...entries.filter(([each]) => each !== name), [name, value]]);
}

function ListField({ shape, name, isRequired, value, definitions, schema, onChange }: Of<'list'>) {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const replaced = (index: number, ...inner: readonly unknown[]) => {
    const next = items.toSpliced(index, 1, ...inner);
    onChange(next.length === 0 && !isRequired ? undefined : next);
  };
  return (
    <fieldset class="group">
      <legend>
        <Name name={name} isRequired={isRequired} />
      </legend>
      <Hints schema={schema} definitions={definitions} />
      {items.map((item, index) => (
        <div class="item" key={index}>
          <Field
            name={`${name} ${index + 1}`}
            schema={shape.items}
            isRequired
            value={item ?? undefined}
            definitions={definitions}
            onChange={(inner) => replaced(index, inner)}
          />
          <button type="button" class="small" onClick={() => replaced(index)}>
            Remove {name} {index + 1}
          </button>
        </div>
      ))}
      <button type="button" class="small" onClick={() => onChange([...items, startValue(shape.items, definitions)])}>
        Add to {name}
      </button>
    </fieldset>
  );
}

/** A value that may also be `null`. */
function NullableField({ shape, name, value, onChange, ...rest }: Of<'nullable'>) {
  return (
    <div class="nullable">
      {value === null ? (
        <p>
          <span class="name">{name}</span> is null.
        </p>
      ) : (
        <Field {...rest} name={name} schema={shape.schema} value={value} onChange={onChange} />
      )}
      <button type="button" class="plain" onClick={() => onChange(value === null ? undefined : null)}>
        {value === null ? `Enter a value for ${name}` : `Set ${name} to null`}
      </button>
    </div>
  );
}

function ChoiceField({ shape, name, isRequired, value, definitions, schema, onChange }: Of<'choice'>) {
  const id = useId();
  const [picked, setPicked] = useState(-1);
  const fitting = chosenOption(shape.options, value, definitions);
  // What was picked may not fit yet, because it is not complete.
  const chosen = value === undefined && !isRequired && picked === -1 ? -1 : picked === -1 ? fitting : picked;
  const option: Option | undefined = shape.options[chosen];
  const pick = (index: number) => {
    setPicked(index);
    const next = shape.options[index];
    onChange(next && startValue(next.schema, definitions));
  };
  return (
    <fieldset class="group">
      <legend>
        <Name name={name} isRequired={isRequired} />
      </legend>
      <Hints schema={schema} definitions={definitions} />
      <label for={id} class="quiet">
        Kind of {name}
      </label>
      <select id={id} value={String(chosen)} onChange={(event) => pick(Number(event.currentTarget.value))}>
        <option value="-1">not set</option>
        {shape.options.map(({ label }, index) => (
          <option key={index} value={String(index)}>
            {label}
          </option>
        ))}
      </select>
      {option && (
        <Field
          key={chosen}
          name={name}
          schema={option.schema}
          isRequired
          value={value}
          definitions={definitions}
          onChange={onChange}
        />
      )}
    </fieldset>
  );
}

export const Name = ({ name, isRequired }: { name: string; isRequired: boolean }) => (
  <>
    <span class="name">{name}</span>
    {isRequired && <span class="required"> required</span>}
  </>
);

interface HintsProps extends Pick<FieldProps, 'schema' | 'definitions'> {
  readonly id?: string;
}

/** The description of a value, and what else is known of it. */
function Hints({ id, schema, definitions }: HintsProps) {
  const own = typeof schema === 'object' ? schema : {};
  const full = resolved(schema, definitions) ?? own;
  const description = own.description ?? full.description;
  const shape = shapeOf(schema, definitions);
  // Those that may be large can also be text.
  const isInteger = shape.kind === 'number' && shape.isInteger;
  const facts = [
    isInteger ? 'integer' : [full.type ?? []].flat().join(' or '),
    full.format,
    full.contentEncoding,
    full.minimum !== undefined && `at least ${full.minimum}`,
    full.maximum !== undefined && `at most ${full.maximum}`,
    full.minLength !== undefined && `at least ${counted(full.minLength, 'character')}`,
    full.maxLength !== undefined && `at most ${counted(full.maxLength, 'character')}`,
    full.pattern !== undefined && !isInteger && `matches ${full.pattern}`,
    full.default !== undefined && `default ${plainText(full.default)}`,
    full.deprecated && 'deprecated',
  ].filter((fact) => fact);
  return (
    <div id={id} class="hints">
      {description !== undefined && <p>{description}</p>}
      {facts.length > 0 && <p class="facts">{facts.join(' · ')}</p>}
    </div>
  );
}
