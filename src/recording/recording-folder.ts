import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../runtime/errors.ts';
import { replaceFile } from '../runtime/node/replace-file.ts';
import { OptionError } from '../runtime/options/option-error.ts';
import { faultOf, keyOf, type Recording } from './recording.ts';

/** Larger files are not read. */
const LARGEST_FILE = 500_000_000;

export interface FoundRecording {
  readonly path: string;
  readonly bytes: number;
  readonly recording: Recording;
}

/** Every recording in a folder. @throws OptionError if a JSON file in it is not a recording */
export function readRecordings(folder: string): readonly FoundRecording[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readRecording(join(folder, name)));
}

function readRecording(path: string): FoundRecording {
  const bytes = statSync(path).size;
  if (bytes > LARGEST_FILE) throw notRecording(path, `it is larger than ${LARGEST_FILE.toLocaleString('en')} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw notRecording(path, messageOf(error));
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw notRecording(path, fault);
  // Checked above.
  return { path, bytes, recording: value as Recording };
}

const notRecording = (path: string, why: string): OptionError =>
  new OptionError(`${path} is not a recording: ${why}. Delete the file, or name another folder.`);

/**
 * Creates the folder if there is none, and checks that it can be written to.
 *
 * @throws OptionError
 */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const probe = join(folder, '.openapi-mcp');
    replaceFile(probe, '', PRIVATE);
    rmSync(probe);
  } catch (error) {
    throw new OptionError(`Cannot write recordings to ${folder} (record, --record): ${messageOf(error)}.`);
  }
}

/** Only for this user: responses may be confidential. */
const PRIVATE = 0o600;

/** Replaces the file of a recording, and returns its size. @throws the error of the file system */
export function writeRecording(folder: string, recording: Recording): number {
  const text = `${JSON.stringify(recording, undefined, 2)}\n`;
  replaceFile(join(folder, fileName(recording)), text, PRIVATE);
  return Buffer.byteLength(text);
}

/** `get-pets-7-1f2e3d4c.json` */
export function fileName({ request, document }: Pick<Recording, 'request' | 'document'>): string {
  const identity = `${keyOf(request)} ${document.title} ${document.version} ${document.server}`;
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
  const words = `${request.method} ${request.url.split('?')[0]}`.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `${words.join('-').slice(0, 80)}-${hash}.json`;
}
