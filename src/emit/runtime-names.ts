import type * as emitted from '../runtime/emitted.ts';
import type * as server from '../runtime/emitted-server.ts';

// Every name that generated code and templates import from the runtime. A name that the runtime lacks is a compiler
// error here, and so is an unused export of `emitted.ts`.

/** The types of `emitted.ts`, by name. */
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

/** Values of `emitted-server.ts` that templates use. */
export const SERVER_VALUES = {
  composite: 'composite',
  createServer: 'createServer',
  mountInto: 'mountInto',
  serveConnection: 'serveConnection',
  timeout: 'timeout',
  withMiddleware: 'withMiddleware',
} as const satisfies { readonly [Name in keyof typeof server]?: Name };

export type EmittedName = keyof typeof TYPES | keyof typeof VALUES;
