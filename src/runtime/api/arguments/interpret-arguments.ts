import { compilingOnce, placed, type SchemaCompiler } from '../schema/schema-check.ts';
import { type ArgumentValidator, argumentValidator } from './argument-validator.ts';
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
  return compilingOnce(async (schema) => {
    const { fullFormats } = await import('ajv-formats/dist/formats.js');
    const check = await interpreter({ formats: fullFormats, boundedFormats: true, lenientOneOf: false })(schema);
    return check && ((value) => check(value, { first: false }).map((fault) => placed(fault)));
  });
}
