import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fillVariables, type Variables } from '../../config/fill-variables.ts';
import { isRecord } from '../../runtime/is-record.ts';
import { isAuthorised, serverLogin } from '../flags/server-auth.ts';
import { CommandError, EXIT, usageError } from '../output/report.ts';

export interface ClientConfig {
  readonly mcpServers: Readonly<Record<string, unknown>>;
}

export const isDisabled = (entry: unknown): boolean => isRecord(entry) && entry.disabled === true;

/**
 * The config file of an MCP client: `{ "mcpServers": … }` of Claude Desktop, Cursor and others, or `{ "servers": … }`
 * of VS Code. It starts programs, so it must have a known file name too: a document from someone else is never treated
 * as one because of its content alone. Variables are filled in as clients do: `${NAME}`, `${NAME:-default}`,
 * `${env:NAME}`.
 *
 * @returns `undefined` if the file is not one
 * @throws CommandError if a variable is missing, except in disabled servers
 */
export function readClientConfig(path: string, variables: Variables): ClientConfig | undefined {
  if (!NAME.test(basename(path))) return undefined;
  const config = parsed(path);
  if (!isRecord(config)) return undefined;
  const servers = config.mcpServers ?? config.servers;
  if (!isRecord(servers)) return undefined;
  return {
    mcpServers: Object.fromEntries(Object.entries(servers).map(([name, entry]) => [name, entryOf(name, entry)])),
  };

  function entryOf(name: string, entry: unknown): unknown {
    return isDisabled(entry) ? entry : filled(entry, `"${name}" in ${path}`, variables);
  }
}

/** A value of such a file, with its variables filled in. @throws CommandError if one is missing */
export function filled(value: unknown, where: string, variables: Variables): unknown {
  if (typeof value === 'string') return filledText(value, where, variables);
  if (Array.isArray(value)) return value.map((item) => filled(item, where, variables));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, where, variables)]));
}

/** A config with the login of the person for each server at a URL that has no other credential. */
export function withServerLogins({ mcpServers }: ClientConfig, means: Parameters<typeof serverLogin>[1]): ClientConfig {
  const entries = Object.entries(mcpServers).map(([name, entry]) => {
    if (!isRecord(entry) || isDisabled(entry) || typeof entry.url !== 'string') return [name, entry];
    const { url, headers, auth = 'oauth' } = entry;
    if (auth !== 'oauth' || isAuthorised(url, isRecord(headers) ? headers : {})) return [name, entry];
    return [name, { ...entry, auth: serverLogin(url, means) }];
  });
  return { mcpServers: Object.fromEntries(entries) };
}

/** `mcp.json`, `.mcp.json`, `cline_mcp_settings.json`, `claude_desktop_config.json`, `.claude.json`, `settings.json` */
const NAME = /(?:^|[._-])mcp(?:[._-]|$)|^\.?claude\b|^claude_|^settings\.json$/i;

function filledText(text: string, where: string, variables: Variables): string {
  const { text: filled, mistakes } = fillVariables(text.replaceAll('${env:', '${'), variables);
  const [mistake] = mistakes;
  if (mistake === undefined) return filled;
  if (mistake.kind === 'missing') {
    throw new CommandError(
      EXIT.credential,
      `${where} needs the variable ${mistake.variable}, which is not set.`,
      `Set ${mistake.variable} in the environment or in the --env-file.`,
    );
  }
  throw usageError(
    `${where}: ${mistake.written} is not a valid variable reference.`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    'Write ${NAME} or ${NAME:-default}.',
  );
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
