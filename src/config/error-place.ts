import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';

/**
 * Where in the user's own files something was thrown: `server.ts:6:9`. Frames of Node, of packages and of this one are
 * passed over.
 */
export function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // A mistake in the syntax has no frame; the compiler says the place in the second line of its message.
  const lines = [
    ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)),
    ...error.message.split('\n'),
  ];
  for (const line of lines) {
    const [, file = '', place = ''] = FRAME.exec(line) ?? [];
    if (file !== '' && isOwn(file)) return `${shownPath(pathOf(file))}:${place}`;
  }
  return undefined;
}

/** `at deep (file:///x/server.ts:6:9)`, `at /x/server.ts:6:9`, ` /x/server.ts:6:9`; not `node:internal/modules:1:2`. */
const FRAME = /(?:^|\s|\()((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+:\d+)\)?$/;

/** As a person would name it: from the current folder, where it lies in that. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}

const pathOf = (file: string): string => (file.startsWith('file://') ? fileURLToPath(file) : file);

const CODE = ['dist', 'src', 'node_modules'].map((folder) => fileURLToPath(new URL(`${folder}/`, PACKAGE_ROOT)));

const isOwn = (file: string): boolean =>
  !/[\\/]node_modules[\\/]/.test(file) && !CODE.some((folder) => pathOf(file).startsWith(folder));
