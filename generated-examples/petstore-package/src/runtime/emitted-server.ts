// The runtime of this project is the package openapi-mcp; "openapi-mcp eject" puts a copy here instead.
export * from 'openapi-mcp/emitted-server';
