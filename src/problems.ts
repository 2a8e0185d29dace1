/**
 * Problems are about the document: collected, reported together, never thrown. Each has a code from this catalogue, a
 * JSON pointer into the user's own file, and a message in the reader's words.
 */
export type Severity = 'error' | 'warning' | 'info';

export interface ProblemKind {
  /**
   * `error`: an operation (or an entire path) is not served, or an overlay action was not applied. `warning`: served,
   * with an assumption. `info`: good to know.
   */
  readonly severity: Severity;
  readonly cause: string;
  readonly fix: string;
}

export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /**
   * JSON pointer (RFC 6901, URI fragment form) into the document: `#/paths/~1pets/get`; `other.yaml#/Pet` for another
   * file.
   */
  readonly pointer: string;
  readonly message: string;
  /** The values in the message that an automatic fix needs, by code; see {@link ProblemData}. */
  readonly data?: ProblemData[keyof ProblemData];
  /** JSON pointer of the operation or path item that is not served because of the problem. */
  readonly operation?: string;
}

/** What problems of these codes carry, so that nothing has to read a message. */
export interface ProblemData {
  readonly UNDECLARED_PATH_PARAMETER: {
    /** The name in the path, without braces. */
    readonly parameter: string;
  };
}

export const PROBLEMS = {
  // Reading the text
  NOT_STRICT_JSON: {
    severity: 'warning',
    cause:
      'The text is not strict JSON: it has comments, missing or extra commas, raw control characters or stray text.',
    fix: 'Correct the text at the place in the message; a JSON validator shows it too.',
  },
  BROKEN_YAML: {
    severity: 'warning',
    cause: 'The YAML text has a syntax error that the parser could skip.',
    fix: 'Correct the text at the place in the message.',
  },
  DUPLICATE_KEY: {
    severity: 'warning',
    cause: 'An object has the same key twice. The last one wins.',
    fix: 'Remove or rename one of them.',
  },
  TEXT_ENCODING: {
    severity: 'warning',
    cause: 'The document is not valid UTF-8, which OpenAPI requires (RFC 8259 §8.1).',
    fix: 'Save the document as UTF-8.',
  },
  SEVERAL_YAML_DOCUMENTS: {
    severity: 'warning',
    cause: 'The YAML text contains several documents, separated by "---". Only the first one is read.',
    fix: 'Keep one document per file.',
  },

  // Versions
  UNKNOWN_VERSION: {
    severity: 'warning',
    cause: 'The document declares an unknown OpenAPI version. It is read as the nearest known one.',
    fix: 'Declare 2.0 (as "swagger"), or 3.0.x, 3.1.x or 3.2.x (as "openapi").',
  },
  MISSING_VERSION: {
    severity: 'warning',
    cause: 'The document has paths but does not declare its version. The version was inferred from its keywords.',
    fix: 'Add `openapi: 3.1.1`, or `swagger: "2.0"`, at the top.',
  },
  MIXED_VERSIONS: {
    severity: 'warning',
    cause: 'The document uses keywords of an OpenAPI version other than the one it declares.',
    fix: 'Use one version throughout the document.',
  },
  BODY_AND_FORM: {
    severity: 'warning',
    cause: 'A Swagger 2.0 operation has both a body parameter and form parameters, but a request has only one body.',
    fix: 'Remove the body parameter or the form parameters.',
  },
  SEVERAL_BODIES: {
    severity: 'warning',
    cause:
      'A Swagger 2.0 operation has several body parameters, but a request has only one body. The first one is used.',
    fix: 'Make them properties of one body schema.',
  },
  FILE_WITHOUT_MULTIPART: {
    severity: 'info',
    cause:
      'A Swagger 2.0 operation has a file parameter but does not consume multipart/form-data. It is sent as multipart/form-data.',
    fix: 'Add "multipart/form-data" to `consumes`.',
  },
  NESTED_COLLECTION_FORMAT: {
    severity: 'warning',
    cause: 'A nested array has its own `collectionFormat`, which no OpenAPI 3 style can express.',
    fix: 'Describe the value as a string, or use an array of primitives.',
  },

  // Texts
  HIDDEN_TEXT: {
    severity: 'warning',
    cause:
      'A text has characters that are invisible to people but not to models: Unicode tags, zero-width, direction and control characters. They can carry instructions that nobody has reviewed.',
    fix: 'Remove them, and find out where they come from. Joiners that a script or an emoji needs are allowed.',
  },

  // References
  UNRESOLVED_REF: {
    severity: 'warning',
    cause: 'A $ref points to something that does not exist.',
    fix: 'Correct the reference, or add what it points to.',
  },
  CIRCULAR_REF: {
    severity: 'warning',
    cause: 'A $ref leads back to itself and never reaches a value.',
    fix: 'Replace one of the references in the cycle with a definition.',
  },
  BAD_REF: {
    severity: 'warning',
    cause: 'A $ref is not a string, or not a URI reference.',
    fix: 'Write it like "#/components/schemas/Pet" or "other.yaml#/Pet".',
  },
  REF_OUTSIDE_FOLDER: {
    severity: 'warning',
    cause: 'A $ref points outside the folder of the document. Such files are not read.',
    fix: 'Move the file into the folder, or pass the common parent folder instead of the document.',
  },
  REMOTE_REF_REFUSED: {
    severity: 'warning',
    cause: 'A $ref points to the network. Such references are not followed by default.',
    fix: 'Pass --allow-remote-refs if you trust the document, or keep a local copy next to it.',
  },
  UNREADABLE_REF: {
    severity: 'warning',
    cause: 'The target of a $ref cannot be read, fetched or parsed.',
    fix: 'Check that the file exists, is readable, and is JSON or YAML.',
  },

  // Structure
  NOT_AN_OBJECT: {
    severity: 'warning',
    cause: 'A value that must be an object has another type. It is ignored.',
    fix: 'Replace it with an object, or remove the key.',
  },
  MISSING_INFO: {
    severity: 'info',
    cause: '`info.title` or `info.version` is missing. The name is taken from the file.',
    fix: 'Add `info` with `title` and `version`.',
  },
  NO_OPERATIONS: {
    severity: 'warning',
    cause: 'The document describes no operations: `paths` is missing or empty.',
    fix: 'Add paths with operations, or pass another document.',
  },
  BAD_PATH: {
    severity: 'warning',
    cause: 'A path does not start with "/". The "/" is added.',
    fix: 'Start the path with "/".',
  },
  PATH_FRAGMENT_IGNORED: {
    severity: 'warning',
    cause: 'A path has a fragment (`#…`), which is never sent.',
    fix: 'Remove the fragment, or use a parameter to distinguish the operations.',
  },
  UNKNOWN_PATH_ITEM_FIELD: {
    severity: 'warning',
    cause: 'A path item has a field that is neither a method nor defined by the specification. It is ignored.',
    fix: 'Move it to the right place (tags and security belong to each operation), or start its name with "x-".',
  },
  BAD_METHOD: {
    severity: 'error',
    cause: 'The key of an operation is not a valid HTTP method. The operation is skipped.',
    fix: 'Use a method of the specification, or a token (RFC 9110 §9.1) in `additionalOperations`.',
  },
  METHOD_IN_CAPITALS: {
    severity: 'warning',
    cause: 'A method of a path item is written in upper case. It is read as lower case.',
    fix: 'Write it in lower case: `get`.',
  },
  BAD_OPERATION: {
    severity: 'error',
    cause: 'An operation is not an object, or cannot be read. It is skipped.',
    fix: 'Correct what the message names.',
  },
  DUPLICATE_OPERATION_ID: {
    severity: 'warning',
    cause: 'Several operations have the same operationId. Their tools get different names.',
    fix: 'Give each operation its own operationId.',
  },
  WEBHOOKS_IGNORED: {
    severity: 'info',
    cause: 'Webhooks are requests that the API sends, so they cannot be called.',
    fix: 'Nothing to do.',
  },

  // Parameters
  PARAMETER_WITHOUT_NAME: {
    severity: 'warning',
    cause: 'A parameter has no `name`. It is skipped.',
    fix: 'Give the parameter a name.',
  },
  PARAMETER_BAD_LOCATION: {
    severity: 'warning',
    cause: 'A parameter’s `in` is missing or not a known location. It is skipped.',
    fix: 'Set `in` to path, query, header, cookie or querystring.',
  },
  DUPLICATE_PARAMETER: {
    severity: 'warning',
    cause: 'A parameter with the same name and location is listed twice. The last one wins.',
    fix: 'Remove one of them.',
  },
  COLON_PATH_PARAMETER: {
    severity: 'warning',
    cause: 'A path has parameters written as `:name`, the syntax of web frameworks. They are read as `{name}`.',
    fix: 'Write `{name}` in the path, and declare the parameter.',
  },
  UNDECLARED_PATH_PARAMETER: {
    severity: 'warning',
    cause: 'The path has a `{parameter}` that is not declared. It is treated as a required string.',
    fix: 'Declare it with `in: path` and `required: true`.',
  },
  PATH_PARAMETER_NOT_IN_TEMPLATE: {
    severity: 'warning',
    cause: 'A path parameter does not occur in the path. It is skipped.',
    fix: 'Add `{name}` to the path, or remove the parameter.',
  },
  UNNAMED_PATH_PARAMETER: {
    severity: 'warning',
    cause: 'The path has an empty `{}`. It is treated as a required string without a name.',
    fix: 'Write `{name}` and declare it with `in: path`, or percent-encode literal braces.',
  },
  IGNORED_HEADER_PARAMETER: {
    severity: 'info',
    cause: 'Header parameters Accept, Content-Type and Authorization are ignored (OpenAPI 3.1.1 §4.8.12.2).',
    fix: 'Use `content` for media types and `security` for credentials.',
  },
  BAD_STYLE: {
    severity: 'warning',
    cause: 'A `style` or `collectionFormat` is not valid for its location. The default of the location is used.',
    fix: 'Use a style that the specification allows for that location.',
  },

  // Schemas
  BAD_SCHEMA: {
    severity: 'warning',
    cause: 'A schema is neither an object nor a boolean. Any value is accepted.',
    fix: 'Replace it with a schema.',
  },
  TOO_DEEP: {
    severity: 'warning',
    cause:
      'Values nest more than 500 levels deep, or more than 250 schemas apply to one value through a chain of references. Anything deeper is dropped, and any value is accepted there.',
    fix: 'Move inner schemas to components and reference them; shorten the chain.',
  },
  BAD_SCHEMA_KEYWORD: {
    severity: 'warning',
    cause: 'A schema keyword has an invalid value. The keyword is ignored.',
    fix: 'Correct the value.',
  },
  ENUM_OF_ANOTHER_TYPE: {
    severity: 'warning',
    cause:
      'A value of `enum` or `const` does not have the declared `type`, often because of unquoted YAML, where `1` is a number and `true` a boolean. It is converted to the type if possible, and in a parameter to a string; otherwise it is kept, and no value can satisfy both.',
    fix: 'Put quotes around the values, or correct the type.',
  },
  UNSATISFIABLE_ARGUMENT: {
    severity: 'warning',
    cause: 'A required argument has a schema that no value can satisfy, so every call to the tool is rejected.',
    fix: 'Resolve the contradiction: between type and enum, minimum and maximum, or parts of `allOf`.',
  },
  BAD_PATTERN: {
    severity: 'warning',
    cause: 'A `pattern` is not a valid ECMA-262 regular expression. It is documented, not validated.',
    fix: 'Write the pattern in ECMA-262 syntax (no inline flags, no possessive quantifiers).',
  },
  CATASTROPHIC_PATTERN: {
    severity: 'warning',
    cause:
      'A `pattern` can backtrack excessively on some values, and a linear-time engine cannot run it, because it is too large or uses lookarounds or backreferences. It is documented, not validated.',
    fix: 'Rewrite the pattern without lookarounds and backreferences, or without nested repetition.',
  },
  UNSUPPORTED_SCHEMA_KEYWORD: {
    severity: 'warning',
    cause: 'A schema keyword is not supported. It is ignored.',
    fix: 'Express it with JSON Schema 2020-12 keywords.',
  },

  // Bodies and responses
  BAD_REQUEST_BODY: {
    severity: 'warning',
    cause: 'A request body has no usable `content`. Requests are sent without a body.',
    fix: 'Add `content` with a media type and a schema.',
  },
  BAD_MEDIA_TYPE: {
    severity: 'warning',
    cause: 'A key of `content` is not a media type, or its value is not an object.',
    fix: 'Use a media type such as `application/json`.',
  },
  BAD_RESPONSE: {
    severity: 'warning',
    cause: 'The key of a response is not a status code. The response is ignored.',
    fix: 'Use keys such as "200", "2XX" or "default".',
  },
  MISSING_RESPONSES: {
    severity: 'info',
    cause: 'An operation has no `responses`. Any response is accepted.',
    fix: 'Describe at least the successful response.',
  },

  // Servers and security
  BAD_SERVER: {
    severity: 'warning',
    cause: 'A server is not an object with a usable `url`. It is ignored.',
    fix: 'Write `url: https://api.example.com/v1`.',
  },
  UNKNOWN_SECURITY_SCHEME: {
    severity: 'warning',
    cause: 'A security requirement names a scheme that is not defined.',
    fix: 'Define it under `components.securitySchemes`, or correct the name.',
  },
  BAD_SECURITY_SCHEME: {
    severity: 'warning',
    cause: 'A security scheme or requirement is incomplete. It is ignored.',
    fix: 'Complete it as described in the specification’s Security Scheme Object.',
  },
  UNSUPPORTED_SECURITY_SCHEME: {
    severity: 'warning',
    cause: 'A security scheme is of a type that cannot be supplied automatically.',
    fix: 'Pass the credential with --header, or an auth handler.',
  },
  UNSUPPORTED_OAUTH_FLOW: {
    severity: 'info',
    cause: 'The only OAuth 2.0 flow of a security scheme is `implicit` or `password`, which are obsolete (RFC 9700).',
    fix: 'Describe the flow `authorizationCode`, or pass an access token: BEARER_TOKEN_<SCHEME>.',
  },
  CREDENTIAL_NAME_COLLISION: {
    severity: 'warning',
    cause: 'Two security schemes share the name of one environment variable.',
    fix: 'Rename one of the schemes.',
  },

  // Names and extensions
  BAD_EXTENSION: {
    severity: 'warning',
    cause: 'An `x-mcp` extension has an invalid value. That value is ignored.',
    fix: 'Correct it; see docs/x-mcp.md.',
  },
  UNTRUSTED_HINT: {
    severity: 'warning',
    cause:
      'An `x-mcp` annotation would make an operation look safer than its HTTP method. Annotations in a document may only make guards stricter, so it is ignored.',
    fix: 'Pass `--trust-hints` (`trustHints`) if you own the document, or set the annotation with `describe` in a config file.',
  },
  // Overlays
  OVERLAY_UNMATCHED: {
    severity: 'warning',
    cause: 'The target (or copy) of an overlay action selects nothing in the document, so the action has no effect.',
    fix: 'Correct the JSONPath, or remove the action.',
  },
  OVERLAY_BAD_ACTION: {
    severity: 'error',
    cause: 'An overlay action is malformed, or cannot be applied to the nodes that its target selects.',
    fix: 'Give the action one of update, copy (Overlay 1.1) or remove: true, with a value of the same type as its target.',
  },
  OVERLAY_BAD_PATH: {
    severity: 'error',
    cause:
      'The target (or copy) of an overlay action is not a valid JSONPath query (RFC 9535), or one that visits too much.',
    fix: "Correct the JSONPath. Quote names that contain anything but letters, digits and _, as in $.paths['/pets'].get.",
  },
  OVERLAY_UNSUPPORTED_VERSION: {
    severity: 'error',
    cause: 'The file is not an OpenAPI Overlay 1.0 or 1.1 document, so it was not applied.',
    fix: 'Start the file with "overlay: 1.1.0" and follow that version.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** `undefined` for codes whose problems carry no data. */
export type DataOf<Code> = Code extends keyof ProblemData ? ProblemData[Code] : undefined;

export function problem<Code extends ProblemCode>(
  code: Code,
  pointer: string,
  message: string,
  data?: DataOf<Code>,
): Problem {
  return { code, severity: PROBLEMS[code].severity, pointer, message, ...(data && { data }) };
}
