import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DocumentError } from './api-document.ts';

/** Usual names of the main file, most likely first. */
const NAMES = /^(openapi|swagger|api|spec|main|index|root)\.(ya?ml|json)$/i;
const ANY_NAME = /\.(ya?ml|json)$/i;
/** Usual subfolders for it. */
const FOLDERS = ['openapi', 'spec', 'specs', 'api', 'swagger', 'docs', 'src'];

/**
 * Finds the main file of an API description in a folder: `openapi.yaml` and the like, there or in a folder such as
 * `spec/`, otherwise the only YAML or JSON file.
 *
 * @throws DocumentError if there is none, or several candidates
 */
export async function findDocument(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const named = files.filter((name) => NAMES.test(name)).sort(byName);
  if (named[0]) return join(folder, onlyOfItsKind(named, folder));
  const below = entries.filter((entry) => entry.isDirectory() && FOLDERS.includes(entry.name.toLowerCase()));
  const found: string[] = [];
  for (const { name } of below) {
    const inside = (await readdir(join(folder, name))).filter((file) => NAMES.test(file)).sort(byName);
    if (inside[0]) found.push(join(folder, name, onlyOfItsKind(inside, join(folder, name))));
  }
  if (found[0] && found.length === 1) return found[0];
  const others = files.filter((name) => ANY_NAME.test(name));
  if (found.length === 0 && others[0] && others.length === 1) return join(folder, others[0]);
  const candidates = found.length ? found : others;
  throw new DocumentError(
    candidates.length
      ? `The folder has several files that could be the document: ${candidates.slice(0, 5).join(', ')}.`
      : 'The folder contains no document: there is no openapi.yaml, openapi.json, swagger.yaml or swagger.json.',
    { location: folder, fix: 'Pass the path of the document itself.' },
  );
}

const rank = (name: string): number => NAMES_IN_ORDER.indexOf(name.toLowerCase().replace(/\..*$/, ''));
const NAMES_IN_ORDER = ['openapi', 'swagger', 'api', 'spec', 'main', 'index', 'root'];
const byName = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1);

/** `openapi.yaml` next to `openapi.json`: they may differ, so do not guess. */
function onlyOfItsKind(names: readonly string[], folder: string): string {
  const [first = '', second = ''] = names;
  if (second && rank(first) === rank(second)) {
    throw new DocumentError(`The folder has both ${first} and ${second}.`, {
      location: folder,
      fix: 'Pass the path of the one to serve.',
    });
  }
  return first;
}
