import type { Tool } from '../../provider.ts';

/** Describes the call in terms of the tool: `Delete a pet: {"petId":7}`. */
export function defaultMessage({ title, name }: Tool, args: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(args);
  // For people: long texts are cut.
  const shown = json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}… (${json.length} characters)` : json;
  return `${title ?? name}: ${shown}`;
}

const MAX_SHOWN = 1000;
