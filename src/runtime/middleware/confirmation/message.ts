import type { Tool } from '../../provider.ts';

/** What would be done, in the words of the tool: `Delete a pet: {"petId":7}`. */
export function defaultMessage({ title, name }: Tool, args: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(args);
  // A person reads it: of a long text the beginning.
  const shown = json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}… (${json.length} characters)` : json;
  return `${title ?? name}: ${shown}`;
}

const MAX_SHOWN = 1000;
