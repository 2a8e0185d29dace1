import { templatePaths } from './template-files.ts';

/**
 * Whether a generated file may have this path, for this or any other document: the only paths in a manifest that are
 * replaced or removed. Nothing else in a project is ours, whatever its manifest contains.
 */
export const isGeneratedPath = (path: string): boolean =>
  !HANDED_OVER.has(path) && (FIXED.has(path) || PATTERNS.some((pattern) => pattern.test(path)));

/** Whether the generator creates a file at this path once and then leaves it to the user. */
export const isHandedOverPath = (path: string): boolean => HANDED_OVER.has(path);

const HANDED_OVER: ReadonlySet<string> = new Set(templatePaths('user'));
const FIXED: ReadonlySet<string> = new Set([
  ...templatePaths('generated'),
  ...templatePaths('document'),
  'src/runtime/LICENSE',
  'src/runtime/README.md',
]);

/** What `fileName` returns, and the names of our own files: nothing that a file system could treat as another name. */
const NAME = '[a-z0-9]+(?:-[a-z0-9]+)*';
const PATTERNS: readonly RegExp[] = [
  `src/${NAME}(?:\\.model)?\\.ts`,
  `src/${NAME}(?:\\.[0-9]+)?\\.schemas\\.json`,
  `src/operations/${NAME}(?:\\.[0-9]+)?\\.ts`,
  'src/schemas/part-[0-9]+\\.ts',
  `src/(?:runtime|model)/(?:${NAME}/)*${NAME}\\.ts`,
].map((pattern) => new RegExp(`^${pattern}$`));
