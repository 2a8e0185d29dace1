// In: an `Answer` with its status and headers. Out: the result of a tool, or the contents of a resource.
// Promise: what the API said arrives, bounded; what was cut or does not fit is counted and said.
export { failedAnswerText, isFailure } from './failed-answer.ts';
export { judge } from './flaw.ts';
export { project } from './project.ts';
export { toResourceContents } from './resource-contents.ts';
export { type ResultShaping, toToolResult } from './tool-result.ts';
export { declaredHeaderLines } from './useful-headers.ts';
