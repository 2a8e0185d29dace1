import type { ApiModel } from '../model/index.ts';
import type { SchemaData } from '../runtime/api/outline/outline.ts';
import { isRecord } from '../runtime/is-record.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import { byteLength, type EmittedFile, MAX_FILE_BYTES } from './emitted-file.ts';

/** The schemas as JSON, one per line for readable diffs; in several files if one would be too large. */
export function schemaDataFiles(model: ApiModel, file: string): EmittedFile[] {
  const entries: Entry[] = [
    ...Object.entries(model.schemas).map(([name, schema]) => entry('schemas', name, schema)),
    ...model.operations.map((operation) => entry('operations', operation.id, schemasOf(operation))),
  ];
  return filled(entries).map((members, index) => ({
    path: `src/${index === 0 ? file : `${file}.${index + 1}`}.schemas.json`,
    text: dataText(members),
    owner: 'generated',
  }));
}

interface Entry {
  readonly part: 'schemas' | 'operations';
  readonly line: string;
  readonly bytes: number;
}

function entry(part: Entry['part'], key: string, value: unknown): Entry {
  const line = `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  return { part, line, bytes: byteLength(line) + 2 };
}

/** As `OperationSchemas` of the runtime. */
function schemasOf({ arguments: exact, response, tool }: ApiModel['operations'][number]) {
  return {
    arguments: exact,
    response: response.schema,
    inputSchema: tool?.inputSchema,
    outputSchema: tool?.outputSchema,
  };
}

function filled(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const files: Entry[][] = [[]];
  let bytes = FRAME_BYTES;
  for (const one of entries) {
    if (bytes + one.bytes > MAX_FILE_BYTES && bytes > FRAME_BYTES) {
      files.push([]);
      bytes = FRAME_BYTES;
    }
    files.at(-1)?.push(one);
    bytes += one.bytes;
  }
  return files;
}

const FRAME_BYTES = 100;

function dataText(members: readonly Entry[]): string {
  const lines = (part: Entry['part']) => {
    const own = members.filter((member) => member.part === part).map(({ line }) => line);
    return own.length === 0 ? '{}' : `{\n${own.join(',\n')}\n  }`;
  };
  return `{\n  "schemas": ${lines('schemas')},\n  "operations": ${lines('operations')}\n}\n`;
}

/**
 * The schema data among a project's files. It may have been edited, so operations whose arguments are not a schema of
 * arguments are left out, and so are files that are not JSON, or nested too deeply to be compared.
 */
export function readSchemaData(paths: readonly string[], read: (path: string) => string | undefined): SchemaData {
  const parts = paths.filter((path) => path.endsWith('.schemas.json')).map((path) => partOf(read(path) ?? '{}'));
  const operations = parts.flatMap((part) => entriesOf(part.operations));
  return {
    schemas: Object.fromEntries(parts.flatMap((part) => entriesOf(part.schemas))) as SchemaData['schemas'], // read leniently
    operations: Object.fromEntries(operations.filter(isOperation)),
  };
}

const MOST_NESTED = 500;

function partOf(text: string): Readonly<Record<string, unknown>> {
  const value = parsedJson(text);
  return isRecord(value) && !isDeeper(value, MOST_NESTED) ? value : {};
}

/** Level by level, because recursion would need the stack that this protects. */
function isDeeper(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}

const entriesOf = (value: unknown): [string, unknown][] => (isRecord(value) ? Object.entries(value) : []);

function isOperation(entry: [id: string, value: unknown]): entry is [string, SchemaData['operations'][string]] {
  const [, value] = entry;
  if (!isRecord(value) || !isRecord(value.arguments)) return false;
  const { properties, required } = value.arguments;
  return isRecord(properties) && Array.isArray(required) && required.every((name) => typeof name === 'string');
}
