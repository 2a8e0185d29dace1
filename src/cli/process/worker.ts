/** Set in the environment of workers. */
export const WORKER = 'OPENAPI_MCP_WORKER';

/** Whether this process is one of several that another one has started. */
export const isWorker = (): boolean => process.env[WORKER] !== undefined && process.send !== undefined;

/** Whether this process reports what all of them do: once, and not by each. */
export const isSpeaker = (): boolean => !isWorker() || process.env[WORKER] === '1';

/** What a worker says when it serves. */
export const tellServing = (url: string): void => void process.send?.({ serving: url });
