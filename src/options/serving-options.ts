import { HOST, PATH, PORT, TRANSPORTS, WORKERS } from '../runtime/serve/serve-defaults.ts';
import { DEV, RUN, SERVING } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for how MCP clients are served. */
export const SERVING_OPTIONS = [
  {
    flags: '--transport <transport>',
    description: 'how MCP clients connect',
    commands: ['run', 'generate'],
    ...TRANSPORTS,
    config: { of: 'whole', key: 'transport' },
  },
  {
    flags: '--transport <transport>',
    description: 'how MCP clients connect',
    commands: DEV,
    choices: TRANSPORTS.choices,
    default: 'http',
  },
  {
    flags: '--poll <seconds>',
    description: 'how often documents at URLs are checked for changes',
    commands: DEV,
    default: 5,
    number: { min: 1, max: 86_400, whole: false },
  },
  {
    flags: '--host <address>',
    description: 'address to listen on',
    commands: RUN,
    ...HOST,
    config: { of: 'whole', key: 'host' },
  },
  {
    flags: '--port <number>',
    description: 'port to listen on; 0 picks a free one',
    commands: SERVING,
    ...PORT,
    config: { of: 'whole', key: 'port' },
  },
  {
    flags: '--path <path>',
    description: 'path of the MCP endpoint',
    commands: SERVING,
    ...PATH,
    config: { of: 'whole', key: 'path' },
  },
  {
    flags: '--allowed-host <host>',
    description: 'additional Host header to accept',
    commands: RUN,
    repeat: true,
    config: { of: 'whole', key: 'allowedHosts', description: 'additional Host headers to accept' },
  },
  {
    flags: '--allowed-origin <origin>',
    description: 'additional Origin (web page) to accept',
    commands: SERVING,
    repeat: true,
    config: { of: 'whole', key: 'allowedOrigins', description: 'additional Origins (web pages) to accept' },
  },
  {
    flags: '--audience <text>',
    description: 'audience that the tokens of callers must have; default: the public URL (with --auth <provider>)',
    commands: RUN,
    repeat: true,
  },
  {
    flags: '--required-scope <scope>',
    description: 'scope that every call needs (with --auth <provider>)',
    commands: RUN,
    repeat: true,
  },
  {
    flags: '--public-url <url>',
    description:
      'URL of the MCP endpoint that clients use, for which tokens are issued (with --auth <provider>), or which server.json names (pack)',
    commands: [...RUN, 'pack'],
  },
  {
    flags: '--insecure',
    description: 'allow non-loopback addresses without authentication',
    commands: RUN,
    config: { of: 'whole', key: 'insecure' },
  },
  {
    flags: '--stateless',
    description:
      'serve 2025 clients without sessions, so that any of several processes can respond without a store (over HTTP)',
    commands: RUN,
    config: { of: 'whole', key: 'stateless' },
  },
  {
    flags: '--store <url>',
    description:
      'Redis (redis://host:6379) that several processes share, so that any of them can respond (over HTTP); encrypted with OPENAPI_MCP_STORE_KEY',
    commands: RUN,
    config: { of: 'whole', key: 'store' },
  },
  {
    flags: '--store-name <name>',
    description: 'what tells this server apart from others in the same Redis; default: its name',
    commands: RUN,
    config: { of: 'whole', key: 'storeName' },
  },
  {
    flags: '--workers <number>',
    description: 'processes that serve the same port, and share what they need (over HTTP)',
    commands: RUN,
    ...WORKERS,
    config: { of: 'whole', key: 'workers' },
  },
  {
    flags: '--inspector',
    description: 'serve a page that shows and calls the server, to browsers on this machine (over HTTP)',
    commands: RUN,
  },
] as const satisfies readonly OptionRow[];
