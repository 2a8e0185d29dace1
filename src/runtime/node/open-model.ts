import type { ApiModel } from '../../model/index.ts';
import { createArgumentValidator, createSchemaCompiler } from '../api/arguments/validate-arguments.ts';
import {
  modelAccess as accessOf,
  type ModelAccess,
  type ModelLogins,
  type ModelOptions,
  type ModelParts,
  type ModelPlatform,
  type OpenedModel,
  openModelOn,
} from '../api/open-model.ts';
import { nodeDecoders } from './decoders.ts';
import { fileAccess } from './files.ts';
import { beginCalls } from './quick-start.ts';
import { openSenders } from './senders.ts';

const NODE: ModelPlatform = {
  openSenders,
  decoders: nodeDecoders,
  createValidator: createArgumentValidator,
  createCompiler: createSchemaCompiler,
  fileAccess,
  onFirstCall: beginCalls,
};

/**
 * Opens a model with everything that Node needs to call its API: shared by the proxy and emitted servers.
 *
 * @throws OptionError
 */
export function openModel(model: ApiModel, options: ModelOptions = {}, parts: ModelParts = {}): OpenedModel {
  return openModelOn(NODE, model, inProcess(options), parts);
}

/** @throws OptionError if an option names a server that the model does not have */
export function modelAccess(model: ApiModel, options: ModelOptions, logins?: ModelLogins): ModelAccess {
  return accessOf(model, inProcess(options), logins);
}

const inProcess = (options: ModelOptions) => ({ ...options, environment: options.environment ?? process.env });
