import { AUTH, EVERY, READING, RUN } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for how a document is read. */
export const DOCUMENT_OPTIONS = [
  {
    flags: '--document-header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: "'Name: value' sent when the document is fetched, to its own origin only; ${ENV} is filled in",
    commands: [...READING, ...AUTH],
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'documentHeaders',
      as: 'map',
      description: 'name → value, sent when the document is fetched, to its own origin only',
    },
  },
  {
    flags: '--env-file <file>',
    description: 'read variables from a file; the environment takes precedence',
    commands: [...READING, ...AUTH],
    config: {
      of: 'whole',
      key: 'envFile',
      as: 'path',
      description: 'file to read variables from; the environment takes precedence',
    },
  },
  {
    flags: '--overlay <file>',
    description: 'apply an OpenAPI Overlay (file or URL) to the document first',
    commands: [...READING, ...AUTH],
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'overlays',
      as: 'address',
      description: 'OpenAPI Overlays (paths or URLs), applied to the document first',
    },
  },
  {
    flags: '--refresh <seconds>',
    description: 'how often to ask whether the document has changed, and serve it as it is then; default: never',
    commands: RUN,
    number: { min: 0.1, max: 86_400, whole: false },
    config: {
      of: 'api',
      key: 'refresh',
      description:
        'how often to ask whether the document has changed, in seconds, and serve it as it is then; default: never',
    },
  },
  {
    flags: '--no-cache',
    description: "do not read or write the model cache in the user's cache folder",
    commands: [...EVERY, ...AUTH],
    config: {
      of: 'api',
      key: 'cache',
      description: "cache the mapped model in the user's cache folder; default: on",
    },
  },
  {
    flags: '--allow-remote-refs',
    description: 'follow $refs to other documents on the network',
    commands: [...READING, ...AUTH],
    config: { of: 'api', key: 'allowRemoteRefs' },
  },
  {
    flags: '--allow-private',
    description: 'allow a document from a public URL to name private addresses',
    commands: [...EVERY, ...AUTH],
    config: {
      of: 'api',
      key: 'allowPrivate',
      description: 'allow a document from a public URL to name private addresses; false: no document may, only baseUrl',
    },
  },
  {
    flags: '--no-exec',
    description:
      'do not import modules, start commands or connect to servers; those of a YAML or JSON config file are listed by name',
    commands: ['inspect', 'list'],
  },
] as const satisfies readonly OptionRow[];
