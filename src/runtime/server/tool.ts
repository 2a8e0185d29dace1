import { defined, type JsonSchemaObject, type ToolAnnotations } from '../../model/index.ts';
import type { SchemaCompiler } from '../api/schema/schema-check.ts';
import { misfit } from '../errors.ts';
import { confirmable, tokenOf } from '../middleware/confirmation/confirmable.ts';
import type { Confirmations } from '../middleware/confirmation/confirmations.ts';
import { defaultMessage } from '../middleware/confirmation/message.ts';
import { ANNOTATIONS } from '../options/annotations.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { anything, either, func, number, onOff, record, text } from '../options/option-kinds.ts';
import { TIMER_MS } from '../options/option-range.ts';
import type { Icon, Tool, ToolResult } from '../provider.ts';
import { checkCall, HANDLER_HINTS, ICONS } from './check-call.ts';
import type { Context } from './context.ts';
import {
  type CheckedSchema,
  checkedSchema,
  type Given,
  type Parsed,
  type Schema,
  violationsOf,
  violationText,
} from './schema.ts';
import { pointerOf } from './standard-schema.ts';
import { type ToolOutput, toToolResult } from './tool-result.ts';
import { wrapSchema } from './wrap-schema.ts';

export interface ToolOptions<Input extends Schema | undefined, Output extends Schema | undefined> {
  readonly title?: string;
  readonly description?: string;
  /** Schema of the arguments; its root is an object. Without it, the tool takes no arguments. */
  readonly input?: Input;
  /** Schema of the return value. A root that is not an object is listed as `{ result }`. */
  readonly output?: Output;
  readonly annotations?: ToolAnnotations;
  readonly icons?: readonly Icon[];
  /**
   * Asks for confirmation before the handler runs; a string, or a function of the arguments, describes what would be
   * done. If the client supports elicitation, it asks its user. Otherwise the call is refused; or, if the server has
   * `unasked: 'token'`, the first call returns a token, and the second passes it in the argument `confirm`, which is then
   * listed. The middleware `confirm()` does the same for mounted tools.
   */
  readonly confirm?: true | string | ((args: Parsed<Input>) => string);
  /** Time limit of the handler in milliseconds. Default: the server's `timeoutMs`. */
  readonly timeoutMs?: number;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

const checked = declareOptions<ToolOptions<undefined, undefined>>(
  'tool()',
  {
    title: text,
    description: text,
    input: anything,
    output: anything,
    annotations: ANNOTATIONS,
    icons: ICONS,
    confirm: either('true, a string or a function', { ...onOff, fits: (value) => value === true }, text, func),
    timeoutMs: number(TIMER_MS),
    _meta: record,
  },
  {
    hints: {
      ...HANDLER_HINTS,
      inputSchema: 'Write "input".',
      parameters: 'Write "input".',
      args: 'Write "input".',
      schema: 'Write "input" for its arguments, or "output" for what it returns.',
      outputSchema: 'Write "output".',
      timeout: 'Write "timeoutMs", in milliseconds.',
      readOnlyHint: 'Write annotations: { readOnlyHint: true }.',
      destructiveHint: 'Write annotations: { destructiveHint: true }.',
      tags: 'Write _meta: { tags: ["…"] }.',
      meta: 'Write "_meta".',
    },
    example: "tool('add', { input: { a: z.number(), b: z.number() } }, ({ a, b }) => a + b)",
  },
);

/** The return values of handlers: see {@link toToolResult} for their conversion. */
export type Returned<Output> = Output extends Schema ? Given<Output> | ToolResult : unknown;

export type ToolHandler<Input, Output, LifespanValue> = (
  args: Parsed<Input>,
  context: Context<LifespanValue>,
) => Returned<Output> | Promise<Returned<Output>>;

/** A tool as listed, with its function. */
export interface ToolPart<LifespanValue> {
  readonly listed: Tool;
  readonly timeoutMs: number | undefined;
  /** @throws the error of the handler; an Error if its return value does not match the output schema */
  call(args: Readonly<Record<string, unknown>>, context: Context<LifespanValue>): Promise<ToolResult>;
}

export interface ToolMeans {
  readonly compiler: SchemaCompiler;
  /** The server's options. */
  readonly confirmations: Confirmations;
}

export function toolPart<Input extends Schema | undefined, Output extends Schema | undefined, LifespanValue>(
  name: string,
  options: ToolOptions<Input, Output>,
  handler: ToolHandler<Input, Output, LifespanValue>,
  { compiler, confirmations }: ToolMeans,
): ToolPart<LifespanValue> {
  checkCall('tool', name, options, handler);
  // Its schemas may be of any type.
  checked(options as ToolOptions<undefined, undefined>, `The tool "${name}"`);
  const { title, description, annotations, icons, timeoutMs, _meta, confirm } = options;
  const input = options.input
    ? checkedSchema(options.input, 'input', `input of tool "${name}"`, compiler)
    : NO_ARGUMENTS;
  const output =
    options.output && outputOf(checkedSchema(options.output, 'output', `output of tool "${name}"`, compiler));
  const tool: Tool = {
    name,
    ...defined({ title, description }),
    inputSchema: objectRoot(name, input.json),
    ...(output && { outputSchema: output.wrapped ? wrapSchema(output.schema.json) : output.schema.json }),
    ...defined({ annotations, icons, _meta }),
  };
  const asking = confirm === undefined ? undefined : confirmable(tool, confirmations);
  return {
    listed: Object.freeze(asking?.tool ?? tool),
    timeoutMs,
    async call(given, context) {
      const { token, args } = asking ? tokenOf(given, asking.argument) : { token: undefined, args: given };
      const outcome = await input.check(args);
      if (outcome.violations) return misfit(violationText(outcome.violations));
      // Validation has made sure of the arguments' type.
      const parsed = outcome.value as Parsed<Input>;
      if (asking) {
        const said = typeof confirm === 'function' ? confirm(parsed) : confirm;
        const message = typeof said === 'string' ? said : defaultMessage(tool, args);
        const { argument } = asking;
        const unconfirmed = {
          tool: name,
          arguments: args,
          ...(argument !== undefined && { argument }),
          token,
          message,
        };
        const withheld = await confirmations.withheld(unconfirmed, clientOf(context));
        if (withheld) return withheld;
      }
      return toToolResult(await handler(parsed, context), output);
    },
  };
}

const NO_ARGUMENTS: CheckedSchema = {
  json: { type: 'object', properties: {}, additionalProperties: false },
  async check(value) {
    const unknown = Object.keys(value ?? {});
    if (unknown.length === 0) return { value: {} };
    return {
      violations: violationsOf(unknown, (key) => ({
        pointer: pointerOf([key]),
        message: 'the tool takes no arguments',
      })),
    };
  },
};

/** Who is asked. A handler's own `elicit` always exists, and fails if the client does not support it. */
function clientOf({ caller, session, canElicit, elicit, shared }: Context<unknown>) {
  return {
    ...(caller && { caller }),
    ...(session !== undefined && { session }),
    ...(canElicit && { elicit }),
    ...(shared && { shared }),
  };
}

function outputOf(schema: CheckedSchema): ToolOutput {
  return { schema, wrapped: schema.json.type !== 'object' };
}

/**
 * MCP: the root of an input schema is `type: "object"`; with one tool that violates this, clients reject the complete
 * list.
 */
function objectRoot(name: string, json: JsonSchemaObject): Tool['inputSchema'] {
  if (json.type === 'object') return { ...json, type: 'object' };
  throw new OptionError(
    `The input of tool "${name}" must be an object with the arguments as its properties; its root is ${JSON.stringify(json.type ?? Object.keys(json)[0] ?? 'anything')}. Put a union inside a property.`,
  );
}
