import type { JsonSchema, Schemas } from './json-schema.ts';

/** A response of an operation as the document declares it. */
export interface DeclaredResponse {
  /** `200`, `2xx` or `default`. */
  readonly status: string;
  /** JSON pointer in the document. */
  readonly pointer: string;
  /** Preferred media types first; empty if the response has no body. */
  readonly contents: readonly DeclaredContent[];
  readonly headers: readonly DeclaredHeader[];
}

export interface DeclaredContent {
  /** Media type, or a range such as `image/*`. */
  readonly mediaType: string;
  readonly pointer: string;
  /** Exact schema of the body; absent if there is none. */
  readonly schema?: JsonSchema;
  /** OpenAPI 3.2 `itemSchema`: of each item of a stream. */
  readonly itemSchema?: JsonSchema;
  /** In the order of the document. */
  readonly examples: readonly unknown[];
}

export interface DeclaredHeader {
  /** In lower case. */
  readonly name: string;
  readonly pointer: string;
  readonly required: boolean;
  readonly schema?: JsonSchema;
  readonly examples: readonly unknown[];
}

/** The responses of a document's operations, read when they are asked for. */
export interface DeclaredResponses {
  /** Of the operation at this JSON pointer, in the order of the document. */
  of(pointer: string): readonly DeclaredResponse[];
  /**
   * JSON pointer of the schema of a part of a body, as far as it can be followed.
   *
   * @param path keys and indices from the root of the body
   * @param isMeant picks one of the schemas that the schema of the part is composed of; default: the schema itself
   */
  pointerAt(
    content: DeclaredContent,
    path: readonly (string | number)[],
    isMeant?: (schema: Readonly<Record<string, unknown>>) => boolean,
  ): string;
  /** What the schemas refer to, so far. */
  readonly schemas: Schemas;
}

/** The declared response for a status: of the status itself, its range or the default (OpenAPI 3.1.1 §4.8.16). */
export function responseFor(responses: readonly DeclaredResponse[], status: number): DeclaredResponse | undefined {
  const keys = [String(status), `${Math.floor(status / 100)}xx`, 'default'];
  return keys.map((key) => responses.find((response) => response.status === key)).find((found) => found);
}
