import type { ApiFlags } from './flags.ts';
import type { OptionRow } from './option-row.ts';
import { flagName, takesValue } from './option-text.ts';
import { OPTIONS } from './options.ts';

/** Fills in the table's defaults for flags that the command does not have. */
export function withApiDefaults(flags: Partial<ApiFlags>): ApiFlags {
  const defaults = OPTIONS.filter(({ config }) => config?.of === 'api').map((row) => [flagName(row), defaultOf(row)]);
  return { json: false, ...Object.fromEntries(defaults), ...flags } as ApiFlags;
}

function defaultOf(row: OptionRow): unknown {
  if (row.repeat) return [];
  return takesValue(row) ? row.default : row.flags.startsWith('--no-');
}
