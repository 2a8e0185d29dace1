/** Set in the environment of workers. */
export const WORKER = 'OPENAPI_MCP_WORKER';

/** Whether this process is one of several that another one has started. */
export const isWorker = (): boolean => process.env[WORKER] !== undefined && process.send !== undefined;

/** What a worker says when it serves. */
export const tellServing = (url: string): void => void process.send?.({ serving: url });
