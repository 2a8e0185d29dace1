import { posix } from 'node:path';
import { MANIFEST_FILE, readManifest } from './manifest.ts';
import type { ProjectFiles } from './project-files.ts';
import { FACADES, isRuntimePath } from './runtime-files.ts';
import type { RuntimeKind } from './runtime-kind.ts';

/** The runtime of an existing project: its kind, and the modules in use. */
export interface ExistingRuntime {
  readonly kind: RuntimeKind;
  /** Modules of the runtime that the user's files import, in addition to those that every project has. */
  readonly imported: readonly string[];
}

/** `undefined`: there is no project. */
export function existingRuntime(files: ProjectFiles): ExistingRuntime | undefined {
  const manifest = readManifest(files.read(MANIFEST_FILE));
  if (!manifest) return undefined;
  const own = files.sources().filter((path) => !isRuntimePath(path) && !manifest.generated.has(path));
  const imported = own.flatMap((path) => runtimeImports(path, files.read(path) ?? ''));
  const known: readonly string[] = FACADES;
  return { kind: manifest.runtime, imported: [...new Set(imported)].filter((path) => !known.includes(path)).sort() };
}

/**
 * Reads line by line, in linear time, because the text is untrusted. An import in an unusual layout is not found, and
 * then the project's compiler reports the missing module.
 */
function runtimeImports(path: string, text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !/^\s{0,200}(?:\/\/|\/?\*)/.test(line))
    .flatMap((line) => [...line.matchAll(/\b(?:from |import |import\()['"](\.{1,2}\/[A-Za-z0-9._/-]+\.ts)['"]/g)])
    .map(([, specifier = '']) => posix.join(posix.dirname(path), specifier))
    .filter(isRuntimePath);
}
