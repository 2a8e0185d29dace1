import { stdout } from '../../output/free-stdout.ts';
import { print, tell } from '../../output/report.ts';
import { type Out, writeParts } from './out.ts';
import type { Part } from './parts.ts';

/**
 * Shows a result: text on stdout, files where `--out` says. Without `--out`, a single file goes to stdout unless that
 * is a terminal: bytes are never written there.
 *
 * @param name the name for a text file
 * @param alone whether the command prints nothing else
 */
export function showParts(
  parts: readonly Part[],
  { out, name, alone = true }: { out: Out | undefined; name: string; alone?: boolean },
): void {
  const rest = out ? writeParts(parts, out, name) : parts;
  const [only, ...more] = rest;
  if (alone && only?.kind === 'file' && more.length === 0 && !stdout.isTTY) {
    stdout.write(only.bytes);
    return;
  }
  const hint = alone ? '--out <file|folder> writes it' : '--json has it';
  for (const part of rest) {
    if (part.kind === 'text') print(part.text);
    else tell(`${part.name} (${part.mediaType}, ${part.bytes.length} bytes) is not shown: ${hint}`);
  }
}
