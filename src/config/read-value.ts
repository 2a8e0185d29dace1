import { isRecord } from '../runtime/is-record.ts';
import { NAMESPACE } from '../runtime/namespace-form.ts';
import { nearest } from '../runtime/text/nearest.ts';
import { placeWithin } from '../runtime/text/place-within.ts';
import { didYouMean, expectation, kindOf } from './expectation.ts';
import { fillVariables, hasVariables, type Variables } from './fill-variables.ts';
import { secretsAmong } from './secrets-among.ts';
import type { NumberRange, ObjectShape, Spec } from './spec.ts';

/** An error in a config and its path: `apis.pets.baseUrl`. */
export interface Mistake {
  readonly path: string;
  readonly message: string;
  /** A variable is not set. All other errors are in the file itself. */
  readonly isMissingVariable: boolean;
}

export interface Reading {
  readonly variables: Variables;
  /** The absolute path of a file that is named relative to the config. */
  readonly pathOf: (named: string) => string;
}

export interface Read {
  /** Variables filled in, paths absolute; matches the spec if there are no errors. */
  readonly value: unknown;
  /** Variable values that may be secret, with the path where each was filled in. */
  readonly secrets: readonly FilledIn[];
  /** Files that the value names, by absolute path; not the documents and overlays on the network. */
  readonly files: readonly NamedFile[];
  readonly mistakes: readonly Mistake[];
}

export interface NamedFile {
  /** Where it is named: `apis.pets.ca[0]` */
  readonly path: string;
  readonly file: string;
}

export interface FilledIn {
  readonly path: string;
  readonly secret: string;
}

/** Validates a value against a spec, and reports all errors. Does not modify the value. */
export function readValue(value: unknown, spec: Spec, reading: Reading): Read {
  const reader = new Reader(reading);
  const read = reader.read(value, spec, '');
  return { value: read, secrets: reader.secrets, files: reader.files, mistakes: reader.mistakes };
}

class Reader {
  readonly mistakes: Mistake[] = [];
  readonly secrets: FilledIn[] = [];
  readonly files: NamedFile[] = [];
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  read(value: unknown, spec: Spec, at: string): unknown {
    switch (spec.kind) {
      case 'text':
        return typeof value === 'string' ? this.#text(value, spec.as, at) : this.#expected(spec, value, at);
      case 'number':
        return this.#number(value, spec, at);
      case 'switch':
        return this.#switch(value, spec, at);
      case 'choice':
        return this.#choice(value, spec, at);
      case 'list':
        if (!Array.isArray(value)) return this.#expected(spec, value, at);
        return value.map((item, index) => this.read(item, spec.of, `${at}[${index}]`));
      case 'map':
        return this.#map(value, spec, at);
      case 'object':
        return isRecord(value) ? this.#object(value, spec, at) : this.#expected(spec, value, at);
      case 'either':
        return this.#either(value, spec, at);
      case 'named':
        return this.#named(value, spec, at);
      case 'code':
        if (typeof value === 'function') return value;
        return typeof value === 'string' ? this.#text(value, 'path', at) : this.#expected(spec, value, at);
      case 'program':
        return spec.accepts(value) ? value : this.#expected(spec, value, at);
      case 'json':
        return this.#json(value, at);
    }
  }

  #text(value: string, as: 'path' | 'address' | undefined, at: string): unknown {
    const before = this.mistakes.length;
    const text = this.#fill(value, at);
    if (as !== undefined && text === '' && this.mistakes.length === before) return this.#mistake(at, 'is empty');
    if (as === undefined || (as === 'address' && /^[a-z][a-z0-9+.-]+:/i.test(text))) return text;
    const file = this.#reading.pathOf(text);
    this.files.push({ path: at, file });
    return file;
  }

  #fill(value: string, at: string): string {
    const { text, values, mistakes } = fillVariables(value, this.#reading.variables);
    this.secrets.push(...secretsAmong(values, text, at).map((secret) => ({ path: at, secret })));
    for (const mistake of mistakes) {
      if (mistake.kind === 'missing') {
        const { variable } = mistake;
        this.#mistake(at, `needs the variable ${variable}, which is not set. \${${variable}:-…} sets a default`, true);
      } else this.#mistake(at, `contains "${mistake.written}". Write \${NAME} or \${NAME:-default}`);
    }
    return text;
  }

  /** Variables are strings: numbers and booleans are parsed from them. */
  #literal(value: unknown, at: string): unknown {
    if (typeof value !== 'string' || !hasVariables(value)) return value;
    const before = this.mistakes.length;
    const text = this.#fill(value, at);
    if (this.mistakes.length > before) return MISTAKEN;
    if (text === 'true' || text === 'false') return text === 'true';
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }

  #number(given: unknown, spec: Spec & { readonly range: NumberRange }, at: string): unknown {
    const value = this.#literal(given, at);
    if (value === MISTAKEN) return value;
    const { min, max, whole } = spec.range;
    const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    return fits ? value : this.#expected(spec, value, at);
  }

  #switch(given: unknown, spec: Spec, at: string): unknown {
    const value = this.#literal(given, at);
    return value === MISTAKEN || typeof value === 'boolean' ? value : this.#expected(spec, value, at);
  }

  #choice(given: unknown, spec: Spec & { readonly choices: readonly string[] }, at: string): unknown {
    if (typeof given !== 'string') return this.#expected(spec, given, at);
    const before = this.mistakes.length;
    const value = this.#fill(given, at);
    if (this.mistakes.length > before || spec.choices.includes(value)) return value;
    const meant = didYouMean(value, spec.choices);
    return this.#mistake(at, `is "${given}", which is not ${expectation(spec)}${meant}`);
  }

  #map(value: unknown, spec: Extract<Spec, { readonly kind: 'map' }>, at: string): unknown {
    if (!isRecord(value)) return this.#expected(spec, value, at);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const place = placeWithin(at, key);
        if (spec.namespaces && !NAMESPACE.test(key)) {
          this.#mistake(
            place,
            'is not a valid namespace: write a lower-case letter, then up to 31 of a–z, 0–9 and "-"',
          );
        }
        return [key, this.read(inner, spec.of, place)];
      }),
    );
  }

  #object(value: Readonly<Record<string, unknown>>, { fields, required }: ObjectShape, at: string): unknown {
    // In a program, a key may be present with the value `undefined`.
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    for (const key of required) {
      if (!entries.some(([name]) => name === key)) this.#mistake(placeWithin(at, key), 'is missing');
    }
    return Object.fromEntries(
      entries.flatMap(([key, inner]) => {
        const spec = Object.hasOwn(fields, key) ? fields[key] : undefined;
        if (spec) return [[key, this.read(inner, spec, placeWithin(at, key))]];
        this.#unknown(key, Object.keys(fields), at);
        return [];
      }),
    );
  }

  #either(value: unknown, spec: Extract<Spec, { readonly kind: 'either' }>, at: string): unknown {
    const whole = spec.of.find((each) => each.kind === 'program' && each.accepts(value));
    if (whole) return value;
    const candidates = spec.of.filter((each) => isOfKind(value, each));
    // Of several object variants, the one that requires most of the keys present.
    const [best] = candidates.sort((one, other) => keysOf(value, other) - keysOf(value, one));
    return best ? this.read(value, best, at) : this.#expected(spec, value, at);
  }

  #named(value: unknown, { of }: Extract<Spec, { readonly kind: 'named' }>, at: string): unknown {
    if (typeof value === 'function') return value;
    const names = Object.keys(of);
    const keys = typeof value === 'string' ? [value] : isRecord(value) ? Object.keys(value) : [];
    const [name, more] = keys;
    if (name === undefined || more !== undefined) {
      const told = more === undefined ? '' : `; it has several names: ${keys.join(', ')}`;
      return this.#mistake(at, `must be a name, or an object with one name and its options${told}`);
    }
    const spec = Object.hasOwn(of, name) ? of[name] : undefined;
    if (spec === undefined) return this.#unknown(name, names, at);
    const options = isRecord(value) ? value[name] : {};
    return { [name]: this.read(options, spec, placeWithin(at, name)) };
  }

  #json(value: unknown, at: string): unknown {
    if (typeof value === 'string') return this.#fill(value, at);
    if (Array.isArray(value)) return value.map((item, index) => this.#json(item, `${at}[${index}]`));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, this.#json(inner, placeWithin(at, key))]),
    );
  }

  #unknown(key: string, known: readonly string[], at: string): undefined {
    const meant = nearest(key, known);
    const fix = meant === undefined ? `Known keys: ${known.join(', ')}` : `Did you mean "${meant}"?`;
    return this.#mistake(placeWithin(at, key), `is not known. ${fix}`);
  }

  #expected(spec: Spec, value: unknown, at: string): undefined {
    return this.#mistake(at, `must be ${expectation(spec)}, but is ${kindOf(value)}`);
  }

  #mistake(path: string, message: string, isMissingVariable = false): undefined {
    this.mistakes.push({ path: path || 'the config', message, isMissingVariable });
  }
}

const MISTAKEN = Symbol('mistaken');

function isOfKind(value: unknown, { kind }: Spec): boolean {
  if (kind === 'text' || kind === 'choice') return typeof value === 'string';
  if (kind === 'object' || kind === 'map') return isRecord(value);
  if (kind === 'switch') return typeof value === 'boolean';
  return kind === 'list' && Array.isArray(value);
}

function keysOf(value: unknown, spec: Spec): number {
  if (spec.kind !== 'object' || !isRecord(value)) return 0;
  return Object.keys(value).filter((key) => Object.hasOwn(spec.fields, key)).length;
}
