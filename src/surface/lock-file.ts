import { isRecord } from '../runtime/is-record.ts';
import type { Surface } from './surface.ts';

/** The usual name of a lock file. */
export const LOCK_FILE = 'openapi-mcp.lock.json';

/** The text of a lock file: the same for the same surface. */
export const lockText = (surface: Surface): string => `${JSON.stringify(surface, null, 2)}\n`;

/** Whether a text claims to be a lock file. Other JSON documents do not have the key. */
export const isLockText = (text: string): boolean => /^\s*\{\s*"openapiMcpLock"\s*:/.test(text);

/** @throws Error if the lock file is damaged, or another version wrote it; the message is about the file */
export function parseLock(text: string): Surface {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    throw new Error('is not valid JSON');
  }
  if (!isRecord(lock) || lock.openapiMcpLock !== 1) {
    throw new Error('has a format that this version does not know');
  }
  const damaged = MAPS.find((key) => !isRecord(lock[key]) || !Object.values(lock[key]).every(isPart[key]));
  if (damaged !== undefined) throw new Error(`is damaged in "${damaged}"`);
  // Checked above, as far as comparing relies on it.
  return lock as unknown as Surface;
}

const isPart = {
  tools: (tool: unknown) => isRecord(tool) && isRecord(tool.inputSchema) && isRequest(tool.request),
  resources: isRecord,
  resourceTemplates: isRecord,
  prompts: (prompt: unknown) => isRecord(prompt) && isRecord(prompt.arguments),
  apis: (api: unknown) => isRecord(api) && Array.isArray(api.servers),
  schemas: (schema: unknown) => isRecord(schema) || typeof schema === 'boolean',
};

const MAPS = Object.keys(isPart) as (keyof typeof isPart)[];

const isRequest = (request: unknown): boolean =>
  request === undefined ||
  (isRecord(request) &&
    typeof request.path === 'string' &&
    isRecord(request.parameters) &&
    Array.isArray(request.auth) &&
    request.auth.every(
      (schemes) => Array.isArray(schemes) && schemes.every((each) => isRecord(each) && Array.isArray(each.scopes)),
    ));
