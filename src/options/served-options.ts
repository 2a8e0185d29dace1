import { GET_AS, NAMES, OUTPUT_SCHEMAS, PROFILE_NAMES } from '../map/choices.ts';
import { READING } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for what is served of a document. */
export const SERVED_OPTIONS = [
  {
    group: 'What is served',
    flags: '--name <name>',
    description: 'name of the API; default: derived from its title',
    commands: READING,
    each: true,
    config: { of: 'api', key: 'name' },
  },
  {
    group: 'What is served',
    flags: '--names <kind>',
    description: 'tool names: clean removes what frameworks add to an operationId; document keeps every operationId',
    commands: READING,
    ...NAMES,
    config: { of: 'api', key: 'names' },
  },
  {
    group: 'What is served',
    flags: '--include <filter>',
    description: "serve only operations that match: tag:x, id:glob, 'GET /path/**', /regex/",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'include' },
  },
  {
    group: 'What is served',
    flags: '--exclude <filter>',
    description: 'exclude operations that match; overrides --include',
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'exclude' },
  },
  {
    group: 'What is served',
    flags: '--route <rule>',
    description: "'<filter> => tool|resource|both|exclude'; the first match wins",
    commands: READING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'routes', description: "'<filter> => tool|resource|both|exclude'; the first match wins" },
  },
  {
    group: 'What is served',
    flags: '--read-only',
    description: 'exclude every operation that may change something',
    commands: READING,
    config: { of: 'api', key: 'readOnly' },
  },
  {
    group: 'What is served',
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
    group: 'What is served',
    flags: '--get-as <face>',
    description: 'serve GET operations as tools, resources or both',
    commands: READING,
    ...GET_AS,
    config: { of: 'api', key: 'getAs' },
  },
  {
    group: 'What is served',
    flags: '--output-schemas <when>',
    description: 'list output schemas; auto keeps the list small',
    commands: READING,
    ...OUTPUT_SCHEMAS,
    config: { of: 'api', key: 'outputSchemas' },
  },
  {
    group: 'What is served',
    flags: '--profile <provider>',
    description: 'compile schemas to what this model provider accepts; generic keeps them exact',
    commands: READING,
    ...PROFILE_NAMES,
    config: { of: 'api', key: 'profile' },
  },
] as const satisfies readonly OptionRow[];
