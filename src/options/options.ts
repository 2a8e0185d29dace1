import { API_OPTIONS } from './api-options.ts';
import { DOCUMENT_OPTIONS } from './document-options.ts';
import { INSTALL_OPTIONS } from './install-options.ts';
import { LOGIN_OPTIONS } from './login-options.ts';
import type { OptionRow } from './option-row.ts';
import { OUTPUT_OPTIONS } from './output-options.ts';
import { PACK_OPTIONS } from './pack-options.ts';
import { PROJECT_OPTIONS } from './project-options.ts';
import { SERVED_OPTIONS } from './served-options.ts';
import { SERVING_OPTIONS } from './serving-options.ts';
import { TELEMETRY_OPTIONS } from './telemetry-options.ts';

/**
 * Every option of every command, by its heading in `--help`. Commander, `--help`, docs/cli.md and the config keys are
 * generated from this table.
 */
const TABLE = {
  Document: DOCUMENT_OPTIONS,
  'What is served': SERVED_OPTIONS,
  API: API_OPTIONS,
  Login: LOGIN_OPTIONS,
  Serving: SERVING_OPTIONS,
  Telemetry: TELEMETRY_OPTIONS,
  Project: PROJECT_OPTIONS,
  Client: INSTALL_OPTIONS,
  Pack: PACK_OPTIONS,
  Output: OUTPUT_OPTIONS,
} as const satisfies Readonly<Record<string, readonly OptionRow[]>>;

/** The rows with literal types, from which the types of flags and of a config file are derived. */
export type OptionTable = (typeof TABLE)[keyof typeof TABLE];
export const OPTIONS: readonly (OptionRow & { readonly group: string })[] = Object.entries(TABLE).flatMap(
  ([group, rows]) => rows.map((row) => ({ group, ...row })),
);
