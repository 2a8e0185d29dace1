/** How often a property is tried: `all` times in the gate (`OPENAPI_MCP_SEEDS=1000`), a quarter of that otherwise. */
export const propertyRuns = (all: number): number =>
  Number(process.env.OPENAPI_MCP_SEEDS ?? 0) >= 1000 ? all : Math.ceil(all / 4);
