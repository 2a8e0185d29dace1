import type { MatchedValues } from '../api/uri-template/index.ts';
import { ProviderError } from '../provider.ts';

/**
 * Rejects values that could escape a folder in a file system. The values come from the client, already decoded: a
 * handler that joins one to a path need not think of `..%2F`.
 *
 * @param unchecked variables that may have any value
 * @throws ProviderError `INVALID_ARGUMENTS` that names the variable, not its value
 */
export function checkValues(values: MatchedValues, unchecked: readonly string[]): void {
  for (const [name, value] of Object.entries(values)) {
    if (unchecked.includes(name)) continue;
    const fault = textsOf(value).map(faultOf).find(Boolean);
    if (fault) throw new ProviderError('INVALID_ARGUMENTS', `The value of "${name}" ${fault}, which is not allowed.`);
  }
}

/** Lists are also checked as handlers join them: an empty first item followed by others is an absolute path. */
function textsOf(value: MatchedValues[string] | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? [...value, value.join('/')] : Object.entries(value ?? {}).flat();
}

/** For both POSIX and Windows, whatever this machine is. */
function faultOf(value: string): string | undefined {
  if (value.includes('\0')) return 'has a NUL character';
  if (/^[\\/]|^[a-z]:/i.test(value)) return 'is an absolute path';
  if (/(?:^|[\\/])\.\.(?:$|[\\/])/.test(value)) return 'has a ".." in its path';
  return undefined;
}
