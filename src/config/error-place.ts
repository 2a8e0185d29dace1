import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';
import { shownPath } from './shown-path.ts';

/**
 * The place in the user's own files where an error was thrown: `server.mjs:6:9`, or `server.ts:6` for compiled files.
 * Frames of Node, packages and openapi-mcp are skipped.
 */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const frame = framesOf(error).find(({ file }) => isOwn(file));
  if (frame !== undefined) return placeIn(frame, hasColumns(frame.file));
  // A syntax error has no frame; the compiler reports the place in the second line of its message.
  const told = error.message.split('\n').flatMap(frameIn);
  return told.filter(({ file }) => isOwn(file)).map((each) => placeIn(each, true))[0];
}

export interface Frame {
  /** A path, or a `file:` URL. */
  readonly file: string;
  readonly line: string;
  readonly column: string;
}

/** Stack frames with a file name, innermost first. */
export const framesOf = ({ stack = '' }: Pick<Error, 'stack'>): readonly Frame[] =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .flatMap(frameIn);

function frameIn(text: string): readonly Frame[] {
  const [, file, line, column] = FRAME.exec(text) ?? [];
  return file && line && column ? [{ file, line, column }] : [];
}

/** `at deep (file:///x/server.ts:6:9)`, `at /x/server.ts:6:9`, ` /x/server.ts:6:9`; not `node:internal/modules:1:2`. */
const FRAME = /(?:^|\s|\()((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;

function placeIn({ file, line, column }: Frame, withColumn: boolean): string {
  return `${shownPath(pathOf(file))}:${line}${withColumn ? `:${column}` : ''}`;
}

/** Compiled code keeps its line numbers, but not the columns of its first line; Node names an ES module by its URL. */
const hasColumns = (file: string): boolean => file.startsWith('file://') || /\.cjs$/i.test(file);

const pathOf = (file: string): string => (file.startsWith('file://') ? fileURLToPath(file) : file);

const CODE = ['dist', 'src', 'node_modules'].map((folder) => fileURLToPath(new URL(`${folder}/`, PACKAGE_ROOT)));

/** Whether the file is the user's: neither of an installed package nor of this one. */
export const isOwn = (file: string): boolean => !/[\\/]node_modules[\\/]/.test(file) && !isOurs(file);

/** Whether the file belongs to this package. */
export const isOurs = (file: string): boolean => CODE.some((folder) => pathOf(file).startsWith(folder));
