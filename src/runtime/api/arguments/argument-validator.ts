import type { JsonSchemaObject, Operation, Schemas } from '../../../model/index.ts';
import { nearest } from '../../text/nearest.ts';
import { withDefs } from '../schema/schema-closure.ts';
import { type ArgumentFault, atMost, describeFaults, type RawFault } from './validation/argument-faults.ts';
import { MOST_LEVELS, tooDeepArgument } from './validation/deep-arguments.ts';
import { takingDigits } from './validation/digits.ts';
import { TooManyVisits } from './validation/visits.ts';

export interface ArgumentValidator {
  /** The errors in a call's arguments; empty if they can be sent. */
  validate(
    operation: Pick<Operation, 'arguments'>,
    schemas: Schemas,
    args: Readonly<Record<string, unknown>>,
  ): Promise<readonly ArgumentFault[]>;
}

/** The errors of a value; `more`: there may be others. */
export interface Found {
  readonly raw: readonly RawFault[];
  readonly more: boolean;
}

/** Prepares a schema; `undefined` if that is not possible. */
export type CompileArguments = (schema: JsonSchemaObject) => Promise<((args: unknown) => Found) | undefined>;

/**
 * Validates arguments against the exact schema of their operation, which is compiled on its first call.
 *
 * Being stricter than the API is worse than being more lenient, because a request that is not sent cannot succeed. So
 * formats reject only values that are certainly wrong, long strings skip their pattern, and a value may match several
 * branches of `oneOf`, which many documents write where they mean `anyOf`.
 */
export function argumentValidator(compile: CompileArguments): ArgumentValidator {
  const compiled = new WeakMap<object, ReturnType<CompileArguments>>();
  const checkOf = (operation: Pick<Operation, 'arguments'>, schemas: Schemas) => {
    const known = compiled.get(operation.arguments);
    if (known) return known;
    const made = compile(takingDigits(withDefs(operation.arguments, schemas)));
    compiled.set(operation.arguments, made);
    return made;
  };
  return {
    async validate(operation, schemas, args) {
      const deep = tooDeepArgument(args);
      if (deep !== undefined) {
        const message = `${deep}: is nested more than ${MOST_LEVELS} levels deep, which is too deep to send`;
        return [{ argument: deep, message }];
      }
      const check = await checkOf(operation, schemas);
      if (!check) return faultsWithoutSchema(operation, args);
      try {
        return describeFaults(check(args), schemas);
      } catch (error) {
        // Recursion fails for a value that is nested thousands of levels deep.
        if (!(error instanceof TooManyVisits || error instanceof RangeError)) throw error;
        return [{ argument: '', message: 'the arguments are nested too deeply to be validated' }];
      }
    },
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
