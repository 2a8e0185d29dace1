import { existsSync } from 'node:fs';
import { configsIn } from '../../config/find-config.ts';
import type { OptionRow } from '../../options/option-row.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import { yamlText } from '../../parse/yaml-text.ts';
import type { OpenedApi } from '../../proxy.ts';
import { CommandError, EXIT } from '../output/report.ts';

export const CONFIG_FILE = 'openapi-mcp.config.yaml';
export const ENV_EXAMPLE = '.env.example';

/** What `init` found out, and the answers of the user. */
export interface InitChoices {
  /** As the config file refers to the document. */
  readonly spec: string;
  readonly namespace: string;
  /** Options by flag name, as `--json` names them: `{ readOnly: true, include: ['tag:pets'], mode: 'search' }`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether credentials come from the environment. */
  readonly needsCredentials: boolean;
}

/** The text of the config file. @throws CommandError if an option cannot be written */
export async function configText({ spec, namespace, options, needsCredentials }: InitChoices): Promise<string> {
  const api: Record<string, unknown> = { spec };
  const whole: Record<string, unknown> = {};
  for (const row of OPTIONS) {
    const value = options[flagName(row)];
    if (value === undefined || !row.config) continue;
    const written = row.config.as === 'map' ? mapOf(value, row) : value;
    (row.config.of === 'api' ? api : whole)[row.config.key] = written;
  }
  // Credentials have no row of their own in a config file: they are an object.
  if (Array.isArray(options.auth) && options.auth.length > 0) api.auth = mapOf(options.auth, AUTH_ROW);
  const head = '# What "openapi-mcp run" serves in this folder: see docs/config.md of openapi-mcp.\n';
  const hint =
    needsCredentials && whole.envFile === undefined ? `# envFile: .env   # the credentials, see ${ENV_EXAMPLE}\n` : '';
  return `${head}${await yamlText({ apis: { [namespace]: api }, ...whole })}${hint}`;
}

const AUTH_ROW = { flags: '--auth <scheme=credential>' };

/** `['X-Team: a']` → `{ 'X-Team': 'a' }`, `['region=eu']` → `{ region: 'eu' }` */
function mapOf(values: unknown, row: Pick<OptionRow, 'flags'>): Readonly<Record<string, string>> {
  const separator = /header/.test(row.flags) ? ':' : '=';
  const pairs = (values as readonly string[]).map((text): [string, string] => {
    const at = text.indexOf(separator);
    if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    throw new CommandError(
      EXIT.usage,
      `${longFlag(row)}: "${text}" has no name.`,
      `Write it as name${separator}value.`,
    );
  });
  return Object.fromEntries(pairs);
}

/** The variables that the credentials of an API come from, without values. Empty if it needs none. */
export function envExample({ credentials }: Pick<OpenedApi, 'credentials'>): string {
  const sections = credentials
    .filter(({ alternatives }) => alternatives.length > 0)
    .map(({ scheme, kind, alternatives, loginCommand }) => {
      const [first = [], ...others] = alternatives;
      const lines = [
        `# ${scheme}: ${kind}`,
        ...first.map((variable) => `${variable}=`),
        ...others.flatMap((variables) => ['# or:', ...variables.map((variable) => `# ${variable}=`)]),
        ...(loginCommand === undefined ? [] : [`# or log in: ${loginCommand}`]),
      ];
      return `${lines.join('\n')}\n`;
    });
  return sections.join('\n');
}

/** @throws CommandError if there is a config file already */
export function checkFree(overwrite: boolean): void {
  const [existing] = configsIn('.');
  if (existing === undefined) return;
  if (overwrite && existing === CONFIG_FILE) return;
  throw new CommandError(
    EXIT.usage,
    `This folder already has ${existing}.`,
    existing === CONFIG_FILE ? 'Edit it, or replace it with --overwrite.' : 'Edit it, or move it away first.',
  );
}

/** An example of the user's own is kept. */
export const keepsEnvExample = (overwrite: boolean): boolean => !overwrite && existsSync(ENV_EXAMPLE);
