import { annotationsOf } from '../../map/annotations.ts';
import { wordsOf } from '../../map/words.ts';
import type { Rule } from '../subject.ts';

const DESTRUCTIVE = new Set([
  'delete',
  'remove',
  'destroy',
  'purge',
  'cancel',
  'revoke',
  'terminate',
  'reset',
  'wipe',
  'drop',
  'erase',
]);

/** Clients ask before they call a destructive tool; from the method POST alone they cannot tell. */
export const unannotatedDestructive: Rule = {
  id: 'unannotated-destructive',
  severity: 'advice',
  summary: 'A destructive operation has no explicit annotations.',
  fix: 'Add `x-mcp: { annotations: { destructiveHint: true, idempotentHint: … } }`.',
  *check({ operations }) {
    for (const { tool, request, origin, pointer, id } of operations) {
      if (!tool || tool.annotations.readOnlyHint === true) continue;
      const verb = wordsOf(origin.operationId ?? origin.path).find((word) => DESTRUCTIVE.has(word));
      if (request.method !== 'DELETE' && verb === undefined) continue;
      if (JSON.stringify(tool.annotations) !== JSON.stringify(annotationsOf(origin))) continue;
      const why = request.method === 'DELETE' ? 'deletes' : `is called to "${verb}"`;
      yield {
        pointer,
        message: `"${id}" ${why}, but its annotations come only from its method, ${request.method}.`,
      };
    }
  },
};
