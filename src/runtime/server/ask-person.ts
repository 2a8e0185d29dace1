import type { JsonSchemaObject } from '../../model/index.ts';
import { OptionError } from '../options/option-error.ts';
import type { CallContext, ElicitAnswer, ElicitRequest } from '../provider.ts';
import { missingCapability, ToolError } from '../tool-error.ts';
import { checkedStandard, type Parsed, violationText } from './schema.ts';
import type { StandardSchema } from './standard-schema.ts';

/** A question whose answer is validated, and has the schema's type. */
export interface TypedQuestion<S extends StandardSchema> {
  /** As {@link ElicitRequest}. */
  readonly key?: string;
  readonly message: string;
  /** A flat object of primitives. */
  readonly schema: S;
}

export type TypedAnswer<S extends StandardSchema> =
  | { readonly action: 'accept'; readonly content: Parsed<S> }
  | Exclude<ElicitAnswer, { readonly action: 'accept' }>;

/** Asks the client's user. @throws ToolError if the client does not support it, or the answer does not match */
export interface AskPerson {
  <S extends StandardSchema>(question: TypedQuestion<S>): Promise<TypedAnswer<S>>;
  (request: ElicitRequest): Promise<ElicitAnswer>;
}

export function askPerson(call: CallContext): AskPerson {
  const ask = async (request: ElicitRequest): Promise<ElicitAnswer> => {
    if (call.elicit) return call.elicit(request);
    const missing = 'This call needs an answer from the user, but the client does not support elicitation.';
    throw missingCapability('elicitation', missing);
  };
  const askTyped = async ({
    message,
    schema,
    key,
  }: TypedQuestion<StandardSchema>): Promise<TypedAnswer<StandardSchema>> => {
    const { json, check } = checkedStandard(schema, 'input', `answer to "${message}"`);
    const answer = await ask({ message, requestedSchema: formOf(json), ...(key !== undefined && { key }) });
    if (answer.action !== 'accept') return answer;
    const outcome = await check(answer.content);
    if (outcome.violations) throw new ToolError(`The answer is invalid: ${violationText(outcome.violations)}`);
    return { action: 'accept', content: outcome.value };
  };
  const either = (question: ElicitRequest | TypedQuestion<StandardSchema>) =>
    'schema' in question ? askTyped(question) : ask(question);
  // One function for both signatures, whose results TypeScript cannot relate to the request.
  return either as AskPerson;
}

/** The keywords that a form may have (MCP, elicitation: requested schema): only its fields. */
function formOf({ type, properties, required }: JsonSchemaObject): JsonSchemaObject {
  if (type !== 'object')
    throw new OptionError('The schema of a question must be an object, whose properties are the fields of a form.');
  return { type, ...(properties && { properties }), ...(required && { required }) };
}
