import type { ApiModel } from '../../model/index.ts';
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
import type { Decoders } from '../api/read/content-encoding.ts';
import { once } from '../once.ts';
import { beginCalls } from './quick-start.ts';
import { openSenders } from './senders.ts';

// For calls, or for some of them: a start needs nothing of these.
const loadValidation = () => import('../api/arguments/validate-arguments.ts');
const loadDecoders = once(() => import('./decoders.ts'));

const decoder = (coding: 'gzip' | 'deflate' | 'br'): Decoders[string] =>
  async function* (body) {
    const { nodeDecoders } = await loadDecoders();
    yield* nodeDecoders[coding](body);
  };

const NODE: ModelPlatform = {
  openSenders,
  decoders: { gzip: decoder('gzip'), deflate: decoder('deflate'), br: decoder('br') },
  createValidator() {
    const validator = once(async () => (await loadValidation()).createArgumentValidator());
    return { validate: async (...given) => (await validator()).validate(...given) };
  },
  createCompiler() {
    const compiler = once(async () => (await loadValidation()).createSchemaCompiler());
    return async (schema) => (await compiler())(schema);
  },
  fileAccess: async (allowed) => (await import('./files.ts')).fileAccess(allowed),
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
