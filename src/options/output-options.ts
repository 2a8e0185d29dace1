import { FAIL_ON, GRAPH_FORMATS, LINT_FORMATS, LOG_LEVELS } from './choices.ts';
import { AUTH, DEV, LINT, READING, RUN, SERVING } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for what a command prints and writes. */
export const OUTPUT_OPTIONS = [
  {
    flags: '--dry-run',
    description: 'show what would be served and which credentials were found, or what would be written, then exit',
    commands: ['run', 'generate', 'eject', 'init', 'install', 'uninstall', 'pack'],
  },
  {
    flags: '--log-level <level>',
    description: 'log level on stderr',
    commands: RUN,
    ...LOG_LEVELS,
    config: { of: 'whole', key: 'logLevel' },
  },
  {
    flags: '--quiet',
    description: 'print only errors on stderr',
    commands: SERVING,
    config: { of: 'whole', key: 'quiet' },
  },
  {
    flags: '--verbose',
    description: 'print the arguments, HTTP requests and results of calls too, without secrets',
    commands: DEV,
  },
  {
    flags: '--exact',
    description: 'count tokens with the o200k tokenizer instead of estimating; needs the package gpt-tokenizer',
    commands: ['inspect'],
  },
  {
    flags: '--graph <format>',
    description: 'print which operations return the ids that others require, as dot (Graphviz) or mermaid',
    commands: ['inspect'],
    ...GRAPH_FORMATS,
  },
  {
    flags: '--lock',
    description: 'write what is served to openapi-mcp.lock.json in this folder, for diff',
    commands: ['inspect'],
  },
  {
    flags: '--lock-file <file>',
    description: 'the same, to another file',
    commands: ['inspect'],
  },
  {
    flags: '--fail-on <changes>',
    description: 'which changes end the command with exit code 1',
    commands: ['diff'],
    ...FAIL_ON,
  },
  { flags: '--markdown', description: 'print Markdown, for a pull request', commands: ['diff'] },
  {
    flags: '--fix <file>',
    description: 'write automatic fixes to an OpenAPI Overlay; the document is not changed',
    commands: LINT,
  },
  {
    flags: '--out <file|folder>',
    description: 'write the result to a file, or its files into a folder; never overwrites',
    commands: ['call', 'read'],
  },
  {
    flags: '--curl',
    description: 'print the HTTP request as a curl command, without secrets, instead of sending it',
    commands: ['call'],
  },
  {
    flags: '--trace',
    description: 'print the HTTP requests and the heads of their responses to stderr, without secrets',
    commands: ['call', 'read'],
  },
  { flags: '--strict', description: 'also fail on warnings', commands: LINT },
  {
    flags: '--format <format>',
    description: 'output format',
    commands: LINT,
    ...LINT_FORMATS,
  },
  {
    flags: '--json',
    description: 'report as JSON',
    commands: [...READING, 'eject', 'explain', 'uninstall', 'discover', ...AUTH],
    config: { of: 'whole', key: 'json', description: 'report and log as JSON' },
  },
] as const satisfies readonly OptionRow[];
