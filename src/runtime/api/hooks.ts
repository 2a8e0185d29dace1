import { type ApiModel, defined, getOwn, type Operation, type ToolFace } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import { messageOf } from '../errors.ts';
import type { CallContext, ToolResult } from '../provider.ts';

/**
 * What a server's owner changes about one operation. Every field is optional.
 *
 * A hook that throws fails the call, and the client receives its message.
 */
export interface OperationHooks<Arguments = Readonly<Record<string, unknown>>, Result = unknown> {
  /** A new name for the tool. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  /** Serve the operation neither as a tool nor as a resource. */
  readonly hidden?: boolean;
  /** Arguments with fixed values; clients neither see nor set them. */
  readonly fixed?: Partial<Arguments>;
  /** Receives the arguments before validation, and returns those to use. */
  readonly before?: (args: Arguments, context: CallContext) => Arguments | Promise<Arguments>;
  /** Receives the JSON of a successful response, and returns the result. The tool then lists no output schema. */
  readonly shape?: (result: Result, context: CallContext) => unknown;
  /** Receives the finished tool result, and returns the one to use. */
  readonly after?: (result: ToolResult, context: CallContext) => ToolResult | Promise<ToolResult>;
}

/** Hooks by operation id. */
export type HooksById = Readonly<Record<string, OperationHooks>>;

/** Hooks of an API with known operations: an unknown name, argument or result is a compile error. */
export type Hooks<Operations extends { [Id in keyof Operations]: { arguments: object; result: unknown } }> = {
  readonly [Id in keyof Operations]?:
    | OperationHooks<Operations[Id]['arguments'], Operations[Id]['result']>
    | InheritedMember<Id>;
};

/** Every object has methods such as `toString`: for an operation with that name, TypeScript would see them as hooks. */
type InheritedMember<Id> = Id extends keyof typeof Object.prototype ? (typeof Object.prototype)[Id] : never;

/** The hooks of an operation, by its id or operationId, which may be the name of an inherited property. */
export function hooksOf(hooks: HooksById, { id, origin }: Pick<Operation, 'id' | 'origin'>): OperationHooks {
  return getOwn(hooks, id) ?? getOwn(hooks, origin.operationId ?? id) ?? NONE;
}

const NONE: OperationHooks = {};

/**
 * Runs a hook.
 *
 * @throws CallError with the hook's own message, which its owner wrote for the model
 */
export async function askHook<Answer>(name: 'before' | 'shape' | 'after', ask: () => Answer | Promise<Answer>) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError('HOOK_FAILED', `The hook "${name}": ${messageOf(error)}`, { cause: error });
  }
}

/** The model as clients see it: tools renamed, described and hidden, fixed arguments removed. */
export function withHookedFaces(model: ApiModel, hooks: HooksById): ApiModel {
  if (Object.keys(hooks).length === 0) return model;
  return { ...model, operations: model.operations.map((operation) => hooked(operation, hooksOf(hooks, operation))) };
}

function hooked(operation: Operation, hooks: OperationHooks): Operation {
  const { tool, resource, ...rest } = operation;
  if (hooks.hidden) return rest;
  const fixed = Object.keys(hooks.fixed ?? {});
  const { name, title, description } = hooks;
  const shown = defined({ name, title, description });
  // The variables of a URI template are arguments. With one of them fixed, the operation is only available as a tool.
  const readable = resource && !fixed.some((name) => variablesOf(resource.uriTemplate ?? '').includes(name));
  return {
    ...rest,
    ...(tool && { tool: { ...hookedInput(tool, operation, { fixed, hooks }), ...shown } }),
    ...(readable && { resource: { ...resource, ...shown } }),
  };
}

/** The names inside the braces of an RFC 6570 template. */
const variablesOf = (template: string): string[] =>
  [...template.matchAll(/\{[+#./;?&]?([^}]*)\}/g)].flatMap(([, list = '']) => list.replaceAll('*', '').split(','));

function hookedInput(
  tool: ToolFace,
  operation: Operation,
  { fixed, hooks }: { fixed: readonly string[]; hooks: OperationHooks },
): ToolFace {
  const { outputSchema, ...face } = tool;
  const output = hooks.shape || !outputSchema ? {} : { outputSchema };
  if (fixed.length === 0) return { ...face, ...output };
  const { properties = {}, required = [], ...schema } = tool.inputSchema ?? operation.arguments;
  return {
    ...face,
    ...output,
    inputSchema: {
      ...schema,
      properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !fixed.includes(name))),
      required: required.filter((name) => !fixed.includes(name)),
    },
  };
}
