import {
  applyChanges,
  type EmittedFile,
  emitProject,
  existingProject,
  type FileChange,
  GENERATOR,
  missingPackages,
  planChanges,
  projectFiles,
  readSchemaData,
  type ToolChanges,
  toolChanges,
} from './emit/index.ts';
import type { DocumentSource } from './parse/source.ts';
import { type OpenedApi, openApi, type ProxyOptions } from './proxy.ts';
import { findSmokeCalls } from './smoke-calls.ts';

/** The options for generating a project: those of `run` that decide what is served, and these. */
export interface GenerateOptions extends ProxyOptions {
  /** The project's default transport. Default `stdio`. */
  readonly transport?: 'stdio' | 'http';
}

/** A project that is ready to be written. */
export interface GeneratedProject
  extends Pick<OpenedApi, 'model' | 'document' | 'problems' | 'notices' | 'found' | 'filtered'> {
  readonly files: readonly EmittedFile[];
}

/**
 * Generates a project from a document: parse → map → emit. Writes nothing.
 *
 * @throws DocumentError, FilterError, OptionError as {@link openApi} does
 */
export async function generateProject(
  source: DocumentSource,
  { transport = 'stdio', ...options }: GenerateOptions = {},
): Promise<GeneratedProject> {
  const { provider, model, document, problems, notices, found, filtered, credentials } = await openApi(source, options);
  await provider.close();
  const files = await emitProject(model, {
    transport,
    credentials,
    defaults: bakedOptions(options),
    calls: await findSmokeCalls(model, placeholders(credentials)),
  });
  return { model, document, problems, notices, found, filtered, files };
}

/** The owner's fixed options, which the project contains as data. Secrets and local files are not included. */
function bakedOptions({ baseUrl, server, serverVariables, allowPrivate }: ProxyOptions): Record<string, unknown> {
  return {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(server !== undefined && { server }),
    ...(serverVariables !== undefined && Object.keys(serverVariables).length > 0 && { serverVariables }),
    ...(allowPrivate && { allowPrivate }),
  };
}

/** A value for every variable, so that calls reach the mock. */
function placeholders(credentials: OpenedApi['credentials']): Record<string, string> {
  return Object.fromEntries(credentials.flatMap(({ variables }) => variables.map((name) => [name, 'smoke-test'])));
}

/** How to write a project to its folder. */
export interface WriteOptions {
  readonly folder: string;
  /** Overwrite edited generated files. Default false. */
  readonly force?: boolean;
  /** Only report what would be done. Default false. */
  readonly preview?: boolean;
}

/** What was done to a folder, or would be. */
export interface ProjectUpdate {
  /** Every file, including unchanged ones. */
  readonly changes: readonly FileChange[];
  /** Changes that callers of the tools notice; `undefined` for a new project. */
  readonly tools: ToolChanges | undefined;
  /** Packages that the owner's `package.json` lacks, or has in another version. */
  readonly packages: readonly string[];
  /** False: it was a preview, or generated files were edited. */
  readonly written: boolean;
}

/**
 * Updates a folder with a project. If a generated file was edited, nothing is written and the change is a `conflict`,
 * unless `force` is set.
 *
 * @throws FolderError if the folder contains something else, or a symbolic link in place of a generated file
 */
export function writeProject(
  { files }: Pick<GeneratedProject, 'files'>,
  { folder, force = false, preview = false }: WriteOptions,
): ProjectUpdate {
  const project = projectFiles(folder);
  const existing = existingProject(project, { folder, force });
  const changes = planChanges(files, existing, GENERATOR);
  const before = existing.manifest && readSchemaData([...existing.manifest.generated.keys()], existing.read);
  const after = readSchemaData(
    files.map(({ path }) => path),
    (path) => files.find((file) => file.path === path)?.text,
  );
  const stopped = !force && changes.some(({ action }) => action === 'conflict');
  const written = !preview && !stopped;
  if (written) applyChanges(project, changes);
  return {
    changes,
    tools: before && toolChanges(before, after),
    packages: missingPackages(files, existing.read),
    written,
  };
}
