/** For whom a change is breaking. `model`: calls that worked before. `api`: the requests that reach the API. */
export type Breaks = 'model' | 'api';

interface Kind {
  readonly breaks: readonly Breaks[];
  /** For the documentation. */
  readonly meaning: string;
}

const kind = (meaning: string, ...breaks: Breaks[]): Kind => ({ meaning, breaks });

/** Every kind of change, by its code. */
export const CHANGES = {
  TOOL_REMOVED: kind('A tool no longer exists.', 'model'),
  TOOL_RENAMED: kind('The same operation has a tool with another name.', 'model'),
  TOOL_ADDED: kind('A tool is new.'),
  REQUIRED_ARGUMENT_ADDED: kind('An argument is new and required.', 'model'),
  ARGUMENT_REMOVED: kind('An argument no longer exists.', 'model'),
  ARGUMENT_REQUIRED: kind('An optional argument is now required.', 'model'),
  ARGUMENT_NARROWED: kind('An argument accepts fewer values than before.', 'model'),
  ARGUMENT_CHANGED: kind('The schema of an argument is different, and may reject values that it accepted.', 'model'),
  ARGUMENT_ADDED: kind('An optional argument is new.'),
  ARGUMENT_OPTIONAL: kind('A required argument is now optional.'),
  ARGUMENT_WIDENED: kind('An argument accepts more values than before.'),
  RESULT_LOST: kind('The output schema no longer promises a property or a type, or is gone.', 'model'),
  RESULT_CHANGED: kind('The output schema promises something else or more.'),
  LESS_SAFE: kind(
    'An annotation says that the tool may do more harm than before; clients may approve tools by it.',
    'model',
  ),
  SAFER: kind('An annotation says that the tool may do less harm than before.'),
  TEXT_CHANGED: kind('A title, description, example or default is different.'),
  REQUEST_MOVED: kind('The tool calls another method or path.', 'api'),
  PARAMETER_MOVED: kind('An argument is sent in another place, under another name or in another style.', 'api'),
  BODY_CHANGED: kind('The body has another media type, or there is one instead of none.', 'api'),
  BODY_ADDED: kind('The body has additional media types.'),
  AUTH_TIGHTENED: kind('Credentials or scopes that were enough no longer are.', 'api'),
  AUTH_LOOSENED: kind('Other credentials, or fewer scopes, are enough as well.'),
  SERVER_CHANGED: kind('Requests go to another server by default.', 'api'),
  SERVERS_CHANGED: kind('The alternatives to the default server are different.'),
  RESOURCE_REMOVED: kind('A resource or resource template no longer exists.', 'model'),
  RESOURCE_ADDED: kind('A resource or resource template is new.'),
  RESOURCE_CHANGED: kind('A resource has another name or media type.'),
  PROMPT_REMOVED: kind('A prompt no longer exists.', 'model'),
  PROMPT_ADDED: kind('A prompt is new.'),
  PROMPT_ARGUMENT_REMOVED: kind('An argument of a prompt no longer exists.', 'model'),
  PROMPT_ARGUMENT_REQUIRED: kind('An argument of a prompt is now required.', 'model'),
  PROMPT_ARGUMENT_ADDED: kind('An optional argument of a prompt is new, or a required one became optional.'),
} as const satisfies Readonly<Record<string, Kind>>;

export type ChangeCode = keyof typeof CHANGES;

/** One difference between two surfaces. */
export interface Change {
  readonly code: ChangeCode;
  /** What has changed: `tool "getPet"`, `resource "api://pets/pets"`, `schema "Pet"`. */
  readonly subject: string;
  /** What is different, as a sentence about the subject. */
  readonly message: string;
  readonly breaks: readonly Breaks[];
  /** For a shared schema: the tools that use it. */
  readonly tools?: readonly string[];
}

export const change = (code: ChangeCode, subject: string, message: string): Change => ({
  code,
  subject,
  message,
  breaks: CHANGES[code].breaks,
});

export const isBreaking = ({ breaks }: Change): boolean => breaks.length > 0;
