import type { OptionRow } from './option-row.ts';

/** Options for the config files of MCP clients. */
export const INSTALL_OPTIONS = [
  {
    flags: '--client <client>',
    description:
      'claude-desktop, claude-code, cursor, vscode, gemini-cli, codex, windsurf, goose, zed, cline, continue or lm-studio; mcp-json prints the entry instead',
    commands: ['init', 'install', 'uninstall'],
    repeat: true,
  },
  {
    flags: '--project',
    description: 'the config file of the project in this folder, instead of that of the user',
    commands: ['init', 'install', 'uninstall'],
  },
  {
    flags: '--as <name>',
    description:
      'name of the server in the client, or of the pack, which may begin with its publisher: io.github.me/pet-shop; default: derived from the target',
    commands: ['install', 'pack'],
  },
  {
    flags: '--env <variable>',
    description: 'environment variable that the client passes on to the server; only its name is written',
    commands: ['install'],
    repeat: true,
  },
  {
    flags: '--config-path <file>',
    description: 'config file of the client, if it is not in its usual place',
    commands: ['install', 'uninstall'],
  },
  {
    flags: '--replace',
    description: 'also replace or remove a server of that name that openapi-mcp did not install',
    commands: ['install', 'uninstall'],
  },
] as const satisfies readonly OptionRow[];
