/** The extension of MCP 2026-07-28 that tasks are. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
