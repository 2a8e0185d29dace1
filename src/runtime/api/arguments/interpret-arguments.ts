import type { SchemaCheck, SchemaCompiler } from '../schema/schema-check.ts';
import { type ArgumentValidator, argumentValidator } from './argument-validator.ts';
import type { RawFault } from './validation/argument-faults.ts';
import { interpreter } from './validation/interpreted/interpret.ts';
import { lenientFormats } from './validation/lenient-formats.ts';
import { FEW_PARTS, partsOf } from './validation/parts-of.ts';
import { visitCounter } from './validation/visits.ts';

// For platforms that forbid code generation. `validate-arguments.ts` has the same with Ajv, which generates code and is
// faster; `interpret-arguments.test.ts` holds them equal.

/** An {@link argumentValidator} that generates no code. */
export function createInterpretingValidator(): ArgumentValidator {
  const visits = visitCounter();
  const compile = interpreter({
    formats: lenientFormats,
    boundedFormats: false,
    lenientOneOf: true,
    onVisit: visits.visit,
  });
  return argumentValidator(async (schema) => {
    const check = await compile(schema);
    if (!check) return undefined;
    return (args) => {
      const parts = partsOf(args);
      visits.start(parts);
      const quick = check(args, { first: true });
      if (quick.length === 0) return { raw: [], more: false };
      if (parts > FEW_PARTS) return { raw: quick, more: true };
      visits.start(parts);
      return { raw: check(args, { first: false }), more: false };
    };
  });
}

/** A compiler for output schemas that generates no code. */
export function createInterpretingCompiler(): SchemaCompiler {
  const compiled = new WeakMap<object, Promise<SchemaCheck | undefined>>();
  return async (schema) => {
    if (typeof schema === 'boolean') return () => (schema ? [] : [{ path: [], keyword: 'false schema', params: {} }]);
    const made = compiled.get(schema) ?? compile(schema);
    compiled.set(schema, made);
    return made;
  };

  async function compile(schema: Parameters<ReturnType<typeof interpreter>>[0]): Promise<SchemaCheck | undefined> {
    const { fullFormats } = await import('ajv-formats/dist/formats.js');
    const check = await interpreter({ formats: fullFormats, boundedFormats: true, lenientOneOf: false })(schema);
    return check && ((value) => check(value, { first: false }).map(place));
  }
}

/** If the error is about a member and not the object, the path is that of the member. */
function place({ path, keyword, params }: RawFault) {
  const member = params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName;
  return { path: typeof member === 'string' ? [...path, member] : path, keyword, params };
}
