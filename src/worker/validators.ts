// In place of `runtime/api/arguments/validate-arguments.ts` in a Worker, which cannot run what Ajv generates: see
// `scripts/bundle.mjs`.
export {
  createInterpretingCompiler as createSchemaCompiler,
  createInterpretingValidator as createArgumentValidator,
} from '../runtime/api/arguments/interpret-arguments.ts';
