import type { Result, Server, ServerContext } from '@modelcontextprotocol/server';
import type { CallContext } from '../../provider.ts';
import { callOrTask } from './call-or-task.ts';
import { serveTasks } from './serve-tasks.ts';
import { TaskStore } from './task-store.ts';

/** The tasks of a process. They outlive a server, which may be that of one request. */
export interface Tasks {
  /** Serves the requests about them. */
  serve(server: Server): void;
  /** See `callOrTask()`. */
  callOrTask<T extends Result>(
    ctx: ServerContext,
    run: (background: CallContext['background']) => Promise<T>,
  ): Promise<T | Result>;
}

/** @param process the process in which the tasks are, if it is one of several */
export function openTasks(process?: string): Tasks {
  const store = new TaskStore({}, process);
  return {
    serve: (server) => serveTasks(server, store),
    callOrTask: (ctx, run) => callOrTask(store, ctx, run),
  };
}
