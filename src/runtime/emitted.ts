// What the code of an emitted project imports: `src/emit/runtime-names.ts` holds the names that it prints.
// In: generated data. Out: a model, a provider, a server that runs.
// Promise: loads what a start needs and nothing else; the rest is imported when it is called.
import type { ApiModel } from '../model/index.ts';
import type { ModelOutline } from './api/outline/outline.ts';
import type { MockApi } from './testing/mock-api.ts';

export type { ApiModel, FileInput } from '../model/index.ts';
export type { ClientCallOptions } from './api/client-call.ts';
export type { Hooks } from './api/hooks.ts';
export type { ModelOptions } from './api/open-model.ts';
export type { ModelOutline, OperationOutline } from './api/outline/outline.ts';
export { type OpenedEmitted, openEmitted } from './node/open-emitted.ts';

export { readPrepared, writePrepared } from './node/prepared.ts';
export { loadEnvFile, startServer } from './node/start-server.ts';
export type { MockApi } from './testing/mock-api.ts';

/** The model of generated code. A built server does not need it: it starts from the JSON that the build wrote. */
export async function readModel(outline: ModelOutline, schemaFiles: readonly URL[]): Promise<ApiModel> {
  const [{ joinModel }, { readSchemaData }] = await Promise.all([
    import('./api/outline/outline.ts'),
    import('./node/read-schema-data.ts'),
  ]);
  return joinModel(outline, readSchemaData(schemaFiles));
}

/** A mock of the API on this machine, for tests, see `testing/mock-api.ts`. */
export async function startMockApi(model: ApiModel): Promise<MockApi> {
  const { startMockApi: start } = await import('./testing/mock-api.ts');
  return start(model);
}
