import type { JsonSchemaObject } from '../model/index.ts';
import { createSchemaCompiler } from '../runtime/api/arguments/validate-arguments.ts';
import type { ToolResult } from '../runtime/provider.ts';
import { faultText } from '../runtime/server/fault-text.ts';
import { violationsOf, violationText } from '../runtime/server/schema.ts';
import { pointerOf, type StandardSchema } from '../runtime/server/standard-schema.ts';
import { ResultMismatch } from './errors.ts';

/** Validates tool results against the tool's schema, and against the caller's. */
export class OutputCheck {
  readonly #compile = createSchemaCompiler();

  /** @throws ResultMismatch */
  async checked(
    tool: string,
    result: ToolResult,
    { promised, wanted }: { promised: JsonSchemaObject | undefined; wanted: StandardSchema | undefined },
  ): Promise<ToolResult> {
    if (promised) await this.#hold(tool, result, promised);
    return wanted ? { ...result, structuredContent: await converted(tool, result, wanted) } : result;
  }

  async #hold(tool: string, result: ToolResult, schema: JsonSchemaObject): Promise<void> {
    const { structuredContent } = result;
    if (structuredContent === undefined) throw new ResultMismatch(tool, result, 'it has no structured content.');
    const check = await this.#compile(schema);
    // A schema that cannot be compiled is ignored.
    const faults = check?.(structuredContent) ?? [];
    if (faults.length === 0) return;
    const violations = violationsOf(faults, (fault) => ({
      pointer: pointerOf(fault.path),
      message: faultText(fault, schema, structuredContent),
    }));
    throw new ResultMismatch(tool, result, violationText(violations));
  }
}

/** @returns the parsed structured content */
async function converted(tool: string, result: ToolResult, schema: StandardSchema): Promise<unknown> {
  const { structuredContent } = result;
  const outcome = await schema['~standard'].validate(structuredContent);
  if (!outcome.issues) return outcome.value;
  if (isWrapped(structuredContent)) {
    const inner = await schema['~standard'].validate(structuredContent.result);
    if (!inner.issues) return inner.value;
  }
  const violations = violationsOf(outcome.issues, ({ path = [], message }) => ({ pointer: pointerOf(path), message }));
  throw new ResultMismatch(tool, result, violationText(violations));
}

/** Up to 2025-11-25, structured content must be an object: anything else is wrapped as `result`. */
function isWrapped(value: unknown): value is { readonly result: unknown } {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 1 && 'result' in value;
}
