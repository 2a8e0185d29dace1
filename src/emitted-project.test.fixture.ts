import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRuntimePath, runtimeFiles } from './emit/runtime-files.ts';
import type { GeneratedProject } from './generate.ts';
import type { ApiModel } from './model/index.ts';
import type { Source } from './runtime/node/prepared.ts';
import type { Provider } from './runtime/provider.ts';

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

/** What an emitted project exports: the names depend on the document, the shapes do not. */
export interface ImportedProject {
  readonly model: ApiModel;
  readonly source: Source;
  create(options: { baseUrl: string; environment: Readonly<Record<string, string>> }): Provider;
}

/** Writes emitted projects to disk. Their copies of the runtime have the same bytes, so they share one. */
export function projectFolders() {
  const runtime = mkdtempSync(join(tmpdir(), 'openapi-mcp-emitted-runtime-'));
  writeFiles(runtime, runtimeFiles('copy'));
  symlinkSync(NODE_MODULES, join(runtime, 'node_modules'), 'junction');
  return {
    write({ files }: GeneratedProject): string {
      const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-emitted-'));
      writeFiles(
        folder,
        files.filter(({ path }) => !isRuntimePath(path)),
      );
      for (const name of ['runtime', 'model'])
        symlinkSync(join(runtime, 'src', name), join(folder, 'src', name), 'junction');
      return folder;
    },
    remove: () => rmSync(runtime, { recursive: true, force: true }),
  };
}

export async function importedProject(folder: string, { files }: GeneratedProject): Promise<ImportedProject> {
  const source = files.find(({ path }) => path.endsWith('.model.ts'))?.path ?? '';
  const imported = (path: string): Promise<Record<string, unknown>> => import(/* @vite-ignore */ join(folder, path));
  const main = await imported(source.replace('.model.ts', '.ts'));
  const create = Object.entries(main).find(([name]) => name.startsWith('create'))?.[1];
  return {
    model: main.model as ApiModel,
    source: (await imported(source)) as unknown as Source,
    create: create as ImportedProject['create'],
  };
}

function writeFiles(folder: string, files: readonly { readonly path: string; readonly text: string }[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
