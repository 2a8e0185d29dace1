import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { codeOf } from '../runtime/errors.ts';
import { isRecord } from '../runtime/is-record.ts';
import { makePrivateFolder } from '../runtime/node/private-folder.ts';
import { replaceFile } from '../runtime/node/replace-file.ts';
import type { InstallClient } from './clients.ts';
import { readConfig } from './config-text.ts';
import { InstallError } from './install-error.ts';
import type { Entry } from './server-command.ts';

/** A change of a client's config file. */
export interface Installation {
  readonly path: string;
  /** `undefined`: the file does not exist. */
  readonly before: string | undefined;
  /** `undefined`: the file is removed, because the installation created it. */
  readonly after: string | undefined;
  /** The server that has the name already, if `openapi-mcp install` did not put it there. */
  readonly foreign: Entry | undefined;
}

/** A config file of a client, and where copies of files are kept before they are changed. */
export interface InstallPlace {
  readonly client: InstallClient;
  readonly path: string;
  /** The folder of the project that the file belongs to; `undefined`: it is that of the user. */
  readonly project?: string;
  readonly name: string;
  /** Folder for back-ups; `undefined`: none are kept, and `uninstall` only removes the server. */
  readonly backups: string | undefined;
}

/** What `install` would change. @throws InstallError */
export async function planInstall(place: InstallPlace, entry: Entry): Promise<Installation> {
  const { client, path, name } = place;
  assertInProject(place);
  const before = readFile(path);
  const config = await readConfig(before ?? '', client, path);
  const servers = config.servers();
  const old = Object.hasOwn(servers, name) ? servers[name] : undefined;
  const isForeign = old !== undefined && !isOurs(old) && recordOf(place) === undefined;
  return { path, before, after: config.withServer(name, entry), foreign: isForeign ? old : undefined };
}

/** What `uninstall` would change; `undefined` if the server is not there. @throws InstallError */
export async function planUninstall(place: InstallPlace): Promise<Installation | undefined> {
  const { client, path, name } = place;
  assertInProject(place);
  const before = readFile(path);
  if (before === undefined) return undefined;
  const config = await readConfig(before, client, path);
  const servers = config.servers();
  const old = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (old === undefined) return undefined;
  const record = recordOf(place);
  const foreign = record === undefined && !isOurs(old) ? old : undefined;
  // Nobody has changed the file since: it gets the bytes it had.
  if (record?.after === hashOf(before)) return { path, before, after: record.before ?? undefined, foreign };
  return { path, before, after: config.withoutServer(name), foreign };
}

/** Writes an installation, after a copy of the file. Returns the path of the copy. @throws InstallError */
export async function applyInstall(place: InstallPlace, installation: Installation): Promise<string | undefined> {
  const { path, before, after } = installation;
  if (before === after || after === undefined) return undefined;
  const known = recordOf(place);
  const isUntouched = known !== undefined && before !== undefined && known.after === hashOf(before);
  const backup = await keepBackup(place, {
    before: isUntouched ? known.before : await withoutOurs(place, installation),
    after: hashOf(after),
  });
  write(path, after);
  return backup;
}

/** Removes the server. @throws InstallError */
export function applyUninstall(place: InstallPlace, { path, after }: Installation): void {
  if (after === undefined) rmSync(path);
  else write(path, after);
  const folder = backupFolder(place);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** What the file should have after `uninstall`: without an earlier installation, but with what the user had. */
async function withoutOurs({ client, path, name }: InstallPlace, { before, foreign }: Installation) {
  if (before === undefined || foreign) return before ?? null;
  return (await readConfig(before, client, path)).withoutServer(name);
}

interface BackupRecord {
  /** The text before the installation; `null`: there was no file. */
  readonly before: string | null;
  /** SHA-256 of the text after it, hex. */
  readonly after: string;
}

async function keepBackup(place: InstallPlace, record: BackupRecord): Promise<string | undefined> {
  const folder = backupFolder(place);
  if (folder === undefined) return undefined;
  makePrivateFolder(folder);
  replaceFile(join(folder, RECORD), JSON.stringify({ path: place.path, name: place.name, ...record }), 0o600);
  if (record.before === null) return undefined;
  const copy = join(folder, basename(place.path));
  replaceFile(copy, record.before, 0o600);
  return copy;
}

const RECORD = 'installation.json';

function recordOf(place: InstallPlace): BackupRecord | undefined {
  const folder = backupFolder(place);
  if (folder === undefined) return undefined;
  try {
    const record: unknown = JSON.parse(readFileSync(join(folder, RECORD), 'utf8'));
    if (!isRecord(record) || typeof record.after !== 'string') return undefined;
    const { before, after } = record;
    return typeof before === 'string' || before === null ? { before, after } : undefined;
  } catch {
    return undefined; // Without it, the server is removed from the file as it is.
  }
}

const backupFolder = ({ backups, path, name }: InstallPlace): string | undefined =>
  backups && join(backups, `${name}-${hashOf(path).slice(0, 12)}`);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether `openapi-mcp install` wrote it: it starts the program with `run`. */
export function isOurs({ args }: Entry): boolean {
  if (!Array.isArray(args)) return false;
  const [program, command] = args;
  return command === 'run' && typeof program === 'string' && /openapi-mcp(?:\.js)?$/.test(program);
}

/** @throws InstallError */
export function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return undefined;
    throw new InstallError('CONFIG_UNREADABLE', `${path} cannot be read (${codeOf(cause)}).`, {
      hint: 'Check the owner and the permissions of the file.',
      cause,
    });
  }
}

/** A project may come from somebody else, with links to files of the user. @throws InstallError */
function assertInProject({ path, project }: InstallPlace): void {
  if (project === undefined) return;
  const [root, target] = [realpathSync(project), realPath(path)];
  if (target === root || target.startsWith(root.endsWith(sep) ? root : root + sep)) return;
  throw new InstallError('CONFIG_OUTSIDE', `${path} is a link to ${target}, outside the project. It was not changed.`, {
    hint: 'Remove the link, or name the file itself with --config-path.',
  });
}

/** With all links followed, as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}

/** Keeps the mode of the file, and a link to it. */
function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const isNew = readFile(path) === undefined;
    const target = isNew ? path : realpathSync(path);
    replaceFile(target, text, isNew ? undefined : statSync(target).mode & 0o777);
  } catch (cause) {
    if (cause instanceof InstallError) throw cause;
    throw new InstallError(
      'CONFIG_UNWRITABLE',
      `${path} cannot be written (${codeOf(cause) ?? cause}). It was not changed.`,
      {
        hint: 'Check the owner and the permissions of the file and its folder.',
        cause,
      },
    );
  }
}
