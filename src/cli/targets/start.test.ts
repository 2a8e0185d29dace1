import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';

// A server that is started often should not wait for what it does not use.

const SOURCE = join(import.meta.dirname, '..', '..');

test('serving one document over stdio loads neither compositions, nor config files, nor what compiles TypeScript', () => {
  const loaded = loadedBy(['cli/program.ts', 'cli/commands/run.ts', 'runtime/serve/stdio/serve-stdio.ts']);
  expect(loaded).toContain('cli/targets/open-target.ts');
  const unwanted = loaded.filter((file) => UNWANTED.test(file));
  expect(unwanted).toEqual([]);
});

const UNWANTED =
  /^config\/(?!find-config)|^runtime\/(compose|transforms|middleware|server)\/|^(client|adapters|emit|lint)\/|^(parse|map)\/index/;

test('an emitted server that starts over stdio loads at most 88 files, and none that only calls need', () => {
  const loaded = loadedBy([
    'runtime/emitted.ts',
    'runtime/node/keep-results-in-files.ts',
    'runtime/serve/stdio/serve-stdio.ts',
  ]);
  expect(loaded).toContain('runtime/api/provider.ts');
  expect(loaded.filter((file) => FOR_CALLS.test(file))).toEqual([]);
  expect(loaded.length).toBeLessThanOrEqual(88);
});

const FOR_CALLS =
  /^runtime\/(?:api\/(?:arguments\/validation\/(?!decimal)|conceal|send|uri-template|schema\/fold-)|fit\/results\/result-store|node\/files|pattern|secrets|serve\/(?:call\/(?!caller\.)|tasks\/(?!extension\.)))/;

/** Everything that these files import, and what those do; not what is imported later, with `import()`. */
function loadedBy(files: readonly string[]): readonly string[] {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const imported of importsOf(file)) load(imported);
  };
  for (const file of files) load(file);
  return [...loaded];
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\b)(?:([^'"();]*?)\s+from\s+)?'(\.[^']+)'/gm);
  return [...statements].flatMap(([, clause = '', target = '']) => {
    const names =
      /^\{([^}]*)\}$/
        .exec(clause)?.[1]
        ?.split(',')
        .filter((name) => name.trim() !== '') ?? [];
    const isTypesOnly = names.length > 0 && names.every((name) => name.trim().startsWith('type '));
    return isTypesOnly ? [] : [posix.join(posix.dirname(file), target)];
  });
}
