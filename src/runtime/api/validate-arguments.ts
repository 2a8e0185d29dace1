import type { Ajv2020, ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema, Operation } from '../../model/index.ts';
import { type ArgumentFault, describeFaults, type RawFault } from './argument-faults.ts';
import { lenientFormats } from './lenient-formats.ts';
import { nearest } from './nearest.ts';
import type { SchemaCompiler, SchemaFault } from './schema-check.ts';
import { withDefs } from './schema-closure.ts';

export interface ArgumentValidator {
  /** What is wrong with the arguments of a call; empty where they may be sent. */
  validate(
    operation: Pick<Operation, 'arguments'>,
    schemas: Readonly<Record<string, JsonSchema>>,
    args: Readonly<Record<string, unknown>>,
  ): Promise<readonly ArgumentFault[]>;
}

/**
 * Validates arguments against the exact schema of their operation. Ajv is imported at the first call, and each schema
 * compiled at the first call of its operation.
 *
 * Stricter than the API is worse than more lenient, for a request that is not sent cannot succeed. So formats reject
 * only what is surely wrong, long strings skip their pattern, and a value that fits several branches of `oneOf` passes:
 * many documents write it where they mean `anyOf`.
 */
export function createArgumentValidator(): ArgumentValidator {
  const compiled = new WeakMap<object, Promise<ValidateFunction | undefined>>();
  const ajv = lazy(() => loadAjv({ verbose: true, formats: lenientFormats }));

  const compile = (operation: Pick<Operation, 'arguments'>, schemas: Readonly<Record<string, JsonSchema>>) => {
    const known = compiled.get(operation.arguments);
    if (known) return known;
    const made = ajv().then((loaded) => tryCompile(loaded, withDefs(operation.arguments, schemas)));
    compiled.set(operation.arguments, made);
    return made;
  };

  return {
    async validate(operation, schemas, args) {
      const validate = await compile(operation, schemas);
      if (!validate) return faultsWithoutSchema(operation, args);
      if (validate(args)) return [];
      return describeFaults(
        (validate.errors ?? []).filter(counts).map((error) => rawFault(error, args)),
        schemas,
      );
    },
  };
}

/**
 * Makes a compiler of output schemas, and of the schemas of hand-written tools. Every format is held to, as clients do
 * that validate what they are given.
 */
export function createSchemaCompiler(): SchemaCompiler {
  const compiled = new WeakMap<object, Promise<ValidateFunction | undefined>>();
  const ajv = lazy(async () => {
    const [loaded, { default: addFormats }] = await Promise.all([loadAjv({}), import('ajv-formats')]);
    // A CommonJS default export, seen from an ES module: the function is the `default` of what was imported.
    return addFormats.default(loaded);
  });

  return async (schema) => {
    if (typeof schema === 'boolean') return () => (schema ? [] : [{ path: [], keyword: 'false schema' }]);
    const made = compiled.get(schema) ?? ajv().then((loaded) => tryCompile(loaded, schema));
    compiled.set(schema, made);
    const validate = await made;
    return (
      validate && ((value) => (validate(value) ? [] : (validate.errors ?? []).map((error) => place(error, value))))
    );
  };
}

async function loadAjv(options: Options): Promise<Ajv2020> {
  const { Ajv2020: Ajv } = await import('ajv/dist/2020.js');
  return new Ajv({
    strict: false,
    // Or an argument named `constructor` would be found on every object.
    ownProperties: true,
    // `1e999` is read as Infinity, which no request can carry.
    strictNumbers: true,
    allErrors: true,
    // Schemas were rebuilt from known keywords; checking them again costs more than compiling them.
    validateSchema: false,
    logger: false,
    // Two operations may hold equal schemas; names are nobody's business here.
    addUsedSchema: false,
    code: { regExp: boundedRegExp },
    ...options,
  });
}

/** A pattern comes from the document and may be catastrophic: it runs on strings of at most 2 kB. */
const boundedRegExp = Object.assign(
  (pattern: string, flags: string) => {
    const regExp = tryRegExp(pattern, flags) ?? tryRegExp(pattern, '');
    return {
      test: (text: string) => text.length > LONGEST_FOR_PATTERN || !regExp || regExp.test(text),
      // Ajv keeps patterns by their text: without one of their own, all would be the first that was compiled.
      toString: () => `/${pattern}/${flags}`,
    };
  },
  // What Ajv would print into standalone code, which is never made here.
  { code: 'new RegExp' },
);
const LONGEST_FOR_PATTERN = 2_048;

function tryRegExp(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

function tryCompile(ajv: Ajv2020, schema: JsonSchema): ValidateFunction | undefined {
  try {
    return ajv.compile(schema);
  } catch {
    return undefined;
  }
}

/** What can be said without the schema: what is missing, and what nobody knows. */
function faultsWithoutSchema(
  { arguments: { required, properties, additionalProperties } }: Pick<Operation, 'arguments'>,
  args: Readonly<Record<string, unknown>>,
): readonly ArgumentFault[] {
  const missing = required.filter((name) => !Object.hasOwn(args, name));
  const unknown =
    additionalProperties === false ? Object.keys(args).filter((name) => !Object.hasOwn(properties, name)) : [];
  return [
    ...missing.map((argument) => ({ argument, message: `${argument}: is required` })),
    ...unknown.map((argument) => {
      const close = nearest(argument, Object.keys(properties));
      const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
      return { argument, message: `${argument}: is not a known argument.${meant}` };
    }),
  ];
}

/** More than one branch of `oneOf` fits: see {@link createArgumentValidator}. */
function counts({ keyword, params }: ErrorObject): boolean {
  return !(keyword === 'oneOf' && params.passingSchemas);
}

function rawFault(error: ErrorObject, args: unknown): RawFault {
  const { keyword, params, schema, parentSchema, data } = error;
  return {
    path: pathOf(error, args),
    keyword,
    params,
    keywordValue: schema,
    // Ajv says `AnySchemaObject`; what was compiled was a schema of the model.
    schema: (parentSchema as JsonSchema | undefined) ?? true,
    value: data,
  };
}

/** Where a member is at fault and not the whole object, the place is that of the member. */
function place(error: ErrorObject, value: unknown): SchemaFault {
  const { keyword, params, propertyName } = error;
  const member = params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName ?? propertyName;
  const path = pathOf(error, value);
  return { path: typeof member === 'string' ? [...path, member] : path, keyword };
}

/** A JSON pointer (RFC 6901) as keys and indices of the value it points into. */
function pathOf({ instancePath }: ErrorObject, root: unknown): readonly (string | number)[] {
  let value = root;
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      // Only read: a pointer of Ajv leads through what exists.
      value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
      return step;
    });
}

function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
