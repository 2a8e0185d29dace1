import { templatePaths } from './template-files.ts';

/**
 * Whether a generated file may have this path, now or under another document: what a manifest may have replaced or
 * removed. Nothing else in a project is ours, whatever its manifest says.
 */
export const isGeneratedPath = (path: string): boolean =>
  !HANDED_OVER.has(path) && (FIXED.has(path) || PATTERNS.some((pattern) => pattern.test(path)));

/** Whether the generator hands over a file of this path to its owner. */
export const isHandedOverPath = (path: string): boolean => HANDED_OVER.has(path);

const HANDED_OVER: ReadonlySet<string> = new Set(templatePaths('user'));
const FIXED: ReadonlySet<string> = new Set([
  ...templatePaths('generated'),
  ...templatePaths('document'),
  'src/runtime/LICENSE',
  'src/runtime/README.md',
]);

/** What `fileName` makes, and what our own files are called: nothing that a disk could take for another name. */
const NAME = '[a-z0-9]+(?:-[a-z0-9]+)*';
const PATTERNS: readonly RegExp[] = [
  `src/${NAME}(?:\\.model)?\\.ts`,
  `src/${NAME}(?:\\.[0-9]+)?\\.schemas\\.json`,
  `src/operations/${NAME}(?:\\.[0-9]+)?\\.ts`,
  'src/schemas/part-[0-9]+\\.ts',
  `src/(?:runtime|model)/(?:${NAME}/)*${NAME}\\.ts`,
].map((pattern) => new RegExp(`^${pattern}$`));
