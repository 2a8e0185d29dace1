import { GET_AS, NAMES, OUTPUT_SCHEMAS, PROFILE_NAMES } from '../map/choices.ts';
import { LIST_MODES } from '../runtime/fit/list-modes.ts';
import { UNASKED } from '../runtime/unasked.ts';
import { READING, SERVING } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for what is served of a document. */
export const SERVED_OPTIONS = [
  {
    flags: '--name <name>',
    description: 'name of the API; default: derived from its title',
    commands: READING,
    each: true,
    config: { of: 'api', key: 'name' },
  },
  {
    flags: '--names <kind>',
    description: 'tool names: clean removes what frameworks add to an operationId; document keeps every operationId',
    commands: READING,
    ...NAMES,
    config: { of: 'api', key: 'names' },
  },
  {
    flags: '--include <filter>',
    description: "serve only operations that match: tag:x, id:glob, 'GET /path/**', /regex/",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'include' },
  },
  {
    flags: '--exclude <filter>',
    description: 'exclude operations that match; overrides --include',
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'exclude' },
  },
  {
    flags: '--route <rule>',
    description: "'<filter> => tool|resource|both|exclude'; the first match wins",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'routes' },
  },
  {
    flags: '--read-only',
    description: 'exclude every operation that may change something',
    commands: READING,
    config: { of: 'api', key: 'readOnly' },
  },
  {
    flags: '--trust-hints',
    description: 'accept annotations from x-mcp or a remote server that make a tool look safer',
    commands: READING,
    config: {
      of: 'api',
      key: 'trustHints',
      description: 'accept x-mcp annotations that make an operation look safer than its method',
    },
  },
  {
    flags: '--get-as <face>',
    description: 'serve GET operations as tools, resources or both',
    commands: READING,
    ...GET_AS,
    config: { of: 'api', key: 'getAs' },
  },
  {
    flags: '--output-schemas <when>',
    description: 'list output schemas; auto keeps the list small',
    commands: READING,
    ...OUTPUT_SCHEMAS,
    config: { of: 'api', key: 'outputSchemas' },
  },
  {
    flags: '--profile <provider>',
    description: 'compile schemas to what this model provider accepts; generic keeps them exact',
    commands: READING,
    ...PROFILE_NAMES,
    config: { of: 'api', key: 'profile' },
  },
  {
    flags: '--mode <mode>',
    description:
      'how tools are listed: all; compact (fewer tokens); signature (one tool that calls all); search (three tools that find and call the others); code (two tools that find the others and run JavaScript that calls them); auto picks one of the first four by --budget',
    commands: ['run', 'dev', 'init', 'install', 'pack'],
    ...LIST_MODES,
    config: {
      of: 'whole',
      key: 'mode',
      description:
        'how tools are listed: all; compact (fewer tokens); signature (one tool that calls all); search (three tools that find and call the others); code (two tools that find the others and run JavaScript that calls them); auto picks one of the first four by budget',
    },
  },
  {
    flags: '--shape',
    description: 'let models choose what results contain: every tool also takes fields and query (JMESPath)',
    commands: SERVING,
    config: { of: 'whole', key: 'shape' },
  },
  {
    flags: '--paging',
    description: 'operations with pages also take cursor, for the next page, and max_items, to collect pages',
    commands: SERVING,
    config: { of: 'whole', key: 'paging' },
  },
  {
    flags: '--confirm <how>',
    description:
      'ask the user before a tool that may destroy something is called; without a user to ask: refuse the call, or make it in two steps with a token',
    commands: SERVING,
    choices: ['off', ...UNASKED.choices],
    default: 'off',
    config: { of: 'whole', key: 'confirm' },
  },
  {
    flags: '--offer-dry-run',
    description: 'tools that may change something also take dry_run: it shows the HTTP request instead of sending it',
    commands: SERVING,
    config: { of: 'whole', key: 'offerDryRun' },
  },
  {
    flags: '--budget <tokens>',
    description:
      'how many tokens the list of tools may cost a model; default: 10000 for --mode auto, otherwise unlimited',
    commands: ['run', 'dev', 'inspect', 'init', 'install', 'pack'],
    number: { min: 1, max: 10_000_000, whole: true },
    config: {
      of: 'whole',
      key: 'budget',
      description:
        'how many tokens the list of tools may cost a model; default: 10000 for mode auto, otherwise unlimited',
    },
  },
  {
    flags: '--pin <tool>',
    description: 'list this tool in search mode too',
    commands: ['run', 'dev', 'init', 'install', 'pack'],
    repeat: true,
    config: { of: 'whole', key: 'pinned', description: 'tools that search mode lists too' },
  },
] as const satisfies readonly OptionRow[];
