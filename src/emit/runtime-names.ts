import type * as emitted from '../runtime/emitted.ts';
import type * as server from '../runtime/emitted-server.ts';

// Every name that generated code and templates take from the runtime. A name that the runtime lacks does not compile
// here, and neither does an export of `emitted.ts` that nothing prints.

/** The types of `emitted.ts`, by their names. */
interface EmittedTypes {
  readonly ApiModel: emitted.ApiModel;
  readonly ClientCallOptions: emitted.ClientCallOptions;
  readonly FileInput: emitted.FileInput;
  readonly Hooks: emitted.Hooks<Record<never, never>>;
  readonly MockApi: emitted.MockApi;
  readonly ModelOptions: emitted.ModelOptions;
  readonly ModelOutline: emitted.ModelOutline;
  readonly OpenedEmitted: emitted.OpenedEmitted<object>;
  readonly OperationOutline: emitted.OperationOutline;
}

export const TYPES = {
  ApiModel: 'ApiModel',
  ClientCallOptions: 'ClientCallOptions',
  FileInput: 'FileInput',
  Hooks: 'Hooks',
  MockApi: 'MockApi',
  ModelOptions: 'ModelOptions',
  ModelOutline: 'ModelOutline',
  OpenedEmitted: 'OpenedEmitted',
  OperationOutline: 'OperationOutline',
} as const satisfies { readonly [Name in keyof EmittedTypes]: Name };

export const VALUES = {
  loadEnvFile: 'loadEnvFile',
  openEmitted: 'openEmitted',
  readModel: 'readModel',
  readPrepared: 'readPrepared',
  startMockApi: 'startMockApi',
  startServer: 'startServer',
  writePrepared: 'writePrepared',
} as const satisfies { readonly [Name in keyof typeof emitted]: Name };

/** Of `emitted-server.ts`: what templates show. */
export const SERVER_VALUES = {
  composite: 'composite',
  createServer: 'createServer',
  mountInto: 'mountInto',
  serveConnection: 'serveConnection',
  timeout: 'timeout',
  withMiddleware: 'withMiddleware',
} as const satisfies { readonly [Name in keyof typeof server]?: Name };

export type EmittedName = keyof typeof TYPES | keyof typeof VALUES;
