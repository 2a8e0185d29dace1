import { applicationData, atHome, fromEnv, inProject, type Places, roaming, xdgConfig } from './places.ts';
import type { Entry, ServerCommand } from './server-command.ts';

/** How a config file is written. JSON may have comments and trailing commas. */
export type ConfigFormat = 'json' | 'toml' | 'yaml';

export type Scope = 'user' | 'project';

/** A program that starts MCP servers from a config file of its own. */
export interface InstallClient {
  readonly title: string;
  readonly format: ConfigFormat;
  /** Where the file is for each scope that the client has; the first one is the default. */
  readonly paths: Partial<Readonly<Record<Scope, (places: Places) => string>>>;
  /** The key of the servers: an object by name or, for `list`, a list of objects with a `name`. */
  readonly key: string;
  readonly list?: true;
  /** How the file writes a server. */
  readonly entry: (command: ServerCommand) => Entry;
  /** How it refers to an environment variable; absent if it cannot. */
  readonly reference?: (variable: string) => string;
  /** The profile whose schemas every model of the client accepts: that of Gemini suits the other providers, too. */
  readonly profile: 'claude' | 'openai' | 'gemini' | 'cursor';
  /**
   * `tools`: the client loads tools on demand by itself, so it gets all of them. `auto`: what fits the budget.
   */
  readonly mode: 'tools' | 'auto';
  /** A URL that makes the client offer the installation. */
  readonly link?: (name: string, entry: Entry) => string;
  /** What makes a running client read its file again. */
  readonly reload: string;
}

/** `env` only if there are any references. */
const environment = ({ variables }: ServerCommand, reference: (variable: string) => string) =>
  variables.length === 0 ? {} : { env: Object.fromEntries(variables.map((name) => [name, reference(name)])) };

const common = (reference: (variable: string) => string) => (server: ServerCommand) => ({
  command: server.command,
  args: server.args,
  ...environment(server, reference),
});

const braced = (variable: string): string => `\${${variable}}`;
const prefixed = (variable: string): string => `\${env:${variable}}`;
const none = (): string => '';

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

const CLIENT_TABLE = {
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    paths: { user: (places) => applicationData(places, 'Claude', 'claude_desktop_config.json') },
    key: 'mcpServers',
    entry: common(none),
    profile: 'claude',
    mode: 'auto',
    reload: 'Restart Claude Desktop.',
  },
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    paths: {
      user: (places) =>
        places.env.CLAUDE_CONFIG_DIR ? `${places.env.CLAUDE_CONFIG_DIR}/.claude.json` : atHome(places, '.claude.json'),
      project: (places) => inProject(places, '.mcp.json'),
    },
    key: 'mcpServers',
    entry: (server) => ({ type: 'stdio', ...common(braced)(server) }),
    reference: braced,
    profile: 'claude',
    mode: 'tools',
    reload: 'Start a new session; "claude mcp list" shows the server.',
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    paths: {
      user: (places) => atHome(places, '.cursor', 'mcp.json'),
      project: (places) => inProject(places, '.cursor', 'mcp.json'),
    },
    key: 'mcpServers',
    entry: common(prefixed),
    reference: prefixed,
    profile: 'cursor',
    mode: 'tools',
    link: (name, entry) =>
      `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(name)}&config=${encodeURIComponent(base64(entry))}`,
    reload: 'Cursor reads the file by itself; enable the server in Settings, MCP.',
  },
  vscode: {
    title: 'VS Code',
    format: 'json',
    paths: {
      user: (places) => applicationData(places, 'Code', 'User', 'mcp.json'),
      project: (places) => inProject(places, '.vscode', 'mcp.json'),
    },
    key: 'servers',
    entry: (server) => ({ type: 'stdio', ...common(prefixed)(server) }),
    reference: prefixed,
    profile: 'gemini',
    mode: 'auto',
    link: (name, entry) => `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, ...entry }))}`,
    reload: 'Run "MCP: List Servers" and start the server.',
  },
  'gemini-cli': {
    title: 'Gemini CLI',
    format: 'json',
    paths: {
      user: (places) => atHome(places, '.gemini', 'settings.json'),
      project: (places) => inProject(places, '.gemini', 'settings.json'),
    },
    key: 'mcpServers',
    entry: common(braced),
    reference: braced,
    profile: 'gemini',
    mode: 'auto',
    reload: 'Start a new session; /mcp shows the server.',
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    paths: {
      user: (places) => `${fromEnv(places.env.CODEX_HOME, atHome(places, '.codex'))}/config.toml`,
      project: (places) => inProject(places, '.codex', 'config.toml'),
    },
    key: 'mcp_servers',
    entry: ({ command, args, variables }) => ({
      command,
      args,
      ...(variables.length > 0 && { env_vars: variables }),
    }),
    reference: (variable) => variable,
    profile: 'openai',
    mode: 'auto',
    reload: 'Start a new session; /mcp shows the server.',
  },
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    paths: { user: (places) => atHome(places, '.codeium', 'windsurf', 'mcp_config.json') },
    key: 'mcpServers',
    entry: common(prefixed),
    reference: prefixed,
    profile: 'gemini',
    mode: 'auto',
    reload: 'Press Refresh in the MCP panel of Cascade.',
  },
  goose: {
    title: 'goose',
    format: 'yaml',
    paths: {
      user: (places) =>
        places.platform === 'win32'
          ? roaming(places, 'Block', 'goose', 'config', 'config.yaml')
          : xdgConfig(places, 'goose', 'config.yaml'),
    },
    key: 'extensions',
    entry: ({ name, command, args, variables }) => ({
      enabled: true,
      type: 'stdio',
      name,
      cmd: command,
      args,
      envs: {},
      env_keys: variables,
      timeout: 300,
    }),
    reference: (variable) => variable,
    profile: 'gemini',
    mode: 'auto',
    link: (name, { cmd, args }) => {
      const words = [['cmd', String(cmd)], ...(args as readonly string[]).map((arg) => ['arg', arg])];
      const query = [...words, ['id', name], ['name', name]];
      return `goose://extension?${query.map(([key, value = '']) => `${key}=${encodeURIComponent(value)}`).join('&')}`;
    },
    reload: 'Start a new session.',
  },
  zed: {
    title: 'Zed',
    format: 'json',
    paths: {
      user: (places) =>
        places.platform === 'win32'
          ? roaming(places, 'Zed', 'settings.json')
          : xdgConfig(places, 'zed', 'settings.json'),
      project: (places) => inProject(places, '.zed', 'settings.json'),
    },
    key: 'context_servers',
    entry: common(none),
    profile: 'gemini',
    mode: 'auto',
    reload: 'Zed reads the file by itself.',
  },
  cline: {
    title: 'Cline',
    format: 'json',
    paths: {
      user: (places) =>
        fromEnv(
          places.env.CLINE_MCP_SETTINGS_PATH,
          applicationData(
            places,
            ...['Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev', 'settings', 'cline_mcp_settings.json'],
          ),
        ),
    },
    key: 'mcpServers',
    entry: (server) => ({ ...common(prefixed)(server), disabled: false, autoApprove: [] }),
    reference: prefixed,
    profile: 'gemini',
    mode: 'auto',
    reload: 'Cline reads the file by itself.',
  },
  continue: {
    title: 'Continue',
    format: 'yaml',
    paths: { user: (places) => atHome(places, '.continue', 'config.yaml') },
    key: 'mcpServers',
    list: true,
    entry: (server) => ({ name: server.name, ...common((name) => `\${{ secrets.${name} }}`)(server) }),
    reference: (variable) => `\${{ secrets.${variable} }}`,
    profile: 'gemini',
    mode: 'auto',
    reload: 'Continue reads the file by itself.',
  },
  'lm-studio': {
    title: 'LM Studio',
    format: 'json',
    paths: { user: (places) => atHome(places, '.lmstudio', 'mcp.json') },
    key: 'mcpServers',
    entry: common(none),
    profile: 'gemini',
    mode: 'auto',
    link: (name, entry) =>
      `lmstudio://add_mcp?name=${encodeURIComponent(name)}&config=${encodeURIComponent(base64(entry))}`,
    reload: 'LM Studio reads the file by itself.',
  },
} as const satisfies Readonly<Record<string, InstallClient>>;

export type ClientName = keyof typeof CLIENT_TABLE;

export const CLIENTS: Readonly<Record<ClientName, InstallClient>> = CLIENT_TABLE;

// The keys of the table.
export const CLIENT_NAMES = Object.keys(CLIENT_TABLE) as readonly ClientName[];

export const isClientName = (text: string): text is ClientName => Object.hasOwn(CLIENT_TABLE, text);
