import type { ApiModel, Operation } from '../../model/index.ts';
import type { ClientCallOptions } from './client-call.ts';
import type { Performing } from './perform.ts';

/** Calls an operation with its exact arguments. */
export type ClientCall = (args?: object, options?: ClientCallOptions) => Promise<unknown>;

/** Operations by group and name: the structure of `api.pets.getPet()`. */
export type ClientGroups = Readonly<Record<string, ClientGroup>>;
type ClientGroup = Readonly<Record<string, Pick<Operation, 'id'>>>;

/**
 * The API as functions, for custom tools: the same requests, credentials and limits as its tools. Returns the response
 * unchanged: JSON as a value, text as a string, bytes as `Uint8Array`, a stream as a list of items, and no body as
 * `undefined`.
 *
 * Throws CallError, with the code `HTTP_STATUS` if the API did not respond with success.
 */
export function createClient(
  groups: ClientGroups,
  { model, performing }: { readonly model: ApiModel; readonly performing: () => Promise<Performing> },
): Readonly<Record<string, Readonly<Record<string, ClientCall>>>> {
  const operations = new Map(model.operations.map((operation) => [operation.id, operation]));
  const call = ({ id }: Pick<Operation, 'id'>): ClientCall => {
    const operation = operations.get(id);
    if (!operation) throw new Error(`The model has no operation "${id}". Regenerate the project.`);
    return async (args = {}, options = {}) => {
      // Loaded on the first call, not at startup.
      const [{ callOperation }, shared] = await Promise.all([import('./client-call.ts'), performing()]);
      return callOperation(operation, args, options, shared);
    };
  };
  const group = (members: ClientGroup) =>
    Object.freeze(Object.fromEntries(Object.entries(members).map(([name, operation]) => [name, call(operation)])));
  return Object.freeze(Object.fromEntries(Object.entries(groups).map(([name, members]) => [name, group(members)])));
}
