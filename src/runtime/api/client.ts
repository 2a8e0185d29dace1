import type { Operation } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import { type Performing, perform } from './perform.ts';
import type { Answer } from './read/index.ts';
import { failedAnswerText, isFailure } from './shape/index.ts';

export interface ClientCallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal;
}

/** Calls an operation with its exact arguments. */
export type ClientCall = (args?: object, options?: ClientCallOptions) => Promise<unknown>;

/** Operations by group and name: what `api.pets.getPet()` is made of. */
export type ClientGroups = Readonly<Record<string, ClientGroup>>;
type ClientGroup = Readonly<Record<string, Pick<Operation, 'id'>>>;

/**
 * The API as functions, for own tools: the same requests, credentials and limits as those of the tools, and the answer
 * as it came: JSON as a value, text as a string, bytes as `Uint8Array`, a stream as the list of its items, nothing as
 * `undefined`.
 *
 * A call throws CallError, with the code `HTTP_STATUS` where the API answered with no success.
 */
export function createClient(
  groups: ClientGroups,
  performing: Performing,
): Readonly<Record<string, Readonly<Record<string, ClientCall>>>> {
  const operations = new Map(performing.model.operations.map((operation) => [operation.id, operation]));
  const call = ({ id }: Pick<Operation, 'id'>): ClientCall => {
    const operation = operations.get(id);
    if (!operation) throw new Error(`The model has no operation "${id}". Generate the project again.`);
    return (args = {}, options = {}) => callOperation(operation, args, options, performing);
  };
  const group = (members: ClientGroup) =>
    Object.freeze(Object.fromEntries(Object.entries(members).map(([name, operation]) => [name, call(operation)])));
  return Object.freeze(Object.fromEntries(Object.entries(groups).map(([name, members]) => [name, group(members)])));
}

async function callOperation(
  operation: Operation,
  args: object,
  { signal = new AbortController().signal }: ClientCallOptions,
  performing: Performing,
): Promise<unknown> {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const performed = await perform({ operation, arguments: given }, { signal, progress: () => {} }, performing);
  if (!isFailure(performed.status)) return answered(performed.answer);
  const { method } = operation.request;
  throw new CallError('HTTP_STATUS', failedAnswerText({ ...performed, method, of: operation.id }));
}

function answered(answer: Answer): unknown {
  switch (answer.kind) {
    case 'json':
      return answer.value;
    case 'text':
      return answer.text;
    case 'binary':
      return answer.bytes;
    case 'items':
      return answer.items.map(({ value }) => value);
    case 'empty':
      return undefined;
  }
}
