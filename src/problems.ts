/**
 * Problems concern the document: collected, reported together, never thrown. Each has a code of this catalogue, a JSON
 * pointer into the user's own file, and a message in the reader's words.
 */
export type Severity = 'error' | 'warning' | 'info';

export interface ProblemKind {
  /** `error`: an operation (or a whole path) is not served, or an overlay action was not applied. `warning`: served, with an assumption. `info`: good to know. */
  readonly severity: Severity;
  readonly cause: string;
  readonly fix: string;
}

export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** JSON pointer (RFC 6901, URI fragment form) into the document: `#/paths/~1pets/get`; `other.yaml#/Pet` in a further file. */
  readonly pointer: string;
  readonly message: string;
  /** JSON pointer of the operation, or path item, that the problem cost. */
  readonly operation?: string;
}

export const PROBLEMS = {
  // Reading the text
  NOT_STRICT_JSON: {
    severity: 'warning',
    cause:
      'The text is JSON with mistakes: comments, missing or superfluous commas, raw control characters, stray text.',
    fix: 'Correct the text where the message says; a JSON validator shows the place.',
  },
  BROKEN_YAML: {
    severity: 'warning',
    cause: 'The YAML text has a mistake that could be read over.',
    fix: 'Correct the text where the message says.',
  },
  DUPLICATE_KEY: {
    severity: 'warning',
    cause: 'An object has the same key twice. The last one counts.',
    fix: 'Remove or rename one of them.',
  },
  TEXT_ENCODING: {
    severity: 'warning',
    cause: 'The bytes are not valid UTF-8, which OpenAPI documents have to be (RFC 8259 §8.1).',
    fix: 'Save the document as UTF-8.',
  },
  SEVERAL_YAML_DOCUMENTS: {
    severity: 'warning',
    cause: 'The YAML text holds several documents, divided by "---". Only the first one is an API description.',
    fix: 'Keep one document in a file.',
  },

  // Versions
  UNKNOWN_VERSION: {
    severity: 'warning',
    cause: 'The document states a version of OpenAPI that is not known. It is read as the nearest known one.',
    fix: 'State one of 2.0 (as "swagger"), 3.0.x, 3.1.x or 3.2.x (as "openapi").',
  },
  MISSING_VERSION: {
    severity: 'warning',
    cause: 'The document has paths, but does not state its version. The version was inferred from its keywords.',
    fix: 'Add `openapi: 3.1.1`, or `swagger: "2.0"`, at the top.',
  },
  MIXED_VERSIONS: {
    severity: 'warning',
    cause: 'The document uses keywords of another version of OpenAPI than the one it states.',
    fix: 'Write the document in one version throughout.',
  },
  BODY_AND_FORM: {
    severity: 'warning',
    cause: 'A Swagger 2.0 operation has a body parameter and form parameters; a request has one body only.',
    fix: 'Remove the body parameter or the form parameters.',
  },
  SEVERAL_BODIES: {
    severity: 'warning',
    cause: 'A Swagger 2.0 operation has several body parameters; a request has one body only. The first one counts.',
    fix: 'Make them properties of one body schema.',
  },
  FILE_WITHOUT_MULTIPART: {
    severity: 'info',
    cause:
      'A Swagger 2.0 operation has a file parameter, but does not consume multipart/form-data. It is sent as that.',
    fix: 'Add "multipart/form-data" to `consumes`.',
  },
  NESTED_COLLECTION_FORMAT: {
    severity: 'warning',
    cause: 'A list within a list has a `collectionFormat` of its own, which no style of OpenAPI 3 can say.',
    fix: 'Describe the value as a string, or use a list of primitives.',
  },

  // Words
  HIDDEN_TEXT: {
    severity: 'warning',
    cause:
      'A text has characters that no reader sees and a model reads: Unicode tags, zero-width and direction characters, controls. They can carry instructions that nobody has reviewed.',
    fix: 'Remove them, and ask where they come from. A joiner that shapes a script, or an emoji, is none of them.',
  },

  // References
  UNRESOLVED_REF: {
    severity: 'warning',
    cause: 'A $ref points to something that does not exist.',
    fix: 'Correct the reference, or add what it points to.',
  },
  CIRCULAR_REF: {
    severity: 'warning',
    cause: 'A $ref leads only back to itself, never to a value.',
    fix: 'Let one of the references in the circle be a definition.',
  },
  BAD_REF: {
    severity: 'warning',
    cause: 'A $ref is not a string, or not a URI reference.',
    fix: 'Write it like "#/components/schemas/Pet" or "other.yaml#/Pet".',
  },
  REF_OUTSIDE_FOLDER: {
    severity: 'warning',
    cause: 'A $ref leads out of the folder of the document. Such files are not read.',
    fix: 'Move the file into the folder, or give the folder that holds them all in place of the document.',
  },
  REMOTE_REF_REFUSED: {
    severity: 'warning',
    cause: 'A $ref leads to the network. Such references are not followed unless that is allowed.',
    fix: 'Pass --allow-remote-refs where you trust the document, or keep a copy beside it.',
  },
  UNREADABLE_REF: {
    severity: 'warning',
    cause: 'The file of a $ref cannot be read, fetched or understood.',
    fix: 'Check that the file exists, may be read, and is JSON or YAML.',
  },

  // Structure
  NOT_AN_OBJECT: {
    severity: 'warning',
    cause: 'A value of another type stands where an object is needed. It is ignored.',
    fix: 'Write an object there, or remove the key.',
  },
  MISSING_INFO: {
    severity: 'info',
    cause: '`info.title` or `info.version` is missing. The name is taken from the file.',
    fix: 'Add `info` with `title` and `version`.',
  },
  NO_OPERATIONS: {
    severity: 'warning',
    cause: 'The document describes no operations: `paths` is missing or empty.',
    fix: 'Add paths with operations, or give another document.',
  },
  BAD_PATH: {
    severity: 'warning',
    cause: 'A path does not start with "/". It is read as if it did.',
    fix: 'Start the path with "/".',
  },
  PATH_FRAGMENT_IGNORED: {
    severity: 'warning',
    cause: 'A path has a fragment (`#…`), which is never sent.',
    fix: 'Remove the fragment, or use a parameter that tells the operations apart.',
  },
  UNKNOWN_PATH_ITEM_FIELD: {
    severity: 'warning',
    cause: 'A path item has a field that is neither a method nor known to the specification. It is ignored.',
    fix: 'Move it to where it belongs (tags and security to each operation), or start its name with "x-".',
  },
  BAD_METHOD: {
    severity: 'error',
    cause: 'An operation stands under a name that is no method. It is left out.',
    fix: 'Use a method of the specification, or a token (RFC 9110 §9.1) in `additionalOperations`.',
  },
  METHOD_IN_CAPITALS: {
    severity: 'warning',
    cause: 'A method of a path item is written in capitals. It is read as if it were not.',
    fix: 'Write it in lower case: `get`.',
  },
  BAD_OPERATION: {
    severity: 'error',
    cause: 'An operation is not an object, or cannot be read. It is left out.',
    fix: 'Correct what the message names.',
  },
  DUPLICATE_OPERATION_ID: {
    severity: 'warning',
    cause: 'Several operations have the same operationId. Their tools get different names.',
    fix: 'Give each operation an operationId of its own.',
  },
  WEBHOOKS_IGNORED: {
    severity: 'info',
    cause: 'Webhooks are requests that the API sends; they cannot be called.',
    fix: 'Nothing to do.',
  },

  // Parameters
  PARAMETER_WITHOUT_NAME: {
    severity: 'warning',
    cause: 'A parameter has no `name`. It is left out.',
    fix: 'Give the parameter a name.',
  },
  PARAMETER_BAD_LOCATION: {
    severity: 'warning',
    cause: 'A parameter’s `in` is missing or not a known location. It is left out.',
    fix: 'Set `in` to path, query, header, cookie or querystring.',
  },
  DUPLICATE_PARAMETER: {
    severity: 'warning',
    cause: 'A parameter with the same name and location stands twice in one list. The last one counts.',
    fix: 'Remove one of them.',
  },
  COLON_PATH_PARAMETER: {
    severity: 'warning',
    cause: 'A path writes its parameters as `:name`, which is the syntax of web frameworks. They are read as `{name}`.',
    fix: 'Write `{name}` in the path, and declare the parameter.',
  },
  UNDECLARED_PATH_PARAMETER: {
    severity: 'warning',
    cause: 'The path has a `{parameter}` that is not declared. It is taken as a required string.',
    fix: 'Declare it with `in: path` and `required: true`.',
  },
  PATH_PARAMETER_NOT_IN_TEMPLATE: {
    severity: 'warning',
    cause: 'A path parameter does not stand in the path. It is left out.',
    fix: 'Add `{name}` to the path, or remove the parameter.',
  },
  UNNAMED_PATH_PARAMETER: {
    severity: 'warning',
    cause: 'The path has an empty `{}`. It is taken as a required string without a name.',
    fix: 'Write `{name}` and declare it with `in: path`, or percent-encode literal braces.',
  },
  IGNORED_HEADER_PARAMETER: {
    severity: 'info',
    cause: 'Header parameters Accept, Content-Type and Authorization are ignored (OpenAPI 3.1.1 §4.8.12.2).',
    fix: 'Use `content` for media types and `security` for credentials.',
  },
  BAD_STYLE: {
    severity: 'warning',
    cause: 'A `style` or `collectionFormat` is not one for its location. The default of the location is used.',
    fix: 'Use a style that the specification allows there.',
  },

  // Schemas
  BAD_SCHEMA: {
    severity: 'warning',
    cause: 'A schema is neither an object nor a boolean. Any value is allowed there.',
    fix: 'Write a schema.',
  },
  TOO_DEEP: {
    severity: 'warning',
    cause:
      'Values nest more than 500 levels deep, or more than 250 schemas apply to one value through a chain of references. What is deeper is left out; any value is accepted there.',
    fix: 'Name inner schemas under components and refer to them; shorten the chain.',
  },
  BAD_SCHEMA_KEYWORD: {
    severity: 'warning',
    cause: 'A keyword of a schema has a value that it cannot have. The keyword is left out.',
    fix: 'Correct the value.',
  },
  ENUM_OF_ANOTHER_TYPE: {
    severity: 'warning',
    cause:
      'A value of `enum` or `const` is not of the declared `type`: often YAML without quotes, where `1` is a number and `true` a boolean. It is read as the value of that type with the same text, and in a parameter as its text; where there is none, it stays, and no value can satisfy both.',
    fix: 'Put quotes around the values, or correct the type.',
  },
  UNSATISFIABLE_ARGUMENT: {
    severity: 'warning',
    cause: 'A required argument has a schema that no value fits, so that every call of the tool is refused.',
    fix: 'Correct what contradicts itself: the type and the enumeration, the minimum and the maximum, or parts of `allOf`.',
  },
  BAD_PATTERN: {
    severity: 'warning',
    cause: 'A `pattern` is not a regular expression of ECMA-262. It is not checked, only shown.',
    fix: 'Write the pattern in the syntax of ECMA-262 (no inline flags, no possessive quantifiers).',
  },
  CATASTROPHIC_PATTERN: {
    severity: 'warning',
    cause:
      'A `pattern` can take very long on some values, and is too large for an engine that needs linear time, or has what such an engine does not know (lookarounds, backreferences). It is not checked, only shown.',
    fix: 'Rewrite the pattern without lookarounds and backreferences, or without a repeated group that holds a repetition.',
  },
  UNSUPPORTED_SCHEMA_KEYWORD: {
    severity: 'warning',
    cause: 'A keyword of a schema is not supported. It is left out.',
    fix: 'Say the same with keywords of JSON Schema 2020-12.',
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
    cause: 'An operation has no `responses`. Any answer is taken.',
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
    cause: 'A security scheme or requirement lacks what it needs. It is ignored.',
    fix: 'Complete it as the specification’s Security Scheme Object says.',
  },
  UNSUPPORTED_SECURITY_SCHEME: {
    severity: 'warning',
    cause: 'A security scheme is of a type that cannot be supplied automatically.',
    fix: 'Pass the credential with --header.',
  },
  CREDENTIAL_NAME_COLLISION: {
    severity: 'warning',
    cause: 'Two security schemes share the name of one environment variable.',
    fix: 'Rename one of the schemes.',
  },

  // Names and extensions
  BAD_EXTENSION: {
    severity: 'warning',
    cause: 'An `x-mcp` extension has a value that it cannot have. That value is ignored.',
    fix: 'Correct it as the documentation of `x-mcp` says.',
  },
  UNTRUSTED_HINT: {
    severity: 'warning',
    cause:
      'An annotation of `x-mcp` would make an operation look safer than its HTTP method. Annotations of a document may only make guards stricter, so it is ignored.',
    fix: 'Pass `--trust-hints` (`trustHints`) where the document is your own, or set the annotation with `describe` in a config file.',
  },
  // Overlays
  OVERLAY_UNMATCHED: {
    severity: 'warning',
    cause: 'The target (or copy) of an overlay action selects nothing in the document, so the action changed nothing.',
    fix: 'Correct the JSONPath, or remove the action.',
  },
  OVERLAY_BAD_ACTION: {
    severity: 'error',
    cause: 'An overlay action is malformed, or cannot be applied to what its target selects.',
    fix: 'Give the action one of update, copy (Overlay 1.1) or remove: true, with a value of the same kind as its target.',
  },
  OVERLAY_BAD_PATH: {
    severity: 'error',
    cause: 'The target (or copy) of an overlay action is not a JSONPath query of RFC 9535.',
    fix: "Correct the JSONPath: names with other characters than letters, digits and _ are quoted, as in $.paths['/pets'].get.",
  },
  OVERLAY_UNSUPPORTED_VERSION: {
    severity: 'error',
    cause: 'The file is not an overlay of OpenAPI Overlay 1.0 or 1.1, so none of it was applied.',
    fix: 'Start the file with "overlay: 1.1.0" and hold to that version.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export function problem(code: ProblemCode, pointer: string, message: string): Problem {
  return { code, severity: PROBLEMS[code].severity, pointer, message };
}
