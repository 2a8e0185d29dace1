// In: an `Answer` with its status and headers. Out: a tool result, or the contents of a resource. Promise: the API's
// content arrives, within limits; anything cut or mismatched is counted and reported.
export { failedAnswerText, isFailure, type Responded } from './failed-answer.ts';
export { judge } from './flaw.ts';
export { project } from './project.ts';
export { toResourceContents } from './resource-contents.ts';
export { type ResultShaping, toToolResult } from './tool-result.ts';
export { declaredHeaderLines } from './useful-headers.ts';
