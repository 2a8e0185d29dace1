import type { Ajv2020, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../../model/index.ts';
import { LONGEST_FOR_PATTERN } from '../../pattern/pattern-cost.ts';
import { patternTest } from '../../pattern/pattern-test.ts';
import { isMultiple } from './decimal.ts';
import { equalItems } from './equal-items.ts';

export interface AjvOptions {
  /** Who wrote the patterns: those of `others` are run only as far as they cannot take long. */
  readonly patternsOf: 'others' | 'programmer';
  /** Whether a validation goes on after the first fault. */
  readonly allErrors: boolean;
  readonly formats?: NonNullable<Options['formats']>;
  /** Tells the values and schemas with the faults. */
  readonly verbose?: boolean;
  /** `oneOf` is held to like `anyOf`. */
  readonly lenientOneOf?: boolean;
}

/** What makes instances of Ajv, once its code has been loaded. */
export async function loadAjv(): Promise<(options: AjvOptions) => Ajv2020> {
  const { Ajv2020: Ajv } = await import('ajv/dist/2020.js');
  return ({ patternsOf, lenientOneOf = false, ...options }) => {
    const ajv = new Ajv({ ...SETTINGS, code: { regExp: PATTERNS[patternsOf] }, ...options });
    // Ajv compares each item with each other one: 40,000 objects would take minutes.
    ajv
      .removeKeyword('uniqueItems')
      .addKeyword({ keyword: 'uniqueItems', type: 'array', errors: true, compile: unique });
    // Ajv divides doubles: 19.99 would not be a multiple of 0.01.
    ajv.removeKeyword('multipleOf').addKeyword({
      keyword: 'multipleOf',
      type: 'number',
      schemaType: 'number',
      compile: (factor: number) => (value: number) => isMultiple(value, factor),
    });
    if (lenientOneOf) ajv.removeKeyword('oneOf').addKeyword({ ...definitionOf(ajv, 'anyOf'), keyword: 'oneOf' });
    return ajv;
  };
}

function definitionOf(ajv: Ajv2020, keyword: string) {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition === 'boolean') throw new Error(`Ajv does not report its option for "${keyword}".`);
  return definition;
}

const SETTINGS: Options = {
  strict: false,
  // Or an argument named `constructor` would be found on every object.
  ownProperties: true,
  // `1e999` is read as Infinity, which no request can carry.
  strictNumbers: true,
  // Schemas were rebuilt from known keywords; checking them again costs more than compiling them.
  validateSchema: false,
  logger: false,
  // Two operations may hold equal schemas; names are nobody's business here.
  addUsedSchema: false,
};

/** Holds only texts to formats that are not too long: `url` takes a time that grows with the square of the length. */
export function boundFormats(ajv: Ajv2020): Ajv2020 {
  for (const [name, format] of Object.entries(ajv.formats)) if (format) ajv.formats[name] = bounded(format);
  return ajv;
}

type AddedFormat = NonNullable<Ajv2020['formats'][string]>;
type TextFormat = RegExp | ((text: string) => boolean);

function bounded(format: AddedFormat): AddedFormat {
  if (format instanceof RegExp || typeof format === 'function') return ofShortTexts(format);
  if (format === true || format.type === 'number' || format.async || typeof format.validate === 'string') return format;
  // Without the type "number" it is a format of texts.
  return { ...format, validate: ofShortTexts(format.validate as TextFormat) } as AddedFormat;
}

const ofShortTexts = (format: TextFormat) => (text: string) =>
  text.length > LONGEST_FOR_PATTERN || (format instanceof RegExp ? format.test(text) : format(text));

/** @returns `undefined` where the schema cannot be compiled. */
export function tryCompile(ajv: Ajv2020, schema: JsonSchema): ValidateFunction | undefined {
  try {
    return ajv.compile(schema);
  } catch {
    return undefined;
  }
}

interface UniqueItems {
  (items: readonly unknown[]): boolean;
  errors?: { keyword: string; params: { i: number; j: number } }[];
}

function unique(wanted: boolean): UniqueItems {
  const check: UniqueItems = (items) => {
    const equal = wanted ? equalItems(items) : undefined;
    if (!equal) return true;
    const [j, i] = equal;
    check.errors = [{ keyword: 'uniqueItems', params: { i, j } }];
    return false;
  };
  return check;
}

type PatternCompiler = NonNullable<NonNullable<Options['code']>['regExp']>;

const PATTERNS: Readonly<Record<AjvOptions['patternsOf'], PatternCompiler>> = {
  others: patternCompiler((pattern) => patternTest(pattern)),
  programmer: patternCompiler((pattern, flags) => patternTest(pattern) ?? trusted(pattern, flags)),
};

function patternCompiler(testOf: (pattern: string, flags: string) => ((text: string) => boolean) | undefined) {
  const compile = (pattern: string, flags: string) => ({
    test: testOf(pattern, flags) ?? (() => true),
    // Ajv keeps patterns by their text: without one of their own, all would be the first that was compiled.
    toString: () => `/${pattern}/${flags}`,
  });
  // What Ajv would print into standalone code, which is never made here.
  return Object.assign(compile, { code: 'new RegExp' });
}

/** A pattern of the programmer's own may have what only the platform's engine knows. */
function trusted(pattern: string, flags: string): ((text: string) => boolean) | undefined {
  const compiled = tryRegExp(pattern, flags) ?? tryRegExp(pattern, '');
  return compiled && ((text) => text.length > LONGEST_FOR_PATTERN || compiled.test(text));
}

function tryRegExp(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
