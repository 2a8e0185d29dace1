import type { Rule } from '../subject.ts';
import { wordsOf } from '../words.ts';

const CHANGING = new Set([
  'delete',
  'remove',
  'destroy',
  'purge',
  'create',
  'add',
  'update',
  'set',
  'send',
  'cancel',
  'revoke',
  'reset',
  'start',
  'stop',
  'restart',
  'approve',
  'reject',
  'execute',
  'trigger',
  'upload',
]);

/** RFC 9110 §9.2.1: a safe method changes nothing, so clients call such tools without asking. Some APIs do not keep to it. */
export const doubtfulReadOnly: Rule = {
  id: 'doubtful-read-only',
  severity: 'warning',
  summary: 'An operation is announced as read-only because of its method, and its name says that it changes something.',
  fix: 'Use POST, PUT or DELETE; or say `x-mcp: { annotations: { readOnlyHint: false } }`; or rename it.',
  *check({ operations }) {
    for (const { tool, request, origin, pointer, id } of operations) {
      if (tool?.annotations.readOnlyHint !== true || request.method !== 'GET') continue;
      // The verb leads: "listUpdates" reads.
      const [verb] = wordsOf(origin.operationId ?? origin.path.split('/').at(-1) ?? '');
      if (verb !== undefined && CHANGING.has(verb))
        yield {
          pointer,
          message: `"${id}" is a GET, so clients call it without asking; its name begins with "${verb}".`,
        };
    }
  },
};
