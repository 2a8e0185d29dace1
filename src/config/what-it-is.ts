/**
 * Describes what a module exports instead of a server, in the reader's words: `a number`, `an object with fetch`.
 *
 * @param module its name in messages
 * @returns `fix` for known objects with another way to use them
 */
export function whatItIs(value: unknown, module: string): { readonly what: string; readonly fix?: string } {
  if (value === undefined || value === null) return { what: 'nothing' };
  if (Array.isArray(value)) return { what: 'a list' };
  if (typeof value !== 'object') return { what: `a ${typeof value}` };
  if ('connect' in value && ('server' in value || 'setRequestHandler' in value)) {
    return {
      what: 'a server of an MCP SDK',
      fix: `Connect it to a transport in that module, and start it by its command: -- node ${module}`,
    };
  }
  if ('fetch' in value) {
    return {
      what: `${withKeys(value)}, which handles HTTP requests`,
      fix: 'Export the server itself instead of its HTTP handler.',
    };
  }
  if (CONFIG_KEYS.some((key) => key in value)) {
    return {
      what: `${withKeys(value)}, which looks like a config`,
      fix: 'Rename the file to openapi-mcp.config.ts or <name>.openapi-mcp.config.ts.',
    };
  }
  return { what: withKeys(value) };
}

const CONFIG_KEYS = ['apis', 'servers', 'modules', 'setup'];

/** Enough to recognise it. */
const MOST_KEYS = 5;

function withKeys(value: object): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  return `an object with ${keys.slice(0, MOST_KEYS).join(', ')}${keys.length > MOST_KEYS ? ', …' : ''}`;
}
