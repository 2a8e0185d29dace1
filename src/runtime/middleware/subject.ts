import type { Call, Method } from './middleware.ts';

/** The call in the reader's words: `Tool "search"`. */
export function subject(call: Call): string {
  switch (call.method) {
    case 'tools/call':
      return `Tool "${call.params.name}"`;
    case 'resources/read':
      return `Resource "${call.params.uri}"`;
    case 'prompts/get':
      return `Prompt "${call.params.name}"`;
    default:
      return call.method;
  }
}

/** The name of the target: the tool, prompt or URI. */
export function targetOf(call: Call): string | undefined {
  switch (call.method) {
    case 'tools/call':
    case 'prompts/get':
      return call.params.name;
    case 'resources/read':
      return call.params.uri;
    default:
      return undefined;
  }
}

/** Lists are shared and cheap: they are neither counted nor delayed. */
export function isList(method: Method): boolean {
  return method.endsWith('/list');
}
