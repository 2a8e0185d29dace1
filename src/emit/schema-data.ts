import type { ApiModel } from '../model/index.ts';
import type { SchemaData } from '../runtime/api/outline.ts';
import { byteLength, type EmittedFile, MAX_FILE_BYTES } from './emitted-file.ts';

/**
 * The schemas as JSON, one to a line, so that a change is a line in the diff; in several files where one would be too
 * large.
 */
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

/** What `OperationSchemas` of the runtime is. */
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

/** The schema data of a project among its files; `undefined` where it has none, or none that can be read. */
export function readSchemaData(paths: readonly string[], read: (path: string) => string | undefined): SchemaData {
  const texts = paths.filter((path) => path.endsWith('.schemas.json')).map((path) => read(path) ?? '{}');
  const parts = texts.map((text) => JSON.parse(text) as Partial<SchemaData>);
  return {
    schemas: Object.fromEntries(parts.flatMap(({ schemas = {} }) => Object.entries(schemas))),
    operations: Object.fromEntries(parts.flatMap(({ operations = {} }) => Object.entries(operations))),
  };
}
