import { posix } from 'node:path';

/** One import, re-export or dynamic import in our own sources, which are formatted and use single quotes. */
export interface ModuleImport {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export function importsOf(source: string): ModuleImport[] {
  const statement = /^\s*(?:import|export)\s+(?:([^'"();]*?)\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
  return [...source.matchAll(statement)].map(([, clause = '', fixed, dynamic = '']) => ({
    specifier: fixed ?? dynamic,
    typeOnly: isTypeOnly(clause),
  }));
}

function isTypeOnly(clause: string): boolean {
  if (clause.startsWith('type ')) return true;
  const names = /^\{([^}]*)\}$/.exec(clause)?.[1]?.split(',') ?? [];
  const written = names.map((name) => name.trim()).filter((name) => name !== '');
  return written.length > 0 && written.every((name) => name.startsWith('type '));
}

/**
 * The files of one of our folders that a module depends on, including itself. Type-only imports count, because they are
 * compiled too.
 *
 * @throws Error if an import has no file
 */
export function reachableFiles(roots: readonly string[], sources: ReadonlyMap<string, string>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...roots];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    const source = sources.get(path);
    if (source === undefined) throw new Error(`${path} is imported by the runtime, and is not there.`);
    reached.add(path);
    open.push(...importsOf(source).flatMap(({ specifier }) => targetOf(path, specifier) ?? []));
  }
  return reached;
}

/** The imported file; `undefined` for a package. */
export function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}
