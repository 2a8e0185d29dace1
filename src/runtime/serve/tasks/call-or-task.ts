import {
  CLIENT_CAPABILITIES_META_KEY,
  isInputRequiredResult,
  ProtocolErrorCode,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isRecord } from '../../is-record.ts';
import type { CallContext } from '../../provider.ts';
import { listContext } from '../call/caller.ts';
import { TASKS_EXTENSION } from './extension.ts';
import type { RunningTask, TaskStore } from './task-store.ts';

/** Whether the client of this request takes a task for a result. Each request of 2026-07-28 says so itself. */
export function takesTasks({ mcpReq }: ServerContext): boolean {
  const capabilities = (mcpReq.envelope as Readonly<Record<string, unknown>> | undefined)?.[
    CLIENT_CAPABILITIES_META_KEY
  ];
  const extensions = isRecord(capabilities) ? capabilities.extensions : undefined;
  return isRecord(extensions) && isRecord(extensions[TASKS_EXTENSION]);
}

/** Whose tasks a request is about: the caller's, or those of everybody without authentication. */
export const taskOwner = ({ http }: ServerContext): string => listContext(http?.authInfo).caller?.id ?? '';

/**
 * The result of a call, or a task (`CreateTaskResult`) if the call moves to the background: then it goes on after the
 * response, and the task has its result.
 */
export function callOrTask<T extends Result>(
  tasks: TaskStore,
  ctx: ServerContext,
  run: (background: CallContext['background']) => Promise<T>,
): Promise<T | Result> {
  if (!takesTasks(ctx)) return run(undefined);
  return new Promise((resolve, reject) => {
    let task: RunningTask | undefined;
    const background = () => {
      task ??= tasks.create(taskOwner(ctx));
      // It exists before its id is sent.
      if (task) resolve({ resultType: 'task', ...task.state });
      return task;
    };
    run(background).then(
      (result) => (task ? task.end(isInputRequiredResult(result) ? UNASKED : { result }) : resolve(result)),
      (error: unknown) => (task ? task.end({ error: jsonRpcError(error) }) : reject(error)),
    );
  });
}

const UNASKED = {
  error: {
    code: ProtocolErrorCode.InternalError,
    message: 'The call asked a question, which a task does not pass on.',
  },
};

function jsonRpcError(error: unknown): object {
  const { code, message, data } = (isRecord(error) || error instanceof Error ? error : {}) as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly data?: unknown;
  };
  return {
    code: typeof code === 'number' ? code : ProtocolErrorCode.InternalError,
    message: typeof message === 'string' ? message : 'The call failed.',
    ...(data !== undefined && { data }),
  };
}
