import type { ApiModel } from '../../model/index.ts';
import { type ClientGroups, createClient } from '../api/client.ts';
import type { HooksById } from '../api/hooks.ts';
import { MODEL_HINTS, MODEL_KINDS, type ModelOptions } from '../api/open-model.ts';
import { once } from '../once.ts';
import { declareOptions } from '../options/declare-options.ts';
import type { Provider } from '../provider.ts';
import { openModel } from './open-model.ts';

/** The parts of an emitted project. */
export interface EmittedApi {
  readonly model: ApiModel;
  /** Options from when the project was generated; those passed at run time override them. */
  readonly defaults: ModelOptions;
  /** `Hooks` of its operations. */
  readonly hooks: object;
  readonly groups: ClientGroups;
}

/** The provider of an emitted project, with its API as functions. */
export interface OpenedEmitted<Api> extends Provider {
  readonly api: Api;
}

const checked = declareOptions<ModelOptions>('This API', MODEL_KINDS, { hints: MODEL_HINTS });

/** @throws OptionError */
export function openEmitted<Api>(
  { model, defaults, hooks, groups }: EmittedApi,
  options: ModelOptions,
): OpenedEmitted<Api> {
  checked(options);
  // Hooks of known operations have exact argument types, which the model's validation guarantees.
  const parts = { hooks: hooks as HooksById };
  const { provider, performing } = openModel(model, { ...defaults, ...options }, parts);
  // The type was generated from the same operations as the groups. Most servers have no tools of their own that use it.
  const api = once(() => createClient(groups, { model, performing }) as Api);
  return {
    ...provider,
    get api() {
      return api();
    },
  };
}
