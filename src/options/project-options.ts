import { RUNTIMES } from './choices.ts';
import { GENERATE } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for the project that `generate` writes. */
export const PROJECT_OPTIONS = [
  {
    flags: '-o, --out <folder>',
    description: 'folder to write the project or pack to',
    commands: [...GENERATE, 'pack'],
    required: true,
  },
  {
    flags: '--runtime <kind>',
    description:
      'copy: the project has the part of the runtime that it needs; package: it depends on openapi-mcp. Default: what the project has, or copy',
    commands: GENERATE,
    ...RUNTIMES,
  },
  {
    flags: '--full',
    description: 'copy every file of the runtime, also those that the project does not import',
    commands: GENERATE,
  },
  {
    flags: '--force',
    description: 'overwrite generated files that were changed by hand',
    commands: GENERATE,
  },
  {
    flags: '-y, --yes',
    description: 'ask nothing: take the defaults and what the other options say',
    commands: ['init'],
  },
  {
    flags: '--overwrite',
    description: 'replace the files that an earlier run wrote',
    commands: ['init', 'pack'],
  },
  {
    flags: '--diff',
    description: 'show a line-by-line diff; write nothing',
    commands: GENERATE,
  },
  {
    flags: '--check',
    description: 'write nothing; exit with 1 if anything would change',
    commands: GENERATE,
  },
] as const satisfies readonly OptionRow[];
