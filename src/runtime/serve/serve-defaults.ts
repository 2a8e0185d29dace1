// What options for serving may be, and their defaults, for programs, flags and config files.

export const TRANSPORTS = { choices: ['stdio', 'http'], default: 'stdio' } as const;
export type TransportName = (typeof TRANSPORTS.choices)[number];

export const HOST = { default: '127.0.0.1' } as const;
export const PORT = { default: 8000, number: { min: 0, max: 65_535, whole: true } } as const;
/** Processes that share a port. */
export const WORKERS = { default: 1, number: { min: 1, max: 256, whole: true } } as const;
/** Of the MCP endpoint. */
export const PATH = { default: '/mcp' } as const;
