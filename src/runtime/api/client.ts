import type { ApiModel, Operation } from '../../model/index.ts';
import type { Performing } from './perform.ts';

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
  { model, performing }: { readonly model: ApiModel; readonly performing: () => Promise<Performing> },
): Readonly<Record<string, Readonly<Record<string, ClientCall>>>> {
  const operations = new Map(model.operations.map((operation) => [operation.id, operation]));
  const call = ({ id }: Pick<Operation, 'id'>): ClientCall => {
    const operation = operations.get(id);
    if (!operation) throw new Error(`The model has no operation "${id}". Regenerate the project.`);
    return async (args = {}, options = {}) => {
      // Loaded with the first call: a server that starts has none.
      const [{ callOperation }, shared] = await Promise.all([import('./client-call.ts'), performing()]);
      return callOperation(operation, args, options, shared);
    };
  };
  const group = (members: ClientGroup) =>
    Object.freeze(Object.fromEntries(Object.entries(members).map(([name, operation]) => [name, call(operation)])));
  return Object.freeze(Object.fromEntries(Object.entries(groups).map(([name, members]) => [name, group(members)])));
}
