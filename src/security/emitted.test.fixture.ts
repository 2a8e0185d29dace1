import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GeneratedProject } from '../generate.ts';
import type { ModelOptions } from '../runtime/node/open-model.ts';
import type { Provider } from '../runtime/provider.ts';

export interface ImportedProject {
  /** Its provider, with its own copy of the runtime. */
  create(options: ModelOptions): Provider;
  /** One of its files, such as `runtime/serve/http/node-http.ts`. */
  load(file: string): Promise<Record<string, unknown>>;
  remove(): void;
}

/** An emitted project, as it is written to disk, loaded. */
export async function importProject({ files }: GeneratedProject): Promise<ImportedProject> {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-security-'));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
  symlinkSync(modules, join(folder, 'node_modules'), 'junction');
  const source = files.find(({ path }) => path.endsWith('.model.ts'))?.path ?? '';
  const main: Record<string, unknown> = await import(
    /* @vite-ignore */ join(folder, source.replace('.model.ts', '.ts'))
  );
  const [, create] = Object.entries(main).find(([name]) => name.startsWith('create')) ?? [];
  return {
    // Its name depends on the document; its shape does not.
    create: create as ImportedProject['create'],
    load: (file) => import(/* @vite-ignore */ join(folder, 'src', file)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
