import { defined } from '../../model/index.ts';
import type { ApiFlags, SharedFlags } from '../../options/flags.ts';
import type { ProxyOptions } from '../../proxy.ts';
import { usageError } from '../output/report.ts';
import { type Environment, readOptionFile } from './environment.ts';
import { filledIn, readCredential, readHeader } from './header-option.ts';
import { callerStore, loginsOption } from './logins-option.ts';

/** Converts flags to the options of `openApi()` that decide what is served. */
export function sharedProxyOptions(flags: SharedFlags, environment: Environment): ProxyOptions {
  return {
    ...defined({ name: flags.name, baseUrl: flags.baseUrl, server: flags.server }),
    serverVariables: Object.fromEntries(flags.serverVar.map(readServerVariable)),
    names: flags.names,
    include: flags.include,
    exclude: flags.exclude,
    routes: flags.route,
    readOnly: flags.readOnly,
    trustHints: flags.trustHints,
    getAs: flags.getAs,
    outputSchemas: flags.outputSchemas,
    profile: flags.profile,
    documentHeaders: flags.documentHeader.map((text) => readHeader(text, '--document-header', environment)),
    environment,
    // Without the flag, it depends on where the document is from.
    ...(flags.allowPrivate && { allowPrivate: true }),
    ...(flags.credentialsFor.length > 0 && { credentialsFor: flags.credentialsFor }),
    allowRemoteRefs: flags.allowRemoteRefs,
    overlays: flags.overlay,
    cache: flags.cache,
    ca: flags.ca.map((file) => readOptionFile(file, '--ca')),
  };
}

/** The same, plus the options for calling the API. Reads the files that options name. */
export function runProxyOptions(flags: ApiFlags, environment: Environment): ProxyOptions {
  const { mockSeed, mockStatus, record, replay } = flags;
  return {
    ...sharedProxyOptions(flags, environment),
    ...loginsOption(flags, environment),
    ...callerStore(flags, environment),
    headers: flags.header.map((text) => readHeader(text, '--header', environment)),
    ...(flags.forwardHeader?.length && { forwardHeaders: flags.forwardHeader }),
    auth: Object.fromEntries(flags.auth.map((text) => readCredential(text, environment))),
    secrets: [...flags.header, ...flags.auth].flatMap((text) => filledIn(text, environment)),
    timeoutMs: flags.timeout * 1000,
    maxResultBytes: flags.maxResult,
    ...defined({
      cert: fileText(flags.cert, '--cert'),
      key: fileText(flags.key, '--key'),
      // Editors add a final line break, which is not part of the passphrase.
      passphrase: fileText(flags.passphrase, '--passphrase')?.replace(/\r?\n$/, ''),
    }),
    // Options for work without the API, and for recordings of it.
    ...(flags.mock && { mock: true }),
    ...defined({ mockSeed, mockStatus, record, replay }),
    ...(flags.refresh !== undefined && { refreshMs: flags.refresh * 1000 }),
    ...(SEARCHING.has(flags.mode) && { search: true }),
    // Names of fields are checked against them.
    ...(flags.shape && { answerSchemas: 'all' as const }),
    allowFiles: flags.allowFiles,
    allowFileUrls: flags.allowFileUrls,
  };
}

/** Modes with a search, which the model is prepared for. */
const SEARCHING: ReadonlySet<unknown> = new Set(['search', 'auto', 'code']);

const fileText = (file: string | undefined, option: string): string | undefined =>
  file === undefined ? undefined : readOptionFile(file, option);

function readServerVariable(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError(`--server-var: "${text}" has no name.`, 'Write it as name=value.');
}
