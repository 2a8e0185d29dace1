import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema, JsonSchemaObject, Operation } from '../../../model/index.ts';
import { once } from '../../once.ts';
import { patternsReady } from '../../pattern/pattern-test.ts';
import { nearest } from '../../text/nearest.ts';
import type { SchemaCheck, SchemaCompiler, SchemaFault } from '../schema/schema-check.ts';
import { withDefs } from '../schema/schema-closure.ts';
import { type AjvOptions, boundFormats, loadAjv, tryCompile } from './validation/ajv.ts';
import { type ArgumentFault, atMost, describeFaults, type RawFault } from './validation/argument-faults.ts';
import { MOST_LEVELS, tooDeepArgument } from './validation/deep-arguments.ts';
import { deferDefinitions, registerDeferred } from './validation/defer-definitions.ts';
import { askedTypes, digitsFault, registerDigits, takingDigits } from './validation/digits.ts';
import { lenientFormats } from './validation/lenient-formats.ts';
import { type Faults, twoPass } from './validation/two-pass.ts';
import { counted, TooManyVisits, visitCounter } from './validation/visits.ts';

export interface ArgumentValidator {
  /** The errors in a call's arguments; empty if they can be sent. */
  validate(
    operation: Pick<Operation, 'arguments'>,
    schemas: Readonly<Record<string, JsonSchema>>,
    args: Readonly<Record<string, unknown>>,
  ): Promise<readonly ArgumentFault[]>;
}

type Check = (value: unknown) => Faults;

/**
 * Validates arguments against the exact schema of their operation. Ajv is imported on the first call, and each schema
 * compiled on the first call of its operation.
 *
 * Being stricter than the API is worse than being more lenient, because a request that is not sent cannot succeed. So
 * formats reject only values that are certainly wrong, long strings skip their pattern, and a value may match several
 * branches of `oneOf`, which many documents write where they mean `anyOf`.
 */
export function createArgumentValidator(): ArgumentValidator {
  const compiled = new WeakMap<object, Promise<Check | undefined>>();
  const visits = visitCounter();
  const engines = once(async () => {
    const make = await loadAjv();
    const options = { patternsOf: 'others', verbose: true, formats: lenientFormats, lenientOneOf: true } as const;
    const engine = (allErrors: boolean) =>
      registerDeferred(registerDigits(visits.register(make({ ...options, allErrors }))));
    return { quick: engine(false), thorough: once(() => engine(true)) };
  });

  const compile = (operation: Pick<Operation, 'arguments'>, schemas: Readonly<Record<string, JsonSchema>>) => {
    const known = compiled.get(operation.arguments);
    if (known) return known;
    const schema = deferDefinitions(counted(takingDigits(withDefs(operation.arguments, schemas))));
    const made = engines().then((loaded) => twoPass(schema, loaded, visits.start));
    compiled.set(operation.arguments, made);
    return made;
  };

  return {
    async validate(operation, schemas, args) {
      const deep = tooDeepArgument(args);
      if (deep !== undefined)
        return [
          {
            argument: deep,
            message: `${deep}: is nested more than ${MOST_LEVELS} levels deep, which is too deep to send`,
          },
        ];
      const check = await compile(operation, schemas);
      if (!check) return faultsWithoutSchema(operation, args);
      try {
        const { errors, more } = check(args);
        return describeFaults({ raw: errors.map((error) => rawFault(error, args)), more }, schemas);
      } catch (error) {
        // Recursion fails for a value that is nested thousands of levels deep.
        if (!(error instanceof TooManyVisits || error instanceof RangeError)) throw error;
        return [{ argument: '', message: 'the arguments are nested too deeply to be validated' }];
      }
    },
  };
}

/**
 * Creates a compiler for output schemas, and for the schemas of hand-written tools. All formats are validated, as
 * validating clients do.
 *
 * @param schemasOf `others` (the default): patterns run only if they cannot take long, and all errors are found, to
 *   decide what to remove. `programmer`: patterns are trusted, but values are not; only the first error of a large
 *   value is reported.
 */
export function createSchemaCompiler({
  schemasOf = 'others',
}: {
  readonly schemasOf?: AjvOptions['patternsOf'];
} = {}): SchemaCompiler {
  const compiled = new WeakMap<object, Promise<SchemaCheck | undefined>>();
  const engines = once(async () => {
    const [make, { default: addFormats }] = await Promise.all([loadAjv(), import('ajv-formats')]);
    // A CommonJS default export, imported from an ES module: the function is the `default` of the import.
    const engine = (allErrors: boolean) =>
      registerDeferred(boundFormats(addFormats.default(make({ patternsOf: schemasOf, allErrors }))));
    return { quick: once(() => engine(false)), thorough: once(() => engine(true)) };
  });

  async function compile(written: JsonSchemaObject): Promise<SchemaCheck | undefined> {
    const { quick, thorough } = await engines();
    const schema = deferDefinitions(written);
    if (schemasOf === 'programmer') {
      const check = await twoPass(schema, { quick: quick(), thorough });
      return check && ((value) => check(value).errors.map((error) => place(error, value)));
    }
    const validate = tryCompile(thorough(), schema);
    await patternsReady();
    return (
      validate && ((value) => (validate(value) ? [] : (validate.errors ?? []).map((error) => place(error, value))))
    );
  }

  return async (schema) => {
    if (typeof schema === 'boolean') return () => (schema ? [] : [{ path: [], keyword: 'false schema', params: {} }]);
    const made = compiled.get(schema) ?? compile(schema);
    compiled.set(schema, made);
    return made;
  };
}

/** Errors that need no schema: missing and unknown arguments. */
function faultsWithoutSchema(
  { arguments: { required, properties, additionalProperties } }: Pick<Operation, 'arguments'>,
  args: Readonly<Record<string, unknown>>,
): readonly ArgumentFault[] {
  const missing = required.filter((name) => !Object.hasOwn(args, name));
  const unknown =
    additionalProperties === false ? Object.keys(args).filter((name) => !Object.hasOwn(properties, name)) : [];
  const faults = [
    ...missing.map((argument) => ({ argument, known: true })),
    ...unknown.map((argument) => ({ argument, known: false })),
  ];
  return atMost(faults, ({ argument, known }) => {
    if (known) return { argument, message: `${argument}: is required` };
    const close = nearest(argument, Object.keys(properties));
    const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
    return { argument, message: `${argument}: is not a known argument.${meant}` };
  });
}

function rawFault(error: ErrorObject, args: unknown): RawFault {
  const { keyword, params, schema, parentSchema, data } = error;
  const digits = digitsFault(keyword, params);
  // Ajv's type is `AnySchemaObject`, but only schemas of the model are compiled.
  const whole = (parentSchema as JsonSchema | undefined) ?? true;
  const wanted = keyword === 'type' && typeof whole === 'object' ? askedTypes(whole) : schema;
  return {
    path: pathOf(error, args),
    keyword: digits?.keyword ?? keyword,
    params,
    keywordValue: digits ? digits.wanted : wanted,
    schema: whole,
    value: data,
  };
}
/** If the error is about a member and not the object, the path is that of the member. */
function place(error: ErrorObject, value: unknown): SchemaFault {
  const { keyword, params, propertyName } = error;
  const member = params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName ?? propertyName;
  const path = pathOf(error, value);
  return { path: typeof member === 'string' ? [...path, member] : path, keyword, params };
}

/** A JSON pointer (RFC 6901) as keys and indices into the value. */
function pathOf({ instancePath }: ErrorObject, root: unknown): readonly (string | number)[] {
  let value = root;
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      // Only reads: Ajv's pointers lead through existing values.
      value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
      return step;
    });
}
