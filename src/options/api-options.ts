import { MOCK_SEED, MOCK_STATUS } from '../map/choices.ts';
import { LIMITS, TIMEOUT_SECONDS } from '../runtime/api/limits.ts';
import { MAX_RESULT_TOKENS } from '../runtime/fit/results/result-limit.ts';
import { MAX_CALLS } from './choices.ts';
import { AUTH, EVERY, OPENING, READING, RESULTS, SERVING, STAND_IN } from './commands.ts';
import type { OptionRow } from './option-row.ts';

/** Options for the requests to an API. */
export const API_OPTIONS = [
  {
    flags: '--base-url <url>',
    description: 'send every request to this URL instead of the servers in the document',
    commands: [...EVERY, ...AUTH],
    each: true,
    config: { of: 'api', key: 'baseUrl' },
  },
  {
    flags: '--server <which>',
    description: "which of the document's servers to use: number (from 0), URL or description",
    commands: [...EVERY, ...AUTH],
    each: true,
    config: { of: 'api', key: 'server' },
  },
  {
    flags: '--server-var <name=value>',
    description: "value of a variable in the server's URL",
    commands: [...EVERY, ...AUTH],
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'serverVariables',
      as: 'map',
      description: "name → value of a variable in the server's URL",
    },
  },
  {
    flags: '--credentials-for <origin>',
    description: 'send credentials and headers to this origin only, such as https://api.example.com',
    commands: EVERY,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'credentialsFor',
      description: 'the only origins that credentials and headers are sent to, such as https://api.example.com',
    },
  },
  {
    flags: '--forward-header <name>',
    description: "header of the client's HTTP request to send on to the API, such as X-Tenant",
    commands: SERVING,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'forwardHeaders',
      description: "headers of the client's HTTP request to send on to the API, such as X-Tenant",
    },
  },
  {
    flags: '--auth <scheme=credential>',
    description:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
      'credential of a security scheme: a key, token or username:password; ${ENV} is filled in; for an MCP server at a URL, its token, or mcp=<token>; with run, also who may call over HTTP: an issuer URL, or a preset such as auth0:acme.eu.auth0.com',
    commands: [...OPENING, 'inspect', 'diff'],
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'auth',
      as: 'map',
      description: 'name of the security scheme → credential; others come from the environment',
    },
  },
  {
    flags: '--header <header>',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    description: "'Name: value' sent with every request to the API, or remote server; ${ENV} is filled in",
    commands: [...OPENING, 'inspect', 'diff'],
    repeat: true,
    each: true,
    config: { of: 'api', key: 'headers', as: 'map', description: 'name → value, sent with every request to the API' },
  },
  {
    flags: '--timeout <seconds>',
    description: 'time limit for an API response; applies to modules and connected servers only if given',
    commands: OPENING,
    ...TIMEOUT_SECONDS,
    config: { of: 'api', key: 'timeout', description: 'time limit for a response, in seconds' },
  },
  {
    flags: '--max-result <bytes>',
    description: 'maximum size of one result; a longer result is cut and says how much is missing',
    commands: RESULTS,
    default: LIMITS.maxResultBytes.default,
    number: LIMITS.maxResultBytes.written,
    config: {
      of: 'api',
      key: 'maxResult',
      description: 'maximum size of one result in bytes; a longer result is cut and says how much is missing',
    },
  },
  {
    flags: '--max-result-tokens <tokens>',
    description:
      'the most tokens that a result may cost a model; the rest is kept for a while, and reached with the tool read_result; 0: no limit',
    commands: SERVING,
    default: MAX_RESULT_TOKENS,
    number: { min: 0, max: 10_000_000, whole: true },
    config: { of: 'whole', key: 'maxResultTokens' },
  },
  {
    flags: '--ca <file>',
    description: 'trust these CA certificates too (PEM)',
    commands: [...READING, ...AUTH],
    repeat: true,
    each: true,
    config: { of: 'api', key: 'ca', as: 'path' },
  },
  {
    flags: '--cert <file>',
    description: 'client certificate for mutual TLS (PEM)',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'cert', as: 'path' },
  },
  {
    flags: '--key <file>',
    description: 'key of the client certificate (PEM)',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'key', as: 'path' },
  },
  {
    flags: '--passphrase <file>',
    description: 'file that contains the passphrase of the key',
    commands: OPENING,
    each: true,
    config: { of: 'api', key: 'passphrase', as: 'path' },
  },
  {
    flags: '--allow-files <folder>',
    description: 'allow file arguments to name files in this folder',
    commands: OPENING,
    repeat: true,
    each: true,
    config: {
      of: 'api',
      key: 'allowFiles',
      as: 'path',
      description: 'folders whose files may be named in file arguments',
    },
  },
  {
    flags: '--allow-file-urls <origin>',
    description: 'allow file arguments to name URLs of this origin',
    commands: OPENING,
    repeat: true,
    each: true,
    config: { of: 'api', key: 'allowFileUrls', description: 'origins whose URLs may be named in file arguments' },
  },
  {
    flags: '--mock',
    description: "make up responses from the document's examples and schemas; sends nothing, and needs no credentials",
    commands: STAND_IN,
    config: { of: 'api', key: 'mock' },
  },
  {
    flags: '--mock-seed <number>',
    description: `varies what --mock makes up; the same seed and arguments give the same response; default: ${MOCK_SEED.default}`,
    commands: STAND_IN,
    number: MOCK_SEED.number,
    config: {
      of: 'api',
      key: 'mockSeed',
      description: `varies what mock makes up; the same seed and arguments give the same response; default: ${MOCK_SEED.default}`,
    },
  },
  {
    flags: '--mock-status <code>',
    description: 'the declared status that --mock answers with, such as 404; default: success',
    commands: STAND_IN,
    number: MOCK_STATUS.number,
    config: {
      of: 'api',
      key: 'mockStatus',
      description: 'the declared status that mock answers with, such as 404; default: success',
    },
  },
  {
    flags: '--record <folder>',
    description: 'write every request to the API and its response to this folder, without credentials',
    commands: STAND_IN,
    config: { of: 'api', key: 'record', as: 'path' },
  },
  {
    flags: '--replay <folder>',
    description: 'answer from the recordings in this folder; sends nothing, and needs no credentials',
    commands: STAND_IN,
    config: { of: 'api', key: 'replay', as: 'path' },
  },
  {
    flags: '--args <json>',
    description:
      'arguments of the tool as a JSON object; @file reads them from a file, @- from stdin; with check, values by name of a parameter, or for one operation: {"getPet": {"petId": 1}}',
    commands: ['call', 'check'],
  },
  {
    flags: '--max-calls <number>',
    description: 'maximum number of requests to the API',
    commands: ['check'],
    ...MAX_CALLS,
  },
] as const satisfies readonly OptionRow[];
