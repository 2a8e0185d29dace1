import { existsSync } from 'node:fs';
import { configsIn } from '../../config/find-config.ts';
import { yamlText } from '../../parse/yaml-text.ts';
import type { OpenedApi } from '../../proxy.ts';
import { usageError } from '../output/report.ts';
import { type WrittenApi, writtenConfig } from './written-config.ts';

export const CONFIG_FILE = 'openapi-mcp.config.yaml';
export const ENV_EXAMPLE = '.env.example';

/** What `init` found out, and the answers of the user. */
export interface InitChoices extends WrittenApi {
  /** Whether credentials come from the environment. */
  readonly needsCredentials: boolean;
}

/** The text of the config file. @throws CommandError if an option cannot be written */
export async function configText({ needsCredentials, ...api }: InitChoices): Promise<string> {
  const head = '# What "openapi-mcp run" serves in this folder: see docs/config.md of openapi-mcp.\n';
  const hint =
    needsCredentials && api.options.envFile === undefined
      ? `# envFile: .env   # the credentials, see ${ENV_EXAMPLE}\n`
      : '';
  return `${head}${await yamlText(writtenConfig([api]))}${hint}`;
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
  throw usageError(
    `This folder already has ${existing}.`,
    existing === CONFIG_FILE ? 'Edit it, or replace it with --overwrite.' : 'Edit it, or move it away first.',
  );
}

/** An example of the user's own is kept. */
export const keepsEnvExample = (overwrite: boolean): boolean => !overwrite && existsSync(ENV_EXAMPLE);
