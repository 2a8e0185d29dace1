import type { Ajv2020, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../../../model/index.ts';
import { LONGEST_FOR_PATTERN } from '../../../pattern/pattern-cost.ts';
import { patternTest } from '../../../pattern/pattern-test.ts';
import { isMultiple } from './decimal.ts';
import { equalItems } from './equal-items.ts';

export interface AjvOptions {
  /** Who wrote the patterns: those of `others` run only if they cannot take long. */
  readonly patternsOf: 'others' | 'programmer';
  /** Whether validation continues after the first error. */
  readonly allErrors: boolean;
  readonly formats?: NonNullable<Options['formats']>;
  /** Report values and schemas with the errors. */
  readonly verbose?: boolean;
  /** Treat `oneOf` like `anyOf`. */
  readonly lenientOneOf?: boolean;
}

/** Creates Ajv instances, once Ajv is loaded. */
export async function loadAjv(): Promise<(options: AjvOptions) => Ajv2020> {
  const { Ajv2020: Ajv } = await import('ajv/dist/2020.js');
  return ({ patternsOf, lenientOneOf = false, ...options }) => {
    const ajv = new Ajv({ ...SETTINGS, code: { regExp: PATTERNS[patternsOf] }, ...options });
    // Ajv compares every pair of items: 40,000 objects would take minutes.
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
  // Otherwise an argument named `constructor` would be found on every object.
  ownProperties: true,
  // `1e999` is read as Infinity, which cannot be sent.
  strictNumbers: true,
  // Schemas are rebuilt from known keywords; validating them again costs more than compiling them.
  validateSchema: false,
  logger: false,
  // Two operations may have equal schemas; names are not checked here.
  addUsedSchema: false,
};

/** Validates formats only for strings that are not too long: `url` takes quadratic time. */
export function boundFormats(ajv: Ajv2020): Ajv2020 {
  for (const [name, format] of Object.entries(ajv.formats)) if (format) ajv.formats[name] = bounded(format);
  return ajv;
}

type AddedFormat = NonNullable<Ajv2020['formats'][string]>;
type TextFormat = RegExp | ((text: string) => boolean);

function bounded(format: AddedFormat): AddedFormat {
  if (format instanceof RegExp || typeof format === 'function') return ofShortTexts(format);
  if (format === true || format.type === 'number' || format.async || typeof format.validate === 'string') return format;
  // Without the type "number" it is a string format.
  return { ...format, validate: ofShortTexts(format.validate as TextFormat) } as AddedFormat;
}

const ofShortTexts = (format: TextFormat) => (text: string) =>
  text.length > LONGEST_FOR_PATTERN || (format instanceof RegExp ? format.test(text) : format(text));

/** @returns `undefined` if the schema cannot be compiled */
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
    // Ajv caches patterns by their text, so each must have a unique one.
    toString: () => `/${pattern}/${flags}`,
  });
  // Used by Ajv only for standalone code, which is never generated here.
  return Object.assign(compile, { code: 'new RegExp' });
}

/** A programmer's pattern may use syntax that only the platform's engine supports. */
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
