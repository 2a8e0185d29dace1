import { defined } from '../model/index.ts';
import type { ConfigValue } from './config-spec.ts';

/** How a server that is described by a config file introduces itself. */
export function serverInfo({ name = 'openapi-mcp', version = '0.0.0', title, description, instructions }: ConfigValue) {
  return { name, version, ...defined({ title, description, instructions }) };
}
