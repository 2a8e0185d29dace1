import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server';
import { outcomeOf } from '../../outcome.ts';

/**
 * @param told a result, or a thrown value
 * @throws MissingRequiredClientCapabilityError (-32021, MCP 2026-07-28) if the client lacked a capability for it
 */
export function assertCapable(told: unknown): void {
  const { requires = [] } = outcomeOf(told) ?? {};
  if (requires.length === 0) return;
  // Elicitation here always means forms.
  const needs = requires.map((name) => [name, name === 'elicitation' ? { form: {} } : {}]);
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: Object.fromEntries(needs) });
}
