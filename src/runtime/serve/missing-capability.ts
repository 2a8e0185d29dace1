import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server';
import { outcomeOf } from '../outcome.ts';

/**
 * @param told a result, or what was thrown.
 * @throws MissingRequiredClientCapabilityError (-32021, MCP 2026-07-28) where the client lacked a capability for it.
 */
export function assertCapable(told: unknown): void {
  const { requires = [] } = outcomeOf(told) ?? {};
  if (requires.length === 0) return;
  // Forms are the elicitation that is asked for here.
  const needs = requires.map((name) => [name, name === 'elicitation' ? { form: {} } : {}]);
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: Object.fromEntries(needs) });
}
