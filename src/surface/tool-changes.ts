import type { JsonSchemaObject, ToolAnnotations } from '../model/index.ts';
import { type Change, type ChangeCode, change } from './change.ts';
import type { Effect } from './effect.ts';
import { requestChanges } from './request-changes.ts';
import { changedSchemas, type SchemaChange, schemaChanges } from './schema-changes.ts';
import type { SharedSchemas, SurfaceTool } from './surface.ts';

/** Whether values of a schema are given by clients or returned to them. */
export type Direction = 'argument' | 'result';

interface Schemas {
  readonly before: SharedSchemas;
  readonly after: SharedSchemas;
}

/** The differences between two versions of a tool, whatever their names. */
export function toolChanges(name: string, old: SurfaceTool, now: SurfaceTool, schemas: Schemas): Change[] {
  const subject = `tool "${name}"`;
  return [
    ...valueChanges('argument', subject, [old.inputSchema, now.inputSchema], schemas),
    ...outputChanges(subject, old, now, schemas),
    ...annotationChanges(subject, old.annotations ?? {}, now.annotations ?? {}),
    ...textChanges(subject, old, now),
    ...(old.request && now.request ? requestChanges(subject, old.request, now.request) : []),
  ];
}

/** The changes of a schema as changes for those who give or receive its values. */
export function directed(direction: Direction, subject: string, changes: readonly SchemaChange[]): Change[] {
  return changes.map(({ effect, message }) =>
    change(CODES[direction][effect], subject, direction === 'result' ? `Result: ${message}` : message),
  );
}

/** Arguments may not be refused that were accepted; results may not lack or change what was promised. */
const CODES: Readonly<Record<Direction, Readonly<Record<Effect, ChangeCode>>>> = {
  argument: {
    added: 'ARGUMENT_ADDED',
    addedRequired: 'REQUIRED_ARGUMENT_ADDED',
    removed: 'ARGUMENT_REMOVED',
    required: 'ARGUMENT_REQUIRED',
    optional: 'ARGUMENT_OPTIONAL',
    narrowed: 'ARGUMENT_NARROWED',
    widened: 'ARGUMENT_WIDENED',
    retyped: 'ARGUMENT_WIDENED',
    changed: 'ARGUMENT_CHANGED',
    text: 'TEXT_CHANGED',
  },
  result: {
    added: 'RESULT_CHANGED',
    addedRequired: 'RESULT_CHANGED',
    removed: 'RESULT_LOST',
    required: 'RESULT_CHANGED',
    optional: 'RESULT_LOST',
    narrowed: 'RESULT_CHANGED',
    widened: 'RESULT_CHANGED',
    retyped: 'RESULT_LOST',
    changed: 'RESULT_LOST',
    text: 'TEXT_CHANGED',
  },
};

function outputChanges(subject: string, old: SurfaceTool, now: SurfaceTool, schemas: Schemas): Change[] {
  const [was, is] = [old.outputSchema, now.outputSchema];
  if (!was && !is) return [];
  if (!was) return [change('RESULT_CHANGED', subject, 'It has an output schema now.')];
  if (!is) return [change('RESULT_LOST', subject, 'It no longer has an output schema.')];
  return valueChanges('result', subject, [was, is], schemas);
}

function valueChanges(
  direction: Direction,
  subject: string,
  [was, is]: readonly [JsonSchemaObject, JsonSchemaObject],
  { before, after }: Schemas,
): Change[] {
  const changes = schemaChanges(
    { schema: was, schemas: { ...before, ...was.$defs } },
    { schema: is, schemas: { ...after, ...is.$defs } },
  );
  // Definitions that this tool shares with no other.
  const own = changedSchemas(was.$defs, is.$defs).flatMap(({ name, changes }) =>
    directed(direction, `${subject}, schema "${name}"`, changes),
  );
  return [...directed(direction, subject, changes), ...own];
}

/** MCP `ToolAnnotations`: the defaults, and which value is the safer one. */
const HINTS = [
  { hint: 'readOnlyHint', fallback: false, safer: true },
  { hint: 'destructiveHint', fallback: true, safer: false },
  { hint: 'idempotentHint', fallback: false, safer: true },
  { hint: 'openWorldHint', fallback: true, safer: false },
] as const satisfies readonly { hint: keyof ToolAnnotations; fallback: boolean; safer: boolean }[];

function annotationChanges(subject: string, old: ToolAnnotations, now: ToolAnnotations): Change[] {
  return HINTS.flatMap(({ hint, fallback, safer }) => {
    const [was, is] = [old[hint] ?? fallback, now[hint] ?? fallback];
    if (was === is) return [];
    return [change(is === safer ? 'SAFER' : 'LESS_SAFE', subject, `"${hint}" is ${is} now.`)];
  });
}

function textChanges(subject: string, old: SurfaceTool, now: SurfaceTool): Change[] {
  return (['title', 'description'] as const).flatMap((field) =>
    old[field] === now[field] ? [] : [change('TEXT_CHANGED', subject, `It has another ${field}.`)],
  );
}
