import type { DeclaredContent, DeclaredHeader, DeclaredResponse, DeclaredResponses } from '../model/index.ts';
import type { ApiDocument } from '../parse/api-document.ts';
import { readContent } from './content.ts';
import { byPreference } from './media-preference.ts';
import { readOperations } from './operations.ts';
import { createReader, isObject, joinPointer, type Located, type Node, type Reader } from './reader.ts';
import { createSchemaMapper, type SchemaMapper } from './schema/mapper.ts';
import { textLimits } from './text.ts';
import { valuePointer } from './value-pointer.ts';

/**
 * `exact`: what responses are compared with. `examples`: what responses are made from, where the value of a discriminator
 * picks an alternative, or a subtype.
 */
export type ResponsePurpose = 'exact' | 'examples';

/**
 * What a document declares about responses, in more detail than the model has: every status with its media types,
 * schemas, examples and headers. Each operation is read on first use, so a large document costs nothing until then.
 * Problems are not reported again: `mapDocument` has done so.
 */
export function declaredResponses(document: ApiDocument, purpose: ResponsePurpose): DeclaredResponses {
  const reader = createReader(document);
  const schemas = createSchemaMapper(reader, textLimits(1), {
    longestExample: Infinity,
    forExamples: purpose === 'examples',
  });
  const read = new Map<string, readonly DeclaredResponse[]>();
  const places = new WeakMap<DeclaredContent, Located>();
  let operations: ReadonlyMap<string, Located> | undefined;
  return {
    schemas: schemas.shared,
    of(pointer) {
      operations ??= new Map(readOperations(reader).map(({ origin, operation }) => [origin.pointer, operation]));
      const operation = operations.get(pointer);
      const known = read.get(pointer) ?? (operation ? responsesOf(operation, { reader, schemas, places }) : []);
      read.set(pointer, known);
      return known;
    },
    pointerAt(content, path, isMeant = () => true) {
      const located = places.get(content);
      return located ? valuePointer(located, { path, isMeant }, reader) : content.pointer;
    },
  };
}

interface Reading {
  readonly reader: Reader;
  readonly schemas: SchemaMapper;
  /** Where the contents are in the document. */
  readonly places: WeakMap<DeclaredContent, Located>;
}

function responsesOf(operation: Located, reading: Reading): readonly DeclaredResponse[] {
  const { responses } = operation.value;
  if (!isObject(responses)) return [];
  return Object.keys(responses).flatMap((status): DeclaredResponse[] => {
    if (!/^(?:[1-5]\d\d|[1-5]xx|default)$/i.test(status)) return [];
    const pointer = joinPointer(operation.pointer, 'responses', status);
    const response = reading.reader.object(responses[status], pointer);
    if (!response) return [];
    return [
      {
        status: status.toLowerCase(),
        pointer: response.pointer,
        contents: contentsOf(response, reading),
        headers: headersOf(response, reading),
      },
    ];
  });
}

function contentsOf({ value, pointer }: Located, { reader, schemas, places }: Reading): readonly DeclaredContent[] {
  if (!isObject(value.content)) return [];
  const media = [...readContent(value.content, joinPointer(pointer, 'content'), reader)];
  return byPreference(media).map(({ mediaType, located }) => {
    const content = {
      mediaType,
      pointer: located.pointer,
      ...schemaIn(located, 'schema', schemas),
      ...schemaIn(located, 'itemSchema', schemas),
      examples: examplesOf(located, reader),
    };
    places.set(content, located);
    return content;
  });
}

function headersOf({ value, pointer }: Located, { reader, schemas }: Reading): readonly DeclaredHeader[] {
  if (!isObject(value.headers)) return [];
  const { headers } = value;
  return Object.keys(headers).flatMap((name): DeclaredHeader[] => {
    const header = reader.object(headers[name], joinPointer(pointer, 'headers', name));
    // "If a response header is defined with the name "Content-Type", it SHALL be ignored."
    if (!header || name.toLowerCase() === 'content-type') return [];
    return [
      {
        name: name.toLowerCase(),
        pointer: header.pointer,
        required: header.value.required === true,
        ...schemaIn(header, 'schema', schemas),
        examples: examplesOf(header, reader),
      },
    ];
  });
}

function schemaIn<Key extends 'schema' | 'itemSchema'>({ value, pointer }: Located, key: Key, schemas: SchemaMapper) {
  const written = value[key];
  // The key is the one asked for.
  return (written === undefined ? {} : { [key]: schemas.schema(written, joinPointer(pointer, key), 'output') }) as Pick<
    DeclaredContent,
    Key
  >;
}

/** `example`, `x-example`, and the values of `examples`. */
function examplesOf({ value, pointer }: Located, reader: Reader): readonly unknown[] {
  const alone = value.example ?? value['x-example'];
  if (alone !== undefined) return [alone];
  const { examples } = value;
  if (!isObject(examples)) return [];
  return Object.keys(examples).flatMap((name) => {
    const at = joinPointer(pointer, 'examples', name);
    const example = isObject(examples[name]) ? reader.object(examples[name], at)?.value : undefined;
    return example ? exampleIn(example) : [];
  });
}

/** OpenAPI 3.2 names the two forms of an example. Values at another address are not fetched. */
function exampleIn({ value, dataValue, serializedValue }: Node): readonly unknown[] {
  const given = value ?? dataValue ?? serializedValue;
  return given === undefined ? [] : [given];
}
