import { type JsonSchema, type JsonSchemaObject, SUBSCHEMAS, sharedName } from '../model/index.ts';
import type { Change } from './change.ts';
import { changedSchemas } from './schema-changes.ts';
import type { SharedSchemas, Surface } from './surface.ts';
import { type Direction, directed } from './tool-changes.ts';

/**
 * The changes of schemas that tools share, each reported once with the tools that use it, directly or through another
 * schema. A schema that only one side has is compared where it is used.
 */
export function sharedSchemaChanges(old: Surface, now: Surface): Change[] {
  const changed = changedSchemas(old.schemas, now.schemas);
  if (changed.length === 0) return [];
  const users = schemaUsers(now);
  return changed.flatMap(({ name, changes }) =>
    DIRECTIONS.flatMap((direction) => {
      const tools = users(name, direction);
      if (tools.length === 0) return [];
      return directed(direction, `schema "${name}"`, changes).map((change) => ({ ...change, tools }));
    }),
  );
}

const DIRECTIONS: readonly Direction[] = ['argument', 'result'];

function schemaUsers({ tools, schemas }: Surface): (name: string, direction: Direction) => readonly string[] {
  const above = new Map<string, Set<string>>();
  for (const [user, schema] of Object.entries(schemas)) {
    for (const used of namesIn(schema)) above.set(used, (above.get(used) ?? new Set()).add(user));
  }
  const direct = { argument: new Map<string, Set<string>>(), result: new Map<string, Set<string>>() };
  for (const [tool, { inputSchema, outputSchema }] of Object.entries(tools)) {
    note(direct.argument, inputSchema, tool);
    if (outputSchema) note(direct.result, outputSchema, tool);
  }
  return (name, direction) => {
    const reached = new Set([name]);
    // A set grows while it is iterated over.
    for (const each of reached) for (const user of above.get(each) ?? []) reached.add(user);
    const found = new Set([...reached].flatMap((each) => [...(direct[direction].get(each) ?? [])]));
    return [...found].sort();
  };
}

/** A tool's own definitions come first; references to those are not to shared schemas. */
function note(users: Map<string, Set<string>>, schema: JsonSchemaObject, tool: string): void {
  const own: SharedSchemas = schema.$defs ?? {};
  for (const name of namesIn(schema)) {
    if (!Object.hasOwn(own, name)) users.set(name, (users.get(name) ?? new Set()).add(tool));
  }
}

/** The names that a schema refers to, itself or in its parts. */
function namesIn(schema: JsonSchema): ReadonlySet<string> {
  const names = new Set<string>();
  const open: unknown[] = [schema];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [keyword, value] of Object.entries(next)) {
      if (keyword === '$ref' && typeof value === 'string') {
        const name = sharedName(value);
        if (name !== undefined) names.add(name);
      }
      const form = SUBSCHEMAS.get(keyword);
      if (form === 'one') open.push(value);
      else if (form !== undefined) open.push(...Object.values(value ?? {}));
    }
  }
  return names;
}
