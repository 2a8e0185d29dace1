import { type EmittedFile, emitProject } from './emit/index.ts';
import type { DocumentSource } from './parse/source.ts';
import { type OpenedApi, openApi, type ProxyOptions } from './proxy.ts';
import { findSmokeCalls } from './smoke-calls.ts';

/** What a user may say about generating a project; the options of `run` that decide what is served, and these. */
export interface GenerateOptions extends ProxyOptions {
  /** How the project serves when its caller does not say. Default `stdio`. */
  readonly transport?: 'stdio' | 'http';
}

/** A project that is ready to be written. */
export interface GeneratedProject extends Pick<OpenedApi, 'model' | 'document' | 'problems' | 'found' | 'filtered'> {
  readonly files: readonly EmittedFile[];
}

/**
 * Makes a project of a document: parse → map → emit. Nothing is written.
 *
 * @throws DocumentError, FilterError, OptionError as {@link openApi} does
 */
export async function generateProject(
  source: DocumentSource,
  { transport = 'stdio', ...options }: GenerateOptions = {},
): Promise<GeneratedProject> {
  const { provider, model, document, problems, found, filtered, credentials } = await openApi(source, options);
  await provider.close();
  const files = await emitProject(model, {
    transport,
    credentials,
    defaults: bakedOptions(options),
    calls: await findSmokeCalls(model, placeholders(credentials)),
  });
  return { model, document, problems, found, filtered, files };
}

/** What the owner decided once for all: it stands in the project as data. Secrets and files of this machine do not. */
function bakedOptions({ baseUrl, server, serverVariables, allowPrivate }: ProxyOptions): Record<string, unknown> {
  return {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(server !== undefined && { server }),
    ...(serverVariables !== undefined && Object.keys(serverVariables).length > 0 && { serverVariables }),
    ...(allowPrivate && { allowPrivate }),
  };
}

/** A value for every variable, so that calls get as far as the mock. */
function placeholders(credentials: OpenedApi['credentials']): Record<string, string> {
  return Object.fromEntries(credentials.flatMap(({ variables }) => variables.map((name) => [name, 'smoke-test'])));
}
