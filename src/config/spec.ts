import type { OptionRow } from '../options/option-row.ts';

/**
 * The keys of a config file, as data. It validates the file, and the published JSON Schema and the reference are
 * generated from it. `T` is the type of the value in a program; it does not exist at run time.
 */
export type Spec<T = unknown> = SpecShape & { readonly type?: T };

type SpecShape =
  | { readonly kind: 'text'; readonly description: string; readonly as?: 'path' | 'address' }
  | { readonly kind: 'number'; readonly description: string; readonly range: NumberRange }
  | { readonly kind: 'switch'; readonly description: string }
  | { readonly kind: 'choice'; readonly description: string; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly description: string; readonly of: Spec }
  /** Any keys; with `namespaces`, only those that `mount()` accepts. */
  | { readonly kind: 'map'; readonly description: string; readonly of: Spec; readonly namespaces?: true }
  | ObjectShape
  /** Alternatives with different JSON types. */
  | { readonly kind: 'either'; readonly description: string; readonly of: readonly Spec[] }
  /** One of several named kinds with options: `'readOnly'` or `{ rename: {…} }`. In a program also a function. */
  | { readonly kind: 'named'; readonly description: string; readonly of: Readonly<Record<string, Spec>> }
  /** The path of a module that exports a function; in a program also the function. */
  | { readonly kind: 'code'; readonly description: string }
  /** Only in a program: a value with methods, which a file cannot hold. */
  | { readonly kind: 'program'; readonly description: string; readonly accepts: (value: unknown) => boolean }
  | { readonly kind: 'json'; readonly description: string };

export interface ObjectShape {
  readonly kind: 'object';
  readonly description: string;
  readonly fields: Readonly<Record<string, Spec>>;
  readonly required: readonly string[];
}

export type NumberRange = NonNullable<OptionRow['number']>;

/** The type of the value that a spec describes. */
export type TypeOf<S> = S extends { readonly type?: infer T } ? T : never;

type Fields = Readonly<Record<string, Spec>>;
type ObjectOf<F extends Fields, Required extends keyof F> = {
  readonly [Key in Required]: Exclude<TypeOf<F[Key]>, undefined>;
} & { readonly [Key in Exclude<keyof F, Required>]?: Exclude<TypeOf<F[Key]>, undefined> };

export const text = (description: string): Spec<string> => ({ kind: 'text', description });
/** Relative paths are relative to the folder of the config file. */
export const path = (description: string): Spec<string> => ({ kind: 'text', description, as: 'path' });
/** A path, or a URL. */
export const address = (description: string): Spec<string> => ({ kind: 'text', description, as: 'address' });
export const onOff = (description: string): Spec<boolean> => ({ kind: 'switch', description });
/** @typeParam Program the function */
export const code = <Program>(description: string): Spec<string | Program> => ({ kind: 'code', description });
export const program = <Program>(
  description: string,
  accepts: (value: unknown) => value is Program,
): Spec<Program> => ({ kind: 'program', description, accepts });
export const json = (description: string): Spec<unknown> => ({ kind: 'json', description });

export const number = (description: string, range: NumberRange): Spec<number> => ({
  kind: 'number',
  description,
  range,
});

export const integer = (description: string, min: number, max: number): Spec<number> =>
  number(description, { min, max, whole: true });

export const choice = <const Choices extends readonly string[]>(
  description: string,
  choices: Choices,
): Spec<Choices[number]> => ({ kind: 'choice', description, choices });

export const list = <T>(description: string, of: Spec<T>): Spec<readonly T[]> => ({ kind: 'list', description, of });

export const map = <T>(description: string, of: Spec<T>): Spec<Readonly<Record<string, T>>> => ({
  kind: 'map',
  description,
  of,
});

export const byNamespace = <T>(description: string, of: Spec<T>): Spec<Readonly<Record<string, T>>> => ({
  kind: 'map',
  description,
  of,
  namespaces: true,
});

export function object<const F extends Fields, const Required extends keyof F & string = never>(
  description: string,
  fields: F,
  required: readonly Required[] = [],
): ObjectShape & { readonly type?: ObjectOf<F, Required> } {
  return { kind: 'object', description, fields, required };
}

export const either = <const Of extends readonly Spec[]>(
  description: string,
  of: Of,
): Spec<Exclude<TypeOf<Of[number]>, undefined>> => ({ kind: 'either', description, of });

/** @typeParam Program the alternative in a program */
export const named = <Program, const Of extends Readonly<Record<string, Spec>>>(
  description: string,
  of: Of,
): Spec<Named<Of> | Program> => ({ kind: 'named', description, of });

/** A plain name means the kind without options. */
type Named<Of extends Readonly<Record<string, Spec>>> =
  | { [Name in keyof Of]: Record<never, never> extends TypeOf<Of[Name]> ? Name : never }[keyof Of]
  | { [Name in keyof Of]: { readonly [Key in Name]: Exclude<TypeOf<Of[Name]>, undefined> } }[keyof Of];
