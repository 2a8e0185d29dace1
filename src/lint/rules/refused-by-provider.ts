import { createViolationSearch, nameViolations, PROFILES } from '../../map/profiles/index.ts';
import type { Rule } from '../subject.ts';

/** By default schemas are listed exactly, and every provider rejects some of that. */
export const refusedByProvider: Rule = {
  id: 'refused-by-provider',
  severity: 'advice',
  summary: 'A model provider would reject or truncate tools in their default form.',
  fix: 'Set --profile to the provider that the client uses.',
  *check({ operations, profile: chosen }) {
    const tools = operations.flatMap(({ listed, pointer }) => (listed ? [{ ...listed, pointer }] : []));
    // With a chosen provider, the others do not matter.
    for (const profile of chosen === 'generic' ? Object.values(PROFILES) : [PROFILES[chosen]]) {
      const firstViolation = createViolationSearch(profile);
      const refused = tools.flatMap(({ name, inputSchema, pointer }) => {
        const first = nameViolations(name, profile)[0] ?? firstViolation(inputSchema);
        return first === undefined ? [] : [{ name, pointer, first }];
      });
      const [example] = refused;
      if (example) {
        const why = `first "${example.name}" (${example.first})`;
        yield {
          pointer: example.pointer,
          message: `${profile.name} would reject ${refused.length} of ${tools.length} tools, ${why}.`,
        };
      }
      if (profile.maxTools !== undefined && tools.length > profile.maxTools)
        yield {
          pointer: '#/paths',
          message: `${profile.name} accepts at most ${profile.maxTools} tools; there are ${tools.length}.`,
        };
    }
  },
};
