import {
  applyChanges,
  DEFAULT_RUNTIME,
  type Ejection,
  type EmittedFile,
  type ExistingRuntime,
  emitProject,
  existingProject,
  existingRuntime,
  type FileChange,
  GENERATOR,
  missingPackages,
  planChanges,
  planEjection,
  projectFiles,
  type RuntimeKind,
  readSchemaData,
  type ToolChanges,
  toolChanges,
} from './emit/index.ts';
import type { DocumentSource } from './parse/source.ts';
import { type OpenedApi, openApi, type ProxyOptions } from './proxy.ts';
import type { TransportName } from './runtime/serve/serve-defaults.ts';
import { findSmokeCalls } from './smoke-calls.ts';

/** The options for generating a project: those of `run` that decide what is served, and these. */
export interface GenerateOptions extends ProxyOptions {
  /** The project's default transport. Default `stdio`. */
  readonly transport?: TransportName;
  /** Where the runtime of the project comes from. Default `copy`. */
  readonly runtime?: RuntimeKind;
  /** Modules of the runtime that the owner's files import, see {@link projectRuntime}: a copy has them too. */
  readonly imported?: readonly string[];
}

/** A project that is ready to be written. */
export interface GeneratedProject
  extends Pick<OpenedApi, 'model' | 'document' | 'problems' | 'notices' | 'found' | 'filtered'> {
  readonly files: readonly EmittedFile[];
  readonly runtime: RuntimeKind;
}

/**
 * Generates a project from a document: parse → map → emit. Writes nothing.
 *
 * @throws DocumentError, FilterError, OptionError as {@link openApi} does
 */
export async function generateProject(
  source: DocumentSource,
  { transport = 'stdio', runtime = DEFAULT_RUNTIME, imported = [], ...options }: GenerateOptions = {},
): Promise<GeneratedProject> {
  const { provider, model, document, problems, notices, found, filtered, credentials } = await openApi(source, options);
  await provider.close();
  const files = await emitProject(model, {
    transport,
    runtime,
    imported,
    credentials,
    defaults: bakedOptions(options),
    calls: await findSmokeCalls(model, placeholders(credentials)),
  });
  return { model, document, problems, notices, found, filtered, files, runtime };
}

/**
 * The runtime of the project in a folder, to regenerate it; `undefined` if there is no project.
 *
 * @throws FolderError as {@link writeProject} does
 */
export function projectRuntime(folder: string): ExistingRuntime | undefined {
  return existingRuntime(projectFiles(folder));
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
  { files, runtime = DEFAULT_RUNTIME }: Pick<GeneratedProject, 'files'> & Partial<Pick<GeneratedProject, 'runtime'>>,
  { folder, force = false, preview = false }: WriteOptions,
): ProjectUpdate {
  const project = projectFiles(folder);
  const existing = existingProject(project, { folder, force });
  const changes = planChanges(files, existing, { generator: GENERATOR, runtime });
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

/** What was done about a project whose runtime was copied, or would be. */
export interface EjectedProject extends Ejection {
  /** False: it was a preview, or there are foreign files where the runtime belongs. */
  readonly written: boolean;
}

/**
 * Gives a project that depends on openapi-mcp a copy of the runtime instead.
 *
 * @throws FolderError where the folder holds no such project, or a symbolic link in the way
 */
export function ejectProject(folder: string, { preview = false }: Pick<WriteOptions, 'preview'> = {}): EjectedProject {
  const project = projectFiles(folder);
  const ejection = planEjection(project, folder);
  const written = !preview && !ejection.changes.some(({ action }) => action === 'conflict');
  if (written) applyChanges(project, ejection.changes);
  return { ...ejection, written };
}
