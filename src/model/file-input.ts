import type { JsonObject, JsonSchemaObject } from './json-schema.ts';

/**
 * The schema of a file argument. `runtime/api/serialize/files.ts` reads such values, and also checks that exactly one
 * of `base64`, `text`, `path` and `url` is present.
 */
export const FILE_INPUT_SCHEMA = {
  description: 'A file: base64, a data: URI, or an object with its content or location.',
  anyOf: [
    { type: 'string', contentEncoding: 'base64', description: 'The bytes in base64, or a data: URI.' },
    {
      type: 'object',
      description: 'Exactly one of base64, text, path and url, with an optional file name and media type.',
      properties: {
        base64: { type: 'string', contentEncoding: 'base64', description: 'The bytes in base64.' },
        text: { type: 'string', description: 'The content as text, sent as UTF-8.' },
        path: { type: 'string', description: 'The path of a file on the server, if the server allows it.' },
        url: { type: 'string', description: 'The URL to fetch the file from, if the server allows it.' },
        filename: { type: 'string', description: 'The name to send the file under.' },
        contentType: { type: 'string', description: 'The media type of the file, such as image/png.' },
      },
      additionalProperties: false,
      minProperties: 1,
    },
  ],
} as const satisfies JsonSchemaObject & JsonObject;

/** A value of {@link FILE_INPUT_SCHEMA}. */
export type FileInput =
  | string
  | {
      readonly base64?: string;
      readonly text?: string;
      readonly path?: string;
      readonly url?: string;
      readonly filename?: string;
      readonly contentType?: string;
    };
