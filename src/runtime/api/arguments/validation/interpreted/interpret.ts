import type { Format } from 'ajv';
import type { JsonSchema, JsonSchemaObject, Schemas } from '../../../../../model/index.ts';
import { patternsReady, patternTest } from '../../../../pattern/pattern-test.ts';
import { mapSubschemas } from '../../../schema/schema-closure.ts';
import type { RawFault } from '../argument-faults.ts';
import { apply, type Group } from './apply.ts';
import { nothing } from './evaluated.ts';
import { formatTests } from './format-test.ts';
import { isMalformed, LENIENT, STRICT } from './keywords.ts';

export interface InterpretOptions {
  readonly formats: Readonly<Record<string, Format>>;
  /** Formats are checked for texts that are not too long. */
  readonly boundedFormats: boolean;
  /** Treat `oneOf` like `anyOf`. */
  readonly lenientOneOf: boolean;
  /** Called before each use of a definition. */
  readonly onVisit?: () => void;
}

/** The errors of a value, or only the first one. */
export type Interpreted = (value: unknown, mode: { readonly first: boolean }) => readonly RawFault[];

/**
 * Validates without generating code, for platforms that forbid it: the same result as Ajv, and the same errors in the
 * same order.
 *
 * @returns prepares a schema; `undefined` for one that Ajv would not compile
 */
export function interpreter(options: InterpretOptions): (schema: JsonSchemaObject) => Promise<Interpreted | undefined> {
  const groups: readonly Group[] = options.lenientOneOf ? LENIENT : STRICT;
  const formats = formatTests(options.formats, { bounded: options.boundedFormats });
  const { onVisit = () => {} } = options;
  return async (schema) => {
    const { $defs: defs = {} } = schema;
    if (!prepared(schema, defs)) return undefined;
    await patternsReady();
    return (value, { first }) => {
      const faults: RawFault[] = [];
      apply(schema, { value, path: [], run: { first, faults, groups, defs, formats, onVisit } }, nothing());
      return faults;
    };
  };
}

/** Requests every pattern, so that its engine is loaded. @returns false for a malformed schema */
function prepared(schema: JsonSchema, defs: Schemas): boolean {
  if (typeof schema === 'boolean') return true;
  if (isMalformed(schema, defs)) return false;
  if (schema.pattern !== undefined) patternTest(schema.pattern);
  for (const source of Object.keys(schema.patternProperties ?? {})) patternTest(source);
  let valid = true;
  mapSubschemas(schema, (part) => {
    valid &&= prepared(part, defs);
    return part;
  });
  return valid;
}
