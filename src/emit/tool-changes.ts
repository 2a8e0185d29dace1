import { type JsonSchema, type JsonSchemaObject, sharedName } from '../model/index.ts';
import type { SchemaData } from '../runtime/api/outline/outline.ts';

/** The changes of a new generation that affect callers of the tools. */
export interface ToolChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedTool[];
}

export interface ChangedTool {
  readonly name: string;
  /** Descriptions of changes that break existing callers. Empty: there are none. */
  readonly breaking: readonly string[];
}

/** Compares the schemas of two generations, operation by operation. */
export function toolChanges(before: SchemaData, after: SchemaData): ToolChanges {
  const old = new Set(Object.keys(before.operations));
  const names = Object.keys(after.operations);
  return {
    added: names.filter((name) => !old.has(name)),
    removed: [...old].filter((name) => !Object.hasOwn(after.operations, name)),
    changed: names.filter((name) => old.has(name)).flatMap((name) => changesOf(name, before, after)),
  };
}

function changesOf(name: string, before: SchemaData, after: SchemaData): ChangedTool[] {
  const was = before.operations[name];
  const is = after.operations[name];
  if (!was || !is) return [];
  const shared = { was: before.schemas, is: after.schemas };
  if (resolved(was, shared.was) === resolved(is, shared.is)) return [];
  return [
    {
      name,
      breaking: [
        ...brokenArguments(was.arguments, is.arguments, shared),
        ...brokenResult(was.response, is.response, shared),
      ],
    },
  ];
}

interface Shared {
  readonly was: SchemaData['schemas'];
  readonly is: SchemaData['schemas'];
}

type Arguments = SchemaData['operations'][string]['arguments'];

function brokenArguments(was: Arguments, is: Arguments, shared: Shared): string[] {
  const gone = Object.keys(was.properties).filter((name) => !Object.hasOwn(is.properties, name));
  const needed = is.required.filter((name) => !was.required.includes(name));
  const both = Object.keys(is.properties).filter((name) => Object.hasOwn(was.properties, name));
  return [
    ...gone.filter(() => is.additionalProperties === false).map((name) => `argument "${name}" was removed`),
    ...needed.map((name) => `argument "${name}" is now required`),
    ...both.flatMap((name) =>
      narrowed(target(was.properties[name], shared.was), target(is.properties[name], shared.is)).map(
        (how) => `argument "${name}" ${how}`,
      ),
    ),
  ];
}

/** What a schema no longer allows, judging by its own keywords. */
function narrowed(was: JsonSchemaObject, is: JsonSchemaObject): string[] {
  const types = lost(typesOf(was), typesOf(is));
  const [before, after] = [listOf(was.enum), listOf(is.enum)];
  const allowed = new Set(after?.map((value) => JSON.stringify(value)));
  const values = after ? (before ?? []).filter((value) => !allowed.has(JSON.stringify(value))) : [];
  return [
    ...(types.length ? [`is no longer ${types.join(' or ')}`] : []),
    ...(after && !before ? ['now accepts only certain values'] : []),
    ...(values.length ? [`no longer accepts ${values.map((value) => JSON.stringify(value)).join(', ')}`] : []),
  ];
}

function brokenResult(was: JsonSchema | undefined, is: JsonSchema | undefined, shared: Shared): string[] {
  if (was === undefined) return [];
  if (is === undefined) return ['the result no longer has a schema'];
  const before = target(was, shared.was);
  const after = target(is, shared.is);
  const types = lost(typesOf(before), typesOf(after));
  const gone = Object.keys(before.properties ?? {}).filter((name) => !Object.hasOwn(after.properties ?? {}, name));
  return [
    ...(types.length ? [`the result is no longer ${types.join(' or ')}`] : []),
    ...(after.properties ? gone.map((name) => `"${name}" was removed from the result`) : []),
  ];
}

/** A type that allows everything has lost nothing. */
const lost = (was: readonly string[], is: readonly string[]): string[] =>
  is.length === 0 ? [] : was.filter((name) => !is.includes(name) && !(name === 'integer' && is.includes('number')));

const typesOf = ({ type }: JsonSchemaObject): readonly string[] => (type === undefined ? [] : [type].flat());

/** The files in the folder may not have been written by us. */
const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

function target(schema: JsonSchema | undefined, shared: SchemaData['schemas']): JsonSchemaObject {
  if (typeof schema !== 'object' || schema === null) return {};
  const name = typeof schema.$ref === 'string' ? sharedName(schema.$ref) : undefined;
  const found = name !== undefined && Object.hasOwn(shared, name) ? shared[name] : undefined;
  return typeof found === 'object' ? { ...found, ...schema } : schema;
}

/** A schema with everything it references, as text: equal texts mean equal schemas. */
function resolved(value: unknown, shared: SchemaData['schemas']): string {
  const reached = new Map<string, JsonSchema>();
  // Not recursive, because a chain of references may be longer than the stack allows.
  const todo = [value];
  while (todo.length > 0) {
    const inner = todo.pop();
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [key, member] of Object.entries(inner)) {
      const name = key === '$ref' && typeof member === 'string' ? sharedName(member) : undefined;
      const found = name !== undefined && Object.hasOwn(shared, name) ? shared[name] : undefined;
      if (name === undefined || found === undefined || reached.has(name)) todo.push(member);
      else {
        reached.set(name, found);
        todo.push(found);
      }
    }
  }
  return JSON.stringify([value, [...reached].sort(([a], [b]) => (a < b ? -1 : 1))]);
}
