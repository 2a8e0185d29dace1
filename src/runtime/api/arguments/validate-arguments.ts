import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../../model/index.ts';
import { once } from '../../once.ts';
import { patternsReady } from '../../pattern/pattern-test.ts';
import { compilingOnce, placed, type SchemaCompiler, type SchemaFault } from '../schema/schema-check.ts';
import { type ArgumentValidator, argumentValidator } from './argument-validator.ts';
import { type AjvOptions, boundFormats, loadAjv, tryCompile } from './validation/ajv.ts';
import type { RawFault } from './validation/argument-faults.ts';
import { deferDefinitions, registerDeferred } from './validation/defer-definitions.ts';
import { askedTypes, digitsFault, registerDigits } from './validation/digits.ts';
import { lenientFormats } from './validation/lenient-formats.ts';
import { twoPass } from './validation/two-pass.ts';
import { counted, visitCounter } from './validation/visits.ts';

export type { ArgumentValidator } from './argument-validator.ts';

/** An {@link argumentValidator} with Ajv, which is imported on the first call. */
export function createArgumentValidator(): ArgumentValidator {
  const visits = visitCounter();
  const engines = once(async () => {
    const make = await loadAjv();
    const options = { patternsOf: 'others', verbose: true, formats: lenientFormats, lenientOneOf: true } as const;
    const engine = (allErrors: boolean) =>
      registerDeferred(registerDigits(visits.register(make({ ...options, allErrors }))));
    return { quick: engine(false), thorough: once(() => engine(true)) };
  });
  return argumentValidator(async (schema) => {
    const check = await twoPass(deferDefinitions(counted(schema)), await engines(), visits.start);
    return (
      check &&
      ((args) => {
        const { errors, more } = check(args);
        return { raw: errors.map((error) => rawFault(error, args)), more };
      })
    );
  });
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
  const engines = once(async () => {
    const [make, { default: addFormats }] = await Promise.all([loadAjv(), import('ajv-formats')]);
    // A CommonJS default export, imported from an ES module: the function is the `default` of the import.
    const engine = (allErrors: boolean) =>
      registerDeferred(boundFormats(addFormats.default(make({ patternsOf: schemasOf, allErrors }))));
    return { quick: once(() => engine(false)), thorough: once(() => engine(true)) };
  });

  return compilingOnce(async (written) => {
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

function place(error: ErrorObject, value: unknown): SchemaFault {
  const { keyword, params, propertyName } = error;
  return placed({ path: pathOf(error, value), keyword, params }, propertyName);
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
