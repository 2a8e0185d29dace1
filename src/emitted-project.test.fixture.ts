import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { isRuntimePath, runtimeFiles } from './emit/runtime-files.ts';
import type { GeneratedProject } from './generate.ts';
import type { ApiModel } from './model/index.ts';
import type { ModelOptions } from './runtime/api/open-model.ts';
import type { Source } from './runtime/node/prepared.ts';
import type { Provider } from './runtime/provider.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that is removed after all tests: scripts/test-projects.mjs. */
    emittedProjects: string;
  }
}

/** What an emitted project exports: the names depend on the document, the shapes do not. */
export interface ImportedProject {
  readonly folder: string;
  readonly model: ApiModel;
  readonly source: Source;
  /** Its provider, with its own copy of the runtime. */
  create(options: ModelOptions): Provider;
  /** One of its files, such as `runtime/serve/http/node-http.ts`. */
  load(file: string): Promise<Record<string, unknown>>;
}

/** An emitted project, as it is written to disk, loaded. */
export async function importProject({ files }: GeneratedProject): Promise<ImportedProject> {
  const folder = mkdtempSync(join(inject('emittedProjects'), 'project-'));
  writeFiles(
    folder,
    files.filter(({ path }) => !isRuntimePath(path)),
  );
  for (const name of ['runtime', 'model'])
    symlinkSync(join(writtenRuntime(), 'src', name), join(folder, 'src', name), 'junction');
  const source = files.find(({ path }) => path.endsWith('.model.ts'))?.path ?? '';
  const imported = (path: string): Promise<Record<string, unknown>> => import(/* @vite-ignore */ join(folder, path));
  const main = await imported(source.replace('.model.ts', '.ts'));
  const [, create] = Object.entries(main).find(([name]) => name.startsWith('create')) ?? [];
  return {
    folder,
    model: main.model as ApiModel,
    source: (await imported(source)) as unknown as Source,
    create: create as ImportedProject['create'],
    load: (file) => imported(join('src', file)),
  };
}

/** Copies of the runtime have the same bytes, so all projects of a worker share one, which is loaded once. */
function writtenRuntime(): string {
  const folder = join(inject('emittedProjects'), `runtime-${process.env.VITEST_POOL_ID}`);
  if (existsSync(folder)) return folder;
  writeFiles(folder, runtimeFiles('copy'));
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'), 'junction');
  return folder;
}

function writeFiles(folder: string, files: readonly { readonly path: string; readonly text: string }[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
