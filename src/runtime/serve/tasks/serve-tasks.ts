import {
  MissingRequiredClientCapabilityError,
  type ProtocolError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isRecord } from '../../is-record.ts';
import { invalidParams } from '../call/protocol-error.ts';
import { takesTasks, taskOwner } from './call-or-task.ts';
import { TASKS_EXTENSION } from './extension.ts';
import type { TaskStore } from './task-store.ts';

interface TaskParams {
  readonly taskId: string;
}

/** A Standard Schema (v1) for the parameters of all three. */
const PARAMS = {
  '~standard': {
    version: 1 as const,
    vendor: 'openapi-mcp',
    validate: (value: unknown) =>
      isRecord(value) && typeof value.taskId === 'string'
        ? { value: { taskId: value.taskId } }
        : { issues: [{ message: '"taskId" must be a string.', path: ['taskId'] }] },
    types: undefined as { readonly input: TaskParams; readonly output: TaskParams } | undefined,
  },
};

/** `tasks/get`, `tasks/update` and `tasks/cancel` (tasks extension of MCP 2026-07-28). */
export function serveTasks(server: Server, tasks: TaskStore): void {
  const serve = (method: string, act: (taskId: string, owner: string) => object | false | undefined) =>
    server.setRequestHandler(method, { params: PARAMS }, async ({ taskId }, ctx) => {
      assertTakesTasks(ctx);
      const result = act(taskId, taskOwner(ctx));
      if (!result) throw notFound(taskId);
      return { ...result };
    });
  serve('tasks/get', (taskId, owner) => tasks.get(taskId, owner));
  // The tasks of this server ask nothing, so no response is outstanding: all are ignored.
  serve('tasks/update', (taskId, owner) => tasks.get(taskId, owner) && {});
  serve('tasks/cancel', (taskId, owner) => tasks.cancel(taskId, owner) && {});
}

function assertTakesTasks(ctx: ServerContext): void {
  if (takesTasks(ctx)) return;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } });
}

const notFound = (taskId: string): ProtocolError =>
  invalidParams(
    `There is no task "${taskId}": its time is over, the server has restarted, or it belongs to another caller.`,
  );
