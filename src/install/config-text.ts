import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../runtime/errors.ts';
import { isRecord } from '../runtime/is-record.ts';
import type { ConfigFormat, InstallClient } from './clients.ts';
import type { ConfigEditor, ServerPlace } from './config-editor.ts';
import { InstallError } from './install-error.ts';
import type { Entry } from './server-command.ts';

export type Servers = Readonly<Record<string, Entry>>;

/** A config file of a client, as text. */
export interface ConfigText {
  /** All servers by name. */
  servers(): Servers;
  /** The text with the server. The same text if it is there already. @throws InstallError */
  withServer(name: string, entry: Entry): string;
  /** The text without the server. The same text if there is none. @throws InstallError */
  withoutServer(name: string): string;
}

/**
 * Reads the config file of a client.
 *
 * @param path for messages
 * @throws InstallError `CONFIG_MALFORMED`, before anything is changed
 */
export async function readConfig(
  text: string,
  { format, key, list }: Pick<InstallClient, 'format' | 'key' | 'list'>,
  path: string,
): Promise<ConfigText> {
  const editor = await editorOf(format);
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(bom.length);
  const root = parsed(body, editor, path);
  const place = { key, list: list ?? false };
  const before = serversIn(root, place, path);
  const edited = (name: string, entry: Entry | undefined): string => {
    const at = { ...place, name };
    const made = entry === undefined ? editor.remove(body, at) : editor.put(body, at, entry);
    // An editor may meet a form that it does not know: nothing is written unless the result is exactly what was wanted.
    const after = made === undefined ? undefined : parsedOrNothing(made, editor);
    const wanted = withChange(root, at, entry);
    if (made === undefined || !isSame(after, wanted, key)) throw cannotEdit(path, at, entry);
    return bom + made;
  };
  return {
    servers: () => before,
    withServer(name, entry) {
      const old = Object.hasOwn(before, name) ? before[name] : undefined;
      if (old !== undefined && isDeepStrictEqual(plain(old), plain(entry))) return text;
      return edited(name, entry);
    },
    withoutServer(name) {
      return Object.hasOwn(before, name) ? edited(name, undefined) : text;
    },
  };
}

async function editorOf(format: ConfigFormat): Promise<ConfigEditor> {
  switch (format) {
    case 'json':
      return (await import('./edit-json.ts')).JSON_EDITOR;
    case 'toml':
      return (await import('./edit-toml.ts')).TOML_EDITOR;
    case 'yaml':
      return (await import('./edit-yaml.ts')).YAML_EDITOR;
  }
}

type Root = Readonly<Record<string, unknown>>;

function parsed(text: string, editor: ConfigEditor, path: string): Root {
  let root: unknown;
  try {
    root = editor.parse(text);
  } catch (error) {
    throw malformed(path, messageOf(error));
  }
  if (isRecord(root)) return root;
  throw malformed(path, 'it is not an object');
}

function parsedOrNothing(text: string, editor: ConfigEditor): unknown {
  try {
    return editor.parse(text);
  } catch {
    return undefined;
  }
}

function serversIn(root: Root, { key, list }: { key: string; list: boolean }, path: string): Servers {
  const value = Object.hasOwn(root, key) ? root[key] : undefined;
  if (value === undefined || value === null) return {};
  if (list) {
    if (!Array.isArray(value)) throw malformed(path, `"${key}" is not a list`);
    return Object.fromEntries(value.filter(isNamed).map((entry) => [entry.name, entry]));
  }
  if (!isRecord(value)) throw malformed(path, `"${key}" is not an object`);
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, Entry] => isRecord(pair[1])));
}

/** The value that an edit must lead to. */
function withChange(root: Root, { key, list, name }: ServerPlace, entry: Entry | undefined): Root {
  const value = root[key];
  if (list) {
    const all = Array.isArray(value) ? value : [];
    const at = all.findIndex((each) => isNamed(each) && each.name === name);
    const rest = all.filter((_, index) => index !== at);
    if (entry === undefined) return { ...root, [key]: rest };
    return { ...root, [key]: at < 0 ? [...all, entry] : all.map((each, index) => (index === at ? entry : each)) };
  }
  const { [name]: _, ...rest } = isRecord(value) ? value : {};
  return { ...root, [key]: entry === undefined ? rest : { ...rest, [name]: entry } };
}

/** The same value; the key of the servers may be missing or empty if there are none. */
function isSame(one: unknown, other: Root, key: string): boolean {
  const settled = (root: unknown) => {
    if (!isRecord(root)) return root;
    const { [key]: servers, ...rest } = root;
    return isEmpty(servers) ? rest : root;
  };
  return isDeepStrictEqual(plain(settled(one)), plain(settled(other)));
}

/** As JSON: dates as text, for example. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

const isNamed = (value: unknown): value is Entry & { readonly name: string } =>
  isRecord(value) && typeof value.name === 'string';

const malformed = (path: string, why: string): InstallError =>
  new InstallError('CONFIG_MALFORMED', `${path} cannot be read: ${why}. It was not changed.`, {
    hint: 'Correct the file, or remove it, and try again.',
  });

const cannotEdit = (path: string, { key, name }: ServerPlace, entry: Entry | undefined): InstallError =>
  new InstallError(
    'CONFIG_NOT_EDITABLE',
    `${path} is written in a form that cannot be edited safely. It was not changed.`,
    {
      hint:
        entry === undefined
          ? `Remove "${name}" from "${key}" by hand.`
          : `Add this under "${key}" by hand:\n${JSON.stringify({ [name]: entry }, null, 2)}`,
    },
  );
