import { API_OPTIONS } from './api-options.ts';
import { DOCUMENT_OPTIONS } from './document-options.ts';
import { LOGIN_OPTIONS } from './login-options.ts';
import type { OptionRow } from './option-row.ts';
import { OUTPUT_OPTIONS } from './output-options.ts';
import { PROJECT_OPTIONS } from './project-options.ts';
import { SERVED_OPTIONS } from './served-options.ts';
import { SERVING_OPTIONS } from './serving-options.ts';

/**
 * Every option of every command. Commander, `--help`, docs/cli.md and the config keys are generated from this table.
 */
const TABLE = [
  ...DOCUMENT_OPTIONS,
  ...SERVED_OPTIONS,
  ...API_OPTIONS,
  ...LOGIN_OPTIONS,
  ...SERVING_OPTIONS,
  ...PROJECT_OPTIONS,
  ...OUTPUT_OPTIONS,
] as const satisfies readonly OptionRow[];

/** The table with literal types, from which the type of a config file is derived. */
export type OptionTable = typeof TABLE;
export const OPTIONS: readonly OptionRow[] = TABLE;
